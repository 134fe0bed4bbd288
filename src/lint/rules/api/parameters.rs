use crate::aws::integration::{ParameterFault, ParameterProblem, check};
use crate::diagnostic::Severity;
use crate::lint::near::nearest;
use crate::lint::rule::rule;
use crate::lint::task::{ServiceTask, entry, is_open};
use crate::lint::{Findings, Fix, MachineView, StateView};
use crate::loaded::value;
use crate::source::Node;

rule! {
    /// Missing required parameter
    ///
    /// # What it does
    /// Checks that a Task passes every parameter, and every nested field of a parameter, that the service's API requires, and so do the
    /// `ItemReader` and the `ResultWriter` of a Map.
    ///
    /// Source: [the published models of the services, and AWS SDK integrations](https://docs.aws.amazon.com/step-functions/latest/dg/supported-services-awssdk.html).
    ///
    /// # Why is this bad
    /// Step Functions refuses the definition. Where it accepts it, the service refuses every call.
    ///
    /// # Example
    /// ```json
    /// "Resource": "arn:aws:states:::dynamodb:putItem",
    /// "Parameters": { "Item": { "fileName": { "S.$": "$.detail.object.key" } } }
    /// ```
    ///
    /// # Use instead
    /// ```json
    /// "Resource": "arn:aws:states:::dynamodb:putItem",
    /// "Parameters": { "TableName": "${TableName}", "Item": { "fileName": { "S.$": "$.detail.object.key" } } }
    /// ```
    pub(super) static MISSING: "API202", "missing-parameter", Error = State(missing);
}

rule! {
    /// Unknown parameter
    ///
    /// # What it does
    /// Checks that every parameter, and every nested field of a parameter, exists in the service's API and is spelled as Step
    /// Functions spells it: in PascalCase, with a capital first letter.
    ///
    /// Source: [the published models of the services, and AWS SDK integrations](https://docs.aws.amazon.com/step-functions/latest/dg/supported-services-awssdk.html).
    ///
    /// # Why is this bad
    /// Step Functions refuses the definition: `The field "tableName" is not supported by Step Functions`.
    ///
    /// # Example
    /// ```json
    /// "Parameters": { "tableName": "${TableName}" }
    /// ```
    ///
    /// # Use instead
    /// ```json
    /// "Parameters": { "TableName": "${TableName}" }
    /// ```
    pub(super) static UNKNOWN: "API203", "unknown-parameter", Error = State(unknown);
}

rule! {
    /// Wrong type of parameter
    ///
    /// # What it does
    /// Checks the type of every literal parameter of a call. Skips values that are known only at run time, and strings that Step
    /// Functions may convert to a number.
    ///
    /// Source: [the published models of the services, and AWS SDK integrations](https://docs.aws.amazon.com/step-functions/latest/dg/supported-services-awssdk.html).
    ///
    /// # Why is this bad
    /// Every execution of the state fails: `The value for the field 'N' must be a STRING`.
    ///
    /// # Example
    /// ```json
    /// "Item": { "size": { "N": 5 } }
    /// ```
    ///
    /// # Use instead
    /// ```json
    /// "Item": { "size": { "N": "5" } }
    /// ```
    pub(super) static TYPE: "API204", "parameter-type", Error = State(of_type);
}

rule! {
    /// Invalid value of a parameter
    ///
    /// # What it does
    /// Checks literal values of parameters that accept only certain values (enums), and the size of numbers, texts and lists. What
    /// exceeds a limit is a warning, because services raise their limits.
    ///
    /// Source: [the published models of the services, and AWS SDK integrations](https://docs.aws.amazon.com/step-functions/latest/dg/supported-services-awssdk.html).
    ///
    /// # Why is this bad
    /// The service refuses every call.
    ///
    /// # Example
    /// ```json
    /// "ReturnValues": "ALL"
    /// ```
    ///
    /// # Use instead
    /// ```json
    /// "ReturnValues": "ALL_NEW"
    /// ```
    pub(super) static VALUE: "API205", "parameter-value", Error = State(of_words);
}

/// The faults of a state's parameters that a rule is about.
fn faults<'a>(
    state: &StateView<'a>,
    machine: &MachineView<'a>,
    about: impl Fn(&ParameterProblem) -> bool,
) -> Vec<(ServiceTask<'a>, ParameterFault)> {
    ServiceTask::all(state, machine)
        .into_iter()
        .filter_map(|task| {
            // Without parameters the state's input is what the call is given.
            let given = task.parameters.filter(|node| !is_open(node))?;
            let mut faults = check(&task.call, &value(given));
            faults.retain(|fault| about(&fault.problem));
            Some((task, faults))
        })
        .flat_map(|(task, faults)| faults.into_iter().map(move |fault| (task.clone(), fault)))
        .collect()
}

fn missing(state: &StateView<'_>, machine: &MachineView<'_>, findings: &mut Findings<'_>) {
    let missing = |problem: &ParameterProblem| matches!(problem, ParameterProblem::Missing(_));
    for (task, ParameterFault { pointer, problem }) in faults(state, machine, missing) {
        let Some((key, node)) = task.parameters.and_then(|node| entry(node, &pointer)) else { continue };
        let shown = if pointer.is_empty() { key_of(state, &task) } else { key };
        let place = machine.place(&format!("{}{pointer}", task.pointer), shown.unwrap_or(node));
        findings.add(place, format!("{problem}: `{}` is refused without it", task.call.name()));
    }
}

/// The key of the field that holds a task's parameters.
fn key_of<'a>(state: &StateView<'a>, task: &ServiceTask<'_>) -> Option<&'a Node> {
    let field = task.pointer.rsplit('/').next()?;
    state.entry(field).map(|(key, _)| key)
}

fn unknown(state: &StateView<'_>, machine: &MachineView<'_>, findings: &mut Findings<'_>) {
    let unknown = |problem: &ParameterProblem| matches!(problem, ParameterProblem::Unknown { .. });
    for (task, ParameterFault { pointer, problem }) in faults(state, machine, unknown) {
        let Some((Some(key), _)) = task.parameters.and_then(|node| entry(node, &pointer)) else { continue };
        let ParameterProblem::Unknown { meant, .. } = &problem else { continue };
        let place = machine.place(&format!("{}{pointer}", task.pointer), key);
        let message = format!("{problem} of `{}`: Step Functions refuses the definition", task.call.name());
        let finding = findings.add(place, message);
        if let Some(meant) = meant {
            let suffix = if key.as_str().is_some_and(|key| key.ends_with(".$")) { ".$" } else { "" };
            let fix = Fix::rename(machine.definition.document, machine.text(), key, &format!("{meant}{suffix}"));
            finding.help(format!("did you mean `{meant}`?")).fix(fix);
        }
    }
}

fn of_type(state: &StateView<'_>, machine: &MachineView<'_>, findings: &mut Findings<'_>) {
    let of_type = |problem: &ParameterProblem| matches!(problem, ParameterProblem::Type { .. });
    report(state, machine, findings, of_type, "the state fails each time");
}

fn of_words(state: &StateView<'_>, machine: &MachineView<'_>, findings: &mut Findings<'_>) {
    let of_words =
        |problem: &ParameterProblem| matches!(problem, ParameterProblem::Value { .. } | ParameterProblem::Bound { .. });
    report(state, machine, findings, of_words, "the service refuses each call");
}

fn report(
    state: &StateView<'_>,
    machine: &MachineView<'_>,
    findings: &mut Findings<'_>,
    about: impl Fn(&ParameterProblem) -> bool,
    so: &str,
) {
    for (task, ParameterFault { pointer, problem }) in faults(state, machine, about) {
        let Some((_, node)) = task.parameters.and_then(|node| entry(node, &pointer)) else { continue };
        let place = machine.place(&format!("{}{pointer}", task.pointer), node);
        let finding = findings.add(place, format!("{problem}: {so}"));
        if let ParameterProblem::Value { allowed, given, .. } = &problem
            && let Some(near) = nearest(given, allowed.iter().copied())
        {
            finding.help(format!("did you mean `{near}`?"));
        }
        if matches!(problem, ParameterProblem::Bound { is_least: false, .. }) {
            finding.severity(Severity::Warning);
        }
    }
}
