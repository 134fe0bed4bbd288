use std::fmt;

use schemars::{JsonSchema, Schema, SchemaGenerator, json_schema};
use serde::Deserialize;
use serde::de::value::MapAccessDeserializer;
use serde::de::{Deserializer, Error, MapAccess, Visitor};
use serde_json::{Map, Value};

use crate::simulate::api::ApiRequest;

/// The mapping form of a request.
#[derive(Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
struct RequestFields {
    /// The method and the path, with the query string: `POST /orders?dry=1`.
    request: String,
    /// The API, by logical ID, if several have the route.
    name: Option<String>,
    /// The body: a string as it is, anything else as JSON.
    #[serde(default)]
    body: Value,
    /// The headers: names and strings.
    #[serde(default)]
    headers: Map<String, Value>,
    /// Variables of `$context` that only API Gateway knows, such as `authorizer`.
    #[serde(default)]
    context: Map<String, Value>,
}

/// Reads a request, in either form.
pub(super) fn read<'de, D: Deserializer<'de>>(deserializer: D) -> Result<ApiRequest, D::Error> {
    struct Either;
    impl<'de> Visitor<'de> for Either {
        type Value = ApiRequest;

        fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
            f.write_str("a request such as `POST /orders`, or a mapping with `request`")
        }

        fn visit_str<E: Error>(self, text: &str) -> Result<ApiRequest, E> {
            text.parse().map_err(E::custom)
        }

        fn visit_map<A: MapAccess<'de>>(self, map: A) -> Result<ApiRequest, A::Error> {
            let fields = RequestFields::deserialize(MapAccessDeserializer::new(map))?;
            let mut request: ApiRequest = fields.request.parse().map_err(A::Error::custom)?;
            match fields.body {
                Value::Null => {}
                Value::String(text) => request.body = text,
                body => request.body = body.to_string(),
            }
            request.api = fields.name;
            request.headers = fields.headers;
            request.context = fields.context;
            Ok(request)
        }
    }
    deserializer.deserialize_any(Either)
}

pub(super) fn schema(generator: &mut SchemaGenerator) -> Schema {
    let fields = generator.subschema_for::<RequestFields>();
    json_schema!({
        "description": "A request to an API: `METHOD PATH`, and a body if there is one, or a mapping with more.",
        "anyOf": [{"type": "string", "pattern": "^[A-Z]+ /"}, fields],
    })
}
