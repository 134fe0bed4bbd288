//! Objects that a stack's rules take: a key, a size and a reason for each rule.

use serde_json::{Value, json};

use crate::cost::CostError;
use crate::eventbridge::DetailType;
use crate::loaded::LoadedStack;
use crate::simulate::stack::RunnableStack;

/// A key such as files have.
const KEY: &str = "photos/2024/summer/IMG_0001.jpg";

/// What an object is like.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Sample {
    pub(super) key: String,
    pub(super) size: u64,
    pub(super) reason: Option<&'static str>,
    /// What else of the event a pattern names: pointers and values.
    pub(super) fields: Vec<(Vec<String>, Value)>,
}

impl Sample {
    /// The event of an upload, with what the sample says of it.
    pub(super) fn applied(&self, mut event: Value) -> Value {
        if let Some(reason) = self.reason {
            event["detail"]["reason"] = reason.into();
        }
        for (path, value) in &self.fields {
            let mut at = &mut event;
            for step in path {
                if !at.is_object() {
                    *at = json!({});
                }
                at = &mut at[step.as_str()];
            }
            *at = value.clone();
        }
        event
    }
}

/// Objects that may be what the rules of a stack want: the usual one first, then for each pattern what it names.
pub(super) fn samples(stack: &LoadedStack) -> Vec<Sample> {
    let mut samples = vec![Sample { key: KEY.to_owned(), size: 1 << 20, reason: None, fields: Vec::new() }];
    for (pattern, _) in stack.rules.iter().filter_map(|rule| rule.pattern.as_ref()) {
        let object = &pattern["detail"]["object"];
        let fields = literals(pattern);
        let mut keys: Vec<String> = matchers(&object["key"]).filter_map(key).collect();
        if keys.is_empty() {
            keys.push(KEY.to_owned());
        }
        let mut sizes: Vec<u64> = matchers(&object["size"]).flat_map(sizes).collect();
        sizes.insert(0, 1 << 20);
        for key in keys.into_iter().take(4) {
            for size in sizes.iter().take(4) {
                for reason in
                    [None, Some("PutObject"), Some("CompleteMultipartUpload"), Some("CopyObject"), Some("POST Object")]
                {
                    samples.push(Sample { key: key.clone(), size: *size, reason, fields: fields.clone() });
                }
            }
        }
    }
    samples
}

/// The first object for each set of rules that takes an upload. `event` makes the event of an upload.
pub(super) fn taken(
    stack: &RunnableStack,
    samples: Vec<Sample>,
    event: &dyn Fn(&Sample) -> Result<Value, CostError>,
) -> Result<Vec<Sample>, CostError> {
    let mut seen: Vec<Vec<String>> = vec![Vec::new()];
    let mut taken = Vec::new();
    for sample in samples.into_iter().take(400) {
        let event = event(&sample)?;
        let Ok(rules) = stack.matching(&event) else { continue };
        let rules: Vec<String> = rules.map(|rule| rule.logical_id.clone()).collect();
        if !seen.contains(&rules) {
            seen.push(rules);
            taken.push(sample);
        }
    }
    Ok(taken)
}

fn matchers(value: &Value) -> impl Iterator<Item = &Value> {
    value.as_array().into_iter().flatten()
}

/// What a pattern wants of an event by its very value, but for what uploads are made with anyway.
fn literals(pattern: &Value) -> Vec<(Vec<String>, Value)> {
    const MADE: [&str; 6] =
        ["source", "detail-type", "detail/bucket/name", "detail/object/key", "detail/object/size", "detail/reason"];
    let mut found = Vec::new();
    let mut open = vec![(Vec::new(), pattern)];
    while let Some((path, value)) = open.pop() {
        match value {
            Value::Object(fields) => {
                let below = |name: &String| path.iter().chain([name]).cloned().collect::<Vec<String>>();
                open.extend(fields.iter().map(|(name, value)| (below(name), value)));
            }
            Value::Array(matchers) if !MADE.contains(&path.join("/").as_str()) => {
                let literal = matchers.iter().find(|matcher| matcher.is_string() || matcher.is_number());
                found.extend(literal.map(|literal| (path, literal.clone())));
            }
            _ => {}
        }
    }
    found
}

/// A key that a matcher takes, where that is easily said.
fn key(matcher: &Value) -> Option<String> {
    let text = |name: &str| {
        let value = &matcher[name];
        value.as_str().or_else(|| value["equals-ignore-case"].as_str())
    };
    if let Some(exact) = matcher.as_str().or_else(|| matcher["equals-ignore-case"].as_str()) {
        return Some(exact.to_owned());
    }
    text("prefix")
        .map(|prefix| format!("{prefix}summer/IMG_0001.jpg"))
        .or_else(|| text("suffix").map(|suffix| format!("photos/2024/summer/IMG_0001{suffix}")))
        .or_else(|| text("wildcard").map(|wildcard| wildcard.replace('*', "IMG_0001")))
}

/// Sizes about the bounds of a numeric matcher.
fn sizes(matcher: &Value) -> Vec<u64> {
    let bounds = matchers(&matcher["numeric"]).filter_map(Value::as_u64);
    bounds.chain(matcher.as_u64()).flat_map(|bound| [bound, bound.saturating_add(1), bound.saturating_sub(1)]).collect()
}

/// An event that tells of a change of an object, in the shape that S3 gives it.
pub(super) fn changed(mut event: Value, detail: DetailType) -> Value {
    event["detail-type"] = detail.as_str().into();
    event["time"] = "2030-01-01T00:00:00Z".into();
    let fields = match detail {
        DetailType::ObjectStorageClassChanged => json!({"destination-storage-class": "GLACIER"}),
        DetailType::ObjectAccessTierChanged => json!({"destination-access-tier": "ARCHIVE_ACCESS"}),
        DetailType::ObjectRestoreInitiated => json!({"source-storage-class": "GLACIER"}),
        DetailType::ObjectRestoreCompleted => {
            json!({"source-storage-class": "GLACIER", "restore-expiry-time": "2030-02-01T00:00:00Z"})
        }
        _ => json!({}),
    };
    if let Some(known) = event["detail"].as_object_mut() {
        known.remove("reason");
        known.extend(fields.as_object().cloned().unwrap_or_default());
    }
    if let Some(object) = event["detail"]["object"].as_object_mut() {
        object.remove("sequencer");
    }
    event
}
