//! What a rule needs to reach its targets: a role for a state machine, the policy of the queue for what it cannot deliver.

use crate::aws::ResourceType;
use crate::aws::{needs, principal::EVENT_BRIDGE};
use crate::loaded::{Call, LoadedRule, LoadedStack, LoadedTemplate, Place, RuleTarget, references};
use crate::outline::task::entry;
use crate::source::Node;

use super::granted::Granted;
use super::trust;

/// Why a rule cannot start a state machine.
#[derive(Debug, Clone, PartialEq)]
pub enum Obstacle {
    /// The target has no `RoleArn`, without which EventBridge refuses it.
    NoRole,
    /// EventBridge may not take on the role; its logical id, and where its policy stands.
    NotTrusted(String, Place),
    /// The role does not allow it to start the state machine.
    NotAllowed(String),
}

/// What keeps a rule from starting a state machine, as far as the template says: `None` if nothing is known to.
pub fn obstacle(stack: &LoadedStack, rule: &LoadedRule, target: &RuleTarget) -> Option<Obstacle> {
    let template = stack.template.as_ref()?;
    let machine = stack.machines.iter().find(|m| m.logical_id.is_some() && m.logical_id == target.logical_id)?;
    let (_, node) = entry(&template.root, &target.place.pointer)?;
    let made_by_sam = !template.resources.contains_key(&rule.logical_id);
    let node = if made_by_sam { node.get("Properties") } else { Some(node) };
    let role = node.and_then(|node| node.get("RoleArn"));
    let Some(role) = role else {
        // SAM makes a role for its events.
        let known = node.is_none_or(|node| Call::of(node).is_none());
        return (known && !made_by_sam).then_some(Obstacle::NoRole);
    };
    let role = role_of(template, role)?;
    if let Some(place) = trust::refuses(template, &role, EVENT_BRIDGE) {
        return Some(Obstacle::NotTrusted(role, place));
    }
    let granted = Granted::of_role(template, &role)?;
    let allowed = granted.open || granted.allows(needs::TO_STATE_MACHINE, Some(&machine.arn));
    (!allowed).then_some(Obstacle::NotAllowed(role))
}

/// The role of the template that a value refers to.
pub(super) fn role_of(template: &LoadedTemplate, node: &Node) -> Option<String> {
    if Call::of(node).is_some_and(|call| !call.is_reference()) {
        return None;
    }
    let mut found = references(node).into_iter().map(|reference| reference.name);
    found.find(|name| template.resources.get(name).is_some_and(|role| role.resource_type == ResourceType::IamRole))
}

impl Obstacle {
    /// What is wrong, for a state machine of this name.
    pub fn message(&self, machine: &str) -> String {
        match self {
            Self::NoRole => {
                format!("the target has no `RoleArn`: EventBridge refuses a rule that starts `{machine}` without one")
            }
            Self::NotTrusted(role, _) => {
                format!("EventBridge cannot assume `{role}`: the rule never starts `{machine}`")
            }
            Self::NotAllowed(role) => {
                let action = needs::TO_STATE_MACHINE;
                format!("the role `{role}` does not allow `{action}` on `{machine}`: the rule never starts it")
            }
        }
    }
}
