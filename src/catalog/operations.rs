//! Running the stack: what is logged and traced of executions, and how long they may take.

use super::{CatalogError, RULE, dead_letters, id};
use crate::asl::StateMachine;
use crate::spec::{LoggingSpec, Spec};
use crate::stack::{
    EventBridgeRule, Handle, LogGroup, Logging, PolicyDocument, Pseudo, Queue, ServerlessStateMachine, Sub,
    TemplateBuilder, Tracing,
};

/// Where the log groups of state machines go. CloudWatch allows for groups below `/aws/vendedlogs/` in general; each other group
/// takes its part of a resource policy with a [limit](https://docs.aws.amazon.com/step-functions/latest/dg/cw-logs.html#cw-logs-policy-size)
/// of 5120 characters.
const LOG_GROUPS: &str = "/aws/vendedlogs/states/";

/// The definition with what the spec says about how it runs.
pub(super) fn definition(spec: &Spec, definition: StateMachine) -> Result<StateMachine, CatalogError> {
    let definition = if spec.dead_letters.is_some() { dead_letters::caught(&definition)? } else { definition };
    Ok(match spec.state_machine.timeout_seconds {
        Some(seconds) => definition.with_timeout(seconds.get()),
        None => definition,
    })
}

/// The queue for what could not be recorded, if the spec has one.
pub(super) fn dead_letters(spec: &Spec, template: &mut TemplateBuilder) -> Result<Option<Handle<Queue>>, CatalogError> {
    spec.dead_letters.as_ref().map(|dead_letters| dead_letters::queue(dead_letters, template)).transpose()
}

/// A rule with what the spec says about events that it cannot deliver.
pub(super) fn rule(spec: &Spec, queue: Option<&Handle<Queue>>, rule: EventBridgeRule) -> EventBridgeRule {
    match spec.dead_letters.as_ref().zip(queue) {
        Some((dead_letters, queue)) => dead_letters::rule(dead_letters, queue, rule),
        None => rule,
    }
}

/// The policy of that queue.
pub(super) fn dead_letter_policy(
    template: &mut TemplateBuilder,
    queue: Option<&Handle<Queue>>,
    machine: &Handle<ServerlessStateMachine>,
) -> Result<(), CatalogError> {
    queue.map_or(Ok(()), |queue| dead_letters::queue_policy(template, queue, machine, &[RULE]))
}

/// The state machine with its logging and tracing, and the permissions that they need.
pub(super) fn state_machine(
    spec: &Spec,
    template: &mut TemplateBuilder,
    machine: ServerlessStateMachine,
) -> Result<ServerlessStateMachine, CatalogError> {
    let tracing = spec.state_machine.tracing.then_some(Tracing { enabled: true });
    let machine = ServerlessStateMachine { tracing, ..machine };
    let Some(logging) = &spec.state_machine.logging else { return Ok(machine) };
    let logging = log_group(logging, template)?;
    let policies = machine.policies.into_iter().map(|policy| PolicyDocument::with_log_delivery(policy, &logging));
    Ok(ServerlessStateMachine { policies: policies.collect(), logging: Some(logging), ..machine })
}

fn log_group(spec: &LoggingSpec, template: &mut TemplateBuilder) -> Result<Logging, CatalogError> {
    let name = Sub::default().text(LOG_GROUPS).pseudo(Pseudo::StackName).text("-ObjectCreated");
    let group = LogGroup { log_group_name: name.into(), retention_in_days: spec.retention_days.days() };
    let group = template.add(id("ObjectCreatedLogGroup")?, group)?;
    Ok(Logging::to(&group, spec.level, spec.include_data))
}
