//! `bucketbook.yaml`, in the user's words: what can be chosen about a stack, and what holds where nothing was chosen.
//!
//! The types here are the file's format: serde reads them, schemars makes the JSON Schema from them, and their doc comments
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
    /// What becomes of a record when S3 sends an event.
    pub events: EventsSpec,
    /// What records hold of the event, in any order. Without it: the size, the entity tag and, of a bucket with versions, the
    /// version. The key, the time and the sequencer are always there.
    #[serde(skip_serializing_if = "Option::is_none", deserialize_with = "attributes::once_if_any")]
    #[schemars(with = "Vec<EventAttribute>", extend("uniqueItems" = true, "examples" = [["size", "etag", "prefix"]]))]
    pub attributes: Option<Vec<EventAttribute>>,
    /// What records hold that S3 is asked for. Each of them is absent where the object has none.
    #[serde(skip_serializing_if = "Vec::is_empty", deserialize_with = "attributes::once")]
    #[schemars(extend("uniqueItems" = true, "examples" = [["contentType", "tags"]]))]
    pub enrich: Vec<Enrichment>,
    /// Indexes of the table, by any attributes of the records that are texts or numbers.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub indexes: Vec<IndexSpec>,
    /// Different ways for different objects: each a rule and a state machine of its own. Without any, all objects go one way.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub routes: Vec<RouteSpec>,
    /// A second state machine, which records what was in the bucket before; `{}` turns it on.
    #[serde(skip_serializing_if = "Option::is_none", deserialize_with = "section::present")]
    #[schemars(with = "BackfillSpec")]
    pub backfill: Option<BackfillSpec>,
    /// Where the events go that could not be recorded. Without it, failed executions are all there is to see of them.
    #[serde(skip_serializing_if = "Option::is_none", deserialize_with = "section::present")]
    #[schemars(with = "DeadLettersSpec")]
    pub dead_letters: Option<DeadLettersSpec>,
    /// Alarms for what goes wrong, and who is told.
    #[serde(skip_serializing_if = "Option::is_none", deserialize_with = "section::present")]
    #[schemars(with = "AlarmsSpec")]
    pub alarms: Option<AlarmsSpec>,
    /// Whether there is a dashboard, with a curve for each thing that can go wrong.
    pub dashboard: bool,
    /// Whether bucket, table and key outlive the stack, and an update that replaces them.
    pub retain: bool,
    /// The tags of everything that takes tags.
    #[serde(skip_serializing_if = "BTreeMap::is_empty")]
    #[schemars(extend("examples" = [{"team": "files"}]))]
    pub tags: BTreeMap<TagKey, Deferred<TagValue>>,
    /// The API over the table, or just its type. Without it, there is none.
    #[serde(skip_serializing_if = "Option::is_none", deserialize_with = "api::section")]
    #[schemars(with = "ApiSection")]
    pub api: Option<ApiSpec>,
    /// The key of KMS that encrypts whatever says `KMS` or `SSE-KMS`, instead of one that the stack makes. Its policy is not the
    /// stack's, and has to let the services in that use it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub kms_key: Option<Deferred<KeyArn>>,
    /// The policy that says the most that any role of the stack may do.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub permissions_boundary: Option<Deferred<PolicyArn>>,
    /// What is asked for when the stack is deployed, by the names of the template's parameters.
    #[serde(skip_serializing_if = "IndexMap::is_empty")]
    #[schemars(with = "BTreeMap<LogicalId, ParameterSpec>", extend("examples" = [{"Stage": {"default": "dev"}}]))]
    pub parameters: IndexMap<LogicalId, ParameterSpec>,
    /// What becomes of the values that the stack shows, by their names: `TableName`.
    #[serde(skip_serializing_if = "IndexMap::is_empty")]
    #[schemars(with = "BTreeMap<LogicalId, OutputSpec>", extend("examples" = [{"TableName": {"export": "files-table"}}]))]
    pub outputs: IndexMap<LogicalId, OutputSpec>,
    /// Resources, outputs, conditions, mappings and parameters of your own, as a template has them; or the file that holds them.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schemars(with = "ExtraSpec", extend("examples" = ["extra.yaml"]))]
    pub extra: Option<ExtraSpec>,
    /// What environments have differently, by their names: `dev`, `prod`. `--environment` chooses one.
    #[serde(skip_serializing_if = "IndexMap::is_empty")]
    #[schemars(with = "BTreeMap<EnvironmentName, Overlay>", extend("examples" = [{"prod": {"stack": {"name": "files-prod"}}}]))]
    pub environments: Environments,
}

/// The API over the table: all that can be chosen about it, or its type alone.
#[derive(JsonSchema)]
#[schemars(untagged)]
#[allow(dead_code, reason = "read by schemars alone")]
enum ApiSection {
    /// Its type alone.
    Type(ApiType),
    /// All that can be chosen.
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
    /// The bucket's name, which nobody else in the world may have. Without one CloudFormation picks a free name.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub name: Option<Deferred<BucketName>>,
    /// The name of a bucket that is there already, instead of one that the stack makes. It has to send its events to
    /// EventBridge, and nothing else can be chosen about it but `versioned`, which then says how it is.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub existing: Option<Deferred<BucketName>>,
    /// Whether the bucket keeps the versions of its objects. Records then hold `versionId`.
    pub versioned: bool,
    /// Whether nothing of the bucket can ever be public.
    pub block_public_access: bool,
    /// How the bucket encrypts. S3 encrypts everything with keys of its own anyway; this says it, or takes others.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub encryption: Option<BucketEncryptionSpec>,
    /// Whether the bucket refuses connections that are not encrypted.
    pub tls_only: bool,
    /// Logs of every access, in a bucket of their own.
    #[serde(skip_serializing_if = "Option::is_none", deserialize_with = "section::present")]
    #[schemars(with = "AccessLogsSpec")]
    pub access_logs: Option<AccessLogsSpec>,
    /// Whether the bucket's owner owns every object, whoever put it there; then there are no access control lists.
    pub ownership_enforced: bool,
    /// What the bucket removes by itself.
    pub lifecycle: LifecycleSpec,
}

/// The table that holds the records.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub struct TableSpec {
    /// The table's name. Without one CloudFormation makes one.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub name: Option<Deferred<TableName>>,
    /// The name or the ARN of a table that is there already, instead of one that the stack makes. It has to have the key that the
    /// layout needs, and the indexes that the spec asks for.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub existing: Option<Deferred<TableNameOrArn>>,
    /// The key that the existing table has. It is held against the layout.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schemars(with = "ExistingKeySpec")]
    pub existing_key: Option<ExistingKeySpec>,
    /// The global secondary indexes that the existing table has. They are held against what the spec needs.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schemars(with = "Vec<IndexName>", extend("examples" = [["by-size"]]))]
    pub existing_indexes: Option<Vec<IndexName>>,
    /// What the table holds of a file.
    pub layout: Layout,
    /// What the attributes are called that make up the key of a record, or could.
    pub attribute_names: AttributeNames,
    /// Whether the table can be set back to any second of the last 35 days.
    pub point_in_time_recovery: bool,
    /// Whether DynamoDB refuses to delete the table.
    pub deletion_protection: bool,
    /// Whose keys encrypt the table. Without it, DynamoDB's own.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub encryption: Option<Encryption>,
}

/// What the table holds of a file.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize, JsonSchema)]
#[cfg_attr(feature = "cli", derive(clap::ValueEnum))]
#[serde(rename_all = "lowercase")]
pub enum Layout {
    /// One record for each file, which says what its newest event says.
    #[default]
    Latest,
    /// One record for every upload of a file, in the order of the uploads.
    History,
}

/// What the two attributes of the article are called.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub struct AttributeNames {
    /// The attribute that holds the object's key: the partition key.
    pub file_name: AttributeName,
    /// The attribute that says when the object was written. In the layout `history` it is the sort key, and holds the time
    /// and the event's sequencer.
    pub last_modified: AttributeName,
}

/// The state machine that writes the records.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub struct StateMachineSpec {
    /// The state machine's name. Without one CloudFormation makes one.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub name: Option<Deferred<StateMachineName>>,
    /// Which kind of workflow it is.
    #[serde(rename = "type")]
    pub workflow_type: WorkflowType,
    /// What is logged of every execution. Without it, nothing is.
    #[serde(skip_serializing_if = "Option::is_none", deserialize_with = "section::present")]
    #[schemars(with = "LoggingSpec")]
    pub logging: Option<LoggingSpec>,
    /// Whether executions are traced by X-Ray.
    pub tracing: bool,
    /// After how many seconds an execution is stopped. Without it, executions of a STANDARD workflow may take a year.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schemars(extend("examples" = [600]))]
    pub timeout_seconds: Option<TimeoutSeconds>,
    /// How an event becomes a record.
    pub flow: Flow,
    /// The language in which the states read the event. Both behave the same.
    pub query_language: QueryLanguage,
}

/// How an event becomes a record.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum Flow {
    /// The article's way: look whether the file is known, then update its record or add one. Four states for each event.
    #[default]
    QueryThenWrite,
    /// One conditional update, which makes the record where there is none. One state for each event, the same promise.
    Upsert,
}

/// Choices made on the command line. Each wins over the spec.
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
