use crate::lint::Findings;
use crate::lint::rule::rule;
use crate::loaded::{LoadedStack, Place, below};
use crate::source::{Kind, Node};

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
            Some(resources) => look(index, resources, &mut "/Resources".to_owned(), findings),
            // Of a parameter's default and a description nobody says that they get to a service.
            None if template => {}
            None => look(index, root, &mut String::new(), findings),
        }
    }
}

fn look(document: usize, node: &Node, pointer: &mut String, findings: &mut Findings<'_>) {
    let length = pointer.len();
    match &node.kind {
        Kind::String(text) if node.tag.is_none() && is_placeholder(text) => {
            let place = Place { document, pointer: pointer.clone(), span: node.span };
            findings
                .add(place, format!("nothing replaces `{text}`: the service receives the placeholder"))
                .help("DefinitionSubstitutions replace `${Name}`");
        }
        Kind::Sequence(items) => {
            for (at, item) in items.iter().enumerate() {
                pointer.push_str(&format!("/{at}"));
                look(document, item, pointer, findings);
                pointer.truncate(length);
            }
        }
        Kind::Mapping(entries) => {
            for (key, value) in entries {
                pointer.push_str(&below("", key.as_str().unwrap_or_default()));
                look(document, value, pointer, findings);
                pointer.truncate(length);
            }
        }
        _ => {}
    }
}

fn is_placeholder(text: &str) -> bool {
    let name = text.strip_prefix("<<").and_then(|rest| rest.strip_suffix(">>"));
    name.is_some_and(|name| !name.is_empty() && name.chars().all(|c| c.is_ascii_alphanumeric() || " _-".contains(c)))
}
