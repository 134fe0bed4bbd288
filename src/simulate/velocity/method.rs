//! The properties and methods of Java's strings, lists and maps that templates use.

use regex::Regex;
use serde_json::{Map, Value};

use super::text;

/// A property of a value.
pub(super) fn property(value: &Value, name: &str) -> Option<Value> {
    if let Some(found) = value.as_object().and_then(|fields| fields.get(name)) {
        return Some(found.clone());
    }
    match (name, value) {
        ("empty", Value::String(_) | Value::Array(_) | Value::Object(_)) => Some((length(value) == 0).into()),
        _ => None,
    }
}

/// An element of a list, or the entry of a map.
pub(super) fn element(value: &Value, index: &Value) -> Option<Value> {
    match value {
        Value::Array(items) => items.get(usize::try_from(index.as_i64()?).ok()?).cloned(),
        Value::Object(fields) => fields.get(&text(index)).cloned(),
        _ => None,
    }
}

/// A list or a map after a method that changes it, and the result of that; `None` for methods that change nothing.
pub(super) fn changed(value: &Value, name: &str, arguments: &[Value]) -> Option<(Value, Option<Value>)> {
    let mut value = value.clone();
    let result = match (&mut value, name, arguments) {
        (Value::Array(items), "add", [item]) => {
            items.push(item.clone());
            Some(true.into())
        }
        (Value::Array(items), "addAll", [Value::Array(more)]) => {
            items.extend(more.iter().cloned());
            Some(true.into())
        }
        (Value::Object(fields), "put", [key, item]) => fields.insert(text(key), item.clone()),
        (Value::Object(fields), "putAll", [Value::Object(more)]) => {
            fields.extend(more.clone());
            None
        }
        (Value::Object(fields), "remove", [key]) => fields.remove(&text(key)),
        _ => return None,
    };
    Some((value, result))
}

/// The result of a method.
pub(super) fn call(value: &Value, name: &str, arguments: &[Value]) -> Result<Option<Value>, String> {
    let unknown = || {
        let kind = match value {
            Value::String(_) => "a string",
            Value::Array(_) => "a list",
            Value::Object(_) => "a map",
            Value::Number(_) => "a number",
            Value::Bool(_) => "a boolean",
            Value::Null => "null",
        };
        let count = arguments.len();
        format!(
            "the method `{name}` of {kind} with {count} argument{} is not supported here",
            if count == 1 { "" } else { "s" }
        )
    };
    if let ("toString", []) = (name, arguments) {
        return Ok(Some(text(value).into()));
    }
    if let ("equals", [other]) = (name, arguments) {
        return Ok(Some((value == other).into()));
    }
    let found = match value {
        Value::String(text) => of_string(text, name, arguments)?,
        Value::Array(items) => of_list(items, name, arguments)?,
        Value::Object(fields) => of_map(fields, name, arguments),
        _ => None,
    };
    found.ok_or_else(unknown)
}

/// What a method returns; the outer `None` for one that is not known.
type Returned = Option<Option<Value>>;

fn returns(value: impl Into<Value>) -> Returned {
    Some(Some(value.into()))
}

fn of_string(string: &str, name: &str, arguments: &[Value]) -> Result<Returned, String> {
    let texts: Vec<String> = arguments.iter().map(text).collect();
    let texts: Vec<&str> = texts.iter().map(String::as_str).collect();
    Ok(match (name, texts.as_slice()) {
        ("length" | "size", []) => returns(string.encode_utf16().count()),
        ("isEmpty", []) => returns(string.is_empty()),
        ("trim", []) => returns(string.trim()),
        ("toLowerCase", []) => returns(string.to_lowercase()),
        ("toUpperCase", []) => returns(string.to_uppercase()),
        ("contains", [part]) => returns(string.contains(part)),
        ("startsWith", [part]) => returns(string.starts_with(part)),
        ("endsWith", [part]) => returns(string.ends_with(part)),
        ("equalsIgnoreCase", [other]) => returns(string.to_lowercase() == other.to_lowercase()),
        ("concat", [other]) => returns(format!("{string}{other}")),
        ("indexOf", [part]) => returns(position(string, string.find(part))),
        ("lastIndexOf", [part]) => returns(position(string, string.rfind(part))),
        ("matches", [pattern]) => returns(regex(&format!("^(?:{pattern})$"))?.is_match(string)),
        ("split", [pattern]) => {
            let mut parts: Vec<&str> = regex(pattern)?.split(string).collect();
            // Java leaves out what is empty at the end.
            while parts.len() > 1 && parts.last().is_some_and(|part| part.is_empty()) {
                parts.pop();
            }
            returns(parts)
        }
        ("replace", [from, to]) => returns(bounded(string, to)?.replace(from, to)),
        ("replaceAll", [pattern, to]) => {
            returns(regex(pattern)?.replace_all(bounded(string, to)?, replacement(to).as_str()).into_owned())
        }
        ("replaceFirst", [pattern, to]) => {
            returns(regex(pattern)?.replace(string, replacement(to).as_str()).into_owned())
        }
        ("substring", _) => substring(string, arguments)?,
        ("charAt", [_]) => {
            let at = arguments.first().and_then(Value::as_i64).unwrap_or(-1);
            substring(string, &[at.into(), at.saturating_add(1).into()])?
        }
        _ => None,
    })
}

/// A text in which something is replaced, if the result cannot become too long.
fn bounded<'t>(string: &'t str, to: &str) -> Result<&'t str, String> {
    const LONGEST: usize = 10 << 20;
    match string.len().saturating_add(1).saturating_mul(to.len().max(1)) > LONGEST {
        true => Err("the text becomes longer than the 10 MB that API Gateway accepts".to_owned()),
        false => Ok(string),
    }
}

/// A position in Java's characters; -1 for none.
fn position(string: &str, at: Option<usize>) -> i64 {
    let before = at.and_then(|at| string.get(..at)).map(|before| before.encode_utf16().count());
    before.and_then(|count| i64::try_from(count).ok()).unwrap_or(-1)
}

fn substring(string: &str, arguments: &[Value]) -> Result<Returned, String> {
    let units: Vec<u16> = string.encode_utf16().collect();
    let number = |value: &Value| value.as_i64().and_then(|number| usize::try_from(number).ok());
    let range = match arguments {
        [from] => number(from).map(|from| from..units.len()),
        [from, to] => number(from).zip(number(to)).map(|(from, to)| from..to),
        _ => return Ok(None),
    };
    let part = range.and_then(|range| units.get(range));
    let part = part.ok_or_else(|| {
        let given: Vec<String> = arguments.iter().map(text).collect();
        format!("`substring({})` is outside the {} characters of the text", given.join(", "), units.len())
    })?;
    Ok(returns(String::from_utf16_lossy(part)))
}

/// A pattern of Java, as far as the syntax is the same here.
fn regex(pattern: &str) -> Result<Regex, String> {
    Regex::new(pattern).map_err(|_| format!("the pattern `{pattern}` is not supported here"))
}

/// What Java puts in for a match, as it is written here: a backslash before a character is the character, `$1` is a group.
fn replacement(java: &str) -> String {
    let (mut out, mut letters) = (String::new(), java.chars().peekable());
    while let Some(letter) = letters.next() {
        match letter {
            '\\' => match letters.next() {
                Some('$') => out.push_str("$$"),
                other => out.extend(other),
            },
            '$' if letters.peek().is_some_and(char::is_ascii_digit) => {
                out.push_str("${");
                out.extend(letters.next());
                out.push('}');
            }
            '$' => out.push_str("$$"),
            other => out.push(other),
        }
    }
    out
}

fn of_list(items: &[Value], name: &str, arguments: &[Value]) -> Result<Returned, String> {
    Ok(match (name, arguments) {
        ("size", []) => returns(items.len()),
        ("isEmpty", []) => returns(items.is_empty()),
        ("contains", [item]) => returns(items.contains(item)),
        ("get", [index]) => match element(&Value::Array(items.to_vec()), index) {
            Some(found) => Some(Some(found)),
            None => return Err(format!("`get({})` is outside the {} elements of the list", text(index), items.len())),
        },
        _ => None,
    })
}

fn of_map(fields: &Map<String, Value>, name: &str, arguments: &[Value]) -> Returned {
    match (name, arguments) {
        ("size", []) => returns(fields.len()),
        ("isEmpty", []) => returns(fields.is_empty()),
        ("keySet", []) => returns(fields.keys().cloned().collect::<Vec<_>>()),
        ("values", []) => returns(fields.values().cloned().collect::<Vec<_>>()),
        ("entrySet", []) => {
            let entry = |(key, value): (&String, &Value)| serde_json::json!({"key": key, "value": value});
            returns(fields.iter().map(entry).collect::<Vec<_>>())
        }
        ("getKey", []) => Some(fields.get("key").cloned()),
        ("getValue", []) => Some(fields.get("value").cloned()),
        ("containsKey", [key]) => returns(fields.contains_key(&text(key))),
        ("get", [key]) => Some(fields.get(&text(key)).cloned()),
        ("getOrDefault", [key, other]) => returns(fields.get(&text(key)).unwrap_or(other).clone()),
        _ => None,
    }
}

fn length(value: &Value) -> usize {
    match value {
        Value::String(text) => text.len(),
        Value::Array(items) => items.len(),
        Value::Object(fields) => fields.len(),
        _ => 0,
    }
}
