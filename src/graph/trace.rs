//! Which way executions took: their histories, painted onto a picture.

use std::collections::HashMap;

use serde_json::Value;
use thiserror::Error;

use super::diagram::{Diagram, EdgeKind, NodeKind, Vertex};

/// Histories of executions, as `bucketbook simulate --format json` (or `jsonl`) and
/// [`GetExecutionHistory`](https://docs.aws.amazon.com/step-functions/latest/apireference/API_GetExecutionHistory.html) give them.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Trace {
    executions: Vec<Execution>,
}

/// Why a text is no trace.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
pub enum TraceError {
    /// It is not JSON; the text says where.
    #[error("it is not JSON: {0}")]
    NotJson(String),
    /// It is JSON, and no history is in it.
    #[error("there is no execution history in it")]
    NoHistory,
    /// A state of it is not in the picture.
    #[error("it is of another state machine: there is no state `{0}` here")]
    OtherMachine(String),
    /// None of its executions is of the machine.
    #[error("none of its executions is of the state machine `{0}`")]
    NoExecution(String),
}

#[derive(Debug, Clone, Default, PartialEq)]
struct Execution {
    /// The ARN of its state machine, where the history says.
    machine: Option<String>,
    events: Vec<Event>,
}

#[derive(Debug, Clone, PartialEq)]
struct Event {
    id: u64,
    previous: u64,
    kind: String,
    /// The state that it enters or leaves.
    state: Option<String>,
}

impl Trace {
    /// Reads histories: one object, a list of them, or one a line.
    ///
    /// # Errors
    /// It is not JSON, or there is no history in it.
    pub fn read(text: &str) -> Result<Self, TraceError> {
        let mut trace = Self::default();
        let mut values = 0;
        for value in serde_json::Deserializer::from_str(text).into_iter::<Value>() {
            let value = value.map_err(|error| TraceError::NotJson(error.to_string()))?;
            values += 1;
            trace.take(&value);
        }
        match trace.executions.len() {
            0 if values == 0 => Err(TraceError::NotJson("it is empty".to_owned())),
            0 => Err(TraceError::NoHistory),
            _ => Ok(trace),
        }
    }

    fn take(&mut self, value: &Value) {
        match value {
            Value::Array(values) => values.iter().for_each(|value| self.take_one(value)),
            other => self.take_one(other),
        }
    }

    fn take_one(&mut self, value: &Value) {
        if let Some(Value::Array(executions)) = value.get("executions") {
            executions.iter().for_each(|execution| self.take_execution(execution));
        } else {
            self.take_execution(value);
        }
    }

    fn take_execution(&mut self, value: &Value) {
        let Some(Value::Array(events)) = value.get("events") else { return };
        let mut events: Vec<Event> = events.iter().filter_map(Event::read).collect();
        if events.is_empty() {
            return;
        }
        events.sort_by_key(|event| event.id);
        let machine = value.get("stateMachineArn").and_then(Value::as_str).map(str::to_owned);
        self.executions.push(Execution { machine, events });
    }

    /// Whether it says that an execution is of this machine.
    pub fn names(&self, arn: &str) -> bool {
        self.executions.iter().any(|execution| execution.machine.as_deref().is_some_and(|own| is_of(own, arn)))
    }

    /// Adds the executions of another trace.
    pub fn extend(&mut self, other: Self) {
        self.executions.extend(other.executions);
    }

    /// Paints the executions of a machine onto its picture; those without an ARN are of any. Gives how many there were.
    ///
    /// # Errors
    /// There is none, or they pass states that are not in the picture.
    pub fn paint(&self, diagram: &mut Diagram, arn: Option<&str>) -> Result<usize, TraceError> {
        let of_machine = |execution: &&Execution| match (&execution.machine, arn) {
            (Some(own), Some(arn)) => is_of(own, arn),
            _ => true,
        };
        let executions: Vec<&Execution> = self.executions.iter().filter(of_machine).collect();
        if executions.is_empty() {
            return Err(TraceError::NoExecution(diagram.title.clone()));
        }
        let mut painter = Painter::new(diagram);
        for execution in &executions {
            painter.execution(&execution.events)?;
        }
        diagram.painted = true;
        Ok(executions.len())
    }
}

/// Whether an execution's machine is this one: the ARN of a version or an alias is the machine's and more.
fn is_of(own: &str, arn: &str) -> bool {
    own.strip_prefix(arn).is_some_and(|rest| rest.is_empty() || rest.starts_with(':'))
}

impl Event {
    fn read(value: &Value) -> Option<Self> {
        let kind = value.get("type")?.as_str()?.to_owned();
        let details = ["stateEnteredEventDetails", "stateExitedEventDetails"].iter().find_map(|name| value.get(name));
        let state = details.and_then(|details| details.get("name")).and_then(Value::as_str).map(str::to_owned);
        let number = |name: &str| value.get(name).and_then(Value::as_u64);
        Some(Self { id: number("id")?, previous: number("previousEventId").unwrap_or(0), kind, state })
    }

    fn enters(&self) -> Option<&str> {
        self.state.as_deref().filter(|_| self.kind.ends_with("StateEntered"))
    }

    fn leaves(&self) -> Option<&str> {
        self.state.as_deref().filter(|_| self.kind.ends_with("StateExited"))
    }
}

struct Painter<'a> {
    diagram: &'a mut Diagram,
    states: HashMap<String, Vertex>,
    start: Option<Vertex>,
    end: Option<Vertex>,
    /// The edges between two, as the diagram numbers them.
    edges: HashMap<(Vertex, Vertex), Vec<usize>>,
}

impl<'a> Painter<'a> {
    fn new(diagram: &'a mut Diagram) -> Self {
        let mut states = HashMap::new();
        let (mut start, mut end) = (None, None);
        for vertex in diagram.vertices() {
            let state = match vertex {
                Vertex::Node(id) => {
                    let node = &diagram.nodes()[id.0];
                    match node.kind {
                        NodeKind::Start => start = Some(*vertex),
                        NodeKind::End => end = Some(*vertex),
                        _ => {}
                    }
                    node.state.clone()
                }
                Vertex::Container(id) => diagram.containers()[id.0].state.clone(),
            };
            states.extend(state.map(|state| (state, *vertex)));
        }
        let mut edges: HashMap<_, Vec<usize>> = HashMap::new();
        for (at, edge) in diagram.edges().iter().enumerate() {
            edges.entry((edge.from, edge.to)).or_default().push(at);
        }
        Self { diagram, states, start, end, edges }
    }

    fn execution(&mut self, events: &[Event]) -> Result<(), TraceError> {
        let by_id: HashMap<u64, &Event> = events.iter().map(|event| (event.id, event)).collect();
        let ended = events.iter().any(|event| {
            event.kind.starts_with("Execution") && event.kind != "ExecutionStarted" && event.kind != "ExecutionRedriven"
        });
        // States that are entered and not left, with what they were entered by.
        let mut open: Vec<(u64, &str)> = Vec::new();
        let mut entry: HashMap<u64, u64> = HashMap::new();
        for event in events {
            let before = by_id.get(&event.previous).copied();
            if let Some(state) = event.enters() {
                let vertex = self.vertex(state)?;
                self.count(vertex, 1, 0);
                entry.insert(event.id, event.id);
                open.push((event.id, state));
                self.transition(before, &by_id, vertex);
                continue;
            }
            if let Some(own) = entry.get(&event.previous).copied() {
                entry.insert(event.id, own);
                if event.kind.ends_with("Aborted") {
                    open.retain(|(id, _)| *id != own);
                }
            }
            if let Some(state) = event.leaves() {
                if let Some(at) = open.iter().rposition(|(_, name)| *name == state) {
                    open.remove(at);
                }
            } else if event.kind.starts_with("Execution") && event.kind != "ExecutionStarted" {
                self.ended(event, before);
            }
        }
        for (_, state) in open.into_iter().filter(|_| ended) {
            let vertex = self.vertex(state)?;
            self.count(vertex, 0, 1);
        }
        Ok(())
    }

    fn vertex(&self, state: &str) -> Result<Vertex, TraceError> {
        self.states.get(state).copied().ok_or_else(|| TraceError::OtherMachine(state.to_owned()))
    }

    /// Counts the edge by which a state was entered.
    fn transition(&mut self, before: Option<&Event>, by_id: &HashMap<u64, &Event>, to: Vertex) {
        let Some(before) = before else { return };
        if before.kind == "ExecutionStarted" {
            if let Some(start) = self.start {
                self.count(start, 1, 0);
                self.edge(start, to, false);
            }
        } else if let Some(from) = before.leaves().and_then(|state| self.states.get(state).copied()) {
            let cause = by_id.get(&before.previous);
            let caught = cause.is_some_and(|event| event.kind.ends_with("Failed") || event.kind.ends_with("TimedOut"));
            self.edge(from, to, caught);
        }
    }

    /// Counts the edge to the end.
    fn ended(&mut self, event: &Event, before: Option<&Event>) {
        let Some(end) = self.end else { return };
        let last = before.and_then(|before| match event.kind.as_str() {
            "ExecutionSucceeded" => before.leaves(),
            "ExecutionFailed" if before.kind == "FailStateEntered" => before.enters(),
            _ => None,
        });
        if let Some(last) = last.and_then(|state| self.states.get(state).copied()) {
            self.count(end, 1, u64::from(event.kind == "ExecutionFailed"));
            self.edge(last, end, false);
        }
    }

    fn edge(&mut self, from: Vertex, to: Vertex, caught: bool) {
        let Some(found) = self.edges.get(&(from, to)) else { return };
        let edges = self.diagram.edges_mut();
        let fits = found.iter().copied().find(|at| (edges[*at].kind == EdgeKind::Catch) == caught);
        if let Some(at) = fits.or(found.first().copied()) {
            edges[at].tally.count += 1;
        }
    }

    fn count(&mut self, vertex: Vertex, count: u64, failed: u64) {
        let tally = match vertex {
            Vertex::Node(id) => &mut self.diagram.nodes_mut()[id.0].tally,
            Vertex::Container(id) => {
                // What is around a branch's states has no event of its own.
                &mut self.diagram.containers_mut()[id.0].tally
            }
        };
        tally.count += count;
        tally.failed += failed;
    }
}
