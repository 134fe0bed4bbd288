use indexmap::IndexMap;
use serde::{Deserialize, Serialize};
use thiserror::Error;

use super::{Handle, ServerlessStateMachine, Value};
use crate::asl::{Field, MapMode, PayloadTemplate, State, StateMachine, SubstitutionName};
use crate::name::StateName;

/// A [policy document](https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements.html): what a role may do.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "PascalCase", deny_unknown_fields)]
pub struct PolicyDocument {
    version: String,
    statement: Vec<Statement>,
}

/// A statement of a policy: these actions on this resource.
///
/// Statements are derived from the tasks of a definition and cannot be made by hand, so a role holds no permission that no
/// task uses, and a managed policy such as `CloudWatchLogsFullAccess` has no form here:
///
/// ```compile_fail,E0451
/// # use bucketbook::stack::*;
/// # fn widen(resource: Value) {
/// Statement { effect: Effect::Allow, action: vec!["logs:*".to_owned()], resource };
/// # }
/// ```
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "PascalCase", deny_unknown_fields)]
pub struct Statement {
    effect: Effect,
    action: Vec<String>,
    resource: Value,
}

/// Whether a statement allows or denies.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub enum Effect {
    /// It allows.
    Allow,
}

/// Why no permission can be derived for a task.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
pub enum PermissionError {
    /// The parameter that names what the task works on is missing or no substitution.
    #[error("the state `{0}` does not name what it works on by a substitution, so no permission can be derived for it")]
    UnknownTarget(StateName),
    /// The substitution that names it stands for no resource.
    #[error("the state `{state}` works on {name}, which stands for no resource of the stack")]
    UnknownResource {
        /// The state.
        state: StateName,
        /// The substitution.
        name: SubstitutionName,
    },
}

impl PolicyDocument {
    /// The version of the policy language.
    pub(super) const VERSION: &'static str = "2012-10-17";

    /// Exactly what the tasks of `definition`, and the readers of its lists, need, where each substitution stands for the resource with that ARN.
    ///
    /// # Errors
    /// A task works on something that has no ARN here.
    pub fn for_tasks(
        definition: &StateMachine,
        arns: &IndexMap<SubstitutionName, Value>,
    ) -> Result<Self, PermissionError> {
        let mut statement: Vec<Statement> = Vec::new();
        let tasks = definition.tasks().map(|(state, task)| (state, &task.resource, task.data.arguments(), "TableName"));
        let readers =
            definition.item_readers().map(|(state, reader)| (state, &reader.resource, &reader.parameters, "Bucket"));
        for (state, call, parameters, target) in tasks.chain(readers) {
            let Some(Field::Template(PayloadTemplate::Substitution(name))) = parameters.get(target) else {
                return Err(PermissionError::UnknownTarget(state.clone()));
            };
            let Some(resource) = arns.get(name) else {
                return Err(PermissionError::UnknownResource { state: state.clone(), name: name.clone() });
            };
            let action = call.iam_action();
            match statement.iter_mut().find(|statement| statement.resource == *resource) {
                Some(statement) if statement.action.contains(&action) => {}
                Some(statement) => statement.action.push(action),
                None => statement.push(Statement {
                    effect: Effect::Allow,
                    action: vec![action],
                    resource: resource.clone(),
                }),
            }
        }
        for statement in &mut statement {
            statement.action.sort();
        }
        Ok(Self { version: Self::VERSION.to_owned(), statement })
    }

    /// The same, and what `machine` needs of itself if its `definition` has a Distributed Map: it starts the children as
    /// executions of its own, watches them, and stops them. See
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
            let allow = |actions: &[&str], resource| Statement {
                effect: Effect::Allow,
                action: actions.iter().map(|action| format!("states:{action}")).collect(),
                resource,
            };
            document.statement.push(allow(&["StartExecution"], machine.reference()));
            document.statement.push(allow(&["DescribeExecution", "StopExecution"], machine.executions()));
        }
        Ok(document)
    }

    /// Its statements.
    pub fn statements(&self) -> &[Statement] {
        &self.statement
    }
}

impl Statement {
    /// The actions, in alphabetical order.
    pub fn actions(&self) -> &[String] {
        &self.action
    }

    /// What they may be done to.
    pub fn resource(&self) -> &Value {
        &self.resource
    }
}
