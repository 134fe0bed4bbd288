use serde_json::Value;

use super::machine::{Machine, named};
use super::target::TargetInput;
use super::{StackFault, is_made};
use crate::eventbridge::CompiledPattern;
use crate::loaded::{LoadedRule, LoadedStack, RuleTarget};
use crate::permissions::obstacle;

/// A rule that takes events.
#[derive(Debug, Clone)]
pub struct RunnableRule {
    /// The logical id of the rule in the template; SAM's is made of the machine's and the event's.
    pub logical_id: String,
    /// The name of the rule, made up where only a deployment knows it.
    pub name: String,
    /// Its pattern as it is written.
    pub source: Value,
    /// The event pattern, compiled.
    pub pattern: CompiledPattern,
    /// What it calls.
    pub targets: Vec<Target>,
    /// The bus that it listens to, where that is one that AWS's services do not send to.
    pub own_bus: Option<String>,
    /// The name of the bus that it listens to, where that is known and no rule sends on what comes there.
    pub(super) bus: Option<String>,
}

/// What a rule calls.
#[derive(Debug, Clone)]
pub struct Target {
    /// What kind of thing it is.
    pub kind: TargetKind,
    /// What it gets of the event.
    pub input: TargetInput,
    /// Why the rule cannot reach it: EventBridge tries, and fails.
    pub obstacle: Option<String>,
}

/// What kind of thing a target is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum TargetKind {
    /// A state machine of the stack, by its number.
    Machine(usize),
    /// Anything else, by its ARN: it is not called here.
    Other(String),
}

/// The rules that are switched on and have a pattern. Those that EventBridge would refuse are faults.
pub(super) fn rules(stack: &LoadedStack, machines: &[Machine], faults: &mut Vec<StackFault>) -> Vec<RunnableRule> {
    // A rule that SAM makes is there if the machine is that it belongs to.
    let target = |target: &RuleTarget| target.logical_id.as_deref().is_none_or(|id| is_made(stack, id));
    let made = |rule: &&LoadedRule| is_made(stack, &rule.logical_id) && rule.targets.iter().all(target);
    let rules = stack.rules.iter().filter(|rule| rule.enabled).filter(made);
    rules.filter_map(|rule| ready(stack, rule, machines, faults)).collect()
}

fn ready(
    stack: &LoadedStack,
    rule: &LoadedRule,
    machines: &[Machine],
    faults: &mut Vec<StackFault>,
) -> Option<RunnableRule> {
    let (source, place) = rule.pattern.as_ref()?;
    let pattern = match CompiledPattern::parse(&source.to_string()) {
        Ok(pattern) => pattern,
        Err(reason) => {
            let message = format!("EventBridge refuses this pattern: {reason}");
            faults.push(StackFault::at(place.clone(), message));
            return None;
        }
    };
    let targets = rule.targets.iter().filter_map(|target| match ready_target(stack, rule, target, machines) {
        Ok(target) => Some(target),
        Err(message) => {
            faults.push(StackFault::at(target.place.clone(), message));
            None
        }
    });
    let targets = targets.collect();
    let (logical_id, name) = (rule.logical_id.clone(), rule.name.clone());
    let own_bus = rule.event_bus.clone().filter(|_| !stack.hears_services(rule));
    let bus = bus(stack, rule);
    Some(RunnableRule { logical_id, name, source: source.clone(), pattern, targets, own_bus, bus })
}

fn bus(stack: &LoadedStack, rule: &LoadedRule) -> Option<String> {
    let mut targets = stack.rules.iter().flat_map(|rule| &rule.targets);
    if targets.any(|target| target.arn.contains(":event-bus/")) {
        return None;
    }
    match &rule.event_bus {
        None => Some("default".to_owned()),
        Some(bus) => rule.own_bus.then(|| bus_name(bus).to_owned()),
    }
}

/// The name of a bus, of its name or its ARN.
pub(super) fn bus_name(bus: &str) -> &str {
    bus.rsplit('/').next().unwrap_or(bus)
}

pub(super) fn ready_target(
    stack: &LoadedStack,
    rule: &LoadedRule,
    target: &RuleTarget,
    machines: &[Machine],
) -> Result<Target, String> {
    let machine =
        target.logical_id.as_deref().and_then(|id| named(machines, id)).or_else(|| named(machines, &target.arn));
    let kind = machine.map_or_else(|| TargetKind::Other(target.arn.clone()), TargetKind::Machine);
    let input = TargetInput::of(rule, target).map_err(|fault| fault.to_string())?;
    let machine = target.logical_id.as_deref().unwrap_or_default();
    let obstacle = obstacle(stack, rule, target).map(|obstacle| obstacle.message(machine));
    Ok(Target { kind, input, obstacle })
}
