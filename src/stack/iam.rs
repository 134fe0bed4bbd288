use indexmap::IndexMap;
use serde::{Deserialize, Serialize};
use thiserror::Error;

use super::{TableCall, Value};
use crate::asl::{Field, PayloadTemplate, StateMachine, SubstitutionName};
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
/// Statements are derived from the tasks of a definition, or the calls of an API, and cannot be made by hand, so a role holds no permission that nothing
/// uses, and a managed policy such as `CloudWatchLogsFullAccess` has no form here:
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
    #[error("the state `{0}` does not name its table by a substitution, so no permission can be derived for it")]
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
    /// Exactly what the tasks of `definition` need, where each substitution stands for the resource with that ARN.
    ///
    /// # Errors
    /// A task works on something that has no ARN here.
    pub fn for_tasks(
        definition: &StateMachine,
        arns: &IndexMap<SubstitutionName, Value>,
    ) -> Result<Self, PermissionError> {
        let mut needed = Vec::new();
        for (state, task) in definition.tasks() {
            let Some(Field::Template(PayloadTemplate::Substitution(name))) = task.parameters.get("TableName") else {
                return Err(PermissionError::UnknownTarget(state.clone()));
            };
            let Some(resource) = arns.get(name) else {
                return Err(PermissionError::UnknownResource { state: state.clone(), name: name.clone() });
            };
            needed.push((task.resource.iam_action(), resource));
        }
        Ok(Self::allowing(needed))
    }

    /// Exactly what these calls need.
    pub fn for_calls<'a>(calls: impl IntoIterator<Item = &'a TableCall>) -> Self {
        Self::allowing(calls.into_iter().map(|call| (call.iam_action(), call.resource())))
    }

    /// One statement a resource, with the actions that are done to it.
    fn allowing<'a>(needed: impl IntoIterator<Item = (String, &'a Value)>) -> Self {
        let mut statement: Vec<Statement> = Vec::new();
        for (action, resource) in needed {
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
        Self { version: "2012-10-17".to_owned(), statement }
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
