//! The stack's own key: what is encrypted with it, and whom its policy lets in.

use super::{CatalogError, api, refused, retained, tags};
use crate::aws::needs;
use crate::spec::{BucketEncryptionType, Encryption, Spec};
use crate::stack::{EncryptionKey, Key, Operator, Pseudo, ResourcePolicy, ResourceStatement, Sub, TemplateBuilder};

/// Whether something is to be encrypted with the stack's own key.
pub(super) fn by_key(encryption: Option<Encryption>) -> bool {
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
        tags: tags::listed(spec),
    };
    Ok(Some(retained::add(spec, template, "FilesKey", key)?.into()))
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

/// Whether the bucket encrypts with the key.
pub(super) fn bucket_by_key(spec: &Spec) -> bool {
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
