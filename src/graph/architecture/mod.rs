//! The architecture of a stack as a picture: which events start which state machine, and what each calls with which
//! permissions.

pub(super) mod kinds;
mod links;
mod tasks;
mod words;

use std::collections::{HashMap, HashSet};

use crate::aws::{Arn, CDK_SETTINGS};
use crate::loaded::{LoadedMachine, LoadedRule, LoadedStack, MachineType, references};
use crate::permissions::permissions;

use super::{Diagram, EdgeKind, Node, NodeId, NodeKind};
use links::{End, Finder, Links, alarm_groups};

/// The most lines that are written on an edge; more are only counted.
const MAX_LINES: usize = 8;

/// A list of so many lines is written on one edge only; on others that have the same it is cut short.
const LONG: usize = 3;

/// The most alarms that are named in their box.
const MAX_ALARMS: usize = 3;

/// The picture of a stack: its buckets, rules, state machines, tables and whatever else is connected with them.
///
/// Of a definition on its own, it is the state machine with the services that it calls. A resource of a type that is not known
/// here is a plain box, if something refers to it.
pub fn architecture(stack: &LoadedStack) -> Diagram {
    let mut links = Links::default();
    rules(stack, &mut links);
    let known = permissions(stack);
    tasks::calls(stack, &known, &mut links);
    if let Some(template) = &stack.template {
        Finder { stack, template }.all(&mut links);
    }
    let (title, description) = described(stack);
    let mut picture =
        Picture { stack, diagram: Diagram::new(title, description), nodes: HashMap::new(), settings: settings(stack) };
    picture.core();
    picture.connect(links);
    picture.diagram
}

/// What the CDK sets properties of other resources with: its own custom resources, and the functions behind them.
fn settings(stack: &LoadedStack) -> HashSet<String> {
    let mut found = HashSet::new();
    let Some(template) = &stack.template else { return found };
    for resource in template.resources.values() {
        if CDK_SETTINGS.contains(&resource.resource_type.as_str()) {
            let function = template.properties(&resource.logical_id).and_then(|p| p.get("ServiceToken"));
            found.extend(function.map(references).unwrap_or_default().into_iter().map(|reference| reference.name));
            found.insert(resource.logical_id.clone());
        }
    }
    found
}

fn described(stack: &LoadedStack) -> (String, String) {
    let about = stack.template.as_ref().and_then(|template| template.root.get("Description")?.as_str());
    let count = |count: usize, one: &str, many: &str| match count {
        0 => None,
        1 => Some(format!("1 {one}")),
        _ => Some(format!("{count} {many}")),
    };
    let parts: Vec<String> = [
        count(stack.buckets.len(), "bucket", "buckets"),
        count(stack.rules.len(), "rule", "rules"),
        count(stack.machines.len(), "state machine", "state machines"),
        count(stack.tables.len(), "table", "tables"),
    ]
    .into_iter()
    .flatten()
    .collect();
    let description = match about {
        Some(about) => format!("{about}: {}", parts.join(", ")),
        None => parts.join(", "),
    };
    ("Architecture".to_owned(), description)
}

/// The links of rules: where events come from, what they start, where those go that cannot be delivered.
fn rules(stack: &LoadedStack, links: &mut Links) {
    for (at, rule) in stack.rules.iter().enumerate() {
        for (source, label) in sources(stack, rule) {
            links.add(source, End::Rule(at), EdgeKind::Event, label);
        }
        for target in &rule.targets {
            let end = match &target.logical_id {
                Some(id) => End::Resource(id.clone()),
                None => outside(&target.arn),
            };
            let label = if rule.enabled { "starts" } else { "is switched off" };
            links.add(End::Rule(at), end, EdgeKind::Event, [label.to_owned()]);
            if let Some(arn) = &target.dead_letters {
                let queue = stack.queues.iter().find(|queue| queue.arn == *arn);
                let end = queue.map_or_else(|| outside(arn), |queue| End::Resource(queue.logical_id.clone()));
                links.add(End::Rule(at), end, EdgeKind::Failure, ["not delivered".to_owned()]);
            }
        }
    }
}

/// Where the events of a rule come from.
fn sources(stack: &LoadedStack, rule: &LoadedRule) -> Vec<(End, Vec<String>)> {
    let Some((pattern, _)) = &rule.pattern else { return Vec::new() };
    let texts = |pointer: &str| {
        let values = pattern.pointer(pointer).and_then(serde_json::Value::as_array).into_iter().flatten();
        values.filter_map(|value| value.as_str()).collect::<Vec<_>>()
    };
    let from = texts("/source");
    if !from.is_empty() && !from.contains(&"aws.s3") {
        let other = |name: &&str| (End::Outside(NodeKind::Other, (*name).to_owned()), Vec::new());
        return from.iter().map(other).collect();
    }
    let names = texts("/detail/bucket/name");
    if !from.contains(&"aws.s3") && names.is_empty() {
        return Vec::new();
    }
    let events = |sends: Option<bool>| match sends {
        Some(false) => vec!["sends no events".to_owned()],
        _ => vec!["object events".to_owned()],
    };
    if names.is_empty() {
        let sending = stack.buckets.iter().filter(|bucket| bucket.sends_to_event_bridge != Some(false));
        let found: Vec<_> =
            sending.map(|b| (End::Resource(b.resource.logical_id.clone()), events(b.sends_to_event_bridge))).collect();
        let any = || vec![(End::Outside(NodeKind::Bucket, "any bucket".to_owned()), events(None))];
        return if found.is_empty() { any() } else { found };
    }
    let of = |name: &&str| match stack.buckets.iter().find(|bucket| bucket.resource.name == **name) {
        Some(bucket) => (End::Resource(bucket.resource.logical_id.clone()), events(bucket.sends_to_event_bridge)),
        None => (End::Outside(NodeKind::Bucket, (*name).to_owned()), events(None)),
    };
    names.iter().map(of).collect()
}

/// Something that only an ARN tells of.
fn outside(arn: &str) -> End {
    let Some(Arn { service, resource, .. }) = Arn::read(arn) else {
        return End::Outside(NodeKind::Other, arn.to_owned());
    };
    let (kind, _) = kinds::service(service);
    End::Outside(kind, resource.rsplit([':', '/']).next().unwrap_or(resource).to_owned())
}

struct Picture<'a> {
    stack: &'a LoadedStack,
    diagram: Diagram,
    nodes: HashMap<End, NodeId>,
    /// What is no part of the picture.
    settings: HashSet<String>,
}

impl Picture<'_> {
    /// What is drawn whether or not something leads to it, in the order in which events pass it.
    fn core(&mut self) {
        let stack = self.stack;
        for at in 0..stack.rules.len() {
            for (source, _) in sources(stack, &stack.rules[at]) {
                self.node(&source);
            }
        }
        (0..stack.rules.len()).for_each(|at| {
            self.node(&End::Rule(at));
        });
        for (at, machine) in stack.machines.iter().enumerate() {
            self.node(&machine_end(at, machine));
        }
        let tables = stack.tables.iter().map(|table| table.logical_id.clone());
        tables.for_each(|id| {
            self.node(&End::Resource(id));
        });
    }

    fn connect(&mut self, links: Links) {
        let mut written: HashSet<Vec<String>> = HashSet::new();
        for link in links.0 {
            let (Some(from), Some(to)) = (self.node(&link.from), self.node(&link.to)) else { continue };
            let all = link.label;
            let again = all.len() >= LONG && !written.insert(all.clone());
            let shown = match again {
                true => 1,
                false if all.len() > MAX_LINES => MAX_LINES - 1,
                false => all.len(),
            };
            let mut lines = all[..shown].to_vec();
            let more = all.len() - shown;
            lines.extend((more > 0).then(|| format!("and {more} more")));
            let label = (!lines.is_empty()).then(|| lines.join("\n"));
            self.diagram.connect(from.into(), to.into(), link.kind, label);
            if more > 0 {
                self.diagram.explain(all.join("\n"));
            }
        }
    }

    /// The box of something, which is made when it is first asked for.
    fn node(&mut self, end: &End) -> Option<NodeId> {
        if let Some(id) = self.nodes.get(end) {
            return Some(*id);
        }
        let node = self.made(end)?;
        let id = self.diagram.add(node);
        self.nodes.insert(end.clone(), id);
        Some(id)
    }

    fn made(&self, end: &End) -> Option<Node> {
        let node = |kind: NodeKind, label: &str, detail: String| Node {
            kind,
            label: label.to_owned(),
            detail: Some(detail).filter(|detail| !detail.is_empty()),
            ..Node::default()
        };
        Some(match end {
            End::Outside(kind, label) => node(*kind, label, "outside this template".to_owned()),
            End::Definition(at) => {
                let machine = self.stack.machines.get(*at)?;
                node(NodeKind::StateMachine, &machine.name, machine_detail(machine))
            }
            End::Rule(at) => {
                let rule = self.stack.rules.get(*at)?;
                let kind = if rule.schedule.is_some() { NodeKind::Schedule } else { NodeKind::Rule };
                let tooltip = (rule.written != rule.logical_id).then(|| format!("the rule {}", rule.logical_id));
                Node { tooltip, ..node(kind, &rule.written, self.rule_detail(rule)) }
            }
            End::Alarms(group) => {
                let groups = alarm_groups(self.stack.template.as_ref()?);
                let (_, ids) = groups.get(*group)?;
                match ids.as_slice() {
                    [one] => node(NodeKind::Alarm, one, "CloudWatch alarm".to_owned()),
                    many => {
                        let named = many.iter().take(MAX_ALARMS).cloned().collect::<Vec<_>>().join(", ");
                        let more = many.len().saturating_sub(MAX_ALARMS);
                        let detail = if more > 0 { format!("{named} and {more} more") } else { named };
                        let tooltip = Some(many.join("\n"));
                        Node { tooltip, ..node(NodeKind::Alarm, &format!("{} alarms", many.len()), detail) }
                    }
                }
            }
            End::Resource(id) if self.settings.contains(id) => return None,
            End::Resource(id) => {
                let resource_type = &self.stack.template.as_ref()?.resources.get(id)?.resource_type;
                let detail = self.detail(id).unwrap_or_else(|| kinds::described(resource_type));
                node(kinds::kind(resource_type), id, detail)
            }
        })
    }

    fn rule_detail(&self, rule: &LoadedRule) -> String {
        let called = |name: &str| {
            let bucket = self.stack.buckets.iter().find(|bucket| bucket.resource.name == name);
            bucket.map_or_else(|| name.to_owned(), |bucket| bucket.resource.logical_id.clone())
        };
        let mut lines: Vec<String> = rule.schedule.clone().into_iter().collect();
        lines.extend(rule.pattern.iter().flat_map(|(pattern, _)| words::pattern(pattern, &called)));
        lines.extend(rule.event_bus.as_ref().filter(|bus| *bus != "default").map(|bus| format!("on the bus {bus}")));
        lines.join("; ")
    }

    /// What is written below the name of a resource, where it is more than its type.
    fn detail(&self, id: &str) -> Option<String> {
        if let Some(table) = self.stack.tables.iter().find(|table| table.logical_id == id) {
            let key: Vec<&str> = table.key.iter().map(|key| key.name.as_str()).collect();
            let indexes: Vec<&str> = table.indexes.iter().map(|index| index.name.as_str()).collect();
            let mut detail = format!("DynamoDB table; key {}", key.join(" + "));
            if !indexes.is_empty() {
                detail.push_str(&format!("; indexed by {}", indexes.join(", ")));
            }
            return Some(detail).filter(|_| !key.is_empty());
        }
        let machine = self.stack.machines.iter().find(|machine| machine.logical_id.as_deref() == Some(id))?;
        Some(machine_detail(machine))
    }
}

fn machine_end(at: usize, machine: &LoadedMachine) -> End {
    machine.logical_id.clone().map_or(End::Definition(at), End::Resource)
}

fn machine_detail(machine: &LoadedMachine) -> String {
    let kind = match machine.machine_type {
        MachineType::Standard => "Standard workflow",
        MachineType::Express => "Express workflow",
        MachineType::Unknown => "workflow",
    };
    let program = machine.program().and_then(Result::ok);
    match program.map(|program| program.states().count()) {
        None => kind.to_owned(),
        Some(1) => format!("{kind}, 1 state"),
        Some(count) => format!("{kind}, {count} states"),
    }
}

#[cfg(test)]
mod tests;
