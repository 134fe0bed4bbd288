//! What the tasks of state machines call, with the permissions that they need.

use crate::graph::EdgeKind;
use crate::loaded::LoadedStack;
use crate::permissions::{MachinePermissions, NeededPermission, Reason, Verdict};

use super::links::{End, Links};
use super::{kinds, machine_end};

/// The calls of every machine.
pub(super) fn calls(stack: &LoadedStack, known: &[MachinePermissions], links: &mut Links) {
    for machine in known {
        let Some(loaded) = stack.machines.get(machine.machine) else { continue };
        let from = machine_end(machine.machine, loaded);
        for need in machine.needs.iter().filter(|need| need.reason == Reason::Call) {
            if let Some(to) = target(stack, need) {
                links.add(from.clone(), to, EdgeKind::Call, [label(need)]);
            }
        }
    }
}

/// The action; and if the role is known not to allow it, that.
fn label(need: &NeededPermission) -> String {
    if matches!(need.verdict, Verdict::Missing(_)) {
        format!("{} (not allowed)", need.action)
    } else {
        need.action.clone()
    }
}

/// What an action is done to.
fn target(stack: &LoadedStack, need: &NeededPermission) -> Option<End> {
    let prefix = need.action.split(':').next().unwrap_or_default();
    let Some(arn) = &need.resource else {
        // The executions that a distributed Map starts are the machine's own.
        if prefix == "states" {
            return None;
        }
        let (kind, name) = kinds::service(prefix);
        return Some(End::Outside(kind, name));
    };
    let is = |own: &str| arn == own || arn.strip_prefix(own).is_some_and(|rest| rest.starts_with(['/', ':']));
    let table_arn = |name: &str| {
        use crate::loaded::stand_in::{ACCOUNT, REGION};
        format!("arn:aws:dynamodb:{REGION}:{ACCOUNT}:table/{name}")
    };
    let tables = stack.tables.iter().filter(|table| is(&table_arn(&table.name))).map(|table| &table.logical_id);
    let buckets = stack.buckets.iter().map(|bucket| &bucket.resource);
    let others = buckets.chain(&stack.queues).chain(&stack.topics).chain(&stack.functions);
    let others = others.filter(|resource| is(&resource.arn)).map(|resource| &resource.logical_id);
    let machines = stack.machines.iter().filter(|machine| is(&machine.arn)).filter_map(|m| m.logical_id.as_ref());
    let found = tables.chain(others).chain(machines).next().cloned();
    Some(found.map_or_else(|| super::outside(arn), End::Resource))
}
