use std::collections::HashSet;

use indexmap::IndexMap;
use serde::Serialize;
use thiserror::Error;

use super::{ItemReader, PayloadTemplate, QueryLanguage, State, SubstitutionName, Task};
use crate::name::StateName;

/// A state machine's definition: the states, and where an execution begins.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[serde(rename_all = "PascalCase")]
pub struct StateMachine {
    #[serde(skip_serializing_if = "String::is_empty")]
    comment: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    query_language: Option<QueryLanguage>,
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
    /// Two states have one name. A state within another state is no exception: names are unique in the whole definition.
    #[error("there are two states `{0}`: a name is unique in the whole definition")]
    Twice(StateName),
}

impl StateMachine {
    /// A state machine of these states.
    ///
    /// # Errors
    /// A transition leads nowhere, a state is never reached, or one within another state has the name of one outside.
    pub fn new(
        comment: impl Into<String>,
        start_at: StateName,
        states: IndexMap<StateName, State>,
    ) -> Result<Self, DefinitionError> {
        let machine = Self { comment: comment.into(), query_language: None, start_at, timeout_seconds: None, states };
        let reached = machine.reached()?;
        match machine.states.keys().find(|name| !reached.contains(name)) {
            Some(name) => Err(DefinitionError::Unreachable(name.clone())),
            None => machine.distinct(),
        }
    }

    /// A state machine for the items of a Map, which says itself what it is for.
    ///
    /// # Errors
    /// As for [`StateMachine::new`].
    pub fn nested(start_at: StateName, states: IndexMap<StateName, State>) -> Result<Self, DefinitionError> {
        Self::new(String::new(), start_at, states)
    }

    /// No two states have one name.
    fn distinct(self) -> Result<Self, DefinitionError> {
        let mut names = HashSet::new();
        match self.all_states().into_iter().find(|(name, _)| !names.insert(*name)) {
            Some((name, _)) => Err(DefinitionError::Twice(name.clone())),
            None => Ok(self),
        }
    }

    /// The same state machine, whose states read their input in this language. JSONPath is what holds where none is named.
    pub fn in_language(self, language: QueryLanguage) -> Self {
        Self { query_language: (language != QueryLanguage::JsonPath).then_some(language), ..self }
    }

    /// The same with other states: it begins with the same one, and has the same language and timeout.
    ///
    /// # Errors
    /// As for [`StateMachine::new`].
    pub fn with_states(&self, states: IndexMap<StateName, State>) -> Result<Self, DefinitionError> {
        let machine = Self::new(self.comment.clone(), self.start_at.clone(), states)?;
        Ok(Self { query_language: self.query_language, timeout_seconds: self.timeout_seconds, ..machine })
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

    /// The language in which its states read their input, where they do not say themselves.
    pub fn language(&self) -> QueryLanguage {
        self.query_language.unwrap_or_default()
    }

    /// After how many seconds an execution is stopped.
    pub fn timeout_seconds(&self) -> Option<u32> {
        self.timeout_seconds
    }

    /// The state that executions begin with.
    pub fn start_at(&self) -> &StateName {
        &self.start_at
    }

    /// The states, in the order in which they are written.
    pub fn states(&self) -> &IndexMap<StateName, State> {
        &self.states
    }

    /// The states and those within them, each before what is within it.
    pub fn all_states(&self) -> Vec<(&StateName, &State)> {
        let mut found = Vec::new();
        for (name, state) in &self.states {
            found.push((name, state));
            found.extend(state.nested().map(Self::all_states).unwrap_or_default());
        }
        found
    }

    /// The states that read a list, and what reads it.
    pub fn item_readers(&self) -> impl Iterator<Item = (&StateName, &ItemReader)> {
        self.all_states().into_iter().filter_map(|(name, state)| match state {
            State::Map(map) => map.item_reader().map(|reader| (name, reader)),
            _ => None,
        })
    }

    /// The states that call a service, those within other states among them.
    pub fn tasks(&self) -> impl Iterator<Item = (&StateName, &Task)> {
        self.all_states().into_iter().filter_map(|(name, state)| match state {
            State::Task(task) => Some((name, task)),
            _ => None,
        })
    }

    /// The substitutions that it asks for, each once.
    pub fn substitutions(&self) -> Vec<&SubstitutionName> {
        let mut names = Vec::new();
        let tasks = self.tasks().map(|(_, task)| task.data.arguments());
        let readers = self.item_readers().map(|(_, reader)| &reader.parameters);
        for name in tasks.chain(readers).flat_map(PayloadTemplate::substitutions) {
            if !names.contains(&name) {
                names.push(name);
            }
        }
        names
    }
}

#[cfg(test)]
mod tests {
    use super::super::{Choice, Map, MapMode, ReferencePath, Succeed, TaskData, Transition};
    use super::*;
    use crate::aws::integration::Integration;

    fn name(text: &str) -> StateName {
        StateName::parse(text).unwrap()
    }

    fn succeed() -> State {
        State::Succeed(Succeed::default())
    }

    /// A state machine that starts at `A`, or why these states make none.
    fn machine<const N: usize>(states: [(&str, State); N]) -> Result<StateMachine, String> {
        let states = states.into_iter().map(|(text, state)| (name(text), state)).collect();
        StateMachine::new("", name("A"), states).map_err(|error| error.to_string())
    }

    #[test]
    fn transitions_lead_somewhere() {
        let error = machine([("B", succeed())]).unwrap_err();
        assert_eq!(error, "StartAt leads to the state `A`, which does not exist");
        let choice = State::Choice(Choice { comment: None, choices: Vec::new(), default: name("B") });
        let error = machine([("A", choice)]).unwrap_err();
        assert_eq!(error, "the state `A` leads to the state `B`, which does not exist");
    }

    #[test]
    fn every_state_is_reached() {
        let error = machine([("A", succeed()), ("B", succeed())]).unwrap_err();
        assert_eq!(error, "no path leads to the state `B`");
    }

    /// The states of a Map: a task with this name, and an end.
    fn processor(task: &str, next: &str) -> Result<StateMachine, DefinitionError> {
        let table = PayloadTemplate::Substitution(SubstitutionName::parse("TableName").unwrap());
        let put = State::Task(Task {
            comment: None,
            resource: Integration::optimized("dynamodb", "putItem"),
            data: TaskData::parameters(PayloadTemplate::object::<_, PayloadTemplate>([("TableName", table)])),
            retry: Vec::new(),
            catch: Vec::new(),
            next: Transition::to(&name(next)),
        });
        StateMachine::nested(name(task), IndexMap::from([(name(task), put), (name("D"), succeed())]))
    }

    /// A machine of a Map named `A` over these states.
    fn with_map(processor: StateMachine) -> Result<StateMachine, String> {
        let mode = MapMode::Inline { items_path: ReferencePath::input() };
        let map = Map { comment: None, mode, processor, max_concurrency: 1, next: name("C") };
        machine([("A", State::Map(Box::new(map))), ("C", succeed())])
    }

    #[test]
    fn states_within_states_are_seen() {
        let machine = with_map(processor("B", "D").unwrap()).unwrap();
        assert_eq!(machine.tasks().map(|(name, _)| name.as_str()).collect::<Vec<_>>(), ["B"]);
        assert_eq!(machine.substitutions(), [&SubstitutionName::parse("TableName").unwrap()]);
    }

    #[test]
    fn states_within_states_are_checked() {
        let error = processor("B", "C").unwrap_err();
        assert_eq!(error.to_string(), "the state `B` leads to the state `C`, which does not exist");
        let error = with_map(processor("A", "D").unwrap()).unwrap_err();
        assert_eq!(error, "there are two states `A`: a name is unique in the whole definition");
    }
}
