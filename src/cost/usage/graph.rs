//! The ways through the states of one machine, as a graph.

use std::collections::{HashMap, VecDeque};

use crate::asl::program::{MachineId, Program, StateId};

/// After so many steps a loop is taken to have come to its end.
const STEPS: usize = 2_000;

/// How many visits of states are followed at most.
const VISITS: usize = 5_000_000;

/// The counts of one machine (the whole, a branch, a processor) and all within, or of one state.
#[derive(Debug, Clone)]
pub(super) struct Ways {
    pub(super) fewest: f64,
    /// `None` where there is a loop.
    pub(super) most: Option<f64>,
    pub(super) expected: f64,
}

impl Ways {
    pub(super) fn plus(self, other: Self) -> Self {
        Self {
            fewest: self.fewest + other.fewest,
            most: self.most.zip(other.most).map(|(one, other)| one + other),
            expected: self.expected + other.expected,
        }
    }
}

/// The states that may follow where nothing fails.
fn following(program: &Program, state: StateId) -> Vec<StateId> {
    let state = &program[state];
    let caught = state.catch.len();
    let mut all = state.successors();
    all.truncate(all.len().saturating_sub(caught));
    all
}

/// How often each state of a machine is visited on average, for those that are visited at all.
pub(super) fn visits(program: &Program, machine: MachineId) -> Vec<(StateId, f64)> {
    let machine = &program[machine];
    let places: HashMap<StateId, usize> = machine.states.iter().enumerate().map(|(at, id)| (*id, at)).collect();
    let next: Vec<Vec<usize>> = machine
        .states
        .iter()
        .map(|id| following(program, *id).iter().filter_map(|id| places.get(id).copied()).collect())
        .collect();
    let mut visited = vec![0.0; machine.states.len()];
    let mut now: Vec<(usize, f64)> = places.get(&machine.start_at).map(|at| (*at, 1.0)).into_iter().collect();
    let mut done = 0;
    for _ in 0..STEPS {
        let mut then = vec![0.0; machine.states.len()];
        for (at, part) in &now {
            visited[*at] += part;
            for to in &next[*at] {
                then[*to] += part / next[*at].len() as f64;
            }
        }
        done += machine.states.len();
        now = then.into_iter().enumerate().filter(|(_, part)| *part > 1e-9).collect();
        if now.is_empty() || done > VISITS {
            break;
        }
    }
    let visited = machine.states.iter().copied().zip(visited);
    visited.filter(|(_, visits)| *visits > 0.0).collect()
}

/// The lightest way from the start to an end, and the heaviest, which is `None` where there is a loop.
pub(super) fn shortest_and_longest(
    program: &Program,
    machine: MachineId,
    states: &[(StateId, f64, Ways)],
) -> (f64, Option<f64>) {
    let places: HashMap<StateId, usize> = states.iter().enumerate().map(|(at, (id, ..))| (*id, at)).collect();
    let next: Vec<Vec<usize>> = states
        .iter()
        .map(|(id, ..)| following(program, *id).iter().filter_map(|id| places.get(id).copied()).collect())
        .collect();
    let Some(start) = places.get(&program[machine].start_at).copied() else { return (0.0, Some(0.0)) };
    let mut before = vec![0_usize; states.len()];
    next.iter().flatten().for_each(|to| before[*to] += 1);
    // The lightest: distances get smaller a limited number of times, since no weight is negative.
    let mut light = vec![f64::INFINITY; states.len()];
    light[start] = states[start].2.fewest;
    let mut queue = VecDeque::from([start]);
    let mut rounds = 0;
    while let Some(at) = queue.pop_front() {
        rounds += 1;
        if rounds > VISITS {
            break;
        }
        for to in &next[at] {
            let weight = light[at] + states[*to].2.fewest;
            if weight < light[*to] {
                light[*to] = weight;
                queue.push_back(*to);
            }
        }
    }
    let ends = (0..states.len()).filter(|at| next[*at].is_empty());
    let fewest = ends.clone().map(|at| light[at]).fold(f64::INFINITY, f64::min);
    // The heaviest, in topological order; states that are left over are in a loop or behind one.
    let mut heavy: Vec<Option<f64>> = vec![Some(0.0); states.len()];
    let mut ready: Vec<usize> = (0..states.len()).filter(|at| before[*at] == 0).collect();
    let mut ordered = 0;
    while let Some(at) = ready.pop() {
        ordered += 1;
        heavy[at] = heavy[at].zip(states[at].2.most).map(|(before, own)| before + own);
        for to in &next[at] {
            heavy[*to] = heavy[*to].zip(heavy[at]).map(|(known, new)| known.max(new));
            before[*to] -= 1;
            if before[*to] == 0 {
                ready.push(*to);
            }
        }
    }
    let most = ends.map(|at| heavy[at]).try_fold(0.0_f64, |most, end| Some(most.max(end?)));
    (if fewest.is_finite() { fewest } else { 0.0 }, most.filter(|_| ordered == states.len()))
}
