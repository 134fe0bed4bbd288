//! What a template says of things that it does not declare.

use std::collections::BTreeSet;

use serde_json::Value;

use crate::loaded::{Call, LoadedStack, Resolver, references};
use crate::source::Node;

/// The fields that hold a definition, or what is put into it.
const OF_DEFINITIONS: [&str; 4] = ["Definition", "DefinitionString", "DefinitionSubstitutions", "DefinitionUri"];

/// Shorter values of parameters are in too many names to tell anything.
const SHORTEST: usize = 3;

/// Names longer than this are whole documents.
const LONGEST: usize = 2_048;

/// The names that a template knows from elsewhere: those that policies and other resources name, and those that parameters, imports and
/// other stacks hand in.
#[derive(Debug, Default)]
pub(super) struct Told {
    names: BTreeSet<String>,
    /// What names begin with, where a policy goes on with a wildcard.
    beginnings: BTreeSet<String>,
    /// What is handed in.
    handed: BTreeSet<String>,
}

impl Told {
    pub(super) fn of(stack: &LoadedStack) -> Self {
        let mut told = Self::default();
        if let (Some(template), Some(resolver)) = (&stack.template, stack.resolver()) {
            told.handed.extend(template.parameters.values().cloned());
            told.read(&template.root, &resolver, false);
        }
        told
    }

    /// Whether a thing of this name may have been made elsewhere.
    pub(super) fn knows(&self, name: &str) -> bool {
        self.names.contains(name)
            || self.beginnings.iter().any(|beginning| name.starts_with(beginning))
            || self.handed.iter().any(|handed| handed == name || (handed.len() >= SHORTEST && name.contains(handed)))
    }

    /// Reads a value. What stands in a definition alone tells of nothing, unless somebody hands it in.
    fn read(&mut self, node: &Node, resolver: &Resolver<'_>, in_definition: bool) {
        if Call::of(node).is_some() {
            let resolved = resolver.resolve(node);
            if !in_definition || !resolved.assumed.is_empty() {
                self.add_all(&resolved.value);
            }
            for reference in references(node) {
                let variable = match &reference.attribute {
                    Some(attribute) => format!("{}.{attribute}", reference.name),
                    None => reference.name,
                };
                let given = resolver.resolve_variable(&variable);
                if let (false, Value::String(text)) = (given.assumed.is_empty(), given.value) {
                    self.handed.insert(text);
                }
            }
        } else if let (false, Some(text)) = (in_definition, node.as_str()) {
            self.add(text);
        }
        node.items().iter().for_each(|item| self.read(item, resolver, in_definition));
        for (key, value) in node.entries() {
            let of_definition = key.as_str().is_some_and(|key| OF_DEFINITIONS.contains(&key));
            self.read(value, resolver, in_definition || of_definition);
        }
    }

    fn add_all(&mut self, value: &Value) {
        match value {
            Value::String(text) => self.add(text),
            Value::Array(values) => values.iter().for_each(|value| self.add_all(value)),
            _ => {}
        }
    }

    /// Adds the parts of a URL or an ARN, any of which may be a name.
    fn add(&mut self, text: &str) {
        if text.len() > LONGEST {
            return;
        }
        for part in text.split(['/', ':']) {
            match part.split_once('*') {
                Some(("", _)) => {}
                Some((beginning, _)) => _ = self.beginnings.insert(beginning.to_owned()),
                None => _ = self.names.insert(part.to_owned()),
            }
        }
    }
}
