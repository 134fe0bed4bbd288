use std::borrow::Cow;

use schemars::{JsonSchema, Schema, SchemaGenerator};
use serde::{Deserialize, Serialize};
use thiserror::Error;

/// For whom tokens are: as many texts as a
/// [JWT authorizer](https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-quotas.html) takes, and at least one,
/// because without any it would take the tokens that an issuer gives out for others.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(try_from = "Vec<String>", into = "Vec<String>")]
pub struct Audience(Vec<String>);

/// A list that is no audience.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
pub enum NoAudience {
    /// There is nothing in it.
    #[error("this list is empty\nname at least one audience; without one, tokens for any audience would be accepted")]
    Empty,
    /// There are too many in it.
    #[error("this list has {0} entries, and API Gateway allows {MOST}")]
    TooMany(usize),
    /// One of them is blank, or white space is part of it.
    #[error("{0:?} is not a valid audience: it is empty or contains white space")]
    Blank(String),
}

const MOST: usize = 50;

impl Audience {
    /// The texts.
    pub fn as_slice(&self) -> &[String] {
        &self.0
    }
}

impl TryFrom<Vec<String>> for Audience {
    type Error = NoAudience;

    fn try_from(texts: Vec<String>) -> Result<Self, NoAudience> {
        let blank = |text: &&String| text.is_empty() || text.contains(char::is_whitespace);
        match texts.iter().find(blank) {
            _ if texts.is_empty() => Err(NoAudience::Empty),
            _ if texts.len() > MOST => Err(NoAudience::TooMany(texts.len())),
            Some(text) => Err(NoAudience::Blank(text.clone())),
            None => Ok(Self(texts)),
        }
    }
}

impl From<Audience> for Vec<String> {
    fn from(audience: Audience) -> Self {
        audience.0
    }
}

impl JsonSchema for Audience {
    fn inline_schema() -> bool {
        true
    }

    fn schema_name() -> Cow<'static, str> {
        "Audience".into()
    }

    fn json_schema(_: &mut SchemaGenerator) -> Schema {
        let text = serde_json::json!({ "type": "string", "pattern": "^\\S+$" });
        schemars::json_schema!({ "type": "array", "items": text, "minItems": 1, "maxItems": MOST })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn audiences() {
        let audience = |texts: &[&str]| Audience::try_from(texts.iter().map(|t| (*t).to_owned()).collect::<Vec<_>>());
        assert_eq!(audience(&["a", "b"]).unwrap().as_slice(), ["a", "b"]);
        assert_eq!(audience(&[]), Err(NoAudience::Empty));
        assert_eq!(audience(&["a"; 51]), Err(NoAudience::TooMany(51)));
        assert_eq!(audience(&["a", ""]), Err(NoAudience::Blank(String::new())));
        assert_eq!(audience(&["a b"]), Err(NoAudience::Blank("a b".to_owned())));
    }
}
