use std::str::FromStr;

use serde_json::{Map, Value};

/// A request to an API.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct ApiRequest {
    /// The API, by logical ID, if several have the route.
    pub api: Option<String>,
    /// The HTTP method.
    pub method: String,
    /// The path, without the stage.
    pub path: String,
    /// The query string's parameters, decoded.
    pub query: Map<String, Value>,
    /// The headers.
    pub headers: Map<String, Value>,
    /// The body.
    pub body: String,
    /// Variables of `$context` that only API Gateway knows: `authorizer`, for example.
    pub context: Map<String, Value>,
}

/// A request that a route takes.
pub struct Arrived<'a> {
    /// The request.
    pub request: &'a ApiRequest,
    /// The parameters in the path.
    pub path: &'a Map<String, Value>,
    /// What `$context` has.
    pub context: &'a Map<String, Value>,
    /// What `$stageVariables` has.
    pub stage_variables: &'a Map<String, Value>,
}

impl FromStr for ApiRequest {
    type Err = String;

    /// `METHOD PATH`, and a body if there is one.
    fn from_str(text: &str) -> Result<Self, String> {
        let mut parts = text.trim().splitn(3, char::is_whitespace);
        let (method, target) = (parts.next().unwrap_or_default(), parts.next().unwrap_or_default());
        if method.is_empty() || !method.chars().all(|letter| letter.is_ascii_uppercase()) || !target.starts_with('/') {
            return Err("this is not a request\nexpected a method and a path, and then the body if there is one: `POST /orders {\"id\": 5}`".to_owned());
        }
        let (path, query) = target.split_once('?').unwrap_or((target, ""));
        let pairs = query.split('&').filter(|pair| !pair.is_empty()).map(|pair| {
            let (name, value) = pair.split_once('=').unwrap_or((pair, ""));
            (decoded(name, true), decoded(value, true).into())
        });
        Ok(Self {
            method: method.to_owned(),
            path: path.to_owned(),
            query: pairs.collect(),
            body: parts.next().unwrap_or_default().trim().to_owned(),
            ..Self::default()
        })
    }
}

impl ApiRequest {
    /// The value of a header, whatever the case of its name.
    pub fn header(&self, name: &str) -> Option<&str> {
        let found = self.headers.iter().find(|(known, _)| known.eq_ignore_ascii_case(name));
        found.and_then(|(_, value)| value.as_str())
    }
}

/// A part of a URL without its percent encoding; in a query string, `+` is a blank.
pub(super) fn decoded(text: &str, in_query: bool) -> String {
    let (mut bytes, mut rest) = (Vec::with_capacity(text.len()), text.as_bytes());
    while let [first, after @ ..] = rest {
        rest = after;
        let digits = after.get(..2).filter(|digits| *first == b'%' && digits.iter().all(u8::is_ascii_hexdigit));
        let encoded = digits.and_then(|digits| u8::from_str_radix(std::str::from_utf8(digits).ok()?, 16).ok());
        match encoded {
            Some(encoded) => {
                bytes.push(encoded);
                rest = &after[2..];
            }
            None if *first == b'+' && in_query => bytes.push(b' '),
            None => bytes.push(*first),
        }
    }
    String::from_utf8_lossy(&bytes).into_owned()
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn a_request_is_a_line() {
        let request: ApiRequest = "POST /a/b%20c?x=1&y=a+b%2Fc&z {\"k\": [1]}".parse().unwrap();
        assert_eq!((request.method.as_str(), request.path.as_str()), ("POST", "/a/b%20c"));
        assert_eq!(Value::Object(request.query), json!({"x": "1", "y": "a b/c", "z": ""}));
        assert_eq!(request.body, "{\"k\": [1]}");
        for text in ["", "POST", "/a", "post /a", "POST a"] {
            assert!(text.parse::<ApiRequest>().is_err(), "{text}");
        }
    }
}
