use std::collections::HashSet;

use crate::lint::rule::rule;
use crate::lint::{Findings, MachineView};
use crate::loaded::Place;
use crate::permissions::Needs;
use crate::permissions::glob;
use crate::permissions::{Allowed, Granted, Origin};

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
            Origin::Statement => actions(statement, &needs, findings),
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
fn actions(statement: &Allowed, needs: &Needs, findings: &mut Findings<'_>) {
    for (action, place) in &statement.actions {
        let service = action.split(':').next().unwrap_or_default();
        let plain = PLAIN.contains(&service) && !action.contains(['*', '?']);
        if plain && !needs.has(|needed| glob::covers(action, needed)) {
            let message = format!("nothing in the workflow needs `{action}`");
            findings.add(place.clone(), message).help("remove it");
        }
    }
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
