use crate::diagnostic::Severity;
use crate::lint::Findings;
use crate::lint::rule::rule;
use crate::loaded::{FaultKind, LoadedStack};

rule! {
    /// Invalid JSON or YAML
    ///
    /// # What it does
    /// Parses definitions as JSON (`*.yaml` files as YAML) and templates in the format of their file extension. After a syntax
    /// error it continues where that makes sense, and still checks the rest of the file.
    ///
    /// Source: [state machine definitions](https://docs.aws.amazon.com/step-functions/latest/dg/concepts-amazon-states-language.html).
    ///
    /// # Why is this bad
    /// The file cannot be deployed. The most common cause is a `<<PLACEHOLDER>>`: nothing replaces it, because
    /// `DefinitionSubstitutions` replaces only `${Name}`.
    ///
    /// A trailing comma in a file that `DefinitionUri` names is only a warning: SAM uploads the file to S3, and CloudFormation's
    /// resource handler reads a file that is not valid JSON as YAML. `aws stepfunctions create-state-machine` accepts only JSON.
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
