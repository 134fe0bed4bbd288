//! What S3 puts into each kind of event, read from `events.json`, which says of every member where that is documented, and of
//! which day it is.

use std::sync::LazyLock;

use indexmap::IndexMap;
use serde::Deserialize;
use serde_json::Value;

use super::DetailType;
use crate::aws::s3::storage_classes;
use crate::eventbridge::satisfiable::{Field, Impossible, Presence, Schema, Shape, satisfiable};

const EVENTS: &str = include_str!("events.json");

static SCHEMAS: LazyLock<Vec<Schema>> = LazyLock::new(read);

#[derive(Deserialize)]
struct Events<'a> {
    #[serde(borrow)]
    kinds: Vec<Kind<'a>>,
    #[serde(borrow)]
    members: Vec<Member<'a>>,
}

#[derive(Deserialize)]
struct Kind<'a> {
    name: &'a str,
}

#[derive(Deserialize)]
struct Member<'a> {
    path: &'a str,
    #[serde(borrow, default)]
    of: Option<Vec<&'a str>>,
    #[serde(borrow)]
    holds: Holds<'a>,
    presence: Presence,
}

#[derive(Deserialize)]
#[serde(untagged)]
enum Holds<'a> {
    Kind(&'a str),
    #[serde(borrow)]
    Values(Vec<&'a str>),
}

impl Holds<'static> {
    fn shape(&self) -> Shape {
        match self {
            Self::Values(values) => Shape::OneOf(values.clone()),
            Self::Kind("count") => Shape::Count,
            Self::Kind("flag") => Shape::Flag,
            Self::Kind("storage-class") => Shape::OneOf(storage_classes().into()),
            Self::Kind("text") => Shape::Text,
            Self::Kind(_) => Shape::Anything,
        }
    }
}

fn read() -> Vec<Schema> {
    let Ok(events) = serde_json::from_str::<Events<'static>>(EVENTS) else { return Vec::new() };
    let schemas = events.kinds.iter().map(|kind| {
        let name = Field { shape: Shape::OneOf(vec![kind.name]), presence: Presence::Always };
        let mut fields = IndexMap::from([("detail-type", name)]);
        for member in events.members.iter().filter(|m| m.of.as_ref().is_none_or(|of| of.contains(&kind.name))) {
            let steps: Vec<&'static str> = member.path.split('.').collect();
            put(&mut fields, &steps, Field { shape: member.holds.shape(), presence: member.presence });
        }
        Schema { name: kind.name, fields }
    });
    schemas.collect()
}

/// Puts a member where its path leads; the objects on the way are always there.
fn put(fields: &mut IndexMap<&'static str, Field>, steps: &[&'static str], field: Field) {
    match steps {
        [] => {}
        [name] => _ = fields.insert(name, field),
        [name, rest @ ..] => {
            let empty = || Field { shape: Shape::Object(IndexMap::new()), presence: Presence::Always };
            if let Shape::Object(inner) = &mut fields.entry(name).or_insert_with(empty).shape {
                put(inner, rest, field);
            }
        }
    }
}

/// What the events of all kinds hold that S3 is known to send.
pub fn schemas() -> &'static [Schema] {
    &SCHEMAS
}

/// What the events of a kind hold.
pub fn schema(kind: DetailType) -> Schema {
    let found = schemas().iter().find(|schema| schema.name == kind.as_str());
    found.cloned().unwrap_or_else(|| Schema { name: kind.as_str(), fields: IndexMap::new() })
}

/// The parts of a pattern that no event of S3 can match: it is held against the kinds of event that its own `detail-type`
/// lets through, or against all of them if it says nothing about that.
///
/// ```
/// use bucketbook::eventbridge::s3::pattern_faults;
/// use serde_json::json;
///
/// let pattern = json!({"source": ["aws.s3"], "detail-type": ["Object Deleted"], "detail": {"object": {"size": [0]}}});
/// assert_eq!(pattern_faults(&pattern)[0].pointer, "/detail/object/size");
/// ```
pub fn pattern_faults(pattern: &Value) -> Vec<Impossible> {
    let all = schemas();
    let Some(kinds) = pattern.get("detail-type") else { return satisfiable(pattern, all) };
    let kinds = serde_json::json!({ "detail-type": kinds });
    let let_through: Vec<Schema> =
        all.iter().filter(|kind| satisfiable(&kinds, &[(*kind).clone()]).len() < conditions(&kinds)).cloned().collect();
    // What is wrong with the kinds themselves is said once, and the fields are held against all.
    if let_through.is_empty() {
        return satisfiable(pattern, all);
    }
    let mut found = satisfiable(&kinds, all);
    let rest = satisfiable(pattern, &let_through);
    found.extend(rest.into_iter().filter(|part| !part.pointer.starts_with("/detail-type")));
    found
}

/// How many kinds a pattern lists.
fn conditions(kinds: &Value) -> usize {
    kinds["detail-type"].as_array().map_or(1, Vec::len).max(1)
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    fn found(pattern: Value) -> Vec<String> {
        let shown = |part: Impossible| {
            let instead = part.instead.map(|text| format!(" ({text}?)")).unwrap_or_default();
            format!("{}: {}{instead}", part.pointer, part.why)
        };
        pattern_faults(&pattern).into_iter().map(shown).collect()
    }

    fn created(detail: Value) -> Vec<String> {
        found(json!({"source": ["aws.s3"], "detail-type": ["Object Created"], "detail": detail}))
    }

    #[test]
    fn what_s3_sends_can_be_asked_for() {
        for detail in [
            json!({"bucket": {"name": ["b"]}}),
            json!({"object": {"key": [{"prefix": "a"}, {"suffix": {"equals-ignore-case": ".JPG"}}, {"wildcard": "a*b"}]}}),
            json!({"object": {"size": [{"numeric": [">", 0, "<=", 5]}, 7, {"anything-but": [0]}, {"exists": true}]}}),
            json!({"object": {"size": [{"numeric": [">=", 0.5, "<", 1.5]}]}}),
            json!({"object": {"version-id": [{"exists": false}], "etag": [{"anything-but": {"prefix": "x"}}]}}),
            json!({"reason": ["PutObject", {"prefix": "Copy"}, {"anything-but": "PutObject"}, {"equals-ignore-case": "post object"}]}),
            json!({"source-ip-address": [{"cidr": "10.0.0.0/8"}, "10.0.0.1"]}),
            json!({"deletion-type": [{"exists": false}]}),
            json!({"$or": [{"object": {"key": ["a"]}}, {"object": {"size": [1]}}]}),
            json!({"object.key": ["a"]}),
        ] {
            assert_eq!(created(detail.clone()), Vec::<String>::new(), "{detail}");
        }
    }

    #[test]
    fn what_s3_never_sends_is_impossible() {
        for (detail, expected) in [
            (
                json!({"object": {"sise": [1]}}),
                "/detail/object/sise: there is never a `detail.object.sise` in the events `Object Created` (size?)",
            ),
            (
                json!({"reason": ["PutObject", "Putobject"]}),
                "/detail/reason/1: `detail.reason` is never that: it is one of `PutObject`, `POST Object`, `CopyObject`, \
                 `CompleteMultipartUpload` (PutObject?)",
            ),
            (
                json!({"object": {"size": [{"numeric": ["<", 0]}]}}),
                "/detail/object/size/0: `detail.object.size` is a whole number from 0, and none is what this asks for",
            ),
            (
                json!({"object": {"size": [{"numeric": [">", 1, "<", 2]}]}}),
                "/detail/object/size/0: `detail.object.size` is a whole number from 0, and none is what this asks for",
            ),
            (
                json!({"object": {"size": [{"numeric": [">", 2, "<", 1]}]}}),
                "/detail/object/size/0: EventBridge refuses this: Bottom must be less than top",
            ),
            (
                json!({"object": {"size": ["5"]}}),
                "/detail/object/size/0: `detail.object.size` is a whole number from 0, and none is what this asks for",
            ),
            (
                json!({"object": {"key": [5]}}),
                "/detail/object/key/0: `detail.object.key` is a text, and none is what this asks for",
            ),
            (
                json!({"object": {"key": [{"exists": false}]}}),
                "/detail/object/key/0: `detail.object.key` is always there",
            ),
            (
                json!({"object": {"key": {"name": ["a"]}}}),
                "/detail/object/key: `detail.object.key` is a value, and has no fields",
            ),
            (json!({"object": ["a"]}), "/detail/object/0: `detail.object` is an object, and has no value"),
            (
                json!({"$or": [{"reason": ["CopyObject"]}, {"deletion-type": ["Permanently Deleted"]}]}),
                "/detail/$or/1/deletion-type: there is never a `detail.deletion-type` in the events `Object Created`",
            ),
            (
                json!({"object": {"key": [{"sufix": "a"}]}}),
                "/detail/object/key/0: EventBridge refuses this: Unrecognized match type sufix",
            ),
        ] {
            assert_eq!(created(detail.clone()), [expected], "{detail}");
        }
    }

    #[test]
    fn kinds_of_event_are_asked_together() {
        let both =
            |detail: Value| found(json!({"detail-type": ["Object Created", "Object Deleted"], "detail": detail}));
        assert_eq!(both(json!({"object": {"size": [1]}})), Vec::<String>::new());
        assert_eq!(both(json!({"reason": ["DeleteObject", "PutObject"]})), Vec::<String>::new());
        assert_eq!(
            both(json!({"object": {"size": [1]}, "deletion-type": ["Permanently Deleted"]})),
            [": no one kind of event has all that this pattern asks for"]
        );
        assert_eq!(
            found(json!({"detail-type": ["Object Tags Aded", "Object Created"], "detail": {"object": {"size": [1]}}}))
                .len(),
            1
        );
        assert_eq!(
            found(json!({"detail-type": ["Object Tags Aded"]}))[0].split(" (").last(),
            Some("Object Tags Added?)")
        );
    }

    #[test]
    fn the_file_says_where_it_has_everything_from() {
        let file: Value = serde_json::from_str(EVENTS).unwrap();
        assert!(file["date"].as_str().is_some_and(|date| date.len() == 10));
        for entry in ["kinds", "members"].iter().flat_map(|list| file[*list].as_array().unwrap()) {
            assert!(
                entry["source"].as_str().is_some_and(|source| source.starts_with("https://docs.aws.amazon.com/")),
                "{entry}"
            );
        }
        assert_eq!(schemas().len(), file["kinds"].as_array().unwrap().len());
    }

    #[test]
    fn what_s3_has_added_since_is_known() {
        let tags = json!({"bucket": {"aws-generated-tags": {"aws:cloudformation:stack-name": ["photos"]}}});
        assert_eq!(created(tags), Vec::<String>::new());
        let annotated =
            json!({"detail-type": ["Object Annotation Created"], "detail": {"object-annotation": {"name": ["a"]}}});
        assert_eq!(found(annotated), Vec::<String>::new());
        let copied = json!({"reason": ["CopyObject"], "object": {"has-object-annotation": [true]}});
        assert_eq!(created(copied), Vec::<String>::new());
        let of = |pattern: Value| pattern_faults(&pattern).into_iter().map(|fault| fault.added).collect::<Vec<_>>();
        assert_eq!(of(json!({"detail-type": ["Object Painted"]})), [true]);
        assert_eq!(of(json!({"detail": {"object": {"size": ["5"]}}})), [false]);
    }

    #[test]
    fn every_kind_is_read_back() {
        for kind in DetailType::ALL {
            assert_eq!(DetailType::parse(kind.as_str()), Some(kind));
            assert_eq!(found(json!({"detail-type": [kind.as_str()]})), Vec::<String>::new());
        }
        assert_eq!(DetailType::parse("Object created"), None);
    }
}
