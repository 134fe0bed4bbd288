/// The parts of an [ARN](https://docs.aws.amazon.com/IAM/latest/UserGuide/reference-arns.html). Each may be a substitution that is
/// made when the stack is deployed: `arn:${AWS::Partition}:states:::sns:publish`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Arn<'t> {
    /// `aws`, `aws-cn`, `aws-us-gov`.
    pub partition: &'t str,
    /// The service: `states`.
    pub service: &'t str,
    /// The region, empty for what has none.
    pub region: &'t str,
    /// The account, empty for what names none.
    pub account: &'t str,
    /// What is left, with its colons: `stateMachine:Files`, `function:f:live`.
    pub resource: &'t str,
}

impl<'t> Arn<'t> {
    /// Reads an ARN. `None` if the text does not begin with `arn:` or has fewer parts.
    pub fn read(text: &'t str) -> Option<Self> {
        let (partition, rest) = segment(text.strip_prefix("arn:")?)?;
        let (service, rest) = segment(rest)?;
        let (region, rest) = segment(rest)?;
        let (account, resource) = segment(rest)?;
        Some(Self { partition, service, region, account, resource })
    }
}

/// Divides an ARN at its next colon. A substitution may hold colons: `${AWS::Partition}`.
fn segment(text: &str) -> Option<(&str, &str)> {
    let behind = if text.starts_with("${") { text.find('}')? + 1 } else { 0 };
    let at = behind + text.get(behind..)?.find(':')?;
    Some((text.get(..at)?, text.get(at + 1..)?))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_substitution_is_one_part() {
        let arn =
            Arn::read("arn:${AWS::Partition}:states:${AWS::Region}:${AWS::AccountId}:stateMachine:${Name}").unwrap();
        assert_eq!((arn.partition, arn.service, arn.resource), ("${AWS::Partition}", "states", "stateMachine:${Name}"));
        for text in ["", "arn:", "arn:${", "arn:aws:lambda:f", "urn:aws:s3:::b"] {
            assert_eq!(Arn::read(text), None, "{text}");
        }
    }
}
