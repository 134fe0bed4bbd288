use crate::aws::states::StateType;
use crate::lint::rule::rule;
use crate::lint::view::unknown;
use crate::lint::{Findings, MachineView, StateView};

rule! {
    /// Invalid timestamp
    ///
    /// # What it does
    /// Checks that the `Timestamp` of a Wait state is an RFC 3339 timestamp with a capital `T` between date and time, followed by a
    /// capital `Z` or an offset.
    ///
    /// Source: [the Wait state](https://docs.aws.amazon.com/step-functions/latest/dg/state-wait.html).
    ///
    /// # Why is this bad
    /// Step Functions refuses the definition.
    ///
    /// # Example
    /// ```json
    /// "Wait": { "Type": "Wait", "Timestamp": "2026-01-02 03:04", "End": true }
    /// ```
    ///
    /// # Use instead
    /// ```json
    /// "Wait": { "Type": "Wait", "Timestamp": "2026-01-02T03:04:00Z", "End": true }
    /// ```
    pub(super) static RULE: "ASL027", "timestamp", Error = State(check);
}

fn check(state: &StateView<'_>, machine: &MachineView<'_>, findings: &mut Findings<'_>) {
    let Some(node) = state.get("Timestamp").filter(|node| state.is(StateType::Wait) && !unknown(node)) else { return };
    let Some(text) = node.as_str().map(|text| literal(text).unwrap_or(text)) else { return };
    if text.starts_with("{%") || is_timestamp(text) {
        return;
    }
    let finding = findings
        .add(machine.place(&state.pointer_to("Timestamp"), node), "invalid timestamp: the definition is refused");
    if text.starts_with('$') {
        finding.help("`TimestampPath` takes a path");
    } else {
        finding.help("write it as `2026-01-02T03:04:05Z`");
    }
}

/// The text that an expression of JSONata is, where it is nothing but a text in quotes.
fn literal(expression: &str) -> Option<&str> {
    let inner = expression.strip_prefix("{%")?.strip_suffix("%}")?.trim();
    let quote = inner.chars().next().filter(|c| matches!(c, '\'' | '"'))?;
    let text = inner.strip_prefix(quote)?.strip_suffix(quote)?;
    (!text.contains([quote, '\\'])).then_some(text)
}

/// Whether a text is a time as the States Language wants it.
pub(super) fn is_timestamp(text: &str) -> bool {
    let shape = |text: &str, shape: &str| {
        text.len() == shape.len()
            && text
                .bytes()
                .zip(shape.bytes())
                .all(|(byte, of)| if of == b'0' { byte.is_ascii_digit() } else { byte == of })
    };
    let (Some(start), Some(rest)) = (text.get(..19), text.get(19..)) else { return false };
    let fraction = rest.strip_prefix('.').map(|rest| rest.trim_start_matches(|c: char| c.is_ascii_digit()));
    let zone = fraction.unwrap_or(rest);
    let whole = fraction.is_none_or(|zone| rest.len() > zone.len() + 1);
    let written =
        shape(start, "0000-00-00T00:00:00") && whole && (zone == "Z" || shape(zone, "+00:00") || shape(zone, "-00:00"));
    // A day that no calendar has is no time either.
    written && chrono::NaiveDateTime::parse_from_str(start, "%Y-%m-%dT%H:%M:%S").is_ok()
}

#[cfg(test)]
mod tests {
    use super::is_timestamp;

    #[test]
    fn times() {
        for text in ["2026-01-02T03:04:05Z", "2026-01-02T03:04:05.123Z", "2026-01-02T03:04:05+01:00"] {
            assert!(is_timestamp(text), "{text}");
        }
        for text in [
            "2026-01-02",
            "2026-02-30T03:04:05Z",
            "2026-13-01T03:04:05Z",
            "2026-01-02T25:04:05Z",
            "2026-01-02 03:04:05Z",
            "2026-01-02T03:04:05",
            "2026-01-02T03:04:05.Z",
            "",
            "é026-01-02T03:04:05Z",
        ] {
            assert!(!is_timestamp(text), "{text}");
        }
    }
}
