use serde::Serialize;

use crate::stack::{Tag, Value};

/// [`AWS::CloudWatch::Alarm`](https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-resource-cloudwatch-alarm.html).
#[derive(Debug, Clone, PartialEq, Serialize)]
#[serde(rename_all = "PascalCase")]
pub struct Alarm {
    alarm_actions: Vec<Value>,
    alarm_description: String,
    comparison_operator: ComparisonOperator,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    dimensions: Vec<Dimension>,
    evaluation_periods: u32,
    metric_name: String,
    namespace: String,
    period: u32,
    statistic: Statistic,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    tags: Vec<Tag>,
    threshold: u32,
    treat_missing_data: MissingData,
}

/// What a metric is about.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[serde(rename_all = "PascalCase")]
pub struct Dimension {
    /// The dimension: `StateMachineArn`.
    pub name: String,
    /// Its value.
    pub value: Value,
}

/// A [metric](https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/cloudwatch_concepts.html#Metric) of a resource.
#[derive(Debug, Clone, PartialEq)]
pub struct Metric {
    /// The service's namespace: `AWS/States`.
    pub namespace: &'static str,
    /// Its name: `ExecutionsFailed`.
    pub name: &'static str,
    /// How the values of five minutes make one.
    pub statistic: Statistic,
    /// What it is about.
    pub dimension: Dimension,
}

/// How the values of a period make one.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
pub enum Statistic {
    /// The greatest counts.
    Maximum,
    /// They are added up.
    Sum,
}

impl std::fmt::Display for Statistic {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(match self {
            Self::Maximum => "Maximum",
            Self::Sum => "Sum",
        })
    }
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
enum ComparisonOperator {
    GreaterThanThreshold,
}

/// What it means that there is no value.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
enum MissingData {
    /// All is well: these metrics have values only where something happened.
    NotBreaching,
}

impl Alarm {
    /// An alarm as soon as a metric is above zero in five minutes, which tells `topic`.
    pub fn above_zero(metric: Metric, description: &str, topic: Value, tags: Vec<Tag>) -> Self {
        const FIVE_MINUTES: u32 = 300;
        Self {
            alarm_actions: vec![topic],
            alarm_description: description.to_owned(),
            comparison_operator: ComparisonOperator::GreaterThanThreshold,
            dimensions: vec![metric.dimension],
            evaluation_periods: 1,
            metric_name: metric.name.to_owned(),
            namespace: metric.namespace.to_owned(),
            period: FIVE_MINUTES,
            statistic: metric.statistic,
            tags,
            threshold: 0,
            treat_missing_data: MissingData::NotBreaching,
        }
    }
}

/// [`AWS::CloudWatch::Dashboard`](https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-resource-cloudwatch-dashboard.html).
#[derive(Debug, Clone, PartialEq, Serialize)]
#[serde(rename_all = "PascalCase")]
pub struct Dashboard {
    /// Its [widgets](https://docs.aws.amazon.com/AmazonCloudWatch/latest/APIReference/CloudWatch-Dashboard-Body-Structure.html), as JSON.
    pub dashboard_body: Value,
    /// Its name.
    pub dashboard_name: Value,
    /// Its tags.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub tags: Vec<Tag>,
}
