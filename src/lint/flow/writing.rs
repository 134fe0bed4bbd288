use super::shape::{Kinds, Object, Shape};
use crate::asl::{JsonPath, Step};

/// The shape of a value after a `ResultPath` has put another into it: objects on the way are made where there are none.
///
/// `None` where the path can never be written: the execution fails with `States.ResultPathMatchFailure`.
pub(super) fn write(into: &Shape, path: &JsonPath, value: Shape) -> Option<Shape> {
    within(into, path.steps(), value)
}

fn within(into: &Shape, steps: &[Step], value: Shape) -> Option<Shape> {
    let Some((step, rest)) = steps.split_first() else { return Some(value) };
    let Step::Name(name) = step else {
        // An element of an array: the array is still one, and more is not followed.
        return match into {
            Shape::Known(kinds) if kinds.array.is_none() => None,
            Shape::Known(_) => Some(Shape::array(Shape::unknown())),
            Shape::Unknown { .. } => Some(Shape::unknown()),
        };
    };
    let object = match into {
        Shape::Unknown { .. } => Object { open: true, ..Object::default() },
        Shape::Known(Kinds { object: Some(object), .. }) => (**object).clone(),
        Shape::Known(Kinds { null: true, .. }) => Object::default(),
        Shape::Known(_) => return None,
    };
    // What is not there, or only perhaps, is made.
    let below = object.field(name).map_or_else(Shape::null, |field| field.shape);
    let written = within(&below, rest, value)?;
    Some(Shape::object(object.with(name, written)))
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    fn written(into: serde_json::Value, path: &str) -> Option<Shape> {
        write(&Shape::of(&into), &path.parse().unwrap(), Shape::number())
    }

    #[test]
    fn objects_on_the_way_are_made() {
        let shape = written(json!({"a": 1}), "$.b.c").unwrap();
        let expected = Shape::record([("a", Shape::of(&json!(1))), ("b", Shape::record([("c", Shape::number())]))]);
        assert_eq!(shape, expected);
        assert_eq!(written(json!({}), "$"), Some(Shape::number()));
    }

    #[test]
    fn what_is_no_object_cannot_be_written_into() {
        assert_eq!(written(json!({"a": "text"}), "$.a.b"), None);
        assert_eq!(written(json!([]), "$.a"), None);
        assert_eq!(written(json!({"a": {}}), "$.a[0]"), None);
    }

    #[test]
    fn what_is_unknown_becomes_an_open_object() {
        let shape = write(&Shape::unknown(), &"$.a".parse().unwrap(), Shape::text()).unwrap();
        assert_eq!(shape.describe(), "an object");
    }
}
