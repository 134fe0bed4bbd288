//! The API with a function: an HTTP API, and a handler that asks DynamoDB.

use indexmap::IndexMap;

use super::description::FILES;
use super::direct::{GREEDY_FILE, add_log, calls};
use crate::catalog::{CatalogError, Parts, folder, hardening, id};
use crate::spec::{AccessLogs, ApiAuth, ApiSpec, Layout, Spec};
use crate::stack::{
    GeneratedFile, Handle, HttpApi, HttpApiRoute, PolicyDocument, ServerlessFunction, Table, TemplateBuilder, Value,
};

/// Where the function's code goes, from the template.
const CODE_URI: &str = "functions/files_api/";

/// Adds the API, its function and its log, and gives the function's code.
pub(super) fn add(
    parts: &Parts<'_>,
    api: &ApiSpec,
    template: &mut TemplateBuilder,
) -> Result<GeneratedFile, CatalogError> {
    let Parts { spec, table, .. } = parts;
    let limits = (api.throttling.rate.get(), api.throttling.burst.get());
    let mut http_api = HttpApi::new(limits);
    match api.auth {
        ApiAuth::Iam => http_api = http_api.with_iam(),
        ApiAuth::None => {}
        ApiAuth::ApiKey | ApiAuth::Cognito(_) => return Err(CatalogError::AuthNotForLambda),
    }
    if api.access_logs == AccessLogs::Json {
        http_api = http_api.logging_to(&add_log(spec, template)?);
    }
    let http_api = template.add(id("FilesApi")?, http_api)?;
    let (list, get) = calls(spec, table)?;
    let routes = [("ListFiles", FILES), ("GetFile", GREEDY_FILE)];
    let policy = hardening::with_key(parts, PolicyDocument::for_calls([&get, &list]));
    let function = ServerlessFunction::in_python(CODE_URI, policy)
        .with_environment(environment(spec, table)?)
        .answering(routes.map(|(name, path)| (name.to_owned(), HttpApiRoute::get(&http_api, path))));
    template.add(id("FilesFunction")?, function)?;
    template.output(id("FilesApiUrl")?, "Where the API's paths begin", http_api.url())?;
    Ok(GeneratedFile::commented(&format!("{CODE_URI}handler.py"), include_str!("handler.py")))
}

/// What the handler is told: which table and index, and what the attributes of the key are called.
fn environment(spec: &Spec, table: &Handle<Table>) -> Result<IndexMap<String, Value>, CatalogError> {
    let names = &spec.table.attribute_names;
    let mut variables = vec![
        ("TABLE_NAME", table.reference()),
        ("INDEX_NAME", folder::index_name()?.as_str().into()),
        ("FILE_NAME", names.file_name.as_str().into()),
    ];
    if spec.table.layout == Layout::History {
        variables.push(("LAST_MODIFIED", names.last_modified.as_str().into()));
    }
    Ok(variables.into_iter().map(|(name, value)| (name.to_owned(), value)).collect())
}
