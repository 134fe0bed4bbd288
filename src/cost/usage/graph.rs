//! The ways through the states of one machine, as a graph.

use std::collections::{BTreeMap, HashMap, VecDeque};

use super::solve;
use crate::asl::program::{MachineId, Program, StateId};

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

/// A loop of which the definition does not say how often it goes round.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Endless {
    /// The states of a machine that lead to no end unless something fails, in the order of the definition.
    pub(super) states: Vec<StateId>,
}

/// How often each state of a machine is visited on average, for those that are visited at all. `rounds` is how often a loop
/// that only an error leaves goes round.
///
/// # Errors
/// There is such a loop, and nobody says how often it goes round.
pub(super) fn visits(
    program: &Program,
    machine: MachineId,
    rounds: Option<u64>,
) -> Result<Vec<(StateId, f64)>, Endless> {
    let machine = &program[machine];
    let places: HashMap<StateId, usize> = machine.states.iter().enumerate().map(|(at, id)| (*id, at)).collect();
    let placed = |ids: Vec<StateId>| ids.iter().filter_map(|id| places.get(id).copied()).collect::<Vec<usize>>();
    let next: Vec<Vec<usize>> = machine.states.iter().map(|id| placed(following(program, *id))).collect();
    let Some(start) = places.get(&machine.start_at).copied() else { return Ok(Vec::new()) };
    let ends: Vec<usize> = (0..next.len()).filter(|at| next[*at].is_empty()).collect();
    let mut before = vec![Vec::new(); next.len()];
    next.iter().enumerate().for_each(|(at, to)| to.iter().for_each(|to| before[*to].push(at)));
    let reached = reachable(&[start], &next);
    let mut ending = reachable(&ends, &before);
    let mut ways = chances(&next);
    let mut ended: Vec<f64> = next.iter().map(|to| if to.is_empty() { 1.0 } else { 0.0 }).collect();
    let endless: Vec<usize> = (0..next.len()).filter(|at| reached[*at] && !ending[*at]).collect();
    if !endless.is_empty() && rounds.is_none() {
        return Err(Endless { states: endless.iter().map(|at| machine.states[*at]).collect() });
    }
    // An error ends a loop after so many rounds on average: in the first of its states that catches one, or that there is.
    let leave = 1.0 / rounds.unwrap_or(1).max(1) as f64;
    let caught = |at: usize| placed(program[machine.states[at]].catch.iter().map(|catcher| catcher.next).collect());
    let (catching, others): (Vec<usize>, Vec<usize>) = endless.iter().partition(|at| !caught(**at).is_empty());
    for at in catching.into_iter().chain(others) {
        if ending[at] {
            continue;
        }
        let to = caught(at);
        ways[at].values_mut().for_each(|chance| *chance *= 1.0 - leave);
        ended[at] = if to.is_empty() { leave } else { 0.0 };
        for next in &to {
            *ways[at].entry(*next).or_default() += leave / to.len() as f64;
        }
        ending.iter_mut().zip(reachable(&[at], &before)).for_each(|(known, new)| *known |= new);
    }
    let Some(visited) = solve::visits(ways, ended, start) else {
        return Err(Endless { states: machine.states.clone() });
    };
    Ok(machine.states.iter().copied().zip(visited).filter(|(_, visits)| *visits > 0.0).collect())
}

/// What can be reached from some places.
fn reachable(from: &[usize], next: &[Vec<usize>]) -> Vec<bool> {
    let mut reached = vec![false; next.len()];
    let mut rest = from.to_vec();
    while let Some(at) = rest.pop() {
        if !std::mem::replace(&mut reached[at], true) {
            rest.extend(next[at].iter().copied());
        }
    }
    reached
}

/// With which chance each state leads to which, every way out of it as likely as the others.
fn chances(next: &[Vec<usize>]) -> Vec<BTreeMap<usize, f64>> {
    let of_state = |to: &Vec<usize>| {
        let mut chances = BTreeMap::new();
        to.iter().for_each(|at| *chances.entry(*at).or_insert(0.0) += 1.0 / to.len() as f64);
        chances
    };
    next.iter().map(of_state).collect()
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
