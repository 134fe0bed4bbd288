//! An event pattern in words.

use serde_json::{Map, Value};

/// The most values of a field that are named; more are only counted.
const MAX_VALUES: usize = 5;
/// Fields below this are not looked into.
const MAX_DEPTH: usize = 12;
/// The longest text of a value.
const MAX_TEXT: usize = 60;

/// What a pattern asks for, a line a field. `bucket` gives what people call the bucket of a name.
pub(super) fn pattern(pattern: &Value, bucket: &dyn Fn(&str) -> String) -> Vec<String> {
    let mut lines = Vec::new();
    if let Some(fields) = pattern.as_object() {
        said(fields, &mut Vec::new(), bucket, &mut lines);
    }
    lines
}

fn said<'a>(
    fields: &'a Map<String, Value>,
    path: &mut Vec<&'a str>,
    bucket: &dyn Fn(&str) -> String,
    lines: &mut Vec<String>,
) {
    for (name, value) in fields {
        path.push(name);
        match value {
            Value::Array(ways) if name == "$or" => {
                path.pop();
                lines.push(either(ways, path, bucket));
                path.push(name);
            }
            Value::Object(inner) if path.len() < MAX_DEPTH => said(inner, path, bucket, lines),
            Value::Array(conditions) => lines.extend(field(path, conditions, bucket)),
            _ => {}
        }
        path.pop();
    }
}

/// The alternatives of `$or`.
fn either<'a>(ways: &'a [Value], path: &[&'a str], bucket: &dyn Fn(&str) -> String) -> String {
    let way = |way: &'a Value| {
        let (mut lines, mut path) = (Vec::new(), path.to_vec());
        if let Some(fields) = way.as_object().filter(|_| path.len() < MAX_DEPTH) {
            said(fields, &mut path, bucket, &mut lines);
        }
        lines.join(" and ")
    };
    listed(ways.iter().map(way).filter(|way| !way.is_empty()), ", or ")
}

/// One field. That an event is S3's goes without saying.
fn field(path: &[&str], conditions: &[Value], bucket: &dyn Fn(&str) -> String) -> Option<String> {
    let names = |separator: &str| listed(conditions.iter().map(literal), separator);
    let plain = conditions.iter().all(|condition| !condition.is_object());
    match path {
        ["source"] if plain && conditions.iter().all(|source| source == "aws.s3") => None,
        ["source"] if plain => Some(format!("from {}", names(" or "))),
        ["detail-type"] if plain => Some(names(" or ")),
        ["detail", "bucket", "name"] if plain => {
            let named = conditions.iter().map(|name| name.as_str().map_or_else(|| literal(name), bucket));
            Some(format!("in {}", listed(named, " or ")))
        }
        _ => {
            let name = match path {
                ["detail", "object", rest @ ..] if !rest.is_empty() => rest.join("."),
                ["detail", rest @ ..] if !rest.is_empty() => rest.join("."),
                whole => whole.join("."),
            };
            Some(format!("{name} {}", listed(conditions.iter().map(condition), " or ")))
        }
    }
}

fn condition(condition: &Value) -> String {
    let Some((operator, value)) = condition.as_object().and_then(|fields| fields.iter().next()) else {
        return format!("is {}", literal(condition));
    };
    let text = || match value {
        Value::Array(values) => listed(values.iter().map(literal), ", "),
        Value::Object(inner) => listed(inner.values().map(literal), ", "),
        other => literal(other),
    };
    match operator.as_str() {
        "prefix" => format!("begins with {}", text()),
        "suffix" => format!("ends with {}", text()),
        "wildcard" => format!("is like {}", text()),
        "equals-ignore-case" => format!("is {} in any case", text()),
        "cidr" => format!("is in {}", text()),
        "exists" if *value == Value::Bool(false) => "is missing".to_owned(),
        "exists" => "is there".to_owned(),
        "numeric" => numeric(value),
        "anything-but" => match value.as_object().and_then(|inner| inner.keys().next()).map(String::as_str) {
            Some("prefix") => format!("does not begin with {}", text()),
            Some("suffix") => format!("does not end with {}", text()),
            Some("wildcard") => format!("is not like {}", text()),
            _ => format!("is not {}", text()),
        },
        other => format!("{other} {}", text()),
    }
}

/// `[">", 0, "<=", 5]`.
fn numeric(value: &Value) -> String {
    let parts: Vec<String> = value.as_array().into_iter().flatten().map(literal).collect();
    let pairs: Vec<String> = parts.chunks(2).map(|pair| pair.join(" ")).collect();
    pairs.join(" and ")
}

fn literal(value: &Value) -> String {
    let text = value.as_str().map_or_else(|| value.to_string(), str::to_owned);
    match text.char_indices().nth(MAX_TEXT) {
        Some((end, _)) => format!("{}…", &text[..end]),
        None if text.is_empty() => "nothing".to_owned(),
        None => text,
    }
}

fn listed(values: impl Iterator<Item = String>, separator: &str) -> String {
    let mut values: Vec<String> = values.collect();
    if values.len() > MAX_VALUES {
        let more = values.len() - (MAX_VALUES - 1);
        values.truncate(MAX_VALUES - 1);
        values.push(format!("{more} more"));
    }
    values.join(separator)
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn patterns_are_said_in_words() {
        let called = |name: &str| if name == "b" { "FilesBucket".to_owned() } else { name.to_owned() };
        for (written, expected) in [
            (
                json!({"source": ["aws.s3"], "detail-type": ["Object Created", "Object Deleted"],
                       "detail": {"bucket": {"name": ["b"]}}}),
                "Object Created or Object Deleted; in FilesBucket",
            ),
            (
                json!({"detail": {"object": {"key": [{"prefix": "in/"}, {"suffix": ".jpg"}], "size": [{"numeric": [">", 0, "<=", 5]}]}}}),
                "key begins with in/ or ends with .jpg; size > 0 and <= 5",
            ),
            (
                json!({"source": ["my.app"], "detail": {"state": [{"anything-but": ["ok", "fine"]}], "x": [{"exists": false}]}}),
                "from my.app; state is not ok, fine; x is missing",
            ),
            (
                json!({"detail": {"$or": [{"a": [1]}, {"b": [{"anything-but": {"prefix": "z"}}]}]}}),
                "a is 1, or b does not begin with z",
            ),
            (json!({"detail": {"n": [1, 2, 3, 4, 5, 6, 7]}}), "n is 1 or is 2 or is 3 or is 4 or 3 more"),
            (json!([]), ""),
        ] {
            assert_eq!(pattern(&written, &called).join("; "), expected, "{written}");
        }
    }
}
