use serde_json::Value;

use super::shape::{Field, Object, Shape};
use crate::aws::ResourceType;
use crate::loaded::StartKind;

/// What something other than a rule starts a state machine with.
pub(super) fn input(kind: &StartKind) -> Shape {
    match kind {
        // The scheduler sends an object of its own if nothing is given.
        StartKind::Schedule { input: None } => Shape::object(Object { open: true, ..Object::default() }),
        StartKind::Schedule { input: Some(Value::Null) } => Shape::unknown(),
        StartKind::Schedule { input: Some(value) } => Shape::of(value),
        StartKind::Pipe { source, whole } => {
            let element = source.filter(|_| *whole).and_then(record);
            Shape::array(element.unwrap_or_else(Shape::unknown))
        }
        StartKind::Api | StartKind::Machine => Shape::unknown(),
    }
}

/// What a pipe [reads from a source](https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-pipes-event-source.html).
fn record(source: ResourceType) -> Option<Shape> {
    let (texts, others): (&[&str], &[&str]) = match source {
        ResourceType::SqsQueue => (
            &["messageId", "receiptHandle", "md5OfBody", "eventSource", "eventSourceARN", "awsRegion"],
            &["body", "attributes", "messageAttributes"],
        ),
        ResourceType::DynamoDbTable | ResourceType::DynamoDbGlobalTable => {
            (&["eventID", "eventName", "eventVersion", "eventSource", "awsRegion", "eventSourceARN"], &["dynamodb"])
        }
        _ => return None,
    };
    let mut object = Object { open: true, ..Object::default() };
    for name in texts {
        object.fields.insert((*name).into(), Field::always(Shape::text()));
    }
    for name in others {
        object.fields.insert((*name).into(), Field::always(Shape::unknown()));
    }
    Some(Shape::object(object))
}
