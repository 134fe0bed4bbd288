use serde_json::Value;

use crate::diagnostic::Severity;
use crate::eventbridge::s3::pattern_faults;
use crate::lint::Findings;
use crate::lint::rule::rule;
use crate::loaded::{Call, LoadedRule, LoadedStack, Place};
use crate::source::{below, tokens};

rule! {
    /// Event pattern that never matches
    ///
    /// # What it does
    /// Checks the patterns of rules for S3 events against the fields of these events and the values that each field can have, for
    /// each kind of event that the pattern allows. S3 adds fields, values and kinds of event over time, so an unknown one is a
    /// warning; a condition that does not fit the field's type is an error. Source: S3's [event
    /// structure](https://docs.aws.amazon.com/AmazonS3/latest/userguide/ev-events.html), in `events.json` with its date.
    ///
    /// # Why is this bad
    /// EventBridge accepts any pattern with valid syntax. The rule exists, and never starts anything.
    ///
    /// # Example
    /// ```yaml
    /// Pattern:
    ///   source: [aws.s3]
    ///   detail-type: [Object created]
    /// ```
    ///
    /// # Use instead
    /// ```yaml
    /// Pattern:
    ///   source: [aws.s3]
    ///   detail-type: [Object Created]
    /// ```
    pub(super) static RULE: "EVT502", "pattern-never-matches", Error = Stack(check);
}

fn check(stack: &LoadedStack, findings: &mut Findings<'_>) {
    for rule in &stack.rules {
        let Some((pattern, place)) = &rule.pattern else { continue };
        if crate::eventbridge::CompiledPattern::parse(&pattern.to_string()).is_err() || !is_about_s3(rule, pattern) {
            continue;
        }
        for fault in pattern_faults(pattern) {
            let Some(place) = within(stack, place, &fault.pointer) else { continue };
            let finding = findings.add(place, format!("`{}` never matches this: {}", rule.logical_id, fault.why));
            if fault.added {
                finding.severity(Severity::Warning);
            }
            if let Some(instead) = fault.instead {
                finding.help(format!("did you mean `{instead}`?"));
            }
        }
    }
}

/// Fields of what CloudTrail says about a call.
const CLOUD_TRAIL: [&str; 8] = [
    "eventName",
    "eventSource",
    "eventType",
    "requestParameters",
    "responseElements",
    "userIdentity",
    "errorCode",
    "readOnly",
];

/// Whether a pattern surely waits for S3's own events: by its source, or, where that is misspelt, by what else it says. Events of
/// one's own have any shape, and those that CloudTrail records have another.
fn is_about_s3(rule: &LoadedRule, pattern: &Value) -> bool {
    let texts = |pointer: &str| {
        let list = pattern.pointer(pointer).and_then(Value::as_array);
        list.into_iter().flatten().filter_map(Value::as_str).collect::<Vec<_>>()
    };
    if texts("/detail-type").iter().any(|kind| kind.contains("CloudTrail")) || rule.event_bus.is_some() {
        return false;
    }
    // CloudTrail's events have the same source.
    let recorded =
        CLOUD_TRAIL.iter().any(|field| pattern.pointer("/detail").is_some_and(|detail| detail.get(field).is_some()));
    if recorded && pattern.get("detail-type").is_none() {
        return false;
    }
    let sources = texts("/source");
    let only_s3 = !sources.is_empty() && sources.iter().all(|source| *source == "aws.s3");
    // A source that the account's own events may have is none of AWS's; one like S3's is.
    let like_s3 =
        !sources.is_empty() && sources.iter().all(|source| source.eq_ignore_ascii_case("aws.s3") || *source == "s3");
    let kinds = texts("/detail-type");
    let of_objects = !kinds.is_empty() && kinds.iter().all(|kind| kind.starts_with("Object "));
    only_s3
        || (like_s3 && pattern.pointer("/detail/bucket").is_some())
        || (of_objects && pattern.pointer("/detail/bucket").is_some())
}

/// The place of a part of a pattern, as far as the template spells it out. `None` if a function decides.
fn within(stack: &LoadedStack, place: &Place, pointer: &str) -> Option<Place> {
    let mut found = place.clone();
    let mut node = stack.documents.get(place.document)?.root.as_ref()?.pointer(&place.pointer)?;
    if Call::of(node).is_some() {
        return None;
    }
    for name in tokens(pointer) {
        let entry = node.entries().iter().find(|(key, _)| key.as_str() == Some(name.as_str()));
        let (span, next) = match entry {
            Some((key, value)) => (key.span, value),
            None => match node.items().get(name.parse::<usize>().unwrap_or(usize::MAX)) {
                Some(item) => (item.span, item),
                None => break,
            },
        };
        found = Place { document: place.document, pointer: format!("{}{}", found.pointer, below("", &name)), span };
        if Call::of(next).is_some() {
            return None;
        }
        node = next;
    }
    Some(found)
}
