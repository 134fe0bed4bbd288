//! The paths and intrinsic functions of a state, each parsed.

use super::templates::{leaves, templates};
use crate::asl::{Intrinsic, IntrinsicError, JsonPath, JsonPathError, Operand, Root};
use crate::lint::schema::choice_rules;
use crate::lint::view::unknown;
use crate::lint::{Language, StateView};
use crate::source::Node;

/// A value that is read as a path or intrinsic function.
pub(super) struct Read<'a> {
    /// The field that it stands in, without `.$`.
    pub(super) field: &'a str,
    /// The text.
    pub(super) text: &'a str,
    pub(super) node: &'a Node,
    pub(super) pointer: String,
    pub(super) value: Result<Reading, Unreadable>,
    /// Whether it stands in a payload template.
    pub(super) template: bool,
    /// Whether what it leads to may be missing: a choice rule that asks just that.
    pub(super) asked: bool,
}

/// A path or an intrinsic function.
pub(super) enum Reading {
    Path(JsonPath),
    Intrinsic(Intrinsic),
}

/// Why a text is neither.
pub(super) enum Unreadable {
    Path(JsonPathError),
    Intrinsic(IntrinsicError),
    Neither,
}

/// The fields of states that take a path.
const FIELDS: [&str; 15] = [
    "InputPath",
    "OutputPath",
    "ResultPath",
    "ItemsPath",
    "SecondsPath",
    "TimestampPath",
    "TimeoutSecondsPath",
    "HeartbeatSecondsPath",
    "ErrorPath",
    "CausePath",
    "MaxConcurrencyPath",
    "ToleratedFailureCountPath",
    "ToleratedFailurePercentagePath",
    "MaxItemsPerBatchPath",
    "MaxInputBytesPerBatchPath",
];

/// Every path and intrinsic function of a state that reads with JSONPath. Texts with substitutions are left out.
pub(super) fn reads<'a>(state: &StateView<'a>) -> Vec<Read<'a>> {
    let mut reads = Vec::new();
    if state.language != Language::JsonPath {
        return reads;
    }
    let objects = [(state.node, state.pointer.clone())];
    let batcher = state.get("ItemBatcher").map(|node| (node, state.pointer_to("ItemBatcher")));
    for (node, pointer) in objects.into_iter().chain(batcher) {
        for (key, value) in node.entries() {
            if let Some(field) = key.as_str().filter(|name| FIELDS.contains(name)) {
                push(&mut reads, field, value, format!("{pointer}/{field}"), false);
            }
        }
    }
    if let Some(value) = state.get("ItemReader").and_then(|reader| reader.get("ReaderConfig")?.get("MaxItemsPath")) {
        push(
            &mut reads,
            "MaxItemsPath",
            value,
            format!("{}/ReaderConfig/MaxItemsPath", state.pointer_to("ItemReader")),
            false,
        );
    }
    for (at, catcher) in state.get("Catch").map_or(&[][..], Node::items).iter().enumerate() {
        if let Some(value) = catcher.get("ResultPath") {
            push(&mut reads, "ResultPath", value, format!("{}/{at}/ResultPath", state.pointer_to("Catch")), false);
        }
    }
    for (at, rule) in state.get("Choices").map_or(&[][..], Node::items).iter().enumerate() {
        choice_rules(rule, &state.pointer_to("Choices").index(at), 0, &mut |rule, pointer, _| {
            for (key, value) in rule.entries() {
                if let Some(name) = key.as_str().filter(|name| *name == "Variable" || name.ends_with("Path")) {
                    push(&mut reads, name, value, format!("{pointer}/{name}"), false);
                    if let Some(read) = reads.last_mut() {
                        read.asked = rule.get("IsPresent").is_some();
                    }
                }
            }
        });
    }
    templates(state, |_, node, pointer| {
        leaves(node, pointer, &mut |key, value, pointer| {
            if let Some(field) = key.and_then(Node::as_str).and_then(|name| name.strip_suffix(".$")) {
                push(&mut reads, field, value, pointer.to_owned(), true);
            }
        });
    });
    reads
}

fn push<'a>(reads: &mut Vec<Read<'a>>, field: &'a str, node: &'a Node, pointer: String, template: bool) {
    let Some(text) = node.as_str().filter(|_| !unknown(node)) else { return };
    reads.push(Read { field, text, node, pointer, value: parse(text), template, asked: false });
}

fn parse(text: &str) -> Result<Reading, Unreadable> {
    let trimmed = text.trim();
    if trimmed.starts_with('$') {
        return JsonPath::parse(text).map(Reading::Path).map_err(Unreadable::Path);
    }
    if trimmed.starts_with("States.") {
        return Intrinsic::parse(text).map(Reading::Intrinsic).map_err(Unreadable::Intrinsic);
    }
    Err(Unreadable::Neither)
}

impl Read<'_> {
    /// The paths in it: itself, or those among the arguments of functions.
    pub(super) fn paths(&self) -> Vec<&JsonPath> {
        match &self.value {
            Ok(Reading::Path(path)) => vec![path],
            Ok(Reading::Intrinsic(call)) => {
                let mut paths = Vec::new();
                arguments(call, &mut paths);
                paths
            }
            Err(_) => Vec::new(),
        }
    }
}

fn arguments<'a>(call: &'a Intrinsic, paths: &mut Vec<&'a JsonPath>) {
    for operand in call.arguments() {
        match operand {
            Operand::Path(path) => paths.push(path),
            Operand::Call(call) => arguments(call, paths),
            Operand::Literal(_) | Operand::Template(_) => {}
        }
    }
}

/// Whether a path reads the context object.
pub(super) fn of_context(path: &JsonPath) -> bool {
    *path.root() == Root::Context
}
