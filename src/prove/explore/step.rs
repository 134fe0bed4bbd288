//! What a move leads to.

use std::rc::Rc;

use super::{Explorer, MAX_RUNS, Move, State};
use crate::prove::ProveError;
use crate::prove::runs::RunId;
use crate::prove::story::{Deed, Done, starts};
use crate::prove::worlds::{CallId, Effect, Making};
use crate::simulate::Outcome;

impl Explorer<'_> {
    /// What a move leads to.
    pub(in crate::prove) fn step(&mut self, state: &State, by: Move) -> Result<State, ProveError> {
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
                for (copy, sent) in effect.events.iter().enumerate() {
                    for (machine, input) in starts(self.stack, &sent.event, sent.bus.as_deref()) {
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
    pub(in crate::prove) fn effect(
        &mut self,
        state: &State,
        call: CallId,
        making: Making,
    ) -> Result<Effect, ProveError> {
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

fn take(runs: &mut Vec<RunId>, run: RunId) {
    if let Some(at) = runs.iter().position(|other| *other == run) {
        runs.remove(at);
    }
}
