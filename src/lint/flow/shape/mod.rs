//! What can be known of a value before an execution runs.

mod cut;
mod join;

use std::collections::BTreeSet;
use std::rc::Rc;

use foldhash::fast::FixedState;
use indexmap::IndexMap;
use serde_json::Value;

use crate::loaded::has_placeholder;

/// What can be known of a value before an execution runs: of which kinds it may be, and what is in it.
///
/// A shape never claims more than is known. What it does not know is [`Shape::Unknown`], and a read of that is never reported.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Shape {
    /// Any value, but for these texts (a Choice has ruled them out).
    Unknown {
        /// The texts that it is not.
        except: BTreeSet<String>,
    },
    /// A value of one of these kinds.
    Known(Kinds),
}

/// The kinds of which a value may be. At least one.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Kinds {
    /// `null`.
    pub null: bool,
    /// `true`, `false` or either.
    pub booleans: BTreeSet<bool>,
    /// A number.
    pub number: bool,
    /// The number as it is written, where it is one that the definition spells out.
    pub literal: Option<Rc<str>>,
    /// A text.
    pub text: Option<Text>,
    /// An array.
    pub array: Option<Rc<Array>>,
    /// An object.
    pub object: Option<Rc<Object>>,
}

/// What is known of a text.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Text {
    /// It is one of these.
    OneOf(BTreeSet<String>),
    /// It is none of these.
    NoneOf(BTreeSet<String>),
}

/// What is known of an array.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Array {
    /// What each element is.
    pub element: Shape,
    /// Each element by itself, where it is known how many there are.
    pub items: Option<Vec<Shape>>,
}

/// The fields of an object. They are looked up at every step through a definition, which makes their names nobody could choose to collide.
pub type Fields = IndexMap<Rc<str>, Field, FixedState>;

/// What is known of an object.
#[derive(Debug, Clone, Eq, Default)]
pub struct Object {
    /// The fields that are known of.
    pub fields: Fields,
    /// Whether there may be others.
    pub open: bool,
    /// Whether whoever makes it adds others in time, as S3 does to its events: that one is not there is likely, and no more.
    pub grows: bool,
}

impl PartialEq for Object {
    /// Mostly the same fields stand in the same order, so none has to be looked up.
    fn eq(&self, other: &Self) -> bool {
        if (self.open, self.grows, self.fields.len()) != (other.open, other.grows, other.fields.len()) {
            return false;
        }
        for ((name, field), (other_name, other_field)) in self.fields.iter().zip(&other.fields) {
            if name != other_name {
                return self.fields == other.fields;
            }
            if field != other_field {
                return false;
            }
        }
        true
    }
}

/// A field of an object.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Field {
    /// What it holds where it is there.
    pub shape: Shape,
    /// Whether it is there.
    pub presence: Presence,
}

/// Whether a field is there.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Presence {
    /// In every value.
    Always,
    /// In some values, and in others certainly not.
    Sometimes,
    /// Perhaps; nothing is known.
    Perhaps,
    /// In none: a Choice has ruled it out.
    Never,
}

/// How many fields or alternatives a shape lists before it gives up on details. Keeps the analysis linear in the size of a
/// definition.
const MOST: usize = 64;

/// How deep a shape goes. What a loop nests deeper and deeper becomes unknown here.
const DEEPEST: usize = 24;

impl Shape {
    /// A value of which nothing is known.
    pub fn unknown() -> Self {
        Self::Unknown { except: BTreeSet::new() }
    }

    /// Whether nothing at all is known.
    pub fn is_unknown(&self) -> bool {
        matches!(self, Self::Unknown { .. })
    }

    /// A text of which nothing more is known.
    pub fn text() -> Self {
        Self::Known(Kinds { text: Some(Text::NoneOf(BTreeSet::new())), ..Kinds::default() })
    }

    /// One of these texts.
    pub fn one_of<T: Into<String>>(texts: impl IntoIterator<Item = T>) -> Self {
        let texts = texts.into_iter().map(Into::into).collect();
        Self::Known(Kinds { text: Some(Text::OneOf(texts)), ..Kinds::default() })
    }

    /// A number.
    pub fn number() -> Self {
        Self::Known(Kinds { number: true, ..Kinds::default() })
    }

    /// `true` or `false`.
    pub fn boolean() -> Self {
        Self::Known(Kinds { booleans: [true, false].into(), ..Kinds::default() })
    }

    /// `null`.
    pub fn null() -> Self {
        Self::Known(Kinds { null: true, ..Kinds::default() })
    }

    /// An array of any length.
    pub fn array(element: Self) -> Self {
        Self::array_of(Array { element, items: None })
    }

    /// An array of just these elements.
    pub fn tuple(items: Vec<Self>) -> Self {
        let element = items.iter().cloned().reduce(|left, right| left.join(&right)).unwrap_or_else(Self::unknown);
        Self::array_of(Array { element, items: Some(items) })
    }

    fn array_of(array: Array) -> Self {
        Self::Known(Kinds { array: Some(Rc::new(array)), ..Kinds::default() })
    }

    /// An object.
    pub fn object(object: Object) -> Self {
        Self::Known(Kinds { object: Some(Rc::new(object)), ..Kinds::default() })
    }

    /// A value of any kind, of which something is known where it is an object.
    pub fn any_kind(object: Object) -> Self {
        Self::Known(Kinds {
            null: true,
            booleans: [true, false].into(),
            number: true,
            literal: None,
            text: Some(Text::NoneOf(BTreeSet::new())),
            array: Some(Rc::new(Array { element: Self::unknown(), items: None })),
            object: Some(Rc::new(object)),
        })
    }

    /// An object with just these fields, always.
    pub fn record<T: Into<Rc<str>>>(fields: impl IntoIterator<Item = (T, Self)>) -> Self {
        let fields = fields.into_iter().map(|(name, shape)| (name.into(), Field::always(shape))).collect();
        Self::object(Object { fields, ..Object::default() })
    }

    /// The shape of a value that stands in the definition.
    pub fn of(value: &Value) -> Self {
        Self::of_within(value, DEEPEST)
    }

    fn of_within(value: &Value, depth: usize) -> Self {
        let Some(depth) = depth.checked_sub(1) else { return Self::unknown() };
        match value {
            Value::Null => Self::null(),
            Value::Bool(value) => Self::Known(Kinds { booleans: [*value].into(), ..Kinds::default() }),
            Value::Number(number) => {
                Self::Known(Kinds { number: true, literal: Some(number.to_string().into()), ..Kinds::default() })
            }
            // A substitution: the text is another one, or something else altogether.
            Value::String(text) if has_placeholder(text) => Self::unknown(),
            Value::String(text) => Self::one_of([text.as_str()]),
            Value::Array(items) if items.len() > MOST => Self::array(Self::unknown()),
            Value::Array(items) => Self::tuple(items.iter().map(|item| Self::of_within(item, depth)).collect()),
            Value::Object(fields) => {
                Self::record(fields.iter().map(|(name, value)| (name.as_str(), Self::of_within(value, depth))))
            }
        }
    }

    /// The names of the fields that it may have, as far as they are known.
    pub fn fields(&self) -> Vec<String> {
        match self {
            Self::Known(Kinds { object: Some(object), .. }) => {
                let there = object.fields.iter().filter(|(_, field)| field.presence != Presence::Never);
                there.map(|(name, _)| name.to_string()).collect()
            }
            _ => Vec::new(),
        }
    }

    /// What each element is, if it is surely an array.
    pub fn element(&self) -> Option<Self> {
        match self {
            Self::Known(Kinds { array: Some(array), object: None, .. }) => Some(array.element.clone()),
            _ => None,
        }
    }

    /// Whether what this value has not may be added in time.
    pub fn grows(&self) -> bool {
        matches!(self, Self::Known(Kinds { object: Some(object), .. }) if object.grows)
    }

    /// Whether it is a text, whatever it says.
    pub(super) fn is_only_text(&self) -> bool {
        matches!(self, Self::Known(kinds) if kinds.text.is_some() && *kinds == Kinds { text: kinds.text.clone(), ..Kinds::default() })
    }

    /// Whether it is an object and nothing else.
    pub(super) fn is_only_object(&self) -> bool {
        let Self::Known(kinds) = self else { return false };
        kinds.object.is_some() && *kinds == Kinds { object: kinds.object.clone(), ..Kinds::default() }
    }

    /// Whether it is a number.
    pub(super) fn is_only_number(&self) -> bool {
        matches!(self, Self::Known(kinds) if kinds.number
            && *kinds == Kinds { number: true, literal: kinds.literal.clone(), ..Kinds::default() })
    }

    /// Whether it is surely neither true nor false.
    pub(super) fn is_no_boolean(&self) -> bool {
        matches!(self, Self::Known(kinds) if kinds.booleans.is_empty())
    }

    /// Its kinds, in words: `a string`, `an array or an object`.
    pub fn describe(&self) -> String {
        let Self::Known(kinds) = self else { return "a value".to_owned() };
        let mut words = Vec::new();
        let mut push = |is: bool, word: &'static str| words.extend(is.then_some(word));
        push(kinds.object.is_some(), "an object");
        push(kinds.array.is_some(), "an array");
        push(kinds.text.is_some(), "a string");
        push(kinds.number, "a number");
        push(!kinds.booleans.is_empty(), "a boolean");
        push(kinds.null, "null");
        words.join(" or ")
    }
}

impl Field {
    /// A field that is there in every value.
    pub fn always(shape: Shape) -> Self {
        Self { shape, presence: Presence::Always }
    }

    /// A field that some values do not have.
    pub fn sometimes(shape: Shape) -> Self {
        Self { shape, presence: Presence::Sometimes }
    }

    /// A field that is never there.
    fn never() -> Self {
        Self { shape: Shape::unknown(), presence: Presence::Never }
    }

    /// A field of which nobody says when it is there.
    pub fn perhaps(shape: Shape) -> Self {
        Self { shape, presence: Presence::Perhaps }
    }
}

impl Kinds {
    /// Whether it is of one kind only, and that is this one.
    pub fn is_only(&self, kinds: &Self) -> bool {
        let outside = (self.null && !kinds.null)
            || (!self.booleans.is_empty() && kinds.booleans.is_empty())
            || (self.number && !kinds.number)
            || (self.text.is_some() && kinds.text.is_none())
            || (self.array.is_some() && kinds.array.is_none())
            || (self.object.is_some() && kinds.object.is_none());
        !outside
    }
}

impl Object {
    /// The field of this name: `None` where it is never there.
    pub fn field(&self, name: &str) -> Option<Field> {
        match self.fields.get(name) {
            Some(field) => Some(field.clone()).filter(|field| field.presence != Presence::Never),
            None => self.open.then(|| Field::perhaps(Shape::unknown())),
        }
    }

    /// The same object with this field, whether it had it or not.
    #[must_use]
    pub fn with(&self, name: &str, shape: Shape) -> Self {
        let mut fields = self.fields.clone();
        if fields.len() > MOST && !fields.contains_key(name) {
            let fields = Fields::from_iter([(Rc::from(name), Field::always(shape))]);
            return Self { fields, open: true, grows: false };
        }
        fields.insert(name.into(), Field::always(shape));
        Self { fields, ..*self }
    }

    /// The same object without this field.
    #[must_use]
    pub fn without(&self, name: &str) -> Self {
        let mut fields = self.fields.clone();
        fields.shift_remove(name);
        if self.open {
            fields.insert(name.into(), Field::never());
        }
        Self { fields, ..*self }
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn kinds_in_words() {
        for (value, words) in [(json!([]), "an array"), (json!("x"), "a string"), (json!(null), "null")] {
            assert_eq!(Shape::of(&value).describe(), words);
        }
        assert_eq!(Shape::of(&json!({})).join(&Shape::number()).describe(), "an object or a number");
    }

    #[test]
    fn the_order_of_fields_makes_no_difference() {
        let shape = |text: &str| Shape::of(&serde_json::from_str(text).unwrap());
        assert_eq!(shape(r#"{"a": 1, "b": 2}"#), shape(r#"{"b": 2, "a": 1}"#));
        for other in [r#"{"b": 2, "a": 3}"#, r#"{"a": 1, "b": 3}"#, r#"{"a": 1, "c": 2}"#, r#"{"a": 1}"#] {
            assert_ne!(shape(r#"{"a": 1, "b": 2}"#), shape(other), "{other}");
        }
    }
}
