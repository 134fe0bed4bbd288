use crate::aws::context::{self, ContextField, Holds};
use std::rc::Rc;

use super::shape::{Field, Kinds, Object, Shape};

/// The [context object](mod@crate::aws::context) of an execution with this input. Some states only have the task's token, the map's item
/// and the number of retries: they are put there where they are.
pub(super) fn context(input: Shape) -> Shape {
    let objects = context::OBJECTS.iter().filter(|(name, _)| !["Task", "Map"].contains(name));
    let known = objects.map(|(name, fields)| {
        let fields = fields.iter().filter(|field| field.name != context::RETRY_COUNT);
        let fields = fields.map(|field| (Rc::from(field.name), shaped(field, &input))).collect();
        (Rc::from(*name), Field::always(Shape::object(Object { fields, ..Object::default() })))
    });
    Shape::object(Object { fields: known.collect(), open: true, grows: false })
}

fn shaped(field: &ContextField, input: &Shape) -> Field {
    let shape = match field.holds {
        Holds::Text => Shape::text(),
        Holds::Number => Shape::number(),
        Holds::Data => input.clone(),
    };
    if field.always { Field::always(shape) } else { Field::perhaps(shape) }
}

/// The same context object in a state that can be tried again.
pub(super) fn with_retries(context: &Shape) -> Shape {
    let Shape::Known(Kinds { object: Some(object), .. }) = context else { return context.clone() };
    let Some(Shape::Known(Kinds { object: Some(state), .. })) = object.fields.get("State").map(|field| &field.shape)
    else {
        return context.clone();
    };
    Shape::object(object.with("State", Shape::object(state.with(context::RETRY_COUNT, Shape::number()))))
}

/// The same context object within an iteration over these items.
pub(super) fn with_item(context: &Shape, item: Shape) -> Shape {
    let Shape::Known(kinds) = context else { return Shape::unknown() };
    let Some(object) = &kinds.object else { return Shape::unknown() };
    let mut map_item = Object { open: true, ..Object::default() };
    map_item.fields.insert("Index".into(), Field::always(Shape::number()));
    map_item.fields.insert("Value".into(), Field::always(item));
    let map = Shape::record([("Item", Shape::object(map_item))]);
    Shape::object(object.with("Map", map))
}
