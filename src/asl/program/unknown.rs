//! What of a definition is known only once it is deployed.

use crate::aws::states::INNER;
use crate::source::Pointer;
use std::collections::BTreeMap;
use std::ops::Bound;

/// A value in a definition of which only a deployment says what it is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Unknown {
    /// Where it stands, as a JSON Pointer from the definition's root.
    pub pointer: Pointer,
    /// What is missing: the name of a parameter, of a placeholder, of an import.
    pub name: String,
    /// Whether it is a parameter of the template.
    pub parameter: bool,
    /// Whether a text that may be taken for the real one stands there. Otherwise it is the placeholder itself.
    pub stands_in: bool,
}

/// The values of a definition that only a deployment says, by where they stand.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Unknowns(BTreeMap<Pointer, Unknown>);

impl Unknowns {
    /// Adds a value. Of several at one place the first counts that nothing stands in for.
    pub fn add(&mut self, unknown: Unknown) {
        match self.0.get(&unknown.pointer) {
            Some(known) if !known.stands_in || unknown.stands_in => {}
            _ => drop(self.0.insert(unknown.pointer.clone(), unknown)),
        }
    }

    /// Whether there is none.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// Those at a place and within it.
    pub fn within<'a>(&'a self, pointer: &'a str) -> impl Iterator<Item = &'a Unknown> {
        let from = self
            .0
            .range::<str, _>((Bound::Included(pointer), Bound::Unbounded))
            .take_while(move |(at, _)| at.starts_with(pointer));
        let is_within = move |at: &str| at.len() == pointer.len() || at[pointer.len()..].starts_with('/');
        from.filter(move |(at, _)| is_within(at)).map(|(_, unknown)| unknown)
    }

    /// Whether a fault at a place may come of what is not known: it is there, within it, or around it.
    pub(super) fn explain(&self, pointer: &str) -> bool {
        if self.0.is_empty() {
            return false;
        }
        let mut around = pointer;
        while let Some((above, _)) = around.rsplit_once('/') {
            if self.0.contains_key(around) {
                return true;
            }
            around = above;
        }
        self.within(pointer).next().is_some()
    }
}

/// Whether a value is one of a state's own, and not of the states inside it. Both pointers are from the definition's root.
pub(super) fn is_own(state: &str, pointer: &str) -> bool {
    let Some(rest) = pointer.strip_prefix(state) else { return false };
    let field = rest.split('/').nth(1).unwrap_or_default();
    !(INNER.contains(&field) && rest.contains("/States/"))
}

/// How much depends on a value that is not known.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Need {
    /// The state cannot be run without it.
    Always,
    /// It is needed where a task really calls.
    ForTheCall,
    /// It is only passed on.
    Never,
}

impl Unknown {
    /// The field of a state that it stands in.
    pub fn field<'a>(&'a self, state: &str) -> &'a str {
        self.pointer.strip_prefix(state).and_then(|rest| rest.split('/').nth(1)).unwrap_or_default()
    }
}

/// The fields whose values are only passed on.
pub(super) const DATA: [&str; 14] = [
    "Assign",
    "BatchInput",
    "Cause",
    "Comment",
    "Error",
    "ItemBatcher",
    "ItemSelector",
    "Items",
    "Label",
    "Output",
    "Parameters",
    "Result",
    "ResultSelector",
    "Retry",
];

/// The fields that say what a task, an item reader or a result writer calls.
pub(super) const CALL: [&str; 6] = ["Arguments", "Credentials", "ItemReader", "Parameters", "Resource", "ResultWriter"];
