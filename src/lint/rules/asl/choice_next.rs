use crate::aws::states::StateType;
use crate::lint::rule::rule;
use crate::lint::schema::{choice_rules, is_object};
use crate::lint::{Findings, MachineView, StateView};
use crate::loaded::below;
use crate::source::Node;

rule! {
    /// Missing or misplaced `Next` in a choice rule
    ///
    /// # What it does
    /// Checks that each rule in `Choices` has a `Next`, and that the rules nested in `And`, `Or` and `Not` have none.
    ///
    /// Source: [the Choice state](https://docs.aws.amazon.com/step-functions/latest/dg/state-choice.html).
    ///
    /// # Why is this bad
    /// Step Functions refuses the definition.
    ///
    /// # Example
    /// ```json
    /// { "Not": { "Variable": "$.Item", "IsPresent": true, "Next": "Put" } }
    /// ```
    ///
    /// # Use instead
    /// ```json
    /// { "Not": { "Variable": "$.Item", "IsPresent": true }, "Next": "Put" }
    /// ```
    pub(super) static RULE: "ASL026", "choice-next", Error = State(check);
}

fn check(state: &StateView<'_>, machine: &MachineView<'_>, findings: &mut Findings<'_>) {
    if !state.is(StateType::Choice) {
        return;
    }
    for (at, rule) in state.get("Choices").map_or(&[][..], Node::items).iter().enumerate() {
        choice_rules(rule, &state.pointer_to("Choices").index(at), 0, &mut |rule, pointer, depth| {
            let next = rule.entries().iter().find(|(key, _)| key.as_str() == Some("Next"));
            match next {
                None if depth == 0 && is_object(rule) => {
                    findings.add(machine.place(pointer, rule), "this rule has no `Next`: the definition is refused");
                }
                Some((key, _)) if depth > 0 => {
                    findings
                        .add(
                            machine.place(&below(pointer, "Next"), key),
                            "only the outermost rule has a `Next`: the definition is refused",
                        )
                        .help("move it to the outermost rule");
                }
                _ => {}
            }
        });
    }
}
