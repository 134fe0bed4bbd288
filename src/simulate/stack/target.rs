//! What of an event a target gets: [input transformation](https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-transform-target-input.html).

use std::sync::Arc;

use serde_json::{Map, Value};
use thiserror::Error;

use crate::asl::JsonPath;
use crate::eventbridge::{InputTemplate, Slot};
use crate::loaded::{LoadedRule, RuleTarget};
use crate::source::why_not_json;

/// What of an event a target gets.
#[derive(Debug, Clone)]
pub struct TargetInput(Kind);

#[derive(Debug, Clone)]
enum Kind {
    Whole,
    /// `Input`.
    Constant(Value),
    /// `InputPath`.
    Path(JsonPath),
    /// `InputTransformer`.
    Template {
        values: Vec<(String, JsonPath)>,
        template: String,
        rule: String,
    },
}

/// Why a target gets nothing.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
pub enum TargetFault {
    /// `Input` is not JSON.
    #[error("`Input` is not JSON: {0}")]
    Input(String),
    /// A path is none.
    #[error("`{path}` is not a path: {reason}")]
    Path {
        /// The path.
        path: String,
        /// Why.
        reason: String,
    },
    /// There is no `InputTemplate`.
    #[error("`InputTransformer` has no `InputTemplate`")]
    NoTemplate,
    /// What the template makes of this event is not JSON, as a state machine's input has to be.
    #[error("`InputTemplate` does not give JSON for this event: {reason}: {text}")]
    NotJson {
        /// What it makes.
        text: String,
        /// Why that is not JSON.
        reason: String,
    },
}

impl TargetInput {
    pub(super) fn of(rule: &LoadedRule, target: &RuleTarget) -> Result<Self, TargetFault> {
        if let Some(input) = &target.input {
            let constant =
                serde_json::from_str(input).map_err(|error| TargetFault::Input(why_not_json(input, &error)))?;
            return Ok(Self(Kind::Constant(constant)));
        }
        if let Some(input_path) = &target.input_path {
            return Ok(Self(Kind::Path(path(input_path)?)));
        }
        let Some(transformer) = &target.input_transformer else { return Ok(Self(Kind::Whole)) };
        let paths = transformer.get("InputPathsMap").and_then(Value::as_object).into_iter().flatten();
        let values = paths.map(|(name, text)| Ok((name.clone(), path(text.as_str().unwrap_or_default())?)));
        let values = values.collect::<Result<_, TargetFault>>()?;
        let template = transformer.get("InputTemplate").and_then(Value::as_str).ok_or(TargetFault::NoTemplate)?;
        Ok(Self(Kind::Template { values, template: template.to_owned(), rule: rule.name.clone() }))
    }

    /// What the target gets of an event.
    ///
    /// # Errors
    /// A template makes no JSON of it.
    pub fn apply(&self, event: &Value) -> Result<Value, TargetFault> {
        match &self.0 {
            Kind::Whole => Ok(event.clone()),
            Kind::Constant(value) => Ok(value.clone()),
            Kind::Path(path) => Ok(found(path, event).unwrap_or_default()),
            Kind::Template { values, template, rule } => {
                let fill = |name: &str, slot: Slot| match value(name, values, rule, event) {
                    Some(value) => in_slot(&value, slot),
                    None => format!("<{name}>"),
                };
                let text = InputTemplate::parse(template).fill(fill);
                serde_json::from_str(&text).map_err(|error| TargetFault::NotJson {
                    reason: why_not_json(&text, &error),
                    text: text.chars().take(200).collect(),
                })
            }
        }
    }

    /// The same without a copy, where the target gets all of it.
    ///
    /// # Errors
    /// A template makes no JSON of it.
    pub fn shared(&self, event: &Arc<Value>) -> Result<Arc<Value>, TargetFault> {
        match &self.0 {
            Kind::Whole => Ok(Arc::clone(event)),
            _ => self.apply(event).map(Arc::new),
        }
    }
}

fn path(text: &str) -> Result<JsonPath, TargetFault> {
    JsonPath::parse(text).map_err(|error| TargetFault::Path { path: text.to_owned(), reason: error.to_string() })
}

fn found(path: &JsonPath, event: &Value) -> Option<Value> {
    path.evaluate(event).ok().map(crate::asl::Selected::into_value)
}

/// The value of a variable of a template, a path's or one of EventBridge's own; `None` for what is no variable.
fn value(name: &str, values: &[(String, JsonPath)], rule: &str, event: &Value) -> Option<Value> {
    let text = |field: &str| event[field].as_str().unwrap_or_default().to_owned();
    if let Some((_, path)) = values.iter().find(|(known, _)| known == name) {
        return Some(found(path, event).unwrap_or_else(|| Value::String(String::new())));
    }
    Some(match name {
        "aws.events.rule-name" => rule.into(),
        "aws.events.rule-arn" => format!("arn:aws:events:{}:{}:rule/{rule}", text("region"), text("account")).into(),
        "aws.events.event.ingestion-time" => text("time").into(),
        "aws.events.event.json" => event.clone(),
        "aws.events.event" => {
            let mut event = event.as_object().cloned().unwrap_or_else(Map::new);
            event.remove("detail");
            // Here alone EventBridge spells it so.
            if let Some(kind) = event.remove("detail-type") {
                event.insert("detailType".to_owned(), kind);
            }
            event.into()
        }
        _ => return None,
    })
}

/// A value as it stands in a template. EventBridge puts objects and lists into quotes as they are, which breaks the JSON around
/// them; in a template that is only text it takes their quotes away.
fn in_slot(value: &Value, slot: Slot) -> String {
    match (value, slot) {
        (_, Slot::Value) | (Value::Object(_) | Value::Array(_), Slot::Quoted) => value.to_string(),
        (Value::Object(_) | Value::Array(_), Slot::Text) => value.to_string().replace("\\\"", "").replace('"', ""),
        (Value::String(text), _) => {
            let quoted = Value::String(text.clone()).to_string();
            quoted[1..quoted.len() - 1].to_owned()
        }
        (other, _) => other.to_string(),
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn template(text: &str) -> TargetInput {
        let values = [("key", "$.detail.object.key"), ("object", "$.detail.object"), ("gone", "$.detail.gone")];
        let values = values.map(|(name, text)| (name.to_owned(), path(text).unwrap()));
        TargetInput(Kind::Template { values: values.into(), template: text.to_owned(), rule: "R".to_owned() })
    }

    #[test]
    fn templates_put_values_where_their_variables_are() {
        let event = json!({"account": "1", "region": "r", "detail-type": "Told", "detail": {"object": {"key": "a \"b\"", "size": 5}}});
        let cases = [
            ("{\"k\": <key>}", json!({"k": "a \"b\""})),
            ("{\"k\": \"key <key>!\"}", json!({"k": "key a \"b\"!"})),
            ("{\"o\": <object>, \"n\": \"<unknown>\"}", json!({"o": {"key": "a \"b\"", "size": 5}, "n": "<unknown>"})),
            ("\"\\\"<key>\"", json!("\"a \"b\"")),
            ("{\"g\": <gone>, \"r\": <aws.events.rule-name>}", json!({"g": "", "r": "R"})),
            ("[<aws.events.event>]", json!([{"account": "1", "region": "r", "detailType": "Told"}])),
            ("\"of <object>\"", json!("of {key:a b,size:5}")),
        ];
        for (text, expected) in cases {
            assert_eq!(template(text).apply(&event), Ok(expected), "{text}");
        }
        for text in ["<key> as it is", "{\"k\": <unknown>}", "{\"k\": \"<object>\"}", ""] {
            assert!(matches!(template(text).apply(&event), Err(TargetFault::NotJson { .. })), "{text}");
        }
    }
}
