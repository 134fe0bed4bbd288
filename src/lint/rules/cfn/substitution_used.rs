use std::collections::HashSet;

use crate::lint::near::nearest;
use crate::lint::rule::rule;
use crate::lint::{Findings, Fix, MachineView};
use crate::loaded::{Place, placeholders};
use crate::source::{Node, Span};

rule! {
    /// Unused substitution
    ///
    /// # What it does
    /// Reports entries of `DefinitionSubstitutions` whose `${Name}` does not occur in the definition.
    ///
    /// Source: [DefinitionSubstitutions](https://docs.aws.amazon.com/serverless-application-model/latest/developerguide/sam-resource-statemachine.html).
    ///
    /// # Why is this bad
    /// Usually the definition contains a constant instead of the substitution, or spells its name differently.
    ///
    /// # Example
    /// ```yaml
    /// DefinitionUri: definitions/object_created.asl.json   # "TableName": "files"
    /// DefinitionSubstitutions:
    ///   TableName: !Ref FilesTable
    /// ```
    ///
    /// # Use instead
    /// ```yaml
    /// DefinitionUri: definitions/object_created.asl.json   # "TableName": "${TableName}"
    /// DefinitionSubstitutions:
    ///   TableName: !Ref FilesTable
    /// ```
    pub(super) static RULE: "CFN403", "substitution-not-used", Warning = Machine(check);
}

fn check(machine: &MachineView<'_>, findings: &mut Findings<'_>) {
    let used = collect(&machine.definition.root);
    let given: Vec<_> = machine.machine.substitutions.iter().filter(|(_, value)| value.given.is_some()).collect();
    for (name, substitution) in given.iter().filter(|(name, _)| !used.contains(name.as_str())) {
        let Some(place) = &substitution.given else { continue };
        let message = format!("the definition does not use `${{{name}}}`");
        let finding = findings.add(place.clone(), message);
        let free = used.iter().copied().filter(|used| !machine.machine.substitutions.contains_key(*used));
        if let Some(near) = nearest(name, free) {
            finding.help(format!("it uses `${{{near}}}`, which is not defined"));
        } else {
            // A mapping without entries would be a null.
            finding.help("use it, or remove it").fix((given.len() > 1).then(|| remove(machine, place)).flatten());
        }
    }
}

/// What the texts of a definition, its keys among them, name.
fn collect(root: &Node) -> HashSet<&str> {
    let keys = root.walk().flat_map(Node::entries).map(|(key, _)| key);
    let texts = root.walk().chain(keys).filter_map(Node::as_str);
    texts.flat_map(placeholders).map(|placeholder| placeholder.name).collect()
}

/// Removes an entry that has lines of its own to itself, in block style.
fn remove(machine: &MachineView<'_>, place: &Place) -> Option<Fix> {
    let document = machine.stack.documents.get(place.document).filter(|document| !document.json)?;
    let value = document.root.as_ref()?.pointer(&place.pointer)?;
    let text = &document.source.text;
    let start = text.get(..place.span.start)?.rfind('\n').map_or(0, |at| at + 1);
    let end = text.get(place.span.start..)?.find('\n').map(|at| place.span.start + at + 1)?;
    let alone = text[start..place.span.start].trim().is_empty() && value.span.end <= end && value.span.start < end;
    alone.then(|| Fix::replace(place.document, Span { start, end }, ""))
}
