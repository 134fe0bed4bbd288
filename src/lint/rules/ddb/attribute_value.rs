use super::request::Request;
use crate::dynamodb::grammar::ValueType;
use crate::lint::rule::rule;
use crate::lint::task::{Given, is_open};
use crate::lint::{Findings, MachineView, StateView};
use crate::loaded::below;
use crate::source::{Kind, Node};

rule! {
    /// Invalid attribute value
    ///
    /// # What it does
    /// Checks literal values in items, keys and expressions: each has exactly one type, an `N` is a valid number, a set is not
    /// empty and has no duplicates, `NULL` is `true`, and a key is not empty.
    ///
    /// Source: [AttributeValue](https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_AttributeValue.html).
    ///
    /// # Why is this bad
    /// DynamoDB refuses every call with a `ValidationException`.
    ///
    /// # Example
    /// ```json
    /// "size": { "N": "5 MB" }
    /// ```
    ///
    /// # Use instead
    /// ```json
    /// "size": { "N": "5242880" }
    /// ```
    pub(super) static RULE: "DDB310", "attribute-value", Error = State(check);
}

/// How deep lists and maps may be nested in an item.
const MAX_DEPTH: usize = 32;

fn check(state: &StateView<'_>, machine: &MachineView<'_>, findings: &mut Findings<'_>) {
    for request in Request::all(state, machine) {
        for field in ["Item", "Key", "ExpressionAttributeValues", "ExclusiveStartKey"] {
            let Some(node) = request.given(field).literal() else { continue };
            let pointer = below(&request.pointer, field);
            for (key, value) in node.entries() {
                let Some(name) = key.as_str().filter(|name| !name.ends_with(".$")) else { continue };
                let empty_key =
                    field == "Key" && matches!(Given::of(value, "S").literal().and_then(Node::as_str), Some(""));
                if empty_key {
                    let message = format!("the key attribute `{name}` is an empty string: DynamoDB refuses each call");
                    findings.add(machine.place(&below(&pointer, name), value), message);
                }
                look(machine, value, &below(&pointer, name), 0, findings);
            }
        }
    }
}

/// Looks at a value and at those within it.
fn look(machine: &MachineView<'_>, value: &Node, pointer: &str, depth: usize, findings: &mut Findings<'_>) {
    if is_open(value) || depth > MAX_DEPTH || !matches!(value.kind, Kind::Mapping(_)) {
        return;
    }
    let types: Vec<_> = value
        .entries()
        .iter()
        .filter_map(|(key, inner)| {
            let text = key.as_str()?;
            let name = text.strip_suffix(".$").unwrap_or(text);
            Some((ValueType::parse(name)?, text, inner))
        })
        .collect();
    // Other fields than types are for the rule of unknown parameters to speak of.
    let [(kind, key, inner)] = types.as_slice() else {
        if types.len() == value.entries().len() {
            let message = match types.as_slice() {
                [] => "an attribute value without a type: DynamoDB refuses each call".to_owned(),
                _ => {
                    let names: Vec<&str> = types.iter().map(|(kind, ..)| kind.as_str()).collect();
                    format!(
                        "an attribute value has exactly one type, but this one has {}: DynamoDB refuses each call",
                        names.join(" and ")
                    )
                }
            };
            findings.add(machine.place(pointer, value), message);
        }
        return;
    };
    if key.ends_with(".$") || is_open(inner) {
        return;
    }
    let pointer = below(pointer, key);
    if let Some(message) = wrong(*kind, inner) {
        findings.add(machine.place(&pointer, inner), format!("{message}: DynamoDB refuses each call"));
    }
    match kind {
        ValueType::M => {
            for (key, value) in inner.entries() {
                let Some(name) = key.as_str().filter(|name| !name.ends_with(".$")) else { continue };
                look(machine, value, &below(&pointer, name), depth + 1, findings);
            }
        }
        ValueType::L => {
            for (at, value) in inner.items().iter().enumerate() {
                look(machine, value, &format!("{pointer}/{at}"), depth + 1, findings);
            }
        }
        _ => {}
    }
}

/// What is wrong with a literal of a type, if it is of the right JSON type.
fn wrong(kind: ValueType, value: &Node) -> Option<String> {
    match (kind, &value.kind) {
        (ValueType::N, Kind::String(text)) => number(text),
        (ValueType::Null, Kind::Bool(false)) => Some("the value of `NULL` must be `true`".to_owned()),
        (_, Kind::Sequence(items)) if kind.is_set() => set(kind, items),
        _ => None,
    }
}

fn number(text: &str) -> Option<String> {
    let digits = text.bytes().filter(u8::is_ascii_digit).count();
    let signs = text.bytes().all(|byte| byte.is_ascii_digit() || matches!(byte, b'+' | b'-' | b'.' | b'e' | b'E'));
    let known = signs && digits > 0 && text.parse::<f64>().is_ok();
    // What begins as a path does is spoken of by another rule.
    (!known && !text.starts_with('$'))
        .then(|| format!("`{}` is not a number", text.chars().take(60).collect::<String>()))
}

fn set(kind: ValueType, items: &[Node]) -> Option<String> {
    if items.is_empty() {
        return Some("a set must have at least one element".to_owned());
    }
    let texts: Vec<&str> = items.iter().filter(|item| !is_open(item)).filter_map(Node::as_str).collect();
    let numbers = if kind == ValueType::Ns { texts.as_slice() } else { &[] };
    if let Some(message) = numbers.iter().find_map(|text| number(text)) {
        return Some(message);
    }
    let mut sorted = texts.clone();
    sorted.sort_unstable();
    let twice = sorted.windows(2).find(|pair| pair[0] == pair[1]);
    twice.map(|pair| format!("a set contains `{}` twice", pair[0].chars().take(60).collect::<String>()))
}
