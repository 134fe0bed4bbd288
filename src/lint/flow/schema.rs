use serde_json::Value;

use super::shape::{Field, Object, Shape};

/// How deep a schema is followed.
const DEEPEST: usize = 16;

/// The shape of what a [JSON Schema](https://json-schema.org/draft/2020-12/json-schema-validation) describes, as far as its
/// types, properties, items and constants say. References and combinations are not followed: of what they describe nothing is
/// known.
pub(super) fn shape(schema: &Value) -> Shape {
    within(schema, DEEPEST)
}

fn within(schema: &Value, depth: usize) -> Shape {
    let (Some(depth), Some(fields)) = (depth.checked_sub(1), schema.as_object()) else { return Shape::unknown() };
    if ["$ref", "allOf", "not", "if", "patternProperties"].iter().any(|word| fields.contains_key(*word)) {
        return Shape::unknown();
    }
    for word in ["anyOf", "oneOf"] {
        if let Some(Value::Array(options)) = fields.get(word) {
            return joined(options.iter().map(|option| within(option, depth)));
        }
    }
    if let Some(value) = fields.get("const") {
        return Shape::of(value);
    }
    if let Some(Value::Array(values)) = fields.get("enum") {
        return joined(values.iter().map(Shape::of));
    }
    match fields.get("type") {
        Some(Value::String(kind)) => of_kind(kind, schema, depth),
        Some(Value::Array(kinds)) => joined(
            kinds.iter().map(|kind| kind.as_str().map_or_else(Shape::unknown, |kind| of_kind(kind, schema, depth))),
        ),
        _ if fields.contains_key("properties") => of_kind("object", schema, depth),
        _ => Shape::unknown(),
    }
}

fn joined(shapes: impl Iterator<Item = Shape>) -> Shape {
    shapes.reduce(|left, right| left.join(&right)).unwrap_or_else(Shape::unknown)
}

fn of_kind(kind: &str, schema: &Value, depth: usize) -> Shape {
    match kind {
        "null" => Shape::null(),
        "boolean" => Shape::boolean(),
        "integer" | "number" => Shape::number(),
        "string" => Shape::text(),
        "array" => Shape::array(schema.get("items").map_or_else(Shape::unknown, |items| within(items, depth))),
        "object" => object(schema, depth),
        _ => Shape::unknown(),
    }
}

fn object(schema: &Value, depth: usize) -> Shape {
    // Other fields than those of the schema may be there, unless it forbids them. Whoever lists the fields of an input and
    // then reads another has made a slip all the same, so a schema with properties is taken for closed unless it says not.
    let properties = schema.get("properties").and_then(Value::as_object);
    let open = match schema.get("additionalProperties") {
        Some(Value::Bool(open)) => *open,
        Some(_) => true,
        None => properties.is_none(),
    };
    let required = schema.get("required").and_then(Value::as_array);
    let is_required = |name: &str| required.is_some_and(|names| names.iter().any(|required| required == name));
    let field = |(name, schema): (&String, &Value)| {
        let shape = within(schema, depth);
        (
            std::rc::Rc::from(name.as_str()),
            if is_required(name) { Field::always(shape) } else { Field::sometimes(shape) },
        )
    };
    Shape::object(Object { fields: properties.into_iter().flatten().map(field).collect(), open, grows: false })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::lint::flow::reading::{self, Reading};
    use crate::lint::flow::shape::Presence;
    use serde_json::json;

    #[test]
    fn fields_are_as_the_schema_says() {
        let shape = shape(&json!({
            "type": "object",
            "required": ["key"],
            "properties": {
                "key": {"type": "string"},
                "size": {"type": ["integer", "null"]},
                "tags": {"type": "array", "items": {"properties": {"name": {"enum": ["a", "b"]}}}},
                "rest": {"$ref": "#/$defs/rest"}
            }
        }));
        for (path, words, presence) in [
            ("$.key", "a string", Some(Presence::Always)),
            ("$.size", "a number or null", Some(Presence::Sometimes)),
            ("$.tags[0].name", "a string", Some(Presence::Perhaps)),
            ("$.rest.anything", "a value", Some(Presence::Perhaps)),
            ("$.kye", "", None),
        ] {
            match (reading::read("$", &shape, &path.parse().unwrap()), presence) {
                (Reading::Found(found, there), Some(presence)) => {
                    assert_eq!((found.describe().as_str(), there), (words, presence), "{path}");
                }
                (Reading::Never(_), None) => {}
                (other, _) => panic!("{path}: {other:?}"),
            }
        }
    }
}
