//! What a state machine's own settings ask of its role.

use crate::loaded::{Call, LoadedMachine, LoadedStack, Place};
use crate::source::{Kind, Node};

/// Where a machine says that it logs; `None` if it does not, or that is known only when it is deployed.
pub(super) fn logs(stack: &LoadedStack, machine: &LoadedMachine) -> Option<Place> {
    setting(stack, machine, ["Logging", "LoggingConfiguration"], |logging| {
        let level = logging.get("Level").filter(|level| Call::of(level).is_none()).and_then(Node::as_str);
        let somewhere = logging.get("Destinations").is_some_and(|to| Call::of(to).is_none() && !to.items().is_empty());
        somewhere && level.is_some_and(|level| level != "OFF")
    })
}

/// Where a machine says that it is traced.
pub(super) fn traces(stack: &LoadedStack, machine: &LoadedMachine) -> Option<Place> {
    setting(stack, machine, ["Tracing", "TracingConfiguration"], |tracing| {
        let enabled = tracing.get("Enabled").filter(|node| Call::of(node).is_none());
        enabled.is_some_and(|node| node.kind == Kind::Bool(true) || node.as_str() == Some("true"))
    })
}

fn setting(
    stack: &LoadedStack,
    machine: &LoadedMachine,
    names: [&str; 2],
    is_on: impl Fn(&Node) -> bool,
) -> Option<Place> {
    let (template, id) = (stack.template.as_ref()?, machine.logical_id.as_deref()?);
    let properties = template.properties(id)?;
    let (name, node) = names.iter().find_map(|name| Some((name, properties.get(name)?)))?;
    (Call::of(node).is_none() && is_on(node)).then(|| template.place(id, &format!("/{name}"), node))
}
