//! The mapping templates of REST APIs, with the
//! [variables](https://docs.aws.amazon.com/apigateway/latest/developerguide/api-gateway-mapping-template-reference.html) that API Gateway gives them.

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use serde_json::{Map, Value, json};

use super::Arrived;
use super::request::decoded;
use crate::asl::JsonPath;
use crate::simulate::velocity::{Host, Template, render, text};

/// What happens to a request without a template for its type of content
/// ([passthrough](https://docs.aws.amazon.com/apigateway/latest/developerguide/integration-passthrough-behaviors.html)).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Passthrough {
    /// It is passed on as it is.
    WhenNoMatch,
    /// It is passed on only if there are no templates at all.
    WhenNoTemplates,
    /// It is refused.
    Never,
}

/// The mapping templates of an integration.
#[derive(Debug, Clone, PartialEq)]
pub struct MappingTemplates {
    /// The templates, by the type of content.
    pub by_type: Vec<(String, Template)>,
    /// What happens to other content.
    pub passthrough: Passthrough,
}

impl MappingTemplates {
    /// What the service gets of a request.
    ///
    /// # Errors
    /// API Gateway refuses the request, or the template uses something that is not supported here.
    pub fn applied(&self, arrived: &Arrived<'_>) -> Result<String, String> {
        let given = arrived.request.header("Content-Type").unwrap_or("application/json");
        let kind = given.split(';').next().unwrap_or_default().trim();
        let Some((_, template)) = self.by_type.iter().find(|(known, _)| known.eq_ignore_ascii_case(kind)) else {
            return match self.passthrough {
                Passthrough::WhenNoMatch => Ok(arrived.request.body.clone()),
                Passthrough::WhenNoTemplates if self.by_type.is_empty() => Ok(arrived.request.body.clone()),
                _ => Err(format!(
                    "API Gateway answers 415 Unsupported Media Type: there is no mapping template for `{kind}`"
                )),
            };
        };
        render(template, &Gateway(arrived)).map_err(|fault| format!("mapping template, {fault}"))
    }
}

/// The objects of API Gateway that a template finds.
struct Gateway<'a>(&'a Arrived<'a>);

impl Host for Gateway<'_> {
    fn has(&self, object: &str) -> bool {
        matches!(object, "input" | "context" | "stageVariables" | "util")
    }

    fn property(&self, object: &str, name: &str) -> Result<Option<Value>, String> {
        match (object, name) {
            ("input", "body") => Ok(Some(self.0.request.body.clone().into())),
            ("context", name) => match self.0.context.get(name) {
                Some(value) => Ok(Some(value.clone())),
                None => Err(format!("`$context.{name}` is not known here: give the request its value with `context`")),
            },
            ("stageVariables", name) => Ok(self.0.stage_variables.get(name).cloned()),
            _ => Err(format!("`${object}` has no `{name}`")),
        }
    }

    fn call(&self, object: &str, method: &str, arguments: &[Value]) -> Result<Option<Value>, String> {
        let texts: Vec<String> = arguments.iter().map(text).collect();
        let texts: Vec<&str> = texts.iter().map(String::as_str).collect();
        match (object, method, texts.as_slice()) {
            ("input", "params", []) => Ok(Some(json!({
                "path": self.0.path, "querystring": self.0.request.query, "header": self.0.request.headers,
            }))),
            ("input", "params", [name]) => Ok(Some(self.parameter(name))),
            ("input", "path", [path]) => self.selected(path),
            ("input", "json", [path]) => {
                let found = self.selected(path)?.unwrap_or_else(|| "".into());
                Ok(Some(found.to_string().into()))
            }
            ("stageVariables", "get", [name]) => Ok(self.0.stage_variables.get(*name).cloned()),
            ("context", "get", [name]) => self.property("context", name),
            ("util", "escapeJavaScript", [text]) => Ok(Some(escaped(text).into())),
            ("util", "parseJson", [text]) => serde_json::from_str(text)
                .map(Some)
                .map_err(|error| format!("`$util.parseJson` gets a text that is not JSON: {error}")),
            ("util", "urlEncode", [text]) => Ok(Some(url_encoded(text).into())),
            ("util", "urlDecode", [text]) => Ok(Some(decoded(text, true).into())),
            ("util", "base64Encode", [text]) => Ok(Some(STANDARD.encode(text).into())),
            ("util", "base64Decode", [text]) => {
                let bytes = STANDARD
                    .decode(text)
                    .map_err(|_| "`$util.base64Decode` gets a text that is not Base64".to_owned())?;
                Ok(Some(String::from_utf8_lossy(&bytes).into_owned().into()))
            }
            _ => Err(format!("`${object}.{method}` with {} arguments is not supported here", texts.len())),
        }
    }
}

impl Gateway<'_> {
    /// A parameter of the path, the query string or a header, in that order; an empty text for none.
    fn parameter(&self, name: &str) -> Value {
        let request = self.0.request;
        let header = || request.header(name).map(Value::from);
        let found = self.0.path.get(name).or_else(|| request.query.get(name)).cloned().or_else(header);
        found.unwrap_or_else(|| "".into())
    }

    /// What a path finds in the body.
    fn selected(&self, path: &str) -> Result<Option<Value>, String> {
        let body = match self.0.request.body.as_str() {
            "" => Value::Object(Map::new()),
            body => {
                serde_json::from_str(body).map_err(|error| format!("the body of the request is not JSON: {error}"))?
            }
        };
        let parsed = JsonPath::parse(path).map_err(|error| error.to_string())?;
        Ok(parsed.evaluate(&body).ok().map(crate::asl::Selected::into_value))
    }
}

/// `$util.escapeJavaScript`: the escapes of JavaScript, which are more than those of JSON. API Gateway has an empty object for an empty text.
fn escaped(text: &str) -> String {
    if text.is_empty() {
        return "{}".to_owned();
    }
    let mut out = String::with_capacity(text.len());
    for unit in text.encode_utf16() {
        match char::from_u32(unit.into()) {
            Some(letter @ ('\'' | '"' | '\\' | '/')) => out.extend(['\\', letter]),
            Some('\n') => out.push_str("\\n"),
            Some('\r') => out.push_str("\\r"),
            Some('\t') => out.push_str("\\t"),
            Some('\u{8}') => out.push_str("\\b"),
            Some('\u{c}') => out.push_str("\\f"),
            Some(letter @ ' '..='~') => out.push(letter),
            _ => out.push_str(&format!("\\u{unit:04X}")),
        }
    }
    out
}

fn url_encoded(text: &str) -> String {
    let mut out = String::new();
    for byte in text.bytes() {
        match byte {
            b'a'..=b'z' | b'A'..=b'Z' | b'0'..=b'9' | b'.' | b'-' | b'*' | b'_' => out.push(char::from(byte)),
            b' ' => out.push('+'),
            other => out.push_str(&format!("%{other:02X}")),
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::super::ApiRequest;
    use super::*;

    fn applied(template: &str, request: &str) -> Result<String, String> {
        let request: ApiRequest = request.parse().unwrap();
        let (path, context) = (json!({"id": "7"}), json!({"stage": "live"}));
        let none = Map::new();
        let arrived = Arrived {
            request: &request,
            path: path.as_object().unwrap(),
            context: context.as_object().unwrap(),
            stage_variables: &none,
        };
        let by_type = vec![("application/json".to_owned(), Template::parse(template).unwrap())];
        MappingTemplates { by_type, passthrough: Passthrough::Never }.applied(&arrived)
    }

    #[test]
    fn a_template_sees_the_request() {
        let cases = [
            (r#"{"input": "$util.escapeJavaScript($input.json('$'))"}"#, r#"{"input": "{\"a\":\"x\/y\"}"}"#),
            (
                "$input.path('$.a') $input.json('$.a') $input.json('$.none') [$input.path('$.none')]",
                "x/y \"x/y\" \"\" []",
            ),
            (
                "$input.params('id') $input.params('q') [$input.params('none')] $input.params().querystring.q",
                "7 1 2 [] 1 2",
            ),
            ("$context.stage [$stageVariables.none]", "live []"),
            ("$util.urlEncode($input.params('q')) $util.base64Encode('hi')", "1+2 aGk="),
        ];
        for (template, expected) in cases {
            assert_eq!(applied(template, r#"POST /x/7?q=1+2 {"a": "x/y"}"#).as_deref(), Ok(expected), "{template}");
        }
    }

    #[test]
    fn what_is_not_known_is_asked_for() {
        let fault = applied("$context.authorizer.claims.sub", "GET /").unwrap_err();
        assert!(fault.contains("`$context.authorizer` is not known here"), "{fault}");
        assert!(applied("$input.json('$')", "POST / <xml>").unwrap_err().contains("not JSON"));
        assert!(applied("$util.frob('x')", "GET /").unwrap_err().contains("`$util.frob` with 1 arguments"));
    }

    #[test]
    fn javascript_has_more_escapes_than_json() {
        assert_eq!(escaped("it's \"a\"/b\\ é\u{1}"), r#"it\'s \"a\"\/b\\ \u00E9\u0001"#);
        assert_eq!(escaped(""), "{}");
    }
}
