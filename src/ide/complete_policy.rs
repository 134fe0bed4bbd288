//! What may be typed in the policies of a role.

use std::collections::BTreeSet;

use crate::aws::policy;
use crate::loaded::LoadedStack;
use crate::permissions::{permissions, policy_parameters, policy_templates};

use super::proposals::{CompletionKind, Proposals};

/// What the stack's machines need.
pub(super) fn actions(stack: &LoadedStack, found: &mut Proposals) {
    let needs: BTreeSet<(String, String)> = permissions(stack)
        .into_iter()
        .flat_map(|machine| machine.needs)
        .map(|need| {
            let states: Vec<&str> = need.states.iter().map(|(state, _)| state.as_str()).collect();
            (need.action, if states.is_empty() { String::new() } else { format!("for {}", states.join(", ")) })
        })
        .collect();
    needs.into_iter().for_each(|(action, detail)| found.text(&action, CompletionKind::Value, detail));
}

/// The parts of a statement, and SAM's policy templates in their place.
pub(super) fn statement(stack: &LoadedStack, path: &[&str], found: &mut Proposals) {
    match path {
        [.., "Statement"] | [.., "Statement", _] if found.cursor.on_key => {
            policy::ELEMENTS.iter().for_each(|name| found.key(name, ""));
        }
        [.., "Effect"] if found.takes_value() => {
            policy::EFFECTS.iter().for_each(|value| found.text(value, CompletionKind::Value, ""));
        }
        [.., "Resource" | "NotResource"] | [.., "Resource" | "NotResource", _]
            if path.contains(&"Statement") && found.takes_value() =>
        {
            resources(stack, found);
        }
        ["Policies"] | ["Policies", _] if found.cursor.on_key => {
            found.key("Statement", "");
            policy_templates().for_each(|name| found.key(name, "SAM policy template"));
        }
        ["Policies", _, template] if found.cursor.on_key => {
            policy_parameters(template).into_iter().flatten().for_each(|name| found.key(name, "required"));
        }
        _ => {}
    }
}

/// The ARNs of what the template declares and workflows use.
fn resources(stack: &LoadedStack, found: &mut Proposals) {
    if found.cursor.quoted || found.cursor.tag.is_some() {
        return;
    }
    let buckets = stack.buckets.iter().map(|bucket| bucket.resource.logical_id.as_str());
    let tables = stack.tables.iter().map(|table| table.logical_id.as_str());
    let others = [&stack.queues, &stack.functions].into_iter().flatten().map(|one| one.logical_id.as_str());
    for id in tables.chain(others).chain(buckets) {
        let insert = match found.cursor.json {
            true => format!("{{\"Fn::GetAtt\": [\"{id}\", \"Arn\"]}}"),
            false => format!("!GetAtt {id}.Arn"),
        };
        found.raw(&format!("{id}.Arn"), "its ARN", insert);
    }
    for bucket in &stack.buckets {
        let text = format!("${{{}.Arn}}/*", bucket.resource.logical_id);
        let insert = match found.cursor.json {
            true => format!("{{\"Fn::Sub\": \"{text}\"}}"),
            false => format!("!Sub \"{text}\""),
        };
        found.raw(&text, "its objects", insert);
    }
    for topic in &stack.topics {
        let id = &topic.logical_id;
        let insert = if found.cursor.json { format!("{{\"Ref\": \"{id}\"}}") } else { format!("!Ref {id}") };
        found.raw(id, "its ARN", insert);
    }
}
