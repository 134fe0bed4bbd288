use std::collections::HashSet;

use crate::lint::rule::rule;
use crate::lint::{Findings, MachineView};
use crate::loaded::Place;
use crate::permissions::Needs;
use crate::permissions::glob;
use crate::permissions::{Allowed, Granted, Origin};
use crate::source::tokens;

use super::grants;
use crate::aws::grants::is_part_for_stream;

rule! {
    /// Unused permission
    ///
    /// # What it does
    /// Reports actions, and whole policies, that nothing in the workflow needs, in roles that only this state machine uses.
    ///
    /// Source: [least privilege](https://docs.aws.amazon.com/IAM/latest/UserGuide/best-practices.html#grant-least-privilege).
    ///
    /// # Why is this bad
    /// Anyone who obtains the role's credentials, or changes the definition, has these permissions too. And a policy for logs
    /// suggests that logs are written.
    ///
    /// # Example
    /// ```yaml
    /// Policies:
    ///   - CloudWatchLogsFullAccess   # and there is no `Logging`
    /// ```
    ///
    /// # Use instead
    /// ```yaml
    /// Policies: []
    /// ```
    pub(super) static RULE: "IAM602", "unused-permission", Warning = Machine(check);
}

/// The services whose actions are needed by calls of the same name, and by nothing else.
const PLAIN: [&str; 5] = ["dynamodb", "lambda", "sns", "sqs", "states"];

fn check(machine: &MachineView<'_>, findings: &mut Findings<'_>) {
    let Some(granted) = Granted::of(machine).filter(|granted| granted.alone) else { return };
    let needs = Needs::of(machine);
    if needs.open || machine.states.is_empty() {
        return;
    }
    let mut policies = HashSet::new();
    for statement in &granted.statements {
        match &statement.origin {
            Origin::Statement => actions(statement, machine, &needs, findings),
            Origin::Sam(name) => {
                let Some((_, place)) = statement.actions.first() else { continue };
                if policies.insert((place.pointer.clone(), place.span.start)) {
                    let whole =
                        granted.statements.iter().filter(|other| other.actions.first().map(|(_, p)| p) == Some(place));
                    let whole: Vec<&str> =
                        whole.flat_map(|s| s.actions.iter().map(|(action, _)| action.as_str())).collect();
                    policy(name, &whole, place, machine, &needs, findings);
                }
            }
            Origin::Managed(name) => {
                let Some((_, place)) = statement.actions.first() else { continue };
                let whole: Vec<&str> = statement.actions.iter().map(|(action, _)| action.as_str()).collect();
                policy(name, &whole, place, machine, &needs, findings);
            }
        }
    }
}

/// The actions of a statement.
fn actions(statement: &Allowed, machine: &MachineView<'_>, needs: &Needs, findings: &mut Findings<'_>) {
    let needed = |action: &str| needs.has(|needed| glob::covers(action, needed));
    let grants = match statement.actions.first() {
        Some((_, place)) if is_construct(machine, place) => {
            let actions: Vec<&str> = statement.actions.iter().map(|(action, _)| action.as_str()).collect();
            if is_part_for_stream(&actions) {
                return;
            }
            grants::written(&actions, needed)
        }
        _ => Vec::new(),
    };
    for written in &grants {
        let is_its = |(action, _): &&(String, Place)| written.grant.allows(action) && !needed(action);
        let Some((_, place)) = statement.actions.iter().find(is_its) else { continue };
        let name = written.grant.name;
        match written.enough {
            Some(enough) => {
                let message = format!("the workflow needs less than `{name}` allows");
                findings.add(place.clone(), message).help(format!("`{}` is enough", enough.name));
            }
            None if !written.needed => {
                findings.add(place.clone(), format!("nothing in the workflow needs `{name}`")).help("remove it");
            }
            // There is no smaller one.
            None => {}
        }
    }
    let granted = |action: &str| grants.iter().any(|written| written.grant.allows(action));
    for (action, place) in statement.actions.iter().filter(|(action, _)| !granted(action)) {
        let service = action.split(':').next().unwrap_or_default();
        let plain = PLAIN.contains(&service) && !action.contains(['*', '?']);
        if plain && !needed(action) {
            let message = format!("nothing in the workflow needs `{action}`");
            findings.add(place.clone(), message).help("remove it");
        }
    }
}

/// Whether a construct of the CDK's wrote what is at a place.
fn is_construct(machine: &MachineView<'_>, place: &Place) -> bool {
    let id = tokens(&place.pointer).nth(1).unwrap_or_default();
    let body = machine.stack.template.as_ref().and_then(|template| template.section("Resources", &id));
    body.and_then(|body| body.get("Metadata")?.get("aws:cdk:path")).is_some()
}

/// A policy that is given by its name.
fn policy(
    name: &str,
    actions: &[&str],
    place: &Place,
    machine: &MachineView<'_>,
    needs: &Needs,
    findings: &mut Findings<'_>,
) {
    let used = actions
        .iter()
        .any(|action| needs.has(|needed| glob::covers(action, needed)) || indirect(action, machine, needs));
    if !used {
        let message = format!("nothing in the workflow needs what `{name}` allows");
        let finding = findings.add(place.clone(), message);
        match actions.iter().all(|action| action.starts_with("logs:") || *action == "cloudwatch:GenerateQuery") {
            true => finding.help("remove it: a state machine without `Logging` writes no logs"),
            false => finding.help("remove it"),
        };
    }
}

/// Whether something other than a call of the workflow may need an action: logging, tracing, and services that read and write others
/// with the role of whoever calls them.
fn indirect(action: &str, machine: &MachineView<'_>, needs: &Needs) -> bool {
    let properties =
        machine.machine.logical_id.as_deref().and_then(|id| machine.stack.template.as_ref()?.properties(id));
    let has = |fields: &[&str]| {
        properties.is_some_and(|properties| fields.iter().any(|field| properties.get(field).is_some()))
    };
    match action.split(':').next().unwrap_or_default() {
        "logs" | "cloudwatch" => has(&["Logging", "LoggingConfiguration"]),
        "xray" => has(&["Tracing", "TracingConfiguration"]),
        // What else a role may be good for when it calls services that act in its name.
        "dynamodb" | "sqs" | "sns" | "lambda" | "states" => false,
        _ => needs.has(|needed| !PLAIN.contains(&needed.split(':').next().unwrap_or_default())),
    }
}
