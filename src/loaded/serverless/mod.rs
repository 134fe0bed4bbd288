//! `serverless.yml` with the `stepFunctions` of [serverless-step-functions](https://github.com/serverless-operations/serverless-step-functions)
//! (its README, read 2026-11-29), as the template that the Serverless Framework makes of it, as far as that is known: the state machines
//! with their events, the functions, and the resources that stand in it in CloudFormation's words. A service without the plugin
//! may have its state machines among these resources. Every value keeps its place.

mod events;
mod made;
mod names;
mod plugins;
mod variables;

use std::path::Path;
use std::sync::Arc;

use crate::aws::ResourceType;
use crate::source::{Kind, Node, Span, below};

use super::{Document, Overlay};
use made::{mapping, resource, text};
use names::Names;
use plugins::substituted;
use variables::{Found, ROUNDS, Variables};

/// The template that a service comes to, and the files that its variables name; `None` for any other document.
pub(super) fn template(path: &Path, root: &Arc<Node>, overlay: &Overlay) -> Option<(Node, Vec<Document>)> {
    root.get("stepFunctions").or_else(|| root.get("resources"))?;
    root.get("service").or_else(|| root.get("provider"))?;
    let variables = Variables::new(path, Arc::clone(root), overlay);
    let machines = variables.own("stepFunctions.stateMachines").map(|found| all(&variables, found)).unwrap_or_default();
    let functions = variables.own("functions").map(|found| all(&variables, found)).unwrap_or_default();
    let mut service = Service { variables, names: Names::default(), resources: Vec::new(), span: root.span };
    service.name(&machines, &functions);
    machines.iter().for_each(|(name, machine)| service.machine(name, machine));
    for (name, _) in &functions {
        let properties = mapping(Vec::new(), name.span);
        service.add(name.clone(), resource(ResourceType::LambdaFunction, properties, name.span));
    }
    let sections = service.sections();
    if !Service::has_machine(&sections) {
        return None;
    }
    let Service { variables, names, .. } = service;
    let files = variables.into_files().into_iter().map(|file| Document {
        root: file.root.map(|root| Arc::new(substituted(names.own(Node::clone(&root))))),
        ..file
    });
    Some((mapping(sections, root.span), files.collect()))
}

/// The entries of a mapping, or of the mappings in a list, by their keys as they stand in the service.
fn all(variables: &Variables<'_>, found: Found) -> Vec<(Node, Found)> {
    let Some(node) = found.node() else { return Vec::new() };
    if let Kind::Sequence(items) = &node.kind {
        let parts = (0..items.len()).map(|at| Found { pointer: format!("{}/{at}", found.pointer), ..found.clone() });
        return parts.flat_map(|part| all(variables, variables.follow(part))).collect();
    }
    let entries = node.entries().iter().filter_map(|(key, _)| {
        let name = key.as_str()?;
        let value = Found { pointer: below(&found.pointer, name), ..found.clone() };
        Some((key.clone(), variables.follow(value)))
    });
    entries.collect()
}

struct Service<'a> {
    variables: Variables<'a>,
    names: Names,
    resources: Vec<(Node, Node)>,
    span: Span,
}

impl Service<'_> {
    fn name(&mut self, machines: &[(Node, Found)], functions: &[(Node, Found)]) {
        for (key, _) in functions {
            self.names.function(key.as_str().unwrap_or_default());
        }
        for (key, machine) in machines {
            let text = |name: &str| {
                let node = machine.get(name)?;
                Some(self.variables.text(node.node()?.as_str()?, ROUNDS))
            };
            let named = text("id").or_else(|| text("name"));
            self.names.machine(key.as_str().unwrap_or_default(), named.as_deref());
        }
    }

    fn add(&mut self, key: Node, body: Node) {
        self.resources.push((key, substituted(self.names.own(body))));
    }

    /// A value with its variables put in, where it stands in the service.
    fn put(&self, found: &Found) -> Node {
        let Some(node) = found.node() else { return mapping(Vec::new(), self.span) };
        let value = self.variables.put(node, found.document, ROUNDS);
        if found.document == 0 { value } else { value.moved(self.span) }
    }

    fn machine(&mut self, key: &Node, machine: &Found) {
        let Some(name) = key.as_str() else { return };
        let span = if machine.document == 0 { machine.node().map_or(self.span, |node| node.span) } else { self.span };
        let mut properties = Vec::new();
        if let Some(definition) = machine.get("definition") {
            properties.push(self.definition(&self.variables.follow(definition), span));
        }
        for (from, to) in [("name", "StateMachineName"), ("type", "StateMachineType"), ("role", "RoleArn")] {
            if let Some(value) = machine.get(from) {
                properties.push((text(to, span), self.put(&value)));
            }
        }
        // Whatever is not known here is given when the service is packaged.
        let open = mapping(vec![(text("Ref", span), text("Variables", span))], span);
        properties.push((text("DefinitionSubstitutions", span), open));
        let machine_type = ResourceType::StepFunctionsStateMachine;
        let key = if machine.document == 0 { key.clone() } else { key.clone().moved(span) };
        self.add(key.clone(), resource(machine_type, mapping(properties, span), span));
        let events = machine.get("events").map(|events| self.put(&self.variables.follow(events)));
        for (at, event) in events.iter().flat_map(|events| events.items()).enumerate() {
            if let Some(rule) = events::rule(name, event) {
                self.add(text(&format!("{name}Event{}", at + 1), event.span), rule);
            }
        }
    }

    /// A definition in the service, or in a file, where its faults are told.
    fn definition(&self, definition: &Found, span: Span) -> (Node, Node) {
        match (self.variables.uri(definition.document), definition.node()) {
            (Some(uri), _) => (text("DefinitionUri", span), text(&format!("{uri}#{}", definition.pointer), span)),
            (None, Some(node)) => match node.as_str().and_then(file_of) {
                Some(path) => (text("DefinitionUri", node.span), text(path, node.span)),
                None => (text("Definition", node.span), self.put(definition)),
            },
            (None, None) => (text("Definition", span), self.put(definition)),
        }
    }

    /// Whether there is a state machine, of the plugin's or in CloudFormation's words. A service without one is not for this tool.
    fn has_machine(sections: &[(Node, Node)]) -> bool {
        let is_machine = |body: &Node| {
            body.get("Type").and_then(Node::as_str) == Some(ResourceType::StepFunctionsStateMachine.as_str())
        };
        sections.first().is_some_and(|(_, resources)| resources.entries().iter().any(|(_, body)| is_machine(body)))
    }

    /// The sections of the template: the resources that were made, and those that stand in the service in CloudFormation's words.
    fn sections(&mut self) -> Vec<(Node, Node)> {
        let span = self.span;
        let mut others: Vec<(Node, Node)> = Vec::new();
        for own in self.variables.own("resources").map(|found| self.parts(found)).unwrap_or_default() {
            for section in ["Resources", "Parameters", "Conditions", "Mappings"] {
                let Some(found) = own.get(section).map(|found| self.variables.follow(found)) else { continue };
                let value = self.put(&found);
                match section {
                    "Resources" => value.entries().iter().for_each(|(key, body)| self.add(key.clone(), body.clone())),
                    _ => others.push((text(section, span), value)),
                }
            }
        }
        let mut sections = vec![(text("Resources", span), mapping(std::mem::take(&mut self.resources), span))];
        // Plugins may add whatever they like.
        sections.push((text("Transform", span), text("Serverless", span)));
        sections.extend(others);
        sections
    }

    /// `resources`, which is a mapping or a list of them.
    fn parts(&self, found: Found) -> Vec<Found> {
        let Some(Kind::Sequence(items)) = found.node().map(|node| &node.kind) else { return vec![found] };
        let parts = (0..items.len()).map(|at| Found { pointer: format!("{}/{at}", found.pointer), ..found.clone() });
        parts.map(|part| self.variables.follow(part)).collect()
    }
}

/// The file of `${file(x.yml)}` that could not be read: whoever reads the definition says why.
fn file_of(said: &str) -> Option<&str> {
    let path = said.trim().strip_prefix("${file(")?.strip_suffix(")}")?;
    Some(path.trim()).filter(|path| !path.contains(['$', '(', ')', ':']))
}

#[cfg(test)]
mod tests;
