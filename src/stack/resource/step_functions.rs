use crate::aws::cloudformation::Pseudo;
use indexmap::IndexMap;
use serde::{Deserialize, Serialize};

use crate::aws::states::WorkflowType;
use crate::eventbridge::EventPattern;
use crate::name::StateMachineName;
use crate::stack::{Deferred, Handle, LogGroup, PolicyDocument, Sub, Value};

/// [`AWS::Serverless::StateMachine`](https://docs.aws.amazon.com/serverless-application-model/latest/developerguide/sam-resource-statemachine.html).
#[derive(Debug, Clone, PartialEq, Serialize)]
#[serde(rename_all = "PascalCase")]
pub struct ServerlessStateMachine {
    /// What is put in place of each `${Name}` of the definition.
    pub definition_substitutions: IndexMap<String, Value>,
    /// Where the definition is, from the template.
    pub definition_uri: String,
    /// What starts it.
    #[serde(skip_serializing_if = "IndexMap::is_empty")]
    pub events: IndexMap<String, Event>,
    /// What is logged of its executions.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub logging: Option<Logging>,
    /// Its name; without one CloudFormation makes one.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub name: Option<Deferred<StateMachineName>>,
    /// The most that the roles may do which SAM makes for it and for its events.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub permissions_boundary: Option<Value>,
    /// What the role may do that SAM makes for it.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub policies: Vec<PolicyDocument>,
    /// Whether what SAM makes of its events has the tags too: the roles do, the rules do not.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub propagate_tags: Option<bool>,
    /// The ARN of its role, where SAM is not to make one.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub role: Option<Value>,
    /// Its tags, and those of its role.
    #[serde(skip_serializing_if = "IndexMap::is_empty")]
    pub tags: IndexMap<String, Value>,
    /// Whether X-Ray traces its executions.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub tracing: Option<Tracing>,
    /// Which kind of workflow it is.
    #[serde(rename = "Type")]
    pub workflow_type: WorkflowType,
}

/// What is [logged](https://docs.aws.amazon.com/step-functions/latest/dg/cw-logs.html) of executions, and where.
///
/// A role that logs needs permissions for it: [`PolicyDocument::with_log_delivery`].
#[derive(Debug, Clone, PartialEq, Serialize)]
#[serde(rename_all = "PascalCase")]
pub struct Logging {
    destinations: Vec<LogDestination>,
    include_execution_data: bool,
    level: LogLevel,
}

/// A log group that executions are logged to.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[serde(rename_all = "PascalCase")]
pub struct LogDestination {
    /// To this log group.
    pub cloud_watch_logs_log_group: CloudWatchLogsLogGroup,
}

/// A log group, as state machines name one.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[serde(rename_all = "PascalCase")]
pub struct CloudWatchLogsLogGroup {
    /// Its ARN, with `:*` at the end.
    pub log_group_arn: Value,
}

/// Which [events of an execution](https://docs.aws.amazon.com/step-functions/latest/dg/cw-logs.html#cloudwatch-log-level) are
/// logged.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize, schemars::JsonSchema)]
#[serde(rename_all = "UPPERCASE")]
pub enum LogLevel {
    /// All of them.
    All,
    /// What failed, timed out or was aborted: states and executions.
    #[default]
    Error,
    /// Executions that failed, timed out or were aborted.
    Fatal,
}

/// Whether [X-Ray traces](https://docs.aws.amazon.com/step-functions/latest/dg/concepts-xray-tracing.html) executions. Where it
/// does, the SAM translator attaches X-Ray's managed policy for writers to the role that it makes.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[serde(rename_all = "PascalCase")]
pub struct Tracing {
    /// Whether it does.
    pub enabled: bool,
}

impl Logging {
    /// Logs to this group.
    pub fn to(group: &Handle<LogGroup>, level: LogLevel, include_execution_data: bool) -> Self {
        let cloud_watch_logs_log_group = CloudWatchLogsLogGroup { log_group_arn: group.arn() };
        Self { destinations: vec![LogDestination { cloud_watch_logs_log_group }], include_execution_data, level }
    }
}

/// What starts a state machine.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[serde(tag = "Type", content = "Properties")]
pub enum Event {
    /// Events that match a pattern.
    EventBridgeRule(EventBridgeRule),
}

/// An [EventBridge rule](https://docs.aws.amazon.com/serverless-application-model/latest/developerguide/sam-property-statemachine-statemachineeventbridgerule.html)
/// that starts the state machine it belongs to.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[serde(rename_all = "PascalCase")]
pub struct EventBridgeRule {
    /// Where events go that could not start it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub dead_letter_config: Option<DeadLetterConfig>,
    /// The events that start it.
    pub pattern: EventPattern<Value>,
    /// How long EventBridge tries to start it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub retry_policy: Option<RetryPolicy>,
    /// Its name; without one CloudFormation makes one.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub rule_name: Option<Value>,
}

/// Where a rule sends [events that it could not deliver](https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-rule-dlq.html).
#[derive(Debug, Clone, PartialEq, Serialize)]
#[serde(rename_all = "PascalCase")]
pub struct DeadLetterConfig {
    /// The ARN of a queue, whose policy must allow it.
    pub arn: Value,
}

/// How long EventBridge [tries to deliver](https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-rule-retry-policy.html) an event.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[serde(rename_all = "PascalCase")]
pub struct RetryPolicy {
    /// How old the event may become.
    pub maximum_event_age_in_seconds: u32,
    /// How many retries, after the first try.
    pub maximum_retry_attempts: u32,
}

impl Handle<ServerlessStateMachine> {
    /// The [ARN](https://docs.aws.amazon.com/service-authorization/latest/reference/list_awsstepfunctions.html) of every
    /// execution of the state machine.
    pub fn executions(&self) -> Value {
        self.executions_by(":*")
    }

    /// The ARN of every child execution of its Distributed Maps.
    pub fn child_executions(&self) -> Value {
        self.executions_by("/*")
    }

    fn executions_by(&self, rest: &str) -> Value {
        let prefix = Sub::default().text("arn:").pseudo(Pseudo::Partition).text(":states:").pseudo(Pseudo::Region);
        let prefix = prefix.text(":").pseudo(Pseudo::AccountId).text(":execution:");
        prefix.attribute(self.id(), "Name").text(rest).into()
    }
}
