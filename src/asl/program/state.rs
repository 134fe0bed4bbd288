//! The states of a program.

use serde_json::Value;

use super::data::Template;
use super::dynamic::Dynamic;
use super::jsonata::Expression;
use super::language::DataFields;
use super::map::Map;
use super::retry::{Catcher, Retrier};
use super::unknown::{Need, Unknown};
use super::{MachineId, StateId};
use crate::asl::{QueryLanguage, query};
use crate::aws::integration::Resource;
use crate::source::Pointer;

/// A state, with the fields that several types share.
#[derive(Debug, Clone)]
pub struct State {
    /// The name of the state, unique in the whole definition.
    pub name: String,
    /// Where it stands, as a JSON Pointer from the definition's root: `/States/Query`.
    pub pointer: Pointer,
    /// The machine that it is one of.
    pub machine: MachineId,
    /// What its author says of it.
    pub comment: Option<String>,
    /// What it makes of its data, in the language that it is in.
    pub data: DataFields,
    /// The variables that it sets.
    pub assign: Option<Template>,
    /// What is tried again.
    pub retry: Vec<Retrier>,
    /// What is caught.
    pub catch: Vec<Catcher>,
    /// What follows. A Choice, a Succeed and a Fail have none of their own.
    pub transition: Option<Transition>,
    /// Whether anything in it may look at the context object, so that it has to be made.
    pub uses_context: bool,
    /// The values that only a deployment says, and how much depends on each.
    pub unknown: Vec<(Unknown, Need)>,
    /// The fields that could not be read because of them.
    pub unread: Vec<Pointer>,
    /// Its type, and the fields that only this type has.
    pub kind: StateKind,
}

/// What follows a state.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Transition {
    /// `Next`.
    Next(StateId),
    /// `End`.
    End,
}

/// The type of a state: its [`Type`](https://states-language.net/spec.html#state-types).
#[derive(Debug, Clone)]
pub enum StateKind {
    /// Calls a service.
    Task(Box<Task>),
    /// Passes data on.
    Pass(Pass),
    /// Chooses what follows.
    Choice(Choice),
    /// Waits.
    Wait(Wait),
    /// Ends well.
    Succeed,
    /// Ends with an error.
    Fail(Fail),
    /// Does several things at once.
    Parallel(Parallel),
    /// Does one thing for every item.
    Map(Box<Map>),
    /// Only a deployment says what it does.
    Unknown,
}

impl StateKind {
    /// Whether a failed state of this type [can be tried again](https://docs.aws.amazon.com/step-functions/latest/dg/concepts-error-handling.html#error-handling-retrying-after-an-error).
    pub fn can_be_retried(&self) -> bool {
        matches!(self, Self::Task(_) | Self::Parallel(_) | Self::Map(_))
    }
}

/// What only a Task has.
#[derive(Debug, Clone)]
pub struct Task {
    /// What it calls.
    pub resource: Resource,
    /// After how many seconds it has failed with `States.Timeout`.
    pub timeout_seconds: Option<Dynamic<f64>>,
    /// How many seconds it may be silent.
    pub heartbeat_seconds: Option<Dynamic<f64>>,
    /// The role that it asks for.
    pub credentials: Option<Template>,
}

/// What only a Pass has.
#[derive(Debug, Clone)]
pub struct Pass {
    /// JSONPath: the result, where it is not the input.
    pub result: Option<Value>,
}

/// What only a Choice has.
#[derive(Debug, Clone)]
pub struct Choice {
    /// The rules, of which the first that holds decides.
    pub choices: Vec<ChoiceRule>,
    /// Where it goes if none holds.
    pub default: Option<StateId>,
}

/// A rule of a Choice.
#[derive(Debug, Clone)]
pub struct ChoiceRule {
    /// When it holds.
    pub condition: ChoiceCondition,
    /// Where it leads.
    pub next: StateId,
    /// The variables that it sets.
    pub assign: Option<Template>,
    /// JSONata: the output.
    pub output: Option<Template>,
}

/// When a rule of a Choice holds.
#[derive(Debug, Clone)]
pub enum ChoiceCondition {
    /// JSONPath: comparisons.
    JsonPath(query::ChoiceExpression),
    /// JSONata: an expression, or `true` or `false`.
    Jsonata(Dynamic<bool>),
}

/// What only a Wait has.
#[derive(Debug, Clone)]
pub enum Wait {
    /// For a number of seconds.
    Seconds(Dynamic<f64>),
    /// Until a moment.
    Timestamp(Dynamic<String>),
}

/// What only a Fail has.
#[derive(Debug, Clone)]
pub struct Fail {
    /// The name of the error.
    pub error: Option<Dynamic<String>>,
    /// What happened, for people.
    pub cause: Option<Dynamic<String>>,
}

/// What only a Parallel has.
#[derive(Debug, Clone)]
pub struct Parallel {
    /// What is done at once.
    pub branches: Vec<MachineId>,
}

impl StateKind {
    /// The name of the type.
    pub fn name(&self) -> &'static str {
        match self {
            Self::Task(_) => "Task",
            Self::Pass(_) => "Pass",
            Self::Choice(_) => "Choice",
            Self::Wait(_) => "Wait",
            Self::Succeed => "Succeed",
            Self::Fail(_) => "Fail",
            Self::Parallel(_) => "Parallel",
            Self::Map(_) => "Map",
            Self::Unknown => "Unknown",
        }
    }
}

impl State {
    /// Every state that may follow this one, those after caught errors too, in the order in which they are written.
    pub fn successors(&self) -> Vec<StateId> {
        let mut found = Vec::new();
        if let StateKind::Choice(choice) = &self.kind {
            found.extend(choice.choices.iter().map(|rule| rule.next));
            found.extend(choice.default);
        }
        if let Some(Transition::Next(next)) = self.transition {
            found.push(next);
        }
        found.extend(self.catch.iter().map(|catcher| catcher.next));
        found
    }

    /// The machines inside it: a Parallel's branches, a Map's processor.
    pub fn machines(&self) -> &[MachineId] {
        match &self.kind {
            StateKind::Parallel(parallel) => &parallel.branches,
            StateKind::Map(map) => std::slice::from_ref(&map.item_processor),
            _ => &[],
        }
    }

    /// The language of its fields.
    pub fn query_language(&self) -> QueryLanguage {
        match self.data {
            DataFields::JsonPath(_) => QueryLanguage::JsonPath,
            DataFields::Jsonata(_) => QueryLanguage::Jsonata,
        }
    }

    /// Whether it reads with JSONata.
    pub fn is_jsonata(&self) -> bool {
        self.query_language() == QueryLanguage::Jsonata
    }
}

impl ChoiceCondition {
    /// The expression, where the condition is one.
    pub fn expression(&self) -> Option<&Expression> {
        match self {
            Self::Jsonata(Dynamic::Expression(expression)) => Some(expression),
            _ => None,
        }
    }
}
