//! Shapes of data, shown.

use crate::lint::flow::{Kinds, Presence, Shape, Text};

/// How deep a shape is shown, and how many fields and texts of it.
const DEEPEST: usize = 5;
const MOST: usize = 40;
const MOST_TEXTS: usize = 6;

/// A shape in one line: `string`, `object`, `"a" | "b"`.
pub(super) fn line(shape: &Shape) -> String {
    let mut text = String::new();
    write(shape, 0, 0, &mut text);
    text
}

/// A shape with its fields, a line each. A field with `?` is there in some values only.
pub(super) fn block(shape: &Shape) -> String {
    let mut text = String::new();
    write(shape, 0, DEEPEST, &mut text);
    text
}

fn write(shape: &Shape, indent: usize, depth: usize, text: &mut String) {
    let Shape::Known(kinds) = shape else {
        text.push_str("anything");
        return;
    };
    let mut first = true;
    let mut or = |text: &mut String| {
        if !std::mem::take(&mut first) {
            text.push_str(" | ");
        }
    };
    let Kinds { null, booleans, number, text: texts, array, object, .. } = kinds;
    if let Some(texts) = texts {
        or(text);
        match texts {
            Text::OneOf(texts) if texts.len() <= MOST_TEXTS => {
                let quoted: Vec<String> = texts.iter().map(|one| format!("{one:?}")).collect();
                text.push_str(&quoted.join(" | "));
            }
            _ => text.push_str("string"),
        }
    }
    if *number {
        or(text);
        text.push_str("number");
    }
    if !booleans.is_empty() {
        or(text);
        let words: Vec<String> = booleans.iter().map(ToString::to_string).collect();
        text.push_str(if words.len() == 2 { "boolean" } else { &words[0] });
    }
    if *null {
        or(text);
        text.push_str("null");
    }
    if let Some(array) = array {
        or(text);
        if depth == 0 {
            text.push_str("array");
        } else {
            text.push_str("array of ");
            write(&array.element, indent, depth - 1, text);
        }
    }
    if let Some(object) = object {
        or(text);
        if depth == 0 {
            text.push_str("object");
            return;
        }
        let fields: Vec<_> = object.fields.iter().filter(|(_, field)| field.presence != Presence::Never).collect();
        if fields.is_empty() {
            text.push_str(if object.open { "object" } else { "{}" });
            return;
        }
        text.push_str("{\n");
        let inner = "  ".repeat(indent + 1);
        for (name, field) in fields.iter().take(MOST) {
            let mark = if field.presence == Presence::Always { "" } else { "?" };
            text.push_str(&format!("{inner}{name}{mark}: "));
            write(&field.shape, indent + 1, depth - 1, text);
            text.push('\n');
        }
        if object.open || fields.len() > MOST {
            text.push_str(&format!("{inner}...\n"));
        }
        text.push_str(&"  ".repeat(indent));
        text.push('}');
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn shapes_are_shown_with_their_fields() {
        let shape = Shape::of(&json!({"a": {"b": [1]}, "c": "x"})).join(&Shape::of(&json!({"c": "y"})));
        assert_eq!(block(&shape), "{\n  a?: {\n    b: array of number\n  }\n  c: \"x\" | \"y\"\n}");
        assert_eq!(line(&shape), "object");
        assert_eq!(line(&Shape::unknown()), "anything");
    }
}
