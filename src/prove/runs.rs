//! Executions, each state of one with a number: on the way to its next call, or at its end.

use std::collections::HashMap;
use std::sync::Arc;

use serde_json::Value;

use super::ProveError;
use super::limits::short_of_memory;
use super::worlds::{AnswerId, Asking, CallId, Told, Worlds};
use crate::simulate::services::ServiceAnswer;
use crate::simulate::simulation::{self, Finished};
use crate::simulate::stack::{Machine, RunnableStack};
use crate::simulate::{Execution, Outcome, Step, Timestamp, memory_is_short};

/// The number of a state of an execution.
pub(super) type RunId = u32;
/// The number of what starts executions that are alike: a machine, its input, and the deed that it is about.
pub(super) type BirthId = u32;

/// What starts an execution.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Birth {
    pub(super) machine: usize,
    pub(super) input: Value,
    pub(super) deed: usize,
    /// Which of several executions of the same it is, where they can tell.
    pub(super) copy: usize,
    at: Timestamp,
}

/// A state of an execution.
#[derive(Debug)]
pub(super) struct Run {
    pub(super) birth: BirthId,
    /// The call that it makes next; `None` where it has ended.
    pub(super) call: Option<CallId>,
    /// How it ended.
    pub(super) ended: Option<Outcome>,
    /// Whether it has made a call.
    pub(super) begun: bool,
    /// Whether something went wrong in it on purpose.
    pub(super) struck: bool,
    /// What it has called, and what it was answered, where somebody wants to know.
    calls: Vec<(CallId, AnswerId)>,
    execution: Execution,
}

/// The copies of an execution that is started again are numbered from here.
const AGAIN: usize = 100;

/// Executions are named so, that their names can be taken for one another.
pub(super) const NAME: &str = "prove-";

/// What tells the states of executions apart: the birth, whether it has begun and was struck, the calls with their answers, and what is
/// left of it as text.
type Difference = (BirthId, bool, bool, Vec<(CallId, AnswerId)>, String);

/// All executions that there can be, each once.
pub(super) struct Runs {
    machines: Arc<[Machine]>,
    /// Whether the executions of each machine can tell themselves apart from others of the same input: by their names, or by chance.
    individual: Vec<bool>,
    /// Whether somebody looks at executions, and not only at what they leave.
    watched: bool,
    pub(super) births: Vec<Birth>,
    pub(super) known: Vec<Run>,
    numbers: HashMap<Difference, RunId>,
    roots: HashMap<BirthId, RunId>,
    next: HashMap<(RunId, u32, bool), RunId>,
}

impl Runs {
    pub(super) fn new(stack: &RunnableStack, watched: bool) -> Self {
        let machines = Arc::clone(stack.machines());
        let individual = |machine: &Machine| watched || is_individual(&machine.definition.to_string());
        Self {
            individual: machines.iter().map(individual).collect(),
            watched,
            machines,
            births: Vec::new(),
            known: Vec::new(),
            numbers: HashMap::new(),
            roots: HashMap::new(),
            next: HashMap::new(),
        }
    }

    /// A state by its number.
    pub(super) fn run(&self, run: RunId) -> &Run {
        &self.known[run as usize]
    }

    /// What people call the machine of an execution.
    pub(super) fn machine(&self, run: RunId) -> &str {
        self.machines[self.births[self.run(run).birth as usize].machine].label()
    }

    /// What started an execution.
    pub(super) fn birth(&self, run: RunId) -> &Birth {
        &self.births[self.run(run).birth as usize]
    }

    /// An execution at its beginning.
    pub(super) fn start(
        &mut self,
        worlds: &mut Worlds,
        (machine, input): (usize, &Value),
        (deed, copy): (usize, usize),
        at: Timestamp,
    ) -> Result<RunId, ProveError> {
        let copy = if self.individual[machine] { copy } else { 0 };
        let birth = Birth { machine, input: input.clone(), deed, copy, at };
        let number = self.births.iter().position(|known| *known == birth).unwrap_or_else(|| {
            self.births.push(birth.clone());
            self.births.len() - 1
        });
        let number = number as BirthId;
        if let Some(run) = self.roots.get(&number) {
            return Ok(*run);
        }
        let name = format!("{NAME}{deed:04}-{copy:04}-{machine:04}");
        let seed = (deed as u64) << 32 | (machine as u64) << 16 | copy as u64;
        let execution = simulation::execution(&self.machines[machine], (birth.input, at), (&name, seed), self.watched);
        let run = self.settle(worlds, execution, (number, false, false), Vec::new())?;
        self.roots.insert(number, run);
        Ok(run)
    }

    /// The same again, as a redrive starts it.
    pub(super) fn again(&mut self, worlds: &mut Worlds, run: RunId) -> Result<RunId, ProveError> {
        let Birth { machine, input, deed, copy, at } = self.birth(run).clone();
        self.start(worlds, (machine, &input), (deed, copy + AGAIN), at)
    }

    /// Executions that have ended, as a simulation tells of them, in the order in which they were started.
    pub(super) fn finished(&self, worlds: &Worlds, ended: &[RunId]) -> Vec<Finished> {
        let mut ended = ended.to_vec();
        let order = |run: &RunId| {
            let birth = self.birth(*run);
            (birth.copy / AGAIN, birth.deed, birth.copy, birth.machine)
        };
        ended.sort_by_key(order);
        (1..)
            .zip(ended)
            .map(|(number, run)| {
                let (one, birth) = (self.run(run), self.birth(run));
                let call = |(call, answer): &(CallId, AnswerId)| {
                    worlds.calls[*call as usize].recorded(&worlds.answers[*answer as usize])
                };
                let calls = one.calls.iter().map(call).collect();
                Finished::alone(number, &self.machines[birth.machine], birth.at, one.execution.clone(), calls)
            })
            .collect()
    }

    /// An execution gets the answer to its call, and goes on to the next.
    pub(super) fn go_on(
        &mut self,
        worlds: &mut Worlds,
        run: RunId,
        answer: AnswerId,
        struck: bool,
    ) -> Result<RunId, ProveError> {
        if let Some(next) = self.next.get(&(run, answer, struck)) {
            return Ok(*next);
        }
        let from = self.run(run);
        let mut calls = from.calls.clone();
        calls.extend(from.call.filter(|_| self.watched).map(|call| (call, answer)));
        let mut execution = from.execution.apart();
        let told: &ServiceAnswer = &worlds.answers[answer as usize];
        execution.step(&mut Told(told));
        let kind = (from.birth, true, struck || from.struck);
        let next = self.settle(worlds, execution, kind, calls)?;
        self.next.insert((run, answer, struck), next);
        Ok(next)
    }

    /// Brings an execution to where its next step makes a call.
    fn settle(
        &mut self,
        worlds: &mut Worlds,
        mut execution: Execution,
        (birth, begun, struck): (BirthId, bool, bool),
        calls: Vec<(CallId, AnswerId)>,
    ) -> Result<RunId, ProveError> {
        let mut call = None;
        while execution.outcome().is_none() {
            worlds.limits.look()?;
            let mut asking = Asking { tables: &worlds.tables, asked: None };
            if !execution.may_call() {
                execution.step(&mut asking);
                continue;
            }
            let mut trial = execution.apart();
            let step = trial.step(&mut asking);
            if let Some(asked) = asking.asked {
                call = Some(worlds.call(asked));
                break;
            }
            execution = trial;
            if step == Step::Ended {
                break;
            }
        }
        let ended = execution.outcome().cloned();
        if matches!(&ended, Some(Outcome::Failed(_))) && memory_is_short() {
            return Err(short_of_memory());
        }
        let text = match &ended {
            Some(outcome) => format!("{outcome:?}"),
            None => format!("{call:?} {}", execution.fingerprint()),
        };
        let next = self.known.len() as RunId;
        let number = *self.numbers.entry((birth, begun, struck, calls.clone(), text)).or_insert(next);
        if number == next {
            self.known.push(Run { birth, call, ended, begun, struck, calls, execution });
        }
        Ok(number)
    }
}

/// What of the context object is the same for all executions of one input, as far as this search goes.
const SHARED: [&str; 6] =
    [".Execution.Input", ".Execution.StartTime", ".Execution.RoleArn", ".Map.", ".State.", ".StateMachine."];

/// Whether what a definition does can depend on the name of its execution, or on chance.
fn is_individual(definition: &str) -> bool {
    let by_chance = ["UUID(", "uuid(", "Random(", "random("].iter().any(|word| definition.contains(word));
    let asks = ["$$", "$states.context"].iter().any(|context| {
        let mut after = definition.split(context).skip(1);
        after.any(|rest| !SHARED.iter().any(|shared| rest.starts_with(shared)))
    });
    by_chance || asks
}
