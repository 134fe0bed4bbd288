use super::{Fault, Node, Span};

/// How much a text may ask of its reader.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Limits {
    /// How deep lists and mappings may stand in each other.
    pub depth: usize,
    /// How many values there may be, aliases expanded.
    pub nodes: usize,
}

impl Limits {
    /// A page that people write.
    pub const SPEC: Self = Self { depth: 100, nodes: 100_000 };
    /// Templates and definitions, which tools write as well: ten thousand states are a megabyte.
    pub const TEMPLATE: Self = Self { depth: Self::SPEC.depth, nodes: 1_000_000 };
}

/// A text as far as it could be read, and all that is wrong with it.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Parsed {
    /// The tree; `None` if there is nothing in the text, or no sense can be made of it.
    pub root: Option<Node>,
    /// What is wrong, but for keys that occur twice, in the order of the text.
    pub faults: Vec<Fault>,
    /// The keys that occur twice, each at its second place.
    pub duplicates: Vec<Fault>,
    /// Whether another [`Schema`](super::Schema) of YAML would read a scalar as something else.
    pub schema_matters: bool,
}

/// The most faults that are collected: whoever has more has another kind of file.
pub(super) const MAX_FAULTS: usize = 50;

pub(super) fn too_deep(limits: Limits, span: Span) -> Fault {
    Fault::new(format!("lists and mappings are nested more than {} deep, the most that is read", limits.depth)).at(span)
}

pub(super) fn too_many(limits: Limits, span: Span) -> Fault {
    Fault::new(format!("the document comes to more than {} values, the most that is read", limits.nodes)).at(span)
}
