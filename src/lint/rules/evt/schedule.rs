use crate::aws::ResourceType;
use crate::aws::schedule::problem;
use crate::lint::Findings;
use crate::lint::rule::rule;
use crate::loaded::{Call, LoadedStack, LoadedTemplate, below, references};
use crate::source::{Kind, Node, why_not_json};

rule! {
    /// Invalid schedule
    ///
    /// # What it does
    /// Checks the schedule expressions of rules, of EventBridge Scheduler and of SAM's events, that a rule has an event pattern
    /// or a schedule, that a flexible window of EventBridge Scheduler has a length, and that its `Input` for a state machine or a function is JSON.
    ///
    /// Sources: schedules of [rules](https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-scheduled-rule-pattern.html) and of
    /// [EventBridge Scheduler](https://docs.aws.amazon.com/scheduler/latest/UserGuide/schedule-types.html),
    /// [PutRule](https://docs.aws.amazon.com/eventbridge/latest/APIReference/API_PutRule.html).
    ///
    /// # Why is this bad
    /// EventBridge refuses the rule or the schedule, and the deployment fails.
    ///
    /// # Example
    /// ```yaml
    /// ScheduleExpression: cron(0 12 * * *)
    /// ```
    ///
    /// # Use instead
    /// ```yaml
    /// ScheduleExpression: cron(0 12 * * ? *)
    /// ```
    pub(super) static RULE: "EVT507", "schedule", Error = Stack(check);
}

fn check(stack: &LoadedStack, findings: &mut Findings<'_>) {
    let Some(template) = stack.template.as_ref().filter(|template| !template.other_transforms) else { return };
    for (id, resource) in &template.resources {
        let Some(properties) = template.properties(id).filter(|node| Call::of(node).is_none()) else { continue };
        let mut judge =
            |node: &Node, pointer: &str, scheduler: bool| judge(template, id, (node, pointer), scheduler, findings);
        let Some(kind) = ResourceType::of(&resource.resource_type) else { continue };
        match kind {
            ResourceType::EventsRule => match properties.get("ScheduleExpression") {
                Some(node) => judge(node, "/ScheduleExpression", false),
                None if is_whole(properties) && properties.get("EventPattern").is_none() => {
                    let message =
                        "EventBridge refuses the rule: it has neither an `EventPattern` nor a `ScheduleExpression`";
                    findings.add(resource.place.clone(), message);
                }
                None => {}
            },
            ResourceType::SchedulerSchedule => {
                if let Some(node) = properties.get("ScheduleExpression") {
                    judge(node, "/ScheduleExpression", true);
                }
                scheduler(template, id, properties, findings);
            }
            ResourceType::ServerlessStateMachine | ResourceType::ServerlessFunction => {
                for (key, event) in properties.get("Events").map_or(&[][..], Node::entries) {
                    let (field, scheduler) = match event.get("Type").and_then(Node::as_str) {
                        Some("Schedule") => ("Schedule", false),
                        Some("ScheduleV2") => ("ScheduleExpression", true),
                        _ => continue,
                    };
                    let Some(node) = event.get("Properties").and_then(|properties| properties.get(field)) else {
                        continue;
                    };
                    let event = below("/Events", key.as_str().unwrap_or_default());
                    judge(node, &format!("{event}/Properties/{field}"), scheduler);
                }
            }
            _ => {}
        }
    }
}

/// The window and the input of a schedule of EventBridge Scheduler.
fn scheduler(template: &LoadedTemplate, id: &str, properties: &Node, findings: &mut Findings<'_>) {
    if let Some(window) = properties.get("FlexibleTimeWindow").filter(|node| Call::of(node).is_none())
        && let Some(mode) = window.get("Mode")
        && mode.as_str() == Some("FLEXIBLE")
        && is_whole(window)
        && window.get("MaximumWindowInMinutes").is_none()
    {
        let message = "EventBridge refuses the schedule: a window with `Mode: FLEXIBLE` needs `MaximumWindowInMinutes`";
        findings.add(template.place(id, "/FlexibleTimeWindow/Mode", mode), message);
    }
    let Some(target) = properties.get("Target").filter(|node| Call::of(node).is_none()) else { return };
    let takes_json = target.get("Arn").map(references).unwrap_or_default().iter().any(|found| {
        template.resources.get(&found.name).is_some_and(|resource| {
            resource.is_one_of(&ResourceType::STATE_MACHINES) || resource.is_one_of(&ResourceType::FUNCTIONS)
        })
    });
    let Some(input) = target.get("Input").filter(|node| takes_json && Call::of(node).is_none()) else { return };
    let plain = |text: &&str| !text.contains("${") && !text.contains("{{") && !text.contains("<aws.scheduler");
    let Some(text) = input.as_str().filter(plain) else { return };
    if let Err(error) = serde_json::from_str::<serde_json::Value>(text) {
        let message =
            format!("EventBridge refuses the schedule: its `Input` is not JSON: {}", why_not_json(text, &error));
        findings.add(template.place(id, "/Target/Input", input), message);
    }
}

/// Whether no tool or macro may add to a mapping.
fn is_whole(node: &Node) -> bool {
    node.entries().iter().all(|(key, _)| key.as_str().is_some_and(|key| !key.contains("::") && key != "<<"))
}

fn judge(
    template: &LoadedTemplate,
    id: &str,
    (node, pointer): (&Node, &str),
    scheduler: bool,
    findings: &mut Findings<'_>,
) {
    let plain = Call::of(node).is_none() && matches!(node.kind, Kind::String(_));
    let Some(text) = node.as_str().filter(|text| plain && !text.contains(['{', '<'])) else { return };
    if let Some(problem) = problem(text, scheduler) {
        let shown: String = text.chars().take(80).collect();
        findings
            .add(template.place(id, pointer, node), format!("EventBridge refuses the schedule `{shown}`: {problem}"));
    }
}
