use std::ops::Range;
use std::path::Path;
use std::sync::Arc;
use std::time::Duration;

use super::end::End;
use super::explore::{Explorer, Move, Taken};
use super::masks::Masks;
use super::runs::RunId;
use super::scenario_file;
use super::sequence::{Row, Sequence, changed};
use super::story::{Sent, starts};
use super::worlds::{Making, said};
use super::{Deed, ProveError, Question, Story};
use crate::simulate::Outcome;
use crate::simulate::scenario::{Scenario, Turn, play};
use crate::simulate::stack::RunnableStack;

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
        (in_order, expected): (&[Taken], &End),
        masks: &Masks,
        question: &Question<'_>,
    ) -> Result<Self, ProveError> {
        let story = explorer.story().clone();
        let tracks = Tracks::of(explorer, way)?;
        let straight = Tracks::of(explorer, in_order)?;
        let last = way.last().map_or(expected.text.clone(), |taken| explorer.end(&taken.after, masks).text);
        let written = |tracks: &Tracks, expected| {
            scenario_file::written(&story, &what, (&tracks.steps, &tracks.turns), expected, question)
        };
        let (scenario, text) = written(&tracks, Some(expected))?;
        let (in_order, _) = written(&straight, None)?;
        let faults = tracks.rows.iter().filter(|row| row.fault.is_some()).count();
        let sequence = Sequence::new(tracks.executions, tracks.rows);
        Ok(Self { what, story, sequence, is: last, expected: expected.text.clone(), scenario, text, in_order, faults })
    }

    /// What it takes: of two, the one that takes less is shown.
    pub fn cost(&self) -> (usize, usize, usize, usize) {
        (self.story.deeds.len(), self.faults, self.sequence.executions.len(), self.sequence.rows.len())
    }

    /// What comes of a scenario where it is played.
    fn played(&self, scenario: &Scenario, stack: &Arc<RunnableStack>) -> Result<End, ProveError> {
        let played = play(scenario, stack, Path::new(""))?;
        let mut events: Vec<_> = Vec::new();
        for delivered in &played.delivered {
            if !events.contains(&Some(delivered.event.clone())) {
                events.push(Some(delivered.event.clone()));
            }
        }
        let masks = Masks::of_events(events.iter().map(Option::as_ref));
        let expired = self.story.deeds.iter().any(|deed| matches!(deed, Deed::Expire { .. }));
        Ok(End::new(played, events, expired, &masks))
    }

    /// Plays it, and what would be right, and says whether it breaks what the question is about.
    pub(super) fn confirmed(
        &self,
        stack: &Arc<RunnableStack>,
        question: &Question<'_>,
        failures: bool,
    ) -> Result<bool, ProveError> {
        let is = self.played(&self.scenario, stack)?;
        if !failures && is.played.executions.iter().any(|one| one.outcome.status() != "SUCCEEDED") {
            return Ok(true);
        }
        if question.judge.as_ref().is_some_and(|judge| judge(&is).is_err()) {
            return Ok(true);
        }
        let expected = self.played(&self.in_order, stack)?;
        Ok(question.converges && is.text != expected.text)
    }

    /// The state of a failed execution that called a Lambda function without code here, so that what it returns on AWS is not known.
    pub(super) fn state_of_a_function(&self, stack: &Arc<RunnableStack>) -> Result<Option<String>, ProveError> {
        let is = self.played(&self.scenario, stack)?;
        let failed = is.played.executions.iter().filter(|one| one.outcome.status() != "SUCCEEDED");
        Ok(failed.flat_map(|one| &one.calls).find(|call| call.is_echo()).map(|call| call.state.clone()))
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
    /// When the next step comes, from the beginning, if nobody waits before it.
    next: Duration,
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
            next: Duration::ZERO,
        };
        let mut choice = 0;
        for taken in way {
            match taken.by {
                Move::Begin(chosen) => {
                    choice = chosen;
                    tracks.deeds(explorer, 0..taken.after.done, choice)?;
                }
                Move::Do => tracks.deeds(explorer, taken.before.done..taken.after.done, choice)?,
                Move::Crash(run) => tracks.crash(explorer, run)?,
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

    fn deeds(&mut self, explorer: &mut Explorer<'_>, deeds: Range<usize>, choice: usize) -> Result<(), ProveError> {
        let mut first = deeds.start.max(explorer.story().before);
        while first < deeds.end {
            let together = first..explorer.story().together(first);
            first = together.end;
            self.together(explorer, together, choice)?;
        }
        Ok(())
    }

    /// Deeds that are done at one moment; their events come again at once, as far as that can make a difference.
    fn together(&mut self, explorer: &mut Explorer<'_>, deeds: Range<usize>, choice: usize) -> Result<(), ProveError> {
        let offset = explorer.story().offset(deeds.start);
        if let Some(wait) = offset.checked_sub(self.next).filter(|wait| !wait.is_zero()) {
            self.step(scenario_file::Step::Wait(wait));
        }
        self.next = offset + Duration::from_secs(1);
        self.step(scenario_file::Step::Deeds(deeds.clone()));
        let waiting = if explorer.story().waits(deeds.start) { self.at.iter().flatten().count() } else { 0 };
        for deed in deeds.clone() {
            self.starts(explorer, deed, 0)?;
        }
        for deed in deeds.clone() {
            for copy in 1..explorer.story().deliveries(deed) + explorer.repeats(choice)[deed] {
                self.step(scenario_file::Step::Again(deed));
                self.starts(explorer, deed, copy)?;
            }
        }
        if !self.rows.is_empty() {
            let short = |deed| scenario_file::deed_in_short(explorer.story(), deed);
            let what = deeds.map(short).collect::<Vec<_>>().join("; ");
            let fault = (waiting > 0).then(|| format!("{what}, and an event is still in the dead-letter queue"));
            self.rows.push(Row { fault, ..Row::deed(what) });
        }
        Ok(())
    }

    fn step(&mut self, step: scenario_file::Step) {
        self.steps.push(step);
        self.turns.push(Turn::Step);
    }

    /// The executions that a deed's event starts when it comes.
    fn starts(&mut self, explorer: &mut Explorer<'_>, deed: usize, copy: usize) -> Result<(), ProveError> {
        let done = explorer.done[deed].clone();
        for (machine, input) in &done.starts {
            let run = explorer.runs.start(&mut explorer.worlds, (*machine, input), (deed, copy), done.at)?;
            self.start(explorer, run);
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

    fn crash(&mut self, explorer: &mut Explorer<'_>, run: RunId) -> Result<(), ProveError> {
        let at = self.meant(run);
        self.turns.push(Turn::Again(at as u64 + 1));
        self.rows.push(Row { column: at, fault: Some("stops, and is started again".to_owned()), ..Row::default() });
        self.at[at] = None;
        let again = explorer.runs.again(&mut explorer.worlds, run)?;
        self.start(explorer, again);
        Ok(())
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
            Making::Stale => Turn::Stale(number),
        });
        let effect = explorer.effect(&taken.before, call, making)?;
        let next = explorer.runs.go_on(&mut explorer.worlds, run, effect.answer, making.strikes())?;
        let made = &explorer.worlds.calls[call as usize];
        let fault = match making {
            Making::Well => None,
            Making::Throttled => Some("throttled".to_owned()),
            Making::Lost => Some("its answer is lost".to_owned()),
            Making::Stale => Some("reads what was there before".to_owned()),
        };
        let mut says = said(&explorer.worlds.answers[effect.answer as usize]);
        let ended = explorer.runs.run(next).ended.clone();
        let fails = ended.as_ref().is_some_and(|ended| !matches!(ended, Outcome::Succeeded(_)));
        if fails {
            says.push_str(if says.is_empty() { "then the execution fails" } else { ", then the execution fails" });
        }
        let (before, after) = (explorer.worlds.world(taken.before.world), explorer.worlds.world(taken.after.world));
        let changes = changed(&explorer.worlds.tables, before, after);
        self.rows.push(Row { column: at, state: made.state.clone(), says, fault, changes });
        let fails_by_a_fault = fails && explorer.runs.run(next).struck;
        self.at[at] = ended.is_none().then_some(next);
        for run in follow_ups(explorer, &effect.events, run)? {
            self.start(explorer, run);
        }
        if fails_by_a_fault {
            self.turns.push(Turn::Again(number));
            let again = explorer.runs.again(&mut explorer.worlds, next)?;
            self.start(explorer, again);
        }
        Ok(())
    }
}

fn follow_ups(explorer: &mut Explorer<'_>, events: &[Sent], run: RunId) -> Result<Vec<RunId>, ProveError> {
    let deed = explorer.runs.birth(run).deed;
    let mut started = Vec::new();
    for (copy, sent) in events.iter().enumerate() {
        for (machine, input) in starts(explorer.stack(), &sent.event, sent.bus.as_deref()) {
            let at = explorer.story().time(deed);
            started.push(explorer.runs.start(&mut explorer.worlds, (machine, &input), (deed, copy), at)?);
        }
    }
    Ok(started)
}

#[cfg(test)]
mod tests {
    use std::fs;

    use rand::{RngExt, SeedableRng};
    use rand_chacha::ChaCha8Rng;

    use super::super::{Bounds, FaultKind, histories};
    use super::*;
    use crate::loaded::load;

    fn stack(definition: &str) -> Arc<RunnableStack> {
        let directory = tempfile::tempdir().unwrap();
        let template =
            fs::read_to_string("tests/prove/stack.yaml").unwrap().replace("KINDS", "[Object Created, Object Deleted]");
        let ttl = "TimeToLiveSpecification: {AttributeName: expires, Enabled: true}";
        let template = template.replace("      KeySchema:", &format!("      {ttl}\n      KeySchema:"));
        fs::write(directory.path().join("template.yaml"), template).unwrap();
        // Whatever is deleted has a size here, so that every definition takes every event.
        let definition = fs::read_to_string(format!("tests/prove/{definition}.asl.json")).unwrap();
        let definition = definition.replace("\"ConsistentRead\": true, ", "");
        let definition = definition
            .replace("$.detail.object.size", "$.detail.object.key")
            .replace("{\"N.$\": \"States.Format", "{\"S.$\": \"States.Format");
        fs::write(directory.path().join("definition.asl.json"), definition).unwrap();
        let loaded = load(&[directory.path().join("template.yaml")]).unwrap().pop().unwrap();
        Arc::new(RunnableStack::new(&loaded).unwrap())
    }

    /// The search looks up what the engine said once; the simulation asks it anew, call by call. Both come to the same tables.
    #[test]
    fn any_schedule_comes_to_the_same_tables_where_it_is_played() {
        let faults = vec![FaultKind::Throttle, FaultKind::Lost, FaultKind::Crash, FaultKind::Stale];
        let bounds = Bounds { faults, faults_at_once: 2, naive: true, failures: true, ..Bounds::default() };
        let mut random = ChaCha8Rng::seed_from_u64(16);
        let mut strange = 0;
        for definition in
            ["look_then_write", "remove_without_marks", "seen_once", "counter", "saga_with_a_client_token"]
        {
            let stack = stack(definition);
            for story in histories(&stack, 2, 1, &[]).stories {
                for _ in 0..4 {
                    let mut explorer = Explorer::new(&stack, &story, &bounds, false).unwrap();
                    let masks = Masks::of_events(explorer.done.iter().map(|done| done.event.as_ref()));
                    let (in_order, last) = explorer.in_order().unwrap();
                    let expected = explorer.end(&last, &masks);
                    let way = explorer.wander(&mut |count| random.random_range(0..count)).unwrap();
                    let question = Question::default();
                    let found = Counterexample::of(
                        &mut explorer,
                        "any".to_owned(),
                        &way,
                        (&in_order, &expected),
                        &masks,
                        &question,
                    );
                    let found = found.unwrap();
                    let played = found.played(&found.scenario, &stack).unwrap();
                    assert_eq!(played.text, found.is, "{definition}\n{}\n{}", found.sequence, found.text);
                    strange += usize::from(found.is != found.expected);
                }
            }
        }
        assert!(strange > 10, "{strange}");
    }
}
