use crate::source::{Kind, Node, Span};

use super::intrinsic::Call;
use super::placeholder::placeholders;
use crate::source::below;

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
    /// The JSON Pointer of the value that holds it, below the value that was searched.
    pub pointer: String,
}

/// All references within a value, in the order of the text.
pub fn references(node: &Node) -> Vec<Reference> {
    let mut found = Vec::new();
    collect(node, &mut String::new(), &mut found);
    found
}

fn collect(node: &Node, pointer: &mut String, found: &mut Vec<Reference>) {
    if let Some(call) = Call::of(node) {
        match call.name {
            "Ref" => {
                if let Some(name) = call.text() {
                    let (name, pointer) = (name.to_owned(), pointer.clone());
                    found.push(Reference { name, attribute: None, function: "Ref", span: node.span, pointer });
                }
                return;
            }
            "GetAtt" => {
                if let Some((name, attribute)) = call.attribute() {
                    let (name, attribute) = (name.to_owned(), Some(attribute.to_owned()));
                    let (span, pointer) = (node.span, pointer.clone());
                    found.push(Reference { name, attribute, function: "GetAtt", span, pointer });
                }
                return;
            }
            "Sub" => return sub(call, pointer, found),
            _ => {}
        }
    }
    let length = pointer.len();
    match &node.kind {
        Kind::Sequence(items) => {
            for (at, item) in items.iter().enumerate() {
                pointer.push_str(&format!("/{at}"));
                collect(item, pointer, found);
                pointer.truncate(length);
            }
        }
        Kind::Mapping(entries) => {
            for (key, value) in entries {
                pointer.push_str(&below("", key.as_str().unwrap_or_default()));
                collect(value, pointer, found);
                pointer.truncate(length);
            }
        }
        _ => {}
    }
}

fn sub(call: Call<'_>, pointer: &mut String, found: &mut Vec<Reference>) {
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
        let (name, span, pointer) = (name.to_owned(), text.span, pointer.clone());
        found.push(Reference { name, attribute, function: "Sub", span, pointer });
    }
    given.iter().for_each(|(_, value)| collect(value, pointer, found));
}
