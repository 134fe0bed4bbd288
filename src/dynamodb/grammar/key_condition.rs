use thiserror::Error;

use super::ast::{Comparator, DocumentPath, Element, Operand, Predicate, Test, ValueRef};
use super::references::fault;
use super::{ExpressionError, ExpressionFault, ExpressionKind, References};
use crate::source::Span;

/// A [key condition expression](https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/Query.KeyConditionExpressions.html):
/// one or two conditions, on different attributes, that hold together.
#[derive(Debug, Clone, PartialEq)]
pub struct KeyCondition {
    /// The conditions on the key's attributes, joined by `AND`.
    pub terms: Vec<KeyTerm>,
    /// What they refer to.
    pub references: References,
}

/// A condition on one key attribute.
#[derive(Debug, Clone, PartialEq)]
pub struct KeyTerm {
    /// The attribute: one step, no path.
    pub path: DocumentPath,
    /// The comparator; `None` for `BETWEEN` and `begins_with`.
    pub comparator: Option<Comparator>,
    /// The value or values that it is compared with.
    pub values: Vec<ValueRef>,
}

/// Why a key condition does not fit a key.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
pub enum KeyConditionFault {
    /// There is no condition on the partition key.
    #[error("Query condition missed key schema element: {0}")]
    MissesHash(String),
    /// An attribute is not in the key.
    #[error("`{0}` is not in the key that is queried")]
    NotInKey(String),
    /// The partition key is compared by something other than `=`.
    #[error("Query key condition not supported: the partition key `{0}` can only be compared by =")]
    HashNotEqual(String),
}

impl KeyCondition {
    /// What is wrong with the condition as one on this key, and where: the attributes of its partition, and those that it is sorted by. A
    /// table has one of each at most, a global secondary index up to four. `resolve` gives the attribute of a `#name`, if it is known; of a
    /// name that is not known nothing is said.
    pub fn check(
        &self,
        partition: &[&str],
        sort: &[&str],
        resolve: impl Fn(&str) -> Option<String>,
    ) -> Vec<(KeyConditionFault, Span)> {
        let names: Vec<Option<String>> = self.terms.iter().map(|term| term.attribute(&resolve)).collect();
        let mut faults = Vec::new();
        for (term, name) in self.terms.iter().zip(&names) {
            let Some(name) = name else { continue };
            if partition.contains(&name.as_str()) && term.comparator != Some(Comparator::Equal) {
                faults.push((KeyConditionFault::HashNotEqual(name.clone()), term.path.span));
            } else if !partition.contains(&name.as_str()) && !sort.contains(&name.as_str()) {
                faults.push((KeyConditionFault::NotInKey(name.clone()), term.path.span));
            }
        }
        let known = names.iter().all(Option::is_some);
        let missing = partition.iter().filter(|hash| !names.iter().flatten().any(|name| name == *hash));
        if known {
            let span = self.terms.first().map(|term| term.path.span).unwrap_or_default();
            faults.splice(0..0, missing.map(|hash| (KeyConditionFault::MissesHash((*hash).to_owned()), span)));
        }
        faults
    }
}

impl KeyTerm {
    /// The attribute, if it is known.
    pub fn attribute(&self, resolve: impl Fn(&str) -> Option<String>) -> Option<String> {
        match self.path.elements.first()? {
            Element::Attribute(name) => Some(name.clone()),
            Element::Name(name) => resolve(name),
            Element::Index(_) => None,
        }
    }
}

/// A global secondary index has up to four partition and four sort attributes (DynamoDB Developer Guide, multi-attribute keys, 2025-11).
const MOST_KEY_ATTRIBUTES: usize = 8;

const KIND: ExpressionKind = ExpressionKind::KeyCondition;

/// Takes the conditions of a predicate as those of a key.
pub(super) fn from_predicate(predicate: Predicate, references: References) -> Result<KeyCondition, ExpressionError> {
    let mut terms = Vec::new();
    let mut rest = vec![predicate];
    while let Some(predicate) = rest.pop() {
        match predicate {
            Predicate::And(left, right) => rest.extend([*right, *left]),
            other => terms.push(term(other)?),
        }
    }
    if let Some(surplus) = terms.get(MOST_KEY_ATTRIBUTES) {
        return Err(fault(KIND, ExpressionFault::TooManyKeyConditions, surplus.path.span));
    }
    for (at, term) in terms.iter().enumerate() {
        if terms[..at].iter().any(|other| other.path.elements == term.path.elements) {
            return Err(fault(KIND, ExpressionFault::KeyTwice, term.path.span));
        }
    }
    Ok(KeyCondition { terms, references })
}

fn operator(name: &str, span: Span) -> ExpressionError {
    fault(KIND, ExpressionFault::KeyOperator(name.to_owned()), span)
}

/// The span of a predicate's first operand: where messages about all of it point.
fn place(mut predicate: &Predicate) -> Span {
    loop {
        predicate = match predicate {
            Predicate::Compare(left, ..) | Predicate::Between(left, ..) | Predicate::In(left, _) => return left.span(),
            Predicate::Test(_, _, span) => return *span,
            Predicate::Not(inner) => inner,
            Predicate::And(left, _) | Predicate::Or(left, _) => left,
        }
    }
}

fn term(predicate: Predicate) -> Result<KeyTerm, ExpressionError> {
    let span = place(&predicate);
    let (left, comparator, right) = match predicate {
        Predicate::Compare(_, Comparator::NotEqual, _) => return Err(operator("<>", span)),
        Predicate::Compare(left, comparator, right) => (left, Some(comparator), vec![right]),
        Predicate::Between(left, low, high) => (left, None, vec![low, high]),
        Predicate::Test(Test::BeginsWith, operands, _) => {
            let mut operands = operands.into_iter();
            let Some(left) = operands.next() else { return Err(operator("begins_with", span)) };
            (left, None, operands.collect())
        }
        Predicate::Test(test, ..) => return Err(operator(test.as_str(), span)),
        Predicate::In(..) => return Err(operator("IN", span)),
        Predicate::Not(_) => return Err(operator("NOT", span)),
        Predicate::Or(..) => return Err(operator("OR", span)),
        Predicate::And(..) => return Err(operator("AND", span)),
    };
    let (left, comparator, right) = turned(left, comparator, right);
    let Operand::Path(path) = left else { return Err(operator("size", left.span())) };
    if path.elements.len() > 1 {
        return Err(fault(KIND, ExpressionFault::NestedKey, path.span));
    }
    let mut values = Vec::new();
    for operand in right {
        match operand {
            Operand::Value(value) => values.push(value),
            Operand::Path(path) => return Err(operator("attribute as a value", path.span)),
            Operand::Size(_, span) => return Err(operator("size", span)),
        }
    }
    Ok(KeyTerm { path, comparator, values })
}

/// A comparison with the attribute on its left: `:v = a` is taken as `a = :v`.
fn turned(
    left: Operand,
    comparator: Option<Comparator>,
    mut right: Vec<Operand>,
) -> (Operand, Option<Comparator>, Vec<Operand>) {
    let turns = comparator == Some(Comparator::Equal)
        && matches!((&left, right.as_slice()), (Operand::Value(_), [Operand::Path(_)]));
    match right.pop() {
        Some(path) if turns => (path, comparator, vec![left]),
        Some(last) => {
            right.push(last);
            (left, comparator, right)
        }
        None => (left, comparator, right),
    }
}
