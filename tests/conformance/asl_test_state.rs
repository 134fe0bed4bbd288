//! Single states, as AWS's TestState ran them.

use bucketbook::simulate::services::{Completion, ServiceAnswer, ServiceCall, Services, TaskError};
use bucketbook::simulate::test_state::{StateRefusal, answer};
use serde::Deserialize;
use serde_json::{Map, Value, json};

use crate::asl_executions::{blank, same};
use crate::corpus;
use crate::table::Table;

/// How many misses each category may have.
///
/// The most memory of a function was 10,240 MB when it was recorded in December 2025; Lambda's published model says 32,768 by now.
pub(crate) const ALLOWED_MISSES: &[(&str, usize)] = &[("refused Task mocked", 1)];

/// A row. What stands in it as a text in one recording and as a value in another may be either.
#[derive(Deserialize)]
struct Row {
    id: String,
    definition_text: Option<String>,
    state_definition: Option<Value>,
    input: Option<Value>,
    inspection_level: Option<Value>,
    state_name: Option<Value>,
    variables: Option<Value>,
    context: Option<Value>,
    mock: Option<Value>,
    state_configuration: Option<Value>,
    reveal_secrets: Option<Value>,
    expect: Map<String, Value>,
    #[serde(default)]
    masked: Vec<String>,
}

/// Judges all rows of `asl/test_state.jsonl`.
pub(crate) fn states(text: &str) -> Result<Table, String> {
    let mut table = Table::default();
    for row in corpus::rows::<Row>(text)? {
        let answered = answer(&row.request(), &mut Recorded(row.recorded()));
        row.judge(&mut table, answered);
    }
    Ok(table)
}

/// A service that answers as it is known to have answered.
struct Recorded(Option<Completion>);

impl Services for Recorded {
    fn call(&mut self, _: &ServiceCall<'_>) -> ServiceAnswer {
        match self.0.take() {
            Some(Completion::Succeeded(result)) => ServiceAnswer::returned(result),
            Some(Completion::Failed(error)) => ServiceAnswer::threw(error),
            _ => {
                ServiceAnswer::threw(TaskError::new("NotRecorded", "what the service answered is not in the recording"))
            }
        }
    }
}

impl Row {
    fn definition(&self) -> Value {
        let written = self.definition_text.as_deref().and_then(|text| serde_json::from_str(text).ok());
        written.or_else(|| self.state_definition.clone()).unwrap_or_default()
    }

    /// The state under test.
    fn state(&self) -> Value {
        let definition = self.definition();
        let name = self.state_name.as_ref().and_then(Value::as_str);
        let found = name.and_then(|name| definition.get("States")?.get(name).cloned());
        found.unwrap_or(definition)
    }

    /// The type of the state, its query language where that is JSONata, and what is special about the request.
    fn category(&self) -> String {
        let state = self.state();
        let jsonata = [&state, &self.definition()].iter().any(|around| around["QueryLanguage"] == "JSONata");
        let language = if jsonata { " JSONata" } else { "" };
        let refused = if self.expect["status"] == "EXCEPTION" { "refused " } else { "" };
        let mock = match &self.mock {
            Some(mock) if mock.get("errorOutput").is_some() => " mocked error",
            Some(_) => " mocked",
            None => "",
        };
        format!("{refused}{}{language}{mock}", state["Type"].as_str().unwrap_or("?"))
    }

    /// The request as it was sent.
    fn request(&self) -> Value {
        let text = |value: &Value| match value {
            Value::String(text) => Value::from(text.as_str()),
            other => other.to_string().into(),
        };
        let given = |value: &Option<Value>| value.clone().filter(|value| !value.is_null());
        let definition = self.definition_text.clone().unwrap_or_else(|| self.definition().to_string());
        // No recording says which role there was, only that one was demanded.
        let role = (!self.lacks_role()).then(|| Value::from("arn:aws:iam::123456789012:role/test"));
        let members = [
            ("definition", Some(definition.into())),
            ("roleArn", role),
            ("input", given(&self.input).map(|input| input.to_string().into())),
            ("inspectionLevel", given(&self.inspection_level)),
            ("stateName", given(&self.state_name)),
            ("variables", given(&self.variables).as_ref().map(text)),
            ("context", given(&self.context).as_ref().map(text)),
            ("mock", given(&self.mock)),
            ("stateConfiguration", given(&self.state_configuration)),
            ("revealSecrets", given(&self.reveal_secrets)),
        ];
        members.into_iter().filter_map(|(name, value)| Some((name.to_owned(), value?))).collect::<Map<_, _>>().into()
    }

    fn lacks_role(&self) -> bool {
        self.expect["status"] == "EXCEPTION"
            && self.expect.get("message").is_some_and(|message| message.to_string().to_lowercase().contains("role"))
    }

    /// What a service that was really called came to: its result where the inspection shows it or nothing was made of it, or its error.
    fn recorded(&self) -> Option<Completion> {
        let state = self.state();
        let shown = self.expect.get("inspectionData").and_then(|data| data.get("result"));
        let made =
            ["ResultSelector", "ResultPath", "OutputPath", "Output"].iter().any(|field| state.get(field).is_some());
        let result = shown.or_else(|| self.expect.get("output").filter(|_| !made));
        match (self.expect.get("error").and_then(Value::as_str), result) {
            (Some(error), _) => {
                let cause = self.expect.get("cause").and_then(Value::as_str).unwrap_or_default();
                Some(Completion::Failed(TaskError::new(error, cause)))
            }
            (None, result) => result.cloned().map(Completion::Succeeded),
        }
    }

    fn judge(&self, table: &mut Table, answered: Result<Value, StateRefusal>) {
        let mut got = match answered {
            Ok(answer) => parsed(answer),
            Err(refusal) => {
                json!({"status": "EXCEPTION", "error_code": refusal.code(), "message": refusal.to_string()})
            }
        };
        let mut expected = Value::Object(self.expect.clone());
        blank(&mut got, &self.masked);
        blank(&mut expected, &self.masked);
        let wrong = (!same(&got, &expected)).then(|| format!("{got}\n    NOT {expected}"));
        table.count(&self.category(), "answer", &self.id, wrong);
    }
}

/// An answer with the JSON of its texts read, as the recordings have it.
fn parsed(mut answer: Value) -> Value {
    let read = |value: &mut Value| {
        if let Some(json) = value.as_str().and_then(|text| serde_json::from_str(text).ok()) {
            *value = json;
        }
    };
    answer.get_mut("output").map(read);
    if let Some(Value::Object(steps)) = answer.get_mut("inspectionData") {
        steps.values_mut().for_each(read);
    }
    answer
}
