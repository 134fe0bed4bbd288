//! What is rendered, locked: every starter whole, every option, the JSON Schema.

use bucketbook::catalog;
use bucketbook::simulate::scenario::Scenario;
use bucketbook::source::Source;
use bucketbook::spec::{Document, STARTERS, Spec};

fn render(spec: &str) -> String {
    let document = Document::parse(Source::new("bucketbook.yaml", spec)).map_err(|(_, fault)| fault).unwrap();
    let files = catalog::stack(&document.spec).unwrap().files().unwrap();
    files.iter().map(|file| format!("==> {} <==\n{}", file.path, file.text)).collect::<Vec<_>>().join("\n")
}

#[test]
fn starters() {
    for starter in STARTERS {
        insta::assert_snapshot!(format!("starter-{}", starter.name), render(starter.text));
    }
}

#[test]
fn options() {
    for (name, spec) in [
        ("express", "state_machine: {type: EXPRESS}"),
        ("upsert", "state_machine: {flow: upsert}"),
        ("jsonata", "{state_machine: {query_language: JSONata}, bucket: {versioned: true}}"),
        (
            "jsonata-upsert-history",
            "{state_machine: {query_language: JSONata, flow: upsert}, table: {layout: history}}",
        ),
        ("versioned", "bucket: {versioned: true}"),
        ("deleted-mark", "events: {deleted: mark, mark_days: 7}"),
        ("deleted-mark-history", "{events: {deleted: mark}, table: {layout: history}, bucket: {versioned: true}}"),
        ("deleted-remove", "events: {deleted: remove}"),
        ("logging", "state_machine: {logging: {level: ALL, include_data: true, retention_days: 7}}"),
        ("logging-defaults", "state_machine: {logging: {}}"),
        ("tracing", "state_machine: {tracing: true}"),
        ("dead-letters", "dead_letters: {}"),
        ("dead-letters-chosen", "dead_letters: {retention_days: 4, max_age_seconds: 3600, max_attempts: 10}"),
        ("block-public-access", "bucket: {block_public_access: true}"),
        ("bucket-encryption", "bucket: {encryption: {type: SSE-S3}}"),
        ("bucket-encryption-kms", "bucket: {encryption: {type: SSE-KMS}}"),
        ("tls-only", "bucket: {tls_only: true}"),
        ("access-logs", "bucket: {access_logs: {}}"),
        ("ownership-enforced", "bucket: {ownership_enforced: true}"),
        ("lifecycle", "bucket: {lifecycle: {abort_incomplete_uploads_days: 7, expire_old_versions_days: 90}}"),
        ("point-in-time-recovery", "table: {point_in_time_recovery: true}"),
        ("deletion-protection", "table: {deletion_protection: true}"),
        ("table-encryption", "table: {encryption: KMS}"),
        ("dead-letters-encryption", "dead_letters: {encryption: KMS}"),
        ("logging-encryption", "state_machine: {logging: {encryption: KMS}}"),
        ("alarms", "alarms: {}"),
        ("alarms-chosen", "{alarms: {email: ops@example.com}, dead_letters: {}}"),
        ("dashboard", "{dashboard: true, dead_letters: {}}"),
        ("retain", "{retain: true, table: {encryption: KMS}}"),
        ("tags", "{tags: {team: files, cost centre: '42'}, dead_letters: {}, state_machine: {logging: {}}}"),
        ("timeout", "state_machine: {timeout_seconds: 300}"),
        (
            "enrich-and-changes",
            "{enrich: [storageClass, tags], events: {storage_class: record, tags: record, deleted: mark}, indexes: [{name: by-class, partition: storageClass}, {name: by-change, partition: tagsStatus, sort: tagsChangedAt}]}",
        ),
        (
            "everything",
            "{events: {deleted: mark}, backfill: {}, dead_letters: {encryption: KMS}, alarms: {}, dashboard: true, state_machine: {query_language: JSONata, logging: {encryption: KMS}, tracing: true, timeout_seconds: 600}, table: {encryption: KMS}, tags: {team: files}, retain: true}",
        ),
        ("changes-storage-class", "events: {storage_class: record}"),
        ("changes-access-tier", "events: {access_tier: record}"),
        ("changes-restore", "events: {restore: record}"),
        ("changes-tags", "{events: {tags: record}, state_machine: {flow: upsert, query_language: JSONata}}"),
        ("changes-acl", "events: {acl: record}"),
        (
            "changes-all-mark-versioned",
            "{events: {deleted: mark, storage_class: record, access_tier: record, restore: record, tags: record, acl: record}, bucket: {versioned: true}, dead_letters: {}}",
        ),
        (
            "changes-history",
            "{events: {storage_class: record, restore: record, tags: record}, table: {layout: history}, bucket: {versioned: true}}",
        ),
        ("changes-backfill", "{events: {tags: record}, backfill: {}}"),
        ("changes-backfill-history", "{events: {tags: record}, backfill: {}, table: {layout: history}}"),
        ("changes-api", "{events: {acl: record}, api: {}}"),
        ("routes-one", "routes: [{name: Photos, prefix: photos/}]"),
        (
            "routes",
            "{routes: [{name: Photos, prefix: photos/, suffix: .jpg, size: {min: 1, max: 1048576}, reasons: [PutObject, CopyObject], table: {name: photos}, state_machine: {name: Photos, type: EXPRESS, flow: upsert}}, {name: Raw, wildcard: '*/raw/*', table: {}}, {name: Rest}], events: {deleted: mark, tags: record}, alarms: {}, dead_letters: {}, state_machine: {logging: {}}}",
        ),
        (
            "routes-pattern",
            "{routes: [{name: Chosen, pattern: {region: [{prefix: eu-}], detail: {object: {key: [{anything-but: {suffix: .tmp}}], size: [{numeric: ['>', 0]}], version-id: [{exists: false}]}, source-ip-address: [{cidr: 10.0.0.0/8}], $or: [{reason: [PutObject]}, {requester: [{equals-ignore-case: s3}]}]}}}], events: {deleted: mark}}",
        ),
        (
            "existing-bucket",
            "{bucket: {existing: holiday-photos, versioned: true}, events: {deleted: mark}, backfill: {}}",
        ),
        (
            "parameters-exports",
            "{parameters: {Stage: {default: dev, allowed_values: [dev, prod], description: The stage}, Days: {type: Number, default: 30}, Mail: {default: ops@example.com, no_echo: true}}, bucket: {name: !Sub 'files-${Stage}-${AWS::AccountId}'}, table: {name: !Sub '${Stage}-files'}, state_machine: {name: !Sub '${Stage}-record', logging: {retention_days: !Ref Days}}, alarms: {email: !Ref Mail}, tags: {stage: !Ref Stage}, backfill: {}, api: {}, outputs: {TableName: {export: !Sub '${AWS::StackName}-table'}, StateMachineArn: {export: files-machine}}}",
        ),
        (
            "existing-bucket-imported",
            "{bucket: {existing: !ImportValue shared-bucket}, enrich: [contentType], backfill: {}, events: {deleted: mark}}",
        ),
        (
            "extra",
            "{parameters: {Stage: {default: dev}}, extra: {Mappings: {Names: {dev: {Topic: files-dev}, prod: {Topic: files}}}, Conditions: {IsProd: !Equals [!Ref Stage, prod]}, Resources: {ListPolicy: {Type: 'AWS::IAM::ManagedPolicy', Condition: IsProd, Properties: {PolicyDocument: {Version: '2012-10-17', Statement: [{Effect: Allow, Action: 'dynamodb:Query', Resource: !GetAtt FilesTable.Arn}]}}}, FilesTopic: {Type: 'AWS::SNS::Topic', DependsOn: FilesTable, Properties: {TopicName: !FindInMap [Names, !Ref Stage, Topic], KmsMasterKeyId: alias/aws/sns}}}, Outputs: {FilesTopicArn: {Value: !Ref FilesTopic, Export: {Name: !Join ['-', [!Ref 'AWS::StackName', topic]]}}}}}",
        ),
        (
            "boundary-existing-key",
            "{permissions_boundary: 'arn:aws:iam::123456789012:policy/Boundary', kms_key: 'arn:aws:kms:eu-central-1:123456789012:key/1234abcd-12ab-34cd-56ef-1234567890ab', table: {encryption: KMS}, bucket: {encryption: {type: SSE-KMS}}, dead_letters: {encryption: KMS}, alarms: {}, backfill: {}, api: {type: lambda, logs: {encryption: KMS}}}",
        ),
        (
            "boundary-existing-key-imported",
            "{permissions_boundary: !ImportValue boundary, kms_key: !ImportValue files-key, state_machine: {logging: {encryption: KMS}}, table: {encryption: KMS}, api: {}}",
        ),
        (
            "existing-table",
            "{table: {existing: my-files, existing_key: {partition: fileName}, existing_indexes: [by-folder, by-size]}, events: {deleted: mark}, alarms: {}, backfill: {}, api: {}, indexes: [{name: by-size, partition: size}]}",
        ),
        (
            "existing-table-history-by-arn",
            "table: {existing: 'arn:aws:dynamodb:eu-central-1:123456789012:table/my-files', layout: history}",
        ),
        ("history-unversioned", "table: {layout: history}"),
        (
            "names",
            "{stack: {name: Mine}, bucket: {name: my.bucket-1}, table: {name: my_Table.1}, state_machine: {name: 'Dateien!(1)'}}",
        ),
        (
            "reserved-attribute-names",
            "table: {layout: history, attribute_names: {file_name: name, last_modified: timestamp}}",
        ),
        ("backfill", "backfill: {}"),
        (
            "backfill-settings",
            "backfill: {prefix: 'photos/50%} of ${it}', items_per_batch: 1, max_concurrency: 10000, tolerated_failure_percentage: 5}",
        ),
        ("backfill-history-versioned", "{table: {layout: history}, bucket: {versioned: true}, backfill: {}}"),
        ("attributes-strict", "attributes: [account, size, region]"),
        ("attributes-none", "{attributes: [], table: {layout: history}}"),
        (
            "attributes-all",
            "attributes: [size, etag, versionId, sequencer, requester, sourceIpAddress, reason, region, account]",
        ),
        (
            "attributes-derived",
            "{attributes: [prefix, extension], events: {deleted: mark}, state_machine: {flow: upsert}}",
        ),
        (
            "attributes-jsonata-history",
            "{attributes: [requester, extension, versionId], table: {layout: history}, bucket: {versioned: true}, state_machine: {query_language: JSONata}}",
        ),
        ("attributes-backfill", "{attributes: [etag, region, account, prefix, reason], backfill: {}}"),
        ("enrich-content-type", "{enrich: [contentType], dead_letters: {}}"),
        (
            "enrich-tags-history-jsonata",
            "{enrich: [tags], bucket: {versioned: true}, table: {layout: history}, state_machine: {query_language: JSONata}}",
        ),
        (
            "enrich-all",
            "{enrich: [contentType, metadata, storageClass, checksum, encryption, tags], state_machine: {flow: upsert}, events: {deleted: remove}}",
        ),
        (
            "enrich-versioned-key",
            "{enrich: [encryption, tags], bucket: {versioned: true, encryption: {type: SSE-KMS}}, events: {deleted: mark}}",
        ),
        (
            "enrich-backfill-history",
            "{enrich: [metadata, tags], backfill: {}, bucket: {versioned: true}, table: {layout: history}}",
        ),
        (
            "indexes",
            "{attributes: [size, prefix, extension], enrich: [tags], events: {deleted: mark}, api: {}, indexes: [{name: by-prefix, partition: prefix, sort: size}, {name: by-extension, partition: extension, projection: KEYS_ONLY}, {name: deleted, partition: deletedAt, sort: expiresAt, projection: {INCLUDE: [prefix, tags]}}]}",
        ),
        ("api", "api: {}"),
        ("api-history", "{table: {layout: history}, api: {auth: none, access_logs: none}}"),
        ("api-key", "api: {auth: api-key, throttling: {rate: 5, burst: 10}}"),
        ("api-lambda", "api: {type: lambda}"),
        ("api-lambda-history", "{table: {layout: history}, api: {type: lambda, auth: none, access_logs: none}}"),
        (
            "api-cognito",
            "api: {auth: {cognito: {user_pool: 'arn:aws:cognito-idp:us-east-1:123456789012:userpool/us-east-1_aB3'}}}",
        ),
        ("api-lambda-key", "{tags: {team: files}, api: {type: lambda, auth: api-key}}"),
        (
            "api-lambda-jwt",
            "api: {type: lambda, auth: {jwt: {issuer: 'https://example.auth0.com/', audience: [files, 'https://files.example.com']}}}",
        ),
        (
            "api-lambda-cognito",
            "api: {type: lambda, auth: {cognito: {user_pool: 'arn:aws:cognito-idp:us-east-1:123456789012:userpool/us-east-1_aB3', clients: [4example]}}}",
        ),
        ("api-logs", "api: {logs: {retention_days: 365, encryption: KMS}}"),
        ("api-lambda-logs", "api: {type: lambda, logs: {encryption: KMS}}"),
        ("api-tracing", "api: {tracing: true}"),
        ("api-lambda-tracing", "api: {type: lambda, tracing: true}"),
        ("api-tags", "{tags: {team: files, cost centre: '42'}, api: {auth: api-key}}"),
        ("api-lambda-tags", "{tags: {team: files, cost centre: '42'}, api: lambda}"),
        ("api-as-the-state-machine", "{state_machine: {tracing: true, logging: {encryption: KMS}}, api: lambda}"),
        (
            "odd-attribute-names",
            r#"table: {layout: history, attribute_names: {file_name: "- 'a': \"b\" #", last_modified: "日\n本"}}"#,
        ),
    ] {
        insta::assert_snapshot!(format!("option-{name}"), render(spec));
    }
}

#[test]
fn the_article_is_the_default() {
    let article = STARTERS[0];
    assert_eq!(article.name, "article");
    let document = Document::parse(Source::new("x", article.text)).map_err(|(_, fault)| fault).unwrap();
    assert_eq!(document.spec, Spec::default());
}

#[test]
fn schema() {
    insta::assert_snapshot!(Spec::json_schema());
    insta::assert_snapshot!("schema-of-scenarios", Scenario::json_schema());
}

#[test]
fn starters_are_valid_by_the_schema_that_they_name() {
    let schema: serde_json::Value = serde_json::from_str(&Spec::json_schema()).unwrap();
    let validator = jsonschema::validator_for(&schema).unwrap();
    for starter in STARTERS {
        let first = starter.text.lines().next().unwrap();
        assert_eq!(first, "# yaml-language-server: $schema=./bucketbook.schema.json", "{}", starter.name);
        let value: serde_json::Value = serde_yaml::from_str(starter.text).unwrap();
        assert!(validator.is_valid(&value), "{}", starter.name);
    }
    for right in [
        r#"{"backfill": null, "bucket": null, "api": null, "alarms": {"email": {"Ref": "Mail"}}}"#,
        r#"{"environments": {"dev": null, "prod": {"without": ["alarms"], "table": {"layout": "history"}}}}"#,
        r#"{"extra": {"Resources": {"Topic": {"Type": "AWS::SNS::Topic"}}}, "kms_key": {"Fn::ImportValue": "key"}}"#,
    ] {
        let errors: Vec<String> =
            validator.iter_errors(&serde_json::from_str(right).unwrap()).map(|error| error.to_string()).collect();
        assert!(errors.is_empty(), "{right}: {errors:?}");
    }
    for wrong in [
        r#"{"environments": {"prod": {"environments": {}}}}"#,
        r#"{"environments": {"default": {}}}"#,
        r#"{"extra": {"Resources": {"Topic": {}}}}"#,
        r#"{"kms_key": "alias/files"}"#,
        r#"{"parameters": {"Stage": {"type": "text"}}}"#,
        r#"{"backfill": {"items_per_batch": 0}}"#,
        r#"{"tabel": {}}"#,
        r#"{"attributes": ["size", "size"]}"#,
        r#"{"enrich": ["content-type"]}"#,
        r#"{"indexes": [{"name": "by-size"}]}"#,
        r#"{"table": {"layout": "newest"}}"#,
        r#"{"bucket": {"name": "My_Bucket"}}"#,
        "[]",
    ] {
        assert!(!validator.is_valid(&serde_json::from_str(wrong).unwrap()), "{wrong}");
    }
}

/// The schema refuses what the catalogue refuses, where a schema can say it; and takes what the catalogue takes.
#[test]
fn what_does_not_go_together_is_refused_by_the_schema_too() {
    let schema: serde_json::Value = serde_json::from_str(&Spec::json_schema()).unwrap();
    let validator = jsonschema::validator_for(&schema).unwrap();
    for (text, right) in [
        ("bucket: {existing: holiday-photos}", true),
        ("bucket: {existing: holiday-photos, versioned: true, tls_only: false}", true),
        ("bucket: {existing: holiday-photos, name: other}", false),
        ("bucket: {existing: holiday-photos, tls_only: true}", false),
        ("bucket: {existing: holiday-photos, access_logs: {}}", false),
        ("table: {existing: my-files}", true),
        ("table: {existing: my-files, name: other}", false),
        ("table: {existing: my-files, deletion_protection: true}", false),
        ("table: {existing_key: {partition: fileName}}", false),
        ("table: {existing_indexes: [by-size]}", false),
        ("routes: [{name: A, wildcard: '*.jpg'}]", true),
        ("routes: [{name: A, wildcard: '*.jpg', prefix: a/}]", false),
        ("routes: [{name: A, pattern: {region: [eu-central-1]}}]", true),
        ("routes: [{name: A, pattern: {region: [eu-central-1]}, suffix: .jpg}]", false),
        ("routes: [{name: A, pattern: {region: [eu-central-1]}, reasons: [PutObject]}]", false),
        ("{routes: [{name: A}], state_machine: {name: one}}", false),
        ("{routes: [], state_machine: {name: one}}", true),
        ("events: {deleted: remove}", true),
        ("{events: {deleted: remove}, backfill: {}}", false),
        ("{events: {deleted: remove}, table: {layout: history}}", false),
        ("events: {deleted: remove, tags: record}", false),
        ("api: {auth: {jwt: {issuer: 'https://example.com', audience: [a]}}}", false),
        ("api: {type: lambda, auth: {jwt: {issuer: 'https://example.com', audience: [a]}}}", true),
    ] {
        let value: serde_json::Value = serde_yaml::from_str(text).unwrap();
        assert_eq!(validator.is_valid(&value), right, "the schema about {text}");
        let spec = Document::parse(Source::new("x", text)).map_err(|(_, fault)| fault).unwrap().spec;
        assert_eq!(catalog::stack(&spec).is_ok(), right, "the catalogue about {text}");
    }
}

#[test]
fn every_option() {
    insta::assert_snapshot!("all-options", Spec::all_options());
}
