use crate::aws::cloudformation::Pseudo;
use indexmap::IndexMap;
use serde::Serialize;
use thiserror::Error;

use super::policy::VERSION;
use super::{Effect, EncryptionKey, Handle, LogGroup, Operator, Sub, TableCall, Value, permission};
use crate::asl::{Field, PayloadTemplate, StateMachine, SubstitutionName};
use crate::aws::integration::Integration;
use crate::aws::needs::{self, Needed};
use crate::name::StateName;

/// A [policy document](https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements.html): what a role may do.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[serde(rename_all = "PascalCase")]
pub struct PolicyDocument {
    version: String,
    pub(super) statement: Vec<Statement>,
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
#[derive(Debug, Clone, PartialEq, Serialize)]
#[serde(rename_all = "PascalCase")]
pub struct Statement {
    effect: Effect,
    action: Vec<String>,
    resource: Value,
    #[serde(skip_serializing_if = "IndexMap::is_empty")]
    condition: IndexMap<Operator, IndexMap<String, Vec<Value>>>,
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
    /// Exactly what the tasks of `definition`, and the readers of its lists, need, where each substitution stands for the resource with that ARN.
    ///
    /// # Errors
    /// A task works on something that has no ARN here.
    pub fn for_tasks(
        definition: &StateMachine,
        arns: &IndexMap<SubstitutionName, Value>,
    ) -> Result<Self, PermissionError> {
        let mut needed = Vec::new();
        let tasks = definition.tasks().map(|(state, task)| (state, &task.resource, task.data.arguments()));
        let readers = definition.item_readers().map(|(state, reader)| (state, &reader.resource, &reader.parameters));
        for (state, call, parameters) in tasks.chain(readers) {
            let name = target(call, parameters).ok_or_else(|| PermissionError::UnknownTarget(state.clone()))?;
            let Some(resource) = arns.get(name) else {
                return Err(PermissionError::UnknownResource { state: state.clone(), name: name.clone() });
            };
            needed.extend(permission::needed(call, parameters, resource));
        }
        Ok(Self::allowing(needed.iter().map(|(action, resource)| (action.clone(), resource))))
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
                None => statement.push(Statement::allow(vec![action], resource.clone())),
            }
        }
        for statement in &mut statement {
            statement.action.sort();
        }
        Self { version: VERSION.to_owned(), statement }
    }

    /// The same, and what the statements need of the key that encrypts these resources: a service that decrypts or encrypts for a
    /// role does it with the role's permissions.
    pub fn with_key(mut self, key: &EncryptionKey, encrypted: &[Value]) -> Self {
        let mut action: Vec<String> = Vec::new();
        let mut services: Vec<String> = Vec::new();
        for statement in self.statement.iter().filter(|statement| encrypted.contains(&statement.resource)) {
            for name in &statement.action {
                let needed = names(needs::of_key(name));
                if !needed.is_empty() {
                    services.extend(needs::via_service(name).map(str::to_owned));
                }
                action.extend(needed);
            }
        }
        for list in [&mut action, &mut services] {
            list.sort();
            list.dedup();
        }
        if !action.is_empty() {
            let mut statement = Statement::allow(action, key.arn());
            let in_region = |service: String| {
                Value::from(Sub::default().text(&format!("{service}.")).pseudo(Pseudo::Region).text(".amazonaws.com"))
            };
            let services: Vec<Value> = services.into_iter().map(in_region).collect();
            statement
                .condition
                .entry(Operator::StringEquals)
                .or_default()
                .insert("kms:ViaService".to_owned(), services);
            self.statement.push(statement);
        }
        self
    }

    /// The same, and what a function needs to write its log into a group that is there already: it cannot make one.
    pub fn with_log_group(mut self, group: &Handle<LogGroup>) -> Self {
        self.statement.push(Statement::allow(names(&needs::LOG_OF_FUNCTION), group.arn()));
        self
    }

    /// The same, and what a function needs to send its traces. They are no resources, so AWS takes these actions on
    /// [`*` only](https://docs.aws.amazon.com/service-authorization/latest/reference/list_awsx-ray.html).
    pub fn with_traces(mut self) -> Self {
        self.statement.push(Statement::allow(names(&needs::TRACES_OF_FUNCTIONS), Value::from("*")));
        self
    }

    /// The statements of the policy, in the order in which they are written.
    pub fn statements(&self) -> &[Statement] {
        &self.statement
    }
}

/// The substitution that names what a call works on: the parameter that does it depends on the service.
fn target<'a>(call: &Integration, parameters: &'a PayloadTemplate) -> Option<&'a SubstitutionName> {
    let parameter = match call.service() {
        "dynamodb" => "TableName",
        "s3" => "Bucket",
        "sqs" => "QueueUrl",
        _ => return None,
    };
    match parameters.get(parameter) {
        Some(Field::Template(PayloadTemplate::Substitution(name))) => Some(name),
        _ => None,
    }
}

/// The actions of a list of needs.
pub(super) fn names(needed: &[Needed]) -> Vec<String> {
    needed.iter().map(|(action, _)| (*action).to_owned()).collect()
}

impl Statement {
    pub(super) fn allow(action: Vec<String>, resource: Value) -> Self {
        Self { effect: Effect::Allow, action, resource, condition: IndexMap::new() }
    }

    /// The actions, in alphabetical order.
    pub fn actions(&self) -> &[String] {
        &self.action
    }

    /// What they may be done to.
    pub fn resource(&self) -> &Value {
        &self.resource
    }
}
