use crate::diagnostic::Severity;
use crate::lint::rule::rule;
use crate::lint::schema::{Field, Takes, scope_shape, shapes};
use crate::lint::{Findings, MachineView};
use crate::loaded::below;
use crate::source::{Kind, Node};

rule! {
    /// Number out of range
    ///
    /// # What it does
    /// Checks the range of numbers: `BackoffRate` of at least 1, `ToleratedFailurePercentage` from 0 to 100, timeouts of at least
    /// one second, `Label` of at most 40 characters, and `HeartbeatSeconds` smaller than `TimeoutSeconds`. In JSONata, it also checks
    /// constant numbers in expressions.
    ///
    /// Source: [the Amazon States Language](https://states-language.net/spec.html).
    ///
    /// # Why is this bad
    /// Step Functions refuses the definition.
    ///
    /// # Example
    /// ```json
    /// "Retry": [ { "ErrorEquals": ["States.ALL"], "BackoffRate": 0.5 } ]
    /// ```
    ///
    /// # Use instead
    /// ```json
    /// "Retry": [ { "ErrorEquals": ["States.ALL"], "BackoffRate": 1.5 } ]
    /// ```
    pub(super) static RULE: "ASL009", "range", Error = Machine(check);
}

fn check(machine: &MachineView<'_>, findings: &mut Findings<'_>) {
    for scope in &machine.scopes {
        for (key, value) in scope.node.entries() {
            judge(
                machine,
                key.as_str().and_then(|name| scope_shape(scope).field(name)),
                value,
                &scope.pointer,
                findings,
            );
        }
    }
    for state in &machine.states {
        shapes(state, |shape, node, pointer| {
            for (key, value) in node.entries() {
                judge(machine, key.as_str().and_then(|name| shape.field(name)), value, pointer, findings);
            }
            delays(machine, node, pointer, findings);
        });
        if let Some(label) =
            state.get("Label").filter(|label| label.as_str().is_some_and(|text| text.chars().count() > 40))
        {
            let message = "a `Label` has at most 40 characters: the definition is refused";
            findings.add(machine.place(&state.pointer_to("Label"), label), message);
        }
        let (heartbeat, timeout) = (whole(state.get("HeartbeatSeconds")), whole(state.get("TimeoutSeconds")));
        if let (Some((node, heartbeat)), Some((_, timeout))) = (heartbeat, timeout)
            && heartbeat >= timeout
        {
            let message = format!(
                "`HeartbeatSeconds` must be below `TimeoutSeconds`, which is {timeout}: the definition is refused"
            );
            findings.add(machine.place(&state.pointer_to("HeartbeatSeconds"), node), message);
        }
    }
}

fn whole(node: Option<&Node>) -> Option<(&Node, i64)> {
    match node?.kind {
        Kind::Integer(number) => Some((node?, number)),
        _ => None,
    }
}

/// The longest delay of a retrier is not below its first.
fn delays(machine: &MachineView<'_>, node: &Node, pointer: &str, findings: &mut Findings<'_>) {
    let (longest, first) = (whole(node.get("MaxDelaySeconds")), whole(node.get("IntervalSeconds")));
    if let (Some((node, longest)), Some((_, first))) = (longest, first)
        && longest < first
    {
        let message =
            format!("every retry waits {longest} seconds: `IntervalSeconds`, {first}, is above `MaxDelaySeconds`");
        findings.add(machine.place(&below(pointer, "MaxDelaySeconds"), node), message).severity(Severity::Warning);
    }
}

/// The number that an expression of JSONata is, where it is nothing but a number.
fn written(expression: &str) -> Option<f64> {
    expression.strip_prefix("{%")?.strip_suffix("%}")?.trim().parse().ok().filter(|number: &f64| number.is_finite())
}

fn judge(
    machine: &MachineView<'_>,
    field: Option<&'static Field>,
    value: &Node,
    pointer: &str,
    findings: &mut Findings<'_>,
) {
    let Some(field) = field else { return };
    let number = match value.kind {
        Kind::Integer(number) => number as f64,
        Kind::Float(number) => number,
        Kind::String(ref text) if field.expression => match written(text) {
            Some(number) => number,
            None => return,
        },
        _ => return,
    };
    let fraction = matches!(field.takes, Takes::Integer(..)) && number.fract() != 0.0;
    if fraction && value.as_str().is_some() {
        let message = format!("`{}` is {number}, and has to be a whole number: every execution fails", field.name);
        findings.add(machine.place(&below(pointer, field.name), value), message);
        return;
    }
    let (least, most) = match field.takes {
        Takes::Integer(least, most) => (least as f64, most as f64),
        Takes::Number(least, most) => (least, most),
        _ => return,
    };
    if (least..=most).contains(&number) {
        return;
    }
    let bounds = if number < least { format!("at least {least}") } else { format!("at most {most}") };
    let message = format!("`{}` must be {bounds}, not {number}: the definition is refused", field.name);
    findings.add(machine.place(&below(pointer, field.name), value), message);
}
