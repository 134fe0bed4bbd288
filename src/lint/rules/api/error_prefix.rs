use crate::aws::integration::{Call, is_prefix, reported_errors};
use crate::lint::rule::rule;
use crate::lint::task::{ServiceTask, is_open};
use crate::lint::{Findings, Fix, MachineView, StateView};
use crate::loaded::below;
use crate::source::Node;

rule! {
    /// Error name of the other kind of integration
    ///
    /// # What it does
    /// Checks the names in `ErrorEquals` of Tasks that call a service. `aws-sdk:` integrations report errors as `DynamoDb.`, `Sqs.`
    /// or `Sns.`; optimized integrations as `DynamoDB.`, `SQS.` or `SNS.`. Errors of another service, and misspellings of an error that
    /// the service is known to report, are reported too.
    ///
    /// Source: [error handling](https://docs.aws.amazon.com/step-functions/latest/dg/concepts-error-handling.html).
    ///
    /// # Why is this bad
    /// Error names are case-sensitive: the retrier or catcher never matches, and the execution fails.
    ///
    /// # Example
    /// ```json
    /// "Resource": "arn:aws:states:::dynamodb:putItem",
    /// "Catch": [{ "ErrorEquals": ["DynamoDb.ConditionalCheckFailedException"], "Next": "Update" }]
    /// ```
    ///
    /// # Use instead
    /// ```json
    /// "Resource": "arn:aws:states:::dynamodb:putItem",
    /// "Catch": [{ "ErrorEquals": ["DynamoDB.ConditionalCheckFailedException"], "Next": "Update" }]
    /// ```
    pub(super) static RULE: "API206", "error-prefix", Warning = State(check);
}

fn check(state: &StateView<'_>, machine: &MachineView<'_>, findings: &mut Findings<'_>) {
    let Some(call) = ServiceTask::of(state, machine).map(|task| task.call) else { return };
    let Some(prefix) = call.error_prefix() else { return };
    let names = names(state);
    for (node, pointer) in &names {
        let Some(text) = node.as_str() else { continue };
        let (given, error) = text.split_once('.').unwrap_or(("", text));
        if given.is_empty() && !is_open(node) && only_service_errors(state, call.service()) {
            unprefixed(machine, prefix, error, (node, pointer), findings);
            continue;
        }
        if is_open(node) {
            continue;
        }
        if given == prefix || !given.eq_ignore_ascii_case(prefix) {
            if only_service_errors(state, call.service()) {
                never(machine, &call, prefix, (node, pointer), findings);
            }
            continue;
        }
        let right = format!("{prefix}.{error}");
        // Who lists both spellings knows.
        if names.iter().any(|(other, _)| other.as_str() == Some(right.as_str())) {
            continue;
        }
        let message = format!("this call reports its errors as `{prefix}.`, so `{given}.{error}` never happens");
        let fix = Fix::rename(machine.definition.document, machine.text(), node, &right);
        findings.add(machine.place(pointer, node), message).help(format!("write `{right}`")).fix(fix);
    }
}

/// Whether the errors of a call are all the service's own. A function, a callback or a job reports errors of any name.
fn only_service_errors(state: &StateView<'_>, service: &str) -> bool {
    let resource = state.get("Resource").and_then(Node::as_str).unwrap_or_default();
    let waits = [".sync", ".sync:2", ".waitForTaskToken"].iter().any(|suffix| resource.ends_with(suffix));
    !waits && service != "lambda"
}

/// Says that a name is of another service's errors, or a misspelling.
fn never(
    machine: &MachineView<'_>,
    call: &Call,
    prefix: &str,
    (node, pointer): (&Node, &str),
    findings: &mut Findings<'_>,
) {
    let Some(text) = node.as_str() else { return };
    let Some((given, _)) = text.split_once('.') else { return };
    if given != prefix {
        if is_prefix(given) {
            let message = format!("this call reports its errors as `{prefix}.`, so `{text}` never happens");
            findings.add(machine.place(pointer, node), message);
        }
        return;
    }
    let known = reported_errors(call);
    if known.iter().any(|(name, _)| name == text) {
        return;
    }
    // The names that are known are of ASCII. Most are so much longer or shorter that they cannot be meant.
    let letters = text.chars().count();
    let near = |(name, _): &&(String, _)| {
        name.strip_suffix("Exception") == Some(text)
            || name.len().abs_diff(letters) <= 1 && strsim::damerau_levenshtein(name, text) == 1
    };
    let Some((near, _)) = known.iter().find(near) else { return };
    let message = format!("this call does not report `{text}`, so this entry never matches");
    findings.add(machine.place(pointer, node), message).help(format!("did you mean `{near}`?"));
}

fn unprefixed(
    machine: &MachineView<'_>,
    prefix: &str,
    error: &str,
    (node, pointer): (&Node, &str),
    findings: &mut Findings<'_>,
) {
    let message = format!("this call reports its errors as `{prefix}.`, so `{error}` never happens");
    let fix = Fix::rename(machine.definition.document, machine.text(), node, &format!("{prefix}.{error}"));
    findings
        .add(machine.place(pointer, node), message)
        .help(format!("write `{prefix}.{error}`"))
        .fix(fix.filter(|_| error.ends_with("Exception")));
}

/// The names of errors that a state retries or catches, with their pointers.
fn names<'a>(state: &StateView<'a>) -> Vec<(&'a Node, String)> {
    let mut names = Vec::new();
    for field in ["Retry", "Catch"] {
        let entries = state.get(field).map_or(&[][..], Node::items).iter().enumerate();
        for (at, entry) in entries {
            let pointer = below(&format!("{}/{at}", state.pointer_to(field)), "ErrorEquals");
            let errors = entry.get("ErrorEquals").map_or(&[][..], Node::items).iter().enumerate();
            names.extend(errors.map(|(at, node)| (node, format!("{pointer}/{at}"))));
        }
    }
    names
}
