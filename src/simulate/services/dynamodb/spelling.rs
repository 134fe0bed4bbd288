//! How `aws-sdk:` calls spell the types of attribute values: `Bool` and `Ss`, as every member that begins with several capital letters,
//! where DynamoDB has `BOOL` and `SS`.

use serde_json::{Map, Value};

/// DynamoDB's name of a type, and Step Functions'.
const TYPES: [(&str, &str); 5] = [("BOOL", "Bool"), ("NULL", "Nul"), ("SS", "Ss"), ("NS", "Ns"), ("BS", "Bs")];

/// Whether this can be the value of a type: an attribute may be named `Bool`, but then it holds an object.
fn fits(native: &str, value: &Value) -> bool {
    match native {
        "BOOL" | "NULL" => value.is_boolean(),
        _ => value.as_array().is_some_and(|values| values.iter().all(Value::is_string)),
    }
}

/// The arguments in DynamoDB's spelling. `None` if they are in it already.
pub(super) fn native(arguments: &Value) -> Option<Value> {
    let is_spelled = |value: &Map<String, Value>| only(value, |(_, sdk)| sdk).is_some();
    holds(arguments, &is_spelled).then(|| {
        respelled(arguments.clone(), &|value| {
            let (native, _) = only(value, |(_, sdk)| sdk)?;
            Some(native)
        })
    })
}

/// An answer in Step Functions' spelling.
pub(super) fn sdk(answer: Value) -> Value {
    respelled(answer, &|value| only(value, |(native, _)| native).map(|(_, sdk)| sdk))
}

/// The type of a value that has nothing but a type of the table, in the spelling that `name` picks.
fn only(
    value: &Map<String, Value>,
    name: impl Fn((&'static str, &'static str)) -> &'static str,
) -> Option<(&'static str, &'static str)> {
    let (key, inner) = value.iter().next().filter(|_| value.len() == 1)?;
    TYPES.into_iter().find(|pair| name(*pair) == key && fits(pair.0, inner))
}

fn holds(value: &Value, is: &dyn Fn(&Map<String, Value>) -> bool) -> bool {
    let mut rest = vec![value];
    while let Some(value) = rest.pop() {
        match value {
            Value::Object(fields) if is(fields) => return true,
            Value::Object(fields) => rest.extend(fields.values()),
            Value::Array(values) => rest.extend(values),
            _ => {}
        }
    }
    false
}

/// The same with each type's name replaced. Values are no deeper than a payload may be.
fn respelled(value: Value, name: &dyn Fn(&Map<String, Value>) -> Option<&'static str>) -> Value {
    match value {
        Value::Object(fields) => match name(&fields) {
            Some(name) => fields.into_values().map(|value| (name.to_owned(), value)).collect(),
            None => fields.into_iter().map(|(key, value)| (key, respelled(value, name))).collect(),
        },
        Value::Array(values) => values.into_iter().map(|value| respelled(value, name)).collect(),
        other => other,
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn types_are_respelled_and_attributes_are_not() {
        let spelled =
            json!({"Item": {"a": {"Bool": true}, "Bool": {"S": "x"}, "c": {"M": {"d": {"L": [{"Ss": ["e"]}]}}}}});
        let native_form =
            json!({"Item": {"a": {"BOOL": true}, "Bool": {"S": "x"}, "c": {"M": {"d": {"L": [{"SS": ["e"]}]}}}}});
        assert_eq!(native(&spelled), Some(native_form.clone()));
        assert_eq!(native(&native_form), None);
        assert_eq!(sdk(native_form), spelled);
    }
}
