//! The tables as people read them.

use std::fmt::Write;

use comfy_table::presets::UTF8_FULL_CONDENSED;
use comfy_table::{ContentArrangement, Table};
use serde_json::Value;

use crate::diagnostic::shown;

/// How many rows of a table are shown.
const MAX_ROWS: usize = 50;
/// How many characters of a cell are shown.
const MAX_CELL: usize = 60;

/// A table with its items, the key's attributes first and the others in the order in which they are met.
pub(super) fn table(name: &str, key: &[String], items: &[Value]) -> String {
    let mut text = format!("{}: {}\n", shown(name), super::counted(items.len(), "item"));
    if items.is_empty() {
        return text;
    }
    let first = &items[..items.len().min(MAX_ROWS)];
    let mut names: Vec<&str> = key.iter().map(String::as_str).collect();
    for attribute in first.iter().filter_map(Value::as_object).flat_map(|item| item.keys()) {
        if !names.contains(&attribute.as_str()) {
            names.push(attribute);
        }
    }
    let mut drawn = Table::new();
    drawn.load_style(UTF8_FULL_CONDENSED).set_content_arrangement(ContentArrangement::Disabled);
    drawn.set_header(names.iter().map(|name| shown(name)));
    for item in first {
        drawn.add_row(names.iter().map(|name| item.get(name).map(cell).unwrap_or_default()));
    }
    // Writing to a string cannot fail.
    let _ = writeln!(text, "{drawn}");
    if items.len() > first.len() {
        let _ = writeln!(text, "and {} more", items.len() - first.len());
    }
    text
}

fn cell(value: &Value) -> String {
    let text = shown(&attribute(value)).into_owned();
    match text.char_indices().nth(MAX_CELL) {
        Some((end, _)) => format!("{}…", &text[..end]),
        None => text,
    }
}

/// An attribute's value without its type, where that can be seen all the same.
pub(super) fn attribute(value: &Value) -> String {
    if let Value::String(text) = value {
        return text.clone();
    }
    let Some((kind, inner)) = value.as_object().filter(|one| one.len() == 1).and_then(|one| one.iter().next()) else {
        return value.to_string();
    };
    match (kind.as_str(), inner) {
        ("S" | "N", Value::String(text)) => text.clone(),
        ("BOOL", inner) => inner.to_string(),
        ("NULL", _) => "null".to_owned(),
        _ => value.to_string(),
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn a_table_has_its_key_first() {
        let items = [
            json!({"size": {"N": "5"}, "name": {"S": "a"}}),
            json!({"name": {"S": "b\n"}, "tags": {"SS": ["x"]}, "gone": {"BOOL": true}}),
        ];
        let text = table("Files", &["name".to_owned()], &items);
        let lines: Vec<&str> = text.lines().collect();
        assert_eq!(lines[0], "Files: 2 items");
        assert_eq!(lines[2].split_whitespace().collect::<String>(), "│name┆size┆tags┆gone│");
        assert!(lines[5].contains("b\\n") && lines[5].contains("{\"SS\":[\"x\"]}"), "{text}");
        assert_eq!(table("Files", &[], &[]), "Files: 0 items\n");
    }
}
