//! What may be typed in an event pattern.

use crate::eventbridge::{Field, IN_ANYTHING_BUT, NUMERIC, OPERATORS, Shape, s3};
use crate::loaded::LoadedStack;

use super::proposals::{CompletionKind, Proposals};

/// The parts of an event pattern: what S3's events have.
pub(super) fn pattern(stack: &LoadedStack, path: &[&str], found: &mut Proposals) {
    let names: Vec<&str> = path.iter().copied().filter(|token| token.parse::<usize>().is_err()).collect();
    if comparison(&names, found) {
        return;
    }
    if found.cursor.on_key && path.last().is_some_and(|token| token.parse::<usize>().is_ok()) {
        OPERATORS.iter().for_each(|name| found.key(name, "comparison"));
        if !found.takes_value() {
            return;
        }
    }
    if names.is_empty() && found.cursor.on_key {
        let members = ["source", "detail-type", "detail", "account", "region", "resources"];
        members.iter().for_each(|name| found.key(name, ""));
        return;
    }
    if names == ["source"] {
        found.text("aws.s3", CompletionKind::Value, "");
        return;
    }
    if names == ["detail", "bucket", "name"] && !found.cursor.quoted && found.cursor.tag.is_none() {
        for bucket in &stack.buckets {
            let id = &bucket.resource.logical_id;
            let insert = if found.cursor.json { format!("{{\"Ref\": \"{id}\"}}") } else { format!("!Ref {id}") };
            found.raw(id, "its name", insert);
        }
    }
    for schema in s3::schemas() {
        let mut fields = &schema.fields;
        let mut last: Option<&Field> = None;
        for name in &names {
            last = fields.get(*name);
            match last.map(|field| &field.shape) {
                Some(Shape::Object(inner)) => fields = inner,
                Some(_) => {}
                None => break,
            }
        }
        match last.map(|field| &field.shape) {
            Some(Shape::Object(inner)) if found.cursor.on_key && !found.takes_value() => {
                inner.keys().for_each(|name| found.key(name, schema.name));
            }
            Some(Shape::OneOf(values)) => {
                values.iter().for_each(|value| found.text(value, CompletionKind::Value, schema.name));
            }
            _ => {}
        }
    }
}

/// What a comparison takes. Whether the place is in one.
fn comparison(names: &[&str], found: &mut Proposals) -> bool {
    match names.last() {
        Some(&"anything-but") if found.cursor.on_key => {
            IN_ANYTHING_BUT.iter().for_each(|name| found.key(name, "comparison"))
        }
        Some(&"numeric") => NUMERIC.iter().for_each(|sign| found.text(sign, CompletionKind::Value, "")),
        Some(&"exists") => ["true", "false"].iter().for_each(|word| found.word(word)),
        _ => return false,
    }
    true
}
