//! Who is told when something goes wrong, and a picture of it all.

use super::{CatalogError, dead_letters, hardening, id};
use crate::spec::{AlarmsSpec, Spec};
use crate::stack::{
    Alarm, Dashboard, Dimension, Handle, Key, Metric, Operator, Pseudo, Queue, ResourcePolicy, ResourceStatement,
    ServerlessStateMachine, Statistic, Sub, Subscription, Table, TemplateBuilder, Topic, TopicPolicy,
};

/// What there is to watch.
pub(super) struct Resources<'a> {
    /// The state machine.
    pub(super) machine: &'a Handle<ServerlessStateMachine>,
    /// The table.
    pub(super) table: &'a Handle<Table>,
    /// The queue of dead letters, if there is one.
    pub(super) queue: Option<&'a Handle<Queue>>,
}

/// A metric that says that something went wrong, as soon as it is above zero.
struct Watched {
    /// The id of its alarm.
    id: &'static str,
    /// What it means.
    meaning: &'static str,
    metric: Metric,
}

/// Adds the alarms and the dashboard that the spec asks for.
pub(super) fn add(
    spec: &Spec,
    template: &mut TemplateBuilder,
    resources: &Resources<'_>,
    key: Option<&Handle<Key>>,
) -> Result<(), CatalogError> {
    let watched = watched(resources);
    if spec.dashboard {
        let name = Pseudo::StackName.into();
        let dashboard = Dashboard { dashboard_body: body(&watched).into(), dashboard_name: name };
        template.add(id("Dashboard")?, dashboard)?;
    }
    let Some(alarms) = &spec.alarms else { return Ok(()) };
    let topic = topic(spec, alarms, template, key)?;
    for Watched { id: name, meaning, metric } in watched {
        let alarm = Alarm::above_zero(metric, meaning, topic.reference(), hardening::tags(spec));
        template.add(id(name)?, alarm)?;
    }
    template.output(id("AlarmTopicArn")?, "The topic that alarms tell", topic.reference())?;
    Ok(())
}

/// A topic that alarms can publish to. CloudWatch cannot use the key that SNS has of its own, so an encrypted one takes the
/// [stack's own](https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/Notify_Users_Alarm_Changes.html).
fn topic(
    spec: &Spec,
    alarms: &AlarmsSpec,
    template: &mut TemplateBuilder,
    key: Option<&Handle<Key>>,
) -> Result<Handle<Topic>, CatalogError> {
    let topic = Topic {
        kms_master_key_id: key.map(Handle::<Key>::arn),
        subscription: alarms.email.iter().map(|address| Subscription::email(address.to_string())).collect(),
        tags: hardening::tags(spec),
    };
    let topic = template.add(id("AlarmTopic")?, topic)?;
    let arn = topic.reference();
    let alarms = ResourceStatement::service("FromAlarms", "cloudwatch.amazonaws.com", ["sns:Publish"], arn.clone());
    let alarms = alarms.when(Operator::StringEquals, "aws:SourceAccount", Pseudo::AccountId.into());
    let statements = vec![ResourceStatement::tls_only("sns:Publish", [arn.clone()]), alarms];
    let policy = TopicPolicy { policy_document: ResourcePolicy::new(statements), topics: vec![arn] };
    template.add(id("AlarmTopicPolicy")?, policy)?;
    Ok(topic)
}

fn watched(resources: &Resources<'_>) -> Vec<Watched> {
    let metric = |namespace, name, statistic, dimension: &str, value| Metric {
        namespace,
        name,
        statistic,
        dimension: Dimension { name: dimension.to_owned(), value },
    };
    let machine = |name| metric("AWS/States", name, Statistic::Sum, "StateMachineArn", resources.machine.reference());
    let table = |name| metric("AWS/DynamoDB", name, Statistic::Sum, "TableName", resources.table.reference());
    let rule = metric(
        "AWS/Events",
        "FailedInvocations",
        Statistic::Sum,
        "RuleName",
        dead_letters::rule_name(Sub::default()).into(),
    );
    let of = |id, meaning, metric| Watched { id, meaning, metric };
    let mut watched = vec![
        of("ExecutionsFailedAlarm", "Executions failed: events were not recorded", machine("ExecutionsFailed")),
        of(
            "ExecutionsTimedOutAlarm",
            "Executions took too long: events may not be recorded",
            machine("ExecutionsTimedOut"),
        ),
        of("ExecutionThrottledAlarm", "Step Functions is slowing executions down", machine("ExecutionThrottled")),
        of("FailedInvocationsAlarm", "The rule could not start executions: events were not recorded", rule),
        of("ReadThrottleAlarm", "DynamoDB is throttling reads of the table", table("ReadThrottleEvents")),
        of("WriteThrottleAlarm", "DynamoDB is throttling writes to the table", table("WriteThrottleEvents")),
    ];
    watched.extend(resources.queue.map(|queue| {
        let depth = "ApproximateNumberOfMessagesVisible";
        let metric = metric("AWS/SQS", depth, Statistic::Maximum, "QueueName", queue.queue_name());
        of("DeadLettersAlarm", "Events wait in the dead-letter queue to be sent again", metric)
    }));
    watched
}

/// The dashboard: a curve for each metric, three in a row.
fn body(watched: &[Watched]) -> Sub {
    const WIDTH: usize = 8;
    const HEIGHT: usize = 6;
    let mut body = Sub::default().text(r#"{"widgets":["#);
    for (index, Watched { meaning, metric, .. }) in watched.iter().enumerate() {
        let (x, y) = (index % 3 * WIDTH, index / 3 * HEIGHT);
        let Metric { namespace, name, statistic, dimension: Dimension { name: dimension, value } } = metric;
        let comma = if index == 0 { "" } else { "," };
        body = body
            .text(&format!(r#"{comma}{{"type":"metric","x":{x},"y":{y},"width":{WIDTH},"height":{HEIGHT},"#))
            .text(&format!(r#""properties":{{"title":"{meaning}","stat":"{statistic}","period":300,"region":""#))
            .pseudo(Pseudo::Region)
            .text(&format!(r#"","metrics":[["{namespace}","{name}","{dimension}",""#))
            .value(value)
            .text(r#""]]}}"#);
    }
    body.text("]}")
}
