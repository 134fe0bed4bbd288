//! `bucketbook.yaml`: the options of a stack and their defaults.
//!
//! The types here are the file format: serde reads them, schemars makes the JSON Schema from them, and their doc comments
//! are the descriptions that an editor shows.

mod api;
mod attributes;
mod audience;
mod backfill;
mod bounded;
mod document;
mod environments;
mod events;
mod existing;
mod extra;
mod hardening;
mod operations;
mod options;
mod parameters;
mod routes;
mod rules;
mod schema;
mod section;
mod starter;

use std::collections::BTreeMap;

use indexmap::IndexMap;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

pub use crate::asl::QueryLanguage;
pub use crate::stack::WorkflowType;
pub use api::{AccessLogs, ApiAuth, ApiLogsSpec, ApiSpec, ApiType, CognitoSpec, JwtSpec, ThrottlingSpec};
pub use attributes::{Enrichment, EventAttribute, IndexProjection, IndexSpec};
pub use audience::{Audience, NoAudience};
pub use backfill::{BackfillSpec, ItemsPerBatch, MaxConcurrency, ToleratedFailurePercentage};
pub use bounded::{Bounded, LogRetention, NoLogRetention, OutOfRange};
pub use document::{Document, FILES};
pub use environments::{Environments, Overlay};
pub use events::{ChangeEffect, DeletedEffect, EventsSpec};
pub use existing::{ExistingKeySpec, TableNameOrArn};
pub use extra::ExtraSpec;
pub use hardening::{AccessLogsSpec, BucketEncryptionSpec, BucketEncryptionType, Days, Encryption, LifecycleSpec};
pub use operations::{AlarmsSpec, DeadLettersSpec, LogLevel, LoggingSpec, TimeoutSeconds};
pub use parameters::{OutputSpec, ParameterSpec, ParameterType, Scalar};
pub use routes::{CreationReason, RawPattern, RouteSpec, RouteStateMachineSpec, RouteTableSpec, SizeRange};
pub use starter::{SCENARIO_SCHEMA_FILE, SCENARIOS, SCHEMA_FILE, STARTERS, Starter};

use crate::name::{
    AttributeName, BucketName, EnvironmentName, IndexName, KeyArn, LogicalId, PolicyArn, StackName, StateMachineName,
    TableName, TagKey, TagValue,
};
use crate::stack::Deferred;

/// A file catalogue: a bucket whose objects are recorded in a table by a state machine that a rule starts.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
#[schemars(title = "bucketbook.yaml")]
pub struct Spec {
    /// The CloudFormation stack.
    pub stack: StackSpec,
    /// The bucket whose objects are recorded.
    pub bucket: BucketSpec,
    /// The table that holds the records.
    pub table: TableSpec,
    /// The state machine that writes them.
    pub state_machine: StateMachineSpec,
    /// What happens to a record when S3 sends an event.
    pub events: EventsSpec,
    /// Which values of the event a record contains, in any order. By default: the size, the entity tag and, in a versioned bucket,
    /// the version. The key, the time and the sequencer are always included.
    #[serde(skip_serializing_if = "Option::is_none", deserialize_with = "attributes::once_if_any")]
    #[schemars(with = "Vec<EventAttribute>", extend("uniqueItems" = true, "examples" = [["size", "etag", "prefix"]]))]
    pub attributes: Option<Vec<EventAttribute>>,
    /// Which values the workflow asks S3 for. A value that an object does not have is left out of its record.
    #[serde(skip_serializing_if = "Vec::is_empty", deserialize_with = "attributes::once")]
    #[schemars(extend("uniqueItems" = true, "examples" = [["contentType", "tags"]]))]
    pub enrich: Vec<Enrichment>,
    /// Indexes of the table, on any attributes of the records that are strings or numbers.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub indexes: Vec<IndexSpec>,
    /// Separate rules and state machines for different objects. By default, all objects are handled alike.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub routes: Vec<RouteSpec>,
    /// A second state machine that records the objects that are in the bucket already; `{}` turns it on. Not together with
    /// `events.deleted: remove`.
    #[serde(skip_serializing_if = "Option::is_none", deserialize_with = "section::present")]
    #[schemars(with = "BackfillSpec")]
    pub backfill: Option<BackfillSpec>,
    /// A queue for events that could not be recorded. Without it, only failed executions show them.
    #[serde(skip_serializing_if = "Option::is_none", deserialize_with = "section::present")]
    #[schemars(with = "DeadLettersSpec")]
    pub dead_letters: Option<DeadLettersSpec>,
    /// Alarms for failures, and who is notified.
    #[serde(skip_serializing_if = "Option::is_none", deserialize_with = "section::present")]
    #[schemars(with = "AlarmsSpec")]
    pub alarms: Option<AlarmsSpec>,
    /// Whether there is a dashboard with the metrics of all alarms.
    pub dashboard: bool,
    /// Whether the bucket, the table and the key are kept when the stack is deleted or an update replaces them.
    pub retain: bool,
    /// Tags for every resource that supports them.
    #[serde(skip_serializing_if = "BTreeMap::is_empty")]
    #[schemars(extend("examples" = [{"team": "files"}]))]
    pub tags: BTreeMap<TagKey, Deferred<TagValue>>,
    /// The API over the table, or only its type. By default, there is none.
    #[serde(skip_serializing_if = "Option::is_none", deserialize_with = "api::section")]
    #[schemars(with = "ApiSection")]
    pub api: Option<ApiSpec>,
    /// The ARN of an existing KMS key for everything that is set to `KMS` or `SSE-KMS`, instead of a key that the stack creates.
    /// The stack does not manage its policy, which must allow the services that use the key; `generate` prints the statements.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub kms_key: Option<Deferred<KeyArn>>,
    /// The ARN of the policy that limits the permissions of every role of the stack.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub permissions_boundary: Option<Deferred<PolicyArn>>,
    /// The CloudFormation parameters of the stack, by name.
    #[serde(skip_serializing_if = "IndexMap::is_empty")]
    #[schemars(with = "BTreeMap<LogicalId, ParameterSpec>", extend("examples" = [{"Stage": {"default": "dev"}}]))]
    pub parameters: IndexMap<LogicalId, ParameterSpec>,
    /// Settings of the stack's outputs, by their names: `TableName`.
    #[serde(skip_serializing_if = "IndexMap::is_empty")]
    #[schemars(with = "BTreeMap<LogicalId, OutputSpec>", extend("examples" = [{"TableName": {"export": "files-table"}}]))]
    pub outputs: IndexMap<LogicalId, OutputSpec>,
    /// Your own resources, outputs, conditions, mappings and parameters, in the syntax of a template; or the path of a file that
    /// contains them.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schemars(with = "ExtraSpec", extend("examples" = ["extra.yaml"]))]
    pub extra: Option<ExtraSpec>,
    /// The differences between environments, by the names of the environments: `dev`, `prod`. `--environment` selects one.
    #[serde(skip_serializing_if = "IndexMap::is_empty")]
    #[schemars(with = "BTreeMap<EnvironmentName, Overlay>", extend("examples" = [{"prod": {"stack": {"name": "files-prod"}}}]))]
    pub environments: Environments,
}

/// The API over the table: its settings, or only its type.
#[derive(JsonSchema)]
#[schemars(untagged)]
#[allow(dead_code, reason = "read by schemars alone")]
enum ApiSection {
    /// Only its type.
    Type(ApiType),
    /// Its settings.
    Chosen(ApiSpec),
}

/// The CloudFormation stack.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub struct StackSpec {
    /// The name that `sam deploy` gives the stack.
    pub name: StackName,
}

/// The bucket whose objects are recorded.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub struct BucketSpec {
    /// The bucket's name, which must be globally unique. By default, CloudFormation picks a free one.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub name: Option<Deferred<BucketName>>,
    /// The name of an existing bucket, instead of one that the stack creates. It must send its events to EventBridge. `versioned` then
    /// says whether it is versioned.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub existing: Option<Deferred<BucketName>>,
    /// Whether the bucket is versioned. Records then contain `versionId`.
    pub versioned: bool,
    /// Whether S3 blocks all public access to the bucket.
    pub block_public_access: bool,
    /// How the bucket encrypts objects. By default, S3 encrypts everything with its own keys.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub encryption: Option<BucketEncryptionSpec>,
    /// Whether the bucket refuses unencrypted connections.
    pub tls_only: bool,
    /// Logs of every access, in a separate bucket.
    #[serde(skip_serializing_if = "Option::is_none", deserialize_with = "section::present")]
    #[schemars(with = "AccessLogsSpec")]
    pub access_logs: Option<AccessLogsSpec>,
    /// Whether the bucket's owner owns every object, which disables access control lists.
    pub ownership_enforced: bool,
    /// What the bucket deletes automatically.
    pub lifecycle: LifecycleSpec,
}

/// The table that holds the records.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub struct TableSpec {
    /// The table's name. By default, CloudFormation generates one.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub name: Option<Deferred<TableName>>,
    /// The name or ARN of an existing table, instead of one that the stack creates. It must have the key that the layout needs, and
    /// the indexes that the spec uses.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub existing: Option<Deferred<TableNameOrArn>>,
    /// The key of the existing table, to check against the layout.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schemars(with = "ExistingKeySpec")]
    pub existing_key: Option<ExistingKeySpec>,
    /// The global secondary indexes of the existing table, to check against `indexes` and `api`.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schemars(with = "Vec<IndexName>", extend("examples" = [["by-size"]]))]
    pub existing_indexes: Option<Vec<IndexName>>,
    /// What the table contains about a file.
    pub layout: Layout,
    /// The names of the attributes that make up the key of a record.
    pub attribute_names: AttributeNames,
    /// Whether the table can be restored to any second of the last 35 days.
    pub point_in_time_recovery: bool,
    /// Whether DynamoDB refuses to delete the table.
    pub deletion_protection: bool,
    /// Which key encrypts the table. By default, DynamoDB's own.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub encryption: Option<Encryption>,
}

/// What the table contains about a file.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize, JsonSchema)]
#[cfg_attr(feature = "cli", derive(clap::ValueEnum))]
#[serde(rename_all = "lowercase")]
pub enum Layout {
    /// One record per file, which contains what its newest event says.
    #[default]
    Latest,
    /// One record per upload of a file, in the order of the uploads.
    History,
}

/// The names of the two key attributes.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub struct AttributeNames {
    /// The attribute that holds the object's key: the partition key.
    pub file_name: AttributeName,
    /// The attribute that holds the time of the upload. In the layout `history` it is the sort key, and contains the time and the
    /// event's sequencer.
    pub last_modified: AttributeName,
}

/// The state machine that writes the records.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub struct StateMachineSpec {
    /// The state machine's name. By default, CloudFormation generates one. Not together with `routes`, which name their own.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub name: Option<Deferred<StateMachineName>>,
    /// The workflow type.
    #[serde(rename = "type")]
    pub workflow_type: WorkflowType,
    /// What is logged about executions. By default, nothing.
    #[serde(skip_serializing_if = "Option::is_none", deserialize_with = "section::present")]
    #[schemars(with = "LoggingSpec")]
    pub logging: Option<LoggingSpec>,
    /// Whether X-Ray traces executions.
    pub tracing: bool,
    /// The timeout of an execution in seconds. By default, executions of a STANDARD workflow may take a year.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schemars(extend("examples" = [600]))]
    pub timeout_seconds: Option<TimeoutSeconds>,
    /// How an event becomes a record.
    pub flow: Flow,
    /// The query language of the definition. Both give the same records.
    pub query_language: QueryLanguage,
}

/// How an event becomes a record.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum Flow {
    /// Look up the file, then update its record or add one. Four state transitions per event.
    #[default]
    QueryThenWrite,
    /// One conditional update, which creates the record if it does not exist. One state transition per event, with the same
    /// guarantees.
    Upsert,
}

/// Choices made on the command line, which override the spec.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Overrides {
    /// Instead of `stack.name`.
    pub stack_name: Option<StackName>,
    /// Instead of `bucket.name`.
    pub bucket_name: Option<BucketName>,
    /// Instead of `table.name`.
    pub table_name: Option<TableName>,
    /// Instead of `table.layout`.
    pub layout: Option<Layout>,
    /// Instead of `state_machine.name`.
    pub state_machine_name: Option<StateMachineName>,
    /// Instead of `state_machine.type`.
    pub workflow_type: Option<WorkflowType>,
}

impl Spec {
    /// The spec with the choices of the command line.
    pub fn with(mut self, overrides: Overrides) -> Self {
        let Overrides { stack_name, bucket_name, table_name, layout, state_machine_name, workflow_type } = overrides;
        self.stack.name = stack_name.unwrap_or(self.stack.name);
        self.bucket.name = bucket_name.map(Deferred::Known).or(self.bucket.name);
        self.table.name = table_name.map(Deferred::Known).or(self.table.name);
        self.table.layout = layout.unwrap_or(self.table.layout);
        self.state_machine.name = state_machine_name.map(Deferred::Known).or(self.state_machine.name);
        self.state_machine.workflow_type = workflow_type.unwrap_or(self.state_machine.workflow_type);
        self
    }
}

/// A name that is written in this file and right: the unit tests try each.
macro_rules! known {
    ($name:ident, $text:literal) => {
        match $name::parse($text) {
            Ok(name) => name,
            Err(_) => unreachable!(),
        }
    };
}

impl Default for StackSpec {
    fn default() -> Self {
        Self { name: known!(StackName, "event-driven-files") }
    }
}

impl Default for AttributeNames {
    fn default() -> Self {
        Self { file_name: known!(AttributeName, "fileName"), last_modified: known!(AttributeName, "lastModified") }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nothing_chosen_is_the_article() {
        let spec = Spec::default();
        assert_eq!(spec.stack.name.as_str(), "event-driven-files");
        assert_eq!(spec.table.attribute_names.file_name.as_str(), "fileName");
        assert_eq!(spec.table.attribute_names.last_modified.as_str(), "lastModified");
        assert_eq!((spec.table.layout, spec.state_machine.workflow_type), (Layout::Latest, WorkflowType::Standard));
    }

    #[test]
    fn a_flag_wins_over_the_spec() {
        let mut spec = Spec::default();
        spec.bucket.name = Some(BucketName::parse("from-the-spec").unwrap().into());
        spec.table.name = Some(TableName::parse("from-the-spec").unwrap().into());
        let overrides = Overrides {
            bucket_name: Some(BucketName::parse("from-the-flag").unwrap()),
            layout: Some(Layout::History),
            ..Overrides::default()
        };
        let spec = spec.with(overrides);
        assert_eq!(spec.bucket.name.unwrap().known().unwrap().as_str(), "from-the-flag");
        assert_eq!(spec.table.name.unwrap().known().unwrap().as_str(), "from-the-spec");
        assert_eq!(spec.table.layout, Layout::History);
    }
}
