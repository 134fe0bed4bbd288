//! An execution, step by step.

use crate::aws::quota;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use indexmap::IndexMap;
use serde_json::{Map, Value};

use super::flow::{Flow, FlowId, Item, Stage};
use super::history::{self, HistoryEvent};
use super::inspection::{Inspection, StateEnd, StateRun, step};
use super::joint::Joint;
use super::schedule::Schedule;
use super::services::Services;
use super::states::{self, Next};
use super::variables::VariableScope;
use super::world::{StateTest, World};
use super::{Asked, ExecutionOptions, Failure, Outcome, Timestamp, failure::name, limits, memory, random, recovery};
use crate::asl::program::{Need, Program, State, StateKind, Transition};

/// A state machine that runs, on its own virtual clock.
///
/// It goes on only when [`Execution::step`] is called, with whatever services it is given then, so several can take turns on
/// one table.
///
/// ```
/// use std::sync::Arc;
/// use bucketbook::asl::program::Program;
/// use bucketbook::simulate::{Execution, ExecutionOptions, NoServices, Outcome};
/// use serde_json::json;
///
/// let program = Program::read(&json!({
///     "StartAt": "Rest",
///     "States": {
///         "Rest": {"Type": "Wait", "Seconds": 31_536_000, "Next": "Greet"},
///         "Greet": {"Type": "Pass", "Parameters": {"text.$": "States.Format('Hello, {}!', $.name)"}, "End": true}
///     }
/// })).unwrap();
/// let mut execution = Execution::new(Arc::new(program), json!({"name": "world"}), ExecutionOptions::default());
/// let outcome = execution.run(&mut NoServices);
/// assert_eq!(*outcome, Outcome::Succeeded(json!({"text": "Hello, world!"})));
/// assert_eq!(execution.now().to_string(), "2027-01-01T00:00:00.000Z");
/// ```
#[derive(Debug, Clone)]
pub struct Execution {
    pub(super) world: World,
    pub(super) schedule: Schedule,
    deadline: Timestamp,
    steps: u64,
    pub(super) outcome: Option<Outcome>,
}

/// What a step came to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Step {
    /// There is more to do.
    Going,
    /// The execution has ended: [`Execution::outcome`] says how.
    Ended,
}

/// How long an execution may last: a year, the quota of a Standard workflow.
const LONGEST: Duration = Duration::from_secs(366 * 24 * 3600);

/// After how many steps it is looked how much memory there is.
const STEPS_BETWEEN_LOOKS: u64 = 16;

impl Execution {
    /// An execution that has not done anything yet.
    pub fn new(program: Arc<Program>, input: impl Into<Arc<Value>>, options: ExecutionOptions) -> Self {
        let input = input.into();
        let start = options.start_time;
        let limit = program.timeout_seconds.and_then(|seconds| Duration::try_from_secs_f64(seconds).ok());
        let longest = if options.express { quota::EXPRESS_DURATION } else { LONGEST };
        let deadline = start.after(limit.unwrap_or(longest).min(longest));
        let world = World::new(Arc::clone(&program), options, Arc::clone(&input));
        let mut execution = Self { world, schedule: Schedule::default(), deadline, steps: 0, outcome: None };
        let mut flow = Flow {
            parent: None,
            state: program.top().start_at,
            stage: Stage::Enter,
            input: Value::clone(&input),
            variables: Arc::default(),
            retries: Vec::new(),
            entered_at: start,
            entered: 0,
            previous: 0,
            history: 0,
            item: None,
            child: None,
            token: None,
            alarm: 0,
            inspection: None,
        };
        execution.started(&mut flow);
        let id = execution.schedule.put(flow);
        execution.schedule.wake(id, start);
        execution
    }

    /// The same, with variables that are already set.
    #[must_use]
    pub fn with_variables(mut self, variables: Map<String, Value>) -> Self {
        for flow in self.schedule.flows_mut() {
            flow.variables = Arc::new(VariableScope::new(variables.clone()));
        }
        self
    }

    pub(super) fn started(&mut self, flow: &mut Flow) {
        let input = std::mem::take(&mut flow.input);
        let role = self.world.options.identity.role_arn.clone();
        let details = || {
            let mut details = history::data("input", &input);
            details.insert("roleArn".to_owned(), role.as_str().into());
            ("executionStartedEventDetails", Value::Object(details))
        };
        self.world.event(flow, "ExecutionStarted", Some(&details));
        flow.input = input;
    }

    /// Goes on until the next thing that may depend on the world outside: at most one call of a service is made.
    pub fn step(&mut self, services: &mut dyn Services) -> Step {
        if self.outcome.is_some() {
            return Step::Ended;
        }
        let Some((time, id, flow)) = self.schedule.next().filter(|(time, ..)| *time <= self.deadline) else {
            return self.time_out();
        };
        self.world.now = self.world.now.max(time);
        self.advance(id, flow, services);
        if self.outcome.is_some() { Step::Ended } else { Step::Going }
    }

    /// Goes on until it has ended.
    pub fn run(&mut self, services: &mut dyn Services) -> &Outcome {
        while self.step(services) == Step::Going {}
        self.outcome.get_or_insert(Outcome::TimedOut)
    }

    /// Ends it, because an execution that it started needs a value that only a deployment says.
    pub(super) fn ask(&mut self, asked: Asked) -> Step {
        self.outcome = Some(Outcome::Asks(asked));
        Step::Ended
    }

    /// Sets what a test of a single state gives instead of the real thing.
    pub(super) fn with_test(mut self, test: StateTest) -> Self {
        if test.is_in_map {
            // "`$$.Map.Item.Index` = 0 (first iteration), `$$.Map.Item.Value` = your input value"
            for flow in self.schedule.flows_mut() {
                flow.item = Some(Arc::new(Item { index: 0, key: None, value: flow.input.clone(), source: None }));
            }
        }
        self.world.test = Some(test);
        self
    }

    /// The test of a single state that this is.
    pub(super) fn test(&self) -> Option<&StateTest> {
        self.world.test.as_ref()
    }

    /// What the state that is being run did with its data so far.
    pub(super) fn inspection(&self) -> Option<&Inspection> {
        self.schedule.flows().find_map(|flow| flow.inspection.as_deref())
    }

    /// What it was started with.
    pub fn input(&self) -> &Arc<Value> {
        &self.world.context.input
    }

    /// How it ended, if it has.
    pub fn outcome(&self) -> Option<&Outcome> {
        self.outcome.as_ref()
    }

    /// When, in virtual time, it will go on.
    pub fn due(&mut self) -> Option<Timestamp> {
        if self.outcome.is_some() { None } else { self.schedule.due() }
    }

    /// The virtual time that the execution has reached.
    pub fn now(&self) -> Timestamp {
        self.world.now
    }

    /// The history, if it is kept.
    pub fn history(&self) -> &[HistoryEvent] {
        self.world.histories[0].events()
    }

    /// How many events it has had, kept or not.
    pub fn event_count(&self) -> u64 {
        self.world.histories[0].len()
    }

    /// What each state did with its data, in the order in which they were left, if that is kept.
    pub fn state_runs(&self) -> &[StateRun] {
        &self.world.runs
    }

    /// The names of the states in the order in which they were left, if that is kept.
    pub fn path(&self) -> impl Iterator<Item = &str> {
        self.world.path.iter().map(|state| self.world.program[*state].name.as_str())
    }

    /// Whether its next step may call a service: no, where it is known that it does not.
    pub fn may_call(&mut self) -> bool {
        let Some(state) = self.schedule.next_flow().map(|flow| flow.state) else { return false };
        !matches!(
            self.world.program[state].kind,
            StateKind::Pass(_)
                | StateKind::Choice(_)
                | StateKind::Wait(_)
                | StateKind::Succeed
                | StateKind::Fail(_)
                | StateKind::Parallel(_)
        )
    }

    /// The same execution, to go on from here more than once. Clones share their randomness; this has its own.
    #[must_use]
    pub fn apart(&self) -> Self {
        let mut copy = self.clone();
        copy.world.random = Arc::new(Mutex::new(random::lock(&self.world.random).clone()));
        copy
    }

    /// What decides how it goes on, as a text: two executions of one input that have the same do the same from here on.
    pub fn fingerprint(&self) -> String {
        let random = random::lock(&self.world.random).get_word_pos();
        let mut text = format!("{} {random} {:?}", self.world.now.millis(), self.outcome);
        for flow in self.schedule.flows() {
            let Flow { parent, state, stage, input, variables, retries, item, .. } = flow;
            text.push_str(&format!("\n{parent:?} {state:?} {stage:?} {input} {variables:?} {retries:?} {item:?}"));
        }
        text
    }

    fn time_out(&mut self) -> Step {
        self.world.now = self.world.now.max(self.deadline);
        let last = self.world.histories[0].len();
        self.world.histories[0].add(self.world.now, last, "ExecutionTimedOut", None);
        self.outcome = Some(Outcome::TimedOut);
        Step::Ended
    }

    /// Ends the execution, whatever would catch the failure.
    fn halt(&mut self, failure: Failure) {
        let last = self.world.histories[0].len();
        let details = || history::error_details("executionFailedEventDetails", &failure);
        self.world.histories[0].add(self.world.now, last, "ExecutionFailed", Some(&details));
        self.outcome = Some(Outcome::Failed(failure));
    }

    /// Ends the execution that a flow is part of: this one, or the child of a distributed Map.
    fn end_execution_of(&mut self, mut id: FlowId, mut flow: Flow, failure: Failure) {
        let Some(child) = flow.child.clone() else { return self.halt(failure) };
        let is_same = |around: &Flow| around.child.as_ref().is_some_and(|other| Arc::ptr_eq(other, &child));
        while let Some((parent, _)) = flow.parent
            && let Some(around) = self.schedule.take(parent)
        {
            if !is_same(&around) {
                self.schedule.put_back(parent, around);
                break;
            }
            self.schedule.free(id);
            (id, flow) = (parent, around);
            if let Stage::Joining(joint) = &mut flow.stage {
                let running = std::mem::take(&mut joint.running);
                self.abort(&mut flow, &running);
            }
        }
        self.end(id, flow, Err(failure));
    }

    fn advance(&mut self, id: FlowId, mut flow: Flow, services: &mut dyn Services) {
        let program = Arc::clone(&self.world.program);
        let state = &program[flow.state];
        let stage = std::mem::replace(&mut flow.stage, Stage::Idle);
        self.steps += 1;
        if self.steps.is_multiple_of(STEPS_BETWEEN_LOOKS) && memory::is_short() {
            return self.halt(limits::short_of_memory(&state.name));
        }
        if self.world.patience.is_lost() {
            return self.halt(limits::endless_evaluations(&state.name));
        }
        if self.world.is_spent() {
            return self.halt(limits::spent(&self.world, &state.name));
        }
        if self.world.histories[flow.history].is_full() {
            let failure = limits::full_history(self.world.histories[flow.history].limit(), &state.name);
            return self.end_execution_of(id, flow, failure);
        }
        if matches!(stage, Stage::Enter | Stage::Again)
            && let Some(asked) = self.asks(state, services)
        {
            self.outcome = Some(Outcome::Asks(asked));
            return;
        }
        if matches!(stage, Stage::Enter) {
            self.enter(&mut flow, state);
            // Branches and iterations take turns between entering a state and leaving it, as they do on AWS.
            if flow.parent.is_some() {
                flow.stage = Stage::Again;
                return self.schedule.again(id, flow, self.world.now);
            }
        }
        let next = match stage {
            Stage::Enter | Stage::Again => states::begin(&mut self.world, &mut flow, state, services),
            Stage::Waited => states::waited(&mut self.world, &mut flow, state),
            Stage::Answered(answer) => states::answered(&mut self.world, &mut flow, state, *answer),
            Stage::Joining(joint) => self.join(&mut flow, state, joint, services),
            Stage::Expired => return self.end_execution_of(id, flow, Failure::reported(name::TIMEOUT, None)),
            Stage::Idle => Ok(Next::Sleep(self.world.now, Stage::Idle)),
        };
        let (next, caught) = match next {
            Ok(next) => (Ok(next), None),
            Err(failure) => recovery::recover(&mut self.world, &mut flow, state, failure),
        };
        match next {
            Ok(Next::Left { output, assigned, to }) => {
                self.left(id, flow, state, Left { output, assigned, to, caught })
            }
            Ok(Next::Sleep(until, stage)) => {
                let deadline =
                    flow.child.as_ref().and_then(|child| child.deadline).filter(|deadline| *deadline < until);
                flow.stage = if deadline.is_some() { Stage::Expired } else { stage };
                self.schedule.again(id, flow, deadline.unwrap_or(until));
            }
            Ok(Next::Fork(joint, starts)) => self.fork(id, flow, joint, starts),
            Err(failure) => {
                if self.world.options.path {
                    self.world.path.push(flow.state);
                }
                if flow.inspection.is_some() {
                    self.note_run(&mut flow, state, StateEnd::Failed(failure.clone()));
                }
                self.end(id, flow, Err(failure));
            }
        }
    }

    /// Whether a run of the state needs a value.
    fn needs(&self, state: &State, need: Need, services: &dyn Services) -> bool {
        match need {
            Need::Always => true,
            Need::ForTheCall => !services.is_mocked(&self.world.options.identity.state_machine_name, &state.name),
            Need::Never => false,
        }
    }

    /// What the state needs and only a deployment says.
    fn asks(&self, state: &State, services: &dyn Services) -> Option<Asked> {
        let (unknown, _) = state.unknown.iter().find(|(_, need)| self.needs(state, *need, services))?;
        Some(Asked {
            name: unknown.name.clone(),
            parameter: unknown.parameter,
            machine: None,
            state: state.name.clone(),
            pointer: unknown.pointer.clone(),
            also: self.needed_elsewhere(&unknown.name, services),
        })
    }

    /// The other values that the definition's states need, so that a user can give all of them at once.
    fn needed_elsewhere(&self, asked: &str, services: &dyn Services) -> Vec<(String, bool)> {
        let mut names: IndexMap<&str, bool> = IndexMap::new();
        for (_, state) in self.world.program.states() {
            let needed = state.unknown.iter().filter(|(_, need)| self.needs(state, *need, services));
            names.extend(needed.map(|(unknown, _)| (unknown.name.as_str(), unknown.parameter)));
        }
        names.shift_remove(asked);
        names.into_iter().map(|(name, parameter)| (name.to_owned(), parameter)).collect()
    }

    fn enter(&mut self, flow: &mut Flow, state: &State) {
        self.world.entered(flow, state);
        flow.retries.clear();
        flow.retries.resize(state.retry.len(), self.world.test.as_ref().map_or(0, |test| test.retries));
        flow.token = None;
        if self.world.options.inspections {
            let mut inspection = Inspection::default();
            inspection.set(step::INPUT, flow.input.clone());
            flow.inspection = Some(Box::new(inspection));
        }
    }

    fn left(&mut self, id: FlowId, mut flow: Flow, state: &State, left: Left) {
        let Left { output, assigned, to, caught } = left;
        self.world.exited(&mut flow, state, &output, assigned.as_ref());
        if let Some(assigned) = assigned {
            Arc::make_mut(&mut flow.variables).assign(assigned);
        }
        if self.world.options.path {
            self.world.path.push(flow.state);
        }
        if flow.inspection.is_some() {
            let next = match to {
                Some(Transition::Next(next)) => Some(self.world.program[next].name.clone()),
                _ => None,
            };
            let ended = match (caught, next) {
                (Some(error), Some(next)) => StateEnd::Caught { error, output: output.clone(), next },
                (_, next) => StateEnd::Succeeded { output: output.clone(), next },
            };
            self.note_run(&mut flow, state, ended);
        }
        match to {
            Some(Transition::Next(next)) => {
                flow.state = next;
                flow.input = output;
                flow.stage = Stage::Enter;
                self.schedule.again(id, flow, self.world.now);
            }
            _ => self.end(id, flow, Ok(output)),
        }
    }

    fn note_run(&mut self, flow: &mut Flow, state: &State, ended: StateEnd) {
        let Some(mut inspection) = flow.inspection.take() else { return };
        if !flow.variables.own().is_empty() {
            inspection.set(step::VARIABLES, Value::Object(flow.variables.own().clone()));
        }
        self.world.runs.push(StateRun {
            state: state.name.clone(),
            kind: state.kind.name(),
            item_index: flow.item.as_ref().map(|item| item.index),
            entered: flow.entered_at,
            left: self.world.now,
            inspection: *inspection,
            ended,
        });
    }

    /// Looks how far the branches or iterations of a state are.
    fn join(
        &mut self,
        flow: &mut Flow,
        state: &State,
        mut joint: Box<Joint>,
        services: &mut dyn Services,
    ) -> Result<Next, Failure> {
        if let Some(failure) = joint.failure.take() {
            self.abort(flow, &joint.running);
            return Err(states::broken(&mut self.world, flow, state, failure));
        }
        if joint.unfinished == 0 {
            return states::joined(&mut self.world, flow, state, *joint, services);
        }
        match states::more(&mut self.world, flow, state, &mut joint) {
            Ok(starts) => Ok(Next::Fork(joint, starts)),
            Err(failure) => {
                self.abort(flow, &joint.running);
                Err(failure)
            }
        }
    }
}

/// How a state is left.
struct Left {
    output: Value,
    assigned: Option<Map<String, Value>>,
    to: Option<Transition>,
    caught: Option<Failure>,
}
