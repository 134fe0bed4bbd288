//! The API without code: API Gateway asks DynamoDB, and mapping templates translate.

use indexmap::IndexMap;

use super::description::{FILE, FILES};
use super::log;
use super::templates::Templates;
use crate::catalog::{CatalogError, Parts, folder, id, roles, tags};
use crate::spec::{AccessLogs, ApiAuth, ApiSpec, Enrichment, Layout, Spec};
use crate::stack::openapi::{Document, Integration};
use crate::stack::{Handle, PolicyDocument, Role, ServerlessApi, TableCall, TableReference, TemplateBuilder, Value};

/// The path of one file as API Gateway writes it: its `+` takes what is left of the path, slashes and all.
pub(super) const GREEDY_FILE: &str = "/files/{key+}";

/// Adds the API that a description describes, its role and its log.
pub(super) fn add(
    parts: &Parts<'_>,
    api: &ApiSpec,
    description: &Document,
    template: &mut TemplateBuilder,
) -> Result<(), CatalogError> {
    let Parts { spec, table, .. } = parts;
    let (list, get) = calls(spec, table)?;
    let policy = roles::with_key(parts, PolicyDocument::for_calls([&get, &list]));
    let role = Role::of_api_gateway("ReadFilesTable", policy).bounded_by(roles::boundary(spec));
    let role = role.tagged(tags::listed(spec));
    let role = template.add(id("FilesApiRole")?, role)?;

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
    add_rest_api(parts, api, description.answered_by(integrations), variables, template)?;
    Ok(())
}

/// Adds a REST API, with what was chosen about it.
pub(super) fn add_rest_api(
    parts: &Parts<'_>,
    api: &ApiSpec,
    answered: Document,
    variables: IndexMap<String, Value>,
    template: &mut TemplateBuilder,
) -> Result<Handle<ServerlessApi>, CatalogError> {
    let limits = (api.throttling.rate.get(), api.throttling.burst.get());
    let mut rest_api = ServerlessApi::new(answered, limits, variables).tagged(tags::mapped(parts.spec));
    if api.access_logs == AccessLogs::Json {
        rest_api = rest_api.logging_to(&log::of_requests(parts, api, template)?);
    }
    if api.auth == ApiAuth::ApiKey {
        rest_api = rest_api.with_api_key();
    }
    if log::traced(parts.spec, api) {
        rest_api = rest_api.traced();
    }
    let rest_api = template.add(id("FilesApi")?, rest_api)?;
    if log::kept(parts.spec, api).is_some() {
        template.skip_check(&rest_api, "CKV_AWS_120", "A cache costs by the hour, and would return outdated records");
    }
    template.output(id("FilesApiUrl")?, "The base URL of the API", rest_api.url())?;
    Ok(rest_api)
}

/// What a listing, and the request for one file, ask of DynamoDB.
pub(super) fn calls(spec: &Spec, table: &TableReference) -> Result<(TableCall, TableCall), CatalogError> {
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
