use indexmap::IndexMap;
use serde::{Deserialize, Serialize};

use crate::eventbridge::EventPattern;
use crate::name::StateMachineName;
use crate::stack::{PolicyDocument, Value};

/// [`AWS::Serverless::StateMachine`](https://docs.aws.amazon.com/serverless-application-model/latest/developerguide/sam-resource-statemachine.html).
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "PascalCase", deny_unknown_fields)]
pub struct ServerlessStateMachine {
    /// What is put in place of each `${Name}` of the definition.
    pub definition_substitutions: IndexMap<String, Value>,
    /// Where the definition is, from the template.
    pub definition_uri: String,
    /// What starts it.
    #[serde(default, skip_serializing_if = "IndexMap::is_empty")]
    pub events: IndexMap<String, Event>,
    /// Its name; without one CloudFormation makes one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub name: Option<StateMachineName>,
    /// What the role may do that SAM makes for it.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub policies: Vec<PolicyDocument>,
    /// The ARN of its role, where SAM is not to make one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub role: Option<Value>,
    /// Which kind of workflow it is.
    #[serde(rename = "Type")]
    pub workflow_type: WorkflowType,
}

/// The two [kinds of workflow](https://docs.aws.amazon.com/step-functions/latest/dg/choosing-workflow-type.html).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize, schemars::JsonSchema, clap::ValueEnum)]
#[serde(rename_all = "UPPERCASE")]
#[value(rename_all = "UPPER")]
pub enum WorkflowType {
    /// Every execution is kept for 90 days, to be looked at; paid by state transition.
    #[default]
    Standard,
    /// Executions are only seen in logs; paid by request and duration, a small part of the price.
    Express,
}

/// What starts a state machine.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(tag = "Type", content = "Properties", deny_unknown_fields)]
pub enum Event {
    /// Events that match a pattern.
    EventBridgeRule(EventBridgeRule),
}

/// An [EventBridge rule](https://docs.aws.amazon.com/serverless-application-model/latest/developerguide/sam-property-statemachine-statemachineeventbridgerule.html)
/// that starts the state machine it belongs to.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "PascalCase", deny_unknown_fields)]
pub struct EventBridgeRule {
    /// The events that start it.
    pub pattern: EventPattern<Value>,
}
