use serde_json::{Map, Value, json};

use crate::eventbridge::CompiledPattern;
use crate::lint::rule::rule;
use crate::lint::{Findings, MachineView, StateView};
use crate::loaded::LoadedRule;

rule! {
    /// State machine that starts itself
    ///
    /// # What it does
    /// Reports calls that write to the bucket whose events start the state machine, if the rule's pattern matches the event that
    /// the write causes. A key that is built from constant strings and the event's own key is tested with keys that match the pattern.
    /// Reports nothing if the pattern filters on keys and the key of the write is unknown.
    ///
    /// Source: EventBridge's guide on [infinite loops](https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-rules.html).
    ///
    /// # Why is this bad
    /// Every execution starts another one, in an infinite loop, and each costs money.
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
                "`{call}` writes to the bucket whose events start this state machine, and `{}` matches the event of that write: it starts itself in an infinite loop",
                rule.logical_id
            );
            let place = machine.place(&state.pointer_to("Resource"), state.get("Resource").unwrap_or(state.node));
            findings
                .add(place, message)
                .help("write to another bucket, or narrow the pattern to keys that the workflow does not write");
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
        Key::Made(pieces) => {
            let conditions = pattern.pointer("/detail/object/key").and_then(Value::as_array).cloned();
            let event = |key: &str| {
                let detail = json!({"bucket": {"name": bucket}, "object": {"key": key, "size": 1}, "reason": reason});
                json!({"source": "aws.s3", "detail-type": kind, "detail": detail}).to_string()
            };
            let Ok(compiled) = CompiledPattern::parse(&pattern.to_string()) else { return false };
            let takes = |key: &str| compiled.matches(&event(key)).unwrap_or(false);
            // Some key that the pattern takes, and the key that is made of it.
            let samples = conditions.iter().flatten().map(sample).chain(["x".to_owned()]);
            return samples.into_iter().any(|key| takes(&key) && takes(&made(&pieces, &key)));
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
    /// One that executions make of these, one after the other.
    Made(Vec<Piece>),
    /// One of which nothing is known.
    Unknown,
}

/// A part of a key.
enum Piece {
    Text(String),
    /// The key of the event.
    OfEvent,
    /// Something else.
    Other,
}

/// A key that a condition of a pattern takes.
fn sample(condition: &Value) -> String {
    let of = |name: &str| condition.get(name).and_then(Value::as_str);
    match (condition.as_str(), of("prefix"), of("suffix"), of("wildcard")) {
        (Some(key), ..) => key.to_owned(),
        (_, Some(prefix), ..) => format!("{prefix}x"),
        (_, _, Some(suffix), _) => format!("x{suffix}"),
        (.., Some(wildcard)) => wildcard.replace('*', "x"),
        _ => "x".to_owned(),
    }
}

fn made(pieces: &[Piece], event_key: &str) -> String {
    let text = |piece: &Piece| match piece {
        Piece::Text(text) => text.clone(),
        Piece::OfEvent => event_key.to_owned(),
        // No condition asks for this by chance.
        Piece::Other => "\u{1}".to_owned(),
    };
    pieces.iter().map(text).collect()
}

/// The parts of `States.Format('thumbs/{}', $.detail.object.key)`.
fn formatted(call: &str) -> Option<Vec<Piece>> {
    let (template, arguments) = call.strip_prefix("States.Format('")?.strip_suffix(')')?.split_once('\'')?;
    if template.contains('\\') || arguments.contains('(') {
        return None;
    }
    let mut arguments = arguments.split(',').skip(1).map(str::trim);
    let mut pieces = Vec::new();
    for (at, text) in template.split("{}").enumerate() {
        if at > 0 {
            pieces.push(if arguments.next()? == "$.detail.object.key" { Piece::OfEvent } else { Piece::Other });
        }
        pieces.push(Piece::Text(text.to_owned()));
    }
    Some(pieces)
}

/// The parts of `{% 'thumbs/' & $states.input.detail.object.key %}`.
fn joined(expression: &str) -> Option<Vec<Piece>> {
    let inner = expression.strip_prefix("{%")?.strip_suffix("%}")?.trim();
    let piece = |part: &str| {
        let part = part.trim();
        let quoted = ['\'', '"'].iter().find_map(|quote| part.strip_prefix(*quote)?.strip_suffix(*quote));
        match quoted {
            Some(text) if !text.contains(['\'', '"', '\\']) => Piece::Text(text.to_owned()),
            _ if part == "$states.input.detail.object.key" => Piece::OfEvent,
            _ => Piece::Other,
        }
    };
    let known = !inner.contains(['(', '?', '[']);
    (known && inner.contains(" & ")).then(|| inner.split(" & ").map(piece).collect())
}

fn key(parameters: &Value) -> Key {
    let text = |name: &str| parameters.get(name).and_then(Value::as_str);
    match (text("Key"), text("Key.$")) {
        (Some(key), _) if !key.starts_with("{%") && !key.contains("${") => Key::Known(key.to_owned()),
        (Some("{% $states.input.detail.object.key %}"), _) | (_, Some("$.detail.object.key")) => Key::OfEvent,
        (Some(expression), _) if expression.starts_with("{%") => joined(expression).map_or(Key::Unknown, Key::Made),
        (_, Some(call)) => formatted(call).map_or(Key::Unknown, Key::Made),
        _ => Key::Unknown,
    }
}
