//! Routes: what each lets through, and what they cannot be.

use crate::common::Workspace;
use bucketbook::catalog;
use bucketbook::eventbridge::CompiledPattern;
use bucketbook::source::Source;
use bucketbook::spec::Document;
use proptest::prelude::*;
use serde_json::{Value, json};

/// The patterns of a spec's rules, by the name of their state machine, for a bucket `b`.
fn patterns(spec: &Value) -> Vec<(String, CompiledPattern)> {
    let mut spec = spec.clone();
    spec["bucket"] = json!({"existing": "the-bucket"});
    let document = Document::parse(Source::new("spec", spec.to_string())).map_err(|(_, fault)| fault).unwrap();
    let stack = catalog::stack(&document.spec).unwrap();
    let rules = stack.template().state_machines().map(|(id, machine)| {
        let event = serde_json::to_value(machine.events.values().next().unwrap()).unwrap();
        let pattern = CompiledPattern::parse(&event["Properties"]["Pattern"].to_string()).unwrap();
        (id.to_string(), pattern)
    });
    rules.collect()
}

fn event(kind: &str, key: &str, size: u64, reason: &str) -> String {
    let mut object = json!({"key": key, "etag": "e", "sequencer": "A0"});
    if kind == "Object Created" {
        object["size"] = size.into();
    }
    let detail = json!({"bucket": {"name": "the-bucket"}, "object": object, "reason": reason, "requester": "1"});
    json!({"source": "aws.s3", "detail-type": kind, "region": "eu-west-1", "detail": detail}).to_string()
}

#[test]
fn rules_ask_of_each_kind_of_event_what_it_has() {
    let spec = json!({
        "events": {"deleted": "mark", "tags": "record"},
        "routes": [
            {"name": "Sized", "prefix": "p/", "suffix": ".jpg", "size": {"min": 5}, "reasons": ["PutObject"]},
            {"name": "Raw", "pattern": {
                "region": [{"prefix": "eu-"}],
                "detail": {"object": {"key": [{"anything-but": {"suffix": ".tmp"}}], "size": [{"numeric": [">", 9]}]}},
            }},
            {"name": "Choice", "pattern": {"detail": {"$or": [{"object": {"key": ["a"]}}, {"reason": ["CopyObject"]}]}}},
        ],
    });
    let patterns = patterns(&spec);
    let through = |kind, key, size, reason| -> Vec<String> {
        let event = event(kind, key, size, reason);
        let matching = patterns.iter().filter(|(_, pattern)| pattern.matches(&event).unwrap());
        matching.map(|(name, _)| name.trim_end_matches("StateMachine").to_owned()).collect()
    };
    let created = "Object Created";
    assert_eq!(through(created, "p/a.jpg", 5, "PutObject"), ["SizedObjectCreated"]);
    assert_eq!(through(created, "p/a.jpg", 4, "PutObject"), Vec::<String>::new());
    assert_eq!(through(created, "p/a.jpg", 10, "CopyObject"), ["RawObjectCreated", "ChoiceObjectCreated"]);
    assert_eq!(through(created, "x.tmp", 10, "PutObject"), Vec::<String>::new());
    // Deletions and changes have neither size nor those reasons: the key alone decides.
    let deleted = ["SizedObjectDeleted", "RawObjectDeleted", "ChoiceObjectDeleted"];
    assert_eq!(through("Object Deleted", "p/a.jpg", 0, "DeleteObject"), deleted);
    assert_eq!(through("Object Deleted", "x.tmp", 0, "DeleteObject"), ["ChoiceObjectDeleted"]);
    let changed = ["RawObjectChanged", "ChoiceObjectChanged"];
    assert_eq!(through("Object Tags Added", "p/a.png", 0, ""), changed);
    assert_eq!(through("Object ACL Updated", "p/a.png", 0, ""), Vec::<String>::new());
}

proptest! {
    #[test]
    fn a_route_lets_through_what_its_filters_say(
        prefix in prop::option::of("[a*\\\\]{1,2}"),
        suffix in prop::option::of("[a*\\\\]{1,2}"),
        min in prop::option::of(0..4u64),
        max in prop::option::of(4..8u64),
        reasons in prop::collection::vec(prop::sample::select(vec!["PutObject", "POST Object", "CopyObject"]), 0..3),
        key in "[ab*\\\\]{1,6}",
        size in 0..8u64,
        reason in prop::sample::select(vec!["PutObject", "POST Object", "CopyObject", "CompleteMultipartUpload"]),
    ) {
        let mut route = json!({"name": "R", "reasons": reasons});
        let mut set = |name: &str, value: Value| route[name] = value;
        prefix.iter().for_each(|text| set("prefix", text.as_str().into()));
        suffix.iter().for_each(|text| set("suffix", text.as_str().into()));
        let sizes: serde_json::Map<String, Value> = [("min", min), ("max", max)]
            .into_iter()
            .filter_map(|(name, bound)| Some((name.to_owned(), bound?.into())))
            .collect();
        if !sizes.is_empty() {
            set("size", sizes.into());
        }
        // With both, a key has room for both.
        let room = prefix.as_ref().zip(suffix.as_ref()).is_none_or(|(a, b)| key.len() >= a.len() + b.len());
        let about_key = prefix.iter().all(|text| key.starts_with(text.as_str()))
            && suffix.iter().all(|text| key.ends_with(text.as_str()))
            && room;
        let about_upload = min.is_none_or(|min| size >= min)
            && max.is_none_or(|max| size <= max)
            && (reasons.is_empty() || reasons.contains(&reason));
        let patterns = patterns(&json!({"routes": [route], "events": {"deleted": "mark"}}));
        let created = patterns[0].1.matches(&event("Object Created", &key, size, reason)).unwrap();
        prop_assert_eq!(created, about_key && about_upload);
        let deleted = patterns[1].1.matches(&event("Object Deleted", &key, size, "DeleteObject")).unwrap();
        prop_assert_eq!(deleted, about_key);
    }
}

#[test]
fn choices_that_cannot_be_say_where_and_why() {
    for (spec, place, message, help) in [
        ("routes: [{name: photos}]", "1:17", "`p` (character 1) cannot come first", "a capital letter first"),
        ("routes: [{prefix: a}]", "1:10", "the key `name` is missing", ""),
        ("routes: [{name: A}, {name: A}]", "1:28", "there is another route `A`", "choose another name"),
        ("routes: [{name: A, prefx: a}]", "1:20", "unknown key `prefx`", "did you mean `prefix`?"),
        (
            "routes: [{name: A, size: {min: 2, max: 1}}]",
            "1:26",
            "no size is at least 2 and at most 1",
            "the range includes",
        ),
        ("routes: [{name: A, size: {}}]", "1:26", "a range of sizes needs `min`", "for example"),
        ("routes: [{name: A, reasons: [PutObjekt]}]", "1:30", "unknown value `PutObjekt`", "did you mean `PutObject`?"),
        ("routes: [{name: A, wildcard: 'a**'}]", "1:30", "follows another asterisk", "no two asterisks in a row"),
        (
            "routes: [{name: A, prefix: a, wildcard: 'b*'}]",
            "1:41",
            "cannot be combined with `prefix` and `suffix`",
            "photos/*.jpg",
        ),
        (
            "routes: [{name: A, prefix: a, pattern: {region: [eu-west-1]}}]",
            "1:28",
            "cannot be combined with `prefix`",
            "write it into the pattern",
        ),
        (
            "routes: [{name: A, pattern: {source: [aws.s3]}}]",
            "1:38",
            "every rule sets the source itself",
            "leave it out",
        ),
        (
            "routes: [{name: A, pattern: {$or: [{region: [x]}, {detail: {bucket: {name: [b]}}}]}}]",
            "1:69",
            "every rule sets the bucket itself",
            "leave it out",
        ),
        (
            "routes: [{name: A, pattern: {detail: {object: {sise: [{numeric: ['>', 1]}]}}}}]",
            "1:54",
            "there is never a `detail.object.sise` in the events `Object Created`",
            "did you mean `size`?",
        ),
        (
            "routes: [{name: A, pattern: {detail: {object: {size: [{numeric: ['>', 2, '<', 2]}]}}}}]",
            "1:55",
            "Bottom must be less than top",
            "no upload matches this route",
        ),
        (
            "routes: [{name: A, pattern: {detail: {reason: [PutObject, Lifecycle Expiration]}}}]",
            "1:59",
            "`detail.reason` is never that",
            "no upload matches this route",
        ),
        ("routes: [{name: A, pattern: {detail: {reason: PutObject}}}]", "1:47", "has to be a list of values", ""),
        ("routes: [{name: A, pattern: [a]}]", "1:29", "expected a mapping, found a list", ""),
        (
            "{routes: [{name: A}], state_machine: {name: B}}",
            "1:45",
            "they cannot share a name",
            "name them in the routes",
        ),
        ("events: {tags: recrd}", "1:16", "unknown value `recrd`", "did you mean `record`?"),
        ("events: {tgs: record}", "1:10", "unknown key `tgs`", "did you mean `tags`?"),
        (
            "events: {deleted: remove, tags: record}",
            "1:19",
            "leaves nothing to compare a late change with",
            "`mark` keeps",
        ),
        (
            "{table: {attribute_names: {file_name: storageClass}}, events: {storage_class: record}}",
            "1:39",
            "the attribute name `storageClass` is taken",
            "choose another name",
        ),
        ("bucket: {existing: My_Bucket}", "1:20", "is not a bucket name", ""),
        (
            "bucket: {existing: abc, name: abd}",
            "1:31",
            "`bucket.name` is for a bucket that the stack creates",
            "leave it out",
        ),
        ("bucket: {existing: abc, tls_only: true}", "1:35", "`bucket.tls_only` is for a bucket", "leave it out"),
        ("bucket: {existing: abc, access_logs: {}}", "1:38", "`bucket.access_logs` is for a bucket", "leave it out"),
        ("bucket: {existing: abc, encryption: {type: SSE-S3}}", "1:37", "`bucket.encryption` is for", "leave it out"),
    ] {
        let workspace = Workspace::new();
        workspace.write("bucketbook.yaml", spec);
        let (code, _, err) = workspace.run(&["generate"]);
        assert_eq!(code, 2, "{spec}: {err}");
        assert!(err.contains(&format!("bucketbook.yaml:{place}")), "{spec}: {err}");
        assert!(err.contains(message) && err.contains(help), "{spec}: {err}");
        assert!(err.lines().count() <= 24 && !err.contains("panicked"), "{spec}: {err}");
    }
}

#[test]
fn rules_with_names_leave_less_room_for_the_stacks() {
    let workspace = Workspace::new();
    let spec = |length: usize| {
        format!("stack: {{name: {}}}\ndead_letters: {{}}\nroutes: [{{name: Photos}}]\n", "s".repeat(length))
    };
    workspace.write("bucketbook.yaml", spec(45));
    let (code, _, err) = workspace.run(&["generate"]);
    assert!(code == 2 && err.contains("allows 44 characters of it"), "{err}");
    workspace.write("bucketbook.yaml", spec(44));
    assert_eq!(workspace.run(&["generate"]).0, 0);
}
