use crate::aws::Arn;
use crate::aws::states::StateType;
use crate::diagnostic::Severity;
use crate::lint::rule::rule;
use crate::lint::view::unknown;
use crate::lint::{Findings, Language, MachineView, StateView};
use crate::loaded::{below, has_placeholder};
use crate::source::Kind;

rule! {
    /// Credentials without a role
    ///
    /// # What it does
    /// Checks that the `Credentials` of a Task contain only a `RoleArn` (or in JSONPath `RoleArn.$`), and that its value is the ARN of a role.
    ///
    /// Source: [cross-account access](https://docs.aws.amazon.com/step-functions/latest/dg/concepts-access-cross-acct-resources.html).
    ///
    /// # Why is this bad
    /// Step Functions does not know which role to assume: it refuses the definition, or the state always fails.
    ///
    /// # Example
    /// ```json
    /// "Credentials": { "Role": "arn:aws:iam::123456789012:role/Reader" }
    /// ```
    ///
    /// # Use instead
    /// ```json
    /// "Credentials": { "RoleArn": "arn:aws:iam::123456789012:role/Reader" }
    /// ```
    pub(super) static RULE: "ASL042", "credentials", Error = State(check);
}

fn check(state: &StateView<'_>, machine: &MachineView<'_>, findings: &mut Findings<'_>) {
    let Some(node) = state.get("Credentials").filter(|node| state.is(StateType::Task) && !unknown(node)) else {
        return;
    };
    if !matches!(node.kind, Kind::Mapping(_)) {
        return;
    }
    let pointer = state.pointer_to("Credentials");
    let by_path = state.language == Language::JsonPath;
    let mut found = false;
    for (key, value) in node.entries() {
        let Some(name) = key.as_str().filter(|name| !has_placeholder(name)) else { return };
        let place = || machine.place(&below(&pointer, name), key);
        match name {
            "RoleArn" => {
                found = true;
                let literal = value.as_str().filter(|text| !unknown(value) && !text.starts_with("{%"));
                if literal.is_some_and(|text| Arn::read(text).is_none_or(|arn| arn.service != "iam")) {
                    findings.add(place(), "this is no ARN of a role: the state fails each time");
                }
            }
            "RoleArn.$" if by_path => found = true,
            "RoleArn.$" => {
                let message =
                    "`RoleArn.$` is JSONPath, and this state is written in JSONata: the definition is refused";
                findings.add(place(), message).help("`\"RoleArn\": \"{% ... %}\"`");
                return;
            }
            _ => {
                let shown: String = name.chars().take(80).collect();
                let finding = findings.add(place(), format!("`Credentials` have a `RoleArn`, and no `{shown}`"));
                finding.severity(Severity::Warning);
            }
        }
    }
    if !found {
        let message = "`Credentials` need a `RoleArn`: the definition is refused";
        findings.add(machine.place(&pointer, node), message);
    }
}
