//! The API with a function: an HTTP API, or where it asks for keys a REST API, and a handler that asks DynamoDB.

use indexmap::IndexMap;

use super::description::{FILE, FILES};
use super::direct::{GREEDY_FILE, add_rest_api, calls};
use super::log;
use crate::catalog::{CatalogError, Parts, folder, id, roles, tags};
use crate::spec::{AccessLogs, ApiAuth, ApiSpec, Layout, Spec};
use crate::stack::openapi::{Document, Integration};
use crate::stack::{
    GeneratedFile, Handle, HttpApi, HttpApiRoute, Permission, PolicyDocument, Role, ServerlessFunction, TableReference,
    TemplateBuilder, Value,
};

/// Where the function's code goes, from the template.
const CODE_URI: &str = "functions/files_api/";

/// What checkov wants of every function, and why this one does without.
const SKIPPED: [(&str, &str); 4] = [
    (
        "CKV_AWS_115",
        "The API's throttling limits it; reserved concurrency would be taken from the account's other functions",
    ),
    ("CKV_AWS_116", "API Gateway waits for its response and passes a failure on: there is nothing to send again"),
    ("CKV_AWS_117", "It calls only DynamoDB, as its role allows; in a VPC it would need an endpoint"),
    ("CKV_AWS_173", "Its variables are the names of a table, an index and attributes, not secrets"),
];

/// Adds the API, its function and its logs, and gives the function's code.
pub(super) fn add(
    parts: &Parts<'_>,
    api: &ApiSpec,
    description: &Document,
    template: &mut TemplateBuilder,
) -> Result<Vec<GeneratedFile>, CatalogError> {
    let file = |name: &str, code| GeneratedFile::commented(&format!("{CODE_URI}{name}.py"), code);
    let mut files = vec![file("handler", include_str!("handler.py"))];
    if api.auth == ApiAuth::ApiKey {
        behind_rest_api(parts, api, description, template)?;
        files.push(file("rest", include_str!("rest.py")));
    } else {
        behind_http_api(parts, api, template)?;
    }
    Ok(files)
}

fn behind_http_api(parts: &Parts<'_>, api: &ApiSpec, template: &mut TemplateBuilder) -> Result<(), CatalogError> {
    let limits = (api.throttling.rate.get(), api.throttling.burst.get());
    let mut http_api = HttpApi::new(limits).tagged(tags::mapped(parts.spec));
    match &api.auth {
        ApiAuth::Iam => http_api = http_api.with_iam(),
        ApiAuth::Jwt(jwt) => http_api = http_api.with_jwt(jwt.issuer.as_str(), jwt.audience.as_slice()),
        ApiAuth::Cognito(pool) => {
            let clients = pool.clients.as_ref().ok_or(super::ApiMisfit::NoClientsForLambda)?;
            http_api = http_api.with_jwt(&pool.user_pool.issuer(), clients.as_slice());
        }
        ApiAuth::None | ApiAuth::ApiKey => {}
    }
    if api.access_logs == AccessLogs::Json {
        http_api = http_api.logging_to(&log::of_requests(parts, api, template)?);
    }
    let http_api = template.add(id("FilesApi")?, http_api)?;
    let routes = [("ListFiles", FILES), ("GetFile", GREEDY_FILE)];
    let routes = routes.map(|(name, path)| (name.to_owned(), HttpApiRoute::get(&http_api, path)));
    add_function(parts, api, template, |function| function.answering(routes))?;
    template.output(id("FilesApiUrl")?, "The base URL of the API", http_api.url())?;
    Ok(())
}

/// HTTP APIs have no API keys.
fn behind_rest_api(
    parts: &Parts<'_>,
    api: &ApiSpec,
    description: &Document,
    template: &mut TemplateBuilder,
) -> Result<(), CatalogError> {
    let function = add_function(parts, api, template, |function| function.handled_by("rest"))?;
    let integrations = [(FILES, FILES), (FILE, GREEDY_FILE)].into_iter().filter_map(|(path, as_gateway)| {
        let operation = description.paths.get(path)?.get.clone();
        Some((as_gateway.to_owned(), operation, Integration::of_function(&function)))
    });
    let answered = description.answered_by(integrations);
    let rest_api = add_rest_api(parts, api, answered, IndexMap::new(), template)?;
    template.add(id("FilesFunctionPermission")?, Permission::of_api(&rest_api, FILES, &function))?;
    Ok(())
}

/// Adds the function, with what makes it answer, and its log.
fn add_function(
    parts: &Parts<'_>,
    api: &ApiSpec,
    template: &mut TemplateBuilder,
    answering: impl FnOnce(ServerlessFunction) -> ServerlessFunction,
) -> Result<Handle<ServerlessFunction>, CatalogError> {
    let Parts { spec, table, .. } = parts;
    let (list, get) = calls(spec, table)?;
    let mut policy = roles::with_key(parts, PolicyDocument::for_calls([&get, &list]));
    let mut function = ServerlessFunction::in_python(CODE_URI, policy.clone())
        .with_environment(environment(spec, table)?)
        .tagged(tags::mapped(spec));
    let traced = log::traced(spec, api);
    if traced {
        function = function.traced();
    }
    let logs = log::of_function(parts, api, template)?;
    if let Some(logs) = &logs {
        policy = policy.with_log_group(logs);
        policy = if traced { policy.with_traces() } else { policy };
        let role = Role::of_function("ReadFilesTable", policy).bounded_by(roles::boundary(spec));
        let role = role.tagged(tags::listed(spec));
        function = function.logging_to(logs, &template.add(id("FilesFunctionRole")?, role)?);
    }
    let function = answering(function).bounded_by(roles::boundary(spec));
    let function = template.add(id("FilesFunction")?, function)?;
    for (check, why) in SKIPPED.into_iter().filter(|_| logs.is_some()) {
        template.skip_check(&function, check, why);
    }
    Ok(function)
}

/// What the handler is told: which table and index, and what the attributes of the key are called.
fn environment(spec: &Spec, table: &TableReference) -> Result<IndexMap<String, Value>, CatalogError> {
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
