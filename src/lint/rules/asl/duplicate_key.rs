use crate::diagnostic::Severity;
use crate::lint::Findings;
use crate::lint::rule::rule;
use crate::loaded::{FaultKind, LoadedStack};

rule! {
    /// Duplicate key
    ///
    /// # What it does
    /// Reports keys that occur twice in one object of a definition or template.
    ///
    /// Source: [the JSON standard on names in objects](https://www.rfc-editor.org/rfc/rfc8259#section-4).
    ///
    /// # Why is this bad
    /// Only one of the two values counts, and which one depends on the parser. In a definition, the cause is usually a state that
    /// was copied and not renamed. CloudFormation and SAM accept such templates and use the last value, so there it is a warning.
    ///
    /// # Example
    /// ```json
    /// { "Put": { "Type": "Pass", "End": true }, "Put": { "Type": "Succeed" } }
    /// ```
    ///
    /// # Use instead
    /// ```json
    /// { "Put": { "Type": "Pass", "Next": "Done" }, "Done": { "Type": "Succeed" } }
    /// ```
    pub(super) static RULE: "ASL002", "duplicate-key", Error = Stack(check);
}

fn check(stack: &LoadedStack, findings: &mut Findings<'_>) {
    for fault in stack.faults.iter().filter(|fault| fault.kind == FaultKind::DuplicateKey) {
        let message = format!("{}: only one of the two counts", fault.message);
        let finding = findings.add(fault.place.clone(), message).help("rename or remove one of them");
        if stack.is_template(fault.place.document) {
            finding.severity(Severity::Warning);
        }
    }
}
