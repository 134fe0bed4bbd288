//! Names that an expression reads from a document that Step Functions does not give it.
//!
//! JSONata reads a name that nothing stands in front of from its input document. Step Functions has none: everything is in `$states` and
//! in variables, so it refuses such a name, and `$$`, which is that document itself.

use jsonata_core::ast::{AstNode, BinaryOp, PathStep};

/// What an expression reads from the document that is not there.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Bare {
    /// A name: `phone`.
    Name(String),
    /// What a name with a hyphen comes to: `$states.input.version-id` subtracts `id`.
    Subtracted(String),
    /// `$$`.
    Root,
}

/// How deep expressions are looked at.
const MAX_DEPTH: usize = 200;

/// What an expression reads from its document. Inside of paths, predicates and functions names belong to a value, and are not looked at.
pub(super) fn bare(expression: &AstNode) -> Vec<Bare> {
    let mut found = Vec::new();
    look(expression, 0, &mut found);
    found
}

fn look(node: &AstNode, depth: usize, found: &mut Vec<Bare>) {
    if depth > MAX_DEPTH {
        return;
    }
    let mut inner = |node: &AstNode| look(node, depth + 1, found);
    match node {
        AstNode::Name(name) => found.push(Bare::Name(name.clone())),
        AstNode::ParentVariable(_) => found.push(Bare::Root),
        AstNode::Variable(name) if name == "$" => found.push(Bare::Root),
        // Only the first step is read from the document; the others from what it gave.
        AstNode::Path { steps } => {
            if let Some(PathStep { node, .. }) = steps.first() {
                inner(node);
            }
        }
        AstNode::Binary { op: BinaryOp::Subtract, lhs, rhs } => {
            inner(lhs);
            match first_name(rhs) {
                Some(name) if ends_in_name(lhs) => found.push(Bare::Subtracted(name.to_owned())),
                _ => look(rhs, depth + 1, found),
            }
        }
        AstNode::Binary { op: BinaryOp::ColonEqual, rhs, .. } => inner(rhs),
        AstNode::Binary { lhs, rhs, .. } => {
            inner(lhs);
            inner(rhs);
        }
        AstNode::Unary { operand, .. } => inner(operand),
        AstNode::Function { args, .. } | AstNode::Call { args, .. } => args.iter().for_each(inner),
        AstNode::Array(items) | AstNode::Block(items) => items.iter().for_each(inner),
        AstNode::Object(pairs) => pairs.iter().for_each(|(key, value)| {
            inner(key);
            inner(value);
        }),
        AstNode::ObjectTransform { input, .. } | AstNode::Sort { input, .. } => inner(input),
        AstNode::Conditional { condition, then_branch, else_branch } => {
            inner(condition);
            inner(then_branch);
            if let Some(branch) = else_branch {
                inner(branch);
            }
        }
        _ => {}
    }
}

/// The name that a path begins with.
fn first_name(node: &AstNode) -> Option<&str> {
    match node {
        AstNode::Name(name) => Some(name),
        AstNode::Path { steps } => steps.first().and_then(|step| first_name(&step.node)),
        _ => None,
    }
}

fn ends_in_name(node: &AstNode) -> bool {
    matches!(node, AstNode::Path { steps } if matches!(steps.last(), Some(PathStep { node: AstNode::Name(_), stages, .. }) if stages.is_empty()))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn found(text: &str) -> Vec<Bare> {
        bare(&jsonata_core::parser::parse(text).unwrap())
    }

    #[test]
    fn names_of_no_document() {
        let name = |name: &str| Bare::Name(name.to_owned());
        assert_eq!(found("phone"), [name("phone")]);
        assert_eq!(found("phone.number"), [name("phone")]);
        assert_eq!(found("{'x': phone}"), [name("phone")]);
        assert_eq!(found("$uppercase(phone) & 'x'"), [name("phone")]);
        assert_eq!(found("$states.input.a ? [phone] : 1"), [name("phone")]);
        assert_eq!(found("$$"), [Bare::Root]);
        assert_eq!(found("$$.phone"), [Bare::Root]);
        assert_eq!(found("$states.input.detail.object.version-id"), [Bare::Subtracted("id".to_owned())]);
    }

    #[test]
    fn names_of_a_value() {
        for text in [
            "$states.input.phone",
            "$states.input.items[price > 3].name",
            "$map($states.input.items, function($item) { $item.name })",
            "$states.input.items.{'name': name}",
            "$states.input.items{name: price}",
            "$states.input.items^(price)",
            "($total := $states.input.total; $total - $states.input.paid)",
            "$states.input.detail.object.`version-id`",
            "$filter($states.input.items, function($i) { price > 3 })",
        ] {
            assert_eq!(found(text), [], "{text}");
        }
    }
}
