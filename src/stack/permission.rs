//! Which permissions a call needs.

use super::{Sub, Value};
use crate::asl::PayloadTemplate;
use crate::aws::integration::Integration;
use crate::aws::needs;

/// The actions that a call needs, each with what it is done to, where `resource` is the ARN of what the call works on.
///
/// Most calls need the action that is named after them; what lists versions needs that of the
/// [bucket](https://docs.aws.amazon.com/AmazonS3/latest/API/API_ListObjectVersions.html). What asks S3 about an object is allowed on the objects; for a
/// version of it there are
/// [actions of their own](https://docs.aws.amazon.com/AmazonS3/latest/API/API_HeadObject.html#API_HeadObject_RequestSyntax).
/// It needs to be allowed to list the bucket as well: to whoever may not know that an object is missing, S3 says that it is forbidden.
pub(super) fn needed(call: &Integration, parameters: &PayloadTemplate, resource: &Value) -> Vec<(String, Value)> {
    let of_action = |own: String| {
        if !of_object(&own) {
            return vec![(own, resource.clone())];
        }
        let own = match parameters.get("VersionId") {
            Some(_) => own.replace("s3:GetObject", "s3:GetObjectVersion"),
            None => own,
        };
        vec![(own, objects(resource)), (needs::MISSING_OBJECT.0.to_owned(), resource.clone())]
    };
    call.iam_actions().into_iter().flat_map(of_action).collect()
}

/// Whether an action is done to objects rather than to a bucket.
fn of_object(action: &str) -> bool {
    matches!(action, "s3:GetObject" | "s3:GetObjectTagging")
}

/// The ARN of all objects of the bucket with this ARN.
pub(crate) fn objects(bucket: &Value) -> Value {
    match bucket {
        Value::Text(arn) => Value::Text(format!("{arn}/*")),
        arn => Sub::default().value(arn).text("/*").into(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::asl::Literal;

    #[test]
    fn an_object_is_asked_about_by_what_the_call_names() {
        let plain = PayloadTemplate::object([("Key", PayloadTemplate::from(Literal::number(0)))]);
        let version = PayloadTemplate::object([("VersionId", PayloadTemplate::from(Literal::number(0)))]);
        let bucket = Value::from("arn:aws:s3:::b");
        for (call, parameters, action) in [
            ("headObject", &plain, "s3:GetObject"),
            ("headObject", &version, "s3:GetObjectVersion"),
            ("getObjectTagging", &plain, "s3:GetObjectTagging"),
            ("getObjectTagging", &version, "s3:GetObjectVersionTagging"),
        ] {
            let needed = needed(&Integration::sdk("s3", call), parameters, &bucket);
            let expected = [(action, "arn:aws:s3:::b/*"), ("s3:ListBucket", "arn:aws:s3:::b")];
            assert_eq!(needed, expected.map(|(action, arn)| (action.to_owned(), Value::from(arn))), "{call}");
        }
    }
}
