use serde_json::{Map, Value, json};

use crate::eventbridge::CompiledPattern;
use crate::lint::rule::rule;
use crate::lint::{Findings, MachineView, StateView};
use crate::loaded::LoadedRule;

rule! {
    /// State machine that starts itself
    ///
    /// # What it does
    /// Looks for calls that write to the bucket whose events start the state machine, where the rule's pattern lets the event of that
    /// call through. Where the key that is written is not known, and the pattern asks for keys, it is silent.
    ///
    /// Source: EventBridge's guide on [infinite loops](https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-rules.html).
    ///
    /// # Why is this bad
    /// Every execution starts another one, without end, and each costs money.
    ///
    /// # Example
    /// ```yaml
    /// Pattern: {source: [aws.s3], detail-type: [Object Created], detail: {bucket: {name: [!Ref FilesBucket]}}}
    /// # and in the definition: s3:putObject into FilesBucket, `thumbnails/...`
    /// ```
    ///
    /// # Use instead
    /// ```yaml
    /// Pattern:
    ///   source: [aws.s3]
    ///   detail-type: [Object Created]
    ///   detail: {bucket: {name: [!Ref FilesBucket]}, object: {key: [{prefix: uploads/}]}}
    /// ```
    pub(super) static RULE: "EVT506", "event-loop", Warning = State(check);
}

/// The calls that change an object, with the kind and the reason of the event that tells of it.
const CALLS: [(&str, &str, &str); 7] = [
    ("putObject", "Object Created", "PutObject"),
    ("copyObject", "Object Created", "CopyObject"),
    ("completeMultipartUpload", "Object Created", "CompleteMultipartUpload"),
    ("deleteObject", "Object Deleted", "DeleteObject"),
    ("putObjectTagging", "Object Tags Added", ""),
    ("deleteObjectTagging", "Object Tags Deleted", ""),
    ("putObjectAcl", "Object ACL Updated", ""),
];

fn check(state: &StateView<'_>, machine: &MachineView<'_>, findings: &mut Findings<'_>) {
    let action = state.get("Resource").and_then(|node| node.as_str()).and_then(|text| text.split("aws-sdk:s3:").nth(1));
    let Some((call, kind, reason)) = CALLS.into_iter().find(|(call, ..)| action == Some(*call)) else { return };
    let Some(definition) = machine.machine.definition() else { return };
    let Some(state_now) = definition.pointer(&state.pointer) else { return };
    let Some(parameters) = state_now.get("Parameters").or_else(|| state_now.get("Arguments")) else { return };
    for rule in machine.stack.rules.iter().filter(|rule| rule.enabled && !rule.own_bus) {
        let starts = rule
            .targets
            .iter()
            .any(|target| target.logical_id.is_some() && target.logical_id == machine.machine.logical_id);
        if starts && lets_through(rule, parameters, kind, reason) {
            let message = format!(
                "`{call}` writes to the bucket whose events start this state machine, and `{}` lets its event through: it starts itself again and again",
                rule.logical_id
            );
            let place = machine.place(&state.pointer_to("Resource"), state.get("Resource").unwrap_or(state.node));
            findings
                .add(place, message)
                .help("write to another bucket, or let the pattern take only keys that are not written");
            return;
        }
    }
}

/// Whether the event of a call is one that a rule takes.
fn lets_through(rule: &LoadedRule, parameters: &Value, kind: &str, reason: &str) -> bool {
    let Some((pattern, _)) = &rule.pattern else { return false };
    let buckets = pattern.pointer("/detail/bucket/name").and_then(Value::as_array).map_or(&[][..], Vec::as_slice);
    let Some(bucket) = bucket(parameters, buckets) else { return false };
    let mut pattern = pattern.clone();
    let object = pattern.pointer_mut("/detail/object").and_then(Value::as_object_mut);
    let key = match key(parameters) {
        Key::Known(key) => key,
        // The event's own key is one that the pattern takes.
        Key::OfEvent => {
            object.map(|object| object.remove("key"));
            String::new()
        }
        Key::Unknown if pattern.to_string().contains("\"key\"") => return false,
        Key::Unknown => String::new(),
    };
    if pattern.pointer("/detail/object").is_some_and(|object| object.as_object().is_some_and(Map::is_empty)) {
        pattern["detail"].as_object_mut().map(|detail| detail.remove("object"));
    }
    let mut detail = json!({"bucket": {"name": bucket}, "object": {"key": key, "size": 1}});
    if !reason.is_empty() {
        detail["reason"] = reason.into();
    }
    let event = json!({"source": "aws.s3", "detail-type": kind, "detail": detail});
    CompiledPattern::parse(&pattern.to_string())
        .is_ok_and(|pattern| pattern.matches(&event.to_string()).unwrap_or(false))
}

/// The bucket that a call writes to, if it is one that the pattern names: by its name, or as the event's own.
fn bucket(parameters: &Value, named: &[Value]) -> Option<String> {
    let first = named.first()?.as_str()?;
    let text = |name: &str| parameters.get(name).and_then(Value::as_str);
    if let Some(written) = text("Bucket") {
        let of_event = written.starts_with("{%") && written.contains("detail.bucket.name");
        return if of_event {
            Some(first.to_owned())
        } else {
            named.iter().any(|name| name == written).then(|| written.to_owned())
        };
    }
    text("Bucket.$").filter(|path| path.ends_with(".detail.bucket.name")).map(|_| first.to_owned())
}

/// The key that a call writes.
enum Key {
    /// This one.
    Known(String),
    /// That of the event.
    OfEvent,
    /// One that executions make.
    Unknown,
}

fn key(parameters: &Value) -> Key {
    let text = |name: &str| parameters.get(name).and_then(Value::as_str);
    match (text("Key"), text("Key.$")) {
        (Some(key), _) if !key.starts_with("{%") && !key.contains("${") => Key::Known(key.to_owned()),
        (Some("{% $states.input.detail.object.key %}"), _) | (_, Some("$.detail.object.key")) => Key::OfEvent,
        _ => Key::Unknown,
    }
}
