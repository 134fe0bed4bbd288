//! Scenario tests: what there is at first, what happens, and what has to come of it, in a page of YAML.

mod check;
mod document;
mod item;
mod play;
mod request;
mod schedule;
mod step;
mod words;

use std::collections::BTreeMap;
use std::path::PathBuf;

use schemars::JsonSchema;
use serde::Deserialize;
use serde_json::Value;

use crate::stack::json_schema;

pub use check::{Mismatch, check, check_results};
pub use document::ScenarioDocument;
pub use item::{Item, plain, typed};
pub use play::{Delivered, PlayError, Played, Taken, play, play_with};
pub use schedule::Turn;
pub use step::{Delay, FaultText, Feed, Key, Start, Step};
pub use words::{changed, said};

/// A scenario.
#[derive(Debug, Clone, PartialEq, Default, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Scenario {
    /// What the scenario shows, in one line. Default: the name of its file.
    pub name: Option<String>,
    /// The template or definition to run, relative to the scenario's file. Default: the nearest generated stack
    /// (`out/template.yaml`), spec or template in the directories above.
    pub stack: Option<PathBuf>,
    /// Values of the template's parameters. `--parameter` replaces them.
    #[serde(default)]
    pub parameters: BTreeMap<String, String>,
    /// Values of `${NAME}` in definitions. `--substitute` replaces them.
    #[serde(default)]
    pub substitutions: BTreeMap<String, String>,
    /// The seed for everything random.
    #[serde(default)]
    pub seed: u64,
    /// The initial state.
    #[serde(default)]
    pub given: Given,
    /// What happens, in order.
    #[serde(default)]
    pub when: Vec<Step>,
    /// The order of the calls. Without it, each step's executions run to their end before the next step, and take turns if there
    /// are several. With it, a step happens a second after the previous one; `again` takes no time. What remains at the end of the schedule
    /// runs as usual. `bucketbook prove` writes schedules.
    pub schedule: Option<Vec<Turn>>,
    /// The expected result.
    #[serde(default)]
    pub then: Then,
}

/// The initial state.
#[derive(Debug, Clone, PartialEq, Default, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Given {
    /// Items of the stack's only table: attributes with plain values (`size: 5`), or in DynamoDB's form (`size: {N: "5"}`).
    #[serde(default)]
    pub items: Vec<Item>,
    /// Items by table, by its name or logical id.
    #[serde(default)]
    pub tables: BTreeMap<String, Vec<Item>>,
    /// Keys of objects that are in the bucket already, without events.
    #[serde(default)]
    pub objects: Vec<Key>,
    /// Responses of services.
    pub mocks: Option<Mocks>,
}

/// Responses of services, from a mock file in the format of Step Functions Local.
#[derive(Debug, Clone, PartialEq, Default, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Mocks {
    /// The mock file, relative to the scenario's file.
    pub file: PathBuf,
    /// The test case.
    pub test_case: String,
}

/// The expected result. What is left out is not checked, except that every execution must succeed unless `status` or
/// `error` says otherwise.
#[derive(Debug, Clone, PartialEq, Default, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Then {
    /// All items of the stack's only table, in any order. Attributes that are left out here are not checked.
    pub items: Option<Vec<Item>>,
    /// The same, by table.
    #[serde(default)]
    pub tables: BTreeMap<String, Vec<Item>>,
    /// The number of executions.
    pub executions: Option<usize>,
    /// How every execution ends.
    pub status: Option<Status>,
    /// The error of the execution that started last.
    pub error: Option<String>,
    /// The names of the states that the execution that started last went through, in the order in which they were left.
    pub path: Option<Vec<String>>,
    /// The output of the execution that started last. Fields that are left out here are not checked.
    pub output: Option<Value>,
    /// Service calls that must be made.
    #[serde(default)]
    pub calls: Vec<ExpectedCall>,
}

/// How an execution ends.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub enum Status {
    /// With an output.
    Succeeded,
    /// With an error.
    Failed,
    /// Out of time.
    TimedOut,
}

impl Status {
    fn as_str(self) -> &'static str {
        match self {
            Self::Succeeded => "SUCCEEDED",
            Self::Failed => "FAILED",
            Self::TimedOut => "TIMED_OUT",
        }
    }
}

/// A service call that must be made.
#[derive(Debug, Clone, PartialEq, Default, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct ExpectedCall {
    /// The call: `dynamodb:putItem`.
    pub call: Option<String>,
    /// The state that makes it.
    pub state: Option<String>,
    /// Its arguments. Fields that are left out here are not checked.
    pub arguments: Option<Value>,
    /// The exact number of calls. Default: at least one.
    pub times: Option<usize>,
}

impl Scenario {
    /// The JSON Schema of scenarios, as text.
    pub fn json_schema() -> String {
        json_schema::<Self>()
    }
}

#[cfg(test)]
mod tests;
