//! An execution, step by step.

use std::cmp::Reverse;
use std::collections::BinaryHeap;
use std::sync::Arc;
use std::time::Duration;

use serde_json::{Map, Value};

use super::flow::{Flow, FlowId, Stage};
use super::history::{self, HistoryEvent};
use super::inspection::{Inspection, StateEnd, StateRun, step};
use super::joint::Joint;
use super::services::Services;
use super::states::{self, Next, Start};
use super::variables::VariableScope;
use super::world::World;
use super::{ExecutionOptions, Failure, Outcome, Timestamp, failure::FailureKind, failure::name, recovery};
use crate::asl::program::{Program, State, StateKind, Transition};

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
#[derive(Debug)]
pub struct Execution {
    world: World,
    flows: Vec<Option<Flow>>,
    free: Vec<FlowId>,
    queue: BinaryHeap<Reverse<(Timestamp, u64, FlowId)>>,
    alarms: u64,
    deadline: Option<Timestamp>,
    outcome: Option<Outcome>,
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

impl Execution {
    /// An execution that has not done anything yet.
    pub fn new(program: Arc<Program>, input: Value, options: ExecutionOptions) -> Self {
        let start = options.start_time;
        let seconds = program.timeout_seconds.filter(|seconds| seconds.is_finite() && *seconds >= 0.0);
        let deadline = seconds.map(|seconds| start.after(Duration::try_from_secs_f64(seconds).unwrap_or(LONGEST)));
        let world = World::new(Arc::clone(&program), options, &input);
        let mut execution = Self {
            world,
            flows: Vec::new(),
            free: Vec::new(),
            queue: BinaryHeap::new(),
            alarms: 0,
            deadline,
            outcome: None,
        };
        let mut flow = Flow {
            parent: None,
            machine: program.top_id(),
            state: program.top().start_at,
            stage: Stage::Enter,
            input,
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
        let id = execution.put(flow);
        execution.wake(id, start);
        execution
    }

    /// The same, with variables that are already set.
    #[must_use]
    pub fn with_variables(mut self, variables: Map<String, Value>) -> Self {
        for flow in self.flows.iter_mut().flatten() {
            flow.variables = Arc::new(VariableScope::new(variables.clone()));
        }
        self
    }

    fn started(&mut self, flow: &mut Flow) {
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
        while let Some(Reverse((time, alarm, id))) = self.queue.pop() {
            let Some(flow) = self.flows.get_mut(id).and_then(|flow| flow.take_if(|flow| flow.alarm == alarm)) else {
                continue;
            };
            if self.deadline.is_some_and(|deadline| time > deadline) {
                return self.time_out();
            }
            self.world.now = self.world.now.max(time);
            self.advance(id, flow, services);
            return if self.outcome.is_some() { Step::Ended } else { Step::Going };
        }
        self.time_out()
    }

    /// Goes on until it has ended.
    pub fn run(&mut self, services: &mut dyn Services) -> &Outcome {
        while self.step(services) == Step::Going {}
        self.outcome.get_or_insert(Outcome::TimedOut)
    }

    /// How it ended, if it has.
    pub fn outcome(&self) -> Option<&Outcome> {
        self.outcome.as_ref()
    }

    /// When, in virtual time, it will go on.
    pub fn due(&self) -> Option<Timestamp> {
        if self.outcome.is_some() {
            return None;
        }
        let live =
            |id: FlowId, alarm: u64| self.flows.get(id).and_then(Option::as_ref).is_some_and(|f| f.alarm == alarm);
        self.queue.iter().filter(|Reverse((_, alarm, id))| live(*id, *alarm)).map(|Reverse((time, _, _))| *time).min()
    }

    /// The virtual time.
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

    fn time_out(&mut self) -> Step {
        let latest = self.world.options.start_time.after(LONGEST);
        self.world.now = self.world.now.max(self.deadline.unwrap_or(latest));
        let last = self.world.histories[0].len();
        self.world.histories[0].add(self.world.now, last, "ExecutionTimedOut", None);
        self.outcome = Some(Outcome::TimedOut);
        Step::Ended
    }

    fn put(&mut self, flow: Flow) -> FlowId {
        if let Some(id) = self.free.pop() {
            self.flows[id] = Some(flow);
            return id;
        }
        self.flows.push(Some(flow));
        self.flows.len() - 1
    }

    fn wake(&mut self, id: FlowId, time: Timestamp) {
        self.alarms += 1;
        if let Some(Some(flow)) = self.flows.get_mut(id) {
            flow.alarm = self.alarms;
            self.queue.push(Reverse((time, self.alarms, id)));
        }
    }

    fn advance(&mut self, id: FlowId, mut flow: Flow, services: &mut dyn Services) {
        let program = Arc::clone(&self.world.program);
        let state = &program[flow.state];
        let stage = std::mem::replace(&mut flow.stage, Stage::Idle);
        if matches!(stage, Stage::Enter) {
            if self.world.histories[flow.history].is_full() {
                let limit = self.world.histories[flow.history].limit();
                let cause = format!("The execution reached the maximum number of history events ({limit}).");
                return self.end(id, flow, Err(Failure::reported(name::RUNTIME, Some(cause))));
            }
            self.enter(&mut flow, state);
        }
        let next = match stage {
            Stage::Enter | Stage::Again => states::begin(&mut self.world, &mut flow, state, services),
            Stage::Waited => states::waited(&mut self.world, &mut flow, state),
            Stage::Answered(answer) => states::answered(&mut self.world, &mut flow, state, *answer),
            Stage::Joining(joint) => self.join(&mut flow, state, joint, services),
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
                flow.stage = stage;
                self.flows[id] = Some(flow);
                self.wake(id, until);
            }
            Ok(Next::Fork(joint, starts)) => self.fork(id, flow, joint, starts),
            Err(failure) => {
                self.note_run(&mut flow, state, StateEnd::Failed(failure.clone()));
                self.end(id, flow, Err(failure));
            }
        }
    }

    fn enter(&mut self, flow: &mut Flow, state: &State) {
        self.world.entered(flow, state);
        flow.retries.clear();
        flow.retries.resize(state.retry.len(), 0);
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
                self.flows[id] = Some(flow);
                self.wake(id, self.world.now);
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
            self.abort(&joint.running);
            return Err(states::broken(&mut self.world, flow, state, failure));
        }
        if joint.unfinished == 0 {
            return states::joined(&mut self.world, flow, state, *joint, services);
        }
        match states::more(&mut self.world, flow, state, &mut joint) {
            Ok(starts) => Ok(Next::Fork(joint, starts)),
            Err(failure) => {
                self.abort(&joint.running);
                Err(failure)
            }
        }
    }

    /// Starts branches or iterations, and lets their state wait for them.
    fn fork(&mut self, id: FlowId, mut flow: Flow, mut joint: Box<Joint>, starts: Vec<Start>) {
        for start in starts {
            let child = self.start(id, &flow, start);
            joint.running.push(child);
        }
        // With nothing to wait for, the state has to look at once that it is done.
        let done = joint.running.is_empty();
        flow.stage = Stage::Joining(joint);
        flow.alarm = 0;
        self.flows[id] = Some(flow);
        if done {
            self.wake(id, self.world.now);
        }
    }

    fn start(&mut self, parent: FlowId, around: &Flow, start: Start) -> FlowId {
        let start_at = self.world.program[start.machine].start_at;
        let (history, previous) = match &start.child {
            Some(_) => (self.world.new_history(), 0),
            None => (around.history, start.previous),
        };
        let mut flow = Flow {
            parent: Some((parent, start.place)),
            machine: start.machine,
            state: start_at,
            stage: Stage::Enter,
            input: start.input,
            variables: Arc::new(if start.child.is_some() {
                VariableScope::default()
            } else {
                around.variables.within()
            }),
            retries: Vec::new(),
            entered_at: self.world.now,
            entered: 0,
            previous,
            history,
            item: start.item.or_else(|| around.item.clone()),
            child: start.child.or_else(|| around.child.clone()),
            token: None,
            alarm: 0,
            inspection: None,
        };
        if history != around.history {
            self.started(&mut flow);
        }
        let id = self.put(flow);
        self.wake(id, self.world.now);
        id
    }

    /// Ends a flow, and with it the execution, or tells the state that waits for it.
    fn end(&mut self, id: FlowId, mut flow: Flow, ended: Result<Value, Failure>) {
        self.free.push(id);
        let Some((parent, place)) = flow.parent else {
            self.outcome = Some(states::execution_ended(&mut self.world, &mut flow, ended));
            return;
        };
        let Some(Some(waiting)) = self.flows.get_mut(parent) else { return };
        let owner = &self.world.program[waiting.state];
        let is_map = matches!(owner.kind, StateKind::Map(_));
        let name = if is_map { owner.name.clone() } else { String::new() };
        let same_history = waiting.history == flow.history;
        if let Stage::Joining(joint) = &mut waiting.stage {
            let failed = ended.is_err();
            joint.take(id, place, ended);
            if is_map && same_history {
                states::iteration_ended(&mut self.world, &mut flow, &name, place, failed);
            }
            waiting.previous = waiting.previous.max(if same_history { flow.previous } else { 0 });
            // Only what changes something wakes it: room for one more, a failure, or the end.
            let waits_for_more = joint.map.as_ref().is_some_and(|map| !map.pending.is_empty());
            if joint.unfinished == 0 || joint.failure.is_some() || waits_for_more {
                self.wake(parent, self.world.now);
            }
        }
    }

    /// Ends flows that nobody waits for any more, with all that they wait for.
    fn abort(&mut self, flows: &[FlowId]) {
        let mut rest = flows.to_vec();
        while let Some(id) = rest.pop() {
            if let Some(flow) = self.flows.get_mut(id).and_then(Option::take) {
                if let Stage::Joining(joint) = &flow.stage {
                    rest.extend(&joint.running);
                }
                self.free.push(id);
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

impl Failure {
    /// Whether the history has an event of its own for it.
    pub(super) fn is_evaluation(&self) -> bool {
        self.kind == FailureKind::Evaluation
    }
}
