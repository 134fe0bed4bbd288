//! Who is told when something goes wrong, and a picture of it all.

use super::{CatalogError, Machines, OBJECT_CREATED, Parts, Tables, dead_letters, id, tags};
use crate::aws::cloudformation::Pseudo;
use crate::aws::needs;
use crate::aws::principal;
use crate::spec::{AlarmsSpec, Spec};
use crate::stack::{
    Alarm, Dashboard, Dimension, EncryptionKey, Handle, Metric, Operator, ResourcePolicy, ResourceStatement,
    ServerlessStateMachine, Statistic, Sub, Subscription, TableReference, TemplateBuilder, Topic, TopicPolicy, Value,
};

/// A metric that says that something went wrong, as soon as it is above zero.
struct Watched {
    /// The id of its alarm.
    id: String,
    /// What it means.
    meaning: String,
    metric: Metric,
}

/// Adds the alarms and the dashboard that the spec asks for.
pub(super) fn add(
    parts: &Parts<'_>,
    template: &mut TemplateBuilder,
    machines: &Machines,
    tables: &Tables,
) -> Result<(), CatalogError> {
    let spec = parts.spec;
    let watched = watched(parts, machines, tables);
    if spec.dashboard {
        let name = Pseudo::StackName.into();
        let tags = tags::listed(spec);
        let dashboard = Dashboard { dashboard_body: body(&watched).into(), dashboard_name: name, tags };
        template.add(id("Dashboard")?, dashboard)?;
    }
    let Some(alarms) = &spec.alarms else { return Ok(()) };
    let topic = topic(spec, alarms, template, parts.key)?;
    for Watched { id: name, meaning, metric } in watched {
        let alarm = Alarm::above_zero(metric, &meaning, topic.reference(), tags::listed(spec));
        template.add(id(&name)?, alarm)?;
    }
    template.output(id("AlarmTopicArn")?, "The topic that alarms notify", topic.reference())?;
    Ok(())
}

/// A topic that alarms can publish to. CloudWatch cannot use the key that SNS has of its own, so an encrypted one takes the
/// [stack's own](https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/Notify_Users_Alarm_Changes.html).
fn topic(
    spec: &Spec,
    alarms: &AlarmsSpec,
    template: &mut TemplateBuilder,
    key: Option<&EncryptionKey>,
) -> Result<Handle<Topic>, CatalogError> {
    let topic = Topic {
        kms_master_key_id: key.map(EncryptionKey::arn),
        subscription: alarms.email.iter().map(|address| Subscription::email(address.text())).collect(),
        tags: tags::listed(spec),
    };
    let topic = template.add(id("AlarmTopic")?, topic)?;
    let arn = topic.reference();
    let alarms = ResourceStatement::service("FromAlarms", principal::CLOUD_WATCH, [needs::TO_TOPIC], arn.clone());
    let alarms = alarms.when(Operator::StringEquals, "aws:SourceAccount", Pseudo::AccountId.into());
    let statements = vec![ResourceStatement::tls_only(needs::TO_TOPIC, [arn.clone()]), alarms];
    let policy = TopicPolicy { policy_document: ResourcePolicy::new(statements), topics: vec![arn] };
    template.add(id("AlarmTopicPolicy")?, policy)?;
    Ok(topic)
}

fn watched(parts: &Parts<'_>, machines: &Machines, tables: &Tables) -> Vec<Watched> {
    let mut watched: Vec<Watched> =
        machines.iter().flat_map(|(route, machine)| watched_of_route(route, machine)).collect();
    watched.extend(watched_of_table(parts.table));
    for (route, table) in tables {
        watched.extend(watched_of_table(table).into_iter().map(|watched| watched.of_route(route)));
    }
    watched.extend(parts.dead_letters.map(|queue| {
        let depth = "ApproximateNumberOfMessagesVisible";
        let metric = metric("AWS/SQS", depth, Statistic::Maximum, "QueueName", queue.queue_name());
        of("DeadLettersAlarm", "Events wait in the dead-letter queue to be sent again", metric)
    }));
    watched
}

/// What can go wrong with the rule and the state machine of a route. The alarms of the article's route are named after what they
/// say alone, those of others after the route as well.
fn watched_of_route(route: &str, machine: &Handle<ServerlessStateMachine>) -> Vec<Watched> {
    let states = |name| metric("AWS/States", name, Statistic::Sum, "StateMachineArn", machine.reference());
    let rule_name = dead_letters::rule_name(Sub::default(), route).into();
    let rule = metric("AWS/Events", "FailedInvocations", Statistic::Sum, "RuleName", rule_name);
    let watched = vec![
        of("ExecutionsFailedAlarm", "Executions failed: events were not recorded", states("ExecutionsFailed")),
        of(
            "ExecutionsTimedOutAlarm",
            "Executions took too long: events may not be recorded",
            states("ExecutionsTimedOut"),
        ),
        of("ExecutionThrottledAlarm", "Step Functions is slowing executions down", states("ExecutionThrottled")),
        of("FailedInvocationsAlarm", "The rule could not start executions: events were not recorded", rule),
    ];
    if route == OBJECT_CREATED {
        return watched;
    }
    watched.into_iter().map(|watched| watched.of_route(route)).collect()
}

fn watched_of_table(table: &TableReference) -> Vec<Watched> {
    let Some(known_as) = table.metric_name() else { return Vec::new() };
    let throttled = |name| metric("AWS/DynamoDB", name, Statistic::Sum, "TableName", known_as.clone());
    vec![
        of("ReadThrottleAlarm", "DynamoDB is throttling reads of the table", throttled("ReadThrottleEvents")),
        of("WriteThrottleAlarm", "DynamoDB is throttling writes to the table", throttled("WriteThrottleEvents")),
    ]
}

impl Watched {
    /// The same, named after a route.
    fn of_route(self, route: &str) -> Self {
        let Self { id, meaning, metric } = self;
        Self { id: format!("{route}{id}"), meaning: format!("{meaning} ({route})"), metric }
    }
}

fn of(id: &str, meaning: &str, metric: Metric) -> Watched {
    Watched { id: id.to_owned(), meaning: meaning.to_owned(), metric }
}

fn metric(namespace: &'static str, name: &'static str, statistic: Statistic, dimension: &str, value: Value) -> Metric {
    Metric { namespace, name, statistic, dimension: Dimension { name: dimension.to_owned(), value } }
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
