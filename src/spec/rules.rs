//! What of the spec goes together and what does not, as far as a JSON Schema can say it. The catalogue refuses the same, with reasons.

use serde_json::{Value, json};

/// Adds the rules to the schema.
pub(super) fn add(schema: &mut Value) {
    let mut put = |pointer: &str, rules: Value| {
        if let Some(fields) = schema.pointer_mut(pointer).and_then(Value::as_object_mut) {
            fields.insert("allOf".to_owned(), rules);
        }
    };
    put("", whole());
    put("/$defs/BucketSpec", bucket());
    put("/$defs/TableSpec", table());
    put("/$defs/RouteSpec", route());
    put("/$defs/ApiSpec", api());
}

/// A rule that holds where a key has a value.
fn where_there_is(key: &str, then: Value) -> Value {
    json!({
        "if": { "required": [key], "properties": { key: { "not": { "type": "null" } } } },
        "then": { "properties": then },
    })
}

/// Nothing is chosen about a bucket that the stack does not make.
fn bucket() -> Value {
    json!([where_there_is(
        "existing",
        json!({
            "name": { "type": "null" },
            "block_public_access": { "const": false },
            "encryption": { "type": "null" },
            "tls_only": { "const": false },
            "access_logs": false,
            "ownership_enforced": { "const": false },
        })
    )])
}

/// Nothing is chosen about a table that the stack does not make; and only of one that exists can it be said what it is like.
fn table() -> Value {
    let chosen = where_there_is(
        "existing",
        json!({
            "name": { "type": "null" },
            "point_in_time_recovery": { "const": false },
            "deletion_protection": { "const": false },
        }),
    );
    json!([chosen, { "dependentRequired": { "existing_key": ["existing"], "existing_indexes": ["existing"] } }])
}

/// A wildcard says all about the key, and a pattern all about the events.
fn route() -> Value {
    let none = json!({ "type": "null" });
    json!([
        where_there_is("wildcard", json!({ "prefix": none, "suffix": none })),
        where_there_is(
            "pattern",
            json!({
                "prefix": none, "suffix": none, "wildcard": none, "size": none, "reasons": { "maxItems": 0 },
            })
        ),
    ])
}

/// A JWT authorizer takes an HTTP API, which is that of a function.
fn api() -> Value {
    let authorizer = |then: Value| json!({ "properties": { "auth": then } });
    json!([{
        "if": { "required": ["type"], "properties": { "type": { "const": "lambda" } } },
        "else": authorizer(json!({ "not": { "required": ["jwt"] } })),
    }])
}

/// Choices of different sections that do not go together.
fn whole() -> Value {
    let removes = json!({
        "required": ["events"],
        "properties": { "events": { "type": "object", "required": ["deleted"], "properties": { "deleted": { "const": "remove" } } } },
    });
    let ignored = json!({ "const": "ignore" });
    json!([
        {
            "if": removes,
            "then": { "properties": {
                "backfill": false,
                "table": { "properties": { "layout": { "const": "latest" } } },
                "events": { "properties": {
                    "storage_class": ignored, "access_tier": ignored, "restore": ignored, "tags": ignored, "acl": ignored,
                } },
            } },
        },
        {
            "if": { "required": ["routes"], "properties": { "routes": { "type": "array", "minItems": 1 } } },
            "then": { "properties": { "state_machine": { "properties": { "name": { "type": "null" } } } } },
        },
    ])
}
