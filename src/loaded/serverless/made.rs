//! The nodes of a template that is made.

use crate::aws::ResourceType;
use crate::source::{Kind, Node, Span};

pub(super) fn text(text: &str, span: Span) -> Node {
    Node { kind: Kind::String(text.to_owned()), span, tag: None }
}

pub(super) fn mapping(entries: Vec<(Node, Node)>, span: Span) -> Node {
    Node { kind: Kind::Mapping(entries), span, tag: None }
}

pub(super) fn resource(resource_type: ResourceType, properties: Node, span: Span) -> Node {
    mapping(
        vec![(text("Type", span), text(resource_type.as_str(), span)), (text("Properties", span), properties)],
        span,
    )
}
