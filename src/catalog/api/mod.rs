//! The API over the table: what a spec's `api` becomes.

mod description;
mod direct;
mod function;
mod templates;

use super::record::Record;
use super::{CatalogError, Parts, folder};
use crate::name::AttributeName;
use crate::spec::{ApiType, Spec};
use crate::stack::{GeneratedFile, Table, TemplateBuilder};

/// Where the description of the API goes, beside the template.
const OPENAPI: &str = "openapi.yaml";

/// The table with the index that listings need, if there is an API.
pub(super) fn table(spec: &Spec, table: Table) -> Result<Table, CatalogError> {
    if spec.api.is_none() {
        return Ok(table);
    }
    let key = folder::index_key(&spec.table.attribute_names.file_name)?;
    Ok(table.with_index(folder::index_name()?, &key))
}

/// Adds the API to the template, if there is one, and gives the files that go beside it.
pub(super) fn add(
    parts: &Parts<'_>,
    record: &Record,
    template: &mut TemplateBuilder,
) -> Result<Vec<GeneratedFile>, CatalogError> {
    let spec = parts.spec;
    let Some(api) = &spec.api else { return Ok(Vec::new()) };
    let names = &spec.table.attribute_names;
    plain(&names.file_name, "/table/attribute_names/file_name")?;
    plain(&names.last_modified, "/table/attribute_names/last_modified")?;
    let description = description::document(spec, &api.auth, record);
    let openapi = GeneratedFile::openapi(OPENAPI, &description);
    let mut files = vec![openapi.map_err(|error| CatalogError::Blueprint(error.to_string()))?];
    match api.api_type {
        ApiType::Direct => direct::add(parts, api, &description, template)?,
        ApiType::Lambda => files.push(function::add(parts, api, template)?),
    }
    Ok(files)
}

/// An attribute that the API's templates name. There, other characters mean something to Velocity or to its strings.
fn plain(name: &AttributeName, pointer: &'static str) -> Result<(), CatalogError> {
    let plain = name.as_str().chars().all(|c| c.is_ascii_alphanumeric() || matches!(c, '_' | '-' | '.'));
    if plain { Ok(()) } else { Err(CatalogError::AttributeNotForApi { name: name.clone(), pointer }) }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::catalog::stack;
    use crate::source::Source;
    use crate::spec::{ApiSpec, Document};
    use crate::stack::is_generated;

    fn refused(spec: &str) -> String {
        let document = Document::parse(Source::new("bucketbook.yaml", spec)).map_err(|(_, fault)| fault).unwrap();
        stack(&document.spec).unwrap_err().to_string()
    }

    #[test]
    fn what_an_api_cannot_be() {
        assert_eq!(
            refused("api: {type: lambda, auth: api-key}"),
            "an API of the type `lambda` takes the auth `iam` or `none`"
        );
        assert_eq!(
            refused("{table: {attribute_names: {file_name: 'a\"b'}}, api: {}}"),
            "the attribute name `a\"b` cannot stand in the templates of an API; there, names have letters, digits, `_`, `-` \
             and `.` only"
        );
        assert_eq!(
            refused("{table: {attribute_names: {file_name: folder}}, api: {}}"),
            "the attribute name `folder` is taken: the record holds the folder that the API lists under it"
        );
    }

    #[test]
    fn every_file_of_an_api_says_what_made_it() {
        for api_type in [ApiType::Direct, ApiType::Lambda] {
            let api = Some(ApiSpec { api_type, ..ApiSpec::default() });
            let stack = stack(&Spec { api, ..Spec::default() }).unwrap();
            assert!(stack.assets().iter().all(|file| is_generated(file.text.as_bytes())));
        }
    }
}
