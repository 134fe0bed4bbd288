use super::templates::leaves;
use crate::aws::states::StateType;
use crate::lint::rule::rule;
use crate::lint::view::unknown;
use crate::lint::{Findings, MachineView, StateView};
use crate::source::{BARE, Node};

rule! {
    /// Callback without a task token
    ///
    /// # What it does
    /// Checks that a task with `.waitForTaskToken` passes its task token on: `$$.Task.Token`, or `$states.context.Task.Token` in
    /// JSONata.
    ///
    /// Source: [callbacks](https://docs.aws.amazon.com/step-functions/latest/dg/connect-to-resource.html#connect-wait-token).
    ///
    /// # Why is this bad
    /// The receiver cannot send a result without the token: the task waits until it times out, by default after one year.
    ///
    /// # Example
    /// ```json
    /// "Ask": { "Type": "Task", "Resource": "arn:aws:states:::sqs:sendMessage.waitForTaskToken",
    ///          "Parameters": { "QueueUrl": "https://...", "MessageBody": "please" }, "End": true }
    /// ```
    ///
    /// # Use instead
    /// ```json
    /// "Ask": { "Type": "Task", "Resource": "arn:aws:states:::sqs:sendMessage.waitForTaskToken",
    ///          "Parameters": { "QueueUrl": "https://...", "MessageBody": { "token.$": "$$.Task.Token" } }, "End": true }
    /// ```
    pub(super) static RULE: "ASL040", "task-token", Warning = State(check);
}

fn check(state: &StateView<'_>, machine: &MachineView<'_>, findings: &mut Findings<'_>) {
    let resource = state.get("Resource").filter(|_| state.is(StateType::Task));
    let Some(node) = resource.filter(|node| node.as_str().is_some_and(|text| text.ends_with(".waitForTaskToken")))
    else {
        return;
    };
    let mut handed_on = false;
    for field in ["Parameters", "Arguments"] {
        let Some(given) = state.get(field) else { continue };
        if unknown(given) {
            return;
        }
        leaves(given, "", &mut |key, value, _| {
            // A path may be put in when the stack is deployed; a token never is.
            let path = unknown(value) && key.and_then(Node::as_str).is_some_and(|name| name.ends_with(".$"));
            handed_on |= path || may_hold_token(value);
        });
    }
    if !handed_on {
        findings
            .add(
                machine.place(&state.pointer_to("Resource"), node),
                "the task token is not passed on, so the callback never comes and the task times out",
            )
            .help("pass on `$$.Task.Token`, in JSONata `$states.context.Task.Token`");
    }
}

/// Whether a value is, or may hold, the token: it reads the context object, or is not known before the deployment.
fn may_hold_token(value: &Node) -> bool {
    value.tag.as_deref() == Some(BARE)
        || value.as_str().is_some_and(|text| {
            text.contains("$$")
                || text.contains("states.context")
                || text.contains("$states%")
                || text.contains("$states ")
        })
}
