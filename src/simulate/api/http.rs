//! The parameters of the [integrations](https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-develop-integrations-aws-services.html) of HTTP
//! APIs.

use serde_json::{Map, Value};

use super::Arrived;
use crate::asl::JsonPath;
use crate::simulate::velocity::text;

/// The value of a parameter of an integration: a text, or one value of the request.
///
/// # Errors
/// The request has no such value, or the parameter uses something that is not supported here.
pub fn mapped(parameter: &str, arrived: &Arrived<'_>) -> Result<String, String> {
    if parameter.starts_with('$') && !parameter.starts_with("${") {
        return selected(parameter.trim_start_matches('$'), arrived);
    }
    if parameter.contains("$request") || parameter.contains("$context") || parameter.contains("$stageVariables") {
        return Err(format!("`{parameter}`: a value within a text needs braces, `${{request.body}}`"));
    }
    let (mut out, mut rest) = (String::new(), parameter);
    while let Some((before, after)) = rest.split_once("${") {
        let Some((name, left)) = after.split_once('}') else {
            return Err(format!("`{parameter}`: `}}` is missing"));
        };
        out.push_str(before);
        out.push_str(&selected(name, arrived)?);
        rest = left;
    }
    Ok(out + rest)
}

fn selected(name: &str, arrived: &Arrived<'_>) -> Result<String, String> {
    let request = arrived.request;
    let found = match name.split_once('.').unwrap_or((name, "")) {
        ("request", rest) => match rest.split_once('.').unwrap_or((rest, "")) {
            ("body", "") => Some(request.body.clone()),
            ("body", path) => in_body(path, &request.body)?,
            ("header", name) => request.header(name).map(str::to_owned),
            ("querystring", name) => request.query.get(name).map(text),
            ("path", "") => Some(request.path.clone()),
            ("path", name) => arrived.path.get(name).map(text),
            _ => return Err(format!("`${name}` is not a value of a request")),
        },
        ("context", path) => match within(arrived.context, path) {
            None => {
                return Err(format!("`$context.{path}` is not known here: give the request its value with `context`"));
            }
            found => found,
        },
        ("stageVariables", name) => arrived.stage_variables.get(name).map(text),
        _ => return Err(format!("`${name}` is not a value of a request")),
    };
    found.ok_or_else(|| format!("the request has no `${name}`"))
}

fn within(context: &Map<String, Value>, path: &str) -> Option<String> {
    let mut names = path.split('.');
    let first = context.get(names.next()?)?;
    names.try_fold(first, |at, name| at.get(name)).map(text)
}

fn in_body(path: &str, body: &str) -> Result<Option<String>, String> {
    let body: Value =
        serde_json::from_str(body).map_err(|error| format!("the body of the request is not JSON: {error}"))?;
    let path = JsonPath::parse(&format!("$.{path}")).map_err(|error| error.to_string())?;
    Ok(path.evaluate(&body).ok().map(|found| text(&found.into_value())))
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::super::ApiRequest;
    use super::*;

    #[test]
    fn a_parameter_is_a_value_of_the_request_or_a_text() {
        let mut request: ApiRequest = r#"POST /orders/7?q=1 {"a": {"b": [1, "x"]}}"#.parse().unwrap();
        request.headers.insert("X-Id".to_owned(), "h".into());
        let (path, context, variables) =
            (json!({"id": "7"}), json!({"identity": {"sourceIp": "1.2.3.4"}}), json!({"table": "T"}));
        let object = |value: &Value| value.as_object().unwrap().clone();
        let (path, context, variables) = (object(&path), object(&context), object(&variables));
        let arrived = Arrived { request: &request, path: &path, context: &context, stage_variables: &variables };
        for (parameter, expected) in [
            ("$request.body", r#"{"a": {"b": [1, "x"]}}"#),
            ("$request.body.a", r#"{"b":[1,"x"]}"#),
            ("$request.body.a.b[1]", "x"),
            ("$request.path.id", "7"),
            ("$request.querystring.q", "1"),
            ("$request.header.x-id", "h"),
            ("$context.identity.sourceIp", "1.2.3.4"),
            ("$stageVariables.table", "T"),
            ("order-${request.path.id}/${stageVariables.table}", "order-7/T"),
            ("{}", "{}"),
        ] {
            assert_eq!(mapped(parameter, &arrived).as_deref(), Ok(expected), "{parameter}");
        }
        for (parameter, part) in [
            ("$request.body.none", "the request has no `$request.body.none`"),
            ("$context.authorizer.sub", "`$context.authorizer.sub` is not known here"),
            ("$frob", "not a value of a request"),
            ("{\"a\": $request.body}", "needs braces"),
        ] {
            let fault = mapped(parameter, &arrived).unwrap_err();
            assert!(fault.contains(part), "{parameter}: {fault}");
        }
    }
}
