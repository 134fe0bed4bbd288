//! The `Policies` of functions and state machines.

use super::{Judge, given};
use crate::lint::near::nearest;
use crate::loaded::{Call, below};
use crate::permissions::{policy_parameters, policy_templates};
use crate::source::{Kind, Node};

impl Judge<'_, '_, '_> {
    /// A policy is a name, a document with statements, or one of SAM's templates with its parameters.
    pub(super) fn policies(&mut self, properties: &Node) {
        let Some(policies) = given(properties, "Policies").filter(|policies| Call::of(policies).is_none()) else {
            return;
        };
        match &policies.kind {
            Kind::Sequence(items) => {
                for (at, item) in items.iter().enumerate() {
                    self.policy(item, &format!("/Policies/{at}"));
                }
            }
            _ => self.policy(policies, "/Policies"),
        }
    }

    fn policy(&mut self, policy: &Node, pointer: &str) {
        let entries = policy.entries();
        if Call::of(policy).is_some() || entries.is_empty() || policy.get("Statement").is_some() {
            return;
        }
        let [(key, parameters)] = entries else {
            let message = "a policy has a `Statement`, or is one of SAM's policy templates by itself";
            return self.at(pointer, policy, message);
        };
        let Some(name) = key.as_str().filter(|name| !name.contains("::")) else { return };
        let Some(needed) = policy_parameters(name) else {
            let near = nearest(name, policy_templates()).map(|near| format!(": did you mean `{near}`?"));
            let shown: String = name.chars().take(80).collect();
            return self.at(
                pointer,
                key,
                &format!("there is no policy template `{shown}`{}", near.unwrap_or_default()),
            );
        };
        if Call::of(parameters).is_some() {
            return;
        }
        let pointer = format!("{pointer}{}", below("", name));
        let is_mapping = matches!(parameters.kind, Kind::Mapping(_) | Kind::Null);
        let missing: Vec<String> =
            needed.filter(|name| parameters.get(name).is_none()).map(|name| format!("`{name}`")).collect();
        if !is_mapping || !missing.is_empty() {
            self.at(&pointer, parameters, &format!("`{name}` needs {}", missing.join(" and ")));
        }
    }
}
