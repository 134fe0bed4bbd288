//! Many rules and one event: which of them match, without asking each.
//!
//! The rules' branches are sorted into a tree. At every node a branch is filed under one of its fields, the one that sets
//! it apart from the most others, and there under what the field must be: a text in a hash map, a prefix in a trie, a
//! range of numbers in an interval tree. An event's values lead to the few branches that they may match, which are then held
//! against the event one by one. So what is filed decides only the time, never the answer.
//!
//! What can't be told apart by looking values up is `anything-but` and `exists`: a rule that has nothing else is asked once
//! for each event that has its field, together with all rules that ask the same.

mod build;
mod field;
mod key;
mod ranges;
mod trie;

use std::collections::{HashMap, HashSet};

use foldhash::fast::FixedState;

use super::CompiledPattern;
use super::branch::Branch;
use super::error::EventError;
use super::event::{Fields, Value};
use super::path::{PathId, Paths};
use build::Builder;
use field::FieldIndex;

/// Rules that are looked up by the events that they match. `T` is what stands for a rule: its name, its targets.
///
/// ```
/// use bucketbook::eventbridge::{CompiledPattern, RuleIndex};
///
/// let rules: RuleIndex<&str> = [
///     (CompiledPattern::parse(r#"{"source": ["aws.s3"]}"#)?, "everything"),
///     (CompiledPattern::parse(r#"{"detail": {"bucket": {"name": ["photos"]}}}"#)?, "photos"),
/// ]
/// .into_iter()
/// .collect();
/// let matching = rules.matching(r#"{"source": "aws.s3", "detail": {"bucket": {"name": "music"}}}"#)?;
/// assert_eq!(matching, [&"everything"]);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Debug, Clone)]
pub struct RuleIndex<T> {
    rules: Vec<T>,
    paths: Paths,
    branches: Vec<Branch>,
    /// The rule of each branch.
    rule_of: Vec<usize>,
    /// The tree; its first node is the root.
    nodes: Vec<Node>,
}

/// A node of the tree, by its place in [`RuleIndex::nodes`].
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
struct NodeId(usize);

/// Branches that agree with an event as far as it was looked at.
#[derive(Debug, Clone, Default)]
struct Node {
    /// Branches to hold against the event.
    branches: Vec<usize>,
    /// Branches that need a value, by the field that they are filed under.
    fields: HashMap<PathId, FieldIndex, FixedState>,
    /// Branches that a field's absence suffices.
    absent: Vec<(PathId, NodeId)>,
}

impl<T> FromIterator<(CompiledPattern, T)> for RuleIndex<T> {
    fn from_iter<I: IntoIterator<Item = (CompiledPattern, T)>>(all: I) -> Self {
        let mut index = Self {
            rules: Vec::new(),
            paths: Paths::new(),
            branches: Vec::new(),
            rule_of: Vec::new(),
            nodes: Vec::new(),
        };
        for (pattern, rule) in all {
            index.branches.extend(pattern.branches_within(&mut index.paths));
            index.rule_of.resize(index.branches.len(), index.rules.len());
            index.rules.push(rule);
        }
        index.nodes = Builder::new(&index.branches).build();
        index
    }
}

impl<T> RuleIndex<T> {
    /// How many rules there are.
    pub fn len(&self) -> usize {
        self.rules.len()
    }

    /// Whether there are none.
    pub fn is_empty(&self) -> bool {
        self.rules.is_empty()
    }

    /// The rules that match an event, in the order in which they were put in.
    ///
    /// # Errors
    /// The text is no event.
    pub fn matching(&self, event: &str) -> Result<Vec<&T>, EventError> {
        Ok(self.taking(&Fields::read(event, &self.paths)?))
    }

    /// The same for an event that was read already. Numbers are taken as they would be written.
    ///
    /// # Errors
    /// The value is no event.
    pub fn matching_value(&self, event: &serde_json::Value) -> Result<Vec<&T>, EventError> {
        Ok(self.taking(&Fields::of(event, &self.paths)?))
    }

    fn taking(&self, fields: &Fields) -> Vec<&T> {
        let mut lookup = Lookup { index: self, event: fields, visited: HashSet::new(), candidates: HashSet::new() };
        lookup.visit(NodeId(0));
        let matching = lookup.candidates.into_iter().filter(|branch| self.branches[*branch].matches(fields));
        let mut rules: Vec<usize> = matching.map(|branch| self.rule_of[branch]).collect();
        rules.sort_unstable();
        rules.dedup();
        rules.into_iter().map(|rule| &self.rules[rule]).collect()
    }
}

/// A walk through the tree, in which no node is visited twice.
struct Lookup<'a, T> {
    index: &'a RuleIndex<T>,
    event: &'a Fields,
    visited: HashSet<NodeId>,
    candidates: HashSet<usize>,
}

impl<T> Lookup<'_, T> {
    fn visit(&mut self, id: NodeId) {
        if !self.visited.insert(id) {
            return;
        }
        let node = &self.index.nodes[id.0];
        self.candidates.extend(&node.branches);
        let event = self.event;
        // Whichever are fewer: the fields of the event, or those that branches are filed under.
        if node.fields.len() < event.iter().len() {
            node.fields.iter().for_each(|(path, field)| self.values(field, event.get(*path)));
        } else {
            let known = event.iter().filter_map(|(path, values)| Some((node.fields.get(&path)?, values)));
            known.for_each(|(field, values)| self.values(field, values));
        }
        for (path, next) in &node.absent {
            // A field may be absent from one element of an array and not from another.
            if event.get(*path).iter().all(|value| value.element.is_some() || value.empty_step) {
                self.visit(*next);
            }
        }
    }

    fn values(&mut self, field: &FieldIndex, values: &[Value]) {
        values.iter().for_each(|value| field.lookup(&value.leaf, &mut |next| self.visit(next)));
    }
}
