use crate::source::{Node, Span, Visit};

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
    /// The JSON Pointer of the value that holds it, below the value that was searched.
    pub pointer: String,
}

/// All references within a value, in the order of the text.
pub fn references(node: &Node) -> Vec<Reference> {
    let mut found = Vec::new();
    collect(node, "", &mut found);
    found
}

fn collect(root: &Node, pointer: &str, found: &mut Vec<Reference>) {
    root.visit(pointer, |Visit { node, pointer, .. }| {
        let Some(call) = Call::of(node).filter(Call::is_reference) else { return true };
        if call.name == "Sub" {
            sub(call, pointer, found);
            return false;
        }
        let named = match call.name {
            "Ref" => call.text().map(|name| (name, None, "Ref")),
            _ => call.attribute().map(|(name, attribute)| (name, Some(attribute.to_owned()), "GetAtt")),
        };
        found.extend(named.map(|(name, attribute, function)| {
            let (name, pointer) = (name.to_owned(), pointer.to_owned());
            Reference { name, attribute, function, span: node.span, pointer }
        }));
        false
    });
}

fn sub(call: Call<'_>, pointer: &str, found: &mut Vec<Reference>) {
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
        let (name, span, pointer) = (name.to_owned(), text.span, pointer.to_owned());
        found.push(Reference { name, attribute, function: "Sub", span, pointer });
    }
    given.iter().for_each(|(_, value)| collect(value, pointer, found));
}
