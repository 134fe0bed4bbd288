//! Payload templates and expressions: which values of a state are read at run time.

use crate::lint::{Language, StateView};
use crate::loaded::below;
use crate::source::{Kind, Node};

/// The payload templates of a state that reads with JSONPath: the field, its value, its pointer.
pub(super) fn templates<'a>(state: &StateView<'a>, mut each: impl FnMut(&'static str, &'a Node, &str)) {
    if state.language != Language::JsonPath {
        return;
    }
    for field in ["Parameters", "ResultSelector", "ItemSelector", "Assign", "Credentials"] {
        if let Some(node) = state.get(field) {
            each(field, node, &state.pointer_to(field));
        }
    }
    for (object, field) in [("ItemReader", "Parameters"), ("ResultWriter", "Parameters"), ("ItemBatcher", "BatchInput")]
    {
        if let Some(node) = state.get(object).and_then(|node| node.get(field)) {
            each(field, node, &below(&state.pointer_to(object), field));
        }
    }
    for list in ["Catch", "Choices"] {
        for (at, item) in state.get(list).map_or(&[][..], Node::items).iter().enumerate() {
            if let Some(node) = item.get("Assign") {
                each("Assign", node, &format!("{}/{at}/Assign", state.pointer_to(list)));
            }
        }
    }
}

/// Fields that hold no expressions.
const LITERAL: [&str; 13] = [
    "Branches",
    "Iterator",
    "Comment",
    "Type",
    "Next",
    "Default",
    "Resource",
    "ErrorEquals",
    "QueryLanguage",
    "Label",
    "ProcessorConfig",
    "States",
    "StartAt",
];

/// Every text of a state that reads with JSONata and that may hold an expression; with the top field that it stands in, its
/// key, if it has one, and its pointer.
pub(super) fn texts<'a>(state: &StateView<'a>, each: &mut impl FnMut(&'a str, &'a Node, &str)) {
    if state.language != Language::Jsonata {
        return;
    }
    for (key, value) in state.node.entries() {
        let Some(name) = key.as_str().filter(|name| !LITERAL.contains(name) && *name != "ItemProcessor") else {
            continue;
        };
        let mut pointer = state.pointer_to(name).to_string();
        let parts = matches!(name, "Catch" | "Choices" | "Retry" | "ItemReader" | "ItemBatcher" | "ResultWriter");
        walk(value, &mut pointer, parts, &mut |_, node, pointer| each(name, node, pointer));
    }
}

/// Every value below a node that is no list or object, with its key and its pointer.
pub(super) fn leaves<'a>(node: &'a Node, pointer: &str, each: &mut impl FnMut(Option<&'a Node>, &'a Node, &str)) {
    walk(node, &mut pointer.to_owned(), false, each);
}

fn walk<'a>(
    node: &'a Node,
    pointer: &mut String,
    parts: bool,
    each: &mut impl FnMut(Option<&'a Node>, &'a Node, &str),
) {
    match &node.kind {
        Kind::Sequence(items) => {
            for (at, item) in items.iter().enumerate() {
                let length = pointer.len();
                pointer.push_str(&format!("/{at}"));
                walk(item, pointer, parts, each);
                pointer.truncate(length);
            }
        }
        Kind::Mapping(entries) => {
            for (key, value) in entries {
                let name = key.as_str().unwrap_or_default();
                if parts && LITERAL.contains(&name) {
                    continue;
                }
                let length = pointer.len();
                *pointer = below(pointer, name);
                match &value.kind {
                    Kind::Sequence(_) | Kind::Mapping(_) => walk(value, pointer, parts, each),
                    _ => each(Some(key), value, pointer),
                }
                pointer.truncate(length);
            }
        }
        _ => each(None, node, pointer),
    }
}

/// A text that is put between `{%` and `%}`, if it is.
pub(super) fn expression(text: &str) -> Option<&str> {
    text.strip_prefix("{%")?.strip_suffix("%}")
}
