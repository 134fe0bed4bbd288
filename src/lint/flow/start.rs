use serde_json::Value;

use super::shape::{Field, Object, Shape};
use crate::aws::ResourceType;
use crate::aws::pipes::{FieldKind, PipeSource};
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

/// What a pipe reads from a source.
fn record(source: ResourceType) -> Option<Shape> {
    let service = match source {
        ResourceType::SqsQueue => "sqs",
        ResourceType::DynamoDbTable | ResourceType::DynamoDbGlobalTable => "dynamodb",
        _ => return None,
    };
    let mut object = Object { open: true, ..Object::default() };
    for (name, kind) in PipeSource::of(Some(service), |_| false)?.fields {
        let field = match kind {
            FieldKind::Optional => continue,
            FieldKind::Object | FieldKind::Text | FieldKind::Seconds | FieldKind::Milliseconds => {
                Field::always(Shape::unknown())
            }
            _ => Field::always(Shape::text()),
        };
        object.fields.insert((*name).into(), field);
    }
    Some(Shape::object(object))
}
