use indexmap::IndexMap;
use serde::Serialize;

use super::{
    Catcher, ChoiceRule, JsonataExpression, JsonataTemplate, Map, Pass, PayloadTemplate, QueryLanguage, ReferencePath,
    Retrier, StateMachine,
};
use crate::aws::integration::Integration;
use crate::name::StateName;

/// A [state](https://states-language.net/spec.html#statetypes) of a state machine. Fields are written in the order of the
/// documentation.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[serde(tag = "Type")]
#[allow(clippy::large_enum_variant, reason = "most states are tasks, and a definition holds few states")]
pub enum State {
    /// Does something: here, calls a service.
    Task(Task),
    /// Goes on to one of several states.
    Choice(Choice),
    /// Computes.
    Pass(Pass),
    /// Runs a state machine for every item of a list.
    Map(Box<Map>),
    /// Ends the execution well.
    Succeed(Succeed),
    /// Ends the execution as failed.
    Fail(Fail),
}

/// A state that calls a service.
///
/// Every task says what happens when the call is throttled: there is no `Task` without `Retry`.
///
/// ```
/// # use bucketbook::asl::*;
/// # use bucketbook::aws::integration::Integration;
/// let put = Task {
///     comment: None,
///     resource: Integration::optimized("dynamodb", "putItem"),
///     data: TaskData::parameters(PayloadTemplate::Object(Default::default())),
///     retry: vec![],
///     catch: vec![],
///     next: Transition::end(),
/// };
/// ```
///
/// ```compile_fail,E0063
/// # use bucketbook::asl::*;
/// # use bucketbook::aws::integration::Integration;
/// let put = Task {
///     comment: None,
///     resource: Integration::optimized("dynamodb", "putItem"),
///     data: TaskData::parameters(PayloadTemplate::Object(Default::default())),
///     catch: vec![],
///     next: Transition::end(),
/// };
/// ```
#[derive(Debug, Clone, PartialEq, Serialize)]
#[serde(rename_all = "PascalCase")]
pub struct Task {
    /// What it is for.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub comment: Option<String>,
    /// The service integration that the task calls; it becomes `Resource`.
    pub resource: Integration,
    /// What the call is given, and what becomes of its answer.
    #[serde(flatten)]
    pub data: TaskData,
    /// How it is tried again.
    pub retry: Vec<Retrier>,
    /// What follows when it failed for good. An error that no catcher names fails the execution.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub catch: Vec<Catcher>,
    /// What follows.
    #[serde(flatten)]
    pub next: Transition,
}

/// What a task's call is given, and what becomes of its answer, in the fields of either query language.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[serde(untagged)]
pub enum TaskData {
    /// JSONPath's fields.
    #[serde(rename_all = "PascalCase")]
    JsonPath {
        /// What the call is given.
        parameters: PayloadTemplate,
        /// Where in the input the answer is put; without it the answer replaces the input.
        #[serde(skip_serializing_if = "Option::is_none")]
        result_path: Option<ReferencePath>,
    },
    /// JSONata's fields.
    #[serde(rename_all = "PascalCase")]
    Jsonata {
        /// Always JSONata, where the state machine's language is another.
        #[serde(skip_serializing_if = "Option::is_none")]
        query_language: Option<QueryLanguage>,
        /// What the call is given.
        arguments: JsonataTemplate,
        /// Variables that keep a part of the answer.
        #[serde(skip_serializing_if = "IndexMap::is_empty")]
        assign: IndexMap<String, JsonataTemplate>,
        /// What the next state gets; without it, the answer.
        #[serde(skip_serializing_if = "Option::is_none")]
        output: Option<JsonataTemplate>,
    },
}

impl TaskData {
    /// JSONPath parameters of a call whose answer replaces the input.
    pub fn parameters(parameters: PayloadTemplate) -> Self {
        Self::JsonPath { parameters, result_path: None }
    }

    /// JSONata arguments of a call whose answer goes to the next state.
    pub fn jsonata(arguments: JsonataTemplate) -> Self {
        Self::Jsonata { query_language: None, arguments, assign: IndexMap::new(), output: None }
    }

    /// The same, where the next state gets `output`. JSONPath has no such field, and puts the answer where it is told to.
    #[must_use]
    pub fn giving(self, output: JsonataExpression) -> Self {
        match self {
            Self::Jsonata { query_language, arguments, assign, .. } => {
                Self::Jsonata { query_language, arguments, assign, output: Some(output.into()) }
            }
            json_path => json_path,
        }
    }

    /// The same data, of a task in a state machine whose states read their input in `machine`. A task that has another
    /// language says so.
    #[must_use]
    pub fn within(self, machine: QueryLanguage) -> Self {
        match self {
            Self::Jsonata { arguments, assign, output, .. } => {
                let query_language = (machine != QueryLanguage::Jsonata).then_some(QueryLanguage::Jsonata);
                Self::Jsonata { query_language, arguments, assign, output }
            }
            json_path => json_path,
        }
    }

    /// The language of these fields.
    pub fn language(&self) -> QueryLanguage {
        match self {
            Self::JsonPath { .. } => QueryLanguage::JsonPath,
            Self::Jsonata { .. } => QueryLanguage::Jsonata,
        }
    }

    /// What the call is given.
    pub fn arguments(&self) -> &PayloadTemplate {
        match self {
            Self::JsonPath { parameters, .. } => parameters,
            Self::Jsonata { arguments, .. } => arguments.template(),
        }
    }
}

/// Whether the execution goes on.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[serde(untagged)]
pub enum Transition {
    /// With this state.
    #[serde(rename_all = "PascalCase")]
    Next {
        /// The state.
        next: StateName,
    },
    /// It does not: it ends well here.
    #[serde(rename_all = "PascalCase")]
    End {
        /// Always true.
        end: bool,
    },
}

impl Transition {
    /// The transition to `state`.
    pub fn to(state: &StateName) -> Self {
        Self::Next { next: state.clone() }
    }

    /// The transition that ends the workflow: `"End": true`.
    pub fn end() -> Self {
        Self::End { end: true }
    }

    /// The state that follows, if one does.
    pub fn target(&self) -> Option<&StateName> {
        match self {
            Self::Next { next } => Some(next),
            Self::End { .. } => None,
        }
    }
}

/// A state that branches.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[serde(rename_all = "PascalCase")]
pub struct Choice {
    /// What it is for.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub comment: Option<String>,
    /// The rules, tried in order.
    pub choices: Vec<ChoiceRule>,
    /// What follows where no rule holds. Without it an execution could fail there, so it is not optional.
    pub default: StateName,
}

/// A state that ends the execution well.
#[derive(Debug, Clone, Default, PartialEq, Serialize)]
#[serde(rename_all = "PascalCase")]
pub struct Succeed {
    /// What it means to have come here.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub comment: Option<String>,
}

/// A state that [ends the execution as failed](https://docs.aws.amazon.com/step-functions/latest/dg/state-fail.html), with the
/// error of a task that was caught before.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[serde(rename_all = "PascalCase")]
pub struct Fail {
    /// What it means to have come here.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub comment: Option<String>,
    /// Where the error is.
    #[serde(flatten)]
    pub data: FailData,
}

/// Where in its input a failing state finds the error, in the fields of either query language.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[serde(untagged)]
pub enum FailData {
    /// JSONPath's fields.
    #[serde(rename_all = "PascalCase")]
    JsonPath {
        /// Where the error's name is.
        error_path: ReferencePath,
        /// Where its description is.
        cause_path: ReferencePath,
    },
    /// JSONata's fields.
    #[serde(rename_all = "PascalCase")]
    Jsonata {
        /// The error's name.
        error: JsonataExpression,
        /// Its description.
        cause: JsonataExpression,
    },
}

impl State {
    /// The states that can follow this one, beside it.
    pub fn successors(&self) -> Vec<&StateName> {
        match self {
            Self::Task(task) => task.next.target().into_iter().chain(task.catch.iter().map(|c| &c.next)).collect(),
            Self::Choice(choice) => choice.choices.iter().map(ChoiceRule::next).chain([&choice.default]).collect(),
            Self::Pass(pass) => pass.next().target().into_iter().collect(),
            Self::Map(map) => vec![&map.next],
            Self::Succeed(_) | Self::Fail(_) => Vec::new(),
        }
    }

    /// The catchers, of a state that can have any, and the language in which they say what the next state gets.
    pub fn catchers_mut(&mut self) -> Option<(QueryLanguage, &mut Vec<Catcher>)> {
        match self {
            Self::Task(task) => Some((task.data.language(), &mut task.catch)),
            _ => None,
        }
    }

    /// The state machine within this state, if it has one.
    pub fn nested(&self) -> Option<&StateMachine> {
        match self {
            Self::Map(map) => Some(&map.processor),
            _ => None,
        }
    }
}
