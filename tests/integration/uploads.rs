//! What can be said of an object that is put, by `simulate --put` and in scenarios, and which bucket it goes into.

use crate::common::Workspace;
use serde_json::{Value, json};

/// A spec whose records hold what only S3 knows.
const ENRICHED: &str = "enrich: [contentType, metadata, storageClass, checksum, tags]\n";

fn enriched() -> Workspace {
    let workspace = Workspace::new();
    workspace.write("bucketbook.yaml", ENRICHED);
    workspace
}

/// The only record after a run.
fn record(workspace: &Workspace, put: &str) -> Value {
    let (code, out, err) = workspace.run(&["simulate", "--put", put, "--format", "json"]);
    assert_eq!((code, err.as_str()), (0, ""));
    let told: Value = serde_json::from_str(&out).unwrap();
    told["tables"].as_object().unwrap().values().next().unwrap()[0].clone()
}

#[test]
fn what_s3_is_asked_is_what_was_said() {
    let workspace = enriched();
    let said = "a,b.txt,size=7,content_type=text/plain,storage_class=GLACIER_IR,checksum=SHA256:abc=,metadata.Owner=Ada,tags.team=a, b";
    let record = record(&workspace, said);
    for (name, value) in [
        ("fileName", json!({"S": "a,b.txt"})),
        ("size", json!({"N": "7"})),
        ("contentType", json!({"S": "text/plain"})),
        ("storageClass", json!({"S": "GLACIER_IR"})),
        ("checksum", json!({"S": "SHA256:abc="})),
        ("metadata", json!({"M": {"owner": {"S": "Ada"}}})),
        ("tags", json!({"M": {"team": {"S": "a, b"}}})),
    ] {
        assert_eq!(record[name], value, "{name}: {record}");
    }
}

#[test]
fn what_is_not_said_is_as_s3_has_it() {
    let record = record(&enriched(), "a.txt");
    assert_eq!(record["contentType"], json!({"S": "binary/octet-stream"}));
    for absent in ["storageClass", "checksum"] {
        assert_eq!(record.get(absent), None, "{record}");
    }
}

#[test]
fn a_scenario_says_the_same() {
    let workspace = enriched();
    let put = "{key: a.txt, size: 7, content_type: text/plain, storage_class: GLACIER_IR, checksum: 'SHA256:abc=', \
        metadata: {Owner: Ada}, tags: {team: x}}";
    let item = "{fileName: a.txt, size: 7, contentType: text/plain, storageClass: GLACIER_IR, checksum: 'SHA256:abc=', \
        metadata: {owner: Ada}, tags: {team: x}}";
    workspace.write("scenarios/a.yaml", format!("when: [{{put: {put}}}]\nthen: {{items: [{item}]}}\n"));
    let (code, out, err) = workspace.run(&["test"]);
    assert_eq!((code, err.as_str()), (0, ""), "{out}");
    // What is there already is described by the same words.
    workspace.write(
        "scenarios/a.yaml",
        "given: {objects: [{key: a.txt, storage_class: GLACIER}]}\nwhen: [{delete: a.txt}]\nthen: {executions: 0}\n",
    );
    assert_eq!(workspace.run(&["test"]).0, 0);
    for (field, message) in [
        ("storage_class: glacier_ir", "unknown storage class `glacier_ir`"),
        ("checksum: abc", "expected an algorithm and a value"),
        ("tags: [a]", "tags"),
        ("content-type: a", "did you mean `content_type`?"),
    ] {
        workspace.write("scenarios/a.yaml", format!("when: [{{put: {{key: a.txt, {field}}}}}]\n"));
        let (code, _, err) = workspace.run(&["test"]);
        assert_eq!(code, 2, "{field}");
        assert!(err.contains(message) && err.contains("scenarios/a.yaml:1:"), "{field}: {err}");
    }
}

#[test]
fn an_archived_object_cannot_be_read() {
    let workspace = Workspace::new();
    workspace.write("template.yaml", template("{source: [aws.s3]}"));
    let run = |class: &str| {
        let put = format!("a.txt,storage_class={class}");
        workspace.run(&["simulate", "--put", &put, "--bucket", "Files"])
    };
    let (code, out, _) = run("DEEP_ARCHIVE");
    assert!(code == 1 && out.contains("S3.InvalidObjectStateException"), "{out}");
    assert_eq!(run("STANDARD_IA").0, 0);
}

/// A stack with two buckets that tell EventBridge of their changes, and a rule.
fn template(pattern: &str) -> String {
    let bucket = "{Type: AWS::S3::Bucket, Properties: {NotificationConfiguration: {EventBridgeConfiguration: {}}}}";
    format!(
        "Transform: AWS::Serverless-2016-10-31\nResources:\n  Files: {bucket}\n  Logs: {bucket}\n  Work:\n    \
         Type: AWS::Serverless::StateMachine\n    Properties:\n      Definition:\n        StartAt: Read\n        States:\n          \
         Read:\n            Type: Task\n            Resource: arn:aws:states:::aws-sdk:s3:getObject\n            Parameters: \
         {{Bucket.$: $.detail.bucket.name, Key.$: $.detail.object.key}}\n            End: true\n      Events:\n        Made:\n          \
         Type: EventBridgeRule\n          Properties: {{Pattern: {pattern}}}\n"
    )
}

#[test]
fn the_only_bucket_that_a_rule_hears_is_meant() {
    let workspace = Workspace::new();
    for pattern in [
        "{source: [aws.s3], detail: {bucket: {name: [!Ref Files]}}}",
        "{source: [{prefix: aws.}], detail: {bucket: {name: [{prefix: fil}]}, object: {key: [{suffix: .jpg}]}}}",
        "{detail: {bucket: {name: [{anything-but: [!Ref Logs]}]}}}",
    ] {
        workspace.write("template.yaml", template(pattern));
        for put in [&["--put"][..], &["--put", "a.jpg"]] {
            let (code, out, err) = workspace.run(&[&["simulate"], put].concat());
            assert_eq!((code, err.as_str()), (0, ""), "{pattern}: {out}");
            assert!(out.contains("SUCCEEDED"), "{pattern}: {out}");
        }
    }
    workspace.write("template.yaml", template("{source: [aws.s3]}"));
    let (code, _, err) = workspace.run(&["simulate", "--put"]);
    assert_eq!(code, 2);
    assert!(err.contains("several buckets") && err.contains("Files, Logs") && err.contains("--bucket"), "{err}");
}

/// A bucket of another stack is there as well, where a rule names it.
#[test]
fn a_bucket_that_only_a_rule_names_is_meant() {
    let workspace = Workspace::new();
    workspace.write("template.yaml", template("{source: [aws.s3], detail: {bucket: {name: [their-bucket]}}}"));
    let (code, out, err) = workspace.run(&["simulate", "--put"]);
    assert_eq!((code, err.as_str()), (0, ""));
    assert!(out.contains("SUCCEEDED"), "{out}");
}

#[test]
fn without_a_key_it_is_one_that_the_rule_takes() {
    let workspace = Workspace::new();
    let pattern = "{source: [aws.s3], detail: {bucket: {name: [!Ref Files]}, object: {key: [{prefix: in/}], size: [{numeric: ['>', 1000000]}]}}}";
    workspace.write("template.yaml", template(pattern));
    let (_, out, _) = workspace.run(&["simulate", "--put"]);
    assert!(out.contains("put in/") && out.contains("matched by"), "{out}");
}

#[test]
fn logical_ids_of_one_letter_name_tables_and_buckets() {
    let workspace = Workspace::new();
    workspace.write(
        "template.yaml",
        "Resources:\n  B: {Type: AWS::S3::Bucket, Properties: {NotificationConfiguration: {EventBridgeConfiguration: {}}}}\n  T:\n    \
         Type: AWS::DynamoDB::Table\n    Properties:\n      BillingMode: PAY_PER_REQUEST\n      \
         AttributeDefinitions: [{AttributeName: k, AttributeType: S}]\n      KeySchema: [{AttributeName: k, KeyType: HASH}]\n  M:\n    \
         Type: AWS::Serverless::StateMachine\n    Properties:\n      Definition:\n        StartAt: P\n        States:\n          P:\n            \
         Type: Task\n            Resource: arn:aws:states:::dynamodb:putItem\n            \
         Parameters: {TableName: !Ref T, Item: {k: {S.$: $.detail.object.key}}}\n            End: true\n      Events:\n        \
         E: {Type: EventBridgeRule, Properties: {Pattern: {source: [aws.s3], detail: {bucket: {name: [!Ref B]}}}}}\n",
    );
    let (code, out, err) = workspace.run(&["simulate", "--put", "a"]);
    assert_eq!((code, err.as_str()), (0, ""));
    assert!(out.contains(": k=a"), "{out}");
    assert_eq!(workspace.run(&["cost"]).0, 0);
    assert_eq!(workspace.run(&["report"]).0, 0);
}
