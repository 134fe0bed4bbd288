//! One way through a pattern: the fields that must all match, once an alternative of every `$or` is chosen.

use std::collections::{HashMap, HashSet};
use std::sync::Arc;

use super::event::{ElementId, Fields, Value};
use super::matcher::Matcher;
use super::path::PathId;

/// The most steps that the search for one array element that suits all fields may take.
const MAX_STEPS: usize = 5_000_000;

/// How many steps the search may take. An event without repeated keys has at most as many choices as array elements, and
/// this leaves ample room to follow each of them through each field. With repeated keys an event can be made that no search
/// is quick on; where this is not enough, such an event is taken not to match.
fn allowed_steps(conditions: &[FieldMatch]) -> usize {
    let most = conditions.iter().map(|condition| condition.all.len()).max().unwrap_or(0);
    (100_000 + 16 * conditions.len() * most).min(MAX_STEPS)
}

/// Fields that must match together, in the order of their paths.
#[derive(Debug, Clone)]
pub(super) struct Branch {
    pub(super) fields: Vec<(PathId, Arc<[Matcher]>)>,
    /// Whether empty steps of paths are looked at: see [`super::path::has_empty_step`].
    pub(super) empty_steps: bool,
}

impl Branch {
    /// Whether every field matches, and those within one array do so within one element of it.
    pub(super) fn matches(&self, event: &Fields) -> bool {
        let mut conditions = Vec::with_capacity(self.fields.len());
        for (path, matchers) in &self.fields {
            let condition = FieldMatch::new(matchers, self.values(event, *path));
            if condition.hits.is_empty() && !condition.absent_suffices {
                return false;
            }
            conditions.push(condition);
        }
        if conditions.iter().all(|condition| condition.all.iter().all(Option::is_none)) {
            return conditions.iter().all(|condition| !condition.hits.is_empty() || condition.all.is_empty());
        }
        Search { event, last_use: last_uses(event, &conditions), steps_left: allowed_steps(&conditions) }
            .run(&conditions)
    }

    fn values<'a>(&'a self, event: &'a Fields, path: PathId) -> impl Iterator<Item = &'a Value> {
        event.get(path).iter().filter(|value| self.empty_steps || !value.empty_step)
    }
}

/// A field's part in a match.
struct FieldMatch {
    /// Where its values stand.
    all: Vec<Option<ElementId>>,
    /// Where those stand that match.
    hits: Vec<Option<ElementId>>,
    /// It also matches where it has no value.
    absent_suffices: bool,
}

impl FieldMatch {
    fn new<'a>(matchers: &[Matcher], values: impl Iterator<Item = &'a Value>) -> Self {
        let mut all = Vec::new();
        let mut hits = Vec::new();
        for value in values {
            all.push(value.element);
            if matchers.iter().any(|matcher| matcher.matches(&value.leaf)) {
                hits.push(value.element);
            }
        }
        Self { all, hits, absent_suffices: matchers.contains(&Matcher::Absent) }
    }
}

/// The last condition that each array matters to.
fn last_uses(event: &Fields, conditions: &[FieldMatch]) -> HashMap<u32, usize> {
    let mut uses = HashMap::new();
    for (at, condition) in conditions.iter().enumerate() {
        let mut seen = HashSet::new();
        for element in &condition.all {
            for id in event.around(*element).take_while(|id| seen.insert(*id)) {
                uses.insert(event.element(id).array, at);
            }
        }
    }
    uses
}

/// Which element of which array the values chosen so far stand in, by array.
type Choice = Vec<(u32, u32)>;

/// Values, as a tree of the array elements that they stand in.
#[derive(Default)]
struct Tree {
    here: HashSet<Option<ElementId>>,
    within: HashMap<Option<ElementId>, HashMap<u32, HashMap<u32, ElementId>>>,
}

impl Tree {
    fn new(event: &Fields, places: &[Option<ElementId>]) -> Self {
        let mut tree = Self::default();
        for place in places {
            tree.here.insert(*place);
            for id in event.around(*place) {
                let element = event.element(id);
                let array = tree.within.entry(element.parent).or_default().entry(element.array).or_default();
                if array.insert(element.index, id).is_some() {
                    break;
                }
            }
        }
        tree
    }
}

/// A search for values, one of each field, no two of which stand in different elements of one array. Fields are taken in
/// the order of their paths, and for each all the choices that the ones before allow are followed at once. A choice
/// forgets the arrays that no later field is in, so that there are never more choices than there are elements.
struct Search<'a> {
    event: &'a Fields,
    last_use: HashMap<u32, usize>,
    steps_left: usize,
}

impl Search<'_> {
    fn run(&mut self, conditions: &[FieldMatch]) -> bool {
        let mut choices = HashSet::from([Choice::new()]);
        for (at, condition) in conditions.iter().enumerate() {
            let hits = Tree::new(self.event, &condition.hits);
            let all = condition.absent_suffices.then(|| Tree::new(self.event, &condition.all));
            let mut next = HashSet::new();
            for choice in &choices {
                self.follow(&hits, None, choice, &mut |search, place| {
                    next.insert(search.extended(choice, place, at));
                    false
                });
                // Whether a field is absent is asked within the elements that the fields before it have chosen.
                if all.as_ref().is_some_and(|all| !self.follow(all, None, choice, &mut |_, _| true)) {
                    next.insert(self.extended(choice, None, at));
                }
                if self.steps_left == 0 {
                    return false;
                }
            }
            choices = next;
        }
        !choices.is_empty()
    }

    /// Visits the values that agree with a choice, until the visitor has seen enough.
    fn follow(
        &mut self,
        tree: &Tree,
        place: Option<ElementId>,
        choice: &Choice,
        visit: &mut impl FnMut(&Self, Option<ElementId>) -> bool,
    ) -> bool {
        self.steps_left = self.steps_left.saturating_sub(1);
        if self.steps_left == 0 || tree.here.contains(&place) && visit(self, place) {
            return true;
        }
        tree.within.get(&place).into_iter().flatten().any(|(array, elements)| {
            match choice.binary_search_by_key(array, |(array, _)| *array) {
                Ok(at) => elements.get(&choice[at].1).is_some_and(|id| self.follow(tree, Some(*id), choice, visit)),
                Err(_) => elements.values().any(|id| self.follow(tree, Some(*id), choice, visit)),
            }
        })
    }

    /// A choice with the elements that one more value stands in, as far as later conditions care.
    fn extended(&self, choice: &Choice, place: Option<ElementId>, at: usize) -> Choice {
        let chosen =
            self.event.around(place).map(|id| self.event.element(id)).map(|element| (element.array, element.index));
        let mut extended: Choice = choice.iter().copied().chain(chosen).collect();
        extended.retain(|(array, _)| self.last_use.get(array).is_some_and(|last| *last > at));
        extended.sort_unstable();
        extended.dedup();
        extended
    }
}
