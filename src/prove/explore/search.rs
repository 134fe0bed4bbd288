//! The states that a search has met, and the ways that lead to them.

use std::cmp::Reverse;
use std::collections::{BinaryHeap, HashMap, HashSet};
use std::rc::Rc;

use super::commute::Relied;
use super::{Move, State, Taken};

/// A state that was met.
pub(super) struct Seen {
    pub(super) state: Rc<State>,
    from: usize,
    by: Move,
}

/// The ways of a search.
#[derive(Default)]
pub(super) struct Search {
    naive: bool,
    pub(super) seen: Vec<Seen>,
    numbers: HashMap<Rc<State>, usize>,
    /// States by what it took to get there: faults, repeated events, moves.
    pub(super) queue: BinaryHeap<Reverse<(usize, usize, usize, usize)>>,
    /// From where to where, and by how many executions that are alike.
    pub(super) edges: Vec<(usize, usize, usize)>,
    pub(super) ends: HashSet<usize>,
    pub(super) relied: Relied,
}

impl Search {
    /// A search that has met nothing; a naive one takes no two states for the same.
    pub(super) fn new(naive: bool) -> Self {
        Self { naive, ..Self::default() }
    }

    /// Adds a state, and says whether it is new.
    pub(super) fn add(
        &mut self,
        state: State,
        from: usize,
        by: Move,
        (faults, more, depth): (usize, usize, usize),
    ) -> (usize, bool) {
        if let Some(known) = self.numbers.get(&state).filter(|_| !self.naive) {
            return (*known, false);
        }
        let (number, state) = (self.seen.len(), Rc::new(state));
        self.numbers.insert(Rc::clone(&state), number);
        self.seen.push(Seen { state, from, by });
        self.queue.push(Reverse((faults, more, depth, number)));
        (number, true)
    }

    /// How a state was come to.
    pub(super) fn way(&self, mut at: usize) -> Vec<Taken> {
        let mut way = Vec::new();
        loop {
            let Seen { state, from, by } = &self.seen[at];
            let before = self.seen.get(*from).map_or(state, |before| &before.state);
            way.push(Taken { by: *by, before: Rc::clone(before), after: Rc::clone(state) });
            if *from == usize::MAX {
                way.reverse();
                return way;
            }
            at = *from;
        }
    }

    /// How many ways lead from a beginning to an end.
    pub(super) fn ways(&self) -> f64 {
        let mut into = vec![0usize; self.seen.len()];
        let mut out: Vec<Vec<(usize, usize)>> = vec![Vec::new(); self.seen.len()];
        for (from, to, alike) in &self.edges {
            into[*to] += 1;
            out[*from].push((*to, *alike));
        }
        let mut ways = vec![0.0; self.seen.len()];
        for (at, one) in self.seen.iter().enumerate().filter(|(_, one)| one.from == usize::MAX) {
            ways[at] += f64::from(matches!(one.by, Move::Begin(_)));
        }
        let mut ready: Vec<usize> = (0..self.seen.len()).filter(|at| into[*at] == 0).collect();
        while let Some(at) = ready.pop() {
            for (to, alike) in &out[at] {
                ways[*to] += ways[at] * *alike as f64;
                into[*to] -= 1;
                if into[*to] == 0 {
                    ready.push(*to);
                }
            }
        }
        self.ends.iter().map(|end| ways[*end]).sum()
    }
}
