use std::borrow::Cow;
use std::cmp::Ordering;

use serde_json::Value;

use super::evaluate::{PathFault, select};
use super::filter::{Operand, Operator, Predicate};
use super::{Step, number};

/// An operand's value; none where a path leads nowhere.
type Operated<'a> = Option<Cow<'a, Value>>;

/// Whether a filter holds for a value in a document.
pub(super) fn holds(predicate: &Predicate, current: &Value, document: &Value) -> Result<bool, PathFault> {
    Ok(match predicate {
        Predicate::All(all) => {
            for one in all {
                if !holds(one, current, document)? {
                    return Ok(false);
                }
            }
            true
        }
        Predicate::Any(any) => {
            for one in any {
                if holds(one, current, document)? {
                    return Ok(true);
                }
            }
            false
        }
        Predicate::Not(inner) => !holds(inner, current, document)?,
        Predicate::Holds(Operand::Literal(value)) => *value != Value::Bool(false),
        Predicate::Holds(operand) => value_of(operand, current, document).is_some(),
        Predicate::Compare(left, Operator::Matches, right) => matches(left, right, current, document),
        Predicate::Compare(left, operator, right) => {
            let (left, right) = (value_of(left, current, document), value_of(right, current, document));
            compare(left.as_deref(), *operator, right.as_deref())
        }
    })
}

fn value_of<'a>(operand: &'a Operand, current: &'a Value, document: &'a Value) -> Operated<'a> {
    match operand {
        Operand::Literal(value) => Some(Cow::Borrowed(value)),
        Operand::Pattern(_) => None,
        Operand::Path { from_root, steps } => {
            let definite = matches!(steps.last(), Some(Step::Function(_)))
                || steps.iter().enumerate().all(|(at, step)| step.is_definite(at + 1 == steps.len()));
            let start = if *from_root { document } else { current };
            select(steps, definite, start, document).ok().map(|selected| selected.into_cow())
        }
    }
}

fn matches(left: &Operand, right: &Operand, current: &Value, document: &Value) -> bool {
    let (pattern, other) = match (left, right) {
        (_, Operand::Pattern(pattern)) => (pattern, left),
        (Operand::Pattern(pattern), _) => (pattern, right),
        _ => return false,
    };
    match value_of(other, current, document).as_deref() {
        Some(Value::String(text)) => pattern.regex.is_match(text),
        Some(scalar @ (Value::Number(_) | Value::Bool(_))) => pattern.regex.is_match(&scalar.to_string()),
        Some(Value::Array(items)) => {
            items.iter().any(|item| item.as_str().is_some_and(|text| pattern.regex.is_match(text)))
        }
        _ => false,
    }
}

fn compare(left: Option<&Value>, operator: Operator, right: Option<&Value>) -> bool {
    let ordered = |accept: fn(Ordering) -> bool| order(left, right).is_some_and(accept);
    match operator {
        Operator::Equal => equal(left, right),
        Operator::NotEqual => !equal(left, right),
        Operator::Same => same(left, right),
        Operator::NotSame => !same(left, right),
        Operator::Less => ordered(Ordering::is_lt),
        Operator::LessOrEqual => ordered(Ordering::is_le),
        Operator::Greater => ordered(Ordering::is_gt),
        Operator::GreaterOrEqual => ordered(Ordering::is_ge),
        Operator::Matches => false,
        Operator::In => right.and_then(Value::as_array).is_some_and(|list| within(left, list)),
        Operator::NotIn => !right.and_then(Value::as_array).is_some_and(|list| within(left, list)),
        Operator::Contains => match (left, right) {
            (Some(Value::Array(list)), right) => within(right, list),
            (Some(Value::String(text)), Some(Value::String(part))) => text.contains(part.as_str()),
            _ => false,
        },
        Operator::SubsetOf => lists(left, right, |left, right| left.iter().all(|item| within(Some(item), right))),
        Operator::AllOf => lists(left, right, |left, right| right.iter().all(|item| within(Some(item), left))),
        Operator::AnyOf => lists(left, right, |left, right| left.iter().any(|item| within(Some(item), right))),
        Operator::NoneOf => lists(left, right, |left, right| !left.iter().any(|item| within(Some(item), right))),
        Operator::Size => right.and_then(Value::as_u64).is_some_and(|size| length(left) == Some(size as usize)),
        Operator::Empty => match (length(left), right) {
            (Some(length), Some(Value::Bool(empty))) => (length == 0) == *empty,
            _ => false,
        },
        Operator::Type => left.zip(right.and_then(Value::as_str)).is_some_and(|(left, name)| type_name(left) == name),
    }
}

fn equal(left: Option<&Value>, right: Option<&Value>) -> bool {
    match (left, right) {
        // A number equals the text that is that number.
        (Some(Value::Number(number)), Some(Value::String(text)))
        | (Some(Value::String(text)), Some(Value::Number(number))) => *text == number.to_string(),
        (left, right) => same(left, right),
    }
}

fn same(left: Option<&Value>, right: Option<&Value>) -> bool {
    match (left, right) {
        (Some(Value::Number(left)), Some(Value::Number(right))) => {
            number::compare(left, right) == Some(Ordering::Equal)
        }
        (Some(left), Some(right)) => left == right,
        _ => false,
    }
}

fn order(left: Option<&Value>, right: Option<&Value>) -> Option<Ordering> {
    match (left?, right?) {
        (Value::Number(left), Value::Number(right)) => number::compare(left, right),
        (Value::String(left), Value::String(right)) => Some(left.cmp(right)),
        _ => None,
    }
}

fn within(value: Option<&Value>, list: &[Value]) -> bool {
    list.iter().any(|item| equal(value, Some(item)))
}

fn lists(left: Option<&Value>, right: Option<&Value>, holds: impl Fn(&[Value], &[Value]) -> bool) -> bool {
    match (left, right) {
        (Some(Value::Array(left)), Some(Value::Array(right))) => holds(left, right),
        _ => false,
    }
}

fn length(value: Option<&Value>) -> Option<usize> {
    match value? {
        Value::String(text) => Some(text.encode_utf16().count()),
        Value::Array(items) => Some(items.len()),
        Value::Object(fields) => Some(fields.len()),
        _ => None,
    }
}

fn type_name(value: &Value) -> &'static str {
    match value {
        Value::Null => "null",
        Value::Bool(_) => "boolean",
        Value::Number(_) => "number",
        Value::String(_) => "string",
        Value::Array(_) | Value::Object(_) => "json",
    }
}
