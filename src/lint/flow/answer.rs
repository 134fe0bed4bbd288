use std::rc::Rc;

use super::shape::{Field, Kinds, Object, Shape, Text};
use crate::aws::integration::{Call, Pattern};
use crate::aws::service_model::{Kind, Type};
use crate::aws::{Finds, TableOperation};

/// How deep the shape of an answer goes.
const DEEPEST: usize = 6;

/// What a call answers when it is given these arguments. A name that the service's answer does not have is never there; of the
/// names that it has, nobody says when they are.
pub(super) fn answer(call: &Call, arguments: &Shape, members: Option<Rc<Object>>) -> Shape {
    let Some(members) = members else { return Shape::unknown() };
    if call.service() != "dynamodb" {
        return Shape::Known(Kinds { object: Some(members), ..Kinds::default() });
    }
    let mut object = (*members).clone();
    dynamodb(call.action(), arguments, &mut object);
    Shape::object(object)
}

/// The members of a call's answer, whatever it is given.
pub(super) fn members(call: &Call) -> Option<Rc<Object>> {
    if call.is("bedrock", "invokeModel") && !call.is_sdk() && call.pattern() == Pattern::RequestResponse {
        return Some(Rc::new(of_model()));
    }
    let answer = call.answer()?;
    let Shape::Known(Kinds { object: Some(object), .. }) = shape(answer.of, DEEPEST) else { return None };
    let mut object = (*object).clone();
    for name in answer.metadata.iter().chain(answer.json) {
        object.fields.insert((*name).into(), Field::perhaps(Shape::unknown()));
    }
    Some(Rc::new(object))
}

/// What a model of [Bedrock](https://docs.aws.amazon.com/step-functions/latest/dg/connect-bedrock.html) answers: the body as JSON.
fn of_model() -> Object {
    let mut object = Object::default();
    for name in ["Body", "ContentType", "Trace", "SdkHttpMetadata", "SdkResponseMetadata"] {
        object.fields.insert(name.into(), Field::perhaps(Shape::unknown()));
    }
    object
}

/// What the API's reference says of DynamoDB's answers, beyond their members.
fn dynamodb(action: &str, arguments: &Shape, answer: &mut Object) {
    let Some(operation) = TableOperation::of(action) else { return };
    match operation.finds() {
        Finds::Items => {
            for name in ["Count", "ScannedCount"] {
                answer.fields.insert(name.into(), Field::always(Shape::number()));
            }
            if !asks_for_count(arguments)
                && let Some(items) = answer.fields.get("Items").cloned()
            {
                answer.fields.insert("Items".into(), Field::always(items.shape));
            }
        }
        Finds::Item(_) if operation.writes_one() && !asks_for_values(arguments) => {
            answer.fields.shift_remove("Attributes");
        }
        _ => {}
    }
}

fn argument(arguments: &Shape, name: &str) -> Option<Field> {
    match arguments {
        Shape::Known(Kinds { object: Some(object), .. }) => object.field(name),
        _ => Some(Field::perhaps(Shape::unknown())),
    }
}

/// Whether the call may ask for attributes back.
fn asks_for_values(arguments: &Shape) -> bool {
    let Some(field) = argument(arguments, "ReturnValues") else { return false };
    match field.shape {
        Shape::Known(Kinds { text: Some(Text::OneOf(texts)), .. }) => texts.iter().any(|text| text != "NONE"),
        _ => true,
    }
}

/// Whether the call may ask for the number of items alone.
fn asks_for_count(arguments: &Shape) -> bool {
    let Some(field) = argument(arguments, "Select") else { return false };
    match field.shape {
        Shape::Known(Kinds { text: Some(Text::OneOf(texts)), .. }) => texts.contains("COUNT"),
        _ => true,
    }
}

fn shape(of: Type, depth: usize) -> Shape {
    let Some(depth) = depth.checked_sub(1) else { return Shape::unknown() };
    match of.kind() {
        Kind::Text | Kind::Enum(_) => Shape::text(),
        Kind::Integer | Kind::Number => Shape::number(),
        Kind::Boolean => Shape::boolean(),
        Kind::Time | Kind::Bytes | Kind::Document => Shape::unknown(),
        Kind::List(of) => Shape::array(shape(of, depth)),
        Kind::Map(_) => Shape::object(Object { open: true, ..Object::default() }),
        Kind::Structure(members) | Kind::Union(members) => {
            let mut object = Object::default();
            for member in members {
                let field = Field::perhaps(shape(member.of, depth));
                object.fields.insert(member.native.as_ref().into(), field.clone());
                object.fields.insert(member.name.as_ref().into(), field);
            }
            Shape::object(object)
        }
    }
}
