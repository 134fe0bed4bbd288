use std::collections::BTreeSet;
use std::rc::Rc;

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

/// What is known of an object.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Object {
    /// The fields that are known of.
    pub fields: IndexMap<Rc<str>, Field>,
    /// Whether there may be others.
    pub open: bool,
    /// Whether whoever makes it adds others in time, as S3 does to its events: that one is not there is likely, and no more.
    pub grows: bool,
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
    /// Nothing is known.
    pub fn unknown() -> Self {
        Self::Unknown { except: BTreeSet::new() }
    }

    /// Whether nothing at all is known.
    pub fn is_unknown(&self) -> bool {
        matches!(self, Self::Unknown { .. })
    }

    /// Any text.
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

    /// An array of the same elements, of any length and in any order. Of any other value nothing is claimed.
    #[must_use]
    pub fn cut_items(self) -> Self {
        match self {
            Self::Known(Kinds { array: Some(array), .. }) => Self::array(array.element.clone()),
            _ => Self::unknown(),
        }
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

    /// What the value is where it may be either. A field that only one of them has is there sometimes.
    #[must_use]
    pub fn join(&self, other: &Self) -> Self {
        self.join_within(other, DEEPEST)
    }

    fn join_within(&self, other: &Self, depth: usize) -> Self {
        match (self, other) {
            (Self::Known(left), Self::Known(right)) if depth > 0 => Self::Known(left.join(right, depth - 1)),
            (Self::Unknown { except: left }, Self::Unknown { except: right }) => {
                Self::Unknown { except: left.intersection(right).cloned().collect() }
            }
            _ => Self::unknown(),
        }
    }

    /// The same with nothing claimed of what lies deeper than so many levels.
    #[must_use]
    pub fn cut(&self, depth: usize) -> Self {
        let Self::Known(kinds) = self else { return self.clone() };
        let Some(depth) = depth.checked_sub(1) else { return Self::unknown() };
        let array = kinds.array.as_ref().map(|array| {
            let items = array.items.as_ref().map(|items| items.iter().map(|item| item.cut(depth)).collect());
            Rc::new(Array { element: array.element.cut(depth), items })
        });
        let object = kinds.object.as_ref().map(|object| {
            let cut = |(name, field): (&Rc<str>, &Field)| {
                (name.clone(), Field { shape: field.shape.cut(depth), presence: field.presence })
            };
            Rc::new(Object { fields: object.fields.iter().map(cut).collect(), ..**object })
        });
        Self::Known(Kinds { array, object, ..kinds.clone() })
    }

    /// The same without claims about what is there only sometimes.
    #[must_use]
    pub fn vague(&self) -> Self {
        let Self::Known(kinds) = self else { return self.clone() };
        let array = kinds.array.as_ref().map(|array| {
            let items = array.items.as_ref().map(|items| items.iter().map(Self::vague).collect());
            Rc::new(Array { element: array.element.vague(), items })
        });
        let object = kinds.object.as_ref().map(|object| {
            let vague = |(name, field): (&Rc<str>, &Field)| {
                let presence = match field.presence {
                    Presence::Sometimes => Presence::Perhaps,
                    presence => presence,
                };
                (name.clone(), Field { shape: field.shape.vague(), presence })
            };
            Rc::new(Object { fields: object.fields.iter().map(vague).collect(), ..**object })
        });
        Self::Known(Kinds { array, object, ..kinds.clone() })
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

    /// A field of which nobody says when it is there.
    pub fn perhaps(shape: Shape) -> Self {
        Self { shape, presence: Presence::Perhaps }
    }
}

impl Presence {
    fn join(self, other: Self) -> Self {
        match (self, other) {
            (Self::Always, Self::Always) => Self::Always,
            (Self::Never, Self::Never) => Self::Never,
            (Self::Perhaps, _) | (_, Self::Perhaps) => Self::Perhaps,
            _ => Self::Sometimes,
        }
    }
}

impl Kinds {
    fn join(&self, other: &Self, depth: usize) -> Self {
        Self {
            null: self.null || other.null,
            booleans: self.booleans.union(&other.booleans).copied().collect(),
            number: self.number || other.number,
            literal: match (self.number, other.number) {
                (true, true) => self.literal.clone().filter(|literal| Some(literal) == other.literal.as_ref()),
                (true, false) => self.literal.clone(),
                (false, _) => other.literal.clone(),
            },
            text: either(&self.text, &other.text, Text::join),
            array: either(&self.array, &other.array, |left, right| {
                if Rc::ptr_eq(left, right) {
                    return Rc::clone(left);
                }
                Rc::new(Array { element: left.joined_element(right, depth), items: left.joined_items(right, depth) })
            }),
            // What two ways have in common they mostly share, and it stays as it is.
            object: either(&self.object, &other.object, |left, right| match Rc::ptr_eq(left, right) {
                true => Rc::clone(left),
                false => Rc::new(left.join(right, depth)),
            }),
        }
    }

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

fn either<T: Clone>(left: &Option<T>, right: &Option<T>, join: impl Fn(&T, &T) -> T) -> Option<T> {
    match (left, right) {
        (Some(left), Some(right)) => Some(join(left, right)),
        (one, other) => one.clone().or_else(|| other.clone()),
    }
}

impl Array {
    /// The element of an empty array says nothing.
    fn joined_element(&self, other: &Self, depth: usize) -> Shape {
        let is_empty = |array: &Self| array.items.as_ref().is_some_and(Vec::is_empty);
        match (is_empty(self), is_empty(other)) {
            (true, _) => other.element.clone(),
            (_, true) => self.element.clone(),
            _ => self.element.join_within(&other.element, depth),
        }
    }

    fn joined_items(&self, other: &Self, depth: usize) -> Option<Vec<Shape>> {
        let (left, right) = (self.items.as_ref()?, other.items.as_ref()?);
        let pairs = left.iter().zip(right);
        (left.len() == right.len()).then(|| pairs.map(|(left, right)| left.join_within(right, depth)).collect())
    }
}

impl Text {
    fn join(&self, other: &Self) -> Self {
        match (self, other) {
            (Self::OneOf(left), Self::OneOf(right)) if left.len() + right.len() <= MOST => {
                Self::OneOf(left.union(right).cloned().collect())
            }
            (Self::OneOf(_), Self::OneOf(_)) => Self::NoneOf(BTreeSet::new()),
            (Self::NoneOf(left), Self::NoneOf(right)) => Self::NoneOf(left.intersection(right).cloned().collect()),
            (Self::OneOf(some), Self::NoneOf(none)) | (Self::NoneOf(none), Self::OneOf(some)) => {
                Self::NoneOf(none.difference(some).cloned().collect())
            }
        }
    }
}

impl Shape {
    /// Whether what this value has not may be added in time.
    pub fn grows(&self) -> bool {
        matches!(self, Self::Known(Kinds { object: Some(object), .. }) if object.grows)
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

    fn join(&self, other: &Self, depth: usize) -> Self {
        let (open, grows) = (self.open || other.open, self.grows || other.grows);
        if self.fields.len() + other.fields.len() > 2 * MOST {
            return Self { open: true, ..Self::default() };
        }
        let names = self.fields.keys().chain(other.fields.keys().filter(|name| !self.fields.contains_key(*name)));
        let joined = |name: &Rc<str>| {
            let field = match (self.field(name), other.field(name)) {
                (Some(left), Some(right)) => Field {
                    shape: left.shape.join_within(&right.shape, depth),
                    presence: left.presence.join(right.presence),
                },
                (Some(field), None) | (None, Some(field)) => {
                    Field { presence: field.presence.join(Presence::Never), ..field }
                }
                (None, None) => Field { shape: Shape::unknown(), presence: Presence::Never },
            };
            (name.clone(), field)
        };
        Self { fields: names.map(joined).collect(), open, grows }
    }

    /// The same object with this field, whether it had it or not.
    #[must_use]
    pub fn with(&self, name: &str, shape: Shape) -> Self {
        let mut fields = self.fields.clone();
        if fields.len() > MOST && !fields.contains_key(name) {
            return Self { fields: [(Rc::from(name), Field::always(shape))].into(), open: true, grows: false };
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
            fields.insert(name.into(), Field { shape: Shape::unknown(), presence: Presence::Never });
        }
        Self { fields, ..*self }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    fn presence(shape: &Shape, name: &str) -> Option<Presence> {
        let Shape::Known(kinds) = shape else { return Some(Presence::Perhaps) };
        kinds.object.as_ref()?.field(name).map(|field| field.presence)
    }

    #[test]
    fn a_field_of_one_alternative_is_there_sometimes() {
        let joined = Shape::of(&json!({"a": 1})).join(&Shape::of(&json!({"a": "x", "b": 1})));
        assert_eq!(presence(&joined, "a"), Some(Presence::Always));
        assert_eq!(presence(&joined, "b"), Some(Presence::Sometimes));
        assert_eq!(presence(&joined, "c"), None);
        assert_eq!(presence(&joined.join(&Shape::unknown()), "a"), Some(Presence::Perhaps));
    }

    #[test]
    fn kinds_in_words() {
        for (value, words) in [(json!([]), "an array"), (json!("x"), "a string"), (json!(null), "null")] {
            assert_eq!(Shape::of(&value).describe(), words);
        }
        assert_eq!(Shape::of(&json!({})).join(&Shape::number()).describe(), "an object or a number");
    }

    #[test]
    fn joining_is_bounded() {
        let mut nested = Shape::null();
        for _ in 0..200 {
            nested = Shape::record([("prev", nested)]).cut(DEEPEST);
        }
        assert_eq!(nested.join(&nested), nested.join(&nested));
    }

    #[test]
    fn an_empty_array_says_nothing_of_elements() {
        let joined = Shape::of(&json!([])).join(&Shape::of(&json!([{"a": 1}])));
        let Shape::Known(Kinds { array: Some(array), .. }) = joined else { panic!() };
        assert_eq!(array.items, None);
        assert_eq!(presence(&array.element, "a"), Some(Presence::Always));
    }
}
