use crate::diagnostic::Severity;
use crate::lint::near::nearest;
use crate::lint::rule::rule;
use crate::lint::{Findings, MachineView};
use crate::loaded::{DefinitionSource, placeholders};
use crate::source::{Node, Visit};

rule! {
    /// Undefined substitution
    ///
    /// # What it does
    /// Reports `${Name}` in definitions if `DefinitionSubstitutions` does not define `Name`. Skips `Comment` fields, and
    /// definitions without a template.
    ///
    /// Source: [DefinitionSubstitutions](https://docs.aws.amazon.com/serverless-application-model/latest/developerguide/sam-resource-statemachine.html).
    ///
    /// # Why is this bad
    /// Nothing is substituted: the service receives the string `${Name}` itself, for example as a table name.
    ///
    /// # Example
    /// ```yaml
    /// DefinitionUri: definitions/object_created.asl.json   # "TableName": "${TableName}"
    /// DefinitionSubstitutions:
    ///   Table: !Ref FilesTable
    /// ```
    ///
    /// # Use instead
    /// ```yaml
    /// DefinitionUri: definitions/object_created.asl.json
    /// DefinitionSubstitutions:
    ///   TableName: !Ref FilesTable
    /// ```
    pub(super) static RULE: "CFN402", "substitution-not-given", Error = Machine(check);
}

fn check(machine: &MachineView<'_>, findings: &mut Findings<'_>) {
    if machine.stack.template.is_none() || !machine.machine.substitutions_known {
        return;
    }
    look(machine, findings);
}

fn look(machine: &MachineView<'_>, findings: &mut Findings<'_>) {
    machine.definition.root.visit("", |Visit { key, node, pointer }| {
        let is_comment = key.and_then(Node::as_str) == Some("Comment");
        for text in key.into_iter().chain([node]).filter(|_| !is_comment) {
            judge(machine, text.as_str().unwrap_or_default(), text, pointer, findings);
        }
        !is_comment
    });
}

fn judge(machine: &MachineView<'_>, text: &str, node: &Node, pointer: &str, findings: &mut Findings<'_>) {
    let given = &machine.machine.substitutions;
    // A script or an expression has dollars and braces of its own.
    if text.contains('\n') || text.starts_with("{%") {
        return;
    }
    for placeholder in placeholders(text).filter(|placeholder| !given.contains_key(placeholder.name)) {
        let name = placeholder.name;
        let near = nearest(name, given.keys().map(String::as_str));
        // In a command or a sentence the name may be one that somebody else replaces.
        if text.contains(' ') && near.is_none() {
            continue;
        }
        let message = format!("`${{{name}}}` is not defined in DefinitionSubstitutions, so nothing replaces it");
        let finding = findings.add(machine.place(pointer, node), message);
        // Whoever has no substitutions may mean the text as it is: `${!Name}` within `Fn::Sub`.
        if machine.definition.source == DefinitionSource::Text && given.values().all(|given| given.given.is_none()) {
            finding.severity(Severity::Warning);
        }
        match near {
            Some(near) => finding.help(format!("did you mean `${{{near}}}`?")),
            None => finding.help(format!("add `{name}: ...` to the DefinitionSubstitutions")),
        };
    }
}
