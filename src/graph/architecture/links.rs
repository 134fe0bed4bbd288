//! What leads from what to what, as far as a template says.

use crate::aws::ResourceType;
use crate::aws::sam::EVENTS_WITH_RULES;
use crate::graph::{EdgeKind, NodeKind};
use crate::loaded::{LoadedStack, LoadedTemplate, references};
use crate::source::{Kind, Node};

use super::kinds;

/// One end of a link.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub(super) enum End {
    /// A resource of the template, or a definition on its own: the number of the machine.
    Resource(String),
    /// A definition on its own.
    Definition(usize),
    /// A rule or schedule, by its number.
    Rule(usize),
    /// Alarms that tell the same topics, by the number of their group.
    Alarms(usize),
    /// Something that is not in the template.
    Outside(NodeKind, String),
}

/// A link, before it is drawn.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Link {
    pub(super) from: End,
    pub(super) to: End,
    pub(super) kind: EdgeKind,
    /// What is written on it, a line each.
    pub(super) label: Vec<String>,
}

/// All links that were found.
#[derive(Debug, Default)]
pub(super) struct Links(pub(super) Vec<Link>);

impl Links {
    pub(super) fn add(&mut self, from: End, to: End, kind: EdgeKind, label: impl IntoIterator<Item = String>) {
        if from == to {
            return;
        }
        let label = label.into_iter();
        let same = |link: &&mut Link| link.from == from && link.to == to && link.kind == kind;
        match self.0.iter_mut().find(same) {
            Some(link) => {
                for line in label {
                    if !link.label.contains(&line) {
                        link.label.push(line);
                    }
                }
            }
            None => self.0.push(Link { from, to, kind, label: label.collect() }),
        }
    }

    /// Whether two are linked, whichever way.
    fn has(&self, one: &End, other: &End) -> bool {
        self.0.iter().any(|l| (l.from == *one && l.to == *other) || (l.from == *other && l.to == *one))
    }
}

/// Finds the links of a template but for those of rules and of state machines' tasks.
pub(super) struct Finder<'a> {
    pub(super) stack: &'a LoadedStack,
    pub(super) template: &'a LoadedTemplate,
}

impl<'a> Finder<'a> {
    fn type_of(&self, id: &str) -> &'a str {
        self.template.resources.get(id).map_or("", |resource| resource.resource_type.as_str())
    }

    fn body(&self, id: &str) -> Option<&'a Node> {
        self.template.section("Resources", id)
    }

    /// The resources that a value refers to, each once; a part of an API stands for the API.
    fn refers(&self, node: &Node) -> Vec<String> {
        let mut found = Vec::new();
        for reference in references(node) {
            let Some(id) = self.whole(&reference.name) else { continue };
            if !found.contains(&id) {
                found.push(id);
            }
        }
        found
    }

    /// The resource that is drawn for a resource; `None` for what is not drawn.
    fn whole(&self, id: &str) -> Option<String> {
        let resource_type = self.type_of(id);
        if kinds::is_part_of_api(resource_type) {
            let references = self.body(id).map(references).unwrap_or_default();
            return references.into_iter().map(|r| r.name).find(|name| kinds::is_api(self.type_of(name)));
        }
        (!kinds::is_left_out(resource_type)).then(|| id.to_owned())
    }

    /// The links of every resource.
    pub(super) fn all(&self, links: &mut Links) {
        self.alarms(links);
        for resource in self.template.resources.values() {
            let (id, body) = (resource.logical_id.as_str(), self.body(&resource.logical_id));
            let (Some(body), Some(whole)) = (body, self.whole(id)) else { continue };
            let properties = body.get("Properties");
            let property = |name: &str| properties.and_then(|properties| properties.get(name));
            let me = || End::Resource(whole.clone());
            match ResourceType::of(&resource.resource_type) {
                Some(ResourceType::CloudWatchAlarm | ResourceType::EventsRule) => continue,
                Some(ResourceType::SqsQueue) => self.each(property("RedrivePolicy"), |other| {
                    links.add(me(), other, EdgeKind::Failure, ["not handled".to_owned()]);
                }),
                Some(ResourceType::S3Bucket) => {
                    self.each(property("LoggingConfiguration"), |other| {
                        links.add(me(), other, EdgeKind::Relation, ["access logs".to_owned()]);
                    });
                    self.each(property("NotificationConfiguration"), |other| {
                        links.add(me(), other, EdgeKind::Event, ["notifies".to_owned()]);
                    });
                }
                Some(ResourceType::SnsSubscription) => self.between(body, ("TopicArn", "Endpoint"), "delivers", links),
                Some(ResourceType::LambdaEventSourceMapping) => {
                    self.between(body, ("EventSourceArn", "FunctionName"), "feeds", links);
                }
                Some(ResourceType::PipesPipe) => self.pipe(&me, properties, links),
                Some(ResourceType::SchedulerSchedule) => {
                    self.each(property("Target"), |other| {
                        links.add(me(), other, EdgeKind::Event, ["starts".to_owned()]);
                    });
                }
                _ => {}
            }
            self.sam_events(id, properties, links);
            self.granted(id, body, links);
            self.logs(id, properties, links);
        }
        self.other_references(links);
    }

    fn each(&self, node: Option<&Node>, mut found: impl FnMut(End)) {
        let referred = node.map(|node| self.refers(node)).unwrap_or_default();
        referred.into_iter().for_each(|id| found(End::Resource(id)));
    }

    /// A pipe takes from its source and starts its target, after it asked its enrichment.
    fn pipe(&self, me: &dyn Fn() -> End, properties: Option<&Node>, links: &mut Links) {
        let property = |name: &str| properties.and_then(|properties| properties.get(name));
        self.each(property("Source"), |other| links.add(other, me(), EdgeKind::Event, ["feeds".to_owned()]));
        self.each(property("Enrichment"), |other| links.add(me(), other, EdgeKind::Event, ["asks".to_owned()]));
        self.each(property("Target"), |other| links.add(me(), other, EdgeKind::Event, ["starts".to_owned()]));
    }

    /// A resource that only ties two others together.
    fn between(&self, body: &Node, (from, to): (&str, &str), label: &str, links: &mut Links) {
        let Some(properties) = body.get("Properties") else { return };
        let end = |name: &str| properties.get(name).and_then(|node| self.refers(node).into_iter().next());
        if let (Some(from), Some(to)) = (end(from), end(to)) {
            links.add(End::Resource(from), End::Resource(to), EdgeKind::Event, [label.to_owned()]);
        }
    }

    /// Alarms that tell the same topics become one box.
    fn alarms(&self, links: &mut Links) {
        for (group, (actions, ids)) in alarm_groups(self.template).iter().enumerate() {
            for id in ids {
                self.each(self.body(id).and_then(|body| body.get("Properties")?.get("Dimensions")), |watched| {
                    links.add(watched, End::Alarms(group), EdgeKind::Relation, ["watched by".to_owned()]);
                });
                self.each(self.body(id).and_then(|body| body.get("Properties")?.get("Metrics")), |watched| {
                    links.add(watched, End::Alarms(group), EdgeKind::Relation, ["watched by".to_owned()]);
                });
            }
            for action in actions.iter().filter_map(|action| self.whole(action)) {
                links.add(End::Alarms(group), End::Resource(action), EdgeKind::Event, ["tell".to_owned()]);
            }
        }
    }

    /// What SAM makes of the `Events` of a function or a state machine, rules and schedules aside.
    fn sam_events(&self, id: &str, properties: Option<&Node>, links: &mut Links) {
        let serverless = [ResourceType::ServerlessFunction, ResourceType::ServerlessStateMachine]
            .iter()
            .any(|kind| self.type_of(id) == *kind);
        let events = properties.and_then(|p| p.get("Events")).filter(|_| serverless);
        for (_, event) in events.map_or(&[][..], Node::entries) {
            let kind = event.get("Type").and_then(Node::as_str).unwrap_or_default();
            let to = End::Resource(id.to_owned());
            match kind {
                rule if EVENTS_WITH_RULES.contains(&rule) => {}
                "Api" | "HttpApi" => {
                    let text = |name: &str| event.get("Properties").and_then(|p| p.get(name)?.as_str());
                    let (method, path) = (text("Method").unwrap_or("any"), text("Path").unwrap_or_default());
                    let label = format!("{} {path}", method.to_ascii_uppercase());
                    let api = event.get("Properties").and_then(|p| p.get("RestApiId").or_else(|| p.get("ApiId")));
                    let api = api.and_then(|node| self.refers(node).into_iter().next());
                    let from = api.map_or_else(|| End::Outside(NodeKind::Api, "API".to_owned()), End::Resource);
                    links.add(from, to, EdgeKind::Event, [label]);
                }
                kind => self.each(event.get("Properties"), |from| {
                    links.add(from, to.clone(), EdgeKind::Event, [kind.to_owned()]);
                }),
            }
        }
    }

    /// What a resource may do to others, by its policies and its role's. State machines have their tasks for that.
    fn granted(&self, id: &str, body: &Node, links: &mut Links) {
        if kinds::kind(self.type_of(id)) == NodeKind::StateMachine || kinds::is_part_of_api(self.type_of(id)) {
            return;
        }
        let policies = body.get("Properties").and_then(|properties| properties.get("Policies"));
        let mut grants = Vec::new();
        policies.into_iter().for_each(|node| self.grants(node, 0, &mut grants));
        for reference in references(body) {
            if self.type_of(&reference.name) != ResourceType::IamRole {
                continue;
            }
            self.body(&reference.name).into_iter().for_each(|role| self.grants(role, 0, &mut grants));
            for policy in self.attached(&reference.name) {
                self.grants(policy, 0, &mut grants);
            }
        }
        for (other, actions) in grants {
            links.add(End::Resource(id.to_owned()), End::Resource(other), EdgeKind::Call, actions);
        }
    }

    /// The policies of the template that name a role.
    fn attached(&self, role: &str) -> Vec<&'a Node> {
        let types = [ResourceType::IamPolicy, ResourceType::IamRolePolicy, ResourceType::IamManagedPolicy];
        let policies = self.template.resources.values().filter(|r| r.is_one_of(&types));
        let bodies = policies.filter_map(|policy| self.body(&policy.logical_id));
        bodies.filter(|body| references(body).iter().any(|reference| reference.name == role)).collect()
    }

    /// The statements and policy templates within a value: which resource, which actions.
    fn grants(&self, node: &Node, depth: usize, found: &mut Vec<(String, Vec<String>)>) {
        if depth > 32 {
            return;
        }
        if let (Some("Allow"), Some(actions), Some(resource)) =
            (node.get("Effect").and_then(Node::as_str), node.get("Action"), node.get("Resource"))
        {
            let one = actions.as_str().into_iter().chain(actions.items().iter().filter_map(Node::as_str));
            let actions: Vec<String> = one.map(str::to_owned).collect();
            found.extend(self.refers(resource).into_iter().map(|id| (id, actions.clone())));
            return;
        }
        match &node.kind {
            Kind::Sequence(items) => items.iter().for_each(|item| self.grants(item, depth + 1, found)),
            Kind::Mapping(entries) => {
                for (key, value) in entries {
                    match key.as_str().filter(|name| name.ends_with("Policy")) {
                        Some(template) => {
                            let ids = self.refers(value).into_iter();
                            found.extend(ids.map(|id| (id, vec![template.to_owned()])));
                        }
                        None => self.grants(value, depth + 1, found),
                    }
                }
            }
            _ => {}
        }
    }

    fn logs(&self, id: &str, properties: Option<&Node>, links: &mut Links) {
        for name in ["Logging", "LoggingConfiguration", "AccessLogSetting", "AccessLogSettings"] {
            self.each(properties.and_then(|properties| properties.get(name)), |other| {
                if matches!(&other, End::Resource(log) if self.type_of(log) == ResourceType::LogsLogGroup) {
                    links.add(End::Resource(id.to_owned()), other, EdgeKind::Relation, ["logs".to_owned()]);
                }
            });
        }
    }

    /// References between resources that nothing else links.
    fn other_references(&self, links: &mut Links) {
        for resource in self.template.resources.values() {
            let ties = resource.resource_type == ResourceType::EventsRule || is_tie(&resource.resource_type);
            let (Some(body), Some(id)) = (self.body(&resource.logical_id), self.whole(&resource.logical_id)) else {
                continue;
            };
            for other in self.refers(body).into_iter().filter(|_| !ties) {
                let (from, to) = (End::Resource(id.clone()), End::Resource(other.clone()));
                let drawn = self.type_of(&other) != ResourceType::EventsRule && !is_tie(self.type_of(&other));
                let by_rule = |(end, other): (&str, &End)| {
                    self.stack.rules.iter().enumerate().any(|(at, rule)| {
                        rule.targets.iter().any(|target| target.logical_id.as_deref() == Some(end))
                            && links.has(&End::Rule(at), other)
                    })
                };
                if drawn && !links.has(&from, &to) && !by_rule((&id, &to)) && !by_rule((&other, &from)) {
                    links.add(from, to, EdgeKind::Relation, []);
                }
            }
        }
    }
}

/// Whether a resource only ties others together, and has no box.
fn is_tie(resource_type: &str) -> bool {
    let ties = [ResourceType::CloudWatchAlarm, ResourceType::SnsSubscription, ResourceType::LambdaEventSourceMapping];
    ties.iter().any(|tie| resource_type == *tie)
}

/// The alarms, by what they tell: the resources in `AlarmActions`.
pub(super) fn alarm_groups(template: &LoadedTemplate) -> Vec<(Vec<String>, Vec<String>)> {
    let mut groups: Vec<(Vec<String>, Vec<String>)> = Vec::new();
    for alarm in template.of_type(ResourceType::CloudWatchAlarm) {
        let actions = template.properties(&alarm.logical_id).and_then(|properties| properties.get("AlarmActions"));
        let actions: Vec<String> = actions.map(references).unwrap_or_default().into_iter().map(|r| r.name).collect();
        match groups.iter_mut().find(|(known, _)| *known == actions) {
            Some((_, ids)) => ids.push(alarm.logical_id.clone()),
            None => groups.push((actions, vec![alarm.logical_id.clone()])),
        }
    }
    groups
}
