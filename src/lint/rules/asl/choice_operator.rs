use super::operators::{OPERATORS, operand};
use crate::aws::states::StateType;
use crate::lint::near::{nearest, only_near};
use crate::lint::rule::rule;
use crate::lint::schema::{Shape, choice_rules};
use crate::lint::view::unknown;
use crate::lint::{Findings, Fix, Language, MachineView, StateView};
use crate::loaded::below;
use crate::source::{Kind, Node};

rule! {
    /// Invalid choice rule
    ///
    /// # What it does
    /// Checks that a JSONPath choice rule has a `Variable` and exactly one comparison operator, spelled as in the specification, or
    /// one of `And`, `Or` and `Not` with nested rules; and that a JSONata choice rule has a `Condition`.
    ///
    /// Source: [the Choice state](https://docs.aws.amazon.com/step-functions/latest/dg/state-choice.html).
    ///
    /// # Why is this bad
    /// Step Functions refuses the definition.
    ///
    /// # Example
    /// ```json
    /// { "Variable": "$.dynamoDbResult.Count", "NumericGreater": 0, "Next": "Update" }
    /// ```
    ///
    /// # Use instead
    /// ```json
    /// { "Variable": "$.dynamoDbResult.Count", "NumericGreaterThan": 0, "Next": "Update" }
    /// ```
    pub(super) static RULE: "ASL024", "choice-operator", Error = State(check);
}

fn check(state: &StateView<'_>, machine: &MachineView<'_>, findings: &mut Findings<'_>) {
    if !state.is(StateType::Choice) || state.language == Language::Unknown {
        return;
    }
    for (at, rule) in state.get("Choices").map_or(&[][..], Node::items).iter().enumerate() {
        let pointer = state.pointer_to("Choices").index(at);
        if !matches!(rule.kind, Kind::Mapping(_)) && !unknown(rule) {
            findings.add(machine.place(&pointer, rule), format!("expected a choice rule, found {}", rule.describe()));
        }
        choice_rules(rule, &pointer, 0, &mut |rule, pointer, _| {
            fields(machine, rule, pointer, findings);
            match state.language {
                Language::Jsonata => condition(machine, rule, pointer, findings),
                _ => comparison(machine, rule, pointer, findings),
            }
        });
    }
}

/// Fields that are neither those of rules nor operators.
fn fields(machine: &MachineView<'_>, rule: &Node, pointer: &str, findings: &mut Findings<'_>) {
    for (key, _) in rule.entries() {
        let Some(name) = key.as_str().filter(|_| !unknown(key)) else { continue };
        if Shape::ChoiceRule.field(name).is_some() || operand(name).is_some() {
            continue;
        }
        let shown: String = name.chars().take(60).collect();
        let message = format!("a choice rule has no operator or field `{shown}`: the definition is refused");
        let finding = findings.add(machine.place(&below(pointer, name), key), message);
        let known =
            || OPERATORS.iter().map(|(name, _)| *name).chain(Shape::ChoiceRule.fields().iter().map(|field| field.name));
        if let Some(near) = nearest(name, known()) {
            let only = only_near(name, known()).filter(|only| *only == near);
            let fix = only.and_then(|only| Fix::rename(machine.definition.document, machine.text(), key, only));
            finding.help(format!("did you mean `{near}`?")).fix(fix);
        }
    }
}

fn comparison(machine: &MachineView<'_>, rule: &Node, pointer: &str, findings: &mut Findings<'_>) {
    let operators: Vec<&(Node, Node)> =
        rule.entries().iter().filter(|(key, _)| key.as_str().is_some_and(|name| operand(name).is_some())).collect();
    let known = rule.entries().iter().all(|(key, _)| {
        key.as_str().is_some_and(|name| operand(name).is_some() || Shape::ChoiceRule.field(name).is_some())
    });
    let combines = |key: &Node| matches!(key.as_str(), Some("And" | "Or" | "Not"));
    match operators.as_slice() {
        // What is misspelled is said already.
        [] if known && rule.get("Condition").is_none() => {
            findings
                .add(machine.place(pointer, rule), "this rule compares nothing: the definition is refused")
                .help("it needs one operator, such as `StringEquals`");
        }
        [(key, value)] if combines(key) => {
            let name = key.as_str().unwrap_or_default();
            let empty = match name {
                "Not" => value.entries().is_empty() && !unknown(value),
                _ => value.items().is_empty() && !unknown(value),
            };
            if empty {
                let expected = if name == "Not" { "a rule" } else { "a list of rules" };
                let message = format!("`{name}` needs {expected}: the definition is refused");
                findings.add(machine.place(&below(pointer, name), value), message);
            }
        }
        [_] if rule.get("Variable").is_none() => {
            findings
                .add(machine.place(pointer, rule), "this rule has no `Variable` to compare: the definition is refused");
        }
        [_, others @ ..] => {
            for (key, _) in others {
                let name = key.as_str().unwrap_or_default();
                findings
                    .add(
                        machine.place(&below(pointer, name), key),
                        "a choice rule has exactly one operator: the definition is refused",
                    )
                    .help("combine several with `And`");
            }
        }
        [] => {}
    }
}

fn condition(machine: &MachineView<'_>, rule: &Node, pointer: &str, findings: &mut Findings<'_>) {
    let Some(condition) = rule.get("Condition") else {
        // A rule in the other language is said to be one.
        if !rule
            .entries()
            .iter()
            .any(|(key, _)| key.as_str().is_some_and(|name| name == "Variable" || operand(name).is_some()))
        {
            findings.add(machine.place(pointer, rule), "this rule has no `Condition`: the definition is refused");
        }
        return;
    };
    let fits = matches!(condition.kind, Kind::Bool(_))
        || unknown(condition)
        || condition.as_str().is_some_and(|text| text.starts_with("{%"));
    if !fits {
        findings
            .add(
                machine.place(&below(pointer, "Condition"), condition),
                "a `Condition` must be `true` or `false`: the definition is refused",
            )
            .help("put the expression between `{%` and `%}`");
    }
}
