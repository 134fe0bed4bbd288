use super::{Breach, Rule, name_type};

name_type! {
    /// The ARN of a key of KMS. An alias will not do: a policy that names one allows nothing of its key.
    KeyArn
}

name_type! {
    /// The ARN of a managed policy.
    PolicyArn
}

name_type! {
    /// The ARN of a DynamoDB table.
    TableArn
}

/// Whether an ARN is of a service and has a resource of a kind. IAM is in no region, and its own policies are in no account.
fn is_arn(text: &str, service: &str, kind: &str) -> bool {
    let parts: Vec<&str> = text.splitn(6, ':').collect();
    let ["arn", partition, of, region, account, resource] = parts.as_slice() else { return false };
    let global = service == "iam";
    let number = account.len() == 12 && account.chars().all(|c| c.is_ascii_digit());
    let id = resource.strip_prefix(kind).unwrap_or_default();
    partition.starts_with("aws")
        && *of == service
        && region.is_empty() == global
        && (number || (global && *account == "aws"))
        && !id.is_empty()
        && !id.contains(|c: char| c.is_whitespace() || c == ':')
}

impl Rule for KeyArn {
    const KIND: &'static str = "key ARN";
    const RULE: &'static str = "a key ARN reads arn:aws:kms:REGION:ACCOUNT:key/ID; the ARN of an alias does not work";
    const URL: &'static str = "https://docs.aws.amazon.com/kms/latest/developerguide/concepts.html#key-id";
    const LENGTH: (usize, usize) = (20, 2048);
    const PATTERN: Option<&'static str> = Some("^arn:aws[a-z-]*:kms:[a-z0-9-]+:[0-9]{12}:key/[^ :]+$");
    const EXAMPLE: &'static str = "arn:aws:kms:eu-central-1:123456789012:key/1234abcd-12ab-34cd-56ef-1234567890ab";

    fn breach(text: &str) -> Option<Breach> {
        (!is_arn(text, "kms", "key/")).then_some(Breach::Whole("it does not read so"))
    }
}

impl Rule for PolicyArn {
    const KIND: &'static str = "policy ARN";
    const RULE: &'static str = "a policy ARN reads arn:aws:iam::ACCOUNT:policy/NAME";
    const URL: &'static str = "https://docs.aws.amazon.com/IAM/latest/UserGuide/access_policies_boundaries.html";
    const LENGTH: (usize, usize) = (20, 2048);
    const PATTERN: Option<&'static str> = Some("^arn:aws[a-z-]*:iam::([0-9]{12}|aws):policy/[^ :]+$");
    const EXAMPLE: &'static str = "arn:aws:iam::123456789012:policy/Boundary";

    fn breach(text: &str) -> Option<Breach> {
        (!is_arn(text, "iam", "policy/")).then_some(Breach::Whole("it does not read so"))
    }
}

impl Rule for TableArn {
    const KIND: &'static str = "table ARN";
    const RULE: &'static str = "a table ARN reads arn:aws:dynamodb:REGION:ACCOUNT:table/NAME";
    const URL: &'static str =
        "https://docs.aws.amazon.com/service-authorization/latest/reference/list_amazondynamodb.html";
    const LENGTH: (usize, usize) = (20, 1024);
    const PATTERN: Option<&'static str> = Some("^arn:aws[a-z-]*:dynamodb:[a-z0-9-]+:[0-9]{12}:table/[a-zA-Z0-9_.-]+$");
    const EXAMPLE: &'static str = "arn:aws:dynamodb:eu-central-1:123456789012:table/files";

    fn breach(text: &str) -> Option<Breach> {
        let name = text.rsplit('/').next().unwrap_or_default();
        let known = is_arn(text, "dynamodb", "table/") && super::TableName::parse(name).is_ok();
        (!known || text.matches('/').count() != 1).then_some(Breach::Whole("it does not read so"))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn arns_are_of_their_service() {
        assert!(KeyArn::parse(KeyArn::EXAMPLE).is_ok() && PolicyArn::parse(PolicyArn::EXAMPLE).is_ok());
        assert!(TableArn::parse(TableArn::EXAMPLE).is_ok());
        assert!(PolicyArn::parse("arn:aws:iam::aws:policy/job-function/ViewOnlyAccess").is_ok());
        for wrong in [
            "arn:aws:kms:eu-central-1:123456789012:alias/files",
            "arn:aws:kms::123456789012:key/1",
            "1234abcd-12ab-34cd-56ef-1234567890ab",
        ] {
            assert!(KeyArn::parse(wrong).is_err(), "{wrong}");
        }
        for wrong in
            ["arn:aws:iam:eu-central-1:123456789012:policy/x", "arn:aws:iam::123:policy/x", "Boundary-with-a-name"]
        {
            assert!(PolicyArn::parse(wrong).is_err(), "{wrong}");
        }
        for wrong in [
            "arn:aws:dynamodb:eu-central-1:123456789012:table/files/index/x",
            "arn:aws:dynamodb:eu-central-1:123456789012:table/f",
        ] {
            assert!(TableArn::parse(wrong).is_err(), "{wrong}");
        }
    }
}
