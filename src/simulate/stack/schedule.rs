use serde_json::{Value, json};

use super::machine::{Machine, named};
use super::rule::{Target, TargetKind, ready_target};
use super::{StackFault, is_made, known};
use crate::aws::ResourceType;
use crate::loaded::{LoadedRule, LoadedStack, references};
use crate::simulate::Timestamp;
use crate::simulate::s3_events::Origin;

/// Something that fires at times: a rule with a schedule, or a schedule of EventBridge Scheduler.
#[derive(Debug, Clone)]
pub struct Schedule {
    /// The logical id of the schedule in the template.
    pub logical_id: String,
    /// What its template calls it.
    pub written: String,
    /// The name of the schedule, made up where only a deployment knows it.
    pub name: String,
    /// Whether it is switched off.
    pub off: bool,
    /// What it calls.
    pub calls: Calls,
}

/// What fires, and what it calls.
#[derive(Debug, Clone)]
pub enum Calls {
    /// A rule makes an event, of which its targets get what they ask for.
    Rule(Vec<Target>),
    /// A schedule has one target.
    Scheduler {
        /// What it is.
        target: TargetKind,
        /// The `Input` that it gets.
        input: Option<String>,
    },
}

/// The schedule of a name or a logical id; without one, the only schedule.
///
/// # Errors
/// There is none, or there are several.
pub(super) fn chosen(schedules: &[Schedule], name: Option<&str>) -> Result<usize, String> {
    let is = |one: &Schedule, name: &str| one.name == name || one.logical_id == name || one.written == name;
    known("schedule", schedules, name, is, |one| &one.written)
}

/// All that fires at times.
pub(super) fn schedules(stack: &LoadedStack, machines: &[Machine], faults: &mut Vec<StackFault>) -> Vec<Schedule> {
    let mut found: Vec<Schedule> = by_rules(stack, machines, faults);
    let (Some(template), Some(resolver)) = (&stack.template, stack.resolver()) else { return found };
    for resource in template.of_type(ResourceType::SchedulerSchedule) {
        let id = &resource.logical_id;
        let Some(node) = template.properties(id).filter(|_| is_made(stack, id)) else { continue };
        let value = resolver.value(node);
        let target = &value["Target"];
        let input = target["Input"].as_str().map(str::to_owned);
        // The universal target names the call in its ARN, and the state machine in its input.
        let arn = target["Arn"].as_str().unwrap_or_default();
        let universal =
            arn.ends_with(":aws-sdk:sfn:startExecution") || arn.ends_with(":aws-sdk:sfn:startSyncExecution");
        let call: Value =
            input.as_deref().filter(|_| universal).and_then(|text| serde_json::from_str(text).ok()).unwrap_or_default();
        let arn = call["StateMachineArn"].as_str().unwrap_or(arn);
        let by_id = node.get("Target").map(references).unwrap_or_default();
        let by_id = by_id.iter().find_map(|reference| named(machines, &reference.name));
        let kind = named(machines, arn).or(by_id);
        found.push(Schedule {
            logical_id: id.clone(),
            written: id.clone(),
            name: value["Name"].as_str().unwrap_or(id).to_owned(),
            off: value["State"] == "DISABLED",
            calls: Calls::Scheduler {
                target: kind.map_or_else(|| TargetKind::Other(arn.to_owned()), TargetKind::Machine),
                input: if universal { Some(call["Input"].as_str().unwrap_or("{}").to_owned()) } else { input },
            },
        });
    }
    found
}

fn by_rules(stack: &LoadedStack, machines: &[Machine], faults: &mut Vec<StackFault>) -> Vec<Schedule> {
    let made = |rule: &&LoadedRule| {
        let targets = || rule.targets.iter().filter_map(|target| target.logical_id.as_deref());
        rule.schedule.is_some() && is_made(stack, &rule.logical_id) && targets().all(|id| is_made(stack, id))
    };
    stack.rules.iter().filter(made).map(|rule| by_rule(stack, rule, machines, faults)).collect()
}

fn by_rule(stack: &LoadedStack, rule: &LoadedRule, machines: &[Machine], faults: &mut Vec<StackFault>) -> Schedule {
    let ready = rule.targets.iter().filter_map(|target| match ready_target(stack, rule, target, machines) {
        Ok(target) => Some(target),
        Err(message) => {
            faults.push(StackFault::at(target.place.clone(), message));
            None
        }
    });
    let calls = match rule.targets.as_slice() {
        [only] if rule.by_scheduler => {
            let machine = only.logical_id.as_deref().and_then(|id| named(machines, id));
            let target = machine.map_or_else(|| TargetKind::Other(only.arn.clone()), TargetKind::Machine);
            Calls::Scheduler { target, input: only.input.clone() }
        }
        _ => Calls::Rule(ready.collect()),
    };
    let (logical_id, written, name) = (rule.logical_id.clone(), rule.written.clone(), rule.name.clone());
    Schedule { logical_id, written, name, off: !rule.enabled, calls }
}

impl Schedule {
    /// The event of [a rule with a schedule](https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-create-rule-schedule.html), or what the Scheduler
    /// sends where no `Input` is given: the same, from `aws.scheduler`, with `detail` as a text.
    pub(in crate::simulate) fn event(&self, id: String, now: Timestamp) -> Value {
        let Origin { account, region } = Origin::default();
        let (source, resource, detail) = match &self.calls {
            Calls::Rule(_) => {
                ("aws.events", format!("arn:aws:events:{region}:{account}:rule/{}", self.name), json!({}))
            }
            Calls::Scheduler { .. } => ("aws.scheduler", self.arn(), json!("{}")),
        };
        json!({
            "version": "0", "id": id, "detail-type": "Scheduled Event", "source": source, "account": account,
            "time": seconds(now), "region": region, "resources": [resource], "detail": detail,
        })
    }

    fn arn(&self) -> String {
        let Origin { account, region } = Origin::default();
        format!("arn:aws:scheduler:{region}:{account}:schedule/default/{}", self.name)
    }

    /// `Input` with its [context attributes](https://docs.aws.amazon.com/scheduler/latest/UserGuide/managing-schedule-context-attributes.html).
    pub(in crate::simulate) fn input(&self, text: &str, id: &str, now: Timestamp) -> String {
        let known = [
            ("<aws.scheduler.schedule-arn>", self.arn()),
            ("<aws.scheduler.scheduled-time>", seconds(now)),
            ("<aws.scheduler.execution-id>", id.to_owned()),
            ("<aws.scheduler.attempt-number>", "1".to_owned()),
        ];
        known.iter().fold(text.to_owned(), |text, (name, value)| text.replace(name, value))
    }
}

/// A moment as events have it, without the milliseconds.
fn seconds(now: Timestamp) -> String {
    let text = now.to_string();
    text.split_once('.').map_or(text.clone(), |(seconds, _)| format!("{seconds}Z"))
}
