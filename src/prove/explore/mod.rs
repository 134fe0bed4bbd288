//! The search: every order of what can happen, or the cheapest one that breaks something.
//!
//! A state is where all executions are and what the tables hold, all of it as numbers. States that were met before are not gone on from. Of
//! the executions that can go on, one alone does if no other, whatever it still does, touches what its next call touches: the others
//! commute with it, and lose nothing by waiting (a persistent set of one). What the others may still do is learned on the way: where an
//! execution asks for something that was not known of it, and somebody relied on that, the search starts anew.

mod bounds;
mod commute;
mod search;
mod step;

use std::cmp::Reverse;
use std::collections::{BTreeMap, HashMap, HashSet};
use std::rc::Rc;
use std::sync::Arc;

pub use bounds::{Bounds, Explored, FaultKind};

use commute::Relied;
use search::Search;

use crate::prove::ProveError;
use crate::prove::end::{End, Judge};
use crate::prove::limits::Limits;
use crate::prove::masks::Masks;
use crate::prove::runs::{BirthId, RunId, Runs};
use crate::prove::story::{Deed, Done, Story};
use crate::prove::worlds::{CallId, Making, WorldId, Worlds};
use crate::simulate::Outcome;
use crate::simulate::s3_events::Change;
use crate::simulate::scenario::Played;
use crate::simulate::stack::RunnableStack;

/// What came of a search.
#[derive(Debug)]
pub(in crate::prove) enum Found {
    /// Nothing is wrong at any end.
    Holds,
    /// Something is.
    Broken { what: String, way: Vec<Taken> },
}

/// What can be done next.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::prove) enum Move {
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
pub(in crate::prove) struct Taken {
    pub(in crate::prove) by: Move,
    pub(in crate::prove) before: Rc<State>,
    pub(in crate::prove) after: Rc<State>,
}

/// Where everything is between two moves: files, tables and executions.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub(in crate::prove) struct State {
    /// How many deeds are done.
    pub(in crate::prove) done: usize,
    /// Which events come again, as long as there are deeds that are not done.
    again: usize,
    /// How many things may still go wrong.
    left: usize,
    pub(in crate::prove) world: WorldId,
    /// The executions that have not ended, in order.
    pub(in crate::prove) runs: Vec<RunId>,
    /// An execution that ended as it should not have.
    pub(in crate::prove) failed: Option<RunId>,
    /// The executions that have ended, in order, where somebody looks at them.
    ended: Vec<RunId>,
    /// The tables before the last call that changed one, as long as somebody may still read what was there then.
    before: Option<WorldId>,
}

/// A search, with all that it remembers.
pub(in crate::prove) struct Explorer<'a> {
    stack: &'a Arc<RunnableStack>,
    story: &'a Story,
    bounds: &'a Bounds,
    pub(in crate::prove) worlds: Worlds,
    pub(in crate::prove) runs: Runs,
    pub(in crate::prove) done: Vec<Done>,
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
    pub(in crate::prove) explored: Explored,
}

impl<'a> Explorer<'a> {
    pub(in crate::prove) fn new(
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
    pub(in crate::prove) fn repeats(&self, choice: usize) -> &[usize] {
        &self.repeats[choice]
    }

    /// The events whose orders are tried.
    pub(in crate::prove) fn story(&self) -> &'a Story {
        self.story
    }

    /// Whether executions may fail.
    pub(in crate::prove) fn fails(&self) -> bool {
        self.bounds.failures
    }

    /// Whether anything expires on a way.
    pub(in crate::prove) fn expires(&self, way: &[Taken]) -> bool {
        way.iter().any(|taken| {
            let expires = matches!(taken.by, Move::Do) && self.story.waits(taken.before.done);
            expires && taken.before.world != taken.after.world
        })
    }

    /// The stack that it happens to.
    pub(in crate::prove) fn stack(&self) -> &'a Arc<RunnableStack> {
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
    pub(in crate::prove) fn in_order(&mut self) -> Result<(Vec<Taken>, Rc<State>), ProveError> {
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

    /// Tries every order, until one breaks what must hold.
    pub(in crate::prove) fn explore(&mut self, judge: &Judge<'_>, masks: &Masks) -> Result<Found, ProveError> {
        loop {
            if let Some(found) = self.search(judge, masks)? {
                return Ok(found);
            }
        }
    }

    /// One search; nothing, if what it relied on turned out to be wrong.
    fn search(&mut self, judge: &Judge<'_>, masks: &Masks) -> Result<Option<Found>, ProveError> {
        let mut search = Search::new(self.bounds.naive);
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
    pub(in crate::prove) fn wander(&mut self, pick: &mut dyn FnMut(usize) -> usize) -> Result<Vec<Taken>, ProveError> {
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
    pub(in crate::prove) fn end(&self, state: &State, masks: &Masks) -> End {
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
}

/// The most states that are kept in memory.
const MAX_STATES: usize = 1_000_000;
/// The most states of executions that are kept in memory.
const MAX_KNOWN: usize = 100_000;
/// The most moves of a way in order.
const MAX_WAY: usize = 2_000;
/// The most executions that may run at once.
const MAX_RUNS: usize = 64;

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
            if failure.is_unanswered() {
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
