use crate::lint::Findings;
use crate::lint::rule::rule;
use crate::loaded::{LoadedStack, Place};
use crate::source::{Node, Visit};

rule! {
    /// Placeholder that nothing replaces
    ///
    /// # What it does
    /// Reports strings such as `<<TABLE_NAME>>` in definitions and in the resources of templates. (Outside quotes they are invalid JSON:
    /// [ASL001](#asl001-syntax).)
    ///
    /// Source: [DefinitionSubstitutions](https://docs.aws.amazon.com/serverless-application-model/latest/developerguide/sam-resource-statemachine.html).
    ///
    /// # Why is this bad
    /// Neither CloudFormation nor SAM replaces the placeholder: the service receives it as it is.
    ///
    /// # Example
    /// ```json
    /// "TableName": "<<TABLE_NAME>>"
    /// ```
    ///
    /// # Use instead
    /// ```json
    /// "TableName": "${TableName}"
    /// ```
    pub(super) static RULE: "CFN407", "placeholder", Error = Stack(check);
}

fn check(stack: &LoadedStack, findings: &mut Findings<'_>) {
    for (index, document) in stack.documents.iter().enumerate() {
        let Some(root) = document.root.as_ref().filter(|_| document.source.text.contains("<<")) else { continue };
        let template = stack.is_template(index);
        match root.get("Resources").filter(|_| template) {
            Some(resources) => look(index, resources, "/Resources", findings),
            // Of a parameter's default and a description nobody says that they get to a service.
            None if template => {}
            None => look(index, root, "", findings),
        }
    }
}

fn look(document: usize, root: &Node, pointer: &str, findings: &mut Findings<'_>) {
    root.visit(pointer, |Visit { node, pointer, .. }| {
        if let Some(text) = node.as_str().filter(|text| node.tag.is_none() && is_placeholder(text)) {
            let place = Place { document, pointer: pointer.to_owned(), span: node.span };
            findings
                .add(place, format!("nothing replaces `{text}`: the service receives the placeholder"))
                .help("DefinitionSubstitutions replace `${Name}`");
        }
        true
    });
}

fn is_placeholder(text: &str) -> bool {
    let name = text.strip_prefix("<<").and_then(|rest| rest.strip_suffix(">>"));
    name.is_some_and(|name| !name.is_empty() && name.chars().all(|c| c.is_ascii_alphanumeric() || " _-".contains(c)))
}
