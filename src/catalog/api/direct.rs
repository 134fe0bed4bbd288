//! The API without code: API Gateway asks DynamoDB, and mapping templates translate.

use indexmap::IndexMap;

use super::description::{FILE, FILES};
use super::templates::Templates;
use crate::catalog::{CatalogError, Parts, folder, hardening, id};
use crate::spec::{AccessLogs, ApiAuth, ApiSpec, Enrichment, Layout, Spec};
use crate::stack::openapi::{Document, Integration};
use crate::stack::{
    Handle, LogGroup, PolicyDocument, Pseudo, Role, ServerlessApi, Sub, Table, TableCall, TemplateBuilder,
};

/// The path of one file as API Gateway writes it: its `+` takes what is left of the path, slashes and all.
pub(super) const GREEDY_FILE: &str = "/files/{key+}";

/// For how many days the access logs are kept.
const LOG_DAYS: u32 = 30;

/// Adds the API that a description describes, its role and its log.
pub(super) fn add(
    parts: &Parts<'_>,
    api: &ApiSpec,
    description: &Document,
    template: &mut TemplateBuilder,
) -> Result<(), CatalogError> {
    let Parts { spec, table, .. } = parts;
    let (list, get) = calls(spec, table)?;
    let policy = hardening::with_key(parts, PolicyDocument::for_calls([&get, &list]));
    let role = template.add(id("FilesApiRole")?, Role::of_api_gateway("ReadFilesTable", policy))?;

    let names = &spec.table.attribute_names;
    let templates = Templates {
        layout: spec.table.layout,
        file_name: &names.file_name,
        last_modified: &names.last_modified,
        maps: spec.enrich.iter().any(|wanted| matches!(wanted, Enrichment::Metadata | Enrichment::Tags)),
    };
    let list = answers(Integration::of(&list, &role, templates.list_request()), templates.list_response());
    let get = answers(Integration::of(&get, &role, templates.get_request()), templates.get_response());
    let integrations =
        [(FILES, FILES, list), (FILE, GREEDY_FILE, get)].into_iter().filter_map(|(path, as_gateway, by)| {
            let operation = description.paths.get(path)?.get.clone();
            Some((as_gateway.to_owned(), operation, by))
        });
    let variables = IndexMap::from([("TableName".to_owned(), table.reference())]);
    let limits = (api.throttling.rate.get(), api.throttling.burst.get());
    let mut rest_api = ServerlessApi::new(description.answered_by(integrations), limits, variables);
    if api.access_logs == AccessLogs::Json {
        rest_api = rest_api.logging_to(&add_log(spec, template)?);
    }
    if api.auth == ApiAuth::ApiKey {
        rest_api = rest_api.with_api_key();
    }
    let rest_api = template.add(id("FilesApi")?, rest_api)?;
    template.output(id("FilesApiUrl")?, "Where the API's paths begin", rest_api.url())?;
    Ok(())
}

/// What a listing, and the request for one file, ask of DynamoDB.
pub(super) fn calls(spec: &Spec, table: &Handle<Table>) -> Result<(TableCall, TableCall), CatalogError> {
    let get = match spec.table.layout {
        Layout::Latest => TableCall::get_item(table),
        Layout::History => TableCall::query(table),
    };
    Ok((TableCall::query_index(table, &folder::index_name()?), get))
}

/// What becomes of DynamoDB's answers. Everything that it refuses comes with a status code of 400 and some.
fn answers(integration: Integration, template: String) -> Integration {
    integration.answering("default", 200, template).answering("4\\d{2}", 400, Templates::refused()).answering(
        "5\\d{2}",
        500,
        Templates::failed(),
    )
}

pub(super) fn add_log(spec: &Spec, template: &mut TemplateBuilder) -> Result<Handle<LogGroup>, CatalogError> {
    let name = Sub::default().text("/aws/apigateway/").pseudo(Pseudo::StackName).text("-files");
    let group = LogGroup {
        kms_key_id: None,
        log_group_name: name.into(),
        retention_in_days: LOG_DAYS,
        tags: hardening::tags(spec),
    };
    Ok(template.add(id("FilesApiLogs")?, group)?)
}
