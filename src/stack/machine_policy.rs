//! What a state machine needs beside its tasks: to start its own children, and to write its logs.

use indexmap::IndexMap;

use super::iam::names;
use super::{Handle, Logging, PermissionError, PolicyDocument, ServerlessStateMachine, Statement, Value};
use crate::asl::{MapMode, State, StateMachine, SubstitutionName};
use crate::aws::needs::{self, Needed};

impl PolicyDocument {
    /// The same, and what `machine` needs of itself if its `definition` has a Distributed Map: it starts the children as
    /// executions of its own, watches them, stops them, and redrives those that failed. See
    /// [permissions of a Distributed Map](https://docs.aws.amazon.com/step-functions/latest/dg/iam-policies-eg-dist-map.html).
    ///
    /// # Errors
    /// As for [`PolicyDocument::for_tasks`].
    pub fn for_state_machine(
        definition: &StateMachine,
        arns: &IndexMap<SubstitutionName, Value>,
        machine: &Handle<ServerlessStateMachine>,
    ) -> Result<Self, PermissionError> {
        let mut document = Self::for_tasks(definition, arns)?;
        let distributed = definition
            .all_states()
            .into_iter()
            .any(|(_, state)| matches!(state, State::Map(map) if matches!(map.mode, MapMode::Distributed(_))));
        if distributed {
            let allow = |needed: &[Needed], resource| Statement::allow(names(needed), resource);
            document.statement.push(allow(&[needs::START_CHILDREN], machine.reference()));
            document.statement.push(allow(&needs::WATCH_CHILDREN, machine.executions()));
            document.statement.push(allow(&[needs::REDRIVE_CHILDREN], machine.child_executions()));
        }
        Ok(document)
    }

    /// The same, and what a state machine needs for its logging. Log deliveries are no resources of their own, so AWS takes
    /// these actions on `*` only, as it does those for traces; nowhere else does a role of ours have that.
    pub fn with_log_delivery(mut self, _: &Logging) -> Self {
        self.statement.push(Statement::allow(names(&needs::LOG_DELIVERY), Value::from("*")));
        self
    }
}
