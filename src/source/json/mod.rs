//! JSON text into a tree, carrying on behind what is wrong with it, so that one slip does not hide all the others.
//!
//! YAML's reader could read most JSON, but it takes a missing comma or a bare word for YAML, which the services that want JSON
//! do not; and it knows neither surrogate pairs nor a tab at the start of a line.

mod cursor;
mod reader;
mod scalar;

use super::parsed::{Limits, Parsed};
use reader::Reader;

/// The tag of a text that stands bare where a value should, such as `${Seconds}` in `"Seconds": ${Seconds}`: what is put there
/// before the text is read as JSON can be any value.
pub const BARE: &str = "Substitution";

/// Reads a JSON text into a tree. `${Name}` where a value should be is a text with the tag [`BARE`], and no fault.
///
/// What is wrong is collected, and reading goes on where it is clear what was meant: a comma too many or too few, a comment,
/// a key that occurs twice (the last one counts), a `<<PLACEHOLDER>>` or another bare word. Where it is not clear the tree is `None`.
pub fn parse_json(text: &str, limits: Limits) -> Parsed {
    let mut reader = Reader::new(text, limits);
    let root = match reader.document() {
        Ok(root) => root,
        Err(fault) => {
            reader.cursor.faults.push(fault);
            None
        }
    };
    Parsed { root, faults: reader.cursor.faults, duplicates: reader.duplicates, schema_matters: false }
}

/// Why a text that serde_json refuses is not JSON, in plain words and with the place: `the text ends before this object does, at character 8`.
pub fn why_not_json(text: &str, error: &serde_json::Error) -> String {
    let Some(fault) = parse_json(text, Limits::TEMPLATE).faults.into_iter().next() else {
        return format!("something is wrong at line {}, column {}", error.line(), error.column());
    };
    let at = fault.span.map_or(text.len(), |span| span.start);
    let before = text.get(..at).unwrap_or_default();
    let (line, column) =
        (before.matches('\n').count() + 1, before.rsplit('\n').next().unwrap_or_default().chars().count() + 1);
    let place = if text.trim_end().contains('\n') {
        format!("line {line}, column {column}")
    } else {
        format!("character {column}")
    };
    format!("{}, at {place}", fault.message)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::source::Source;

    fn read(text: &str) -> (Option<serde_json::Value>, Vec<String>) {
        let parsed = parse_json(text, Limits::SPEC);
        let source = Source::new("x", text);
        let all = parsed.faults.into_iter().chain(parsed.duplicates);
        let faults = all.map(|fault| {
            let at = fault.span.map(|span| source.position(span.start).to_string()).unwrap_or_default();
            format!("{at} {}", fault.message)
        });
        (parsed.root.map(|root| crate::loaded::value(&root)), faults.collect())
    }

    #[test]
    fn json_is_read_as_it_is() {
        for text in [
            r#"{"a": [1, -2.5, 1e3, true, false, null, "x"], "b": {}, "c": []}"#,
            "\t{\n\t\t\"a\" : \"\\u00e9\\ud83d\\ude00\\n\\/\"\r\n}",
            r#""text""#,
            "12",
        ] {
            let (value, faults) = read(text);
            assert_eq!(faults, Vec::<String>::new(), "{text}");
            assert_eq!(value.unwrap(), serde_json::from_str::<serde_json::Value>(text).unwrap(), "{text}");
        }
    }

    #[test]
    fn reading_goes_on_behind_what_is_wrong() {
        for (text, value, fault) in [
            (r#"{"a": 1, "a": 2}"#, r#"{"a": 2}"#, "1:10 the key `a` occurs a second time"),
            (r#"{"a": 1,}"#, r#"{"a": 1}"#, "1:8 JSON allows no comma behind the last value"),
            (r#"{"a": 1 "b": 2}"#, r#"{"a": 1, "b": 2}"#, "1:9 a comma is missing before this"),
            (r#"[1,, 2]"#, "[1, 2]", "1:4 a value was expected before this comma"),
            ("// x\n[1]", "[1]", "1:1 JSON has no comments"),
            (r#"{"a": <<TABLE_NAME>>}"#, r#"{"a": "<<TABLE_NAME>>"}"#, "1:7 `<<TABLE_NAME>>` is not a JSON value"),
            (r#"{"a": 01}"#, r#"{"a": "01"}"#, "1:7 `01` is no JSON number"),
            (r#"["a\qb"]"#, r#"["a\\qb"]"#, "1:4 JSON has no such escape"),
            ("[1] 2", "[1]", "1:5 the JSON value has ended, and something follows it"),
        ] {
            let (read, faults) = read(text);
            assert_eq!(read, serde_json::from_str(value).unwrap(), "{text}");
            assert_eq!(faults, [fault], "{text}");
        }
    }

    #[test]
    fn where_no_sense_can_be_made_there_is_no_tree() {
        for (text, fault) in [
            (r#"{"a": [1"#, "1:7 the text ends before this array does"),
            (r#"{"a": 1]"#, "1:8 `}` was expected here"),
            (r#"{a: 1}"#, "1:2 `a` is not a JSON value"),
            (r#"{1: 1}"#, "1:2 a key in double quotes was expected here"),
            (r#"{"a"}"#, "1:5 a `:` was expected here, between key and value"),
            (r#"["a"#, "1:2 this text has no closing quote"),
            ("not a definition", "1:1 `not` is not a JSON value"),
        ] {
            let (_, faults) = read(text);
            assert_eq!(faults[0], fault, "{text}");
        }
    }

    #[test]
    fn a_substitution_may_stand_for_a_value() {
        let parsed = parse_json(r#"{"Seconds": ${Wait}}"#, Limits::SPEC);
        assert_eq!(parsed.faults, []);
        let root = parsed.root.unwrap();
        assert_eq!(root.get("Seconds").unwrap().tag.as_deref(), Some(BARE));
    }

    #[test]
    fn depth_and_size_are_limited() {
        for deep in ["[".repeat(100_000), r#"{"a":"#.repeat(100_000)] {
            assert!(parse_json(&deep, Limits::SPEC).root.is_none());
        }
        let long = format!("[{}1]", "1,".repeat(200_000));
        assert!(parse_json(&long, Limits::SPEC).faults[0].message.contains("more than 100000 values"));
        assert!(parse_json(&long, Limits::TEMPLATE).faults.is_empty());
    }
}
