//! What the resources, parameters, conditions and mappings of the parts are called in the joined template.

use std::collections::{HashMap, HashSet};

use crate::loaded::references::references;
use crate::loaded::value::value;
use crate::source::Node;

use super::part::Part;

/// The names of one part that are others in the joined template.
#[derive(Debug, Default)]
pub(super) struct PartNames {
    resources: HashMap<String, String>,
    /// Those of the other sections, by section and name.
    others: HashMap<(&'static str, String), String>,
}

/// The names of all parts.
#[derive(Debug)]
pub(super) struct Names(Vec<PartNames>);

impl Names {
    pub(super) fn of(parts: &[Part]) -> Self {
        let mut taken = HashSet::new();
        let mut names: Vec<PartNames> = parts.iter().map(|_| PartNames::default()).collect();
        let plain: HashMap<String, usize> = counted(parts);
        for (part, names) in parts.iter().zip(&mut names) {
            for id in part.resources() {
                let wanted = wanted(part, id);
                let several = plain.get(&wanted).is_some_and(|count| *count > 1);
                let prefixed = format!("{}{wanted}", part.prefix);
                // What has one name in several stacks has each stack's before it.
                let first = if several { [prefixed.clone(), id.to_owned()] } else { [wanted, prefixed] };
                let name = free(first.into_iter().chain([format!("{}{id}", part.prefix)]), &taken);
                taken.insert(name.clone());
                names.resources.insert(id.to_owned(), name);
            }
        }
        let mut known: HashMap<(&'static str, String), &Node> = HashMap::new();
        for (part, names) in parts.iter().zip(&mut names) {
            for section in ["Parameters", "Mappings", "Conditions"] {
                for (key, node) in part.root.get(section).map_or(&[][..], Node::entries) {
                    let Some(name) = key.as_str() else { continue };
                    let same = known.get(&(section, name.to_owned())).map(|other| is_same(other, node));
                    let mut unique = name.to_owned();
                    if same == Some(false) {
                        unique = format!("{}{name}", part.prefix);
                        while known.contains_key(&(section, unique.clone())) {
                            unique.push('2');
                        }
                        names.others.insert((section, name.to_owned()), unique.clone());
                    }
                    known.entry((section, unique)).or_insert(node);
                }
            }
        }
        Self(names)
    }

    /// What a resource of a part is called; `None` if it has none of that id.
    pub(super) fn resource(&self, part: usize, id: &str) -> Option<&str> {
        self.0.get(part)?.resources.get(id).map(String::as_str)
    }

    /// What something else of a part is called.
    pub(super) fn other(&self, part: usize, section: &'static str, name: &str) -> String {
        let names = self.0.get(part).and_then(|names| names.others.get(&(section, name.to_owned())));
        names.cloned().unwrap_or_else(|| name.to_owned())
    }
}

/// How many resources would like to have each name.
fn counted(parts: &[Part]) -> HashMap<String, usize> {
    let mut counts = HashMap::new();
    for part in parts {
        for id in part.resources() {
            *counts.entry(wanted(part, id)).or_insert(0) += 1;
        }
    }
    counts
}

/// What a resource would be called if it were alone: by its construct, without the path of its stack, or else by its id.
fn wanted(part: &Part, id: &str) -> String {
    let Some(path) = part.construct_of(id) else { return id.to_owned() };
    let stack = part.construct.as_deref().unwrap_or_default();
    let below = match path.strip_prefix(stack).and_then(|rest| rest.strip_prefix('/')) {
        Some(below) if !stack.is_empty() => below,
        _ => path.split_once('/').map_or("", |(_, below)| below),
    };
    let name: String = below.chars().filter(char::is_ascii_alphanumeric).collect();
    if name.is_empty() { id.to_owned() } else { name }
}

/// The first name that nothing has yet.
fn free(wanted: impl Iterator<Item = String>, taken: &HashSet<String>) -> String {
    let mut last = String::new();
    for name in wanted {
        if !taken.contains(&name) {
            return name;
        }
        last = name;
    }
    (2..).map(|number| format!("{last}{number}")).find(|name| !taken.contains(name)).unwrap_or(last)
}

/// Whether two parts mean the same by a name: they say the same of it, in words that mean the same everywhere.
fn is_same(left: &Node, right: &Node) -> bool {
    value(left) == value(right) && references(left).iter().all(|reference| reference.name.starts_with("AWS::"))
}
