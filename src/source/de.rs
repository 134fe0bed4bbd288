//! Typed values from nodes: a serde `Deserializer` whose errors know the node they are about.

use serde::de::{
    self, DeserializeOwned, DeserializeSeed, EnumAccess, Expected, IntoDeserializer, MapAccess, SeqAccess, Unexpected,
    VariantAccess, Visitor,
};
use std::fmt;

use super::{Fault, Kind, Node};

/// Reads a typed value from a node.
///
/// # Errors
/// The node is not what `T` wants; the fault has the place of the very value or key that is wrong, and where a known name
/// is near, says which.
pub fn from_node<T: DeserializeOwned>(node: &Node) -> Result<T, Fault> {
    T::deserialize(Reader(node)).map_err(|Error(fault)| fault)
}

/// A [`Fault`] as serde's error.
#[derive(Debug)]
struct Error(Fault);

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0.message)
    }
}

impl std::error::Error for Error {}

/// The name out of `known` that `typed` was most likely meant to be.
fn nearest(typed: &str, known: &[&'static str]) -> Option<&'static str> {
    let folded = |text: &str| text.to_lowercase().replace(['-', '_'], "");
    known
        .iter()
        .map(|name| (strsim::jaro_winkler(&folded(typed), &folded(name)), *name))
        .filter(|(score, _)| *score > 0.8)
        .max_by(|a, b| a.0.total_cmp(&b.0))
        .map(|(_, name)| name)
}

/// Names for a message: `a`, `b` or `c`.
fn listed(names: &[impl AsRef<str>]) -> String {
    let names: Vec<String> = names.iter().map(|name| format!("`{}`", name.as_ref())).collect();
    match names.split_last() {
        Some((last, others)) if !others.is_empty() => format!("{} or {last}", others.join(", ")),
        _ => names.concat(),
    }
}

/// A function of CloudFormation as YAML writes it for short: `!Sub`.
fn short(function: &str) -> Option<String> {
    match function.strip_prefix("Fn::") {
        Some(name) => Some(format!("!{name}")),
        None => (function == "Ref").then(|| "!Ref".to_owned()),
    }
}

/// How the message about a key begins that nothing has.
const UNKNOWN_KEY: &str = "unknown key";
/// The same for a word that is not among those to choose from.
const UNKNOWN_VALUE: &str = "unknown value";

fn unknown(problem: &str, typed: &str, known: &'static [&'static str]) -> Error {
    let fault = Fault::new(format!("{problem} `{}`", typed.chars().take(60).collect::<String>()));
    Error(match nearest(typed, known) {
        Some(name) => fault.help(format!("did you mean `{name}`?")),
        None if known.is_empty() => fault.help("nothing can be set here"),
        None => fault.help(format!("expected {}", listed(known))),
    })
}

impl de::Error for Error {
    /// What a type says when it refuses a value: the message in the first line, and in the others what to do.
    fn custom<T: fmt::Display>(message: T) -> Self {
        let text = message.to_string();
        Self(match text.split_once('\n') {
            Some((message, help)) => Fault::new(message).help(help),
            None => Fault::new(text),
        })
    }

    fn invalid_type(unexpected: Unexpected<'_>, expected: &dyn Expected) -> Self {
        let help = match unexpected {
            Unexpected::Unsigned(_) | Unexpected::Signed(_) | Unexpected::Float(_) | Unexpected::Bool(_)
                if named(expected).contains("string") =>
            {
                Some("put it in quotes to make it a string".to_owned())
            }
            _ => None,
        };
        let found = match unexpected {
            Unexpected::Unit | Unexpected::Option => "nothing".to_owned(),
            Unexpected::Str(_) => "a string".to_owned(),
            Unexpected::Seq => "a list".to_owned(),
            Unexpected::Map => "a mapping".to_owned(),
            Unexpected::Signed(number) => format!("the number {number}"),
            Unexpected::Unsigned(number) => format!("the number {number}"),
            Unexpected::Float(number) => format!("the number {number}"),
            Unexpected::Bool(value) => format!("the boolean {value}"),
            other => other.to_string(),
        };
        Self(Fault { message: format!("expected {}, found {found}", named(expected)), span: None, help })
    }

    fn unknown_field(field: &str, expected: &'static [&'static str]) -> Self {
        unknown(UNKNOWN_KEY, field, expected)
    }

    fn unknown_variant(variant: &str, expected: &'static [&'static str]) -> Self {
        let functions: Vec<String> = expected.iter().filter_map(|name| short(name)).collect();
        match short(variant) {
            Some(function) if functions.is_empty() => no_function(&function),
            Some(function) => Self(
                Fault::new(format!("unknown function `{function}`")).help(format!("expected {}", listed(&functions))),
            ),
            None => unknown(UNKNOWN_VALUE, variant, expected),
        }
    }

    fn invalid_value(unexpected: Unexpected<'_>, expected: &dyn Expected) -> Self {
        Self::invalid_type(unexpected, expected)
    }

    fn invalid_length(length: usize, expected: &dyn Expected) -> Self {
        Self(Fault::new(format!("expected {}, found {length} values", named(expected))))
    }

    fn missing_field(field: &'static str) -> Self {
        Self(Fault::new(format!("the key `{field}` is missing")))
    }
}

/// What was expected, in the words of YAML rather than of Rust.
fn named(expected: &dyn Expected) -> String {
    in_words(&expected.to_string())
}

fn in_words(text: &str) -> String {
    if text.starts_with("struct ") || text == "a map" {
        return "a mapping".to_owned();
    }
    if text.starts_with("a sequence") || text.starts_with("tuple") || text.starts_with("an array") {
        return "a list".to_owned();
    }
    let words = match text {
        "u8" | "u16" | "u32" | "u64" | "u128" | "usize" => "a whole number that is not negative",
        "a nonzero u8" | "a nonzero u16" | "a nonzero u32" | "a nonzero u64" | "a nonzero usize" => {
            "a whole number from 1"
        }
        "i8" | "i16" | "i32" | "i64" | "i128" | "isize" => "a whole number",
        "f32" | "f64" => "a number",
        "field identifier" | "variant identifier" => "a key that is a string",
        "unit" => "nothing",
        "enum" => "a value",
        other => other,
    };
    words.to_owned()
}

/// The message of a reader of JSON or TOML, in the words that this one has for the same.
pub fn in_plain_words(message: &str) -> String {
    let wrong = message.strip_prefix("invalid type: ").or_else(|| message.strip_prefix("invalid value: "));
    if let Some((found, expected)) = wrong.and_then(|rest| rest.split_once(", expected ")) {
        let (expected, place) = expected.split_once(" at line ").unwrap_or((expected, ""));
        let place = if place.is_empty() { String::new() } else { format!(" at line {place}") };
        return format!("expected {}, found {}{place}", in_words(expected), found_in_words(found));
    }
    for (theirs, ours) in [("unknown field ", UNKNOWN_KEY), ("unknown variant ", UNKNOWN_VALUE)] {
        if let Some(rest) = message.strip_prefix(theirs) {
            return format!("{ours} {rest}");
        }
    }
    match message.strip_prefix("missing field ").and_then(|rest| Some(rest.split_at(rest.rfind('`')? + 1))) {
        Some((name, rest)) => format!("the key {name} is missing{rest}"),
        None => message.to_owned(),
    }
}

/// What serde says that it found.
fn found_in_words(found: &str) -> String {
    let (kind, value) = found.split_once(' ').unwrap_or((found, ""));
    match kind {
        "integer" => format!("the number {}", value.trim_matches('`')),
        "floating" => format!("the number {}", value.trim_start_matches("point ").trim_matches('`')),
        "boolean" => format!("the boolean {}", value.trim_matches('`')),
        "string" => "a string".to_owned(),
        "sequence" => "a list".to_owned(),
        "map" => "a mapping".to_owned(),
        "null" | "unit" => "nothing".to_owned(),
        _ => found.to_owned(),
    }
}

/// A function of CloudFormation where none can stand.
fn no_function(function: &str) -> Error {
    let fault = Fault::new(format!("`{function}` cannot be used here"));
    Error(fault.help("the value has to be known when the files are generated"))
}

/// The function that a node is.
fn function_of(node: &Node) -> Option<String> {
    match &node.kind {
        Kind::Mapping(entries) if entries.len() == 1 => short(entries[0].0.as_str()?),
        _ => None,
    }
}

/// Puts a place to an error that has none yet: the innermost node that it passes is the one it is about.
fn placed<T>(result: Result<T, Error>, node: &Node) -> Result<T, Error> {
    result.map_err(|Error(fault)| {
        if fault.span.is_some() {
            return Error(fault);
        }
        let fault = match function_of(node) {
            Some(function) if fault.message.ends_with(", found a mapping") => no_function(&function).0,
            _ => fault,
        };
        Error(fault.at(node.span))
    })
}

/// A node as serde reads it.
#[derive(Clone, Copy)]
struct Reader<'a>(&'a Node);

impl<'de> de::Deserializer<'de> for Reader<'_> {
    type Error = Error;

    fn deserialize_any<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Error> {
        let result = match &self.0.kind {
            Kind::Null => visitor.visit_unit(),
            Kind::Bool(value) => visitor.visit_bool(*value),
            Kind::Integer(value) => visitor.visit_i64(*value),
            Kind::Float(value) => visitor.visit_f64(*value),
            Kind::String(text) => visitor.visit_str(text),
            Kind::Sequence(items) => visitor.visit_seq(Items(items.iter())),
            Kind::Mapping(entries) => visitor.visit_map(Entries { rest: entries.iter(), value: None }),
        };
        placed(result, self.0)
    }

    fn deserialize_option<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Error> {
        match self.0.kind {
            Kind::Null => visitor.visit_none(),
            _ => visitor.visit_some(self),
        }
    }

    /// An empty value where a mapping is expected is a mapping with nothing in it: `table:` sets nothing.
    fn deserialize_struct<V: Visitor<'de>>(
        self,
        _: &'static str,
        _: &'static [&'static str],
        visitor: V,
    ) -> Result<V::Value, Error> {
        let result = match &self.0.kind {
            Kind::Null => visitor.visit_map(Entries { rest: [].iter(), value: None }),
            Kind::Mapping(entries) => visitor.visit_map(Entries { rest: entries.iter(), value: None }),
            _ => Err(Error(Fault::new(format!("expected a mapping, found {}", self.0.describe())))),
        };
        placed(result, self.0)
    }

    fn deserialize_enum<V: Visitor<'de>>(
        self,
        _: &'static str,
        variants: &'static [&'static str],
        visitor: V,
    ) -> Result<V::Value, Error> {
        let result = match &self.0.kind {
            Kind::String(text) => visitor.visit_enum(Word(text)),
            Kind::Mapping(entries) if entries.len() == 1 => visitor.visit_enum(Variant(&entries[0])),
            _ => Err(Error(Fault::new(format!("expected {}, found {}", listed(variants), self.0.describe())))),
        };
        placed(result, self.0)
    }

    fn deserialize_newtype_struct<V: Visitor<'de>>(self, _: &'static str, visitor: V) -> Result<V::Value, Error> {
        placed(visitor.visit_newtype_struct(self), self.0)
    }

    serde::forward_to_deserialize_any! {
        bool i8 i16 i32 i64 i128 u8 u16 u32 u64 u128 f32 f64 char str string bytes byte_buf
        unit unit_struct seq tuple tuple_struct map identifier ignored_any
    }
}

struct Items<'a>(std::slice::Iter<'a, Node>);

impl<'de> SeqAccess<'de> for Items<'_> {
    type Error = Error;

    fn next_element_seed<T: DeserializeSeed<'de>>(&mut self, seed: T) -> Result<Option<T::Value>, Error> {
        self.0.next().map(|item| placed(seed.deserialize(Reader(item)), item)).transpose()
    }

    fn size_hint(&self) -> Option<usize> {
        Some(self.0.len())
    }
}

struct Entries<'a> {
    rest: std::slice::Iter<'a, (Node, Node)>,
    value: Option<&'a Node>,
}

impl<'de> MapAccess<'de> for Entries<'_> {
    type Error = Error;

    fn next_key_seed<K: DeserializeSeed<'de>>(&mut self, seed: K) -> Result<Option<K::Value>, Error> {
        let Some((key, value)) = self.rest.next() else { return Ok(None) };
        self.value = Some(value);
        placed(seed.deserialize(Reader(key)), key).map(Some)
    }

    fn next_value_seed<V: DeserializeSeed<'de>>(&mut self, seed: V) -> Result<V::Value, Error> {
        let Some(value) = self.value.take() else {
            return Err(Error(Fault::new("a value was asked for before its key")));
        };
        placed(seed.deserialize(Reader(value)), value)
    }
}

/// A choice that is written as its name alone.
struct Word<'a>(&'a str);

impl<'de> EnumAccess<'de> for Word<'_> {
    type Error = Error;
    type Variant = Self;

    fn variant_seed<V: DeserializeSeed<'de>>(self, seed: V) -> Result<(V::Value, Self), Error> {
        let name: de::value::StrDeserializer<'_, Error> = self.0.into_deserializer();
        Ok((seed.deserialize(name)?, self))
    }
}

impl Word<'_> {
    fn too_little<T>(&self) -> Result<T, Error> {
        let fault = Fault::new(format!("`{}` needs settings", self.0));
        Err(Error(fault.help(format!("write them below it: `{}: {{...}}`", self.0))))
    }
}

impl<'de> VariantAccess<'de> for Word<'_> {
    type Error = Error;

    fn unit_variant(self) -> Result<(), Error> {
        Ok(())
    }

    fn newtype_variant_seed<T: DeserializeSeed<'de>>(self, _: T) -> Result<T::Value, Error> {
        self.too_little()
    }

    fn tuple_variant<V: Visitor<'de>>(self, _: usize, _: V) -> Result<V::Value, Error> {
        self.too_little()
    }

    fn struct_variant<V: Visitor<'de>>(self, _: &'static [&'static str], _: V) -> Result<V::Value, Error> {
        self.too_little()
    }
}

struct Variant<'a>(&'a (Node, Node));

impl<'de, 'a> EnumAccess<'de> for Variant<'a> {
    type Error = Error;
    type Variant = Reader<'a>;

    fn variant_seed<V: DeserializeSeed<'de>>(self, seed: V) -> Result<(V::Value, Reader<'a>), Error> {
        let (key, value) = self.0;
        let variant = placed(seed.deserialize(Reader(key)), key).map_err(|Error(fault)| {
            let message = match fault.message.strip_prefix(UNKNOWN_VALUE) {
                Some(name) => format!("{UNKNOWN_KEY}{name}"),
                None => fault.message,
            };
            Error(Fault { message, ..fault })
        });
        Ok((variant?, Reader(value)))
    }
}

impl<'de> VariantAccess<'de> for Reader<'_> {
    type Error = Error;

    fn unit_variant(self) -> Result<(), Error> {
        Err(Error(Fault::new("nothing can be set here").at(self.0.span)))
    }

    fn newtype_variant_seed<T: DeserializeSeed<'de>>(self, seed: T) -> Result<T::Value, Error> {
        placed(seed.deserialize(self), self.0)
    }

    fn tuple_variant<V: Visitor<'de>>(self, _: usize, visitor: V) -> Result<V::Value, Error> {
        de::Deserializer::deserialize_any(self, visitor)
    }

    fn struct_variant<V: Visitor<'de>>(self, _: &'static [&'static str], visitor: V) -> Result<V::Value, Error> {
        de::Deserializer::deserialize_any(self, visitor)
    }
}

#[cfg(test)]
mod tests {
    use serde::Deserialize;

    use super::*;
    use crate::source::{Source, parse};

    #[derive(Debug, PartialEq, Deserialize)]
    #[serde(deny_unknown_fields)]
    struct Sample {
        name: Option<String>,
        #[serde(default)]
        layout: Layout,
        #[serde(default)]
        tags: Vec<String>,
        #[serde(default)]
        versioned: bool,
    }

    #[derive(Debug, Default, PartialEq, Deserialize)]
    #[serde(rename_all = "lowercase")]
    enum Layout {
        #[default]
        Latest,
        History,
    }

    fn read(text: &str) -> Result<Sample, String> {
        let source = Source::new("x", text);
        from_node(&parse(&source).unwrap().unwrap()).map_err(|fault| {
            let at = fault.span.map(|span| source.position(span.start).to_string()).unwrap_or_default();
            format!("{at} {}; {}", fault.message, fault.help.unwrap_or_default())
        })
    }

    #[test]
    fn values_are_read() {
        let sample = read("name: a\nlayout: history\ntags: [x, y]\nversioned: true\n").unwrap();
        let tags = vec!["x".to_owned(), "y".to_owned()];
        assert_eq!(sample, Sample { name: Some("a".into()), layout: Layout::History, tags, versioned: true });
        assert_eq!(read("name:\n").unwrap().name, None);
    }

    #[test]
    fn messages_of_other_readers_have_the_same_words() {
        for (theirs, ours) in [
            ("invalid type: integer `5`, expected a sequence", "expected a list, found the number 5"),
            (
                "invalid type: sequence, expected a map at line 1 column 2",
                "expected a mapping, found a list at line 1 column 2",
            ),
            (
                "invalid value: integer `-1`, expected u32",
                "expected a whole number that is not negative, found the number -1",
            ),
            ("unknown field `a`, expected `b`", "unknown key `a`, expected `b`"),
            ("missing field `a` at line 1 column 2", "the key `a` is missing at line 1 column 2"),
            ("something else", "something else"),
        ] {
            assert_eq!(in_plain_words(theirs), ours);
        }
    }

    #[test]
    fn errors_name_the_very_value() {
        for (text, error) in [
            ("naem: a", "1:1 unknown key `naem`; did you mean `name`?"),
            ("zzz: a", "1:1 unknown key `zzz`; expected `name`, `layout`, `tags` or `versioned`"),
            ("layout: histroy", "1:9 unknown value `histroy`; did you mean `history`?"),
            ("layout: [1]", "1:9 expected `latest` or `history`, found a list; "),
            ("name: 12", "1:7 expected a string, found the number 12; put it in quotes to make it a string"),
            ("tags: [a, {b: c}]", "1:11 expected a string, found a mapping; "),
            ("versioned: maybe", "1:12 expected a boolean, found a string; "),
            ("- a", "1:1 expected a mapping, found a list; "),
        ] {
            assert_eq!(read(text).unwrap_err(), error, "{text}");
        }
    }
}
