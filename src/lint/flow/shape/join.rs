//! What a value is where it may be either of two: the join of their shapes.

use std::collections::BTreeSet;
use std::rc::Rc;

use super::{Array, DEEPEST, Field, Kinds, MOST, Object, Presence, Shape, Text};

impl Shape {
    /// What the value is where it may be either. A field that only one of them has is there sometimes.
    #[must_use]
    pub fn join(&self, other: &Self) -> Self {
        self.widened(other).unwrap_or_else(|| self.clone())
    }

    /// The same where it is another shape than this: what two ways have in common they mostly share, and it is not made again.
    pub(in crate::lint::flow) fn widened(&self, other: &Self) -> Option<Self> {
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
}

impl Field {
    /// The same field with another shape, if there is one, and this presence; `None` where that is how it is.
    fn widened(&self, shape: Option<Shape>, presence: Presence) -> Option<Self> {
        (shape.is_some() || presence != self.presence)
            .then(|| Self { shape: shape.unwrap_or_else(|| self.shape.clone()), presence })
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
}

/// What is known of a part of two values, where that is something else than what is known of the first one's.
fn either<T: Clone>(left: &Option<T>, right: &Option<T>, widened: impl Fn(&T, &T) -> Option<T>) -> Option<T> {
    match (left, right) {
        (Some(left), Some(right)) => widened(left, right),
        (None, Some(right)) => Some(right.clone()),
        (_, None) => None,
    }
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

impl Object {
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
