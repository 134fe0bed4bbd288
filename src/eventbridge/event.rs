//! An event taken apart into the fields that somebody asks for.

use std::collections::HashMap;

use foldhash::fast::FixedState;
use serde_json::{Map, Value as Json};

use super::error::EventError;
use super::json::{JsonError, MAX_JSON_DEPTH, Reader, Token};
use super::matcher::Leaf;
use super::path::{PathId, Paths, Place, has_empty_step};

/// A field's value, and where in the event's arrays it stands.
#[derive(Debug)]
pub(super) struct Value {
    pub(super) leaf: Leaf,
    /// The innermost array element that it stands in. A value that is itself an element stands in those further out.
    pub(super) element: Option<ElementId>,
    /// One of the keys on the way is empty: see [`has_empty_step`].
    pub(super) empty_step: bool,
}

/// An element of an array of the event.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(super) struct ElementId(usize);

/// What is known of an array element that is an object or array.
#[derive(Debug, Clone, Copy)]
pub(super) struct Element {
    /// The element that its array stands in.
    pub(super) parent: Option<ElementId>,
    /// Its array, numbered through the event.
    pub(super) array: u32,
    /// Its place in the array.
    pub(super) index: u32,
}

/// The fields of an event that [`Paths`] know.
#[derive(Debug, Default)]
pub(super) struct Fields {
    values: HashMap<PathId, Vec<Value>, FixedState>,
    elements: Vec<Element>,
}

impl Fields {
    /// Reads the fields of an event.
    pub(super) fn read(event: &str, paths: &Paths) -> Result<Self, EventError> {
        let mut walk = Walk { reader: Reader::new(event), paths, arrays: 0, fields: Self::default() };
        if walk.reader.next()? != Token::ObjectStart {
            return Err(EventError::NotObject);
        }
        walk.object(Spot { place: Paths::START, element: None, empty_step: false })?;
        Ok(walk.fields)
    }

    /// Takes the fields of an event that was read already, as if its text were read.
    pub(super) fn of(event: &Json, paths: &Paths) -> Result<Self, EventError> {
        if is_deeper(event, MAX_JSON_DEPTH) {
            return Self::read(&event.to_string(), paths);
        }
        let Json::Object(members) = event else { return Err(EventError::NotObject) };
        let mut tree = Tree { paths, arrays: 0, fields: Self::default() };
        tree.object(members, Spot { place: Paths::START, element: None, empty_step: false });
        Ok(tree.fields)
    }

    /// The values of a field: several if it is an array, or within one, or if a key occurs twice.
    pub(super) fn get(&self, path: PathId) -> &[Value] {
        self.values.get(&path).map_or(&[], Vec::as_slice)
    }

    /// The fields that there are.
    pub(super) fn iter(&self) -> impl ExactSizeIterator<Item = (PathId, &[Value])> {
        self.values.iter().map(|(path, values)| (*path, values.as_slice()))
    }

    pub(super) fn element(&self, id: ElementId) -> Element {
        self.elements[id.0]
    }

    /// An element and those that it stands in, outwards.
    pub(super) fn around(&self, element: Option<ElementId>) -> impl Iterator<Item = ElementId> {
        std::iter::successors(element, |id| self.element(*id).parent)
    }
}

fn is_deeper(value: &Json, levels: usize) -> bool {
    match (value, levels.checked_sub(1)) {
        (Json::Object(members), Some(left)) => members.values().any(|value| is_deeper(value, left)),
        (Json::Array(values), Some(left)) => values.iter().any(|value| is_deeper(value, left)),
        (Json::Object(_) | Json::Array(_), None) => true,
        _ => false,
    }
}

/// Where a walk through an event is.
#[derive(Clone, Copy)]
struct Spot {
    place: Place,
    element: Option<ElementId>,
    empty_step: bool,
}

struct Walk<'a> {
    reader: Reader<'a>,
    paths: &'a Paths,
    arrays: u32,
    fields: Fields,
}

impl<'a> Walk<'a> {
    fn object(&mut self, spot: Spot) -> Result<(), JsonError> {
        while let Token::Name(key) = self.reader.next()? {
            let token = self.reader.next()?;
            match self.paths.step(spot.place, &key) {
                Some(place) => {
                    self.value(&token, Spot { place, empty_step: spot.empty_step || has_empty_step(&key), ..spot })?
                }
                None => self.reader.skip(&token)?,
            }
        }
        Ok(())
    }

    fn value(&mut self, token: &Token<'a>, spot: Spot) -> Result<(), JsonError> {
        let leaf = match token {
            Token::ObjectStart => return self.object(spot),
            Token::ArrayStart => return self.array(spot),
            Token::Text(text) => Leaf::text(text),
            Token::Number(spelling) => Leaf::number(spelling),
            other => Leaf::literal(other.spelling()),
        };
        if let Some(path) = self.paths.at(spot.place) {
            let value = Value { leaf, element: spot.element, empty_step: spot.empty_step };
            self.fields.values.entry(path).or_default().push(value);
        }
        Ok(())
    }

    fn array(&mut self, spot: Spot) -> Result<(), JsonError> {
        let array = self.arrays;
        self.arrays += 1;
        for index in 0.. {
            let token = self.reader.next()?;
            match token {
                Token::ArrayEnd => break,
                Token::ObjectStart | Token::ArrayStart => {
                    let element = ElementId(self.fields.elements.len());
                    self.fields.elements.push(Element { parent: spot.element, array, index });
                    self.value(&token, Spot { element: Some(element), ..spot })?;
                }
                _ => self.value(&token, spot)?,
            }
        }
        Ok(())
    }
}

/// A walk through an event that is a tree already.
struct Tree<'a> {
    paths: &'a Paths,
    arrays: u32,
    fields: Fields,
}

impl Tree<'_> {
    fn object(&mut self, members: &Map<String, Json>, spot: Spot) {
        for (key, value) in members {
            if let Some(place) = self.paths.step(spot.place, key) {
                self.value(value, Spot { place, empty_step: spot.empty_step || has_empty_step(key), ..spot });
            }
        }
    }

    fn value(&mut self, value: &Json, spot: Spot) {
        let leaf = |leaf: Leaf| Value { leaf, element: spot.element, empty_step: spot.empty_step };
        let path = self.paths.at(spot.place);
        let value = match (value, path) {
            (Json::Object(members), _) => return self.object(members, spot),
            (Json::Array(values), _) => return self.array(values, spot),
            (_, None) => return,
            (Json::String(text), _) => leaf(Leaf::text(text)),
            (Json::Number(number), _) => leaf(Leaf::number(&number.to_string())),
            (literal, _) => leaf(Leaf::literal(&literal.to_string())),
        };
        if let Some(path) = path {
            self.fields.values.entry(path).or_default().push(value);
        }
    }

    fn array(&mut self, values: &[Json], spot: Spot) {
        let array = self.arrays;
        self.arrays += 1;
        for (index, value) in (0..).zip(values) {
            let element = matches!(value, Json::Object(_) | Json::Array(_)).then(|| {
                let element = ElementId(self.fields.elements.len());
                self.fields.elements.push(Element { parent: spot.element, array, index });
                element
            });
            self.value(value, Spot { element: element.or(spot.element), ..spot });
        }
    }
}
