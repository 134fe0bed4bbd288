use std::collections::HashSet;

use indexmap::IndexMap;
use serde::{Deserialize, Serialize};
use thiserror::Error;

use super::{State, SubstitutionName, Task};
use crate::name::StateName;

/// A state machine's definition: the states, and where an execution begins.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "PascalCase", try_from = "Written")]
pub struct StateMachine {
    comment: String,
    start_at: StateName,
    #[serde(skip_serializing_if = "Option::is_none")]
    timeout_seconds: Option<u32>,
    states: IndexMap<StateName, State>,
}

/// Why states do not make a state machine.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
pub enum DefinitionError {
    /// A transition, or `StartAt`, names a state that is not there.
    #[error("{from} leads to the state `{to}`, which does not exist")]
    NoSuchState {
        /// Where the name stands: a state, or `StartAt`.
        from: String,
        /// The name.
        to: StateName,
    },
    /// A state that no execution comes to.
    #[error("no path leads to the state `{0}`")]
    Unreachable(StateName),
}

/// A definition as it is written, before its transitions are checked.
#[derive(Deserialize)]
#[serde(rename_all = "PascalCase", deny_unknown_fields)]
struct Written {
    #[serde(default)]
    comment: String,
    start_at: StateName,
    #[serde(default)]
    timeout_seconds: Option<u32>,
    states: IndexMap<StateName, State>,
}

impl TryFrom<Written> for StateMachine {
    type Error = DefinitionError;

    fn try_from(written: Written) -> Result<Self, DefinitionError> {
        let machine = Self::new(written.comment, written.start_at, written.states)?;
        Ok(Self { timeout_seconds: written.timeout_seconds, ..machine })
    }
}

impl StateMachine {
    /// A state machine of these states.
    ///
    /// # Errors
    /// A transition leads nowhere, or a state is never reached.
    pub fn new(
        comment: impl Into<String>,
        start_at: StateName,
        states: IndexMap<StateName, State>,
    ) -> Result<Self, DefinitionError> {
        let machine = Self { comment: comment.into(), start_at, timeout_seconds: None, states };
        let reached = machine.reached()?;
        match machine.states.keys().find(|name| !reached.contains(name)) {
            Some(name) => Err(DefinitionError::Unreachable(name.clone())),
            None => Ok(machine),
        }
    }

    /// The same with other states: it begins with the same one, and has the same timeout.
    ///
    /// # Errors
    /// A transition leads nowhere, or a state is never reached.
    pub fn with_states(&self, states: IndexMap<StateName, State>) -> Result<Self, DefinitionError> {
        let machine = Self::new(self.comment.clone(), self.start_at.clone(), states)?;
        Ok(Self { timeout_seconds: self.timeout_seconds, ..machine })
    }

    /// The same, where an execution that takes longer than this many seconds is stopped: it ends as timed out, with the
    /// error `States.Timeout`, which no state of the machine can catch.
    pub fn with_timeout(self, seconds: u32) -> Self {
        Self { timeout_seconds: Some(seconds), ..self }
    }

    /// The states that an execution can come to.
    fn reached(&self) -> Result<HashSet<&StateName>, DefinitionError> {
        let mut reached = HashSet::new();
        let mut next = vec![("StartAt".to_owned(), &self.start_at)];
        while let Some((from, name)) = next.pop() {
            let Some(state) = self.states.get(name) else {
                return Err(DefinitionError::NoSuchState { from, to: name.clone() });
            };
            if reached.insert(name) {
                next.extend(state.successors().into_iter().map(|to| (format!("the state `{name}`"), to)));
            }
        }
        Ok(reached)
    }

    /// What it is for.
    pub fn comment(&self) -> &str {
        &self.comment
    }

    /// The state that executions begin with.
    pub fn start_at(&self) -> &StateName {
        &self.start_at
    }

    /// After how many seconds an execution is stopped.
    pub fn timeout_seconds(&self) -> Option<u32> {
        self.timeout_seconds
    }

    /// The states, in the order in which they are written.
    pub fn states(&self) -> &IndexMap<StateName, State> {
        &self.states
    }

    /// The states that call a service.
    pub fn tasks(&self) -> impl Iterator<Item = (&StateName, &Task)> {
        self.states.iter().filter_map(|(name, state)| match state {
            State::Task(task) => Some((name, task)),
            _ => None,
        })
    }

    /// The substitutions that it asks for, each once.
    pub fn substitutions(&self) -> Vec<&SubstitutionName> {
        let mut names = Vec::new();
        for (_, task) in self.tasks() {
            for name in task.parameters.substitutions() {
                if !names.contains(&name) {
                    names.push(name);
                }
            }
        }
        names
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn machine(text: &str) -> Result<StateMachine, String> {
        serde_json::from_str(text).map_err(|error| error.to_string())
    }

    #[test]
    fn transitions_lead_somewhere() {
        let error = machine(r#"{"StartAt":"A","States":{"B":{"Type":"Succeed"}}}"#).unwrap_err();
        assert_eq!(error, "StartAt leads to the state `A`, which does not exist");
        let error =
            machine(r#"{"StartAt":"A","States":{"A":{"Type":"Choice","Choices":[],"Default":"B"}}}"#).unwrap_err();
        assert_eq!(error, "the state `A` leads to the state `B`, which does not exist");
    }

    #[test]
    fn every_state_is_reached() {
        let error = machine(r#"{"StartAt":"A","States":{"A":{"Type":"Succeed"},"B":{"Type":"Succeed"}}}"#).unwrap_err();
        assert_eq!(error, "no path leads to the state `B`");
    }
}
