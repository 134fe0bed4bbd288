use crate::source::{Kind, Node, Span};

use super::intrinsic::Call;
use super::placeholder::placeholders;

/// A place in a template that names a parameter or a resource.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Reference {
    /// The parameter, pseudo parameter or resource.
    pub name: String,
    /// The attribute, of `GetAtt` and of `${Resource.Attribute}`.
    pub attribute: Option<String>,
    /// The function: `Ref`, `GetAtt` or `Sub`.
    pub function: &'static str,
    /// Where it is.
    pub span: Span,
}

/// All references within a value, in the order of the text.
pub fn references(node: &Node) -> Vec<Reference> {
    let mut found = Vec::new();
    collect(node, &mut found);
    found
}

fn collect(node: &Node, found: &mut Vec<Reference>) {
    if let Some(call) = Call::of(node) {
        match call.name {
            "Ref" => {
                if let Some(name) = call.text() {
                    found.push(Reference { name: name.to_owned(), attribute: None, function: "Ref", span: node.span });
                }
                return;
            }
            "GetAtt" => {
                if let Some((name, attribute)) = call.attribute() {
                    let (name, attribute) = (name.to_owned(), Some(attribute.to_owned()));
                    found.push(Reference { name, attribute, function: "GetAtt", span: node.span });
                }
                return;
            }
            "Sub" => return sub(call, found),
            _ => {}
        }
    }
    match &node.kind {
        Kind::Sequence(items) => items.iter().for_each(|item| collect(item, found)),
        Kind::Mapping(entries) => entries.iter().for_each(|(_, value)| collect(value, found)),
        _ => {}
    }
}

fn sub(call: Call<'_>, found: &mut Vec<Reference>) {
    let Some((text, given)) = call.sub() else { return };
    for placeholder in placeholders(text.as_str().unwrap_or_default()) {
        let name = placeholder.name;
        if name.starts_with('!') || given.iter().any(|(key, _)| key.as_str() == Some(name)) {
            continue;
        }
        let (name, attribute) = match name.split_once('.') {
            Some((name, attribute)) => (name, Some(attribute.to_owned())),
            None => (name, None),
        };
        found.push(Reference { name: name.to_owned(), attribute, function: "Sub", span: text.span });
    }
    given.iter().for_each(|(_, value)| collect(value, found));
}
