//! What the API is, to those who ask it: routes, parameters, answers, and who may ask. `openapi.yaml` and the REST API are made
//! from this one description.

use indexmap::IndexMap;

use crate::catalog::folder;
use crate::catalog::record::Record;
use crate::dynamodb::AttributeType;
use crate::spec::{ApiAuth, ApiSpec, CognitoSpec, Layout, Spec};
use crate::stack::openapi::{
    Components, Document, Info, Operation, Parameter, PathItem, Place, Response, Schema, SchemaType,
    SecurityRequirement, SecurityScheme,
};

/// How many records a page has where nothing is said, and at most.
pub(super) const DEFAULT_LIMIT: u32 = 100;
const MAX_LIMIT: u32 = 1000;

/// The paths, as OpenAPI writes them.
pub(super) const FILES: &str = "/files";
pub(super) const FILE: &str = "/files/{key}";

/// The OpenAPI description of the API over the table.
pub(super) fn document(spec: &Spec, api: &ApiSpec, record: &Record) -> Document {
    let info = Info {
        title: spec.stack.name.to_string(),
        description: "The files of a bucket, according to their events".to_owned(),
        version: "1.0.0".to_owned(),
    };
    let (security, security_schemes) = security(api);
    let paths = [(FILES, list_files(spec.table.layout)), (FILE, get_file(spec.table.layout))];
    let paths = paths.map(|(path, mut get)| {
        get.security.clone_from(&security);
        (path.to_owned(), PathItem { get })
    });
    Document::new(info, IndexMap::from(paths), Components { schemas: schemas(spec, record), security_schemes })
}

fn list_files(layout: Layout) -> Operation {
    let summary = match layout {
        Layout::Latest => "The files of a folder, by name",
        Layout::History => "The uploads to a folder, by the files' names",
    };
    let mut operation = Operation::new(
        "listFiles",
        summary,
        "A listing is limited to one top-level folder of the bucket: the part of the prefix before its first slash. A prefix without a slash, or no prefix, lists the files outside of folders.",
    );
    let query = |name: &str, description: &str, schema| Parameter {
        name: name.to_owned(),
        place: Place::Query,
        required: false,
        description: description.to_owned(),
        schema,
    };
    let text = || Schema::of(SchemaType::String);
    operation.parameters = vec![
        query("prefix", "The beginning of the names: photos/, or photos/2024/c", text()),
        query("limit", "The maximum number of records per page", Schema::integer(1, MAX_LIMIT, DEFAULT_LIMIT)),
        query("next", "The token of the previous page, with the same prefix", text()),
    ];
    let page = Response::json("A page", Schema::component("Page"));
    operation.responses = responses([("200", page), ("400", error("A parameter is invalid"))]);
    operation
}

fn get_file(layout: Layout) -> Operation {
    let (summary, description) = match layout {
        Layout::Latest => ("One file", "What the newest event of the file says."),
        Layout::History => {
            ("One file's newest upload", "The record with the latest time and, within a second, sequencer.")
        }
    };
    let mut operation = Operation::new("getFile", summary, description);
    operation.parameters = vec![Parameter {
        name: "key".to_owned(),
        place: Place::Path,
        required: true,
        description:
            "The object's key. Slashes need no encoding, except at the beginning or the end, or two in a row: write these as %2F."
                .to_owned(),
        schema: Schema::of(SchemaType::String),
    }];
    operation.responses = responses([
        ("200", Response::json("The file's record", Schema::component("File"))),
        ("400", error("The key is not a valid object key")),
        ("404", error("The file does not exist")),
    ]);
    operation
}

/// The answers of an operation, and those that all have.
fn responses<const N: usize>(own: [(&str, Response); N]) -> IndexMap<String, Response> {
    let all = [("429", error("Too many requests")), ("500", error("Something went wrong"))];
    own.into_iter().chain(all).map(|(status, response)| (status.to_owned(), response)).collect()
}

fn error(description: &str) -> Response {
    Response::json(description, Schema::component("Error"))
}

fn schemas(spec: &Spec, record: &Record) -> IndexMap<String, Schema> {
    let kind = |attribute_type| match attribute_type {
        AttributeType::S => SchemaType::String,
        AttributeType::N => SchemaType::Number,
        AttributeType::M => SchemaType::Object,
    };
    // The index's attribute is no fact about the file.
    let shown = record.attributes().filter(|(name, _)| name.as_str() != folder::ATTRIBUTE);
    let attributes =
        shown.map(|(name, attribute_type)| (name.clone(), attribute_type)).chain(record.change_attributes());
    let attributes =
        attributes.map(|(name, attribute_type)| (name.to_string(), Schema::of(kind(attribute_type)))).collect();
    let names = &spec.table.attribute_names;
    let mut required = vec![names.file_name.as_str(), names.last_modified.as_str()];
    // What changed about an object may be known before its upload is.
    required.truncate(if record.change_attributes().is_empty() { 2 } else { 1 });
    let file = Schema::object(attributes, &required);
    let files = Schema::array(Schema::component("File"));
    let next = Schema::of(SchemaType::String).described("The token of the next page; absent on the last page.");
    let page = Schema::object(IndexMap::from([("files".to_owned(), files), ("next".to_owned(), next)]), &["files"]);
    let message = IndexMap::from([("message".to_owned(), Schema::of(SchemaType::String))]);
    let error = Schema::object(message, &["message"]);
    [("File", file), ("Page", page), ("Error", error)].map(|(name, schema)| (name.to_owned(), schema)).into()
}

/// What each operation asks for, and what that is.
fn security(api: &ApiSpec) -> (Vec<SecurityRequirement>, IndexMap<String, SecurityScheme>) {
    let (name, scheme) = match &api.auth {
        ApiAuth::Iam => ("sigv4", SecurityScheme::signature_v4()),
        ApiAuth::ApiKey => ("api_key", SecurityScheme::api_key()),
        ApiAuth::Jwt(jwt) => ("jwt", SecurityScheme::jwt(jwt.issuer.as_str(), jwt.audience.as_slice())),
        // An HTTP API has a user pool as the issuer of its tokens.
        ApiAuth::Cognito(CognitoSpec { user_pool, clients: Some(clients) }) => {
            ("cognito", SecurityScheme::jwt(&user_pool.issuer(), clients.as_slice()))
        }
        ApiAuth::Cognito(cognito) => ("cognito", SecurityScheme::cognito(cognito.user_pool.as_str())),
        ApiAuth::None => return (Vec::new(), IndexMap::new()),
    };
    (vec![IndexMap::from([(name.to_owned(), Vec::new())])], IndexMap::from([(name.to_owned(), scheme)]))
}
