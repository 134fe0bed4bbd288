//! The bucket that the stack makes: what is safe about it, and the bucket of its access logs.

use super::{CatalogError, id, retained, tags};
use crate::aws::cloudformation::Pseudo;
use crate::aws::needs;
use crate::aws::principal;
use crate::spec::{AccessLogsSpec, BucketEncryptionType, Days, Spec};
use crate::stack::{
    Bucket, BucketEncryption, BucketPolicy, EncryptionKey, Handle, LifecycleConfiguration, LoggingConfiguration,
    Operator, OwnershipControls, PublicAccessBlockConfiguration, ResourcePolicy, ResourceStatement, Sub,
    TemplateBuilder, Value, VersioningConfiguration, VersioningStatus,
};

/// Adds the bucket, with its policy and its access logs.
pub(super) fn add(
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
    bucket.tags = tags::listed(spec);
    let logs = chosen.access_logs.as_ref().map(|logs| log_bucket(spec, logs, template)).transpose()?;
    bucket.logging_configuration = logs.as_ref().map(|logs| LoggingConfiguration {
        destination_bucket_name: logs.reference(),
        log_file_prefix: "files/".to_owned(),
    });
    let bucket = retained::add(spec, template, "FilesBucket", bucket)?;
    if chosen.tls_only {
        add_policy(template, "FilesBucketPolicy", &bucket, vec![tls_only(&bucket)])?;
    }
    if let Some(logs) = &logs {
        let writer =
            ResourceStatement::service("AccessLogs", principal::S3_ACCESS_LOGS, [needs::TO_BUCKET], objects(logs));
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
        tags: tags::listed(spec),
        versioning_configuration: Some(VersioningConfiguration { status: VersioningStatus::Enabled }),
        ..Bucket::default()
    };
    let bucket = retained::add(spec, template, "AccessLogBucket", bucket)?;
    template.skip_check(&bucket, "CKV_AWS_18", "The bucket of the access logs: logging their delivery would never end");
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
