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
        self.widened(other).unwrap_or_else(|| self.clone())
    }

    /// The same where it is another shape than this: what two ways have in common they mostly share, and it is not made again.
    pub(super) fn widened(&self, other: &Self) -> Option<Self> {
        self.widened_within(other, DEEPEST)
    }

    fn widened_within(&self, other: &Self, depth: usize) -> Option<Self> {
        match (self, other) {
            (Self::Known(left), Self::Known(right)) if depth > 0 => left.widened(right, depth - 1).map(Self::Known),
            (Self::Unknown { except: left }, Self::Unknown { except: right }) => {
                let narrower = !left.is_subset(right);
                narrower.then(|| Self::Unknown { except: left.intersection(right).cloned().collect() })
            }
            (Self::Unknown { except }, _) if except.is_empty() => None,
            _ => Some(Self::unknown()),
        }
    }

    /// The same with nothing claimed of what lies deeper than so many levels.
    #[must_use]
    pub fn cut(&self, depth: usize) -> Self {
        self.changed_by_cut(depth).unwrap_or_else(|| self.clone())
    }

    fn changed_by_cut(&self, depth: usize) -> Option<Self> {
        let Self::Known(kinds) = self else { return None };
        let Some(depth) = depth.checked_sub(1) else { return Some(Self::unknown()) };
        let field = |field: &Field| Some(Field { shape: field.shape.changed_by_cut(depth)?, presence: field.presence });
        kinds.mapped(|shape| shape.changed_by_cut(depth), field).map(Self::Known)
    }

    /// The same without claims about what is there only sometimes.
    #[must_use]
    pub fn vague(&self) -> Self {
        self.changed_by_doubt().unwrap_or_else(|| self.clone())
    }

    fn changed_by_doubt(&self) -> Option<Self> {
        let Self::Known(kinds) = self else { return None };
        let field = |field: &Field| {
            let shape = field.shape.changed_by_doubt();
            match field.presence {
                Presence::Sometimes => Some(Field::perhaps(shape.unwrap_or_else(|| field.shape.clone()))),
                presence => Some(Field { shape: shape?, presence }),
            }
        };
        kinds.mapped(Self::changed_by_doubt, field).map(Self::Known)
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

    /// Whether it is a text, whatever it says.
    pub(super) fn is_only_text(&self) -> bool {
        matches!(self, Self::Known(kinds) if kinds.text.is_some() && *kinds == Kinds { text: kinds.text.clone(), ..Kinds::default() })
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

    /// The same field with another shape, if there is one, and this presence; `None` where that is how it is.
    fn widened(&self, shape: Option<Shape>, presence: Presence) -> Option<Self> {
        (shape.is_some() || presence != self.presence)
            .then(|| Self { shape: shape.unwrap_or_else(|| self.shape.clone()), presence })
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
    /// The kinds of either, where these are others than those of `self`.
    fn widened(&self, other: &Self, depth: usize) -> Option<Self> {
        let literal = match (self.number, other.number) {
            (true, true) => self.literal.as_ref().filter(|literal| Some(*literal) == other.literal.as_ref()),
            (true, false) => self.literal.as_ref(),
            (false, _) => other.literal.as_ref(),
        };
        let text = either(&self.text, &other.text, Text::widened);
        let array = either(&self.array, &other.array, |left, right| {
            if Rc::ptr_eq(left, right) { None } else { left.widened(right, depth).map(Rc::new) }
        });
        let object = either(&self.object, &other.object, |left, right| {
            if Rc::ptr_eq(left, right) { None } else { left.widened(right, depth).map(Rc::new) }
        });
        let same = text.is_none()
            && array.is_none()
            && object.is_none()
            && literal == self.literal.as_ref()
            && (self.null || !other.null)
            && (self.number || !other.number)
            && other.booleans.is_subset(&self.booleans);
        if same {
            return None;
        }
        Some(Self {
            null: self.null || other.null,
            booleans: self.booleans.union(&other.booleans).copied().collect(),
            number: self.number || other.number,
            literal: literal.cloned(),
            text: text.or_else(|| self.text.clone()),
            array: array.or_else(|| self.array.clone()),
            object: object.or_else(|| self.object.clone()),
        })
    }

    /// The same kinds, with what these make of the shapes within; `None` where they leave all as it is.
    fn mapped(&self, shape: impl Fn(&Shape) -> Option<Shape>, field: impl Fn(&Field) -> Option<Field>) -> Option<Self> {
        let array = self.array.as_ref().and_then(|array| {
            let element = shape(&array.element);
            let items = array.items.as_ref().and_then(|items| replaced(items, &shape));
            (element.is_some() || items.is_some()).then(|| Array {
                element: element.unwrap_or_else(|| array.element.clone()),
                items: items.or_else(|| array.items.clone()),
            })
        });
        let object = self.object.as_ref().and_then(|object| {
            let changes: Vec<(usize, Field)> =
                object.fields.values().enumerate().filter_map(|(at, known)| Some((at, field(known)?))).collect();
            (!changes.is_empty()).then(|| object.with_changes(changes))
        });
        (array.is_some() || object.is_some()).then(|| Self {
            array: array.map(Rc::new).or_else(|| self.array.clone()),
            object: object.map(Rc::new).or_else(|| self.object.clone()),
            ..self.clone()
        })
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

/// What is known of a part of two values, where that is something else than what is known of the first one's.
fn either<T: Clone>(left: &Option<T>, right: &Option<T>, widened: impl Fn(&T, &T) -> Option<T>) -> Option<T> {
    match (left, right) {
        (Some(left), Some(right)) => widened(left, right),
        (None, Some(right)) => Some(right.clone()),
        (_, None) => None,
    }
}

/// The same shapes with what is made of them; `None` where all stay as they are.
fn replaced(shapes: &[Shape], change: impl Fn(&Shape) -> Option<Shape>) -> Option<Vec<Shape>> {
    let changes: Vec<Option<Shape>> = shapes.iter().map(change).collect();
    if changes.iter().all(Option::is_none) {
        return None;
    }
    Some(changes.into_iter().zip(shapes).map(|(changed, shape)| changed.unwrap_or_else(|| shape.clone())).collect())
}

impl Array {
    /// An array that is either, where that is another than this. The element of an empty array says nothing.
    fn widened(&self, other: &Self, depth: usize) -> Option<Self> {
        let is_empty = |array: &Self| array.items.as_ref().is_some_and(Vec::is_empty);
        let element = match (is_empty(self), is_empty(other)) {
            (true, _) => Some(&other.element).filter(|element| **element != self.element).cloned(),
            (_, true) => None,
            _ => self.element.widened_within(&other.element, depth),
        };
        let items = match (&self.items, &other.items) {
            (None, _) => None,
            (Some(left), Some(right)) if left.len() == right.len() => {
                let mut right = right.iter();
                let changes: Vec<_> = left.iter().map(|left| left.widened_within(right.next()?, depth)).collect();
                let shape = |(changed, left): (Option<Shape>, &Shape)| changed.unwrap_or_else(|| left.clone());
                let is_other = changes.iter().any(Option::is_some);
                is_other.then(|| Some(changes.into_iter().zip(left).map(shape).collect()))
            }
            _ => Some(None),
        };
        (element.is_some() || items.is_some()).then(|| Self {
            element: element.unwrap_or_else(|| self.element.clone()),
            items: items.unwrap_or_else(|| self.items.clone()),
        })
    }
}

impl Text {
    /// A text that is either, where more than this may be.
    fn widened(&self, other: &Self) -> Option<Self> {
        match (self, other) {
            (Self::OneOf(left), Self::OneOf(right)) if left.len() + right.len() <= MOST => {
                (!right.is_subset(left)).then(|| Self::OneOf(left.union(right).cloned().collect()))
            }
            (Self::OneOf(_), Self::OneOf(_)) => Some(Self::NoneOf(BTreeSet::new())),
            (Self::NoneOf(left), Self::NoneOf(right)) => {
                (!left.is_subset(right)).then(|| Self::NoneOf(left.intersection(right).cloned().collect()))
            }
            (Self::OneOf(some), Self::NoneOf(none)) => Some(Self::NoneOf(none.difference(some).cloned().collect())),
            (Self::NoneOf(none), Self::OneOf(some)) => {
                (!none.is_disjoint(some)).then(|| Self::NoneOf(none.difference(some).cloned().collect()))
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

    /// An object that is either, where that is another than this.
    fn widened(&self, other: &Self, depth: usize) -> Option<Self> {
        let (open, grows) = (self.open || other.open, self.grows || other.grows);
        if self.fields.len() + other.fields.len() > 2 * MOST {
            return Some(Self { open: true, ..Self::default() });
        }
        let changed = self.fields.iter().enumerate().filter_map(|(at, (name, known))| {
            let found = other.fields.get(name);
            let changed = match (known.presence, found.map(|field| (&field.shape, field.presence))) {
                (Presence::Never, None | Some((_, Presence::Never))) if found.is_some() || !other.open => {
                    Field::never()
                }
                (Presence::Never, None) => Field::perhaps(Shape::unknown()),
                (Presence::Never, Some((shape, presence))) => {
                    Field { shape: shape.clone(), presence: presence.join(Presence::Never) }
                }
                (presence, Some((shape, there))) if there != Presence::Never => {
                    return known
                        .widened(known.shape.widened_within(shape, depth), presence.join(there))
                        .map(|to| (at, to));
                }
                (_, None) if other.open => {
                    let shape = known.shape.widened_within(&Shape::unknown(), depth);
                    return known.widened(shape, Presence::Perhaps).map(|to| (at, to));
                }
                (presence, _) => return known.widened(None, presence.join(Presence::Never)).map(|to| (at, to)),
            };
            (changed != *known).then_some((at, changed))
        });
        let changed: Vec<(usize, Field)> = changed.collect();
        let more = other.fields.iter().filter(|(name, _)| !self.fields.contains_key(*name)).map(|(name, field)| {
            let field = match field.presence {
                _ if self.open => Field::perhaps(Shape::unknown()),
                Presence::Never => Field::never(),
                presence => Field { shape: field.shape.clone(), presence: presence.join(Presence::Never) },
            };
            (name.clone(), field)
        });
        let more: Vec<(Rc<str>, Field)> = more.collect();
        if changed.is_empty() && more.is_empty() && (open, grows) == (self.open, self.grows) {
            return None;
        }
        let mut fields = self.with_changes(changed).fields;
        fields.extend(more);
        Some(Self { fields, open, grows })
    }

    /// The same object with other fields at these places.
    fn with_changes(&self, changes: Vec<(usize, Field)>) -> Self {
        let mut fields = self.fields.clone();
        for (at, to) in changes {
            if let Some((_, field)) = fields.get_index_mut(at) {
                *field = to;
            }
        }
        Self { fields, ..*self }
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
    use proptest::prelude::*;
    use serde_json::json;

    use super::*;

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
    fn the_order_of_fields_makes_no_difference() {
        let shape = |text: &str| Shape::of(&serde_json::from_str(text).unwrap());
        assert_eq!(shape(r#"{"a": 1, "b": 2}"#), shape(r#"{"b": 2, "a": 1}"#));
        for other in [r#"{"b": 2, "a": 3}"#, r#"{"a": 1, "b": 3}"#, r#"{"a": 1, "c": 2}"#, r#"{"a": 1}"#] {
            assert_ne!(shape(r#"{"a": 1, "b": 2}"#), shape(other), "{other}");
        }
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

    /// Values that have enough in common to be joined field by field.
    fn shapes() -> impl Strategy<Value = Shape> {
        let leaf = prop_oneof![
            Just(Shape::null()),
            Just(Shape::boolean()),
            Just(Shape::text()),
            Just(Shape::unknown()),
            Just(Shape::Unknown { except: ["a".to_owned()].into() }),
            "[ab]".prop_map(|text| Shape::one_of([text])),
            (0..3).prop_map(|number| Shape::of(&json!(number))),
        ];
        leaf.prop_recursive(3, 24, 3, |inner| {
            let presence = prop_oneof![
                Just(Presence::Always),
                Just(Presence::Sometimes),
                Just(Presence::Perhaps),
                Just(Presence::Never)
            ];
            let field = (inner.clone(), presence).prop_map(|(shape, presence)| match presence {
                Presence::Never => Field::never(),
                presence => Field { shape, presence },
            });
            let fields = prop::collection::btree_map("[abc]", field, 0..3);
            let object = (fields, any::<bool>()).prop_map(|(fields, open)| {
                let fields = fields.into_iter().map(|(name, field)| (Rc::from(name), field)).collect();
                Shape::object(Object { fields, open, grows: false })
            });
            prop_oneof![
                object,
                prop::collection::vec(inner.clone(), 0..3).prop_map(Shape::tuple),
                inner.prop_map(Shape::array)
            ]
        })
    }

    proptest! {
        /// What is left out because it changes nothing does change nothing.
        #[test]
        fn joining_is_the_same_from_either_side(left in shapes(), right in shapes()) {
            let joined = left.join(&right);
            prop_assert_eq!(&joined, &right.join(&left));
            prop_assert_eq!(left.widened(&left), None);
            prop_assert_eq!(joined.join(&left), joined.clone());
            prop_assert_eq!(joined.join(&right), joined);
        }

        #[test]
        fn what_is_vague_stays_so(shape in shapes(), depth in 0..4_usize) {
            prop_assert_eq!(shape.vague().changed_by_doubt(), None);
            prop_assert_eq!(shape.cut(depth).changed_by_cut(depth), None);
        }
    }
}
