//! The rules and schedules that serverless-step-functions makes of a state machine's events.

use crate::aws::ResourceType;
use crate::loaded::value::value;
use crate::source::{Kind, Node};

use super::made::{mapping, resource, text};

/// The rule of an event of EventBridge's, or of a schedule.
pub(super) fn rule(machine: &str, event: &Node) -> Option<Node> {
    let span = event.span;
    let (kind, settings) = event.entries().first().map(|(kind, settings)| (kind.as_str(), settings))?;
    let mut properties = Vec::new();
    match kind? {
        "eventBridge" | "cloudwatchEvent" => {
            let pattern = settings.get("event")?;
            properties.push((text("EventPattern", pattern.span), pattern.clone()));
            if let Some(bus) = settings.get("eventBusName") {
                properties.push((text("EventBusName", bus.span), bus.clone()));
            }
        }
        "schedule" => {
            let rate = settings.get("rate").unwrap_or(settings);
            properties.push((text("ScheduleExpression", rate.span), rate.clone()));
        }
        _ => return None,
    }
    if settings.get("enabled").is_some_and(|enabled| enabled.kind == Kind::Bool(false)) {
        properties.push((text("State", span), text("DISABLED", span)));
    }
    let targets = Node { kind: Kind::Sequence(vec![target(machine, event, settings)]), span, tag: None };
    properties.push((text("Targets", span), targets));
    Some(resource(ResourceType::EventsRule, mapping(properties, span), span))
}

fn target(machine: &str, event: &Node, settings: &Node) -> Node {
    let span = event.span;
    let arn = mapping(vec![(text("Ref", span), text(machine, span))], span);
    let mut target = vec![(text("Arn", span), arn), (text("Id", span), text("machine", span))];
    // The plugin makes a role that may start the machine.
    let role = mapping(vec![(text("Fn::ImportValue", span), text("Role", span))], span);
    target.push((text("RoleArn", span), role));
    for (from, to) in [("inputPath", "InputPath"), ("inputTransformer", "InputTransformer")] {
        if let Some(value) = settings.get(from) {
            target.push((text(to, value.span), transformed(value)));
        }
    }
    if let Some(input) = settings.get("input") {
        let made = value(input);
        let input_text = made.as_str().map_or_else(|| made.to_string(), str::to_owned);
        target.push((text("Input", input.span), text(&input_text, input.span)));
    }
    mapping(target, span)
}

/// An input transformer, whose fields the plugin writes with small letters.
fn transformed(value: &Node) -> Node {
    let mut value = value.clone();
    if let Kind::Mapping(entries) = &mut value.kind {
        for (key, _) in entries {
            let name = match key.as_str() {
                Some("inputPathsMap") => "InputPathsMap",
                Some("inputTemplate") => "InputTemplate",
                _ => continue,
            };
            key.kind = Kind::String(name.to_owned());
        }
    }
    value
}
