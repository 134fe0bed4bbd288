//! Services that answer as they did when an execution was recorded.

use std::collections::{HashMap, VecDeque};

use bucketbook::simulate::services::{
    Caller, Completion, LocalServices, ServiceAnswer, ServiceCall, Services, TaskError,
};
use serde::Deserialize;
use serde_json::Value;

/// An event of a task state, as the corpus has it.
#[derive(Deserialize)]
pub(crate) struct TaskEvent {
    /// Not known of every event.
    state: Option<String>,
    event: String,
    output: Option<Value>,
    parameters: Option<Value>,
    input: Option<Value>,
    error: Option<String>,
    cause: Option<Value>,
}

/// The recorded answers that are still to be given, by the name of the state.
#[derive(Default)]
pub(crate) struct Replay {
    answers: HashMap<String, VecDeque<ServiceAnswer>>,
    /// What answers where nothing is recorded.
    otherwise: Option<LocalServices>,
    /// State and arguments of each call by a task.
    pub(crate) calls: Vec<(String, Value)>,
}

impl Replay {
    /// The answers of these events, and behind them services as the recording's author prepared them.
    pub(crate) fn new(events: &[TaskEvent], otherwise: LocalServices) -> Self {
        let mut replay = Self { otherwise: Some(otherwise), ..Self::default() };
        let mut submitted: HashMap<&str, Value> = HashMap::new();
        for event in events {
            let state = event.state.as_deref().unwrap_or_default();
            let answer = match event.event.as_str() {
                "TaskSubmitted" => {
                    submitted.insert(state, event.output.clone().unwrap_or_default());
                    continue;
                }
                kind if kind.ends_with("Succeeded") => {
                    ServiceAnswer::returned(event.output.clone().unwrap_or_default())
                }
                kind if kind.ends_with("Failed") && kind != "EvaluationFailed" => ServiceAnswer::threw(event.error()),
                kind if kind.ends_with("TimedOut") => ServiceAnswer::never(),
                _ => continue,
            };
            let answer = match submitted.remove(state) {
                Some(output) => answer.submitted(output),
                None => answer,
            };
            replay.answers.entry(state.to_owned()).or_default().push_back(answer);
        }
        replay
    }
}

impl TaskEvent {
    /// What a service was asked, and by which state.
    pub(crate) fn asked(&self) -> Option<(Option<&str>, &Value)> {
        Some((self.state.as_deref(), self.parameters.as_ref().or(self.input.as_ref())?))
    }

    fn error(&self) -> TaskError {
        let cause = match &self.cause {
            None | Some(Value::Null) => String::new(),
            Some(Value::String(text)) => text.clone(),
            Some(other) => other.to_string(),
        };
        TaskError::new(self.error.clone().unwrap_or_default(), cause)
    }
}

impl Services for Replay {
    fn call(&mut self, call: &ServiceCall<'_>) -> ServiceAnswer {
        if call.caller == Caller::Task {
            self.calls.push((call.state.to_owned(), call.arguments.clone()));
        }
        let mut next = |state: &str| self.answers.get_mut(state).and_then(VecDeque::pop_front);
        let answer = next(call.state).or_else(|| next(""));
        let answer = answer.or_else(|| self.otherwise.as_mut().map(|services| services.call(call)));
        answer.unwrap_or_else(|| ServiceAnswer {
            submitted: None,
            completion: Completion::Failed(TaskError::new("NotRecorded", format!("no answer left for {}", call.state))),
            duration: std::time::Duration::ZERO,
            heartbeats: Vec::new(),
        })
    }
}
