//! Running the stack: what is logged and traced of executions, and how long they may take.

use super::{CatalogError, OBJECT_CREATED, Parts, dead_letters, id, key, tags};
use crate::asl::StateMachine;
use crate::aws::cloudformation::Pseudo;
use crate::spec::{LogRetention, LoggingSpec, Spec};
use crate::stack::{
    EncryptionKey, EventBridgeRule, Handle, LogGroup, Logging, PolicyDocument, Queue, ServerlessStateMachine, Sub,
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
    key: Option<&EncryptionKey>,
) -> Result<Option<Handle<Queue>>, CatalogError> {
    let Some(dead_letters) = &spec.dead_letters else { return Ok(None) };
    let key = key.filter(|_| key::dead_letters_by_key(spec));
    dead_letters::queue(dead_letters, template, key, tags::listed(spec)).map(Some)
}

/// Whether the rule needs a name of its own: whether anything refers to it.
fn names_rule(spec: &Spec) -> bool {
    spec.dead_letters.is_some() || spec.alarms.is_some() || spec.dashboard
}

/// The rule's name, where it has one, is short enough for
/// [EventBridge](https://docs.aws.amazon.com/eventbridge/latest/APIReference/API_PutRule.html#API_PutRule_RequestSyntax).
pub(super) fn check_stack_name(spec: &Spec) -> Result<(), CatalogError> {
    const LONGEST_RULE_NAME: usize = 64;
    // A hyphen, the name of a route, and that of a kind of event, all of which are as long.
    let route = spec.routes.iter().map(|route| route.name.as_str().len()).max().unwrap_or_default();
    let max = LONGEST_RULE_NAME - OBJECT_CREATED.len() - 1 - route;
    let name = &spec.stack.name;
    if names_rule(spec) && name.as_str().len() > max {
        return Err(CatalogError::StackNameTooLong { name: name.clone(), max });
    }
    Ok(())
}

/// A rule with what the spec says about events that it cannot deliver.
pub(super) fn rule(parts: &Parts<'_>, route: &str, rule: EventBridgeRule) -> EventBridgeRule {
    let rule_name = names_rule(parts.spec).then(|| dead_letters::rule_name(Sub::default(), route).into());
    let rule = EventBridgeRule { rule_name, ..rule };
    match parts.spec.dead_letters.as_ref().zip(parts.dead_letters) {
        Some((dead_letters, queue)) => dead_letters::rule(dead_letters, queue, rule),
        None => rule,
    }
}

/// The state machine of a route with its logging and tracing, and the permissions that they need.
pub(super) fn state_machine(
    parts: &Parts<'_>,
    template: &mut TemplateBuilder,
    route: &str,
    machine: ServerlessStateMachine,
) -> Result<ServerlessStateMachine, CatalogError> {
    let spec = parts.spec;
    let tracing = spec.state_machine.tracing.then_some(Tracing { enabled: true });
    let tags = tags::mapped(spec);
    let propagate_tags = (!tags.is_empty()).then_some(true);
    let machine = ServerlessStateMachine { propagate_tags, tags, tracing, ..machine };
    let Some(logging) = &spec.state_machine.logging else { return Ok(machine) };
    let logging = log_group(parts, logging, route, template)?;
    let policies = machine.policies.into_iter().map(|policy| PolicyDocument::with_log_delivery(policy, &logging));
    Ok(ServerlessStateMachine { policies: policies.collect(), logging: Some(logging), ..machine })
}

fn log_group(
    parts: &Parts<'_>,
    logging: &LoggingSpec,
    route: &str,
    template: &mut TemplateBuilder,
) -> Result<Logging, CatalogError> {
    let name = Sub::default().text(LOG_GROUPS).pseudo(Pseudo::StackName).text(&format!("-{route}"));
    let group = LogGroup {
        kms_key_id: parts.key.filter(|_| key::logs_by_key(parts.spec)).map(EncryptionKey::arn),
        log_group_name: name.into(),
        retention_in_days: logging.retention_days.clone().map(LogRetention::days),
        tags: tags::listed(parts.spec),
    };
    let group = template.add(id(&format!("{route}LogGroup"))?, group)?;
    Ok(Logging::to(&group, logging.level, logging.include_data))
}
