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

/// Names for a message: `a`, `b` and `c`.
fn listed(names: &[&'static str]) -> String {
    names.iter().map(|name| format!("`{name}`")).collect::<Vec<_>>().join(", ")
}

fn unknown(what: &str, typed: &str, known: &'static [&'static str]) -> Error {
    let fault = Fault::new(format!("there is no {what} `{}`", typed.chars().take(60).collect::<String>()));
    Error(match nearest(typed, known) {
        Some(name) => fault.help(format!("did you mean `{name}`?")),
        None if known.is_empty() => fault.help("nothing can be set here"),
        None => fault.help(format!("expected one of {}", listed(known))),
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
                if expected.to_string().contains("string") =>
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
            Unexpected::Float(number) => format!("the number {number}"),
            Unexpected::Bool(value) => format!("the boolean {value}"),
            other => other.to_string(),
        };
        Self(Fault { message: format!("expected {}, found {found}", named(expected)), span: None, help })
    }

    fn unknown_field(field: &str, expected: &'static [&'static str]) -> Self {
        unknown("key", field, expected)
    }

    fn unknown_variant(variant: &str, expected: &'static [&'static str]) -> Self {
        unknown("choice", variant, expected)
    }

    fn missing_field(field: &'static str) -> Self {
        Self(Fault::new(format!("the key `{field}` is missing")))
    }
}

/// What was expected, in the words of YAML rather than of Rust.
fn named(expected: &dyn Expected) -> String {
    let text = expected.to_string();
    if text.starts_with("struct ") || text == "a map" {
        return "a mapping".to_owned();
    }
    if text.starts_with("a sequence") {
        return "a list".to_owned();
    }
    match text.as_str() {
        "usize" | "u8" | "u16" | "u32" | "u64" | "u128" => "a whole number that is not negative".to_owned(),
        "isize" | "i8" | "i16" | "i32" | "i64" | "i128" => "a whole number".to_owned(),
        "f32" | "f64" => "a number".to_owned(),
        _ => text,
    }
}

/// Puts a place to an error that has none yet: the innermost node that it passes is the one it is about.
fn placed<T>(result: Result<T, Error>, node: &Node) -> Result<T, Error> {
    result.map_err(|Error(fault)| Error(if fault.span.is_some() { fault } else { fault.at(node.span) }))
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
        _: &'static [&'static str],
        visitor: V,
    ) -> Result<V::Value, Error> {
        let result = match &self.0.kind {
            Kind::String(text) => visitor.visit_enum(Word(text)),
            Kind::Mapping(entries) if entries.len() == 1 => visitor.visit_enum(Variant(&entries[0])),
            _ => Err(Error(Fault::new(format!("expected one of a few words, found {}", self.0.describe())))),
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
        let fault = Fault::new(format!("`{}` says too little by itself", self.0));
        Err(Error(fault.help(format!("it has settings of its own: `{}: {{...}}`", self.0))))
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
        Ok((placed(seed.deserialize(Reader(key)), key)?, Reader(value)))
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
    fn errors_name_the_very_value() {
        for (text, error) in [
            ("naem: a", "1:1 there is no key `naem`; did you mean `name`?"),
            ("zzz: a", "1:1 there is no key `zzz`; expected one of `name`, `layout`, `tags`, `versioned`"),
            ("layout: histroy", "1:9 there is no choice `histroy`; did you mean `history`?"),
            ("layout: [1]", "1:9 expected one of a few words, found a list; "),
            ("name: 12", "1:7 expected a string, found the number 12; put it in quotes to make it a string"),
            ("tags: [a, {b: c}]", "1:11 expected a string, found a mapping; "),
            ("versioned: maybe", "1:12 expected a boolean, found a string; "),
            ("- a", "1:1 expected a mapping, found a list; "),
        ] {
            assert_eq!(read(text).unwrap_err(), error, "{text}");
        }
    }
}
