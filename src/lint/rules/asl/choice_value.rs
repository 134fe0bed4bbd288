use super::operators::{Compares, operand};
use super::timestamp::is_timestamp;
use crate::aws::states::StateType;
use crate::lint::rule::rule;
use crate::lint::schema::choice_rules;
use crate::lint::view::unknown;
use crate::lint::{Findings, Language, MachineView, StateView};
use crate::loaded::below;
use crate::source::{Kind, Node};

rule! {
    /// Wrong type of value in a choice rule
    ///
    /// # What it does
    /// Checks that the value of a comparison operator has the operator's type: a number for `NumericEquals`, a string for
    /// `StringEquals`, `true` or `false` for `BooleanEquals` and `IsPresent`, a timestamp such as `2026-01-02T03:04:05Z` for
    /// `TimestampEquals`, and a path for every operator whose name ends in `Path`.
    ///
    /// Source: [the Choice state](https://docs.aws.amazon.com/step-functions/latest/dg/state-choice.html).
    ///
    /// # Why is this bad
    /// Step Functions refuses the definition.
    ///
    /// # Example
    /// ```json
    /// { "Variable": "$.Count", "NumericGreaterThan": "0", "Next": "Update" }
    /// ```
    ///
    /// # Use instead
    /// ```json
    /// { "Variable": "$.Count", "NumericGreaterThan": 0, "Next": "Update" }
    /// ```
    pub(super) static RULE: "ASL025", "choice-value", Error = State(check);
}

fn check(state: &StateView<'_>, machine: &MachineView<'_>, findings: &mut Findings<'_>) {
    if !state.is(StateType::Choice) || state.language == Language::Jsonata {
        return;
    }
    for (at, rule) in state.get("Choices").map_or(&[][..], Node::items).iter().enumerate() {
        choice_rules(rule, &state.pointer_to("Choices").index(at), 0, &mut |rule, pointer, _| {
            for (key, value) in rule.entries() {
                let Some((name, compares)) = key.as_str().and_then(|name| Some((name, operand(name)?))) else {
                    continue;
                };
                judge(machine, name, compares, value, pointer, findings);
            }
        });
    }
}

fn judge(
    machine: &MachineView<'_>,
    name: &str,
    compares: Compares,
    value: &Node,
    pointer: &str,
    findings: &mut Findings<'_>,
) {
    if unknown(value) {
        return;
    }
    let (fits, expected) = match compares {
        Compares::Text => (value.as_str().is_some(), "a string"),
        Compares::Number => (matches!(value.kind, Kind::Integer(_) | Kind::Float(_)), "a number"),
        Compares::Boolean => (matches!(value.kind, Kind::Bool(_)), "`true` or `false`"),
        Compares::Timestamp => (value.as_str().is_some_and(is_timestamp), "a time such as `2026-01-02T03:04:05Z`"),
        Compares::Path => (value.as_str().is_some(), "a path"),
        Compares::Rules => return,
    };
    if fits {
        return;
    }
    let found = match value.as_str() {
        Some(text) => format!("the string `{}`", text.chars().take(40).collect::<String>()),
        None => value.describe(),
    };
    let message = format!("`{name}` compares with {expected}, not with {found}: the definition is refused");
    let finding = findings.add(machine.place(&below(pointer, name), value), message);
    if value.as_str().is_some_and(|text| text.starts_with('$')) {
        finding.help(format!("`{name}Path` compares with the value at a path"));
    }
}
