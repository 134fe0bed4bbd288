use std::cmp::Ordering;
use std::collections::HashSet;

use serde_json::Value;

use super::arguments::Arguments;
use super::evaluate::Computed;
use crate::asl::jsonpath::compare_numbers;

/// How many elements `States.ArrayRange` may make, as documented.
const MAX_RANGE: i64 = 1000;

/// `States.ArrayPartition`: chunks of a size; the last may be shorter.
pub(super) fn partition(arguments: &Arguments<'_>) -> Computed {
    let items = arguments.array(0)?;
    let size = arguments.integer(1)?;
    match usize::try_from(size) {
        Ok(size @ 1..) => Ok(items.chunks(size).map(|chunk| Value::Array(chunk.to_vec())).collect()),
        _ => Err(format!("The chunk size has to be a positive integer, but was: {size}")),
    }
}

/// `States.ArrayContains`: whether an array has a value.
pub(super) fn contains(arguments: &Arguments<'_>) -> Computed {
    let (items, value) = (arguments.array(0)?, arguments.any(1)?);
    Ok(Value::Bool(items.iter().any(|item| same(item, value))))
}

fn same(left: &Value, right: &Value) -> bool {
    match (left, right) {
        (Value::Number(left), Value::Number(right)) => compare_numbers(left, right) == Some(Ordering::Equal),
        _ => left == right,
    }
}

/// `States.ArrayRange`: from the first to the second, both included, by the third.
pub(super) fn range(arguments: &Arguments<'_>) -> Computed {
    let (first, last, step) = (arguments.integer(0)?, arguments.integer(1)?, arguments.integer(2)?);
    if step == 0 {
        return Err("The increment cannot be 0".to_owned());
    }
    let count = if (step > 0) == (first <= last) || first == last {
        (i128::from(last) - i128::from(first)) / i128::from(step) + 1
    } else {
        0
    };
    if count > i128::from(MAX_RANGE) {
        return Err(format!("The range has {count} elements, and at most {MAX_RANGE} are allowed"));
    }
    Ok((0..count as i64).map(|at| Value::from(first + at * step)).collect())
}

/// `States.ArrayGetItem`: the element at an index from 0.
pub(super) fn get_item(arguments: &Arguments<'_>) -> Computed {
    let (items, index) = (arguments.array(0)?, arguments.integer(1)?);
    let found = usize::try_from(index).ok().and_then(|index| items.get(index));
    found.cloned().ok_or_else(|| format!("The index {index} is out of bounds for an array of {} elements", items.len()))
}

/// `States.ArrayUnique`: each value where it is first.
pub(super) fn unique(arguments: &Arguments<'_>) -> Computed {
    let mut seen = HashSet::new();
    // The text of a value is a key for it. What order an object's names have does not matter to what it is.
    Ok(arguments.array(0)?.iter().filter(|item| seen.insert(key(item))).cloned().collect())
}

fn key(value: &Value) -> String {
    let mut value = value.clone();
    value.sort_all_objects();
    value.to_string()
}
