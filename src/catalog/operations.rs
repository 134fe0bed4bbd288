//! Running the stack: what is logged and traced of executions, and how long they may take.

use indexmap::IndexMap;

use super::{CatalogError, dead_letters, hardening, id};
use crate::asl::StateMachine;
use crate::spec::{LoggingSpec, Spec};
use crate::stack::{
    EventBridgeRule, Handle, Key, LogGroup, Logging, PolicyDocument, Pseudo, Queue, ServerlessStateMachine, Sub,
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
pub(super) fn dead_letters(
    spec: &Spec,
    template: &mut TemplateBuilder,
    key: Option<&Handle<Key>>,
) -> Result<Option<Handle<Queue>>, CatalogError> {
    let Some(dead_letters) = &spec.dead_letters else { return Ok(None) };
    let key = key.filter(|_| hardening::dead_letters_by_key(spec));
    dead_letters::queue(dead_letters, template, key, hardening::tags(spec)).map(Some)
}

/// Whether the rule needs a name of its own: whether anything refers to it.
fn names_rule(spec: &Spec) -> bool {
    spec.dead_letters.is_some() || spec.alarms.is_some() || spec.dashboard
}

/// The rule's name, where it has one, is short enough for
/// [EventBridge](https://docs.aws.amazon.com/eventbridge/latest/APIReference/API_PutRule.html#API_PutRule_RequestSyntax).
pub(super) fn check_stack_name(spec: &Spec) -> Result<(), CatalogError> {
    const LONGEST_RULE_NAME: usize = 64;
    let max = LONGEST_RULE_NAME - dead_letters::RULE_NAME_SUFFIX.len();
    let name = &spec.stack.name;
    if names_rule(spec) && name.as_str().len() > max {
        return Err(CatalogError::StackNameTooLong { name: name.clone(), max });
    }
    Ok(())
}

/// A rule with what the spec says about events that it cannot deliver.
pub(super) fn rule(spec: &Spec, queue: Option<&Handle<Queue>>, rule: EventBridgeRule) -> EventBridgeRule {
    let rule_name = names_rule(spec).then(|| dead_letters::rule_name(Sub::default()).into());
    let rule = EventBridgeRule { rule_name, ..rule };
    match spec.dead_letters.as_ref().zip(queue) {
        Some((dead_letters, queue)) => dead_letters::rule(dead_letters, queue, rule),
        None => rule,
    }
}

/// The policy of that queue.
pub(super) fn dead_letter_policy(
    template: &mut TemplateBuilder,
    queue: Option<&Handle<Queue>>,
) -> Result<(), CatalogError> {
    queue.map_or(Ok(()), |queue| dead_letters::queue_policy(template, queue))
}

/// The state machine with its logging and tracing, and the permissions that they need.
pub(super) fn state_machine(
    spec: &Spec,
    template: &mut TemplateBuilder,
    machine: ServerlessStateMachine,
    key: Option<&Handle<Key>>,
) -> Result<ServerlessStateMachine, CatalogError> {
    let tracing = spec.state_machine.tracing.then_some(Tracing { enabled: true });
    let tags: IndexMap<_, _> = hardening::tags(spec).into_iter().map(|tag| (tag.key, tag.value)).collect();
    let propagate_tags = (!tags.is_empty()).then_some(true);
    let machine = ServerlessStateMachine { propagate_tags, tags, tracing, ..machine };
    let Some(logging) = &spec.state_machine.logging else { return Ok(machine) };
    let key = key.filter(|_| hardening::logs_by_key(spec));
    let logging = log_group(spec, logging, template, key)?;
    let policies = machine.policies.into_iter().map(|policy| PolicyDocument::with_log_delivery(policy, &logging));
    Ok(ServerlessStateMachine { policies: policies.collect(), logging: Some(logging), ..machine })
}

fn log_group(
    spec: &Spec,
    logging: &LoggingSpec,
    template: &mut TemplateBuilder,
    key: Option<&Handle<Key>>,
) -> Result<Logging, CatalogError> {
    let name = Sub::default().text(LOG_GROUPS).pseudo(Pseudo::StackName).text("-ObjectCreated");
    let group = LogGroup {
        kms_key_id: key.map(Handle::<Key>::arn),
        log_group_name: name.into(),
        retention_in_days: logging.retention_days.days(),
        tags: hardening::tags(spec),
    };
    let group = template.add(id("ObjectCreatedLogGroup")?, group)?;
    Ok(Logging::to(&group, logging.level, logging.include_data))
}
