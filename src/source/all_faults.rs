use super::{Fault, Kind, Node, Span};

/// The most faults that are told: whoever has more has another kind of file.
const MOST: usize = 20;

/// How often a text is read at most: faults that only follow from others count as well.
const ROUNDS: usize = 100;

/// All faults of a text, of which reading finds one at a time, in their order: what is wrong is left out, and the rest read again.
pub fn all_faults(mut root: Node, read: impl Fn(&Node) -> Result<(), Fault>) -> Vec<Fault> {
    let mut faults: Vec<Fault> = Vec::new();
    for _ in 0..ROUNDS {
        let Err(fault) = read(&root) else { break };
        let span = fault.span;
        if !follows(&fault, &faults) {
            faults.push(fault);
        }
        if faults.len() == MOST || !span.is_some_and(|span| leave_out(&mut root, span)) {
            break;
        }
    }
    faults.sort_by_key(|fault| fault.span.map(|span| span.start));
    faults
}

/// Whether a fault is about a value that something was left out of: then it is perhaps only that which is missing.
fn follows(fault: &Fault, others: &[Fault]) -> bool {
    let Some(outer) = fault.span else { return !others.is_empty() };
    let is_inside = |inner: Span| outer.start <= inner.start && inner.end <= outer.end;
    others.iter().filter_map(|other| other.span).any(is_inside)
}

/// Takes the value or the key that stands at a place out of the tree; whether there was one.
fn leave_out(node: &mut Node, span: Span) -> bool {
    match &mut node.kind {
        Kind::Mapping(entries) => {
            match entries.iter().position(|(key, value)| key.span == span || value.span == span) {
                Some(at) => {
                    entries.remove(at);
                    true
                }
                None => entries.iter_mut().any(|(_, value)| leave_out(value, span)),
            }
        }
        Kind::Sequence(items) => match items.iter().position(|item| item.span == span) {
            Some(at) => {
                items.remove(at);
                true
            }
            None => items.iter_mut().any(|item| leave_out(item, span)),
        },
        _ => false,
    }
}
