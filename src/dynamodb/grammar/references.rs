use std::collections::HashSet;

use super::ast::{DocumentPath, Element, UpdateExpression};
use super::{ExpressionError, ExpressionFault};
use crate::dynamodb::is_reserved;
use crate::source::Span;

/// A name that an expression uses, once for each use.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Reference {
    /// The name; with its `#` or `:`, if it has one.
    pub name: String,
    /// Where it stands.
    pub span: Span,
}

/// All that an expression refers to, in its order.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct References {
    /// Attributes and entries of maps by their own names.
    pub attributes: Vec<Reference>,
    /// `#names`.
    pub names: Vec<Reference>,
    /// `:values`.
    pub values: Vec<Reference>,
}

/// A use of a `#name` or `:value` that the request does not give.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Undeclared {
    /// The number of the expression among those that were checked.
    pub expression: usize,
    /// The `#name` or `:value` that is used.
    pub reference: Reference,
}

/// What a request's expressions use and do not give, and give and do not use.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Declarations {
    /// `An expression attribute name used in the document path is not defined`
    pub undeclared_names: Vec<Undeclared>,
    /// `An expression attribute value used in expression is not defined`
    pub undeclared_values: Vec<Undeclared>,
    /// `Value provided in ExpressionAttributeNames unused in expressions`
    pub unused_names: Vec<String>,
    /// `Value provided in ExpressionAttributeValues unused in expressions`
    pub unused_values: Vec<String>,
}

/// Compares what the expressions of one request use with the keys of its `ExpressionAttributeNames` and `ExpressionAttributeValues`.
/// Of what is not known (`None`: chosen at run time) nothing is said.
pub fn declarations(used: &[&References], names: Option<&[&str]>, values: Option<&[&str]>) -> Declarations {
    let (undeclared_names, unused_names) = compare(used, names, |references| &references.names);
    let (undeclared_values, unused_values) = compare(used, values, |references| &references.values);
    Declarations { undeclared_names, undeclared_values, unused_names, unused_values }
}

fn compare(
    used: &[&References],
    declared: Option<&[&str]>,
    which: impl Fn(&References) -> &Vec<Reference>,
) -> (Vec<Undeclared>, Vec<String>) {
    let Some(declared) = declared else { return Default::default() };
    let known: HashSet<&str> = declared.iter().copied().collect();
    let mut seen = HashSet::new();
    let mut undeclared = Vec::new();
    for (expression, references) in used.iter().enumerate() {
        for reference in which(references) {
            seen.insert(reference.name.as_str());
            if !known.contains(reference.name.as_str()) {
                undeclared.push(Undeclared { expression, reference: reference.clone() });
            }
        }
    }
    let unused = declared.iter().filter(|name| !seen.contains(*name)).map(|name| (*name).to_owned()).collect();
    (undeclared, unused)
}

/// The uses of attributes whose names are reserved words, which need a `#name`.
pub fn reserved_words(references: &References) -> impl Iterator<Item = &Reference> {
    references.attributes.iter().filter(|reference| is_reserved(&reference.name))
}

/// Two paths of one update of which one is, or is within, the other; or of which one takes for a list what the other takes for
/// a map.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Overlap {
    /// One path.
    pub one: DocumentPath,
    /// The other.
    pub two: DocumentPath,
    /// Whether they disagree on what holds them, rather than overlap.
    pub conflict: bool,
}

/// The paths of an update that overlap. `resolve` gives the attribute that a `#name` stands for, if it is known.
pub fn overlaps(paths: &[&DocumentPath], resolve: impl Fn(&str) -> Option<String>) -> Vec<Overlap> {
    let mut resolved: Vec<(Vec<Element>, &DocumentPath)> =
        paths.iter().map(|path| (resolve_path(path, &resolve), *path)).collect();
    // In this order whatever lies within a path comes directly behind it, so neighbours are enough to look at.
    resolved.sort_by(|(left, a), (right, b)| left.cmp(right).then(a.span.start.cmp(&b.span.start)));
    resolved
        .windows(2)
        .filter_map(|pair| {
            let [(left, one), (right, two)] = pair else { return None };
            let overlap = || Overlap { one: (*one).clone(), two: (*two).clone(), conflict: false };
            if right.starts_with(left) {
                return Some(overlap());
            }
            let differ = left.iter().zip(right).find(|(a, b)| a != b)?;
            let conflict = matches!(differ.0, Element::Index(_)) != matches!(differ.1, Element::Index(_));
            conflict.then(|| Overlap { conflict, ..overlap() })
        })
        .collect()
}

fn resolve_path(path: &DocumentPath, resolve: impl Fn(&str) -> Option<String>) -> Vec<Element> {
    let step = |element: &Element| match element {
        Element::Name(name) => resolve(name).map_or_else(|| element.clone(), Element::Attribute),
        _ => element.clone(),
    };
    path.elements.iter().map(step).collect()
}

/// The paths of an update that change an attribute of `key`, or something in one. `resolve` as in [`overlaps`].
pub fn key_updates<'u>(
    update: &'u UpdateExpression,
    key: &[&str],
    resolve: impl Fn(&str) -> Option<String>,
) -> Vec<(&'u DocumentPath, String)> {
    let attribute = |path: &DocumentPath| match path.elements.first() {
        Some(Element::Attribute(name)) => Some(name.clone()),
        Some(Element::Name(name)) => resolve(name),
        _ => None,
    };
    let named = update.targets().into_iter().filter_map(|path| Some((path, attribute(path)?)));
    named.filter(|(_, name)| key.contains(&name.as_str())).collect()
}

impl Overlap {
    /// What DynamoDB says of it.
    pub fn error(&self) -> String {
        let verb = if self.conflict { "conflict" } else { "overlap" };
        format!(
            "Two document paths {verb} with each other; must remove or rewrite one of these paths; path one: {}, path two: {}",
            self.one, self.two
        )
    }
}

/// The fault of a path that stands where it may not: shared by the checks that come after the parse.
pub(super) fn fault(kind: super::ExpressionKind, fault: ExpressionFault, span: Span) -> ExpressionError {
    ExpressionError { kind, fault, span }
}
