//! The paths of fields, from the top of an event.

use std::collections::HashMap;

use foldhash::fast::FixedState;

/// A path that is known to [`Paths`].
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub(super) struct PathId(u32);

/// A place on the way along known paths.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Place(usize);

/// Known paths, as a tree of their steps. A path is what its steps make when they are joined with periods, so a key `a.b`
/// is the same path as `b` within `a`.
#[derive(Debug, Clone)]
pub(super) struct Paths {
    places: Vec<Steps>,
    count: u32,
}

#[derive(Debug, Clone, Default)]
struct Steps {
    next: HashMap<Box<str>, Place, FixedState>,
    path: Option<PathId>,
}

impl Paths {
    pub(super) const START: Place = Place(0);

    pub(super) fn new() -> Self {
        Self { places: vec![Steps::default()], count: 0 }
    }

    /// The id of a path, which is known from here on.
    pub(super) fn intern(&mut self, path: &str) -> PathId {
        let mut place = Self::START;
        for step in path.split('.') {
            let fresh = Place(self.places.len());
            place = *self.places[place.0].next.entry(step.into()).or_insert(fresh);
            if place == fresh {
                self.places.push(Steps::default());
            }
        }
        let count = &mut self.count;
        *self.places[place.0].path.get_or_insert_with(|| {
            *count += 1;
            PathId(*count - 1)
        })
    }

    /// Where a key leads, if a known path goes there.
    pub(super) fn step(&self, place: Place, key: &str) -> Option<Place> {
        if !key.contains('.') {
            return self.places[place.0].next.get(key).copied();
        }
        key.split('.').try_fold(place, |place, step| self.places[place.0].next.get(step).copied())
    }

    /// The known path that ends here.
    pub(super) fn at(&self, place: Place) -> Option<PathId> {
        self.places[place.0].path
    }
}

/// Whether a key or path has an empty step that counts. EventBridge looks only at fields whose steps its patterns name, and
/// drops empty steps at the end of a path when it notes them: a pattern for `a.` notes only `a`, and then passes over an
/// empty key within `a`.
pub(super) fn has_empty_step(path: &str) -> bool {
    if !path.contains('.') {
        return path.is_empty();
    }
    let steps = path.trim_end_matches('.');
    path.is_empty() || !steps.is_empty() && steps.split('.').any(str::is_empty)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_period_in_a_key_is_a_step() {
        let mut paths = Paths::new();
        let (short, long) = (paths.intern("a"), paths.intern("a.b.c"));
        let walk = |keys: &[&str]| {
            keys.iter().try_fold(Paths::START, |place, key| paths.step(place, key)).and_then(|at| paths.at(at))
        };
        assert_eq!(walk(&["a"]), Some(short));
        assert_eq!(walk(&["a", "b.c"]), Some(long));
        assert_eq!(walk(&["a.b", "c"]), Some(long));
        assert_eq!(walk(&["a.b"]), None);
        assert_eq!(paths.intern("a"), short);
    }

    #[test]
    fn trailing_empty_steps_do_not_count() {
        for (path, expected) in [("", true), (".", false), ("a.", false), (".a", true), ("a..b", true), ("a", false)] {
            assert_eq!(has_empty_step(path), expected, "{path}");
        }
    }
}
