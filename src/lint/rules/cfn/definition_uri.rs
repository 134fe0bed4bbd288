use crate::lint::Findings;
use crate::lint::rule::rule;
use crate::loaded::{FaultKind, LoadedStack};

rule! {
    /// Definition file missing
    ///
    /// # What it does
    /// Checks that the file that `DefinitionUri` names exists.
    ///
    /// Source: [DefinitionSubstitutions](https://docs.aws.amazon.com/serverless-application-model/latest/developerguide/sam-resource-statemachine.html).
    ///
    /// # Why is this bad
    /// `sam build` and `sam package` fail: there is no file to upload.
    ///
    /// # Example
    /// ```yaml
    /// DefinitionUri: definition/object_created.asl.json   # the folder is `definitions`
    /// ```
    ///
    /// # Use instead
    /// ```yaml
    /// DefinitionUri: definitions/object_created.asl.json
    /// ```
    pub(super) static RULE: "CFN401", "definition-uri", Error = Stack(check);
}

fn check(stack: &LoadedStack, findings: &mut Findings<'_>) {
    for fault in stack.faults.iter().filter(|fault| fault.kind == FaultKind::NoDefinition) {
        let finding = findings.add(fault.place.clone(), fault.message.clone());
        if let Some(help) = &fault.help {
            finding.help(help.clone());
        }
    }
}
