//! What a rule lets through: the filters of a route, as event patterns.

use serde_json::{Map, Value as Json};

use super::{CatalogError, Parts};
use crate::eventbridge::s3::{from_bucket, schema};
use crate::eventbridge::{
    Comparison, CompiledPattern, DeletionType, DetailType, EventPattern, Impossible, PatternError, PatternNode,
    satisfiable,
};
use crate::source::below;
use crate::spec::{RawPattern, RouteSpec};
use crate::stack::Value;

type Pattern = EventPattern<Value>;
type Node = PatternNode<Value>;

/// The fields that a rule has anyway.
const OURS: [(&str, &str); 3] =
    [("source", "the source"), ("detail-type", "the kinds of event"), ("detail.bucket", "the bucket")];

/// The `reason` of a deletion that no request was the cause of.
const BY_LIFECYCLE: &str = "Lifecycle Expiration";

/// A route of a spec, and which one it is.
pub(super) type Chosen<'a> = (usize, &'a RouteSpec);

/// The uploads that a route is for; without a route, all of them.
pub(super) fn created(parts: &Parts<'_>, route: Option<Chosen<'_>>) -> Result<Pattern, CatalogError> {
    let kind = [DetailType::ObjectCreated];
    let Some((index, route)) = route else { return Ok(DetailType::pattern_of(kind, bucket(parts))?) };
    faults((index, route)).into_iter().next().map_or(Ok(()), Err)?;
    if let Some(pattern) = &route.pattern {
        return raw(parts, index, pattern);
    }
    let mut detail = bucket(parts);
    if let Some(object) = object(route, true)? {
        detail = detail.and("object", object)?;
    }
    if !route.reasons.is_empty() {
        let reasons = route.reasons.iter().map(|reason| Comparison::equals(reason.as_str()));
        detail = detail.and("reason", PatternNode::one_of(reasons)?)?;
    }
    Ok(DetailType::pattern_of(kind, detail)?)
}

/// The deletions that a route is for: those of every object that it could have recorded, so only the key is asked.
///
/// In a versioned bucket a version that is deleted for good may have been the current one, or a delete marker. What a lifecycle rule
/// [deletes for good](https://docs.aws.amazon.com/AmazonS3/latest/userguide/intro-lifecycle-rules.html) never is: old versions, and markers that have no version left below
/// them.
pub(super) fn deleted(parts: &Parts<'_>, route: Option<Chosen<'_>>) -> Result<Pattern, CatalogError> {
    let detail = match parts.spec.bucket.versioned {
        true => {
            let marked = PatternNode::equals(DeletionType::DeleteMarkerCreated.as_str());
            let requested = PatternNode::one_of([Comparison::anything_but([BY_LIFECYCLE])?])?;
            let either = [PatternNode::field("deletion-type", marked), PatternNode::field("reason", requested)];
            PatternNode::any_of(either)?
                .and("bucket", PatternNode::field("name", PatternNode::equals(parts.bucket.plain_name())))?
        }
        false => bucket(parts),
    };
    Ok(DetailType::pattern_of([DetailType::ObjectDeleted], about_key(detail, route)?)?)
}

/// The changes, of these kinds, that a route is for: those of every object that it could have recorded.
pub(super) fn changed(
    parts: &Parts<'_>,
    route: Option<Chosen<'_>>,
    kinds: impl IntoIterator<Item = DetailType>,
) -> Result<Pattern, CatalogError> {
    Ok(DetailType::pattern_of(kinds, about_key(bucket(parts), route)?)?)
}

/// The detail of an event from the bucket.
fn bucket(parts: &Parts<'_>) -> Node {
    from_bucket(parts.bucket.plain_name())
}

/// The same, about an object whose key a route lets through.
fn about_key(detail: Node, route: Option<Chosen<'_>>) -> Result<Node, CatalogError> {
    let Some((_, route)) = route else { return Ok(detail) };
    let object = match &route.pattern {
        Some(pattern) => key_of(pattern)?.map(|key| PatternNode::field("key", key)),
        None => object(route, false)?,
    };
    Ok(match object {
        Some(object) => detail.and("object", object)?,
        None => detail,
    })
}

/// What a route asks of an object's key, and of its size where the event has one.
fn object(route: &RouteSpec, with_size: bool) -> Result<Option<Node>, CatalogError> {
    let key = match (&route.prefix, &route.suffix, &route.wildcard) {
        (_, _, Some(wildcard)) => Some(Comparison::wildcard(wildcard.as_str())?),
        (None, None, None) => None,
        (Some(prefix), None, None) => Some(Comparison::prefix(prefix.as_str())),
        (None, Some(suffix), None) => Some(Comparison::suffix(suffix.as_str())),
        // Conditions in a list are alternatives, so that a key has to fit two of them takes one that says both.
        (Some(prefix), Some(suffix), None) => {
            let text = format!("{}*{}", literally(prefix.as_str()), literally(suffix.as_str()));
            Some(Comparison::wildcard(text)?)
        }
    };
    let mut node = key.map(|key| PatternNode::one_of([key])).transpose()?.map(|key| PatternNode::field("key", key));
    if let Some(size) = route.size.filter(|_| with_size) {
        let size = PatternNode::one_of([sizes(size.bounds())?])?;
        node = Some(match node {
            Some(node) => node.and("size", size)?,
            None => PatternNode::field("size", size),
        });
    }
    Ok(node)
}

/// Sizes from the one to the other, both included. They are small enough to be exact as floating point numbers.
fn sizes((min, max): (Option<u64>, Option<u64>)) -> Result<Comparison<Value>, PatternError> {
    match (min.map(|min| min as f64), max.map(|max| max as f64)) {
        (Some(min), Some(max)) => Comparison::numeric(min..=max),
        (Some(min), None) => Comparison::numeric(min..),
        (None, Some(max)) => Comparison::numeric(..=max),
        (None, None) => Comparison::numeric(0.0..),
    }
}

/// A text that a wildcard pattern takes as it is.
fn literally(text: &str) -> String {
    text.replace('\\', r"\\").replace('*', r"\*")
}

/// What is wrong with the filters of a route.
pub(super) fn faults((index, route): Chosen<'_>) -> Vec<CatalogError> {
    let place = format!("/routes/{index}");
    let Some(pattern) = &route.pattern else { return beside_wildcard(&place, route).into_iter().collect() };
    let mut faults = beside_pattern(&place, route);
    faults.extend(of_pattern(&format!("{place}/pattern"), pattern));
    faults
}

/// A wildcard says all about the key.
fn beside_wildcard(place: &str, route: &RouteSpec) -> Option<CatalogError> {
    let others = route.prefix.is_some() || route.suffix.is_some();
    (others && route.wildcard.is_some()).then(|| CatalogError::Choice {
        pointer: format!("{place}/wildcard"),
        message: "`wildcard` covers the whole key, so it cannot be combined with `prefix` and `suffix`".to_owned(),
        help: "write them into the wildcard: `photos/*.jpg`".to_owned(),
    })
}

/// A pattern says all.
fn beside_pattern(place: &str, route: &RouteSpec) -> Vec<CatalogError> {
    let others = [
        ("prefix", route.prefix.is_some()),
        ("suffix", route.suffix.is_some()),
        ("wildcard", route.wildcard.is_some()),
        ("size", route.size.is_some()),
        ("reasons", !route.reasons.is_empty()),
    ];
    let chosen = others.into_iter().filter(|(_, chosen)| *chosen);
    let fault = |(option, _)| CatalogError::Choice {
        pointer: format!("{place}/{option}"),
        message: format!("`pattern` covers the whole event, so it cannot be combined with `{option}`"),
        help: "write it into the pattern, or leave the pattern out".to_owned(),
    };
    chosen.map(fault).collect()
}

/// What is wrong with a pattern.
fn of_pattern(place: &str, pattern: &RawPattern) -> Vec<CatalogError> {
    if let Some((pointer, what)) = ours(pattern.fields()) {
        return vec![CatalogError::Choice {
            pointer: format!("{place}{pointer}"),
            message: format!("every rule sets {what} itself, so the pattern of a route must not"),
            help: "leave it out".to_owned(),
        }];
    }
    let json = Json::Object(pattern.fields().clone());
    let impossible = satisfiable(&json, &[schema(DetailType::ObjectCreated)]).into_iter();
    let impossible = impossible.map(|Impossible { pointer, why, instead, .. }| {
        let help = match instead {
            Some(name) => format!("did you mean `{name}`?"),
            None => "no upload matches this route; docs/events.md lists the fields of S3's events".to_owned(),
        };
        CatalogError::Choice { pointer: format!("{place}{pointer}"), message: why, help }
    });
    let mut faults: Vec<CatalogError> = impossible.collect();
    if faults.is_empty()
        && let Err(error) = CompiledPattern::parse(&json.to_string())
    {
        faults.push(refused(place, &error));
    }
    faults
}

fn refused(place: &str, error: &PatternError) -> CatalogError {
    CatalogError::Choice {
        pointer: place.to_owned(),
        message: format!("EventBridge refuses this pattern: {error}"),
        help: "see https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-event-patterns.html".to_owned(),
    }
}

/// A pattern of the spec, with what every rule says beside it.
fn raw(parts: &Parts<'_>, index: usize, pattern: &RawPattern) -> Result<Pattern, CatalogError> {
    let refused = |error: PatternError| refused(&format!("/routes/{index}/pattern"), &error);
    let mut detail = bucket(parts);
    if let Some(Json::Object(fields)) = pattern.fields().get("detail") {
        for (name, value) in fields {
            detail = detail.and(name, node(value)?).map_err(refused)?;
        }
    }
    let mut whole = PatternNode::field("source", PatternNode::equals("aws.s3"));
    whole = whole.and("detail-type", PatternNode::equals(DetailType::ObjectCreated.as_str()))?;
    whole = whole.and("detail", detail)?;
    for (name, value) in pattern.fields().iter().filter(|(name, _)| *name != "detail") {
        whole = whole.and(name, node(value)?).map_err(refused)?;
    }
    Ok(EventPattern::try_from(whole)?)
}

/// The first field of a pattern that every rule has anyway: where it is, and what it is.
fn ours(fields: &Map<String, Json>) -> Option<(String, &'static str)> {
    let mut rest: Vec<(String, String, &Map<String, Json>)> = vec![(String::new(), String::new(), fields)];
    while let Some((pointer, path, fields)) = rest.pop() {
        for (name, value) in fields {
            let pointer = below(&pointer, name);
            let path = match (name.as_str(), path.as_str()) {
                ("$or", path) => path.to_owned(),
                (name, "") => name.to_owned(),
                (name, path) => format!("{path}.{name}"),
            };
            let within = |ours: &str| path == ours || path.starts_with(&format!("{ours}."));
            if let Some((_, what)) = OURS.iter().find(|(ours, _)| within(ours)) {
                return Some((pointer, what));
            }
            match value {
                Json::Object(inner) => rest.push((pointer, path, inner)),
                Json::Array(items) if name == "$or" => {
                    let objects = items.iter().enumerate().filter_map(|(at, item)| Some((at, item.as_object()?)));
                    rest.extend(objects.map(|(at, item)| (format!("{pointer}/{at}"), path.clone(), item)));
                }
                _ => {}
            }
        }
    }
    None
}

/// What a pattern asks of the key, whatever else it asks. An alternative that is about the key may hold where the others do
/// not, so `$or` is left out: what is let through then is more, never less.
fn key_of(pattern: &RawPattern) -> Result<Option<Node>, CatalogError> {
    let fields = pattern.fields();
    let dotted = ["/detail/object/key", "/detail/object.key", "/detail.object/key", "/detail.object.key"];
    let json = Json::Object(fields.clone());
    dotted.iter().find_map(|place| json.pointer(place)).map(node).transpose()
}

/// A part of a pattern that EventBridge accepts.
fn node(value: &Json) -> Result<Node, CatalogError> {
    serde_json::from_value(in_lists(value)).map_err(|error| CatalogError::Blueprint(error.to_string()))
}

/// The same, with what `anything-but` excludes in a list, as the typed pattern has it, and `exactly` as the text alone.
fn in_lists(value: &Json) -> Json {
    match value {
        Json::Array(items) => Json::Array(items.iter().map(in_lists).collect()),
        Json::Object(fields) => match fields.get("exactly") {
            Some(text @ Json::String(_)) if fields.len() == 1 => text.clone(),
            _ => Json::Object(fields.iter().map(|(name, value)| (name.clone(), excluded(name, value))).collect()),
        },
        other => other.clone(),
    }
}

fn excluded(name: &str, value: &Json) -> Json {
    let listed = |value: &Json| match value {
        Json::Array(_) => value.clone(),
        single => Json::Array(vec![single.clone()]),
    };
    match (name, value) {
        ("anything-but", Json::Object(inner)) => {
            Json::Object(inner.iter().map(|(operator, value)| (operator.clone(), listed(value))).collect())
        }
        ("anything-but", value) => listed(value),
        (_, value) => in_lists(value),
    }
}
