use std::cell::RefCell;
use std::collections::{BTreeSet, HashMap};
use std::rc::Rc;

use super::log::{Fault, Log};
use super::record::Record;
use super::scope::Env;
use super::shape::Shape;
use super::transfer;
use crate::asl::program::{Machine, Program, StateId};
use crate::aws::integration::Call;

/// How many ways to a state are kept apart. Beyond, they become one.
const WAYS: usize = 8;

/// How often what is known at a state may still grow after that, before it is given up.
const GROWTHS: usize = 6;

/// How deep a shape is kept where ways are made one. A loop that nests its data in itself comes to rest here.
const KEPT: usize = 10;

/// What services answer, and what starts the machine: what a definition alone does not say.
pub trait World {
    /// The shape of what a task gets from a call.
    fn answer(&self, program: &Program, state: StateId, arguments: &Shape) -> Shape;

    /// The call that a task makes, if it is known.
    fn call(&self, _program: &Program, _state: StateId) -> Option<Call> {
        None
    }
}

/// Runs every way through a program, with shapes in place of values.
pub(super) struct Engine<'a> {
    pub(super) program: &'a Program,
    pub(super) world: &'a dyn World,
    pub(super) log: Log,
}

/// What goes wrong with data in a program that is started with one of these inputs.
pub fn faults(program: &Program, inputs: &[Shape], world: &dyn World) -> Vec<Fault> {
    let mut engine = Engine { program, world, log: Log::default() };
    let start = |input: &Shape| Env::start(input.clone(), super::context::context(input.clone()));
    engine.machine(program.top(), inputs.iter().map(start).collect());
    engine.log.faults()
}

/// What is known of the data at every place, in a program that is started with one of these inputs.
pub(super) fn record(program: &Program, inputs: &[Shape], world: &dyn World) -> Record {
    let recording = Rc::new(RefCell::new(Record::default()));
    let mut engine = Engine { program, world, log: Log::recording(Rc::clone(&recording)) };
    let start = |input: &Shape| Env::start(input.clone(), super::context::context(input.clone()));
    engine.machine(program.top(), inputs.iter().map(start).collect());
    recording.take()
}

/// The ways to one state.
#[derive(Default)]
struct Ways {
    ways: Vec<Env>,
    /// How many of them were followed.
    followed: usize,
    /// How often they were made into one.
    grown: usize,
}

impl Ways {
    /// Another way to the state: `false` if it is known.
    fn add(&mut self, env: Env) -> bool {
        if self.ways.contains(&env) {
            return false;
        }
        if self.grown == 0 && self.ways.len() < WAYS {
            self.ways.push(env);
            return true;
        }
        // Too many to tell apart: a loop, or a long row of choices.
        let Some(joined) = self.ways.iter().cloned().reduce(|left, right| left.join(&right)) else { return false };
        let joined = joined.join(&env).vague();
        if self.grown > 0 && self.ways == [joined.clone()] {
            return false;
        }
        self.grown += 1;
        self.followed = 0;
        self.ways = if self.grown > GROWTHS { vec![env.forgotten()] } else { vec![joined] };
        self.grown <= GROWTHS + 1
    }
}

impl Engine<'_> {
    /// Runs a machine from these starts; gives what its ends put out.
    pub(super) fn machine(&mut self, machine: &Machine, starts: Vec<Env>) -> Vec<Shape> {
        let order = order(self.program, machine);
        let mut loops = Loops::of(self.program, &order);
        let mut ways: HashMap<StateId, Ways> = HashMap::new();
        let mut waiting = BTreeSet::new();
        let mut outputs = Vec::new();
        for start in starts {
            ways.entry(machine.start_at).or_default().add(start);
            waiting.insert((order[&machine.start_at], machine.start_at));
        }
        while let Some((at, state)) = waiting.pop_first() {
            let Some(to) = ways.get_mut(&state) else { continue };
            let fresh: Vec<Env> = to.ways[to.followed.min(to.ways.len())..].to_vec();
            to.followed = to.ways.len();
            for env in fresh {
                for exit in transfer::state(self, state, &env) {
                    match exit {
                        Exit::End(output) if !outputs.contains(&output) => outputs.push(output),
                        Exit::End(_) => {}
                        Exit::To(next, env) => {
                            if ways.entry(next).or_default().add(env) {
                                waiting.insert((order.get(&next).copied().unwrap_or(usize::MAX), next));
                            }
                            loops.anywhere |= !order.contains_key(&next);
                        }
                    }
                }
            }
            if !loops.may_come_back(at) {
                ways.remove(&state);
            }
        }
        outputs
    }
}

/// Which states an execution may come back to. What is known at the others is not wanted any more once it was followed, and a long
/// definition has thousands of them.
struct Loops {
    /// By place in the order: whether a way back leads over it.
    within: Vec<bool>,
    /// There are ways that the order does not know.
    anywhere: bool,
}

impl Loops {
    fn of(program: &Program, order: &HashMap<StateId, usize>) -> Self {
        let mut back = vec![None; order.len()];
        for (state, from) in order {
            let places = program[*state].successors().into_iter().filter_map(|to| order.get(&to).copied());
            back[*from] = places.filter(|to| to <= from).min();
        }
        let mut within = vec![false; order.len()];
        // From the end: how far back a way from behind leads.
        let mut least = usize::MAX;
        for at in (0..back.len()).rev() {
            least = least.min(back[at].unwrap_or(usize::MAX));
            within[at] = least <= at;
        }
        Self { within, anywhere: false }
    }

    fn may_come_back(&self, at: usize) -> bool {
        self.anywhere || self.within.get(at).copied().unwrap_or(true)
    }
}

/// How a state is left.
pub(super) enum Exit {
    /// The machine ends, with this output.
    End(Shape),
    /// Another state follows, and this is known there.
    To(StateId, Env),
}

/// The states of a machine in an order in which each comes after those that lead to it, loops aside, so that a state is
/// looked at when all ways to it are known.
fn order(program: &Program, machine: &Machine) -> HashMap<StateId, usize> {
    let mut done = HashMap::new();
    let mut finished = Vec::new();
    let mut stack = vec![(machine.start_at, program[machine.start_at].successors(), 0)];
    done.insert(machine.start_at, ());
    while let Some((state, successors, next)) = stack.last_mut() {
        match successors.get(*next) {
            Some(successor) => {
                *next += 1;
                let successor = *successor;
                if done.insert(successor, ()).is_none() {
                    stack.push((successor, program[successor].successors(), 0));
                }
            }
            None => {
                finished.push(*state);
                stack.pop();
            }
        }
    }
    finished.into_iter().rev().enumerate().map(|(at, state)| (state, at)).collect()
}

impl Env {
    /// The same, without claims that only hold on some ways: what is there on some of the joined ways is there perhaps.
    fn vague(self) -> Self {
        Self { input: self.input.cut(KEPT).vague(), ..self }
    }

    /// Nothing is known but which variables there may be.
    fn forgotten(self) -> Self {
        let variables = self.variables.keys().map(|name| (name.clone(), None)).collect();
        Self { input: Shape::unknown(), variables: Rc::new(variables), ..self }
    }
}
