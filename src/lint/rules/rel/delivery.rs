//! How executions are started.

use crate::lint::MachineView;

/// The rule that starts a machine with its events, if one does. EventBridge delivers an event
/// [at least once](https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-rule-retry-policy.html), so two executions may run with
/// the same one.
pub(super) fn started_by<'a>(machine: &MachineView<'a>) -> Option<&'a str> {
    let id = machine.machine.logical_id.as_ref()?;
    let rules = machine.stack.rules.iter().filter(|rule| rule.enabled && rule.pattern.is_some());
    let mut rules = rules.filter(|rule| rule.targets.iter().any(|target| target.logical_id.as_ref() == Some(id)));
    rules.next().map(|rule| rule.logical_id.as_str())
}
