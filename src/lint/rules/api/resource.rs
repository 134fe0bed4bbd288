use crate::aws::integration::{Call, CallFault};
use crate::aws::states::StateType;
use crate::diagnostic::Severity;
use crate::lint::rule::rule;
use crate::lint::task;
use crate::lint::{Findings, Fix, MachineView, StateView};

rule! {
    /// Unknown service call
    ///
    /// # What it does
    /// Checks that the service and the action in a Task's `Resource` exist, that they are spelled as Step Functions spells them for
    /// this kind of integration, and that the integration supports the suffix (`.sync`, `.waitForTaskToken`).
    ///
    /// Source: [the published models of the services, and AWS SDK integrations](https://docs.aws.amazon.com/step-functions/latest/dg/supported-services-awssdk.html).
    ///
    /// # Why is this bad
    /// Step Functions refuses the definition, and the deployment fails.
    ///
    /// # Example
    /// ```json
    /// "Resource": "arn:aws:states:::aws-sdk:dynamodb:Query"
    /// ```
    ///
    /// # Use instead
    /// ```json
    /// "Resource": "arn:aws:states:::aws-sdk:dynamodb:query"
    /// ```
    pub(super) static RULE: "API201", "unknown-call", Error = State(check);
}

/// What `ItemReader` and `ResultWriter` of a Map [call](https://docs.aws.amazon.com/step-functions/latest/dg/input-output-itemreader.html).
fn of_map(state: &StateView<'_>, machine: &MachineView<'_>, findings: &mut Findings<'_>) {
    for field in task::MAP_CALLS.into_iter().filter(|_| state.is(StateType::Map)) {
        let Some(node) = state.get(field).and_then(|node| node.get("Resource")) else { continue };
        let Some(text) = task::known_text(node, machine.machine).filter(|_| !task::is_open(node)) else { continue };
        let known: &[&str] = if field == "ItemReader" { &["getObject", "listObjectsV2"] } else { &["putObject"] };
        if Call::of_map(&text).is_some_and(|call| known.contains(&call.action())) {
            continue;
        }
        let message = format!("`{field}` cannot call this: Step Functions refuses the definition");
        let finding = findings.add(machine.place(&state.pointer_to(field).child("Resource"), node), message);
        let known: Vec<String> = known.iter().map(|action| format!("`arn:aws:states:::s3:{action}`")).collect();
        finding.help(format!("it calls {}", known.join(" or ")));
        // Other services may have come.
        if !text.contains(":s3:") {
            finding.severity(Severity::Warning);
        }
    }
}

fn check(state: &StateView<'_>, machine: &MachineView<'_>, findings: &mut Findings<'_>) {
    of_map(state, machine, findings);
    let Some((node, Err(fault))) = task::resource(state, machine) else { return };
    let message = format!("{fault}: Step Functions refuses the definition");
    let finding = findings.add(machine.place(&state.pointer_to("Resource"), node), message);
    match fault.meant() {
        Some(meant) => {
            let fix = meant_instead(node.as_str().unwrap_or_default(), meant);
            finding.help(help(&fault, meant));
            // Another kind of integration has other parameters and errors: that is for the author to decide.
            let safe =
                matches!(fault, CallFault::Service { .. } | CallFault::Action { .. } | CallFault::Pattern { .. });
            if let Some(text) = fix.filter(|_| safe) {
                finding.fix(Fix::rename(machine.definition.document, machine.text(), node, &text));
            }
        }
        None => {
            finding.help("https://docs.aws.amazon.com/step-functions/latest/dg/integrate-services.html");
        }
    }
}

fn help(fault: &CallFault, meant: &str) -> String {
    match fault {
        CallFault::NotOptimized { .. } => {
            format!("it exists as an AWS SDK integration: `arn:aws:states:::{meant}`")
        }
        _ => format!("did you mean `arn:aws:states:::{meant}`?"),
    }
}

/// The resource with another call; `None` if a substitution is part of the call.
fn meant_instead(resource: &str, meant: &str) -> Option<String> {
    let at = resource.find(":states:::")? + ":states:::".len();
    let (start, call) = resource.split_at(at);
    (!call.contains("${")).then(|| format!("{start}{meant}"))
}
