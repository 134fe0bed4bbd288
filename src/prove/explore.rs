//! The search: every order of what can happen, or the cheapest one that breaks something.
//!
//! A state is where all executions are and what the tables hold, all of it as numbers. States that were met before are not gone on from. Of
//! the executions that can go on, one alone does if no other, whatever it still does, touches what its next call touches: the others
//! commute with it, and lose nothing by waiting (a persistent set of one). What the others may still do is learned on the way: where an
//! execution asks for something that was not known of it, and somebody relied on that, the search starts anew.

use std::cmp::Reverse;
use std::collections::{BTreeMap, BTreeSet, BinaryHeap, HashMap, HashSet};
use std::rc::Rc;
use std::sync::Arc;
use std::time::Instant;

use super::ProveError;
use super::end::{End, Judge};
use super::limits::Limits;
use super::masks::Masks;
use super::runs::{BirthId, RunId, Runs};
use super::story::{Deed, Done, Story, starts};
use super::touch::Touch;
use super::worlds::{CallId, Effect, Making, WorldId, Worlds};
use crate::simulate::Outcome;
use crate::simulate::s3_events::Change;
use crate::simulate::scenario::Played;
use crate::simulate::services::is_unanswered;
use crate::simulate::stack::RunnableStack;

/// What can go wrong.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum FaultKind {
    /// A call is throttled.
    Throttle,
    /// A call is made, and its answer is lost.
    Lost,
    /// An execution stops where it is, and its input starts another.
    Crash,
    /// A read that does not ask for more finds what was there before the last call that changed a table.
    Stale,
    /// An event is still on its way, in a queue of dead letters, when items expire.
    Redrive,
}

impl FaultKind {
    /// Its name, for programs and the command line.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Throttle => "throttle",
            Self::Lost => "lost",
            Self::Crash => "crash",
            Self::Stale => "stale",
            Self::Redrive => "redrive",
        }
    }
}

/// How far a search goes.
#[derive(Debug, Clone)]
pub struct Bounds {
    /// How often the event of a deed may come again.
    pub repeats: usize,
    /// What can go wrong.
    pub faults: Vec<FaultKind>,
    /// How many things go wrong at most on one way.
    pub faults_at_once: usize,
    /// How many schedules of a story are tried at most.
    pub max_schedules: usize,
    /// When it has to be at its end.
    pub deadline: Option<Instant>,
    /// Whether executions may fail.
    pub failures: bool,
    /// Every schedule is tried by itself, none is left out as equivalent: to compare with.
    pub naive: bool,
}

impl Default for Bounds {
    fn default() -> Self {
        Self {
            repeats: 1,
            faults: vec![FaultKind::Throttle, FaultKind::Lost, FaultKind::Crash, FaultKind::Stale],
            faults_at_once: 1,
            max_schedules: 2_000_000,
            deadline: None,
            failures: false,
            naive: false,
        }
    }
}

/// How much was explored.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Explored {
    /// How many different states there were.
    pub states: usize,
    /// How many schedules were tried, each until it came to its end or to a state that was known.
    pub schedules: usize,
    /// How many schedules those stand for: at least so many ways lead from the beginning to an end.
    pub ways: f64,
    /// How many of the states were ends.
    pub ends: usize,
    /// What the tables held at the ends, as text, with names and ids that differ by chance made alike.
    pub tables: BTreeSet<String>,
}

/// What came of a search.
#[derive(Debug)]
pub(super) enum Found {
    /// Nothing is wrong at any end.
    Holds,
    /// Something is.
    Broken { what: String, way: Vec<Taken> },
}

/// What can be done next.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Move {
    /// It begins, with so many events that come again of each deed.
    Begin(usize),
    /// The next deed is done, and those that are done together with it.
    Do,
    /// An execution goes on.
    Go(RunId, Making),
    /// An execution is stopped, and starts again.
    Crash(RunId),
}

/// A move, and where it led.
#[derive(Debug, Clone)]
pub(super) struct Taken {
    pub(super) by: Move,
    pub(super) before: Rc<State>,
    pub(super) after: Rc<State>,
}

/// Where everything is.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub(super) struct State {
    /// How many deeds are done.
    pub(super) done: usize,
    /// Which events come again, as long as there are deeds that are not done.
    again: usize,
    /// How many things may still go wrong.
    left: usize,
    pub(super) world: WorldId,
    /// The executions that have not ended, in order.
    pub(super) runs: Vec<RunId>,
    /// An execution that ended as it should not have.
    pub(super) failed: Option<RunId>,
    /// The executions that have ended, in order, where somebody looks at them.
    ended: Vec<RunId>,
    /// The tables before the last call that changed one, as long as somebody may still read what was there then.
    before: Option<WorldId>,
}

struct Seen {
    state: Rc<State>,
    from: usize,
    by: Move,
}

/// A search, with all that it remembers.
pub(super) struct Explorer<'a> {
    stack: &'a Arc<RunnableStack>,
    story: &'a Story,
    bounds: &'a Bounds,
    pub(super) worlds: Worlds,
    pub(super) runs: Runs,
    pub(super) done: Vec<Done>,
    changes: Vec<Option<Change>>,
    /// If no execution asks S3, it makes no difference when S3 knows of a deed.
    asks_s3: bool,
    /// How often the event of each deed comes again, a list for each choice: fewer first.
    repeats: Vec<Vec<usize>>,
    /// What executions of each birth have called so far.
    called: HashMap<BirthId, HashSet<CallId>>,
    /// Whether calls start executions.
    follow_ups: bool,
    /// Whether a call may read what was there a moment ago.
    stale_reads: bool,
    /// Whether the judge looks at executions.
    watches: bool,
    /// How far the search has come.
    pub(super) explored: Explored,
}

/// Calls that somebody made alone, and the executions on which that relied; and whether reads could be stale then.
type Relied = HashSet<(CallId, BirthId, bool)>;

impl<'a> Explorer<'a> {
    pub(super) fn new(
        stack: &'a Arc<RunnableStack>,
        story: &'a Story,
        bounds: &'a Bounds,
        watches: bool,
    ) -> Result<Self, ProveError> {
        let limits = Limits::until(bounds.deadline);
        limits.look()?;
        let worlds = Worlds::new(stack, story, limits)?;
        let asks_s3 = stack.machines().iter().any(|machine| machine.definition.to_string().contains(":s3:"));
        let (done, changes): (Vec<_>, Vec<_>) = story.done(stack).into_iter().unzip();
        let mut explorer = Self {
            repeats: repeats(&done, bounds.repeats),
            runs: Runs::new(stack, watches),
            called: HashMap::new(),
            follow_ups: false,
            stale_reads: false,
            watches,
            explored: Explored::default(),
            stack,
            story,
            bounds,
            worlds,
            done,
            changes,
            asks_s3,
        };
        explorer.nothing_unknown()?;
        Ok(explorer)
    }

    /// How often the event of each deed comes again.
    pub(super) fn repeats(&self, choice: usize) -> &[usize] {
        &self.repeats[choice]
    }

    /// What is told.
    pub(super) fn story(&self) -> &'a Story {
        self.story
    }

    /// Whether executions may fail.
    pub(super) fn fails(&self) -> bool {
        self.bounds.failures
    }

    /// Whether anything expires on a way.
    pub(super) fn expires(&self, way: &[Taken]) -> bool {
        way.iter().any(|taken| {
            let expires = matches!(taken.by, Move::Do) && self.story.waits(taken.before.done);
            expires && taken.before.world != taken.after.world
        })
    }

    /// The stack that it happens to.
    pub(super) fn stack(&self) -> &'a Arc<RunnableStack> {
        self.stack
    }

    fn nothing_unknown(&mut self) -> Result<(), ProveError> {
        if self.done.iter().all(|done| done.starts.is_empty()) {
            return Err(ProveError::Nothing);
        }
        let most = self.repeats.last();
        let times =
            |deed| self.story.deliveries(deed) + most.and_then(|most| most.get(deed)).copied().unwrap_or_default();
        let executions: usize = self.done.iter().enumerate().map(|(deed, done)| done.starts.len() * times(deed)).sum();
        if executions > MAX_RUNS {
            return Err(ProveError::TooMany { executions, most: MAX_RUNS });
        }
        Ok(())
    }

    /// A schedule was tried.
    fn count(&mut self) -> Result<(), ProveError> {
        let most = self.bounds.max_schedules;
        if self.explored.schedules >= most {
            let schedules = if most == 1 { "1 schedule".to_owned() } else { format!("{most} schedules") };
            return Err(ProveError::Stopped(format!("there are more than {schedules}")));
        }
        self.explored.schedules += 1;
        Ok(())
    }

    /// One deed after the other, each execution to its end before the next: how everything would be if nothing ever overlapped.
    pub(super) fn in_order(&mut self) -> Result<(Vec<Taken>, Rc<State>), ProveError> {
        let mut state = Rc::new(self.first(0));
        let mut way = Vec::new();
        while state.failed.is_none() {
            let by = match state.runs.first() {
                Some(run) => Move::Go(*run, Making::Well),
                None if state.done < self.story.deeds.len() => Move::Do,
                None => break,
            };
            let after = Rc::new(self.step(&state, by)?);
            way.push(Taken { by, before: Rc::clone(&state), after: Rc::clone(&after) });
            if way.len() > MAX_WAY {
                return Err(ProveError::TooLong(MAX_WAY));
            }
            state = after;
        }
        Ok((way, state))
    }

    /// Tries everything.
    pub(super) fn explore(&mut self, judge: &Judge<'_>, masks: &Masks) -> Result<Found, ProveError> {
        loop {
            if let Some(found) = self.search(judge, masks)? {
                return Ok(found);
            }
        }
    }

    /// One search; nothing, if what it relied on turned out to be wrong.
    fn search(&mut self, judge: &Judge<'_>, masks: &Masks) -> Result<Option<Found>, ProveError> {
        let mut search = Search { naive: self.bounds.naive, ..Search::default() };
        self.explored = Explored::default();
        let mut judged: HashMap<(WorldId, Vec<RunId>), Result<(), String>> = HashMap::new();
        for choice in 0..self.repeats.len() {
            let state = self.begin(choice)?;
            let more: usize = self.repeats[choice].iter().sum();
            search.add(state, usize::MAX, Move::Begin(choice), (0, more, 0));
        }
        while let Some(Reverse((faults, more, depth, at))) = search.queue.pop() {
            let state = Rc::clone(&search.seen[at].state);
            self.explored.states += 1;
            if let Some(run) = state.failed {
                let what = failure(&self.runs, run)?;
                self.count()?;
                return Ok(Some(Found::Broken { what, way: search.way(at) }));
            }
            if self.explored.states > MAX_STATES {
                return Err(ProveError::Stopped(format!("there are more than {MAX_STATES} states")));
            }
            if self.runs.known.len() > MAX_KNOWN {
                let why = "executions do not end: they probably wait for each other in a loop".to_owned();
                return Err(ProveError::Stopped(why));
            }
            let moves = self.moves(&state, &mut search.relied);
            if moves.is_empty() {
                self.explored.ends += 1;
                self.count()?;
                search.ends.insert(at);
                let key = (state.world, state.ended.clone());
                let verdict = match judged.get(&key) {
                    Some(verdict) => verdict.clone(),
                    None => {
                        let end = self.end(&state, masks);
                        self.explored.tables.insert(end.text.clone());
                        let verdict = judge(&end);
                        judged.insert(key, verdict.clone());
                        verdict
                    }
                };
                if let Err(what) = verdict {
                    return Ok(Some(Found::Broken { what, way: search.way(at) }));
                }
            }
            for by in moves {
                let next = self.step(&state, by)?;
                if self.has_wrong_reliance(&next, &search.relied) {
                    return Ok(None);
                }
                let struck = state.left - next.left;
                let alike = match by {
                    Move::Go(run, _) | Move::Crash(run) => state.runs.iter().filter(|one| **one == run).count(),
                    Move::Do | Move::Begin(_) => 1,
                };
                let (to, new) = search.add(next, at, by, (faults + struck, more, depth + 1));
                search.edges.push((at, to, alike));
                if !new {
                    self.count()?;
                }
            }
        }
        self.explored.ways = search.ways();
        Ok(Some(Found::Holds))
    }

    /// Any way to an end, or to a failure: which of so many moves is taken, `pick` says.
    #[cfg(test)]
    pub(super) fn wander(&mut self, pick: &mut dyn FnMut(usize) -> usize) -> Result<Vec<Taken>, ProveError> {
        let choice = pick(self.repeats.len());
        let mut state = Rc::new(self.begin(choice)?);
        let mut way = vec![Taken { by: Move::Begin(choice), before: Rc::clone(&state), after: Rc::clone(&state) }];
        while state.failed.is_none() {
            let moves = self.moves(&state, &mut HashSet::new());
            if moves.is_empty() {
                break;
            }
            let by = moves[pick(moves.len())];
            let after = Rc::new(self.step(&state, by)?);
            // From the beginning it has to be known whether reads can be stale.
            let _ = self.has_wrong_reliance(&after, &HashSet::new());
            way.push(Taken { by, before: state, after: Rc::clone(&after) });
            state = after;
        }
        Ok(way)
    }

    /// What there is at an end.
    pub(super) fn end(&self, state: &State, masks: &Masks) -> End {
        let known = self.worlds.world(state.world);
        let tables = self.worlds.tables.iter().zip(&known.tables);
        let tables: BTreeMap<_, _> =
            tables.map(|(table, items)| (table.name.clone(), (table.key.clone(), items.to_vec()))).collect();
        let played = Played {
            executions: self.runs.finished(&self.worlds, &state.ended),
            tables,
            unused_faults: Vec::new(),
            notes: Vec::new(),
            delivered: Vec::new(),
            s3: (*known.s3).clone(),
            turns: Vec::new(),
        };
        let expired = self.story.deeds.iter().any(|deed| matches!(deed, Deed::Expire { .. }));
        End::new(played, self.done.iter().map(|done| done.event.clone()).collect(), expired, masks)
    }

    /// The state before the first deed that counts.
    fn first(&mut self, choice: usize) -> State {
        State {
            done: 0,
            again: choice,
            left: 0,
            world: 0,
            runs: Vec::new(),
            failed: None,
            ended: Vec::new(),
            before: None,
        }
    }

    fn begin(&mut self, choice: usize) -> Result<State, ProveError> {
        let mut state = self.first(choice);
        let faults = !self.bounds.faults.is_empty();
        state.left = if faults { self.bounds.faults_at_once } else { 0 };
        while state.done < self.story.deeds.len()
            && (state.done < self.story.before || !self.asks_s3)
            && (!self.story.waits(state.done) || state.runs.is_empty())
        {
            state = self.step(&state, Move::Do)?;
        }
        Ok(state)
    }

    /// What can be done next.
    fn moves(&self, state: &State, relied: &mut Relied) -> Vec<Move> {
        let (pending, waits) = (state.done < self.story.deeds.len(), self.story.waits(state.done));
        let deed = (pending && (!waits || self.can_expire(state))).then_some(Move::Do);
        if let Some(deed) = deed.filter(|_| !waits && !self.asks_s3) {
            return vec![deed];
        }
        let mut alike = state.runs.clone();
        alike.dedup();
        // An event that may still be on its way when items expire does not commute with that.
        let redrive = waits && state.left > 0 && self.bounds.faults.contains(&FaultKind::Redrive);
        let others_wait = (!pending || waits) && deed.is_none() && !redrive;
        if !self.bounds.naive && !self.follow_ups && others_wait && alike.len() > 1 {
            let alone = alike.iter().find_map(|run| self.goes_alone(*run, state, relied));
            if let Some(run) = alone {
                return self.moves_of(run, state).collect();
            }
        }
        deed.into_iter().chain(alike.into_iter().flat_map(|run| self.moves_of(run, state))).collect()
    }

    fn moves_of(&self, run: RunId, state: &State) -> impl Iterator<Item = Move> + use<'_> {
        let before = state.before.is_some();
        let one = self.runs.run(run);
        let faults = if state.left > 0 { self.bounds.faults.as_slice() } else { &[] };
        let call = one.call.map(|call| &self.worlds.calls[call as usize]);
        let (writes, can_be_stale) = call.map_or((false, false), |call| (call.writes(), call.can_be_stale));
        let struck = faults.iter().filter_map(move |fault| match fault {
            FaultKind::Throttle => Some(Move::Go(run, Making::Throttled)),
            // A lost answer of what only reads is as good as a call that was not made.
            FaultKind::Lost => writes.then_some(Move::Go(run, Making::Lost)),
            // One that has made no call yet is an event that is still on its way.
            FaultKind::Crash => one.begun.then_some(Move::Crash(run)),
            FaultKind::Stale => (can_be_stale && before).then_some(Move::Go(run, Making::Stale)),
            FaultKind::Redrive => None,
        });
        std::iter::once(Move::Go(run, Making::Well)).chain(struck)
    }

    /// Whether items can expire: when all executions have ended, or those that have not begun are events in a queue of dead letters. What
    /// these leave has to expire as well, or there would be nothing to compare it with.
    fn can_expire(&self, state: &State) -> bool {
        let later = (state.done + 1..self.story.deeds.len()).any(|deed| self.story.waits(deed));
        let wait = later && self.bounds.faults.contains(&FaultKind::Redrive) && state.runs.len() <= state.left;
        state.runs.is_empty() || (wait && state.runs.iter().all(|run| !self.runs.run(*run).begun))
    }

    /// The execution, if whatever others still do commutes with what it does next. What that relies on is noted.
    fn goes_alone(&self, run: RunId, state: &State, relied: &mut Relied) -> Option<RunId> {
        let call = self.runs.run(run).call?;
        let mut others = state.runs.clone();
        others.remove(others.iter().position(|other| *other == run)?);
        let stale = self.stale_reads && state.left > 0;
        let births: BTreeSet<BirthId> = others.iter().map(|other| self.runs.run(*other).birth).collect();
        let commutes = |birth: &BirthId| {
            self.called.get(birth).is_none_or(|called| called.iter().all(|other| !self.conflict(call, *other, stale)))
        };
        if !births.iter().all(commutes) {
            return None;
        }
        relied.extend(births.into_iter().map(|birth| (call, birth, stale)));
        Some(run)
    }

    /// Whether the order of two calls can make a difference. Where reads can be stale, what is read depends on which call wrote last.
    fn conflict(&self, one: CallId, other: CallId, stale: bool) -> bool {
        let touches = |call: CallId| self.worlds.calls[call as usize].touches.as_slice();
        let writes = |call: CallId| touches(call).iter().any(|touch| touch.writes);
        let both = |conflict: fn(&Touch, &Touch) -> bool| {
            touches(one).iter().any(|touch| touches(other).iter().any(|other| conflict(touch, other)))
        };
        match stale {
            true => (writes(one) || writes(other)) && both(|_, _| true),
            false => both(Touch::conflicts),
        }
    }

    /// Learns what executions call, and says whether somebody relied on that they do not.
    fn has_wrong_reliance(&mut self, state: &State, relied: &Relied) -> bool {
        let mut wrong = false;
        for run in &state.runs {
            let one = self.runs.run(*run);
            let (birth, Some(call)) = (one.birth, one.call) else { continue };
            if self.called.entry(birth).or_default().insert(call) {
                wrong |= relied.iter().any(|(other, of, stale)| *of == birth && self.conflict(*other, call, *stale));
                let asks = self.bounds.faults.contains(&FaultKind::Stale);
                if asks && !self.stale_reads && self.worlds.calls[call as usize].can_be_stale {
                    // From the beginning it has to be known what was there before.
                    self.stale_reads = true;
                    wrong = true;
                }
            }
        }
        wrong || (self.follow_ups && !relied.is_empty())
    }

    /// What a move leads to.
    pub(super) fn step(&mut self, state: &State, by: Move) -> Result<State, ProveError> {
        self.worlds.limits.look()?;
        let mut next = state.clone();
        match by {
            Move::Begin(_) => {}
            Move::Do => {
                // Events that are still on their way when items expire.
                let late = if self.story.waits(next.done) { next.runs.len() } else { 0 };
                next.left = next.left.saturating_sub(late);
                for _ in next.done..self.story.together(next.done) {
                    self.deed(&mut next)?;
                }
            }
            Move::Crash(run) => {
                next.left = next.left.saturating_sub(1);
                take(&mut next.runs, run);
                next.runs.push(self.runs.again(&mut self.worlds, run)?);
            }
            Move::Go(run, making) => {
                next.left = next.left.saturating_sub(usize::from(making != Making::Well));
                self.go(&mut next, run, making)?;
            }
        }
        next.runs.sort_unstable();
        next.ended.sort_unstable();
        if next.left == 0 {
            next.before = None;
        }
        Ok(next)
    }

    fn go(&mut self, state: &mut State, run: RunId, making: Making) -> Result<(), ProveError> {
        take(&mut state.runs, run);
        let next = match self.runs.run(run).call {
            Some(call) => {
                let effect = self.effect(state, call, making)?;
                if self.stale_reads && self.worlds.world(effect.world).tables != self.worlds.world(state.world).tables {
                    state.before = Some(state.world);
                }
                state.world = effect.world;
                let deed = self.runs.birth(run).deed;
                let at = self.story.time(deed);
                for (copy, event) in effect.events.iter().enumerate() {
                    for (machine, input) in starts(self.stack, event) {
                        self.follow_ups = true;
                        let started = self.runs.start(&mut self.worlds, (machine, &input), (deed, copy), at)?;
                        state.runs.push(started);
                    }
                }
                if state.runs.len() > MAX_RUNS {
                    return Err(ProveError::Endless(MAX_RUNS));
                }
                self.runs.go_on(&mut self.worlds, run, effect.answer, making.strikes())?
            }
            None => run,
        };
        let ended = self.runs.run(next);
        match &ended.ended {
            None => state.runs.push(next),
            Some(Outcome::Succeeded(_)) => state.ended.extend(Some(next).filter(|_| self.watches)),
            Some(Outcome::Asks(asked)) => return Err(ProveError::Asks(asked.to_string())),
            // What a fault ended is started again: by a redrive, or from the dead letters.
            Some(_) if ended.struck => state.runs.push(self.runs.again(&mut self.worlds, next)?),
            Some(_) if self.bounds.failures => state.ended.extend(Some(next).filter(|_| self.watches)),
            Some(_) => state.failed = Some(next),
        }
        Ok(())
    }

    /// What a call does where everything is as it is here.
    pub(super) fn effect(&mut self, state: &State, call: CallId, making: Making) -> Result<Effect, ProveError> {
        match (making, state.before) {
            (Making::Stale, Some(before)) => {
                let answer = self.worlds.effect(before, call, Making::Well)?.answer;
                Ok(Effect { answer, world: state.world, events: Rc::default() })
            }
            _ => self.worlds.effect(state.world, call, making),
        }
    }

    fn deed(&mut self, state: &mut State) -> Result<(), ProveError> {
        let number = state.done;
        state.done += 1;
        let (story, changes) = (self.story, &self.changes);
        if let Deed::Expire { table } = &story.deeds[number] {
            let table =
                self.stack.table(table).ok_or_else(|| ProveError::Scenario(format!("there is no table `{table}`")))?;
            state.world = self.worlds.expire(state.world, &table.name)?;
            state.before = None;
        }
        let changed = matches!(changes.get(number), Some(Some(_)));
        if changed {
            state.world = self.worlds.change(state.world, |s3| {
                story.change(number, s3, changes);
            })?;
        }
        let Done { at, starts, .. } = self.done[number].clone();
        let times = story.deliveries(number) + self.repeats[state.again][number];
        for copy in 0..times {
            for (machine, input) in &starts {
                let run = self.runs.start(&mut self.worlds, (*machine, input), (number, copy), at)?;
                state.runs.push(run);
            }
        }
        if state.done == story.deeds.len() {
            // From here on it makes no difference how often events come.
            state.again = 0;
        }
        Ok(())
    }
}

/// So many states are kept in memory.
const MAX_STATES: usize = 1_000_000;
/// So many states of executions are kept in memory.
const MAX_KNOWN: usize = 100_000;
/// A way in order may have so many moves.
const MAX_WAY: usize = 2_000;
/// So many executions may run at once.
const MAX_RUNS: usize = 64;

/// The ways of a search.
#[derive(Default)]
struct Search {
    naive: bool,
    seen: Vec<Seen>,
    numbers: HashMap<Rc<State>, usize>,
    /// States by what it took to get there: faults, repeated events, moves.
    queue: BinaryHeap<Reverse<(usize, usize, usize, usize)>>,
    /// From where to where, and by how many executions that are alike.
    edges: Vec<(usize, usize, usize)>,
    ends: HashSet<usize>,
    relied: Relied,
}

impl Search {
    /// Adds a state, and says whether it is new.
    fn add(
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
    fn way(&self, mut at: usize) -> Vec<Taken> {
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
    fn ways(&self) -> f64 {
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

fn take(runs: &mut Vec<RunId>, run: RunId) {
    if let Some(at) = runs.iter().position(|other| *other == run) {
        runs.remove(at);
    }
}

/// How often the event of each deed comes again: every choice, those with fewer first.
fn repeats(done: &[Done], most: usize) -> Vec<Vec<usize>> {
    let mut all = vec![Vec::new()];
    for one in done {
        let most = if one.event.is_some() && !one.starts.is_empty() { most } else { 0 };
        all = all
            .into_iter()
            .flat_map(|list: Vec<usize>| (0..=most).map(move |times| [list.clone(), vec![times]].concat()))
            .collect();
    }
    all.sort_by_key(|list| (list.iter().sum::<usize>(), Reverse(list.clone())));
    all
}

/// What an execution failed with, or that it needs what only a deployment has.
fn failure(runs: &Runs, run: RunId) -> Result<String, ProveError> {
    let machine = runs.machine(run);
    let text = match &runs.run(run).ended {
        Some(Outcome::Failed(failure)) => {
            let cause = failure.cause.as_deref().unwrap_or_default();
            if is_unanswered(cause) {
                return Err(ProveError::Asks(cause.to_owned()));
            }
            let error = failure.error.as_deref().unwrap_or("no error's name");
            format!("an execution of {machine} fails: {error}: {}", first_part(cause))
        }
        _ => format!("an execution of {machine} times out"),
    };
    Ok(text)
}

/// The first line of a cause, up to a length that leaves room for the schedule on the screen: causes quote whole inputs.
fn first_part(cause: &str) -> String {
    const MOST: usize = 300;
    let line = cause.lines().next().unwrap_or_default();
    match line.char_indices().nth(MOST) {
        Some((end, _)) => format!("{}…", &line[..end]),
        None => line.to_owned(),
    }
}
