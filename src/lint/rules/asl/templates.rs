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
        let parts = matches!(name, "Catch" | "Choices" | "Retry" | "ItemReader" | "ItemBatcher" | "ResultWriter");
        scalars(value, &state.pointer_to(name), parts, &mut |_, node, pointer| each(name, node, pointer));
    }
}

/// Every value below a node that is no list or object, with its key and its pointer.
pub(super) fn leaves<'a>(node: &'a Node, pointer: &str, each: &mut impl FnMut(Option<&'a Node>, &'a Node, &str)) {
    scalars(node, pointer, false, each);
}

fn scalars<'a>(node: &'a Node, pointer: &str, parts: bool, each: &mut impl FnMut(Option<&'a Node>, &'a Node, &str)) {
    node.visit(pointer, |visit| {
        if parts && LITERAL.contains(&visit.name()) {
            return false;
        }
        if !matches!(visit.node.kind, Kind::Sequence(_) | Kind::Mapping(_)) {
            each(visit.key, visit.node, visit.pointer);
        }
        true
    });
}

/// A text that is put between `{%` and `%}`, if it is.
pub(super) fn expression(text: &str) -> Option<&str> {
    text.strip_prefix("{%")?.strip_suffix("%}")
}
