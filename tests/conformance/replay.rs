//! Services that answer as they did when an execution was recorded.

use std::collections::{HashMap, VecDeque};

use bucketbook::simulate::services::{Completion, ServiceAnswer, ServiceCall, Services, TaskError};
use serde::Deserialize;
use serde_json::Value;

/// An event of a task state, as the corpus has it.
#[derive(Deserialize)]
pub(crate) struct TaskEvent {
    /// Not known of every event.
    state: Option<String>,
    event: String,
    output: Option<Value>,
    error: Option<String>,
    cause: Option<Value>,
}

/// The recorded answers that are still to be given, by the name of the state.
#[derive(Default)]
pub(crate) struct Replay {
    answers: HashMap<String, VecDeque<ServiceAnswer>>,
}

impl Replay {
    /// The answers of these events.
    pub(crate) fn new(events: &[TaskEvent]) -> Self {
        let mut replay = Self::default();
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
        let mut next = |state: &str| self.answers.get_mut(state).and_then(VecDeque::pop_front);
        let answer = next(call.state).or_else(|| next(""));
        answer.unwrap_or_else(|| ServiceAnswer {
            submitted: None,
            completion: Completion::Failed(TaskError::new("NotRecorded", format!("no answer left for {}", call.state))),
            duration: std::time::Duration::ZERO,
            heartbeats: Vec::new(),
        })
    }
}
