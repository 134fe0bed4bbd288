//! The fields of an object, read with a fault for each that is not what it has to be.

use serde_json::{Map, Value};

use super::data::Template;
use super::dynamic::{Dynamic, Literal};
use super::fault::Faults;
use super::jsonata::{Expression, is_expression};
use super::path::PathOrNull;
use crate::asl::query::Query;
use crate::asl::{JsonPath, QueryLanguage};
use crate::source::Pointer;

/// An object of a definition, where it stands, and the language of its state.
#[derive(Clone, Copy)]
pub(super) struct Fields<'a, 'p> {
    pub(super) object: &'a Map<String, Value>,
    pub(super) pointer: &'p Pointer,
    pub(super) language: QueryLanguage,
}

impl<'a> Fields<'a, '_> {
    pub(super) fn get(&self, name: &str) -> Option<&'a Value> {
        self.object.get(name)
    }

    pub(super) fn has(&self, name: &str) -> bool {
        self.object.contains_key(name)
    }

    pub(super) fn at(&self, name: &str) -> Pointer {
        self.pointer.child(name)
    }

    pub(super) fn jsonata(&self) -> bool {
        self.language == QueryLanguage::Jsonata
    }

    /// A field that has to be of one type.
    fn typed<T>(
        &self,
        name: &str,
        faults: &mut Faults,
        kind: &str,
        read: impl Fn(&'a Value) -> Option<T>,
    ) -> Option<T> {
        let value = self.get(name)?;
        let read = read(value);
        if read.is_none() {
            faults.add(self.at(name), format!("{name} has to be {kind}"));
        }
        read
    }

    pub(super) fn text(&self, name: &str, faults: &mut Faults) -> Option<String> {
        self.typed(name, faults, "a string", Value::as_str).map(str::to_owned)
    }

    pub(super) fn object(&self, name: &str, faults: &mut Faults) -> Option<&'a Map<String, Value>> {
        self.typed(name, faults, "an object", Value::as_object)
    }

    pub(super) fn array(&self, name: &str, faults: &mut Faults) -> Option<&'a Vec<Value>> {
        self.typed(name, faults, "an array", Value::as_array)
    }

    pub(super) fn number(&self, name: &str, faults: &mut Faults) -> Option<f64> {
        self.typed(name, faults, "a number", Value::as_f64)
    }

    pub(super) fn texts(&self, name: &str, faults: &mut Faults) -> Option<Vec<String>> {
        let read = |value: &Value| value.as_array()?.iter().map(|v| v.as_str().map(str::to_owned)).collect();
        self.typed(name, faults, "an array of strings", read)
    }

    /// A field that has to be there.
    pub(super) fn required<T>(&self, name: &str, read: Option<T>, faults: &mut Faults) -> Option<T> {
        if !self.has(name) {
            faults.add_certain(self.pointer.clone(), format!("{name} is missing"));
        }
        read
    }

    pub(super) fn path(&self, name: &str, faults: &mut Faults) -> Option<JsonPath> {
        let text = self.text(name, faults)?;
        JsonPath::parse(&text).map_err(|error| faults.add(self.at(name), error.to_string())).ok()
    }

    pub(super) fn path_or_null(&self, name: &str, faults: &mut Faults) -> PathOrNull {
        match self.get(name) {
            Some(Value::Null) => PathOrNull::Null,
            Some(_) => self.path(name, faults).map_or(PathOrNull::Absent, PathOrNull::Path),
            None => PathOrNull::Absent,
        }
    }

    fn query(&self, name: &str, faults: &mut Faults) -> Option<Query> {
        let text = self.text(name, faults)?;
        Query::parse(&text).map_err(|error| faults.add(self.at(name), error)).ok()
    }

    /// A payload template of the state's language.
    pub(super) fn template(&self, name: &str, faults: &mut Faults) -> Option<Template> {
        let value = self.get(name)?;
        Template::read(value, self.language, &self.at(name), faults)
    }

    /// An expression, which has to stand between `{%` and `%}`.
    pub(super) fn expression(&self, name: &str, faults: &mut Faults) -> Option<Expression> {
        let text = self.text(name, faults)?;
        let read = if is_expression(&text) {
            Expression::parse(&text)
        } else {
            Err(format!("{name} has to be a JSONata expression between {{% and %}}"))
        };
        read.map_err(|error| faults.add(self.at(name), error)).ok()
    }

    /// `Name`, an expression in JSONata, or `NamePath` in JSONPath.
    pub(super) fn dynamic<T: Literal>(&self, name: &str, faults: &mut Faults) -> Option<Dynamic<T>> {
        let path = format!("{name}Path");
        if !self.jsonata() && self.has(&path) {
            return self.query(&path, faults).map(Dynamic::Path).or_else(|| self.unknown(&path, faults));
        }
        let value = self.get(name)?;
        let read = match value.as_str() {
            Some(text) if self.jsonata() && is_expression(text) => {
                self.expression(name, faults).map(Dynamic::Expression)
            }
            _ => self.typed(name, faults, T::KIND, T::read).map(Dynamic::Literal),
        };
        read.or_else(|| self.unknown(name, faults))
    }

    /// A field that is not what it has to be, but only a deployment says what it is.
    pub(super) fn unknown<T>(&self, name: &str, faults: &Faults) -> Option<Dynamic<T>> {
        let value = self.get(name)?;
        let written = || value.as_str().map_or_else(|| value.to_string(), str::to_owned);
        faults.unknowns.explain(&self.at(name)).then(|| Dynamic::Unknown(written()))
    }
}
