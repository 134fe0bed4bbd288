//! Single states, as AWS's TestState ran them.

use bucketbook::simulate::NoServices;
use bucketbook::simulate::services::TaskError;
use bucketbook::simulate::test_state::{
    Configuration, FieldValidationMode, Mock, StateAnswer, StateRefusal, StateRequest, test_state,
};
use serde::Deserialize;
use serde_json::{Map, Value};

use crate::asl_executions::{blank, same};
use crate::corpus;
use crate::table::Table;

/// How many misses each category may have.
pub(crate) const ALLOWED_MISSES: &[(&str, usize)] = &[];

#[derive(Deserialize)]
struct Row {
    id: String,
    state_definition: Value,
    input: Option<Value>,
    inspection_level: Option<String>,
    state_name: Option<String>,
    variables: Option<Map<String, Value>>,
    /// A JSON text.
    context: Option<String>,
    mock: Option<RowMock>,
    state_configuration: Option<RowConfiguration>,
    expect: Map<String, Value>,
    masked: Vec<String>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct RowMock {
    result: Option<String>,
    error_output: Option<RowError>,
    field_validation_mode: Option<String>,
}

#[derive(Deserialize)]
struct RowError {
    error: Option<String>,
    cause: Option<String>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct RowConfiguration {
    retrier_retry_count: Option<u64>,
    map_iteration_failure_count: Option<usize>,
}

/// Judges all rows of `asl/test_state.jsonl`.
pub(crate) fn states(text: &str) -> Result<Table, String> {
    let mut table = Table::default();
    for row in corpus::rows::<Row>(text)? {
        let category = row.category();
        let answered = test_state(&row.request(), &mut NoServices);
        row.judge(&mut table, &category, answered);
    }
    Ok(table)
}

impl Row {
    fn category(&self) -> String {
        let state = self.state_name.as_ref().and_then(|name| self.state_definition["States"].get(name));
        let kind = state.unwrap_or(&self.state_definition)["Type"].as_str().unwrap_or_default();
        let refused = if self.expect["status"] == "EXCEPTION" { "refused " } else { "" };
        format!("{refused}{kind}")
    }

    fn request(&self) -> StateRequest {
        let mock = self.mock.as_ref().map(|mock| Mock {
            result: mock.result.clone(),
            error_output: mock.error_output.as_ref().map(|error| {
                TaskError::new(error.error.clone().unwrap_or_default(), error.cause.clone().unwrap_or_default())
            }),
            field_validation_mode: match mock.field_validation_mode.as_deref() {
                Some("NONE") => FieldValidationMode::None,
                Some("PRESENT") => FieldValidationMode::Present,
                _ => FieldValidationMode::Strict,
            },
        });
        let configuration = self.state_configuration.as_ref();
        StateRequest {
            definition: self.state_definition.clone(),
            state_name: self.state_name.clone(),
            input: self.input.clone().filter(|input| !input.is_null()),
            variables: self.variables.clone().unwrap_or_default(),
            context: self.context.as_ref().and_then(|text| serde_json::from_str(text).ok()),
            mock,
            configuration: Configuration {
                retrier_retry_count: configuration.and_then(|c| c.retrier_retry_count).unwrap_or(0),
                map_iteration_failure_count: configuration.and_then(|c| c.map_iteration_failure_count),
            },
        }
    }

    fn judge(&self, table: &mut Table, category: &str, answered: Result<StateAnswer, StateRefusal>) {
        let mut got = Map::new();
        match answered {
            Ok(answer) => {
                got.insert("status".to_owned(), answer.status.as_str().into());
                got.extend(answer.output.map(|output| ("output".to_owned(), output)));
                got.extend(answer.error.map(|error| ("error".to_owned(), error.into())));
                got.extend(answer.cause.map(|cause| ("cause".to_owned(), cause.into())));
                got.extend(answer.next_state.map(|next| ("nextState".to_owned(), next.into())));
                let steps = answer.inspection.steps().clone();
                if self.inspection_level.as_deref().is_some_and(|level| level != "INFO") {
                    got.insert("inspectionData".to_owned(), steps.into());
                }
            }
            Err(refusal) => {
                got.insert("status".to_owned(), "EXCEPTION".into());
                got.insert("error_code".to_owned(), refusal.code().into());
                got.insert("message".to_owned(), refusal.to_string().into());
            }
        }
        let (mut got, mut expected) = (Value::Object(got), Value::Object(self.expect.clone()));
        blank(&mut got, &self.masked);
        blank(&mut expected, &self.masked);
        let wrong = (!same(&got, &expected)).then(|| format!("{got}\n    NOT {expected}"));
        table.count(category, "answer", &self.id, wrong);
    }
}
