use super::shape::{Kinds, Presence, Shape};
use crate::asl::{JsonPath, Step};

/// What comes of reading a path.
#[derive(Debug, Clone, PartialEq)]
pub(super) enum Reading {
    /// A value. Whether it is there is what [`Presence`] says; never is another case.
    Found(Shape, Presence),
    /// Nothing, in every value of the shape: the execution fails here.
    Never(Miss),
}

/// Where a path leads nowhere.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Miss {
    /// The part of the path up to where there is still a value.
    pub parent: String,
    /// What that value is, in words.
    pub found: String,
    /// The field or the index that it does not have.
    pub wanted: String,
    /// The fields that it has instead, if it is an object.
    pub fields: Vec<String>,
    /// Whether it may have been added since the fields were listed.
    pub new: bool,
}

impl Miss {
    /// The field that is spelled nearly the same, if one is.
    pub(super) fn near(&self) -> Option<&str> {
        let near = |name: &&String| {
            name.eq_ignore_ascii_case(&self.wanted)
                || self.wanted.len() > 2 && strsim::damerau_levenshtein(name, &self.wanted) == 1
        };
        self.fields.iter().find(near).map(String::as_str)
    }
}

impl Reading {
    /// What is read, where anything is.
    pub(super) fn shape(&self) -> Shape {
        match self {
            Self::Found(shape, _) => shape.clone(),
            Self::Never(_) => Shape::unknown(),
        }
    }
}

/// Reads a path in a value of this shape. `root` is how the path writes that value: `$`, `$$` or `$name`.
pub(super) fn read(root: &str, shape: &Shape, path: &JsonPath) -> Reading {
    let mut at = shape.clone();
    let mut presence = Presence::Always;
    let mut way = root.to_owned();
    let steps = path.steps();
    for (index, step) in steps.iter().enumerate() {
        let found = match step {
            Step::Name(name) => field(&at, name),
            Step::Index(number) => element(&at, *number),
            // What follows may lead to any number of values, so it is never nothing.
            _ => return Reading::Found(many(&at, &steps[index..]), Presence::Perhaps),
        };
        match found {
            Some((next, there)) => {
                at = next;
                presence = weaker(presence, there);
                way.push_str(&step.to_string());
            }
            // Wherever the way comes this far, it ends; and where it does not, it has ended before.
            None => return Reading::Never(miss(way, &at, step)),
        }
    }
    Reading::Found(at, presence)
}

/// The presence of a part of what has this presence itself.
pub(super) fn weaker(whole: Presence, part: Presence) -> Presence {
    match (whole, part) {
        (Presence::Always, part) => part,
        (whole, Presence::Always) => whole,
        (Presence::Sometimes, Presence::Sometimes) => Presence::Sometimes,
        _ => Presence::Perhaps,
    }
}

fn miss(parent: String, at: &Shape, step: &Step) -> Miss {
    let wanted = match step {
        Step::Name(name) => name.clone(),
        other => other.to_string(),
    };
    Miss { parent, found: at.describe(), wanted, fields: at.fields(), new: at.grows() }
}

/// A field of a value: `None` where there never is one.
pub(super) fn field(shape: &Shape, name: &str) -> Option<(Shape, Presence)> {
    let Shape::Known(kinds) = shape else { return Some((Shape::unknown(), Presence::Perhaps)) };
    let field = kinds.object.as_ref()?.field(name)?;
    let presence = if kinds.is_only(&object_kind()) { field.presence } else { lessened(field.presence) };
    Some((field.shape, presence))
}

/// An element of a value, counted from the end where the index is negative: `None` where there never is one.
fn element(shape: &Shape, index: i64) -> Option<(Shape, Presence)> {
    let Shape::Known(kinds) = shape else { return Some((Shape::unknown(), Presence::Perhaps)) };
    let array = kinds.array.as_ref()?;
    let (found, presence) = match &array.items {
        None => (array.element.clone(), Presence::Perhaps),
        Some(items) => {
            let at = usize::try_from(index.unsigned_abs()).ok()?;
            let at = if index < 0 { items.len().checked_sub(at)? } else { at };
            (items.get(at)?.clone(), Presence::Always)
        }
    };
    let only = kinds.is_only(&Kinds { array: kinds.array.clone(), ..Kinds::default() });
    Some((found, if only { presence } else { lessened(presence) }))
}

fn object_kind() -> Kinds {
    Kinds { object: Some(std::rc::Rc::default()), ..Kinds::default() }
}

/// The presence where the value may be of a kind that has no such part.
fn lessened(presence: Presence) -> Presence {
    if presence == Presence::Always { Presence::Sometimes } else { presence }
}

/// What a path of several values gives: a list. Only `[*]` with names behind it is followed.
fn many(at: &Shape, steps: &[Step]) -> Shape {
    let Some((Step::Wildcard, rest)) = steps.split_first() else {
        return if steps.iter().any(|step| matches!(step, Step::Function(_))) {
            Shape::unknown()
        } else {
            Shape::array(Shape::unknown())
        };
    };
    let mut element = match at {
        Shape::Known(Kinds { array: Some(array), object: None, .. }) => array.element.clone(),
        _ => Shape::unknown(),
    };
    for step in rest {
        let next = match step {
            Step::Name(name) => field(&element, name),
            Step::Function(_) => return Shape::unknown(),
            _ => return Shape::array(Shape::unknown()),
        };
        element = next.map_or_else(Shape::unknown, |(shape, _)| shape);
    }
    Shape::array(element)
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    fn read_in(value: serde_json::Value, path: &str) -> Reading {
        read("$", &Shape::of(&value), &path.parse().unwrap())
    }

    #[test]
    fn what_is_there_is_found() {
        let value = json!({"a": {"b": [1, 2]}, "items": [{"key": "x"}]});
        for (path, words) in [
            ("$", "an object"),
            ("$.a.b", "an array"),
            ("$.a.b[1]", "a number"),
            ("$.a.b[-2]", "a number"),
            ("$.items[*].key", "an array"),
            ("$.items[?(@.key == 'x')]", "an array"),
            ("$..missing", "an array"),
        ] {
            assert_eq!(read_in(value.clone(), path).shape().describe(), words, "{path}");
        }
    }

    #[test]
    fn what_is_never_there_is_missed() {
        for (path, parent, wanted) in [
            ("$.x", "$", "x"),
            ("$.a.x", "$['a']", "x"),
            ("$.a.b[2]", "$['a']['b']", "[2]"),
            ("$.a[0]", "$['a']", "[0]"),
            ("$.a.b.c", "$['a']['b']", "c"),
        ] {
            let Reading::Never(miss) = read_in(json!({"a": {"b": [1, 2]}}), path) else { panic!("{path}") };
            assert_eq!((miss.parent.as_str(), miss.wanted.as_str()), (parent, wanted));
        }
    }

    #[test]
    fn what_is_unknown_is_not_missed() {
        let read = read("$", &Shape::unknown(), &"$.a.b[3].c".parse().unwrap());
        assert_eq!(read, Reading::Found(Shape::unknown(), Presence::Perhaps));
    }

    #[test]
    fn what_one_alternative_lacks_is_there_sometimes() {
        let shape = Shape::of(&json!({"a": {"b": 1}})).join(&Shape::of(&json!({"a": {}})));
        let Reading::Found(_, presence) = read("$", &shape, &"$.a.b".parse().unwrap()) else { panic!() };
        assert_eq!(presence, Presence::Sometimes);
    }
}
