use std::path::Path;
use std::sync::Arc;

use super::end::End;
use super::explore::{Explorer, Move, Taken};
use super::masks::Masks;
use super::runs::RunId;
use super::scenario_file;
use super::sequence::{Row, Sequence, changed};
use super::worlds::{Making, said};
use super::{ProveError, Question, Story};
use crate::simulate::Outcome;
use crate::simulate::scenario::{self, Played, Scenario, Turn, play};
use crate::simulate::stack::LocalStack;

/// A schedule that breaks something.
#[derive(Debug)]
pub struct Counterexample {
    /// What it breaks.
    pub what: String,
    /// What happens.
    pub story: Story,
    /// Call by call.
    pub sequence: Sequence,
    /// What the tables hold at its end, a line an item.
    pub is: String,
    /// What they would hold if everything had come in order, one after the other.
    pub expected: String,
    /// The schedule as a scenario, which `test` plays.
    pub scenario: Scenario,
    /// The same as text.
    pub text: String,
    /// The scenario in which everything comes in order.
    in_order: Scenario,
    faults: usize,
}

impl Counterexample {
    pub(super) fn of(
        explorer: &mut Explorer<'_>,
        what: String,
        way: &[Taken],
        in_order: &[Taken],
        expected: &End,
        masks: &Masks,
    ) -> Result<Self, ProveError> {
        let story = explorer.story().clone();
        let tracks = Tracks::of(explorer, way)?;
        let straight = Tracks::of(explorer, in_order)?;
        let last = way.last().map_or(0, |taken| taken.after.world);
        let is = explorer.end(last, masks);
        let (scenario, text) = scenario_file::written(&story, &what, &tracks.steps, &tracks.turns, Some(expected))?;
        let (in_order, _) = scenario_file::written(&story, &what, &straight.steps, &straight.turns, None)?;
        let faults = tracks.rows.iter().filter(|row| row.fault.is_some()).count();
        let sequence = Sequence::new(tracks.executions, tracks.rows);
        Ok(Self {
            what,
            story,
            sequence,
            is: is.text,
            expected: expected.text.clone(),
            scenario,
            text,
            in_order,
            faults,
        })
    }

    /// What it takes: of two, the one that takes less is shown.
    pub fn cost(&self) -> (usize, usize, usize, usize) {
        (self.story.deeds.len(), self.faults, self.sequence.executions.len(), self.sequence.rows.len())
    }

    /// Plays it, and what would be right, and says whether it breaks what the question is about.
    pub(super) fn confirmed(&self, stack: &Arc<LocalStack>, question: &Question<'_>) -> Result<bool, ProveError> {
        let end = |scenario: &Scenario| -> Result<(Played, End), ProveError> {
            let played = play(scenario, stack, Path::new(""))?;
            let mut events: Vec<_> = Vec::new();
            for delivered in &played.delivered {
                if !events.contains(&Some(delivered.event.clone())) {
                    events.push(Some(delivered.event.clone()));
                }
            }
            let masks = Masks::of_events(events.iter().map(Option::as_ref));
            let tables = stack.tables().iter().map(|table| {
                let items = played.tables.get(&table.name).map(|(_, items)| items.clone()).unwrap_or_default();
                (table.name.clone(), items)
            });
            let end = End::new(tables.collect(), events, &masks);
            Ok((played, end))
        };
        let (played, is) = end(&self.scenario)?;
        let failed = |run: &scenario::Played| run.executions.iter().any(|one| one.outcome.status() != "SUCCEEDED");
        if failed(&played) {
            return Ok(true);
        }
        if question.judge.as_ref().is_some_and(|judge| judge(&is).is_err()) {
            return Ok(true);
        }
        let (_, expected) = end(&self.in_order)?;
        Ok(question.converges && is.text != expected.text)
    }
}

/// A way, followed execution by execution.
struct Tracks {
    steps: Vec<scenario_file::Step>,
    turns: Vec<Turn>,
    rows: Vec<Row>,
    /// What each execution is, by its number.
    executions: Vec<String>,
    /// Where each is; nothing where it has ended.
    at: Vec<Option<RunId>>,
    last: usize,
}

impl Tracks {
    fn of(explorer: &mut Explorer<'_>, way: &[Taken]) -> Result<Self, ProveError> {
        let mut tracks = Self {
            steps: Vec::new(),
            turns: Vec::new(),
            rows: Vec::new(),
            executions: Vec::new(),
            at: Vec::new(),
            last: 0,
        };
        let mut choice = 0;
        for taken in way {
            match taken.by {
                Move::Begin(chosen) => {
                    choice = chosen;
                    for deed in 0..taken.after.done {
                        tracks.deed(explorer, deed, choice)?;
                    }
                }
                Move::Do => tracks.deed(explorer, taken.before.done, choice)?,
                Move::Crash(run) => tracks.crash(explorer, run),
                Move::Go(run, making) => tracks.go(explorer, taken, run, making)?,
            }
        }
        Ok(tracks)
    }

    fn start(&mut self, explorer: &Explorer<'_>, run: RunId) {
        let (machine, deed) = (explorer.runs.machine(run), explorer.runs.birth(run).deed);
        self.executions.push(format!("{machine}, {}", scenario_file::deed_in_short(explorer.story(), deed)));
        self.at.push(Some(run));
    }

    fn deed(&mut self, explorer: &mut Explorer<'_>, deed: usize, choice: usize) -> Result<(), ProveError> {
        if deed < explorer.story().before {
            return Ok(());
        }
        let done = explorer.done[deed].clone();
        let times = explorer.story().deliveries(deed) + explorer.repeats(choice)[deed];
        for copy in 0..times {
            self.steps.push(if copy == 0 { scenario_file::Step::Deed(deed) } else { scenario_file::Step::Again(deed) });
            self.turns.push(Turn::Step);
            for (machine, input) in &done.starts {
                let run = explorer.runs.start(&mut explorer.worlds, (*machine, input), (deed, copy), done.at);
                self.start(explorer, run);
            }
        }
        if !self.rows.is_empty() {
            self.rows.push(Row::deed(scenario_file::deed_in_short(explorer.story(), deed)));
        }
        Ok(())
    }

    /// The execution that is meant: of several that are alike, the one that went on last.
    fn meant(&self, run: RunId) -> usize {
        let alike = |at: &usize| self.at[*at] == Some(run);
        Some(self.last)
            .filter(|last| *last < self.at.len())
            .filter(alike)
            .or_else(|| (0..self.at.len()).find(alike))
            .unwrap_or(0)
    }

    fn crash(&mut self, explorer: &mut Explorer<'_>, run: RunId) {
        let at = self.meant(run);
        self.turns.push(Turn::Again(at as u64 + 1));
        self.rows.push(Row { column: at, fault: Some("stops, and is started again".to_owned()), ..Row::default() });
        self.at[at] = None;
        let again = explorer.runs.again(&mut explorer.worlds, run);
        self.start(explorer, again);
    }

    fn go(&mut self, explorer: &mut Explorer<'_>, taken: &Taken, run: RunId, making: Making) -> Result<(), ProveError> {
        let at = self.meant(run);
        self.last = at;
        let number = at as u64 + 1;
        let Some(call) = explorer.runs.run(run).call else {
            self.turns.push(Turn::Go(number));
            self.at[at] = None;
            let how = if taken.after.failed.is_some() { "fails" } else { "ends" };
            self.rows.push(Row { column: at, says: how.to_owned(), ..Row::default() });
            return Ok(());
        };
        self.turns.push(match making {
            Making::Well => Turn::Go(number),
            Making::Throttled => Turn::Throttle(number),
            Making::Lost => Turn::Lose(number),
        });
        let effect = explorer.worlds.effect(taken.before.world, call, making)?;
        let next = explorer.runs.go_on(&mut explorer.worlds, run, effect.answer, making != Making::Well);
        let made = &explorer.worlds.calls[call as usize];
        let fault = match making {
            Making::Well => None,
            Making::Throttled => Some("throttled".to_owned()),
            Making::Lost => Some("its answer is lost".to_owned()),
        };
        let mut says = said(&explorer.worlds.answers[effect.answer as usize]);
        let ended = explorer.runs.run(next).ended.clone();
        let fails = ended.as_ref().is_some_and(|ended| !matches!(ended, Outcome::Succeeded(_)));
        if fails {
            says.push_str(", and the execution fails");
        }
        let (before, after) = (explorer.worlds.world(taken.before.world), explorer.worlds.world(taken.after.world));
        let changes = changed(&explorer.worlds.tables, before, after);
        self.rows.push(Row { column: at, state: made.state.clone(), says, fault, changes });
        let fails_by_a_fault = fails && explorer.runs.run(next).struck;
        self.at[at] = ended.is_none().then_some(next);
        for run in follow_ups(explorer, &effect.events, run) {
            self.start(explorer, run);
        }
        if fails_by_a_fault {
            self.turns.push(Turn::Again(number));
            let again = explorer.runs.again(&mut explorer.worlds, next);
            self.start(explorer, again);
        }
        Ok(())
    }
}

fn follow_ups(explorer: &mut Explorer<'_>, events: &[serde_json::Value], run: RunId) -> Vec<RunId> {
    let deed = explorer.runs.birth(run).deed;
    let mut started = Vec::new();
    for (copy, event) in events.iter().enumerate() {
        for (machine, input) in super::story::starts(explorer.stack(), event) {
            let at = Story::time(deed);
            started.push(explorer.runs.start(&mut explorer.worlds, (machine, &input), (deed, copy), at));
        }
    }
    started
}
