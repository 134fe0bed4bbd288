use crate::diagnostic::Severity;
use crate::lint::Findings;
use crate::lint::rule::rule;
use crate::loaded::{FaultKind, LoadedStack};

rule! {
    /// Invalid JSON or YAML
    ///
    /// # What it does
    /// Reads definitions as JSON (those in `*.yaml` files as YAML) and templates as what their name says. It goes on behind what
    /// is wrong, so everything else is still looked at where that makes sense.
    ///
    /// Source: [state machine definitions](https://docs.aws.amazon.com/step-functions/latest/dg/concepts-amazon-states-language.html).
    ///
    /// # Why is this bad
    /// The file cannot be deployed. A `<<PLACEHOLDER>>` is the common case: nothing replaces it, for
    /// `DefinitionSubstitutions` replaces `${Name}`.
    ///
    /// A comma too many in a file that `DefinitionUri` names is a warning: the file goes to S3, and what CloudFormation's resource
    /// handler cannot read there as JSON it reads as YAML. `aws stepfunctions create-state-machine` takes JSON only.
    ///
    /// # Example
    /// ```json
    /// { "TableName": <<TABLE_NAME>>, }
    /// ```
    ///
    /// # Use instead
    /// ```json
    /// { "TableName": "${TableName}" }
    /// ```
    pub(super) static RULE: "ASL001", "syntax", Error = Stack(check);
}

fn check(stack: &LoadedStack, findings: &mut Findings<'_>) {
    let kinds = [FaultKind::NotJson, FaultKind::JsonAsYaml, FaultKind::NotYaml, FaultKind::NotText];
    for fault in stack.faults.iter().filter(|fault| kinds.contains(&fault.kind)) {
        let message = match fault.kind {
            FaultKind::NotJson => format!("{}: this is not JSON, and cannot be deployed", fault.message),
            FaultKind::JsonAsYaml => format!("{}: Step Functions reads the file as YAML", fault.message),
            _ => fault.message.clone(),
        };
        let finding = findings.add(fault.place.clone(), message);
        if fault.kind == FaultKind::JsonAsYaml {
            finding.severity = Severity::Warning;
        }
        if let Some(help) = &fault.help {
            finding.help(help.clone());
        }
    }
    // An empty file has no fault, and nothing else.
    for (index, document) in stack.documents.iter().enumerate() {
        let faultless = !stack.faults.iter().any(|fault| fault.place.document == index);
        if document.root.is_none() && faultless {
            let place = crate::loaded::Place { document: index, pointer: String::new(), span: Default::default() };
            findings.add(place, "expected a template or a definition, and the file is empty");
        }
    }
}
