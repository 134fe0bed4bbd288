//! Templates as YAML: written for readers of YAML 1.1 and 1.2 alike, with CloudFormation's short tags, and such tags read in what users write.

use saphyr::{Mapping, Scalar, Yaml, YamlEmitter};
use saphyr_parser::{ScalarStyle, Tag};
use serde_json::Value;
use std::borrow::Cow;

use crate::source::{BARE, Kind, Node, is_ambiguous};

/// CloudFormation's functions that have a short tag and take a text.
const TEXT_TAGS: [(&str, &str); 3] = [("Ref", "Ref"), ("Fn::Sub", "Sub"), ("Fn::ImportValue", "ImportValue")];

/// The function whose short tag joins a list with periods.
const GET_ATT: &str = "Fn::GetAtt";

/// A JSON value as a YAML document.
pub(crate) fn write(value: &Value) -> Result<String, saphyr::EmitError> {
    let mut text = String::new();
    let mut emitter = YamlEmitter::new(&mut text);
    emitter.multiline(true);
    emitter.dump(&node(value))?;
    let body = text.strip_prefix("---\n").unwrap_or(&text);
    Ok(if body.ends_with('\n') { body.to_owned() } else { format!("{body}\n") })
}

fn node(value: &Value) -> Yaml<'_> {
    match value {
        Value::Null => Yaml::Value(Scalar::Null),
        Value::Bool(value) => Yaml::Value(Scalar::Boolean(*value)),
        Value::Number(number) => Yaml::Representation(number.to_string().into(), ScalarStyle::Plain, None),
        Value::String(text) => scalar(text, None),
        Value::Array(items) => Yaml::Sequence(items.iter().map(node).collect()),
        Value::Object(fields) => short_form(fields).unwrap_or_else(|| {
            let entries: Mapping<'_> = fields.iter().map(|(key, value)| (scalar(key, None), node(value))).collect();
            Yaml::Mapping(entries)
        }),
    }
}

/// `!Ref`, `!GetAtt` and their like, for an object that is such a function.
fn short_form(fields: &serde_json::Map<String, Value>) -> Option<Yaml<'_>> {
    let (name, argument) = fields.iter().next().filter(|_| fields.len() == 1)?;
    match argument {
        Value::String(text) => {
            let (_, tag) = TEXT_TAGS.iter().find(|(long, _)| long == name)?;
            Some(scalar(text, Some(tag)))
        }
        Value::Array(parts) if name == GET_ATT => {
            let parts: Option<Vec<&str>> = parts.iter().map(Value::as_str).collect();
            let text = parts?.join(".");
            let style = if is_plain(&text) { ScalarStyle::Plain } else { ScalarStyle::SingleQuoted };
            Some(Yaml::Representation(text.into(), style, Some(Cow::Owned(tag("GetAtt")))))
        }
        _ => None,
    }
}

fn tag(suffix: &str) -> Tag {
    Tag { handle: "!".to_owned(), suffix: suffix.to_owned() }
}

/// A text in the plainest style that every reader takes for that very text.
fn scalar<'a>(text: &'a str, short: Option<&str>) -> Yaml<'a> {
    let tag = short.map(|name| Cow::Owned(tag(name)));
    if is_plain(text) {
        Yaml::Representation(text.into(), ScalarStyle::Plain, tag)
    } else if tag.is_none() && is_block(text) {
        Yaml::Value(Scalar::String(text.into()))
    } else if text.chars().all(is_printable) {
        Yaml::Representation(text.replace('\'', "''").into(), ScalarStyle::SingleQuoted, tag)
    } else {
        Yaml::Representation(escaped(text).into(), ScalarStyle::DoubleQuoted, tag)
    }
}

/// Whether a text needs no quotes: it begins with a letter, so it is no number and no date, and holds nothing that YAML reads
/// in any way.
fn is_plain(text: &str) -> bool {
    let letter_first = text.starts_with(|c: char| c.is_ascii_alphabetic() || c == '/');
    let harmless = |c: char| c.is_ascii_alphanumeric() || "_-./:, ()".contains(c);
    letter_first
        && text.chars().all(harmless)
        && !text.contains(": ")
        && !text.ends_with([':', ' '])
        && !is_ambiguous(text)
}

/// Whether a text is best written as a block of lines.
fn is_block(text: &str) -> bool {
    text.contains('\n') && !text.starts_with([' ', '\n']) && text.chars().all(|c| c == '\n' || is_printable(c))
}

/// Whether a character can stand in quotes as it is. Line breaks cannot: a quoted scalar folds them.
fn is_printable(c: char) -> bool {
    !c.is_control() && !matches!(c, '\u{2028}' | '\u{2029}' | '\u{feff}' | '\u{fffe}' | '\u{ffff}')
}

/// A text as it stands in double quotes, in the escapes that JSON and YAML share.
fn escaped(text: &str) -> String {
    text.chars()
        .map(|c| match c {
            '"' => "\\\"".to_owned(),
            '\\' => "\\\\".to_owned(),
            c if is_printable(c) => c.to_string(),
            c => format!("\\u{:04x}", u32::from(c)),
        })
        .collect()
}

/// A tree with the short tags in their long form, as the typed functions have them.
pub(crate) fn long_form(node: Node) -> Node {
    let Node { kind, span, tag } = node;
    let kind = match kind {
        Kind::Sequence(items) => Kind::Sequence(items.into_iter().map(long_form).collect()),
        Kind::Mapping(entries) => {
            Kind::Mapping(entries.into_iter().map(|(key, value)| (key, long_form(value))).collect())
        }
        scalar => scalar,
    };
    let at = |kind| Node { kind, span, tag: None };
    // Tags that are the reader's own are no functions.
    let Some(tag) = tag.filter(|tag| ![BARE, "<<"].contains(&tag.as_str())) else { return at(kind) };
    let (name, argument) = match (tag.as_str(), kind) {
        ("Ref" | "Condition", kind) => (tag.clone(), kind),
        ("GetAtt", Kind::String(text)) if text.contains('.') => {
            let (resource, attribute) = text.split_once('.').unwrap_or((&text, ""));
            let parts = [resource, attribute].map(|part| at(Kind::String(part.to_owned())));
            (GET_ATT.to_owned(), Kind::Sequence(parts.into()))
        }
        (tag, kind) => (format!("Fn::{tag}"), kind),
    };
    at(Kind::Mapping(vec![(at(Kind::String(name)), at(argument))]))
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use serde_json::json;

    use super::*;
    use crate::source::{Source, parse};

    #[test]
    fn templates_look_as_the_documentation_writes_them() {
        let value = json!({
            "AWSTemplateFormatVersion": "2010-09-09",
            "Resources": {"FilesTable": {"Arn": {"Fn::GetAtt": ["FilesTable", "Arn"]}, "Names": [{"Ref": "FilesBucket"}, "on", "x: y"]}},
            "Empty": {}, "None": [], "Count": 1, "Enabled": true, "Sub": {"Fn::Sub": "${A}-b"},
            "Text": "line one\nline two\n",
        });
        insta::assert_snapshot!(write(&value).unwrap(), @r"
        AWSTemplateFormatVersion: '2010-09-09'
        Resources:
          FilesTable:
            Arn: !GetAtt FilesTable.Arn
            Names:
              - !Ref FilesBucket
              - 'on'
              - 'x: y'
        Empty: {}
        None: []
        Count: 1
        Enabled: true
        Sub: !Sub '${A}-b'
        Text: |
          line one
          line two
        ");
    }

    #[test]
    fn old_readers_see_texts() {
        for text in [
            "2010-09-09",
            "on",
            "Yes",
            "NO",
            "y",
            "null",
            "~",
            "1_000",
            "012",
            "0o14",
            "12:30:45",
            "=",
            "<<",
            "1e3",
            ".5",
            "nan",
            ".inf",
            "",
        ] {
            let written = write(&json!([text])).unwrap();
            let quoted = written.trim_end() == format!("- '{text}'");
            assert!(quoted || text == "nan", "{written}");
        }
    }

    fn plain(node: &Node) -> Value {
        match &node.kind {
            Kind::Null => Value::Null,
            Kind::Bool(value) => json!(value),
            Kind::Integer(value) => json!(value),
            Kind::Float(value) => json!(value),
            Kind::String(text) => json!(text),
            Kind::Sequence(items) => items.iter().map(plain).collect(),
            Kind::Mapping(entries) => {
                Value::Object(entries.iter().map(|(k, v)| (k.as_str().unwrap().to_owned(), plain(v))).collect())
            }
        }
    }

    proptest! {
        /// Two independent readers see in what is written what was meant.
        #[test]
        fn any_text_comes_back(key in any::<String>(), text in "\\PC*|[\\s\\S]{0,12}|[-:#?!&*{}'\" a\\n\\t|>%@`,]{0,12}") {
            let value = json!({ key.clone(): [text.clone()], "z": { "x": text } });
            let written = write(&value).unwrap();
            let mine = long_form(parse(&Source::new("x", written.clone())).unwrap().unwrap());
            prop_assert_eq!(&plain(&mine), &value, "{}", written);
            let theirs: Value = serde_yaml::from_str(&written).unwrap();
            prop_assert_eq!(&theirs, &value, "{}", written);
        }
    }
}
