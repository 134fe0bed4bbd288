//! What all flows of an execution share.

use std::sync::{Arc, Mutex};

use serde_json::{Map, Value, json};

use super::context::ContextBase;
use super::flow::Flow;
use super::history::{Details, History};
use super::inspection::StateRun;
use super::jsonata::Patience;
use super::random::{self, SharedRandom};
use super::scene::Scene;
use super::{ExecutionOptions, Failure, Timestamp, history};
use crate::asl::program::{Program, State, StateId, StateKind};

/// The program, the clock, the randomness and the history.
#[derive(Debug, Clone)]
pub(super) struct World {
    pub(super) program: Arc<Program>,
    pub(super) options: ExecutionOptions,
    pub(super) now: Timestamp,
    pub(super) random: SharedRandom,
    pub(super) patience: Patience,
    /// The execution's own history, and behind it those of the children of distributed Maps.
    pub(super) histories: Vec<History>,
    pub(super) runs: Vec<StateRun>,
    /// The states in the order in which they were left, where that is kept.
    pub(super) path: Vec<StateId>,
    /// How many events all histories have together.
    events: u64,
    /// What a test of a single state gives instead of the real thing.
    pub(super) test: Option<StateTest>,
    pub(super) context: ContextBase,
}

/// A test of a single state.
#[derive(Debug, Default, Clone)]
pub(super) struct StateTest {
    /// The context object.
    pub(super) context: Option<Value>,
    /// What a Map or a Parallel comes to, so that nothing inside it runs.
    pub(super) result: Option<Result<Value, Failure>>,
    /// The error of a state within it that it has to handle.
    pub(super) failed_within: Option<Failure>,
    /// How many items of a Map are said to have failed.
    pub(super) failed_items: Option<usize>,
    /// What the `ItemReader` of a Map is said to read.
    pub(super) reader_data: Option<String>,
    /// Whether the state is an iteration's of a Map.
    pub(super) is_in_map: bool,
    /// How often each entry of `Retry` is said to have been used.
    pub(super) retries: u64,
    /// The error with which the state would be tried again.
    pub(super) retried: Option<Failure>,
    /// Why the request has to be refused, where that shows only in the data.
    pub(super) refused: Option<String>,
}

impl World {
    pub(super) fn new(program: Arc<Program>, options: ExecutionOptions, input: Arc<Value>) -> Self {
        Self {
            program,
            now: options.start_time,
            patience: Patience::default(),
            random: Arc::new(Mutex::new(random::seeded(options.seed))),
            histories: vec![History::new(options.history, options.max_events)],
            runs: Vec::new(),
            path: Vec::new(),
            events: 0,
            test: None,
            context: ContextBase { input },
            options,
        }
    }

    /// The context object that a state sees; nothing, where it does not look.
    pub(super) fn context(&self, flow: &Flow, state: &State) -> Value {
        if let Some(context) = self.test.as_ref().and_then(|test| test.context.as_ref()) {
            return context.clone();
        }
        if !state.uses_context {
            return Value::Null;
        }
        let mut context = self.context.object(&self.options, flow, state);
        if let Some(test) = &self.test
            && let Some(count) = context.pointer_mut("/State/RetryCount")
        {
            *count = test.retries.into();
        }
        context
    }

    /// What a state's fields are worked out with.
    pub(super) fn scene<'a>(&'a self, flow: &'a Flow, state: &'a State, context: &'a Value) -> Scene<'a> {
        Scene {
            state,
            context,
            variables: &flow.variables,
            now: self.now,
            random: &self.random,
            patience: &self.patience,
        }
    }

    /// Whether the histories have as many events together as they may.
    pub(super) fn is_spent(&self) -> bool {
        self.events >= self.options.max_total_events.max(self.options.max_events)
    }

    /// A history for the child of a distributed Map.
    pub(super) fn new_history(&mut self) -> usize {
        self.histories.push(History::new(false, self.options.max_events));
        self.histories.len() - 1
    }

    /// Adds an event to a flow's history.
    pub(super) fn event(&mut self, flow: &mut Flow, kind: &'static str, details: Option<Details<'_>>) -> u64 {
        let history = &mut self.histories[flow.history];
        flow.previous = history.add(self.now, flow.previous, kind, details);
        self.events += 1;
        flow.previous
    }

    /// Adds the event that a state is entered.
    pub(super) fn entered(&mut self, flow: &mut Flow, state: &State) {
        let input = std::mem::take(&mut flow.input);
        let details = || {
            let mut details = Map::new();
            details.insert("name".to_owned(), state.name.as_str().into());
            details.extend(history::data("input", &input));
            ("stateEnteredEventDetails", Value::Object(details))
        };
        flow.entered = self.event(flow, entered_event(state), Some(&details));
        flow.entered_at = self.now;
        flow.input = input;
    }

    /// Adds the event that a state is left.
    pub(super) fn exited(
        &mut self,
        flow: &mut Flow,
        state: &State,
        output: &Value,
        assigned: Option<&Map<String, Value>>,
    ) {
        let details = || {
            let mut details = Map::new();
            details.insert("name".to_owned(), state.name.as_str().into());
            details.extend(history::data("output", output));
            if let Some(assigned) = assigned {
                let texts: Map<_, _> = assigned.iter().map(|(k, v)| (k.clone(), Value::from(v.to_string()))).collect();
                details.insert("assignedVariables".to_owned(), Value::Object(texts));
                details.insert("assignedVariablesDetails".to_owned(), json!({"truncated": false}));
            }
            ("stateExitedEventDetails", Value::Object(details))
        };
        self.event(flow, exited_event(state), Some(&details));
    }
}

fn entered_event(state: &State) -> &'static str {
    match state.kind {
        StateKind::Task(_) => "TaskStateEntered",
        StateKind::Pass(_) => "PassStateEntered",
        StateKind::Choice(_) => "ChoiceStateEntered",
        StateKind::Wait(_) => "WaitStateEntered",
        StateKind::Succeed => "SucceedStateEntered",
        StateKind::Fail(_) => "FailStateEntered",
        StateKind::Parallel(_) => "ParallelStateEntered",
        StateKind::Map(_) | StateKind::Unknown => "MapStateEntered",
    }
}

/// A Fail has no such event: the execution ends in it.
fn exited_event(state: &State) -> &'static str {
    match state.kind {
        StateKind::Task(_) => "TaskStateExited",
        StateKind::Pass(_) => "PassStateExited",
        StateKind::Choice(_) => "ChoiceStateExited",
        StateKind::Wait(_) => "WaitStateExited",
        StateKind::Succeed => "SucceedStateExited",
        StateKind::Parallel(_) => "ParallelStateExited",
        StateKind::Fail(_) | StateKind::Map(_) | StateKind::Unknown => "MapStateExited",
    }
}
