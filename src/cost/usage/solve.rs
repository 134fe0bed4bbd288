//! How often each state is visited, from the chances with which each leads to the others.
//!
//! Each state is visited as often as those before it, each times the chance that it leads there. States are taken out one after the
//! other and the ways through each are joined, so that nothing is cut off. Which goes first decides how long that takes: the state
//! with the fewest ways through it. What is left when every state has many ways through it is solved as a matrix, or, where that
//! would be too large, by going round until nothing changes any more.

use std::collections::{BTreeMap, BTreeSet};

/// Up to this many ways through a state are joined in a sparse form; more are cheaper in a matrix.
const SPARSE: usize = 256;
/// The largest number of states that are solved as a matrix.
const DENSE: usize = 1_500;
/// How many ways are followed at most where neither form will do.
const STEPS: usize = 2_000_000_000;
/// What counts as no change, as a part of the number itself.
const SAME: f64 = 1e-12;

/// The chances of the ways from a state, or to one, by the state at their other end.
type Ways = BTreeMap<usize, f64>;

/// How often each state is visited if an execution begins in `start`. `ended` is the chance that a state is the last. `None` if
/// that cannot be said within reasonable time.
pub(super) fn visits(ways: Vec<Ways>, ended: Vec<f64>, start: usize) -> Option<Vec<f64>> {
    let mut system = System::new(ways, ended, start);
    let taken_out = system.take_out_sparse();
    let core: Vec<usize> = (0..system.ways.len()).filter(|at| system.is_left[*at]).collect();
    let mut visited = vec![0.0; system.ways.len()];
    if core.len() <= DENSE {
        system.solve_matrix(&core, &mut visited);
    } else {
        system.go_round(&core, &mut visited)?;
    }
    for TakenOut { at, from, entered, times } in taken_out.into_iter().rev() {
        visited[at] = (entered + flow(&from, &visited)) * times;
    }
    Some(visited)
}

/// How often a state is entered from these.
fn flow(from: &Ways, visited: &[f64]) -> f64 {
    from.iter().map(|(from, chance)| visited[*from] * chance).sum()
}

/// A state that was taken out: what leads to it, how often it is entered by itself, and how often it is visited for each time.
struct TakenOut {
    at: usize,
    from: Ways,
    entered: f64,
    times: f64,
}

struct System {
    ways: Vec<Ways>,
    before: Vec<Ways>,
    ended: Vec<f64>,
    entered: Vec<f64>,
    is_left: Vec<bool>,
}

impl System {
    fn new(mut ways: Vec<Ways>, ended: Vec<f64>, start: usize) -> Self {
        let mut before = vec![Ways::new(); ways.len()];
        for (at, to) in ways.iter_mut().enumerate() {
            // What leads back to itself only makes it last longer, which the chances of its other ways say as well.
            to.remove(&at);
            to.iter().for_each(|(to, chance)| _ = before[*to].insert(at, *chance));
        }
        let mut entered = vec![0.0; ways.len()];
        entered[start] = 1.0;
        Self { is_left: vec![true; ways.len()], ways, before, ended, entered }
    }

    /// How many ways are joined by taking a state out.
    fn price(&self, at: usize) -> usize {
        self.before[at].len() * self.ways[at].len()
    }

    /// How often a state is visited for each time that it is entered. Every state leads to an end: others were refused.
    fn times(&self, at: usize) -> f64 {
        1.0 / (self.ended[at] + self.ways[at].values().sum::<f64>()).max(f64::MIN_POSITIVE)
    }

    /// Takes out the states with few ways through them.
    fn take_out_sparse(&mut self) -> Vec<TakenOut> {
        let mut queue: BTreeSet<(usize, usize)> = (0..self.ways.len()).map(|at| (self.price(at), at)).collect();
        let mut taken_out = Vec::new();
        while let Some((price, at)) = queue.pop_first() {
            if price > SPARSE {
                break;
            }
            let around: BTreeSet<usize> = self.before[at].keys().chain(self.ways[at].keys()).copied().collect();
            for near in &around {
                queue.remove(&(self.price(*near), *near));
            }
            taken_out.push(self.take_out(at));
            queue.extend(around.into_iter().map(|near| (self.price(near), near)));
        }
        taken_out
    }

    fn take_out(&mut self, at: usize) -> TakenOut {
        let times = self.times(at);
        let (from, to) = (std::mem::take(&mut self.before[at]), std::mem::take(&mut self.ways[at]));
        self.is_left[at] = false;
        for (to, chance) in &to {
            self.before[*to].remove(&at);
            self.entered[*to] += self.entered[at] * times * chance;
            for (from, comes) in from.iter().filter(|(from, _)| *from != to) {
                let joined = comes * times * chance;
                *self.ways[*from].entry(*to).or_insert(0.0) += joined;
                *self.before[*to].entry(*from).or_insert(0.0) += joined;
            }
        }
        for (from, comes) in &from {
            self.ways[*from].remove(&at);
            self.ended[*from] += comes * times * self.ended[at];
        }
        TakenOut { at, from, entered: self.entered[at], times }
    }

    /// Solves what is left as a matrix, in the same way.
    fn solve_matrix(&self, core: &[usize], visited: &mut [f64]) {
        let size = core.len();
        let place: BTreeMap<usize, usize> = core.iter().enumerate().map(|(place, at)| (*at, place)).collect();
        let mut chances = vec![vec![0.0; size]; size];
        for (row, at) in core.iter().enumerate() {
            self.ways[*at].iter().for_each(|(to, chance)| chances[row][place[to]] = *chance);
        }
        let mut ended: Vec<f64> = core.iter().map(|at| self.ended[*at]).collect();
        let mut entered: Vec<f64> = core.iter().map(|at| self.entered[*at]).collect();
        let mut times = vec![0.0; size];
        for at in 0..size {
            let (done, rest) = chances.split_at_mut(at + 1);
            let row = &done[at];
            times[at] = 1.0 / (ended[at] + row[at + 1..].iter().sum::<f64>()).max(f64::MIN_POSITIVE);
            let passed = entered[at] * times[at];
            entered[at + 1..].iter_mut().zip(&row[at + 1..]).for_each(|(entered, chance)| *entered += passed * chance);
            for (below, other) in rest.iter_mut().enumerate() {
                let joined = other[at] * times[at];
                if joined > 0.0 {
                    other[at + 1..].iter_mut().zip(&row[at + 1..]).for_each(|(way, chance)| *way += joined * chance);
                    other[at + 1 + below] = 0.0;
                    ended[at + 1 + below] += joined * ended[at];
                }
            }
        }
        for at in (0..size).rev() {
            let comes: f64 = (at + 1..size).map(|from| visited[core[from]] * chances[from][at]).sum();
            visited[core[at]] = (entered[at] + comes) * times[at];
        }
    }

    /// Goes round what is left until nothing changes; `None` if it still does after so many steps.
    fn go_round(&self, core: &[usize], visited: &mut [f64]) -> Option<()> {
        let ways = core.iter().map(|at| self.before[*at].len() + 1).sum::<usize>();
        for _ in 0..STEPS / ways {
            let mut same = true;
            for at in core {
                let now = (self.entered[*at] + flow(&self.before[*at], visited)) * self.times(*at);
                same &= (now - visited[*at]).abs() <= now * SAME;
                visited[*at] = now;
            }
            if same {
                return Some(());
            }
        }
        None
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// States that lead to each other at random, and to an end.
    fn random(states: usize, ways: usize, leave: f64) -> (Vec<Ways>, Vec<f64>) {
        let mut seed = 1_u64;
        let mut next = || {
            seed = seed.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
            (seed >> 33) as usize % states
        };
        let of_state = |_| {
            let mut all = Ways::new();
            (0..ways).for_each(|_| *all.entry(next()).or_insert(0.0) += (1.0 - leave) / ways as f64);
            all
        };
        ((0..states).map(of_state).collect(), vec![leave; states])
    }

    /// Whether each state is visited as often as what leads to it says.
    fn holds(ways: &[Ways], visited: &[f64], start: usize) {
        let mut expected = vec![0.0; ways.len()];
        expected[start] = 1.0;
        for (at, to) in ways.iter().enumerate() {
            to.iter().for_each(|(to, chance)| expected[*to] += visited[at] * chance);
        }
        for (at, (visited, expected)) in visited.iter().zip(&expected).enumerate() {
            assert!((visited - expected).abs() < 1e-6, "{at}: {visited}, {expected}");
        }
    }

    #[test]
    fn all_three_ways_of_solving_agree() {
        for (states, ways, leave) in [(1, 1, 0.5), (30, 2, 0.1), (300, 3, 0.02), (300, 20, 0.02)] {
            let (chances, ended) = random(states, ways, leave);
            let visited = visits(chances.clone(), ended.clone(), 0).unwrap();
            holds(&chances, &visited, 0);
            let system = System::new(chances.clone(), ended, 0);
            let mut round = vec![0.0; states];
            system.go_round(&(0..states).collect::<Vec<_>>(), &mut round).unwrap();
            holds(&chances, &round, 0);
        }
    }

    /// With a thousand states and four ways from each, taking them out in their order took minutes.
    #[test]
    fn many_states_take_seconds_at_most() {
        let (chances, ended) = random(1_000, 4, 0.01);
        let begun = std::time::Instant::now();
        holds(&chances, &visits(chances.clone(), ended, 0).unwrap(), 0);
        assert!(begun.elapsed().as_secs() < 60, "{:?}", begun.elapsed());
    }
}
