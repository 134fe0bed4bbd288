//! The API over the table: what a spec's `api` becomes.

mod description;
mod direct;
mod function;
mod log;
mod misfit;
mod templates;

pub use misfit::ApiMisfit;

use super::record::Record;
use super::{CatalogError, Parts, folder};
use crate::name::AttributeName;
use crate::spec::{ApiAuth, ApiSpec, ApiType, Spec};
use crate::stack::{GeneratedFile, Table, TemplateBuilder};

pub(super) use log::{by_key as logs_by_key, group_names as log_group_names};

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
    faults(spec).into_iter().next().map_or(Ok(()), Err)?;
    let description = description::document(spec, api, record);
    let openapi = GeneratedFile::openapi(OPENAPI, &description);
    let mut files = vec![openapi.map_err(|error| CatalogError::Blueprint(error.to_string()))?];
    match api.api_type {
        ApiType::Direct => direct::add(parts, api, &description, template)?,
        ApiType::Lambda => files.extend(function::add(parts, api, &description, template)?),
    }
    Ok(files)
}

/// What is wrong with what is chosen about an API.
pub(super) fn faults(spec: &Spec) -> Vec<CatalogError> {
    let Some(api) = &spec.api else { return Vec::new() };
    let names = &spec.table.attribute_names;
    let named = [
        plain(&names.file_name, "/table/attribute_names/file_name"),
        plain(&names.last_modified, "/table/attribute_names/last_modified"),
    ];
    named.into_iter().filter_map(Result::err).chain(misfits(api).into_iter().map(CatalogError::Api)).collect()
}

/// What of an API's options does not go together.
fn misfits(api: &ApiSpec) -> Vec<ApiMisfit> {
    let no_logs = (api.logs.is_some() && !log::any(api)).then_some(ApiMisfit::NoLogs);
    let auth = match (api.api_type, &api.auth) {
        (ApiType::Direct, ApiAuth::Jwt(_)) => Some(ApiMisfit::JwtForDirect),
        (ApiType::Direct, ApiAuth::Cognito(pool)) if pool.clients.is_some() => Some(ApiMisfit::ClientsForDirect),
        (ApiType::Lambda, ApiAuth::Cognito(pool)) if pool.clients.is_none() => Some(ApiMisfit::NoClientsForLambda),
        _ => None,
    };
    no_logs.into_iter().chain(auth).collect()
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
    use crate::catalog::tests::parsed;
    use crate::spec::ApiSpec;
    use crate::stack::is_generated;

    fn refused(spec: &str) -> String {
        let spec = parsed(spec);
        stack(&spec).unwrap_err().to_string()
    }

    #[test]
    fn what_an_api_cannot_be() {
        assert_eq!(
            refused("{table: {attribute_names: {file_name: 'a\"b'}}, api: {}}"),
            "the attribute name `a\"b` cannot be used with an API, whose templates allow only letters, digits, `_`, `-` and `.` in names"
        );
        assert_eq!(
            refused("{table: {attribute_names: {file_name: folder}}, api: {}}"),
            "the attribute name `folder` is taken: the record holds the folder that the API lists under it"
        );
    }

    #[test]
    fn which_auth_fits_which_type() {
        const POOL: &str = "user_pool: 'arn:aws:cognito-idp:us-east-1:123456789012:userpool/us-east-1_aB3'";
        let jwt = "jwt: {issuer: 'https://example.com/', audience: [files]}".to_owned();
        let clients = format!("cognito: {{{POOL}, clients: [a]}}");
        let pool = format!("cognito: {{{POOL}}}");
        for (auth, direct, lambda) in [
            ("iam".to_owned(), None, None),
            ("api-key".to_owned(), None, None),
            ("none".to_owned(), None, None),
            (format!("{{{jwt}}}"), Some(ApiMisfit::JwtForDirect), None),
            (format!("{{{pool}}}"), None, Some(ApiMisfit::NoClientsForLambda)),
            (format!("{{{clients}}}"), Some(ApiMisfit::ClientsForDirect), None),
        ] {
            for (kind, misfit) in [("direct", direct), ("lambda", lambda)] {
                let text = format!("api: {{type: {kind}, auth: {auth}}}");
                let spec = parsed(&text);
                assert_eq!(stack(&spec).err(), misfit.map(CatalogError::Api), "{text}");
            }
        }
        let none = "api: {access_logs: none, logs: {}}";
        assert_eq!(refused(none), ApiMisfit::NoLogs.to_string());
        assert_eq!(refused(&none.replace("api: {", "api: {type: direct, ")), ApiMisfit::NoLogs.to_string());
    }

    #[test]
    fn everything_that_takes_tags_has_them() {
        // By the reference of CloudFormation and SAM, these have no `Tags`.
        let bare = [
            "AWS::IAM::Policy",
            "AWS::Lambda::Permission",
            "AWS::S3::BucketPolicy",
            "AWS::SNS::TopicPolicy",
            "AWS::SQS::QueuePolicy",
        ];
        let others = "tags: {team: files}, backfill: {}, dead_letters: {}, alarms: {}, dashboard: true, bucket: {tls_only: true}";
        for api in [
            "direct",
            "{auth: api-key, logs: {encryption: KMS}}",
            "lambda",
            "{type: lambda, auth: api-key}",
            "{type: lambda, auth: {jwt: {issuer: 'https://example.com', audience: [files]}}, logs: {}, tracing: true}",
        ] {
            let text = format!("{{{others}, api: {api}}}");
            let spec = parsed(&text);
            for (id, resource) in stack(&spec).unwrap().template().resources() {
                let resource = serde_json::to_value(resource).unwrap();
                let tags = &resource["Properties"]["Tags"];
                let tagged = tags["team"] == "files" || tags[0]["Value"] == "files";
                assert_eq!(tagged, !bare.iter().any(|kind| resource["Type"] == *kind), "{api}: {id}: {resource}");
            }
        }
    }

    #[test]
    fn every_file_of_an_api_says_what_made_it() {
        for (api_type, auth) in
            [(ApiType::Direct, ApiAuth::Iam), (ApiType::Lambda, ApiAuth::Iam), (ApiType::Lambda, ApiAuth::ApiKey)]
        {
            let api = Some(ApiSpec { api_type, auth, ..ApiSpec::default() });
            let stack = stack(&Spec { api, ..Spec::default() }).unwrap();
            assert!(stack.assets().iter().all(|file| is_generated(file.text.as_bytes())));
        }
    }
}
