use serde_json::{Map, Value, json};

use super::ApiRequest;
use crate::simulate::Timestamp;
use crate::simulate::s3_events::Origin;

/// The stage that requests come through.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Stage {
    /// Its name, where the template declares it.
    pub name: Option<String>,
    /// Its variables.
    pub variables: Map<String, Value>,
}

/// The variables of [`$context`](https://docs.aws.amazon.com/apigateway/latest/developerguide/api-gateway-mapping-template-reference.html) that are known of
/// a request here, and those that the request gives.
pub(in crate::simulate) fn context(
    request: &ApiRequest,
    route: &str,
    stage: &Stage,
    (id, now): (String, Timestamp),
) -> Map<String, Value> {
    let Origin { account, .. } = Origin::default();
    let known = json!({
        "accountId": account,
        "requestId": id,
        "httpMethod": request.method,
        "resourcePath": route,
        "routeKey": format!("{} {route}", request.method),
        "requestTimeEpoch": now.millis(),
        "protocol": "HTTP/1.1",
        "identity": {"sourceIp": "127.0.0.1"},
    });
    let mut context = match known {
        Value::Object(known) => known,
        _ => Map::new(),
    };
    if let Some(name) = &stage.name {
        context.insert("stage".to_owned(), name.as_str().into());
        context.insert("path".to_owned(), format!("/{name}{}", request.path).into());
    }
    context.extend(request.context.clone());
    context
}
