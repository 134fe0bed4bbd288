//! The safety of what the stack holds: of its bucket, of its table, and the key that encrypts them.

use super::{CatalogError, Parts, api, id, refused};
use crate::aws::needs;
use crate::spec::{AccessLogsSpec, BucketEncryptionType, Days, Encryption, Spec};
use crate::stack::{
    Bucket, BucketEncryption, BucketPolicy, Deferred, EncryptionKey, Handle, Key, LifecycleConfiguration,
    LoggingConfiguration, Operator, OwnershipControls, PolicyDocument, Pseudo, PublicAccessBlockConfiguration, Queue,
    ResourceKind, ResourcePolicy, ResourceStatement, Sub, Table, Tag, TemplateBuilder, Value, VersioningConfiguration,
    VersioningStatus, objects_of,
};

/// The tags of everything that takes tags.
pub(super) fn tags(spec: &Spec) -> Vec<Tag> {
    spec.tags.iter().map(|(key, value)| Tag { key: key.to_string(), value: value.text() }).collect()
}

/// Adds a resource that holds what cannot be made again: it outlives the stack if the spec says so.
fn add_stateful<R: Into<ResourceKind>>(
    spec: &Spec,
    template: &mut TemplateBuilder,
    name: &str,
    resource: R,
) -> Result<Handle<R>, CatalogError> {
    let id = id(name)?;
    Ok(if spec.retain { template.add_retained(id, resource)? } else { template.add(id, resource)? })
}

/// Whether something is to be encrypted with the stack's own key.
fn by_key(encryption: Option<Encryption>) -> bool {
    encryption == Some(Encryption::Kms)
}

/// The stack's own key, if anything is encrypted with it, and the services that use it without a role.
pub(super) fn key(spec: &Spec, template: &mut TemplateBuilder) -> Result<Option<EncryptionKey>, CatalogError> {
    if let Some(arn) = &spec.kms_key {
        let users = uses_of_key(spec);
        return match users {
            true => Ok(Some(EncryptionKey::existing(arn.text()))),
            false => Err(refused(
                "/kms_key",
                "nothing is encrypted with this key",
                "choose `encryption: KMS` for what it is to encrypt",
            )),
        };
    }
    let mut statements = vec![ResourceStatement::account("Account", ["kms:*"])];
    if dead_letters_by_key(spec) {
        statements.push(sender("RulesSendToQueues", "events.amazonaws.com"));
    }
    if logs_by_key(spec) {
        statements.push(log_groups("LogGroups", Sub::default().text("/aws/vendedlogs/states/*")));
    }
    if api::logs_by_key(spec) {
        statements.push(log_groups("ApiLogGroups", api::log_group_names()));
    }
    if spec.alarms.is_some() {
        statements.push(sender("AlarmsTellTopic", "cloudwatch.amazonaws.com"));
    }
    if !uses_of_key(spec) {
        return Ok(None);
    }
    let key = Key {
        description: "Encrypts what the stack holds".to_owned(),
        enable_key_rotation: true,
        key_policy: ResourcePolicy::new(statements),
        tags: tags(spec),
    };
    Ok(Some(add_stateful(spec, template, "FilesKey", key)?.into()))
}

/// Whether anything is encrypted with the key.
fn uses_of_key(spec: &Spec) -> bool {
    bucket_by_key(spec) || by_key(spec.table.encryption) || !services_of_key(spec).is_empty()
}

/// The services that use the key without a role, so that its policy has to let them in.
fn services_of_key(spec: &Spec) -> Vec<&'static str> {
    let services = [
        ("events.amazonaws.com", dead_letters_by_key(spec)),
        ("logs.REGION.amazonaws.com", logs_by_key(spec) || api::logs_by_key(spec)),
        ("cloudwatch.amazonaws.com", spec.alarms.is_some()),
    ];
    services.into_iter().filter(|(_, uses)| *uses).map(|(service, _)| service).collect()
}

/// What the policy of a key that the stack does not make has to say.
pub(super) fn note_on_key(spec: &Spec) -> Option<String> {
    let services = services_of_key(spec);
    let needed = spec.kms_key.is_some() && !services.is_empty();
    needed.then(|| {
        format!("the policy of your key has to let {} in; docs/spec.md shows the statements", services.join(", "))
    })
}

/// The policy that says the most that the roles of the stack may do.
pub(super) fn boundary(spec: &Spec) -> Option<Value> {
    spec.permissions_boundary.as_ref().map(Deferred::text)
}

/// A service that sends encrypted messages on behalf of something in this account.
fn sender(sid: &str, service: &str) -> ResourceStatement {
    ResourceStatement::service(sid, service, needs::SENDER_OF_KEY, "*".into()).when(
        Operator::StringEquals,
        "aws:SourceAccount",
        Pseudo::AccountId.into(),
    )
}

/// CloudWatch Logs, for the [log groups](https://docs.aws.amazon.com/AmazonCloudWatch/latest/logs/encrypt-log-data-kms.html) of
/// this account.
fn log_groups(sid: &str, names: Sub) -> ResourceStatement {
    let service = Sub::default().text("logs.").pseudo(Pseudo::Region).text(".amazonaws.com");
    let groups = Sub::default()
        .text("arn:")
        .pseudo(Pseudo::Partition)
        .text(":logs:")
        .pseudo(Pseudo::Region)
        .text(":")
        .pseudo(Pseudo::AccountId)
        .text(":log-group:")
        .value(&names.into());
    ResourceStatement::service(sid, service, needs::LOGS_OF_KEY, "*".into()).when(
        Operator::ArnLike,
        "kms:EncryptionContext:aws:logs:arn",
        groups.into(),
    )
}

/// Adds the bucket, with its policy and its access logs.
pub(super) fn bucket(
    spec: &Spec,
    template: &mut TemplateBuilder,
    key: Option<&EncryptionKey>,
) -> Result<Handle<Bucket>, CatalogError> {
    let chosen = &spec.bucket;
    let mut bucket = Bucket::sending_events(chosen.name.clone(), chosen.versioned);
    bucket.bucket_encryption = chosen.encryption.map(|encryption| match (encryption.kind, key) {
        (BucketEncryptionType::Kms, Some(key)) => BucketEncryption::sse_kms(key.arn()),
        _ => BucketEncryption::sse_s3(),
    });
    let mut lifecycle = LifecycleConfiguration::default();
    if let Some(days) = chosen.lifecycle.abort_incomplete_uploads_days {
        lifecycle = lifecycle.abort_incomplete_uploads(days.get());
    }
    if let Some(days) = chosen.lifecycle.expire_old_versions_days {
        lifecycle = lifecycle.expire_old_versions(days.get());
    }
    bucket.lifecycle_configuration = lifecycle.if_any();
    bucket.ownership_controls = chosen.ownership_enforced.then(OwnershipControls::enforced);
    bucket.public_access_block_configuration = chosen.block_public_access.then(PublicAccessBlockConfiguration::all);
    bucket.tags = tags(spec);
    let logs = chosen.access_logs.as_ref().map(|logs| log_bucket(spec, logs, template)).transpose()?;
    bucket.logging_configuration = logs.as_ref().map(|logs| LoggingConfiguration {
        destination_bucket_name: logs.reference(),
        log_file_prefix: "files/".to_owned(),
    });
    let bucket = add_stateful(spec, template, "FilesBucket", bucket)?;
    if chosen.tls_only {
        add_policy(template, "FilesBucketPolicy", &bucket, vec![tls_only(&bucket)])?;
    }
    if let Some(logs) = &logs {
        let writer =
            ResourceStatement::service("AccessLogs", "logging.s3.amazonaws.com", ["s3:PutObject"], objects(logs));
        let writer = writer.where_source(bucket.arn()).when(
            Operator::StringEquals,
            "aws:SourceAccount",
            Pseudo::AccountId.into(),
        );
        add_policy(template, "AccessLogBucketPolicy", logs, vec![tls_only(logs), writer])?;
    }
    Ok(bucket)
}

/// The bucket for the access logs, with everything on. S3 writes such logs only where the default encryption is its own.
fn log_bucket(
    spec: &Spec,
    logs: &AccessLogsSpec,
    template: &mut TemplateBuilder,
) -> Result<Handle<Bucket>, CatalogError> {
    const DAYS_OF_OLD_VERSIONS: u32 = 30;
    let lifecycle = LifecycleConfiguration::default().expire(logs.retention_days.clone().map(Days::get));
    let bucket = Bucket {
        bucket_encryption: Some(BucketEncryption::sse_s3()),
        lifecycle_configuration: lifecycle.expire_old_versions(DAYS_OF_OLD_VERSIONS).if_any(),
        ownership_controls: Some(OwnershipControls::enforced()),
        public_access_block_configuration: Some(PublicAccessBlockConfiguration::all()),
        tags: tags(spec),
        versioning_configuration: Some(VersioningConfiguration { status: VersioningStatus::Enabled }),
        ..Bucket::default()
    };
    let bucket = add_stateful(spec, template, "AccessLogBucket", bucket)?;
    template.skip_check(&bucket, "CKV_AWS_18", "The bucket of the access logs: logs of writing them would never end");
    Ok(bucket)
}

fn add_policy(
    template: &mut TemplateBuilder,
    name: &str,
    bucket: &Handle<Bucket>,
    statements: Vec<ResourceStatement>,
) -> Result<(), CatalogError> {
    let policy = BucketPolicy { bucket: bucket.reference(), policy_document: ResourcePolicy::new(statements) };
    template.add(id(name)?, policy)?;
    Ok(())
}

fn tls_only(bucket: &Handle<Bucket>) -> ResourceStatement {
    ResourceStatement::tls_only("s3:*", [bucket.arn(), objects(bucket)])
}

/// The ARN of all objects of a bucket.
fn objects(bucket: &Handle<Bucket>) -> Value {
    let arn = Sub::default().text("arn:").pseudo(Pseudo::Partition).text(":s3:::");
    bucket.within(arn).text("/*").into()
}

/// Adds a table.
pub(super) fn table(
    spec: &Spec,
    template: &mut TemplateBuilder,
    name: &str,
    table: Table,
    key: Option<&EncryptionKey>,
) -> Result<Handle<Table>, CatalogError> {
    let mut table = table;
    if spec.table.deletion_protection {
        table = table.protected_from_deletion();
    }
    if spec.table.point_in_time_recovery {
        table = table.recoverable();
    }
    if let Some(key) = key.filter(|_| by_key(spec.table.encryption)) {
        table = table.encrypted_with(key);
    }
    add_stateful(spec, template, name, table.tagged(tags(spec)))
}

/// The policy with what its role needs of the key, for the table, the queue and the objects if they are encrypted with it.
pub(super) fn with_key(parts: &Parts<'_>, policy: PolicyDocument) -> PolicyDocument {
    let Some(key) = parts.key else { return policy };
    let table = by_key(parts.spec.table.encryption).then(|| parts.table.arn());
    let queue = parts.dead_letters.filter(|_| dead_letters_by_key(parts.spec)).map(Handle::<Queue>::arn);
    let objects = bucket_by_key(parts.spec).then(|| objects_of(&parts.bucket.arn()));
    let encrypted: Vec<Value> = table.into_iter().chain(queue).chain(objects).collect();
    policy.with_key(key, &encrypted)
}

/// Whether the bucket encrypts with the key.
fn bucket_by_key(spec: &Spec) -> bool {
    spec.bucket.encryption.is_some_and(|encryption| encryption.kind == BucketEncryptionType::Kms)
}

/// Whether the queue is encrypted with the key.
pub(super) fn dead_letters_by_key(spec: &Spec) -> bool {
    spec.dead_letters.as_ref().is_some_and(|dead_letters| by_key(dead_letters.encryption))
}

/// Whether the logs are encrypted with the key.
pub(super) fn logs_by_key(spec: &Spec) -> bool {
    spec.state_machine.logging.as_ref().is_some_and(|logging| by_key(logging.encryption))
}
