//! The service calls of a definition.

use crate::aws::integration::{Call, CallFault};
use crate::aws::states::StateType;
use crate::loaded::{LoadedMachine, Substitution, placeholders, replace};
use crate::source::{BARE, Node, Pointer, tokens};

use super::{Language, Outline, StateView};

/// The longest resource that substitutions may make.
const MAX_RESOURCE: usize = 2048;

/// A Task that calls a service.
#[derive(Clone)]
pub(crate) struct ServiceTask<'a> {
    /// The call.
    pub(crate) call: Call,
    /// Its parameters: `Parameters` or `Arguments`. `None` where neither is given.
    pub(crate) parameters: Option<&'a Node>,
    /// Where they are, or would be, below the definition.
    pub(crate) pointer: Pointer,
}

impl<'a> ServiceTask<'a> {
    /// The call that a state makes, if it is a Task that makes one.
    pub(crate) fn of(state: &StateView<'a>, machine: &Outline<'a>) -> Option<Self> {
        let call = resource(state, machine)?.1.ok().flatten()?;
        let field = match state.language {
            Language::JsonPath => "Parameters",
            Language::Jsonata => "Arguments",
            // A substitution decides on the language: what is there is what it is for.
            Language::Unknown if state.get("Arguments").is_some() => "Arguments",
            Language::Unknown => "Parameters",
        };
        Some(Self { call, parameters: state.get(field), pointer: state.pointer_to(field) })
    }
}

/// The fields of a distributed Map that call S3.
pub(crate) const MAP_CALLS: [&str; 2] = ["ItemReader", "ResultWriter"];

impl<'a> ServiceTask<'a> {
    /// What a distributed Map reads its items from, or writes its results to.
    pub(crate) fn of_map(state: &StateView<'a>, machine: &Outline<'a>, field: &str) -> Option<Self> {
        let node = state.get(field).filter(|_| state.is(StateType::Map))?;
        let call = Call::of_map(&known_text(node.get("Resource")?, machine.machine)?)?;
        let of = if node.get("Arguments").is_some() { "Arguments" } else { "Parameters" };
        Some(Self { call, parameters: node.get(of), pointer: state.pointer_to(field).child(of) })
    }

    /// All calls of a state.
    pub(crate) fn all(state: &StateView<'a>, machine: &Outline<'a>) -> Vec<Self> {
        let of_map = MAP_CALLS.into_iter().filter_map(|field| Self::of_map(state, machine, field));
        Self::of(state, machine).into_iter().chain(of_map).collect()
    }
}

/// The `Resource` of a Task, and the call that it names. `None` if it isn't a Task, or what it names is not known yet.
pub(crate) fn resource<'a>(
    state: &StateView<'a>,
    machine: &Outline<'a>,
) -> Option<(&'a Node, Result<Option<Call>, CallFault>)> {
    if !state.is(StateType::Task) {
        return None;
    }
    let node = state.get("Resource")?;
    Some((node, Call::find(&known_text(node, machine.machine)?)))
}

/// A text with its substitutions made, if all of them are known.
pub(crate) fn known_text(node: &Node, machine: &LoadedMachine) -> Option<String> {
    let text = node.as_str()?;
    let known = |name: &str| machine.substitutions.get(name).filter(|s| s.value.is_string() || s.value.is_number());
    // A partition that is not known yet is one of a few, and none of them matters here.
    let open = |name: &str| known(name).is_none() && !name.ends_with("artition");
    if placeholders(text).any(|placeholder| open(placeholder.name)) {
        return None;
    }
    Some(replace(text, MAX_RESOURCE, |name| known(name).map(|found| plain(&found.value))))
}

fn plain(value: &serde_json::Value) -> String {
    value.as_str().map_or_else(|| value.to_string(), str::to_owned)
}

/// The substitution that is all of a text: `"${TableName}"`.
pub(crate) fn substitution<'a>(node: &Node, machine: &'a LoadedMachine) -> Option<&'a Substitution> {
    let text = node.as_str()?;
    if let Some(name) = text.strip_prefix("<<").and_then(|rest| rest.strip_suffix(">>")) {
        return meant(name, machine);
    }
    let only = placeholders(text).next().filter(|placeholder| placeholder.range == (0..text.len()))?;
    machine.substitutions.get(only.name)
}

/// What a `<<TABLE_NAME>>` was meant to be: nothing replaces it, and what else is wrong is not hidden by that.
fn meant<'a>(name: &str, machine: &'a LoadedMachine) -> Option<&'a Substitution> {
    let letters =
        |name: &str| name.chars().filter(char::is_ascii_alphanumeric).collect::<String>().to_ascii_lowercase();
    let wanted = letters(name);
    machine.substitutions.iter().find(|(name, _)| letters(name) == wanted).map(|(_, found)| found)
}

/// The table that a request names: the logical id of what a substitution leads to, or the text.
pub(crate) fn table_name(parameters: &Node, machine: &LoadedMachine) -> Option<String> {
    let node = match Given::of(parameters, "TableName") {
        Given::Literal(_, node) | Given::Open(node) => node,
        Given::Nothing => return None,
    };
    let found = substitution(node, machine).and_then(|found| found.logical_id.clone());
    found.or_else(|| node.as_str().map(str::to_owned))
}

/// Whether a value is only known at run time, or when the stack is deployed: a substitution, or JSONata.
pub(crate) fn is_open(node: &Node) -> bool {
    let text =
        |text: &str| text.contains("${") || (text.trim_start().starts_with("{%") && text.trim_end().ends_with("%}"));
    node.tag.as_deref() == Some(BARE) || node.as_str().is_some_and(text)
}

/// What a field of a request is.
#[derive(Debug, Clone, Copy)]
pub(crate) enum Given<'a> {
    /// Not there.
    Nothing,
    /// Known at run time only: a key in `.$`, JSONata, a substitution. The value.
    Open(&'a Node),
    /// A literal, in which parts may be open. The key and the value.
    Literal(&'a Node, &'a Node),
}

impl<'a> Given<'a> {
    /// The field of an object.
    pub(crate) fn of(object: &'a Node, name: &str) -> Self {
        for (key, value) in object.entries() {
            let Some(text) = key.as_str() else { continue };
            if text == name {
                return if is_open(value) { Self::Open(value) } else { Self::Literal(key, value) };
            }
            if text.strip_suffix(".$") == Some(name) {
                return Self::Open(value);
            }
        }
        Self::Nothing
    }

    /// The value, where it is written and not worked out.
    pub(crate) fn literal(self) -> Option<&'a Node> {
        match self {
            Self::Literal(_, value) => Some(value),
            _ => None,
        }
    }

    /// Whether it is there, in whatever form.
    pub(crate) fn is_there(self) -> bool {
        !matches!(self, Self::Nothing)
    }
}

/// The key and the value that a JSON Pointer leads to below a node; no key where the value is an element of a list, or the node itself.
pub(crate) fn entry<'a>(root: &'a Node, pointer: &str) -> Option<(Option<&'a Node>, &'a Node)> {
    let mut found = (None, root);
    for token in tokens(pointer) {
        let (_, node) = found;
        found = match node.entries().iter().find(|(key, _)| key.as_str() == Some(token.as_str())) {
            Some((key, value)) => (Some(key), value),
            None => (None, node.items().get(token.parse::<usize>().ok()?)?),
        };
    }
    Some(found)
}
