//! What is left of a shape when some of it is not claimed any more.

use std::rc::Rc;

use super::{Array, Field, Kinds, Object, Presence, Shape};

impl Shape {
    /// An array of the same elements, of any length and in any order. Of any other value nothing is claimed.
    #[must_use]
    pub fn cut_items(self) -> Self {
        match self {
            Self::Known(Kinds { array: Some(array), .. }) => Self::array(array.element.clone()),
            _ => Self::unknown(),
        }
    }

    /// The same with nothing claimed of what lies deeper than so many levels.
    #[must_use]
    pub fn cut(&self, depth: usize) -> Self {
        self.changed_by_cut(depth).unwrap_or_else(|| self.clone())
    }

    pub(super) fn changed_by_cut(&self, depth: usize) -> Option<Self> {
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

    pub(super) fn changed_by_doubt(&self) -> Option<Self> {
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
}

impl Kinds {
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
}

/// The same shapes with what is made of them; `None` where all stay as they are.
fn replaced(shapes: &[Shape], change: impl Fn(&Shape) -> Option<Shape>) -> Option<Vec<Shape>> {
    let changes: Vec<Option<Shape>> = shapes.iter().map(change).collect();
    if changes.iter().all(Option::is_none) {
        return None;
    }
    Some(changes.into_iter().zip(shapes).map(|(changed, shape)| changed.unwrap_or_else(|| shape.clone())).collect())
}

impl Object {
    /// The same object with other fields at these places.
    pub(super) fn with_changes(&self, changes: Vec<(usize, Field)>) -> Self {
        let mut fields = self.fields.clone();
        for (at, to) in changes {
            if let Some((_, field)) = fields.get_index_mut(at) {
                *field = to;
            }
        }
        Self { fields, ..*self }
    }
}
