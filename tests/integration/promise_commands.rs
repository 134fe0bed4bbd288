//! What would break the promise, as a user meets it: specs that are refused with the reason, and scenarios that hold on the generated stack.

use crate::common::Workspace;

/// Generates a spec's stack.
fn generated(spec: &str) -> (Workspace, (i32, String, String)) {
    let workspace = Workspace::new();
    workspace.write("bucketbook.yaml", spec);
    let ran = workspace.run(&["generate"]);
    (workspace, ran)
}

/// Generates a spec's stack and plays a scenario on it.
fn holds(spec: &str, scenario: &str) {
    let (workspace, (code, _, err)) = generated(spec);
    assert_eq!(code, 0, "{spec}: {err}");
    workspace.write("scenario.yaml", scenario);
    let (code, out, err) = workspace.run(&["test", "scenario.yaml", "--stack", "out/template.yaml"]);
    assert_eq!(code, 0, "{scenario}\n{out}{err}");
}

fn refused(spec: &str, reason: &str) {
    let (_, (code, _, err)) = generated(spec);
    assert_eq!(code, 2, "{spec}: {err}");
    let said = err.split_whitespace().collect::<Vec<_>>().join(" ");
    assert!(said.contains(reason), "{spec}: {err}");
}

/// An event of the default stack's bucket.
fn event(kind: &str, more: &str, object: &str) -> String {
    format!(
        "  - event: {{source: aws.s3, detail-type: {kind}, time: '2026-03-01T10:00:00Z', detail: {{bucket: {{name: FilesBucket}}, {more}, \
         object: {{key: report.pdf, {object}}}}}}}\n"
    )
}

#[test]
fn a_listing_never_overwrites_what_an_event_recorded() {
    let spec = "{enrich: [storageClass], events: {storage_class: record, deleted: mark}, backfill: {}}\n";
    let moved = event(
        "Object Storage Class Changed",
        "requester: s3.amazonaws.com, destination-storage-class: DEEP_ARCHIVE",
        "size: 3, etag: e",
    );
    let scenario = format!(
        "name: the listing's answer is older than the change\ngiven:\n  objects: [report.pdf]\nwhen:\n{moved}  - start: \
         {{machine: BackfillStateMachine, input: {{}}}}\nthen:\n  items: [{{fileName: report.pdf, storageClass: DEEP_ARCHIVE}}]\n"
    );
    holds(spec, &scenario);
}

#[test]
fn answers_about_another_upload_are_refused_with_the_reason() {
    refused(
        "{table: {layout: history}, enrich: [checksum, tags]}\n",
        "The answer does not say which upload it is about: a copy of an object onto itself keeps the entity tag",
    );
}

#[test]
fn a_backfill_beside_removals_is_refused_with_the_reason() {
    refused(
        "{events: {deleted: remove}, backfill: {}}\n",
        "a backfill can record an object that was deleted after it was listed",
    );
}

#[test]
fn versions_that_come_and_go_leave_what_is_current() {
    let spec = "{bucket: {versioned: true}, events: {deleted: mark}}\n";
    let created = |version: &str, size: u64, at: &str| {
        let object = format!("size: {size}, etag: e{size}, version-id: {version}, sequencer: '{at}'");
        event("Object Created", "reason: PutObject", &object)
    };
    let deleted = |kind: &str, version: &str, at: &str| {
        let more = format!("reason: DeleteObject, deletion-type: {kind}");
        event("Object Deleted", &more, &format!("version-id: {version}, sequencer: '{at}'"))
    };
    let (marked, for_good) = ("Delete Marker Created", "Permanently Deleted");
    for (name, events, items) in [
        (
            "a deletion is undone",
            [created("one", 1, "0B1"), deleted(marked, "gone", "0B2"), deleted(for_good, "gone", "0B3")].concat(),
            "[{fileName: report.pdf, size: 1, versionId: one}]",
        ),
        (
            "the newest version goes for good",
            [created("one", 1, "0B1"), created("two", 2, "0B2"), deleted(for_good, "two", "0B3")].concat(),
            "[{fileName: report.pdf, size: 1, versionId: one}]",
        ),
        (
            "an old version goes for good",
            [created("one", 1, "0B1"), created("two", 2, "0B2"), deleted(for_good, "one", "0B3")].concat(),
            "[{fileName: report.pdf, size: 2, versionId: two}]",
        ),
        ("the only version goes for good", [created("one", 1, "0B1"), deleted(for_good, "one", "0B2")].concat(), "[]"),
        (
            "versioning is suspended",
            event("Object Created", "reason: PutObject", "size: 1, etag: e, sequencer: '0B1'"),
            "[{fileName: report.pdf, size: 1}]",
        ),
    ] {
        holds(spec, &format!("name: {name}\nwhen:\n{events}then:\n  items: {items}\n"));
    }
}

#[test]
fn marks_that_go_before_the_dead_letters_are_refused_with_the_reason() {
    refused(
        "{events: {deleted: mark, mark_days: 2}, dead_letters: {retention_days: 10}}\n",
        "the event of an upload that arrives after the mark expired would bring the deleted file back",
    );
}
