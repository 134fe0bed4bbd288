//! Every option of the spec in one commented file, made from the JSON Schema so that none is missing.

use crate::source::is_ambiguous;
use std::fmt::Write;

use serde_json::{Map, Value};

use super::{Spec, schema};

/// How wide the comments are.
const WIDTH: usize = 110;

/// How the file begins.
const HEAD: &str = "\
# yaml-language-server: $schema=./bucketbook.schema.json
# Every option, commented out. To set one, remove the `#` at the beginning of its line and of the lines of the sections that contain it.
#
# Options that stay commented out have their defaults. `bucketbook generate` turns this file into out/, which `sam deploy` deploys.
";

impl Spec {
    /// A spec with every option in it, commented out, with what it does and a value that it takes.
    ///
    /// The lines of options begin with `#` and an even number of spaces; those of descriptions do not.
    pub fn all_options() -> String {
        let schema = schema::schema();
        let mut text = HEAD.to_owned();
        let options = Options { definitions: &schema["$defs"], root: &schema };
        options.properties(&schema, 0, &mut text);
        // The first section stands in the file as it is: a spec is a mapping, and not nothing.
        text.replacen("\n#stack:\n", "\nstack:\n", 1)
    }
}

struct Options<'a> {
    definitions: &'a Value,
    root: &'a Value,
}

impl Options<'_> {
    /// A schema without references and alternatives: what it is first of all. What a property says goes before what its type does.
    fn resolved(&self, schema: &Value) -> Map<String, Value> {
        let mut fields = schema.as_object().cloned().unwrap_or_default();
        // Every step leads from a property to a type, of which there are few.
        for _ in 0..8 {
            let first = fields.get("anyOf").or_else(|| fields.get("oneOf").filter(|all| !is_choice(all)));
            let next = match (fields.get("$ref").and_then(Value::as_str), first) {
                (Some(reference), _) => self.root.pointer(reference.trim_start_matches('#')).cloned(),
                (None, Some(alternatives)) => self.chosen(alternatives, fields.contains_key("examples")),
                (None, None) => None,
            };
            let Some(Value::Object(next)) = next else { break };
            for key in ["$ref", "anyOf", "oneOf"] {
                fields.shift_remove(key);
            }
            for (key, value) in next {
                fields.entry(key).or_insert(value);
            }
        }
        fields
    }

    /// The alternative that is shown: the one that says most, unless there is an example of the first.
    fn chosen(&self, alternatives: &Value, has_example: bool) -> Option<Value> {
        let all = alternatives.as_array()?;
        let says_most = |one: &&Value| {
            let target =
                one["$ref"].as_str().and_then(|reference| self.root.pointer(reference.trim_start_matches('#')));
            target.is_some_and(|target| target["properties"].is_object())
        };
        all.iter().find(|one| !has_example && says_most(one)).or_else(|| all.first()).cloned()
    }

    fn properties(&self, schema: &Value, depth: usize, text: &mut String) {
        for (name, property) in schema["properties"].as_object().into_iter().flatten() {
            let mut property = property.clone();
            if let (Some(fields), Some(note)) = (property.as_object_mut(), combines(schema, name)) {
                let said = self.resolved(&Value::Object(fields.clone())).remove("description");
                let said = said.as_ref().and_then(Value::as_str).unwrap_or_default();
                fields.insert("description".to_owned(), format!("{said} {note}").into());
            }
            self.option(name, &property, depth, text);
        }
    }

    /// Writes an option, with all that is below it.
    fn option(&self, name: &str, property: &Value, depth: usize, text: &mut String) {
        let resolved = Value::Object(self.resolved(property));
        if depth == 0 {
            text.push('\n');
        }
        describe(&resolved, depth, text);
        let key = format!("#{}{name}:", "  ".repeat(depth));
        let items = Value::Object(self.resolved(&resolved["items"]));
        if resolved["properties"].is_object() {
            line(text, &key);
            match name {
                // An overlay has all of these keys again.
                _ if self.is_overlay(&resolved) => overlay(text, depth + 1),
                _ => self.properties(&resolved, depth + 1, text),
            }
        } else if let Some(entry) = entries(&resolved).filter(|_| resolved["examples"][0].is_object()) {
            line(text, &key);
            let example = resolved["examples"][0].as_object().and_then(|example| example.iter().next());
            if let Some((name, value)) = example {
                let mut entry = entry.clone();
                if let (Some(entry), false) = (entry.as_object_mut(), value.is_object()) {
                    entry.insert("examples".to_owned(), Value::Array(vec![value.clone()]));
                }
                self.option(name, &entry, depth + 1, text);
            }
        } else if items["properties"].is_object() {
            line(text, &key);
            self.item(&items, depth + 1, text);
        } else {
            line(text, &format!("{key} {}", shown(&example(&resolved, &items))));
        }
    }

    fn is_overlay(&self, resolved: &Value) -> bool {
        resolved["properties"].as_object().is_some_and(|keys| keys.contains_key("without"))
            && resolved["properties"] == self.definitions["Overlay"]["properties"]
    }

    /// Writes an item of a list, whose first key stands behind the dash.
    fn item(&self, items: &Value, depth: usize, text: &mut String) {
        let mut below = String::new();
        self.properties(items, depth + 1, &mut below);
        let indent = "  ".repeat(depth);
        let mut first = true;
        for one in below.lines() {
            match one.strip_prefix(&format!("#{indent}  ")).filter(|_| first) {
                Some(option) => {
                    first = false;
                    line(text, &format!("#{indent}- {option}"));
                }
                None => line(text, one),
            }
        }
    }
}

/// What a section's rules say of the other options that one cannot stand beside, or cannot stand without.
fn combines(section: &Value, key: &str) -> Option<String> {
    let rules = || section["allOf"].as_array().into_iter().flatten();
    let mut others: Vec<&str> = Vec::new();
    for rule in rules() {
        let Some(first) = rule["if"]["required"][0].as_str() else { continue };
        // Other rules are about values, and their options say so themselves.
        let excluded =
            rule["then"]["properties"].as_object().filter(|_| rule["if"]["properties"][first].get("not").is_some());
        let mut excluded = excluded.into_iter().flat_map(|properties| properties.keys().map(String::as_str));
        if first == key {
            others.extend(excluded);
        } else if excluded.any(|other| other == key) {
            others.push(first);
        }
    }
    let needed = rules().find_map(|rule| rule["dependentRequired"][key][0].as_str());
    let named: Vec<String> = others.iter().map(|other| format!("`{other}`")).collect();
    match (named.split_last(), needed) {
        (None, None) => None,
        (None, Some(needed)) => Some(format!("Only together with `{needed}`.")),
        (Some((last, [])), _) => Some(format!("Not together with {last}.")),
        (Some((last, others)), _) => Some(format!("Not together with {} or {last}.", others.join(", "))),
    }
}

/// What an environment may look like.
fn overlay(text: &mut String, depth: usize) {
    let indent = "  ".repeat(depth);
    line(text, &format!("{indent}# Any keys of the spec, with their values in this environment."));
    line(text, &format!("#{indent}stack:"));
    line(text, &format!("#{indent}  name: files-prod"));
    line(text, &format!("{indent}# Keys of the spec that this environment leaves out."));
    line(text, &format!("#{indent}without: []"));
}

fn line(text: &mut String, line: &str) {
    // Writing to a string cannot fail.
    let _ = writeln!(text, "{line}");
}

/// What the values of a mapping are, whose keys are the user's.
fn entries(schema: &Value) -> Option<&Value> {
    let by_pattern = schema["patternProperties"].as_object().and_then(|patterns| patterns.values().next());
    by_pattern.or_else(|| schema.get("additionalProperties").filter(|entry| entry.is_object()))
}

/// Whether alternatives are words to choose from.
fn is_choice(alternatives: &Value) -> bool {
    alternatives.as_array().is_some_and(|all| all.iter().any(|one| one.get("const").is_some()))
}

/// The words of a choice.
fn words(schema: &Value) -> Vec<&str> {
    let named = schema["oneOf"].as_array().into_iter().flatten().filter_map(|one| one["const"].as_str());
    named.chain(schema["enum"].as_array().into_iter().flatten().filter_map(Value::as_str)).collect()
}

/// Writes what an option does, in lines.
fn describe(schema: &Value, depth: usize, text: &mut String) {
    let mut said = schema["description"].as_str().unwrap_or_default().to_owned();
    let words = words(schema);
    if words.len() > 1 {
        let _ =
            write!(said, " One of {}.", words.iter().map(|word| format!("`{word}`")).collect::<Vec<_>>().join(", "));
    }
    let indent = "  ".repeat(depth);
    let mut one = String::new();
    for word in said.split_whitespace() {
        if !one.is_empty() && one.chars().count() + word.chars().count() >= WIDTH {
            line(text, &format!("{indent}# {one}"));
            one.clear();
        }
        one.push_str(if one.is_empty() { "" } else { " " });
        one.push_str(word);
    }
    if !one.is_empty() {
        line(text, &format!("{indent}# {one}"));
    }
}

/// A value that an option takes: its default, or else an example.
fn example(schema: &Value, items: &Value) -> Value {
    let given = schema.get("default").filter(|default| !default.is_null()).or_else(|| schema["examples"].get(0));
    if let Some(value) = given {
        return value.clone();
    }
    if let Some(word) = words(schema).first() {
        return Value::from(*word);
    }
    let kind = schema["type"].as_str().or_else(|| schema["type"][0].as_str());
    match kind {
        Some("array") => {
            let item =
                items["examples"].get(0).cloned().or_else(|| words(items).first().map(|word| Value::from(*word)));
            Value::Array(item.into_iter().collect())
        }
        Some("boolean") => Value::Bool(false),
        Some("integer" | "number") => schema.get("minimum").cloned().unwrap_or_else(|| Value::from(1)),
        _ => Value::Object(Map::new()),
    }
}

/// A value in one line of YAML, of which JSON is a part.
fn shown(value: &Value) -> String {
    match value {
        Value::String(text)
            if text.chars().all(|c| c.is_ascii_alphanumeric() || "_-/@.".contains(c)) && is_word(text) =>
        {
            text.clone()
        }
        Value::Array(items) => format!("[{}]", items.iter().map(shown).collect::<Vec<_>>().join(", ")),
        other => other.to_string(),
    }
}

/// Whether a text begins with a letter, and so is no number.
fn is_word(text: &str) -> bool {
    text.starts_with(|c: char| c.is_ascii_alphabetic()) && !is_ambiguous(text)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::source::Source;
    use crate::spec::Document;

    /// How deep an option's line is, if it is one.
    fn depth(line: &str) -> Option<usize> {
        let option = line.strip_prefix('#')?;
        let spaces = option.len() - option.trim_start_matches(' ').len();
        (spaces % 2 == 0 && !option[spaces..].starts_with('#') && !option.is_empty()).then_some(spaces)
    }

    /// The file, with an option and what it is in no longer commented out.
    fn with_option(lines: &[&str], at: usize) -> String {
        let mut chosen = vec![at];
        let mut outer = depth(lines[at]).unwrap();
        for before in (0..at).rev() {
            match depth(lines[before]) {
                Some(depth) if depth < outer => {
                    outer = depth;
                    chosen.push(before);
                }
                _ => {}
            }
        }
        let taken = |(number, line): (usize, &&str)| match chosen.contains(&number) {
            true => line[1..].to_owned(),
            false => (*line).to_owned(),
        };
        lines.iter().enumerate().map(taken).collect::<Vec<_>>().join("\n")
    }

    #[test]
    fn nothing_uncommented_is_the_default() {
        let document = Document::parse(Source::new("x", Spec::all_options())).map_err(|(_, fault)| fault).unwrap();
        assert_eq!(document.spec, Spec::default());
    }

    #[test]
    fn options_that_exclude_each_other_say_so() {
        let text = Spec::all_options()
            .replace("\n#", " ")
            .split_whitespace()
            .filter(|word| *word != "#")
            .collect::<Vec<_>>()
            .join(" ");
        for note in [
            "Not together with `existing`. #  point_in_time_recovery".replace("#  ", ""),
            "Not together with `name`, `point_in_time_recovery` or `deletion_protection`.".to_owned(),
            "Only together with `existing`.".to_owned(),
            "Not together with `wildcard` or `pattern`.".to_owned(),
        ] {
            assert!(text.contains(&note), "{note}");
        }
    }

    #[test]
    fn every_option_can_be_uncommented() {
        let text = Spec::all_options();
        let lines: Vec<&str> = text.lines().collect();
        let mut right = 0;
        for at in (0..lines.len()).filter(|at| depth(lines[*at]).is_some()) {
            let spec = with_option(&lines, at);
            match Document::parse(Source::new("x", spec.as_str())) {
                Ok(_) => right += 1,
                // It is known, and needs its neighbours, or what is in it.
                Err((_, fault)) => {
                    let needs_more = ["is missing", "found nothing"].iter().any(|more| fault.message.contains(more));
                    assert!(needs_more, "{}: {}", lines[at], fault.message);
                }
            }
        }
        assert!(right > 100, "{right}");
    }

    #[test]
    fn every_key_of_the_schema_is_in_it() {
        let text = Spec::all_options();
        let schema = schema::schema();
        for (name, definition) in schema["$defs"].as_object().unwrap().iter().filter(|(name, _)| *name != "Overlay") {
            for key in definition["properties"].as_object().into_iter().flatten().map(|(key, _)| key) {
                let written =
                    text.lines().any(|line| line.trim_start_matches(['#', ' ', '-']).starts_with(&format!("{key}:")));
                // Functions and the sections of `extra` are CloudFormation's; who asks has settings of their own.
                let foreign = ["Function", "Fragment", "JwtSpec", "CognitoSpec"].contains(&name.as_str());
                assert!(written || foreign, "{name}.{key}");
            }
        }
    }
}
