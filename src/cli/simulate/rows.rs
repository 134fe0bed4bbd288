//! The tables as people read them.

use std::fmt::Write;

use comfy_table::presets::UTF8_FULL_CONDENSED;
use comfy_table::{ContentArrangement, Table};
use serde_json::Value;
use unicode_width::UnicodeWidthStr;

use crate::diagnostic::shown;

/// How many rows of a table are shown.
pub(super) const MAX_ROWS: usize = 50;
/// How many characters of a cell are shown.
const MAX_CELL: usize = 60;

/// A table with its first items of so many, the key's attributes first and the others in the order in which they are met. It is at most so wide: attributes for which there
/// is no room are named below it. Where not even the key fits, each item is a block.
pub(super) fn table(name: &str, key: &[String], (first, count): (&[Value], usize), width: Option<usize>) -> String {
    let mut text = format!("{}: {}\n", shown(name), super::counted(count, "item"));
    if first.is_empty() {
        return text;
    }
    let mut names: Vec<&str> = key.iter().map(String::as_str).collect();
    for attribute in first.iter().filter_map(Value::as_object).flat_map(|item| item.keys()) {
        if !names.contains(&attribute.as_str()) {
            names.push(attribute);
        }
    }
    let columns: Vec<Column> = names.iter().map(|name| Column::of(name, first)).collect();
    match fitting(&columns, key.len(), width.unwrap_or(usize::MAX)) {
        Some(fitting) => text.push_str(&drawn(&columns, &fitting)),
        None => text.push_str(&blocks(&columns, first.len())),
    }
    if count > first.len() {
        // Writing to a string cannot fail.
        let _ = writeln!(text, "and {} more", count - first.len());
    }
    text
}

/// What each item has under a name, as it is shown.
struct Column {
    head: String,
    cells: Vec<String>,
    width: usize,
}

impl Column {
    fn of(name: &str, items: &[Value]) -> Self {
        let head = shown(name).into_owned();
        let cells: Vec<String> = items.iter().map(|item| item.get(name).map(cell).unwrap_or_default()).collect();
        let width = cells.iter().chain([&head]).map(|text| text.width()).max().unwrap_or(0);
        Self { head, cells, width }
    }
}

/// The columns that fit, those of the key and then the others in order, by number; `None` if those of the key do not.
fn fitting(columns: &[Column], key: usize, width: usize) -> Option<Vec<usize>> {
    // A line left of each column, one at the end, and a blank on either side of each cell.
    let (mut used, mut fitting) = (1, Vec::new());
    for (at, column) in columns.iter().enumerate() {
        let with = used + column.width + 3;
        if with <= width {
            (used, _) = (with, fitting.push(at));
        } else if at < key.max(1) {
            return None;
        }
    }
    Some(fitting)
}

fn drawn(columns: &[Column], fitting: &[usize]) -> String {
    let mut drawn = Table::new();
    drawn.load_style(UTF8_FULL_CONDENSED).set_content_arrangement(ContentArrangement::Disabled);
    drawn.set_header(fitting.iter().map(|at| &columns[*at].head));
    for item in 0..columns.first().map_or(0, |column| column.cells.len()) {
        drawn.add_row(fitting.iter().map(|at| &columns[*at].cells[item]));
    }
    let mut text = format!("{drawn}\n");
    let others: Vec<&str> =
        (0..columns.len()).filter(|at| !fitting.contains(at)).map(|at| columns[at].head.as_str()).collect();
    if !others.is_empty() {
        // Writing to a string cannot fail.
        let _ = writeln!(text, "not shown for lack of room: {}", others.join(", "));
    }
    text
}

/// Each item on lines of its own, an attribute a line.
fn blocks(columns: &[Column], items: usize) -> String {
    let mut text = String::new();
    for item in 0..items {
        let there = columns.iter().filter(|column| !column.cells[item].is_empty());
        for (at, column) in there.enumerate() {
            let mark = if at == 0 { "-" } else { " " };
            // Writing to a string cannot fail.
            let _ = writeln!(text, "{mark} {}: {}", column.head, column.cells[item]);
        }
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
        let text = table("Files", &["name".to_owned()], (&items, 2), None);
        let lines: Vec<&str> = text.lines().collect();
        assert_eq!(lines[0], "Files: 2 items");
        assert_eq!(lines[2].split_whitespace().collect::<String>(), "│name┆size┆tags┆gone│");
        assert!(lines[5].contains("b\\n") && lines[5].contains("{\"SS\":[\"x\"]}"), "{text}");
        assert_eq!(table("Files", &[], (&[], 0), Some(40)), "Files: 0 items\n");
    }

    #[test]
    fn a_table_is_no_wider_than_its_terminal() {
        let key = ["name".to_owned()];
        let item = |name: &str| json!({"wide": {"S": "w".repeat(30)}, "size": {"N": "5"}, "name": {"S": name}});
        let text = table("Files", &key, (&[item("日本語.jpg")], 1), Some(40));
        assert!(text.lines().all(|line| line.width() <= 40), "{text}");
        assert!(text.contains("size") && text.ends_with("not shown for lack of room: wide\n"), "{text}");
        assert!(!table("Files", &key, (&[item("a")], 1), Some(80)).contains("not shown"));
        let text = table("Files", &key, (&[item(&"n".repeat(50)), item("b")], 2), Some(40));
        let expected = format!(
            "Files: 2 items\n- name: {}\n  wide: {w}\n  size: 5\n- name: b\n  wide: {w}\n  size: 5\n",
            "n".repeat(50),
            w = "w".repeat(30)
        );
        assert_eq!(text, expected);
    }
}
