//! What S3 puts into each kind of event, by its
//! [documentation](https://docs.aws.amazon.com/AmazonS3/latest/userguide/ev-events.html).

use indexmap::IndexMap;
use serde_json::Value;

use super::{CreationReason, DeletionType, DetailType};
use crate::eventbridge::satisfiable::{Field, Impossible, Schema, Shape, satisfiable};

/// The [storage classes](https://docs.aws.amazon.com/AmazonS3/latest/API/API_StorageClass.html) of objects.
const STORAGE_CLASSES: [&str; 12] = [
    "STANDARD",
    "REDUCED_REDUNDANCY",
    "STANDARD_IA",
    "ONEZONE_IA",
    "INTELLIGENT_TIERING",
    "GLACIER",
    "DEEP_ARCHIVE",
    "OUTPOSTS",
    "GLACIER_IR",
    "SNOW",
    "EXPRESS_ONEZONE",
    "FSX_OPENZFS",
];

/// The tiers that Intelligent-Tiering tells of.
const ACCESS_TIERS: [&str; 2] = ["ARCHIVE_ACCESS", "DEEP_ARCHIVE_ACCESS"];

/// Why an object was deleted.
const DELETION_REASONS: [&str; 2] = ["DeleteObject", "Lifecycle Expiration"];

/// What the events of a kind hold.
pub fn schema(kind: DetailType) -> Schema {
    let name = kind.as_str();
    let fields = [
        ("version", always(Shape::OneOf(vec!["0"]))),
        ("id", always(Shape::Text)),
        ("detail-type", always(Shape::OneOf(vec![name]))),
        ("source", always(Shape::OneOf(vec!["aws.s3"]))),
        ("account", always(Shape::Text)),
        ("time", always(Shape::Text)),
        ("region", always(Shape::Text)),
        ("resources", always(Shape::Text)),
        ("detail", always(Shape::Object(detail(kind)))),
    ];
    Schema { name, fields: fields.into() }
}

fn always(shape: Shape) -> Field {
    Field { shape, always: true }
}

fn sometimes(shape: Shape) -> Field {
    Field { shape, always: false }
}

fn detail(kind: DetailType) -> IndexMap<&'static str, Field> {
    use DetailType as Kind;
    let mut fields = IndexMap::from([
        ("version", always(Shape::OneOf(vec!["0"]))),
        ("event-version", sometimes(Shape::Text)),
        ("bucket", always(Shape::Object([("name", always(Shape::Text))].into()))),
        ("object", always(Shape::Object(object(kind)))),
        ("request-id", always(Shape::Text)),
        ("requester", always(Shape::Text)),
    ]);
    // S3 itself has no address: what a lifecycle rule or Intelligent-Tiering did comes without one.
    match kind {
        Kind::ObjectStorageClassChanged
        | Kind::ObjectAccessTierChanged
        | Kind::ObjectRestoreCompleted
        | Kind::ObjectRestoreExpired => {}
        _ => _ = fields.insert("source-ip-address", sometimes(Shape::Text)),
    }
    let of_kind: &[(&'static str, Shape)] = &match kind {
        Kind::ObjectCreated => {
            vec![("reason", Shape::OneOf(CreationReason::ALL.map(CreationReason::as_str).into()))]
        }
        Kind::ObjectDeleted => {
            let types = [DeletionType::PermanentlyDeleted, DeletionType::DeleteMarkerCreated];
            vec![
                ("reason", Shape::OneOf(DELETION_REASONS.into())),
                ("deletion-type", Shape::OneOf(types.map(DeletionType::as_str).into())),
            ]
        }
        Kind::ObjectRestoreInitiated => vec![("source-storage-class", Shape::OneOf(STORAGE_CLASSES.into()))],
        Kind::ObjectRestoreCompleted => {
            vec![("restore-expiry-time", Shape::Text), ("source-storage-class", Shape::OneOf(STORAGE_CLASSES.into()))]
        }
        Kind::ObjectStorageClassChanged => {
            vec![("destination-storage-class", Shape::OneOf(STORAGE_CLASSES.into()))]
        }
        Kind::ObjectAccessTierChanged => vec![("destination-access-tier", Shape::OneOf(ACCESS_TIERS.into()))],
        _ => Vec::new(),
    };
    fields.extend(of_kind.iter().map(|(name, shape)| (*name, always(shape.clone()))));
    fields
}

fn object(kind: DetailType) -> IndexMap<&'static str, Field> {
    use DetailType as Kind;
    let mut fields = IndexMap::from([("key", always(Shape::Text))]);
    match kind {
        Kind::ObjectCreated => _ = fields.insert("size", always(Shape::Count)),
        Kind::ObjectRestoreInitiated
        | Kind::ObjectRestoreCompleted
        | Kind::ObjectStorageClassChanged
        | Kind::ObjectAccessTierChanged => _ = fields.insert("size", sometimes(Shape::Count)),
        _ => {}
    }
    // A delete marker has no entity tag.
    let etag = if kind == Kind::ObjectDeleted { sometimes(Shape::Text) } else { always(Shape::Text) };
    fields.insert("etag", etag);
    fields.insert("version-id", sometimes(Shape::Text));
    if matches!(kind, Kind::ObjectCreated | Kind::ObjectDeleted) {
        fields.insert("sequencer", always(Shape::Text));
    }
    fields
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
    let all: Vec<Schema> = DetailType::ALL.into_iter().map(schema).collect();
    let Some(kinds) = pattern.get("detail-type") else { return satisfiable(pattern, &all) };
    let kinds = serde_json::json!({ "detail-type": kinds });
    let let_through: Vec<Schema> =
        all.iter().filter(|kind| satisfiable(&kinds, &[(*kind).clone()]).len() < conditions(&kinds)).cloned().collect();
    // What is wrong with the kinds themselves is said once, and the fields are held against all.
    if let_through.is_empty() {
        return satisfiable(pattern, &all);
    }
    let mut found = satisfiable(&kinds, &all);
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
    fn every_kind_is_read_back() {
        for kind in DetailType::ALL {
            assert_eq!(DetailType::parse(kind.as_str()), Some(kind));
            assert_eq!(found(json!({"detail-type": [kind.as_str()]})), Vec::<String>::new());
        }
        assert_eq!(DetailType::parse("Object created"), None);
    }
}
