use std::collections::{HashMap, HashSet, VecDeque};

use indexmap::IndexMap;

use crate::aws::ResourceType;
use crate::lint::Findings;
use crate::lint::rule::rule;
use crate::loaded::{Call, LoadedStack, LoadedTemplate, references};
use crate::source::{Node, Visit};

rule! {
    /// Circular dependency
    ///
    /// # What it does
    /// Follows `Ref`, `GetAtt`, `Sub` and `DependsOn` from resource to resource, including the resources that SAM generates: roles,
    /// event rules, bucket notifications, the definition of an API.
    ///
    /// Source: [CloudFormation's guide](https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/troubleshooting.html),
    /// "circular dependency". References inside `Fn::If` are not followed, because they depend on a condition.
    ///
    /// # Why is this bad
    /// CloudFormation cannot create any of the resources first, and refuses the template.
    ///
    /// # Example
    /// ```yaml
    /// Policies:              # of the state machine `Copy`
    ///   - Statement:
    ///       - {Effect: Allow, Action: states:StartExecution, Resource: !Ref Copy}
    /// ```
    ///
    /// # Use instead
    /// ```yaml
    /// CopyAgain:             # a policy of its own can wait for both
    ///   Type: AWS::IAM::Policy
    ///   Properties:
    ///     Roles: [!Ref CopyRole]
    /// ```
    pub(super) static RULE: "CFN410", "circular-dependency", Error = Stack(check);
}

fn check(stack: &LoadedStack, findings: &mut Findings<'_>) {
    for written in stack.written().iter().filter(|written| !written.other_transforms) {
        template(written, findings);
    }
}

fn template(template: &LoadedTemplate, findings: &mut Findings<'_>) {
    let graph = Graph::of(template);
    let mut told = HashSet::new();
    for start in graph.edges.keys() {
        if told.contains(start) {
            continue;
        }
        let Some(circle) = graph.circle(start) else { continue };
        let declared = circle.iter().find_map(|id| template.resources.get(id));
        let Some(resource) = declared else { continue };
        let way: Vec<String> = circle.iter().chain([start]).map(|id| format!("`{id}`")).collect();
        let message = format!(
            "CloudFormation refuses the template, because these resources depend on each other: {}",
            way.join(" -> ")
        );
        findings.add(resource.place.clone(), message).help("remove a reference, or move it to a separate resource");
        told.extend(circle);
    }
}

/// Which logical id waits for which.
struct Graph {
    edges: IndexMap<String, Vec<String>>,
    /// Whether the template has a resource where SAM's own API would be.
    own_api: bool,
}

impl Graph {
    fn of(template: &LoadedTemplate) -> Self {
        let own_api =
            ["ServerlessRestApi", "ServerlessHttpApi"].iter().any(|api| template.resources.contains_key(*api));
        let mut graph = Self { edges: IndexMap::new(), own_api };
        for (id, resource) in &template.resources {
            graph.edges.entry(id.clone()).or_default();
            if let Some(depends) = template.section("Resources", id).and_then(|node| node.get("DependsOn")) {
                let names = depends.as_str().into_iter().chain(depends.items().iter().filter_map(Node::as_str));
                names.for_each(|name| graph.edge(id, name));
            }
            let Some(properties) = template.properties(id) else { continue };
            match ResourceType::of(&resource.resource_type) {
                Some(ResourceType::ServerlessStateMachine | ResourceType::ServerlessFunction) => {
                    graph.serverless(id, properties);
                }
                Some(ResourceType::ServerlessSimpleTable) => graph.references(id, properties),
                // SAM spreads the properties of its other types over several resources.
                _ if ResourceType::of_sam(&resource.resource_type).is_some() => {}
                _ => graph.references(id, properties),
            }
        }
        graph
    }

    fn edge(&mut self, from: &str, to: &str) {
        // The stages and deployments of the API that SAM makes are made after it.
        let api =
            ["ServerlessRestApi", "ServerlessHttpApi"].into_iter().find(|api| !self.own_api && to.starts_with(api));
        self.edges.entry(from.to_owned()).or_default().push(api.unwrap_or(to).to_owned());
    }

    fn references(&mut self, from: &str, node: &Node) {
        let mut names = Vec::new();
        unconditional(node, &mut names);
        names.iter().for_each(|name| self.edge(from, name));
    }

    /// A function or a state machine: SAM puts the policies into a role, and makes resources of the events.
    fn serverless(&mut self, id: &str, properties: &Node) {
        let role = format!("{id}Role");
        if properties.get("Role").is_none() {
            self.edge(id, &role);
        }
        for (key, value) in properties.entries() {
            match key.as_str() {
                Some("Policies" | "PermissionsBoundary" | "RolePath") => self.references(&role, value),
                Some("Events") => value.entries().iter().for_each(|(key, event)| self.event(id, key, event)),
                _ => self.references(id, value),
            }
        }
    }

    fn event(&mut self, id: &str, key: &Node, event: &Node) {
        let (Some(name), Some(kind)) = (key.as_str(), event.get("Type").and_then(Node::as_str)) else { return };
        let Some(properties) = event.get("Properties") else { return };
        let property = |name: &str| properties.get(name).and_then(|node| references(node).into_iter().next());
        match kind {
            // The bucket's own properties name the function.
            "S3" => {
                if let Some(bucket) = property("Bucket") {
                    self.edge(&bucket.name, id);
                }
            }
            // The definition of an API names what its methods call.
            "Api" | "HttpApi" if self.own_api => {}
            "Api" => {
                self.edge(&property("RestApiId").map_or_else(|| "ServerlessRestApi".to_owned(), |api| api.name), id)
            }
            "HttpApi" => {
                self.edge(&property("ApiId").map_or_else(|| "ServerlessHttpApi".to_owned(), |api| api.name), id)
            }
            _ => {
                let made = format!("{id}{name}");
                self.edge(&made, id);
                self.references(&made, properties);
            }
        }
    }

    /// The shortest way from a resource back to itself: those on it, from the first.
    fn circle(&self, start: &str) -> Option<Vec<String>> {
        let mut before: HashMap<&str, &str> = HashMap::new();
        let mut waiting = VecDeque::from([start]);
        while let Some(at) = waiting.pop_front() {
            for next in self.edges.get(at).into_iter().flatten().map(String::as_str) {
                if next == start {
                    let mut way = vec![at];
                    while let Some(earlier) =
                        way.last().filter(|last| **last != start).and_then(|last| before.get(last))
                    {
                        way.push(earlier);
                    }
                    return Some(way.into_iter().rev().map(str::to_owned).collect());
                }
                if !before.contains_key(next) {
                    before.insert(next, at);
                    waiting.push_back(next);
                }
            }
        }
        None
    }
}

/// The names of what a value refers to whatever the conditions are.
fn unconditional(root: &Node, names: &mut Vec<String>) {
    root.visit("", |Visit { node, .. }| match Call::of(node) {
        Some(call) if call.name == "If" => false,
        Some(call) if call.is_reference() => {
            names.extend(references(node).into_iter().map(|reference| reference.name));
            false
        }
        _ => true,
    });
}
