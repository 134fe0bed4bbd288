use crate::aws::sam::EVENTS_WITH_RULES;
use serde_json::Value;

use crate::aws::ResourceType;
use crate::source::Node;

use super::Place;
use super::intrinsic::Call;
use super::placeholder::has_placeholder;
use super::resolve::{Assumed, Resolved, Resolver};
use super::template::{LoadedTemplate, Resource};
use crate::source::below;

/// A rule on an event bus, or a schedule.
#[derive(Debug, Clone, PartialEq)]
pub struct LoadedRule {
    /// Its logical id. SAM's events have the id that SAM gives the rule: the resource's and the event's, one after the other.
    pub logical_id: String,
    /// The name of the rule, as far as it is known before the deployment.
    pub name: String,
    /// What its template calls it, where it has no name there: its logical id, or the name of the event that SAM makes it of.
    pub written: String,
    /// Where it is declared.
    pub place: Place,
    /// Its event pattern, with functions evaluated, and where that stands. One that is given as JSON text is the value of
    /// that; a text that is no JSON stays one.
    pub pattern: Option<(Value, Place)>,
    /// How far the pattern is known before the stack is deployed.
    pub certainty: Certainty,
    /// The schedule expression (`rate(5 minutes)`) of a rule that fires by the clock.
    pub schedule: Option<String>,
    /// Whether SAM makes it a schedule of EventBridge Scheduler, and no rule.
    pub by_scheduler: bool,
    /// The name or ARN of its event bus; `None` for the default one.
    pub event_bus: Option<String>,
    /// Whether that is surely a bus of one's own: no parameter or condition decides.
    pub own_bus: bool,
    /// Whether it is switched on.
    pub enabled: bool,
    /// What it calls.
    pub targets: Vec<RuleTarget>,
}

/// How far a pattern is known before the stack is deployed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Certainty {
    /// A condition, or something of which only a deployment knows what it is, decides which parts it has.
    Unknown,
    /// Some of its texts are parameters' or come from elsewhere, but not those that say which events there are.
    Assumed,
    /// It stands in the template.
    Known,
}

/// What a rule calls.
#[derive(Debug, Clone, PartialEq)]
pub struct RuleTarget {
    /// Its ARN.
    pub arn: String,
    /// Its logical id, if the template declares it.
    pub logical_id: Option<String>,
    /// `Input`, the constant that it gets instead of the event.
    pub input: Option<String>,
    /// `InputPath`, the part of the event that it gets.
    pub input_path: Option<String>,
    /// `InputTransformer`.
    pub input_transformer: Option<Value>,
    /// The ARN of the queue for events that could not be delivered.
    pub dead_letters: Option<String>,
    /// `RetryPolicy`.
    pub retry_policy: Option<Value>,
    /// The logical id of the role that the rule calls it with.
    pub role: Option<String>,
    /// Where it is declared.
    pub place: Place,
}

/// The rules of a template.
pub(super) fn rules(template: &LoadedTemplate, resolver: &Resolver<'_>) -> Vec<LoadedRule> {
    let mut rules = Vec::new();
    for resource in template.resources.values() {
        match ResourceType::of(&resource.resource_type) {
            Some(ResourceType::EventsRule) => rules.extend(rule(template, resolver, resource)),
            Some(ResourceType::ServerlessStateMachine | ResourceType::ServerlessFunction) => {
                let events = template.properties(&resource.logical_id).and_then(|p| p.get("Events"));
                let events = events.map_or(&[][..], Node::entries).iter();
                rules.extend(events.filter_map(|(key, event)| sam_event(template, resolver, resource, key, event)));
            }
            _ => {}
        }
    }
    rules
}

fn rule(template: &LoadedTemplate, resolver: &Resolver<'_>, resource: &Resource) -> Option<LoadedRule> {
    let id = &resource.logical_id;
    let properties = template.properties(id)?;
    let place = |property: &str, node: &Node| template.place(id, &format!("/{property}"), node);
    let targets = properties.get("Targets").map_or(&[][..], Node::items).iter().enumerate();
    let targets = targets.map(|(at, node)| {
        let arn = node.get("Arn");
        let place = template.place(id, &format!("/Targets/{at}"), node);
        target(template, resolver, node, arn.map(|arn| resolver.text(arn)), logical_id(template, arn), place)
    });
    Some(LoadedRule {
        logical_id: id.clone(),
        name: resolver.physical_name(id),
        written: id.clone(),
        place: resource.place.clone(),
        certainty: properties.get("EventPattern").map_or(Certainty::Known, |node| certainty(node, resolver)),
        pattern: properties.get("EventPattern").map(|node| (pattern(node, resolver), place("EventPattern", node))),
        schedule: properties.get("ScheduleExpression").map(|node| resolver.text(node)),
        by_scheduler: false,
        event_bus: properties.get("EventBusName").map(|node| resolver.text(node)),
        own_bus: properties.get("EventBusName").is_some_and(|node| is_own_bus(template, node)),
        enabled: enabled(properties, resolver),
        targets: targets.collect(),
    })
}

/// A rule that SAM makes of an event of a state machine or function.
fn sam_event(
    template: &LoadedTemplate,
    resolver: &Resolver<'_>,
    resource: &Resource,
    key: &Node,
    event: &Node,
) -> Option<LoadedRule> {
    let kind = event.get("Type")?.as_str()?;
    if !EVENTS_WITH_RULES.contains(&kind) {
        return None;
    }
    let (id, name) = (&resource.logical_id, key.as_str()?);
    let pointer = below("/Events", name);
    let empty = Node { kind: crate::source::Kind::Null, span: event.span, tag: None };
    let properties = event.get("Properties").unwrap_or(&empty);
    let at = |property: &str, node: &Node| template.place(id, &format!("{pointer}/Properties/{property}"), node);
    let given_pattern = properties.get("Pattern").or_else(|| properties.get("EventPattern"));
    let property = if properties.get("Pattern").is_some() { "Pattern" } else { "EventPattern" };
    let schedule = properties.get("Schedule").or_else(|| properties.get("ScheduleExpression"));
    let place = template.place(id, &pointer, key);
    let logical_id = format!("{id}{name}");
    let given = properties.get("RuleName").or_else(|| properties.get("Name"));
    Some(LoadedRule {
        name: given.map_or_else(|| logical_id.clone(), |node| resolver.text(node)),
        // A name that a function makes is not in the template.
        written: given
            .filter(|node| Call::of(node).is_none())
            .map_or_else(|| name.to_owned(), |node| resolver.text(node)),
        logical_id,
        certainty: given_pattern.map_or(Certainty::Known, |node| certainty(node, resolver)),
        pattern: given_pattern.map(|node| (pattern(node, resolver), at(property, node))),
        schedule: schedule.map(|node| resolver.text(node)),
        by_scheduler: kind == "ScheduleV2",
        event_bus: properties.get("EventBusName").map(|node| resolver.text(node)),
        own_bus: properties.get("EventBusName").is_some_and(|node| is_own_bus(template, node)),
        enabled: enabled(properties, resolver),
        targets: vec![target(template, resolver, properties, Some(resolver.arn(id)), Some(id.clone()), place.clone())],
        place,
    })
}

/// A pattern. CloudFormation takes [JSON as a text](https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-resource-events-rule.html)
/// as well, so a function may make it.
fn pattern(node: &Node, resolver: &Resolver<'_>) -> Value {
    match resolver.value(node) {
        Value::String(text) => serde_json::from_str(&text).unwrap_or(Value::String(text)),
        value => value,
    }
}

fn certainty(node: &Node, resolver: &Resolver<'_>) -> Certainty {
    let Resolved { value, assumed } = resolver.resolve(node);
    if assumed.is_empty() {
        return Certainty::Known;
    }
    let known = |node: &Node| resolver.resolve(node).assumed.is_empty();
    let whole = value.is_object() && Call::of(node).is_none();
    let conditional = assumed.iter().any(|assumed| matches!(assumed, Assumed::Condition(_)));
    let decides = |name: &str| node.get(name).is_some_and(|node| !known(node));
    if !whole || conditional || ["source", "detail-type"].into_iter().any(decides) || has_open_operator(node, &known) {
        return Certainty::Unknown;
    }
    Certainty::Assumed
}

/// Whether a value that has to be of a certain form is not known.
fn has_open_operator(node: &Node, known: &dyn Fn(&Node) -> bool) -> bool {
    let of_form = |name: &Node| name.as_str().is_some_and(|name| matches!(name, "cidr" | "wildcard" | "numeric"));
    node.walk().flat_map(Node::entries).any(|(name, value)| of_form(name) && !known(value))
}

/// Whether a value names a bus other than the account's default one, whatever is deployed.
fn is_own_bus(template: &LoadedTemplate, node: &Node) -> bool {
    match Call::of(node) {
        None => {
            node.tag.is_none()
                && node.as_str().is_some_and(|name| {
                    !name.is_empty() && !has_placeholder(name) && name != "default" && !name.ends_with("/default")
                })
        }
        Some(call) if matches!(call.name, "Ref" | "GetAtt") => {
            let bus = super::references::references(node).into_iter().next();
            let resource = bus.and_then(|bus| template.resources.get(&bus.name));
            resource.is_some_and(|resource| resource.resource_type == ResourceType::EventsEventBus)
        }
        Some(_) => false,
    }
}

fn enabled(properties: &Node, resolver: &Resolver<'_>) -> bool {
    let switched_off = properties.get("Enabled").is_some_and(|node| resolver.text(node) == "false");
    !switched_off && properties.get("State").is_none_or(|node| resolver.text(node) != "DISABLED")
}

fn target(
    template: &LoadedTemplate,
    resolver: &Resolver<'_>,
    node: &Node,
    arn: Option<String>,
    logical_id: Option<String>,
    place: Place,
) -> RuleTarget {
    let text = |name: &str| node.get(name).map(|node| resolver.text(node));
    let dead_letters = node.get("DeadLetterConfig").and_then(|config| config.get("Arn"));
    RuleTarget {
        arn: arn.unwrap_or_default(),
        logical_id,
        input: text("Input"),
        input_path: text("InputPath"),
        input_transformer: node.get("InputTransformer").map(|node| resolver.value(node)),
        dead_letters: dead_letters.map(|node| resolver.text(node)),
        retry_policy: node.get("RetryPolicy").map(|node| resolver.value(node)),
        role: self::logical_id(template, node.get("RoleArn")),
        place,
    }
}

/// The resource of the template that a value refers to.
fn logical_id(template: &LoadedTemplate, node: Option<&Node>) -> Option<String> {
    let references = super::references::references(node?);
    references.into_iter().map(|reference| reference.name).find(|name| template.resources.contains_key(name))
}
