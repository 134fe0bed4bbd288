//! Between JSON and the values of JSONata, whose numbers are all floating point.

use indexmap::IndexMap;
use jsonata_core::value::JValue;
use serde_json::{Map, Number, Value};

/// How deep a result may nest.
const MAX_DEPTH: usize = 512;

/// JSON as JSONata sees it.
pub(super) fn to_jsonata(value: &Value) -> JValue {
    match value {
        Value::Null => JValue::Null,
        Value::Bool(value) => JValue::Bool(*value),
        Value::Number(number) => JValue::Number(number.as_f64().unwrap_or(f64::NAN)),
        Value::String(text) => JValue::string(text.as_str()),
        Value::Array(values) => JValue::array(values.iter().map(to_jsonata).collect()),
        Value::Object(fields) => {
            let fields = fields.iter().map(|(name, value)| (name.clone(), to_jsonata(value)));
            JValue::object(fields.collect::<IndexMap<_, _>>())
        }
    }
}

/// Some fields of an object as JSONata sees them.
pub(super) fn fields_to_jsonata(object: &Map<String, Value>, names: &[String]) -> JValue {
    let found = names.iter().filter_map(|name| Some((name.clone(), to_jsonata(object.get(name)?))));
    JValue::object(found.collect::<IndexMap<_, _>>())
}

/// A result as JSON; nothing, if there is no result or it is one that JSON has no form for.
pub(super) fn to_json(value: &JValue) -> Option<Value> {
    to_json_within(value, MAX_DEPTH)
}

fn to_json_within(value: &JValue, depth: usize) -> Option<Value> {
    Some(match value {
        JValue::Null => Value::Null,
        JValue::Bool(value) => Value::Bool(*value),
        JValue::Number(number) => number_to_json(*number),
        JValue::String(text) => Value::String(text.to_string()),
        JValue::Array(_) => {
            let left = depth.checked_sub(1)?;
            let values = value.as_array()?;
            Value::Array(values.iter().map(|v| to_json_within(v, left).unwrap_or(Value::Null)).collect())
        }
        JValue::Object(_) => {
            let left = depth.checked_sub(1)?;
            let fields = value.as_object()?.iter();
            Value::Object(
                fields.filter_map(|(name, v)| Some((name.clone(), to_json_within(v, left)?))).collect::<Map<_, _>>(),
            )
        }
        JValue::Undefined | JValue::Lambda(_) | JValue::Builtin { .. } | JValue::Regex { .. } => return None,
    })
}

/// A number as it is written: whole ones without a point. What JSON has no number for has the name that JavaScript gives it, as AWS answers
/// (floci-io/floci#2737, August 2026).
pub(in crate::simulate) fn number_to_json(number: f64) -> Value {
    const EXACT: f64 = 9_007_199_254_740_992.0;
    if number.fract() == 0.0 && number.abs() <= EXACT {
        return Value::from(number as i64);
    }
    Number::from_f64(number).map_or_else(|| Value::from(not_finite(number)), Value::Number)
}

fn not_finite(number: f64) -> &'static str {
    match number {
        f64::INFINITY => "Infinity",
        f64::NEG_INFINITY => "-Infinity",
        _ => "NaN",
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn json_comes_back_as_it_was() {
        let value = json!({"a": [1, -2.5, 1e300, true, null, "x"], "b": {}, "c": []});
        assert_eq!(to_json(&to_jsonata(&value)), Some(value));
    }

    #[test]
    fn what_is_no_number_in_json_has_a_name() {
        let numbers = JValue::array([1.0 / 0.0, -1.0 / 0.0, f64::NAN].map(JValue::Number).to_vec());
        assert_eq!(to_json(&numbers), Some(json!(["Infinity", "-Infinity", "NaN"])));
    }

    #[test]
    fn what_json_has_no_form_for_is_left_out() {
        let fields = IndexMap::from([("a".to_owned(), JValue::Undefined), ("b".to_owned(), JValue::Null)]);
        assert_eq!(to_json(&JValue::object(fields)), Some(json!({"b": null})));
        assert_eq!(to_json(&JValue::Undefined), None);
    }
}
