use serde_json::Value;
use thiserror::Error;

use super::open;
use crate::asl::JsonPath;
use crate::aws::pipes::PipeSource;
use crate::eventbridge::{InputTemplate, Slot};

/// The `InputTemplate` of a pipe's enrichment or target.
#[derive(Debug, Clone)]
pub struct PipeTemplate {
    text: String,
    template: InputTemplate,
    paths: Vec<(String, JsonPath)>,
    /// The variables that tell of the pipe itself.
    constants: Vec<(&'static str, String)>,
}

/// Why a template makes nothing of a record.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
pub enum TemplateFault {
    /// A path is none.
    #[error("`<{path}>` in `InputTemplate` is not a path: {reason}")]
    Path {
        /// The path.
        path: String,
        /// Why.
        reason: String,
    },
    /// It is not JSON.
    #[error("`InputTemplate` does not give JSON for this record: {reason}: {text}")]
    NotJson {
        /// What it makes.
        text: String,
        /// Why that is not JSON.
        reason: String,
    },
    /// [As documented](https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-pipes-input-transformation.html).
    #[error(
        "`InputTemplate` is `{0}` alone: EventBridge takes the quotes out of a payload that is JSON, and a state machine refuses the rest; \
         write `{{\"data\": {0}}}`"
    )]
    Bare(String),
}

impl PipeTemplate {
    /// Reads a template; `constants` are the values of `<aws.pipes...>`.
    ///
    /// # Errors
    /// A path in it is none.
    pub fn parse(text: &str, constants: Vec<(&'static str, String)>) -> Result<Self, TemplateFault> {
        let template = InputTemplate::of_pipe(text);
        let named = template.variables().filter(|name| name.starts_with('$'));
        let paths = named.map(|name| {
            let path = JsonPath::parse(name)
                .map_err(|error| TemplateFault::Path { path: name.to_owned(), reason: error.to_string() })?;
            Ok((name.to_owned(), path))
        });
        let paths = paths.collect::<Result<_, TemplateFault>>()?;
        Ok(Self { text: text.to_owned(), template, paths, constants })
    }

    /// What it makes of a record. The payload of a record that comes right from the source is read first.
    ///
    /// # Errors
    /// That is no JSON.
    pub fn apply(&self, record: &Value, source: Option<&PipeSource>, ingested: &str) -> Result<Value, TemplateFault> {
        let opened = open(source, record);
        self.bare(&opened, source)?;
        let filled = self.template.fill(|name, slot| match self.value(name, (record, &opened), ingested) {
            Some(value) => in_slot(&value, slot),
            None => format!("<{name}>"),
        });
        match serde_json::from_str(&filled) {
            Ok(value) => Ok(value),
            Err(error) if filled.trim_start().starts_with(['{', '[', '"']) => {
                Err(TemplateFault::NotJson { reason: error.to_string(), text: filled.chars().take(200).collect() })
            }
            Err(_) => Ok(filled.into()),
        }
    }

    fn value(&self, name: &str, (record, opened): (&Value, &Value), ingested: &str) -> Option<Value> {
        if let Some((_, path)) = self.paths.iter().find(|(known, _)| known == name) {
            let found = path.evaluate(opened).ok().map(crate::asl::Selected::into_value);
            return Some(found.unwrap_or_else(|| "".into()));
        }
        match name {
            "aws.pipes.event" | "aws.pipes.event.json" => Some(record.clone()),
            "aws.pipes.event.ingestion-time" => Some(ingested.into()),
            _ => self.constants.iter().find(|(known, _)| *known == name).map(|(_, value)| value.as_str().into()),
        }
    }

    /// Refuses a template that is nothing but the payload, where that is JSON.
    fn bare(&self, opened: &Value, source: Option<&PipeSource>) -> Result<(), TemplateFault> {
        let Some((field, _)) = source.and_then(PipeSource::payload) else { return Ok(()) };
        let bare =
            self.text.trim() == format!("<$.{field}>") && (opened[field].is_object() || opened[field].is_array());
        if bare { Err(TemplateFault::Bare(self.text.trim().to_owned())) } else { Ok(()) }
    }
}

/// A value as it stands in a template: within quotes it is text.
fn in_slot(value: &Value, slot: Slot) -> String {
    match (value, slot) {
        (_, Slot::Value) => value.to_string(),
        (Value::String(text), _) => within_quotes(text),
        (other, _) => within_quotes(&other.to_string()),
    }
}

fn within_quotes(text: &str) -> String {
    let quoted = Value::from(text).to_string();
    quoted[1..quoted.len() - 1].to_owned()
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;
    use crate::aws::pipes::PIPE_SOURCES;

    fn apply(template: &str, record: &Value) -> Result<Value, TemplateFault> {
        let constants = vec![("aws.pipes.pipe-name", "P".to_owned())];
        PipeTemplate::parse(template, constants)?.apply(record, PIPE_SOURCES.first(), "2026-01-01T00:00:00Z")
    }

    #[test]
    fn paths_reach_into_a_payload_that_is_json() {
        let record = json!({"messageId": "m", "body": "{\"a\": {\"b\": [1, \"x\"]}}"});
        let cases = [
            (r#"{"id": <$.messageId>, "b": <$.body.a.b>}"#, json!({"id": "m", "b": [1, "x"]})),
            (r#"{"said": "<$.body.a.b[1]> by <aws.pipes.pipe-name>"}"#, json!({"said": "x by P"})),
            (
                r#"{"gone": <$.body.c>, "at": <aws.pipes.event.ingestion-time>}"#,
                json!({"gone": "", "at": "2026-01-01T00:00:00Z"}),
            ),
            (r#"{"data": <$.body>}"#, json!({"data": {"a": {"b": [1, "x"]}}})),
            ("<$.messageId>", json!("m")),
            ("hello <$.messageId>", json!("hello \"m\"")),
        ];
        for (template, expected) in cases {
            assert_eq!(apply(template, &record), Ok(expected), "{template}");
        }
    }

    #[test]
    fn what_is_no_json_is_not_delivered() {
        let record = json!({"body": "{\"a\": 1}"});
        assert_eq!(apply("<$.body>", &record), Err(TemplateFault::Bare("<$.body>".to_owned())));
        assert!(matches!(apply("{\"a\": <$.body.a>", &record), Err(TemplateFault::NotJson { .. })));
        assert!(matches!(apply("<$.body[>", &record), Err(TemplateFault::Path { .. })));
        assert_eq!(apply("<$.body>", &json!({"body": "text"})), Ok(json!("text")));
    }
}
