use crate::aws::Arn;
use crate::aws::states::StateType;
use crate::lint::rule::rule;
use crate::lint::view::unknown;
use crate::lint::{Findings, MachineView, StateView};
use crate::source::{Node, Pointer};

rule! {
    /// `Resource` that is not an ARN
    ///
    /// # What it does
    /// Checks that the `Resource` of tasks, item readers and result writers is the ARN of a Lambda function, an activity or a
    /// service integration (`arn:aws:states:::dynamodb:putItem`).
    ///
    /// Source: [service integrations](https://docs.aws.amazon.com/step-functions/latest/dg/connect-to-resource.html).
    ///
    /// # Why is this bad
    /// Step Functions refuses the definition.
    ///
    /// # Example
    /// ```json
    /// "Put": { "Type": "Task", "Resource": "dynamodb:putItem", "End": true }
    /// ```
    ///
    /// # Use instead
    /// ```json
    /// "Put": { "Type": "Task", "Resource": "arn:aws:states:::dynamodb:putItem", "End": true }
    /// ```
    pub(super) static RULE: "ASL034", "resource-arn", Error = State(check);
}

fn check(state: &StateView<'_>, machine: &MachineView<'_>, findings: &mut Findings<'_>) {
    if state.is(StateType::Task) {
        judge(machine, state.get("Resource"), state.pointer_to("Resource"), findings);
    }
    if state.is(StateType::Map) {
        for field in ["ItemReader", "ResultWriter"] {
            let node = state.get(field).and_then(|node| node.get("Resource"));
            judge(machine, node, state.pointer_to(field).child("Resource"), findings);
        }
    }
}

fn judge(machine: &MachineView<'_>, node: Option<&Node>, pointer: Pointer, findings: &mut Findings<'_>) {
    let Some(node) = node.filter(|node| !unknown(node)) else { return };
    let Some(text) = node.as_str() else { return };
    let problem = match Arn::read(text) {
        Some(arn) if arn.service == "lambda" && arn.resource.ends_with(':') => {
            "this ARN ends in a `:` with no version or alias behind it"
        }
        Some(arn) if arn.service == "states" => {
            // With a Region and an account it may still name an integration.
            let of_step_functions = ["stateMachine:", "execution:", "express:", "mapRun:"];
            let other = of_step_functions.iter().any(|kind| arn.resource.starts_with(kind));
            if arn.resource.contains(':') && !other {
                return;
            }
            "this ARN names neither an integration (`arn:aws:states:::SERVICE:ACTION`) nor an activity"
        }
        Some(arn) if arn.service == "lambda" && !arn.resource.is_empty() => return,
        Some(arn) if !arn.service.is_empty() && !arn.resource.is_empty() => {
            "a task calls functions, activities and integrations, not any resource"
        }
        _ if text == "arn" || text.starts_with("arn:") => "incomplete ARN",
        _ if text.starts_with('$') || text.starts_with("{%") => "a `Resource` cannot be computed",
        _ => "invalid ARN",
    };
    findings
        .add(machine.place(&pointer, node), format!("{problem}: the definition is refused"))
        .help("arn:aws:states:::SERVICE:ACTION, or the ARN of a Lambda function or activity");
}
