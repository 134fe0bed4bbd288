//! What a resource is called before it is deployed: names and ARNs that are made up, the same ones every time.

use crate::aws::ResourceType;
use crate::aws::cloudformation::Pseudo;

/// The account that a stack is taken to be deployed in.
pub const ACCOUNT: &str = "123456789012";
/// The Region that a stack is taken to be deployed in.
pub const REGION: &str = "us-east-1";
/// What a stack is taken to be called.
pub const STACK_NAME: &str = "stack";

/// The value of a pseudo parameter, by its name.
pub fn pseudo(name: &str) -> Option<String> {
    Some(match Pseudo::of(name)? {
        Pseudo::AccountId => ACCOUNT.to_owned(),
        Pseudo::Region => REGION.to_owned(),
        Pseudo::Partition => "aws".to_owned(),
        Pseudo::UrlSuffix => "amazonaws.com".to_owned(),
        Pseudo::StackName => STACK_NAME.to_owned(),
        Pseudo::StackId => arn("cloudformation", &format!("stack/{STACK_NAME}/00000000-0000-0000-0000-000000000000")),
        Pseudo::NoValue | Pseudo::NotificationArns => String::new(),
    })
}

fn arn(service: &str, resource: &str) -> String {
    format!("arn:aws:{service}:{REGION}:{ACCOUNT}:{resource}")
}

/// The ARN of a resource of a type with a name.
pub(super) fn resource_arn(resource_type: &str, name: &str) -> String {
    let known = ResourceType::of(resource_type).and_then(|known| known.arn(name, REGION, ACCOUNT));
    known.unwrap_or_else(|| {
        let mut words = resource_type.split("::").skip(1);
        let service = words.next().unwrap_or("unknown").to_ascii_lowercase();
        arn(&service, &format!("{}/{name}", words.next().unwrap_or("resource").to_ascii_lowercase()))
    })
}

/// A name of a bucket or a table has [so many](https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/HowItWorks.NamingRulesDataTypes.html)
/// letters [at least](https://docs.aws.amazon.com/AmazonS3/latest/userguide/bucketnamingrules.html).
const SHORTEST_NAME: usize = 3;

/// The value of a parameter without one: its name, or a longer text where that is too short to name a resource.
pub(super) fn parameter(name: &str) -> String {
    if name.len() < SHORTEST_NAME { format!("value-of-{name}") } else { name.to_owned() }
}

/// The name of a resource that gives itself none: its logical id, in the characters that its service takes. One that is too short for a
/// name has the stack's name before it, as all such names have once they are deployed.
pub(super) fn name(resource_type: &str, logical_id: &str) -> String {
    let long =
        if logical_id.len() < SHORTEST_NAME { format!("{STACK_NAME}-{logical_id}") } else { logical_id.to_owned() };
    match ResourceType::of(resource_type) {
        Some(ResourceType::S3Bucket) => long.to_ascii_lowercase(),
        Some(ResourceType::DynamoDbTable | ResourceType::DynamoDbGlobalTable | ResourceType::ServerlessSimpleTable) => {
            long
        }
        _ => logical_id.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_short_logical_id_makes_a_name_all_the_same() {
        assert_eq!(name("AWS::DynamoDB::Table", "T"), "stack-T");
        assert_eq!(name("AWS::S3::Bucket", "B"), "stack-b");
        assert_eq!(name("AWS::DynamoDB::Table", "Files"), "Files");
        assert_eq!(name("AWS::StepFunctions::StateMachine", "M"), "M");
    }
}
