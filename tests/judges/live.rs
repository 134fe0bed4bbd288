//! Stacks deployed into the AWS mock by the real client, as the README tells users to, and what becomes of uploads there.

use serde_json::{Value, json};

use crate::tools::{deploy_and, generated};
use crate::variants::{UPLOADED, VARIANTS};

#[test]
#[ignore = "needs the judges that .ci/run installs"]
fn sam_deploy_as_the_readme_says_and_an_upload_is_recorded() {
    for (index, (name, spec)) in VARIANTS.iter().filter(|(name, _)| UPLOADED.contains(name)).enumerate() {
        let workspace = generated(spec);
        let rows = deploy_and(&workspace, &format!("upload-{index}"), "upload.py");
        let rows = rows.as_array().unwrap();
        assert_eq!(rows.len(), 1, "{name}: {rows:?}");
        assert_eq!(rows[0]["fileName"], "holiday photos/cat 1.jpg", "{name}");
        assert_eq!(rows[0]["size"], "12", "{name}");
        assert!(rows[0]["sequencer"].is_string() && rows[0]["etag"].is_string(), "{name}: {rows:?}");
    }
}

#[test]
#[ignore = "needs the judges that .ci/run installs"]
fn overlapping_executions_leave_the_newest_event() {
    for (index, spec) in ["{}", "state_machine: {type: EXPRESS}"].into_iter().enumerate() {
        let workspace = generated(spec);
        let answer = deploy_and(&workspace, &format!("overlap-{index}"), "overlap.py");
        assert_eq!(answer["failed"], json!([]), "{answer}");
        assert_eq!(answer["rows"].as_array().unwrap().len(), 1, "{answer}");
        assert_eq!(answer["rows"][0]["sequencer"], answer["newest"], "{answer}");
    }
}

/// The rows of a table whose file name is `key`.
fn rows_of<'a>(rows: &'a Value, key: &str) -> Vec<&'a Value> {
    rows.as_array().unwrap().iter().filter(|row| row["fileName"] == key).collect()
}

/// What the listing says of every object becomes its record, and nothing that an event wrote is touched.
#[test]
#[ignore = "needs the judges that .ci/run installs"]
fn a_backfill_records_what_no_event_has_recorded() {
    let more = ", attributes: [size, etag, requester, region, account, prefix, extension], enrich: [contentType]";
    // In a history only a bucket with versions can be asked for more, and the mock's events name no version.
    let all = [("latest", ""), ("history", ""), ("latest", more)];
    for (index, (layout, more)) in all.into_iter().enumerate() {
        let workspace = generated(&format!("{{table: {{layout: {layout}}}, backfill: {{}}{more}}}"));
        // A stack of its own, in a mock that has seen this test before as well: its bucket and table begin empty.
        let stack = format!("backfill-{index}-{}", std::process::id());
        let answer = deploy_and(&workspace, &stack, "backfill.py");
        assert_eq!(answer["before"], json!([]), "{answer}");
        let (event, first) = (&answer["event"], &answer["first"]["rows"]);
        assert_eq!(rows_of(first, "event.txt"), rows_of(event, "event.txt"), "{answer}");
        let part: Vec<&str> =
            answer["part"]["rows"].as_array().unwrap().iter().map(|r| r["fileName"].as_str().unwrap()).collect();
        assert_eq!(part, ["event.txt", "photos/", "photos/cat.jpg"], "{answer}");

        let listing = answer["listing"].as_array().unwrap();
        assert_eq!((first.as_array().unwrap().len(), listing.len()), (7, 7), "{answer}");
        for object in listing.iter().filter(|object| object["key"] != "event.txt") {
            let mut row = json!({ "fileName": object["key"], "size": object["size"], "etag": object["etag"] });
            row["lastModified"] = object["time"].clone();
            if layout == "history" {
                row["lastModified"] = json!(format!("{}#", object["time"].as_str().unwrap()));
                row["eventTime"] = object["time"].clone();
            }
            if !more.is_empty() {
                let key = object["key"].as_str().unwrap();
                row["region"] = json!("us-east-1");
                row["account"] = json!("123456789012");
                row["contentType"] = json!("application/octet-stream");
                if let Some((prefix, _)) = key.rsplit_once('/') {
                    row["prefix"] = json!(format!("{prefix}/"));
                }
                if let Some((_, extension)) = key.rsplit('/').next().unwrap().rsplit_once('.') {
                    row["extension"] = json!(extension);
                }
            }
            assert_eq!(rows_of(first, object["key"].as_str().unwrap()), [&row], "{answer}");
        }
        assert_eq!(&answer["second"]["rows"], first, "{answer}");
        assert_eq!(answer["second"]["output"], "0", "{answer}");

        let cats = rows_of(&answer["updated"], "photos/cat.jpg");
        assert_eq!(cats.len(), if layout == "history" { 2 } else { 1 }, "{answer}");
        assert!(cats.iter().any(|row| row["size"] == "11" && row["sequencer"].is_string()), "{answer}");
        assert_eq!(answer["third"]["rows"], answer["updated"], "{answer}");
    }
}

/// The specs whose records hold all that S3 can be asked for: both languages, flows and layouts, by version and without, and
/// what becomes of the record of an object that is gone.
const ENRICHED: [(&str, bool); 4] = [
    ("{enrich: [contentType, metadata, tags]}", true),
    (
        "{enrich: [contentType, metadata, tags], events: {deleted: remove}, state_machine: {query_language: JSONata, flow: upsert}}",
        false,
    ),
    ("{enrich: [contentType, metadata, tags], state_machine: {flow: upsert}}", true),
    (
        "{enrich: [contentType, metadata, tags], bucket: {versioned: true}, table: {layout: history}, state_machine: {query_language: JSONata}}",
        true,
    ),
];

/// What S3 knows of an object stands in its record while the object is the one that the event tells of; of one that is gone, or was
/// overwritten, the record says what the event says, and no more.
#[test]
#[ignore = "needs the judges that .ci/run installs"]
fn records_hold_what_s3_is_asked_for() {
    for (index, (spec, gone_is_recorded)) in ENRICHED.into_iter().enumerate() {
        let stack = format!("enrich-{index}-{}", std::process::id());
        let answer = deploy_and(&generated(spec), &stack, "enrich.py");
        let statuses = answer["statuses"].as_object().unwrap();
        assert!(statuses.len() == 7 && statuses.values().all(|status| status == "SUCCEEDED"), "{spec}: {answer}");
        let asked = |row: &Value| ["contentType", "metadata", "tags"].map(|name| row[name].clone());
        let metadata = json!({"M": {"camera": {"S": "it's \"new\""}, "lens": {"S": "50mm"}}});
        let tags = json!({"M": {"team": {"S": "files"}, "cost centre": {"S": "42"}}});
        let rich = [json!({"S": "image/jpeg"}), metadata, tags];
        let plain = [json!({"S": "text/plain"}), Value::Null, Value::Null];
        let nothing = [Value::Null, Value::Null, Value::Null];
        let versioned = spec.contains("versioned");
        let (rows, history) = (&answer["rows"], spec.contains("history"));
        assert_eq!(asked(&rows["rich/photo.jpg A0"]), rich, "{spec}: {answer}");
        assert_eq!(asked(&rows["plain A0"]), plain, "{spec}: {answer}");
        assert_eq!(asked(&answer["before"]["changed.jpg A0"]), rich, "{spec}: {answer}");
        assert_eq!(asked(&rows["changed.jpg A1"]), plain, "what is no longer so is gone: {spec}: {answer}");
        assert_eq!(
            asked(&rows["changed.jpg A0"]),
            if history { rich.clone() } else { nothing.clone() },
            "{spec}: {answer}"
        );
        let overwritten = if versioned { rich } else { nothing.clone() };
        assert_eq!(asked(&rows["overwritten.jpg A0"]), overwritten, "{spec}: {answer}");
        assert_eq!(rows["gone.jpg A0"].is_object(), gone_is_recorded, "{spec}: {answer}");
        assert_eq!(asked(&rows["gone.jpg A0"]), nothing, "{spec}: {answer}");
    }
}

/// A record that only a change has made lacks the object; the listing adds it, once.
#[test]
#[ignore = "needs the judges that .ci/run installs"]
fn a_backfill_completes_what_a_change_has_recorded() {
    for layout in ["latest", "history"] {
        let workspace =
            generated(&format!("{{table: {{layout: {layout}}}, events: {{tags: record}}, backfill: {{}}}}"));
        let stack = format!("completed-{layout}-{}", std::process::id());
        let answer = deploy_and(&workspace, &stack, "backfill_after_change.py");
        let before = answer["before"].as_array().unwrap();
        assert!(before.len() == 1 && before[0]["tagsStatus"] == "Added" && before[0].get("size").is_none(), "{answer}");
        let first = answer["first"].as_array().unwrap();
        assert_eq!(answer["first"], answer["second"], "{answer}");
        match layout {
            "latest" => assert!(first.len() == 1 && first[0]["tagsStatus"] == "Added", "{answer}"),
            _ => assert!(first.len() == 2 && first[0] == before[0], "{answer}"),
        }
        let object = first.last().unwrap();
        assert!(object["size"] == "11" && object["etag"].is_string(), "{answer}");
    }
}

#[test]
#[ignore = "needs the judges that .ci/run installs"]
fn a_failed_execution_leaves_its_event_in_the_queue() {
    let specs = [
        "dead_letters: {}",
        "{table: {layout: history}, dead_letters: {encryption: KMS}}",
        "{state_machine: {query_language: JSONata}, dead_letters: {}}",
    ];
    for (index, spec) in specs.into_iter().enumerate() {
        let answer =
            deploy_and(&generated(spec), &format!("dead-letter-{index}-{}", std::process::id()), "dead_letter.py");
        assert_eq!(answer["status"], "FAILED", "{answer}");
        let bodies = answer["bodies"].as_array().unwrap();
        assert_eq!(bodies.len(), 1, "{answer}");
        assert_eq!(bodies[0]["event"], answer["event"], "{answer}");
        assert_eq!(bodies[0]["execution"], answer["execution"], "{answer}");
        assert_eq!(bodies[0]["error"]["Error"], answer["error"], "the execution fails with its own error: {answer}");
    }
}
