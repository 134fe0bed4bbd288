//! The stack's own key: what is encrypted with it, and whom its policy lets in.

use crate::aws::cloudformation::Pseudo;
use crate::aws::principal;
use serde_json::Value as Json;

use super::{CatalogError, api, refused, retained, tags};
use crate::aws::needs;
use crate::spec::{BucketEncryptionType, Encryption, Spec};
use crate::stack::{EncryptionKey, Key, Operator, ResourcePolicy, ResourceStatement, Sub, TemplateBuilder};

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
                "choose `encryption: KMS` where it should be used",
            )),
        };
    }
    if !uses_of_key(spec) {
        return Ok(None);
    }
    let mut statements = vec![ResourceStatement::account("Account", ["kms:*"])];
    statements.extend(services_of_key(spec));
    let key = Key {
        description: "Encrypts the contents of the stack".to_owned(),
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

/// What the key's policy allows the services that use it without a role.
fn services_of_key(spec: &Spec) -> Vec<ResourceStatement> {
    let mut statements = Vec::new();
    if dead_letters_by_key(spec) {
        statements.push(sender("RulesSendToQueues", principal::EVENT_BRIDGE));
    }
    if logs_by_key(spec) {
        statements.push(log_groups("LogGroups", Sub::default().text("/aws/vendedlogs/states/*")));
    }
    if api::logs_by_key(spec) {
        statements.push(log_groups("ApiLogGroups", api::log_group_names()));
    }
    if spec.alarms.is_some() {
        statements.push(sender("AlarmsTellTopic", principal::CLOUD_WATCH));
    }
    statements
}

/// The statements that the policy of a key must have which the stack does not create.
pub(super) fn note_on_key(spec: &Spec) -> Option<String> {
    let key = spec.kms_key.as_ref()?;
    // The key is in the region of the stack, and usually in its account.
    let arn = key.known().map(ToString::to_string).unwrap_or_default();
    let part = |at: usize, unknown: &str| arn.split(':').nth(at).unwrap_or(unknown).to_owned();
    let known = [
        (Pseudo::Partition, part(1, "aws")),
        (Pseudo::Region, part(3, "REGION")),
        (Pseudo::AccountId, part(4, "ACCOUNT")),
        (Pseudo::StackName, spec.stack.name.to_string()),
    ];
    let statements = services_of_key(spec).into_iter().map(|statement| {
        let mut statement = serde_json::to_value(&statement).unwrap_or_default();
        fill_in(&mut statement, &known);
        format!("  {statement}")
    });
    let statements: Vec<String> = statements.collect();
    (!statements.is_empty())
        .then(|| format!("the policy of your key must contain these statements:\n{}", statements.join(",\n")))
}

/// Puts values in the place of pseudo parameters.
fn fill_in(value: &mut Json, known: &[(Pseudo, String)]) {
    let text = match &*value {
        Json::Object(fields) if fields.len() == 1 => match (fields.get("Ref"), fields.get("Fn::Sub")) {
            (Some(Json::String(name)), _) => Some(format!("${{{name}}}")),
            (_, Some(Json::String(text))) => Some(text.clone()),
            _ => None,
        },
        _ => None,
    };
    match (text, &mut *value) {
        (Some(text), value) => {
            let fill =
                |text: String, (name, with): &(Pseudo, String)| text.replace(&format!("${{{}}}", name.as_str()), with);
            *value = known.iter().fold(text, fill).into();
        }
        (None, Json::Object(fields)) => fields.values_mut().for_each(|field| fill_in(field, known)),
        (None, Json::Array(items)) => items.iter_mut().for_each(|item| fill_in(item, known)),
        _ => {}
    }
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

#[cfg(test)]
mod tests {
    use crate::catalog::tests::parsed;

    #[test]
    fn the_policy_of_an_existing_key_is_printed_as_it_has_to_be() {
        let note = |text: &str| {
            let spec = parsed(text);
            super::note_on_key(&spec)
        };
        let key = "arn:aws:kms:eu-central-1:123456789012:key/1234abcd-12ab-34cd-56ef-1234567890ab";
        let logs = note(&format!(
            "{{kms_key: '{key}', state_machine: {{logging: {{encryption: KMS}}}}, dead_letters: {{encryption: KMS}}}}"
        ))
        .unwrap();
        for part in [
            r#""Principal":{"Service":"logs.eu-central-1.amazonaws.com"}"#,
            "arn:aws:logs:eu-central-1:123456789012:log-group:/aws/vendedlogs/states/*",
            r#""aws:SourceAccount":"123456789012""#,
            r#""Service":"events.amazonaws.com""#,
        ] {
            assert!(logs.contains(part), "{logs}");
        }
        let unknown = note("{parameters: {K: {}}, kms_key: !Ref K, alarms: {}}").unwrap();
        assert!(unknown.contains(r#""aws:SourceAccount":"ACCOUNT""#), "{unknown}");
        assert_eq!(note(&format!("{{kms_key: '{key}', table: {{encryption: KMS}}}}")), None);
    }
}
