//! Retries and catchers, in words.

use crate::aws::quota;
use crate::aws::states::error;
use crate::outline::StateView;
use crate::source::Node;

/// The errors that a retrier or a catcher takes.
pub(super) fn errors_of(node: &Node) -> String {
    let errors = node.get("ErrorEquals").map_or(&[][..], Node::items);
    let names: Vec<&str> = errors.iter().filter_map(Node::as_str).collect();
    if names == [error::ALL] { "any error".to_owned() } else { format!("`{}`", names.join("`, `")) }
}

/// The most waits that are listed.
const MOST_WAITS: u64 = 8;

/// The retriers of a state, in words, with the defaults of the
/// [documentation](https://docs.aws.amazon.com/step-functions/latest/dg/concepts-error-handling.html#error-handling-retrying-after-an-error).
pub(super) fn retries(state: &StateView<'_>) -> Vec<String> {
    use crate::source::Kind as NodeKind;
    let number = |node: &Node, field: &str, default: f64| match node.get(field).map(|node| &node.kind) {
        None => Some(default),
        Some(NodeKind::Integer(number)) => Some(*number as f64),
        Some(NodeKind::Float(number)) => Some(*number),
        Some(_) => None,
    };
    let words = |retrier: &Node| {
        let attempts = number(retrier, "MaxAttempts", 3.0)?.clamp(0.0, f64::from(quota::NUMBER)) as u64;
        let (first, rate) = (number(retrier, "IntervalSeconds", 1.0)?, number(retrier, "BackoffRate", 2.0)?);
        let longest = number(retrier, "MaxDelaySeconds", f64::MAX)?;
        if attempts == 0 {
            return Some(format!("{}: not tried again.", errors_of(retrier)));
        }
        let mut waits = Vec::new();
        let (mut wait, mut all) = (first, 0.0);
        for attempt in 0..attempts.min(1000) {
            let this = wait.min(longest);
            all += this;
            if attempt < MOST_WAITS {
                waits.push(format!("{}", (this * 100.0).round() / 100.0));
            }
            wait *= rate;
        }
        let more = if attempts > MOST_WAITS { ", ..." } else { "" };
        let random = match retrier.get("JitterStrategy").and_then(Node::as_str) {
            Some("FULL") => ", each a random time up to that",
            _ => "",
        };
        Some(format!(
            "{}: tried again {attempts} times, after {}{more} seconds{random}: {} seconds in all at most.",
            errors_of(retrier),
            waits.join(", "),
            all.round()
        ))
    };
    state.get("Retry").map_or(&[][..], Node::items).iter().filter_map(words).collect()
}
