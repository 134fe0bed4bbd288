//! The central model: a [`Stack`] is a SAM template and the definitions that it refers to, as one typed value.
//!
//! The generator produces it; `files`, `graph` and the other commands start from it. A reference to a resource is a
//! [`Handle`], which only adding the resource returns, and [`Stack::new`] refuses handles of other stacks.

mod deferred;
mod files;
mod fragment;
mod handle;
mod header;
mod iam;
mod intrinsic;
mod machine_policy;
pub mod openapi;
mod parameter;
mod permission;
mod policy;
mod render;
mod resource;
mod resource_policy;
mod sections;
mod table_call;
mod table_reference;
mod template;
mod yaml;

use indexmap::IndexMap;
use thiserror::Error;

use crate::asl::{StateMachine, SubstitutionName};
use crate::name::{EnvironmentName, LogicalId, StackName};

pub use deferred::Deferred;
pub use files::{GeneratedFile, GeneratedFiles, RenderedTwice, made_from};
pub use fragment::{Fragment, Section};
pub use handle::Handle;
pub use header::{
    MARKER, comment_line, is_generated, is_of_environment, is_output, is_schema, json_schema, output_line, schema_text,
};
pub use iam::{PermissionError, PolicyDocument, Statement};
pub use intrinsic::{Intrinsic, Sub, Value};
pub use parameter::Parameter;
pub(crate) use permission::objects as objects_of;
pub use policy::{Effect, Operator};
pub use render::RenderError;
pub use resource::{
    AccessLogSetting, Alarm, AttributeDefinition, Auth, BillingMode, Bucket, BucketEncryption, BucketPolicy,
    CloudWatchLogsLogGroup, Dashboard, DeadLetterConfig, DeletionPolicy, Dimension, EncryptionKey, Environment, Event,
    EventBridgeConfiguration, EventBridgeRule, FunctionEvent, FunctionLogging, GlobalSecondaryIndex, HttpApi,
    HttpApiAuth, HttpApiRoute, InlinePolicy, JwtAuthorizer, Key, KeySchemaElement, KeyType, LifecycleConfiguration,
    LogDestination, LogGroup, LogLevel, Logging, LoggingConfiguration, Metadata, MethodSetting, Metric,
    NotificationConfiguration, OwnershipControls, Permission, Policy, Projection, ProjectionType,
    PublicAccessBlockConfiguration, Queue, QueuePolicy, Resource, ResourceKind, RetryPolicy, Role, RouteSettings,
    ServerlessApi, ServerlessFunction, ServerlessStateMachine, Statistic, Subscription, Table, Tag,
    TimeToLiveSpecification, Topic, TopicPolicy, Tracing, UsagePlan, VersioningConfiguration, VersioningStatus,
    WorkflowType,
};
pub use resource_policy::{Principal, ResourcePolicy, ResourceStatement};
pub use table_call::TableCall;
pub use table_reference::TableReference;
pub use template::{Output, Template, TemplateBuilder, TemplateError};
pub(crate) use yaml::{long_form, write as yaml};

/// A stack: what is deployed together.
#[derive(Debug, Clone, PartialEq)]
pub struct Stack {
    name: StackName,
    template: Template,
    definitions: IndexMap<String, StateMachine>,
    assets: Vec<GeneratedFile>,
    environment: Option<EnvironmentName>,
}

/// Why a template and definitions are no stack.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
pub enum StackError {
    /// A state machine's definition is not among the definitions.
    #[error("{machine} has its definition in `{uri}`, and there is no such definition")]
    NoDefinition {
        /// The state machine.
        machine: LogicalId,
        /// Its `DefinitionUri`.
        uri: String,
    },
    /// A definition belongs to no state machine.
    #[error("no state machine has its definition in `{0}`")]
    UnusedDefinition(String),
    /// A definition asks for a substitution that its state machine does not give.
    #[error("`{uri}` uses {name}, and the DefinitionSubstitutions of {machine} do not give it")]
    SubstitutionNotGiven {
        /// The state machine.
        machine: LogicalId,
        /// Its `DefinitionUri`.
        uri: String,
        /// The substitution.
        name: SubstitutionName,
    },
    /// A state machine gives a substitution that its definition does not use.
    #[error("{machine} gives the substitution `{name}`, and its definition does not use it")]
    SubstitutionNotUsed {
        /// The state machine.
        machine: LogicalId,
        /// The substitution.
        name: String,
    },
}

impl Stack {
    /// A stack of a template and its definitions, by the path at which the template finds each.
    ///
    /// # Errors
    /// Template and definitions do not fit together.
    pub fn new(
        name: StackName,
        template: Template,
        definitions: IndexMap<String, StateMachine>,
    ) -> Result<Self, StackError> {
        let mut used = Vec::new();
        for (id, machine) in template.state_machines() {
            let uri = &machine.definition_uri;
            let Some(definition) = definitions.get(uri) else {
                return Err(StackError::NoDefinition { machine: id.clone(), uri: uri.clone() });
            };
            check_substitutions(id, machine, definition)?;
            used.push(uri);
        }
        match definitions.keys().find(|uri| !used.contains(uri)) {
            Some(uri) => Err(StackError::UnusedDefinition(uri.clone())),
            None => Ok(Self { name, template, definitions, assets: Vec::new(), environment: None }),
        }
    }

    /// The same stack, with files beside its template and definitions: a description of its API, code of its functions.
    pub fn with_assets(self, assets: Vec<GeneratedFile>) -> Self {
        Self { assets, ..self }
    }

    /// The same stack for an environment: its `samconfig.toml` has sections of that name as well.
    pub fn for_environment(self, environment: EnvironmentName) -> Self {
        Self { environment: Some(environment), ..self }
    }

    /// The name it is deployed under.
    pub fn name(&self) -> &StackName {
        &self.name
    }

    /// The SAM template.
    pub fn template(&self) -> &Template {
        &self.template
    }

    /// Its definitions, by the path from the template.
    pub fn definitions(&self) -> &IndexMap<String, StateMachine> {
        &self.definitions
    }

    /// The files beside them, each with the line that says what made it.
    pub fn assets(&self) -> &[GeneratedFile] {
        &self.assets
    }
}

/// What a definition asks for is given, and what is given is asked for.
fn check_substitutions(
    id: &LogicalId,
    machine: &ServerlessStateMachine,
    definition: &StateMachine,
) -> Result<(), StackError> {
    let wanted = definition.substitutions();
    let given = &machine.definition_substitutions;
    if let Some(name) = wanted.iter().find(|name| !given.contains_key(name.as_str())) {
        let (uri, name) = (machine.definition_uri.clone(), (*name).clone());
        return Err(StackError::SubstitutionNotGiven { machine: id.clone(), uri, name });
    }
    match given.keys().find(|name| !wanted.iter().any(|wanted| wanted.as_str() == *name)) {
        Some(name) => Err(StackError::SubstitutionNotUsed { machine: id.clone(), name: name.clone() }),
        None => Ok(()),
    }
}
