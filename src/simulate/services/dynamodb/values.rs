//! DynamoDB's attribute values, between JSON and the engine, without a detour through text.
//!
//! What is written plainly is converted here; anything that needs a second look (sets, binaries, numbers with exponents,
//! mistakes) is `None`, and goes to the engine's own reader, which knows DynamoDB's words for what is wrong.

use std::collections::HashMap;

use dynoxide::AttributeValue;
use serde_json::{Map, Value};

/// An item, a key, or the values of an expression.
pub(super) type Item = HashMap<String, AttributeValue>;

/// DynamoDB takes no value that nests deeper.
const MAX_DEPTH: usize = 32;

/// A map of attribute values, if it is plain.
pub(super) fn plain_item(value: &Value) -> Option<Item> {
    item_within(value, MAX_DEPTH)
}

fn item_within(value: &Value, depth: usize) -> Option<Item> {
    value.as_object()?.iter().map(|(name, value)| Some((name.clone(), plain(value, depth)?))).collect()
}

fn plain(value: &Value, depth: usize) -> Option<AttributeValue> {
    let depth = depth.checked_sub(1)?;
    let object = value.as_object()?;
    let (kind, value) = object.iter().next().filter(|_| object.len() == 1)?;
    Some(match kind.as_str() {
        "S" => AttributeValue::S(value.as_str()?.to_owned()),
        "N" => AttributeValue::N(value.as_str().filter(|number| is_plain_number(number))?.to_owned()),
        "BOOL" => AttributeValue::BOOL(value.as_bool()?),
        "NULL" => AttributeValue::NULL(value.as_bool().filter(|null| *null)?),
        "M" => AttributeValue::M(item_within(value, depth)?),
        "L" => AttributeValue::L(value.as_array()?.iter().map(|value| plain(value, depth)).collect::<Option<_>>()?),
        _ => return None,
    })
}

/// Whether a number needs no checks of precision or magnitude: digits with at most one point among them.
fn is_plain_number(text: &str) -> bool {
    let digits = text.strip_prefix('-').unwrap_or(text);
    let (whole, fraction) = digits.split_once('.').unwrap_or((digits, "0"));
    let all_digits = |part: &str| !part.is_empty() && part.bytes().all(|byte| byte.is_ascii_digit());
    digits.len() <= 38 && all_digits(whole) && all_digits(fraction)
}

/// An item as JSON, its attributes in the order of their names, at every level: the engine's maps have none.
pub(super) fn to_json(item: Item) -> Value {
    let mut entries: Vec<(String, AttributeValue)> = item.into_iter().collect();
    entries.sort_unstable_by(|a, b| a.0.cmp(&b.0));
    entries.into_iter().map(|(name, value)| (name, value_to_json(value))).collect::<Map<_, _>>().into()
}

fn value_to_json(value: AttributeValue) -> Value {
    let kind = value.type_name();
    let value = match value {
        AttributeValue::S(text) | AttributeValue::N(text) => text.into(),
        AttributeValue::BOOL(flag) | AttributeValue::NULL(flag) => flag.into(),
        AttributeValue::M(item) => to_json(item),
        AttributeValue::L(values) => values.into_iter().map(value_to_json).collect::<Vec<_>>().into(),
        // The engine orders the members of sets as DynamoDB does.
        set => return serde_json::to_value(&set).unwrap_or_default(),
    };
    Map::from_iter([(kind.to_owned(), value)]).into()
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn plain_values_come_back_as_they_went() {
        let item = json!({
            "a": {"S": "text"}, "b": {"N": "-12.50"}, "c": {"BOOL": false}, "d": {"NULL": true},
            "e": {"M": {"x": {"L": [{"S": ""}, {"N": "0"}]}, "y": {"M": {}}}},
        });
        assert_eq!(to_json(plain_item(&item).unwrap()), item);
    }

    #[test]
    fn what_is_not_plain_is_left_to_the_engine() {
        let deep = (0..40).fold(json!({"S": ""}), |inner, _| json!({"L": [inner]}));
        let cases = [
            json!({"N": 5}),
            json!({"N": "1e5"}),
            json!({"N": ""}),
            json!({"N": "1."}),
            json!({"N": "123456789012345678901234567890123456789"}),
            json!({"S": null}),
            json!({"S": "a", "N": "1"}),
            json!({}),
            json!("a"),
            json!({"NULL": false}),
            json!({"SS": ["a"]}),
            json!({"X": "a"}),
            deep,
        ];
        for value in cases {
            assert!(plain_item(&json!({ "a": value })).is_none(), "{value}");
        }
    }
}
