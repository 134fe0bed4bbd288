//! The stacks that are judged.

/// Every starter and every option, by the spec that makes it.
pub(crate) const VARIANTS: &[(&str, &str)] = &[
    ("article", include_str!("../../templates/article/bucketbook.yaml")),
    ("article, express", "state_machine: {type: EXPRESS}"),
    ("article, versioned", "bucket: {versioned: true}"),
    ("marks", "events: {deleted: mark}"),
    ("marks, upsert, JSONata", "{events: {deleted: mark}, state_machine: {query_language: JSONata, flow: upsert}}"),
    ("marks, history", "{events: {deleted: mark}, table: {layout: history}}"),
    ("removals", "events: {deleted: remove}"),
    ("upsert", "state_machine: {flow: upsert}"),
    ("JSONata", "{state_machine: {query_language: JSONata}, bucket: {versioned: true}}"),
    ("JSONata, history", "{state_machine: {query_language: JSONata}, table: {layout: history}}"),
    ("JSONata, upsert", "state_machine: {query_language: JSONata, flow: upsert, type: EXPRESS}"),
    ("history", include_str!("../../templates/history/bucketbook.yaml")),
    ("history, express", "{table: {layout: history}, state_machine: {type: EXPRESS}}"),
    ("history, versioned", "{table: {layout: history}, bucket: {versioned: true}}"),
    (
        "names",
        "{stack: {name: Mine}, bucket: {name: my.bucket-1}, table: {name: my_Table.1}, state_machine: {name: 'Dateien!(1)'}}",
    ),
    ("reserved words", "table: {layout: history, attribute_names: {file_name: name, last_modified: timestamp}}"),
    ("attributes, few", "attributes: [size, account]"),
    (
        "attributes",
        "attributes: [size, etag, versionId, requester, sourceIpAddress, reason, region, account, prefix, extension]",
    ),
    (
        "attributes, upsert, history, marks",
        "{attributes: [etag, requester, prefix, extension], table: {layout: history}, events: {deleted: mark}, state_machine: {flow: upsert}}",
    ),
    (
        "attributes, JSONata, marks, versioned",
        "{attributes: [versionId, sourceIpAddress, reason, extension], bucket: {versioned: true}, events: {deleted: mark}, state_machine: {query_language: JSONata}}",
    ),
    (
        "attributes, JSONata, upsert, history, express",
        "{attributes: [size, region, requester, prefix], table: {layout: history}, state_machine: {query_language: JSONata, flow: upsert, type: EXPRESS}}",
    ),
    (
        "attributes, upsert, marks",
        "{attributes: [requester, prefix], events: {deleted: mark}, state_machine: {flow: upsert}}",
    ),
    ("attributes, history", "{attributes: [reason, extension], table: {layout: history}, bucket: {versioned: true}}"),
    (
        "attributes, JSONata, history",
        "{attributes: [reason, extension], table: {layout: history}, state_machine: {query_language: JSONata}}",
    ),
    (
        "attributes, JSONata, upsert",
        "attributes: [requester, extension]\nstate_machine: {query_language: JSONata, flow: upsert}",
    ),
    ("enrich", "enrich: [contentType, metadata, storageClass, checksum, encryption, tags]"),
    (
        "enrich and changes of the same attribute, indexed",
        "{enrich: [storageClass, tags], events: {storage_class: record, tags: record, deleted: mark}, indexes: [{name: by-class, partition: storageClass}, {name: by-change, partition: tagsStatus, sort: tagsChangedAt}]}",
    ),
    (
        "enrich, JSONata, upsert, history, dead letters",
        "{attributes: [prefix], enrich: [tags], bucket: {versioned: true}, table: {layout: history}, state_machine: {query_language: JSONata, flow: upsert}, dead_letters: {}}",
    ),
    (
        "enrich, key, versioned, marks",
        "{enrich: [contentType, tags], bucket: {versioned: true, encryption: {type: SSE-KMS}}, events: {deleted: mark}, table: {encryption: KMS}}",
    ),
    ("enrich, removals", "{enrich: [metadata], events: {deleted: remove}, dead_letters: {}}"),
    (
        "enrich, backfill, history",
        "{attributes: [size, region, account, extension], enrich: [storageClass, tags], backfill: {}, bucket: {versioned: true}, table: {layout: history}}",
    ),
    (
        "indexes",
        "indexes: [{name: by-etag, partition: etag}, {name: by-size, partition: size, sort: lastModified, projection: KEYS_ONLY}]",
    ),
    (
        "indexes, api, derived, marks",
        "{attributes: [size, prefix, extension], enrich: [contentType, tags], events: {deleted: mark}, api: {}, indexes: [{name: by-prefix, partition: prefix, sort: size}, {name: by-type, partition: contentType, projection: {INCLUDE: [prefix, tags]}}, {name: deleted, partition: deletedAt, sort: expiresAt}]}",
    ),
    ("backfill", "backfill: {}"),
    (
        "backfill, history",
        "{table: {layout: history}, bucket: {versioned: true}, backfill: {prefix: 'photos/ü', items_per_batch: 1, max_concurrency: 10000, tolerated_failure_percentage: 100}}",
    ),
    ("logging", "state_machine: {logging: {level: ALL, include_data: true, retention_days: 7}}"),
    ("logging, express", "state_machine: {type: EXPRESS, logging: {}}"),
    ("tracing", "state_machine: {tracing: true}"),
    ("timeout", "state_machine: {timeout_seconds: 300}"),
    ("dead letters", "dead_letters: {max_age_seconds: 3600, max_attempts: 10}"),
    ("history, express, dead letters", "{table: {layout: history}, state_machine: {type: EXPRESS}, dead_letters: {}}"),
    ("block public access", "bucket: {block_public_access: true}"),
    ("bucket encryption", "bucket: {encryption: {type: SSE-S3}}"),
    ("bucket encryption, KMS", "bucket: {encryption: {type: SSE-KMS}}"),
    ("TLS only", "bucket: {tls_only: true}"),
    ("access logs", "bucket: {access_logs: {}}"),
    ("ownership enforced", "bucket: {ownership_enforced: true}"),
    ("lifecycle", "bucket: {lifecycle: {abort_incomplete_uploads_days: 7, expire_old_versions_days: 90}}"),
    ("point in time recovery", "table: {point_in_time_recovery: true}"),
    ("deletion protection", "table: {deletion_protection: true}"),
    ("table encryption", "table: {encryption: KMS}"),
    ("dead letters, encryption", "dead_letters: {encryption: KMS}"),
    ("logging, encryption", "state_machine: {logging: {encryption: KMS}}"),
    ("retain", "{retain: true, table: {encryption: KMS}}"),
    ("tags", "{tags: {team: files, cost centre: '42'}, dead_letters: {}, state_machine: {logging: {}}}"),
    ("alarms", "alarms: {}"),
    ("alarms, mail, dead letters", "{alarms: {email: ops@example.com}, dead_letters: {}}"),
    ("dashboard", "{dashboard: true, dead_letters: {}}"),
    ("production", include_str!("../../templates/production/bucketbook.yaml")),
    (
        "everything",
        "{events: {deleted: mark}, backfill: {}, dead_letters: {encryption: KMS}, alarms: {}, dashboard: true, state_machine: {query_language: JSONata, logging: {encryption: KMS}, tracing: true, timeout_seconds: 600}, table: {encryption: KMS}, tags: {team: files}, retain: true}",
    ),
    ("changes", "events: {storage_class: record, access_tier: record, restore: record, tags: record, acl: record}"),
    (
        "changes, marks, upsert, JSONata, versioned",
        "{events: {deleted: mark, storage_class: record, access_tier: record, restore: record, tags: record, acl: record}, bucket: {versioned: true}, state_machine: {query_language: JSONata, flow: upsert}}",
    ),
    (
        "changes, marks, history, versioned, express",
        "{events: {deleted: mark, storage_class: record, access_tier: record, restore: record, tags: record, acl: record}, bucket: {versioned: true}, table: {layout: history}, state_machine: {type: EXPRESS}}",
    ),
    ("one change, JSONata", "{events: {deleted: mark, tags: record}, state_machine: {query_language: JSONata}}"),
    (
        "changes, api, backfill, dead letters",
        "{events: {deleted: mark, storage_class: record, tags: record}, api: {}, backfill: {}, dead_letters: {encryption: KMS}, table: {encryption: KMS}}",
    ),
    ("changes, history, backfill", "{events: {tags: record}, backfill: {}, table: {layout: history}}"),
    (
        "routes",
        "{events: {deleted: mark, acl: record}, routes: [{name: Photos, prefix: photos/, table: {name: photos}, state_machine: {name: Photos, type: EXPRESS, flow: upsert}}, {name: Rest, pattern: {detail: {object: {key: [{anything-but: {prefix: photos/}}]}}}}], alarms: {}, dead_letters: {}, state_machine: {logging: {}}}",
    ),
    (
        "routes that overlap",
        "{events: {deleted: mark}, routes: [{name: Large, size: {min: 5}, reasons: [PutObject, POST Object]}, {name: Cats, prefix: 'photos/c', suffix: .jpg}, {name: All, wildcard: '*'}], state_machine: {query_language: JSONata}}",
    ),
    (
        "existing bucket",
        "{bucket: {existing: holiday-photos, versioned: true}, events: {deleted: mark}, backfill: {}, api: {}}",
    ),
    (
        "parameters, exports",
        "{parameters: {Stage: {default: dev, allowed_values: [dev, prod], description: The stage}, Days: {type: Number, default: 30}, Mail: {default: ops@example.com, no_echo: true}}, bucket: {name: !Sub 'files-${Stage}-${AWS::AccountId}'}, table: {name: !Sub '${Stage}-files'}, state_machine: {name: !Sub '${Stage}-record', logging: {retention_days: !Ref Days}}, alarms: {email: !Ref Mail}, tags: {stage: !Ref Stage}, backfill: {}, api: {}, outputs: {TableName: {export: !Sub '${AWS::StackName}-table'}, StateMachineArn: {export: files-machine}}}",
    ),
    (
        "existing bucket, imported",
        "{bucket: {existing: !ImportValue shared-bucket}, enrich: [contentType], backfill: {}, events: {deleted: mark}}",
    ),
    (
        "extra",
        "{parameters: {Stage: {default: dev}}, extra: {Mappings: {Names: {dev: {Topic: files-dev}, prod: {Topic: files}}}, Conditions: {IsProd: !Equals [!Ref Stage, prod]}, Resources: {ListPolicy: {Type: 'AWS::IAM::ManagedPolicy', Condition: IsProd, Properties: {PolicyDocument: {Version: '2012-10-17', Statement: [{Effect: Allow, Action: 'dynamodb:Query', Resource: !GetAtt FilesTable.Arn}]}}}, FilesTopic: {Type: 'AWS::SNS::Topic', DependsOn: FilesTable, Properties: {TopicName: !FindInMap [Names, !Ref Stage, Topic], KmsMasterKeyId: alias/aws/sns}}}, Outputs: {FilesTopicArn: {Value: !Ref FilesTopic, Export: {Name: !Join ['-', [!Ref 'AWS::StackName', topic]]}}}}}",
    ),
    (
        "boundary, existing key",
        "{permissions_boundary: 'arn:aws:iam::123456789012:policy/Boundary', kms_key: 'arn:aws:kms:eu-central-1:123456789012:key/1234abcd-12ab-34cd-56ef-1234567890ab', table: {encryption: KMS}, bucket: {encryption: {type: SSE-KMS}}, dead_letters: {encryption: KMS}, alarms: {}, backfill: {}, api: {type: lambda, logs: {encryption: KMS}}}",
    ),
    (
        "boundary, existing key, imported",
        "{permissions_boundary: !ImportValue boundary, kms_key: !ImportValue files-key, state_machine: {logging: {encryption: KMS}}, table: {encryption: KMS}, api: {}}",
    ),
    (
        "existing table",
        "{table: {existing: my-files, existing_key: {partition: fileName}, existing_indexes: [by-folder, by-size]}, events: {deleted: mark}, alarms: {}, backfill: {}, api: {}, indexes: [{name: by-size, partition: size}]}",
    ),
    (
        "existing table, history, by ARN",
        "table: {existing: 'arn:aws:dynamodb:eu-central-1:123456789012:table/my-files', layout: history}",
    ),
    ("existing bucket, starter", include_str!("../../templates/existing-bucket/bucketbook.yaml")),
    ("odd names", r#"table: {attribute_names: {file_name: "- 'a': \"b\" #", last_modified: "été; {x} $.y"}}"#),
    ("api", "api: {}"),
    ("api, history", "{table: {layout: history}, api: {auth: none, access_logs: none}}"),
    ("api, key, reserved words", "{table: {attribute_names: {file_name: name}}, api: {auth: api-key}}"),
    ("api, lambda", "api: {type: lambda}"),
    (
        "api, lambda, history, reserved words",
        "{table: {layout: history, attribute_names: {last_modified: timestamp}}, api: {type: lambda, auth: none, access_logs: none}}",
    ),
    (
        "api, cognito",
        "api: {auth: {cognito: {user_pool: 'arn:aws:cognito-idp:us-east-1:123456789012:userpool/us-east-1_aB3'}}}",
    ),
    ("api, lambda, key", "{tags: {team: files}, api: {type: lambda, auth: api-key}}"),
    (
        "api, lambda, jwt",
        "api: {type: lambda, auth: {jwt: {issuer: 'https://example.auth0.com/', audience: [files, 'https://files.example.com']}}}",
    ),
    (
        "api, lambda, cognito",
        "api: {type: lambda, auth: {cognito: {user_pool: 'arn:aws:cognito-idp:us-east-1:123456789012:userpool/us-east-1_aB3', clients: [4example]}}}",
    ),
    ("api, logs", "api: {logs: {retention_days: 365, encryption: KMS}}"),
    ("api, lambda, logs", "api: {type: lambda, logs: {encryption: KMS}}"),
    ("api, tracing", "api: {tracing: true}"),
    ("api, lambda, tracing", "api: {type: lambda, tracing: true}"),
    ("api, tags", "{tags: {team: files, cost centre: '42'}, api: {auth: api-key}}"),
    ("api, lambda, tags", "{tags: {team: files, cost centre: '42'}, api: lambda}"),
    ("api, as, the state machine", "{state_machine: {tracing: true, logging: {encryption: KMS}}, api: lambda}"),
    ("api, none", "api: {auth: none}"),
    ("api, lambda, none", "api: {type: lambda, auth: none}"),
    ("api, key", "api: {auth: api-key}"),
    ("api, production", concat!(include_str!("../../templates/production/bucketbook.yaml"), "\napi: direct\n")),
    ("api, production, lambda", concat!(include_str!("../../templates/production/bucketbook.yaml"), "\napi: lambda\n")),
    (
        "api, marks, JSONata, backfill",
        "{api: {}, events: {deleted: mark}, backfill: {}, state_machine: {query_language: JSONata}, table: {encryption: KMS}}",
    ),
];

/// The variants into whose bucket an object can be put: the events that the mock sends hold no `version-id`, so the executions
/// of a versioned bucket's stack fail there. What they do with real events is among the promises tested below.
pub(crate) const UPLOADED: [&str; 10] = [
    "article",
    "article, express",
    "history",
    "history, express",
    "upsert",
    "JSONata, upsert",
    "attributes",
    "enrich",
    "changes",
    "routes that overlap",
];
