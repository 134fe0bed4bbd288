//! `#{Name}`, which the plugins serverless-pseudo-parameters and serverless-cf-vars make CloudFormation's `${Name}` of, in an `Fn::Sub`
//! (their READMEs, read 2026-11-30).

use std::sync::LazyLock;

use regex::Regex;

use crate::loaded::intrinsic::Call;
use crate::source::{Kind, Node};

use super::made::{mapping, text};

static REFERENCE: LazyLock<Option<Regex>> = LazyLock::new(|| Regex::new(r"#\{([A-Za-z][A-Za-z0-9:.]*)\}").ok());

/// The value as these plugins leave it.
pub(super) fn substituted(node: Node) -> Node {
    let call = Call::of(&node).filter(|call| call.name == "Sub").map(|call| call.short);
    let Node { kind, span, tag } = node;
    let kind = match (kind, call) {
        (kind, Some(true)) => return argument(Node { kind, span, tag }),
        (Kind::Mapping(entries), Some(false)) => {
            Kind::Mapping(entries.into_iter().map(|(key, value)| (key, argument(value))).collect())
        }
        (Kind::String(said), None) => match references(&said) {
            Some(made) => return mapping(vec![(text("Fn::Sub", span), text(&made, span))], span),
            None => Kind::String(said),
        },
        (Kind::Sequence(items), None) => Kind::Sequence(items.into_iter().map(substituted).collect()),
        (Kind::Mapping(entries), None) => {
            Kind::Mapping(entries.into_iter().map(|(key, value)| (key, substituted(value))).collect())
        }
        (other, _) => other,
    };
    Node { kind, span, tag }
}

/// What `Fn::Sub` is given: a text, or a text with the values of its names.
fn argument(node: Node) -> Node {
    let Node { kind, span, tag } = node;
    let kind = match kind {
        Kind::String(said) => Kind::String(references(&said).unwrap_or(said)),
        Kind::Sequence(items) => {
            let mut items = items.into_iter();
            let text = items.next().map(argument);
            Kind::Sequence(text.into_iter().chain(items.map(substituted)).collect())
        }
        other => other,
    };
    Node { kind, span, tag }
}

/// A text with its `#{Name}` written as CloudFormation writes them, if it has any.
fn references(said: &str) -> Option<String> {
    if !said.contains("#{") {
        return None;
    }
    let pattern = REFERENCE.as_ref().filter(|pattern| pattern.is_match(said))?;
    Some(pattern.replace_all(said, "$${$1}").into_owned())
}
