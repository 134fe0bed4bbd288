use serde::{Deserialize, Serialize};

use super::{Catcher, ChoiceRule, Integration, PayloadTemplate, ReferencePath, Retrier};
use crate::name::StateName;

/// A [state](https://states-language.net/spec.html#statetypes) of a state machine. Fields are written in the order of the
/// documentation.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(tag = "Type")]
pub enum State {
    /// Does something: here, calls a service.
    Task(Task),
    /// Goes on to one of several states.
    Choice(Choice),
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
/// # use bucketbook::name::StateName;
/// let put = Task {
///     comment: None,
///     resource: Integration::optimized("dynamodb", "putItem"),
///     parameters: PayloadTemplate::Object(Default::default()),
///     result_path: None,
///     retry: vec![],
///     catch: vec![],
///     next: StateName::parse("ObjectAdded").unwrap(),
/// };
/// ```
///
/// ```compile_fail,E0063
/// # use bucketbook::asl::*;
/// # use bucketbook::name::StateName;
/// let put = Task {
///     comment: None,
///     resource: Integration::optimized("dynamodb", "putItem"),
///     parameters: PayloadTemplate::Object(Default::default()),
///     result_path: None,
///     catch: vec![],
///     next: StateName::parse("ObjectAdded").unwrap(),
/// };
/// ```
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "PascalCase", deny_unknown_fields)]
pub struct Task {
    /// What it is for.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub comment: Option<String>,
    /// The call.
    pub resource: Integration,
    /// What the call is given.
    pub parameters: PayloadTemplate,
    /// Where in the input the answer is put; without it the answer replaces the input.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub result_path: Option<ReferencePath>,
    /// How it is tried again.
    pub retry: Vec<Retrier>,
    /// What follows when it failed for good. An error that no catcher names fails the execution.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub catch: Vec<Catcher>,
    /// What follows.
    pub next: StateName,
}

/// A state that branches.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "PascalCase", deny_unknown_fields)]
pub struct Choice {
    /// What it is for.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub comment: Option<String>,
    /// The rules, tried in order.
    pub choices: Vec<ChoiceRule>,
    /// What follows where no rule holds. Without it an execution could fail there, so it is not optional.
    pub default: StateName,
}

/// A state that ends the execution well.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "PascalCase", deny_unknown_fields)]
pub struct Succeed {
    /// What it means to have come here.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub comment: Option<String>,
}

/// A state that [ends the execution as failed](https://docs.aws.amazon.com/step-functions/latest/dg/state-fail.html), with the
/// error of a task that was caught before.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "PascalCase", deny_unknown_fields)]
pub struct Fail {
    /// What it means to have come here.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub comment: Option<String>,
    /// Where in the input the error's name is.
    pub error_path: ReferencePath,
    /// Where in the input its description is.
    pub cause_path: ReferencePath,
}

impl State {
    /// The states that can follow this one.
    pub fn successors(&self) -> Vec<&StateName> {
        match self {
            Self::Task(task) => [&task.next].into_iter().chain(task.catch.iter().map(|c| &c.next)).collect(),
            Self::Choice(choice) => choice.choices.iter().map(ChoiceRule::next).chain([&choice.default]).collect(),
            Self::Succeed(_) | Self::Fail(_) => Vec::new(),
        }
    }

    /// The catchers, of a state that can have any.
    pub fn catchers_mut(&mut self) -> Option<&mut Vec<Catcher>> {
        match self {
            Self::Task(task) => Some(&mut task.catch),
            Self::Choice(_) | Self::Succeed(_) | Self::Fail(_) => None,
        }
    }
}
