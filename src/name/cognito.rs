use super::{Breach, Rule, name_type};

name_type! {
    /// The ARN of a Cognito user pool.
    UserPoolArn
}

impl Rule for UserPoolArn {
    const KIND: &'static str = "user pool ARN";
    const RULE: &'static str = "a user pool ARN reads arn:aws:cognito-idp:REGION:ACCOUNT:userpool/REGION_ID";
    const URL: &'static str =
        "https://docs.aws.amazon.com/service-authorization/latest/reference/list_amazoncognitouserpools.html";
    const LENGTH: (usize, usize) = (20, 2048);
    const PATTERN: Option<&'static str> =
        Some("^arn:aws[a-z-]*:cognito-idp:[a-z0-9-]+:[0-9]{12}:userpool/[a-z0-9-]+_[a-zA-Z0-9]+$");
    const EXAMPLE: &'static str = "arn:aws:cognito-idp:us-east-1:123456789012:userpool/us-east-1_aB3";

    fn breach(text: &str) -> Option<Breach> {
        let parts: Vec<&str> = text.split(':').collect();
        let known = match parts.as_slice() {
            ["arn", partition, "cognito-idp", region, account, pool] => {
                let account = account.len() == 12 && account.chars().all(|c| c.is_ascii_digit());
                let id = pool.strip_prefix("userpool/").and_then(|id| id.strip_prefix(region)?.strip_prefix('_'));
                let id = id.is_some_and(|id| !id.is_empty() && id.chars().all(|c| c.is_ascii_alphanumeric()));
                partition.starts_with("aws") && account && id && !region.is_empty()
            }
            _ => false,
        };
        (!known).then_some(Breach::Whole("it is not valid"))
    }
}

impl UserPoolArn {
    /// The [issuer](https://docs.aws.amazon.com/cognito/latest/developerguide/amazon-cognito-user-pools-using-the-id-token.html) of
    /// the pool's tokens. The host's end is that of the pool's partition.
    pub fn issuer(&self) -> String {
        let mut parts = self.as_str().split(':');
        let (partition, region) = (parts.nth(1).unwrap_or_default(), parts.nth(1).unwrap_or_default());
        let id = self.as_str().rsplit('/').next().unwrap_or_default();
        let suffix = if partition == "aws-cn" { "amazonaws.com.cn" } else { "amazonaws.com" };
        format!("https://cognito-idp.{region}.{suffix}/{id}")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn user_pools() {
        let arn = "arn:aws:cognito-idp:us-east-1:123456789012:userpool/us-east-1_abcDEF123";
        let pool = UserPoolArn::parse(arn).unwrap();
        assert_eq!(pool.issuer(), "https://cognito-idp.us-east-1.amazonaws.com/us-east-1_abcDEF123");
        let chinese = arn.replace("arn:aws:", "arn:aws-cn:").replace("us-east-1", "cn-north-1");
        let issuer = UserPoolArn::parse(&chinese).unwrap().issuer();
        assert_eq!(issuer, "https://cognito-idp.cn-north-1.amazonaws.com.cn/cn-north-1_abcDEF123");
        for wrong in [
            "us-east-1_abcDEF123-and-more",
            "arn:aws:cognito-idp:us-east-1:123:userpool/us-east-1_abcDEF123",
            "arn:aws:cognito-idp:us-east-1:123456789012:userpool/eu-west-1_abcDEF123",
            "arn:aws:cognito-idp:us-east-1:123456789012:userpool/us-east-1_",
            "arn:aws:cognito-idp:us-east-1:123456789012:identitypool/us-east-1_a",
        ] {
            assert!(UserPoolArn::parse(wrong).is_err(), "{wrong}");
        }
    }
}
