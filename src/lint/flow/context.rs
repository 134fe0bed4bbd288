use std::rc::Rc;

use super::shape::{Field, Object, Shape};

/// The [context object](https://docs.aws.amazon.com/step-functions/latest/dg/input-output-contextobject.html) of an execution
/// with this input.
pub(super) fn context(input: Shape) -> Shape {
    let texts = |names: &[&str]| names.iter().map(|name| (Rc::from(*name), Field::always(Shape::text()))).collect();
    let mut execution: Object = Object { fields: texts(&["Id", "Name", "RoleArn", "StartTime"]), ..Object::default() };
    execution.fields.insert("Input".into(), Field::always(input));
    execution.fields.insert("RedriveCount".into(), Field::always(Shape::number()));
    execution.fields.insert("RedriveTime".into(), Field::perhaps(Shape::text()));
    let mut state = Object { fields: texts(&["EnteredTime", "Name"]), ..Object::default() };
    state.fields.insert("RetryCount".into(), Field::always(Shape::number()));
    let state_machine = Object { fields: texts(&["Id", "Name"]), ..Object::default() };
    let known = [("Execution", execution), ("State", state), ("StateMachine", state_machine)];
    // The task's token and the map's item are there in some states only, and are put there where they are.
    let known = known.map(|(name, object)| (Rc::from(name), Field::always(Shape::object(object))));
    Shape::object(Object { fields: known.into_iter().collect(), open: true, grows: false })
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
