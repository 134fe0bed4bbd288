//! Scenario tests: what there is at first, what happens, and what has to come of it, in a page of YAML.

mod check;
mod document;
mod item;
mod play;
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
    /// What it shows, in one line. Left out: the name of its file.
    pub name: Option<String>,
    /// The template or the definition that it is about, from the scenario's file. Left out: the nearest generated stack
    /// (`out/template.yaml`), spec or template in the directories above.
    pub stack: Option<PathBuf>,
    /// Values of the template's parameters. `--parameter` replaces them.
    #[serde(default)]
    pub parameters: BTreeMap<String, String>,
    /// Values of `${NAME}` in definitions. `--substitute` replaces them.
    #[serde(default)]
    pub substitutions: BTreeMap<String, String>,
    /// What decides everything random in it.
    #[serde(default)]
    pub seed: u64,
    /// What there is at first.
    #[serde(default)]
    pub given: Given,
    /// What happens, one after the other.
    #[serde(default)]
    pub when: Vec<Step>,
    /// Whose turn it is, call by call: left out, each step's executions run to their end before the next step, and take turns where there
    /// are several. With it, a step comes a second after the one before it; `again` takes no time. What is left when the schedule is at its
    /// end runs on as usual. `bucketbook prove` writes it.
    pub schedule: Option<Vec<Turn>>,
    /// What has to come of it.
    #[serde(default)]
    pub then: Then,
}

/// What there is at first.
#[derive(Debug, Clone, PartialEq, Default, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Given {
    /// Items of the stack's only table: attributes with plain values (`size: 5`), or in DynamoDB's form (`size: {N: "5"}`).
    #[serde(default)]
    pub items: Vec<Item>,
    /// Items by table, by its name or logical id.
    #[serde(default)]
    pub tables: BTreeMap<String, Vec<Item>>,
    /// Keys of objects that are in the bucket already, and made no event.
    #[serde(default)]
    pub objects: Vec<Key>,
    /// Answers of services.
    pub mocks: Option<Mocks>,
}

/// Answers of services, from a mock file in the format of Step Functions Local.
#[derive(Debug, Clone, PartialEq, Default, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Mocks {
    /// The mock file, from the scenario's file.
    pub file: PathBuf,
    /// The test case.
    pub test_case: String,
}

/// What has to come of it. What is left out is not looked at, but that every execution has to succeed unless `status` or
/// `error` says otherwise.
#[derive(Debug, Clone, PartialEq, Default, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Then {
    /// All items of the stack's only table, in any order. Attributes that an item here leaves out are not looked at.
    pub items: Option<Vec<Item>>,
    /// The same, by table.
    #[serde(default)]
    pub tables: BTreeMap<String, Vec<Item>>,
    /// How many executions there are.
    pub executions: Option<usize>,
    /// How every execution ends.
    pub status: Option<Status>,
    /// The error that the execution that started last fails with.
    pub error: Option<String>,
    /// The names of the states that the execution that started last went through, in the order in which they were left.
    pub path: Option<Vec<String>>,
    /// The output of the execution that started last. Fields that an object here leaves out are not looked at.
    pub output: Option<Value>,
    /// Calls of services that were made.
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

/// A call of a service that was made.
#[derive(Debug, Clone, PartialEq, Default, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct ExpectedCall {
    /// The call: `dynamodb:putItem`.
    pub call: Option<String>,
    /// The state that made it.
    pub state: Option<String>,
    /// What was asked. Fields that an object here leaves out are not looked at.
    pub arguments: Option<Value>,
    /// How often exactly; left out: at least once.
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
