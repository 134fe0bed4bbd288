//! What a resource is called before it is deployed: names and ARNs that are made up, the same ones every time.

use crate::aws::ResourceType;

/// The account that a stack is taken to be deployed in.
pub const ACCOUNT: &str = "123456789012";
/// The Region that a stack is taken to be deployed in.
pub const REGION: &str = "us-east-1";
/// What a stack is taken to be called.
pub const STACK_NAME: &str = "stack";

/// The value of a [pseudo parameter](https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/pseudo-parameter-reference.html).
pub fn pseudo(name: &str) -> Option<String> {
    Some(match name {
        "AWS::AccountId" => ACCOUNT.to_owned(),
        "AWS::Region" => REGION.to_owned(),
        "AWS::Partition" => "aws".to_owned(),
        "AWS::URLSuffix" => "amazonaws.com".to_owned(),
        "AWS::StackName" => STACK_NAME.to_owned(),
        "AWS::StackId" => arn("cloudformation", &format!("stack/{STACK_NAME}/00000000-0000-0000-0000-000000000000")),
        "AWS::NoValue" | "AWS::NotificationARNs" => String::new(),
        _ => return None,
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

/// The name of a resource that gives itself none: its logical id, in the characters that its service takes.
pub(super) fn name(resource_type: &str, logical_id: &str) -> String {
    match ResourceType::of(resource_type) {
        Some(ResourceType::S3Bucket) => logical_id.to_ascii_lowercase(),
        _ => logical_id.to_owned(),
    }
}
