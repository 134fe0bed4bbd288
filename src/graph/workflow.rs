//! The picture of a state machine, as the Step Functions console draws it.

use std::collections::HashMap;

use super::architecture::kinds;
use super::diagram::{Container, ContainerId, ContainerKind, Diagram, EdgeKind, Node, NodeKind, Vertex};
use super::words;
use crate::asl::program::{Catcher, MachineId, Mode, Program, Retrier, State, StateId, StateKind, Transition};
use crate::aws::integration::Resource;
use crate::aws::states::error;

/// The picture of a state machine: its states by type, from where it starts to where it ends.
pub fn workflow(title: &str, program: &Program) -> Diagram {
    let diagram = Diagram::new(title, description(title, program));
    drawn(diagram, program, None)
}

/// One picture of several state machines, each with its name, in a box of its own.
pub fn workflows(title: &str, programs: &[(&str, &Program)]) -> Diagram {
    let text: Vec<String> = programs.iter().map(|(name, program)| description(name, program)).collect();
    let mut diagram = Diagram::new(title, text.join(" "));
    for (name, program) in programs {
        let detail = Some("State machine".to_owned());
        let container = Container { label: (*name).to_owned(), detail, ..Container::default() };
        let container = diagram.add_container(container);
        diagram = drawn(diagram, program, Some(container));
    }
    diagram
}

fn drawn(mut diagram: Diagram, program: &Program, around: Option<ContainerId>) -> Diagram {
    let start = add_end(&mut diagram, NodeKind::Start, "Start", around);
    let mut drawing = Drawing { program, diagram, around, start, vertices: HashMap::new(), inside: HashMap::new() };
    drawing.states();
    drawing.edges();
    drawing.diagram
}

struct Drawing<'a> {
    program: &'a Program,
    diagram: Diagram,
    /// The box around the whole machine.
    around: Option<ContainerId>,
    /// Where executions begin.
    start: Vertex,
    vertices: HashMap<StateId, Vertex>,
    /// The container of each inner machine.
    inside: HashMap<MachineId, ContainerId>,
}

impl Drawing<'_> {
    fn states(&mut self) {
        let program = self.program;
        for (id, machine) in program.machines() {
            let parent = self.inside.get(&id).copied().or(self.around);
            // Where it starts comes first, wherever that is written.
            let others = machine.states.iter().filter(|state| **state != machine.start_at);
            for state in std::iter::once(&machine.start_at).chain(others) {
                let vertex = self.state(&program[*state], parent);
                self.vertices.insert(*state, vertex);
            }
        }
    }

    fn state(&mut self, state: &State, parent: Option<ContainerId>) -> Vertex {
        let machines = state.machines();
        if machines.is_empty() {
            return self.diagram.add(node(state, parent)).into();
        }
        let container = self.diagram.add_container(container(state, parent));
        for machine in machines {
            let inside = if machines.len() > 1 {
                let branch = Container { kind: ContainerKind::Branch, parent: Some(container), ..Container::default() };
                self.diagram.add_container(branch)
            } else {
                container
            };
            self.inside.insert(*machine, inside);
        }
        container.into()
    }

    fn edges(&mut self) {
        let program = self.program;
        let top = program.top();
        if let Some(first) = self.vertices.get(&top.start_at).copied() {
            self.diagram.connect(self.start, first, EdgeKind::Next, None);
        }
        let mut end: Option<Vertex> = None;
        for (id, state) in program.states() {
            let Some(from) = self.vertices.get(&id).copied() else { continue };
            for way in ways(state) {
                if let Some(to) = self.vertices.get(&way.to).copied() {
                    self.diagram.connect(from, to, way.kind, way.label);
                }
            }
            let ends = matches!(state.kind, StateKind::Succeed | StateKind::Fail(_))
                || state.transition == Some(Transition::End);
            if ends && state.machine == program.top_id() {
                let to = match end {
                    Some(end) => end,
                    None => *end.insert(add_end(&mut self.diagram, NodeKind::End, "End", self.around)),
                };
                self.diagram.connect(from, to, EdgeKind::End, None);
            }
        }
    }
}

/// Where executions begin, or where they end.
fn add_end(diagram: &mut Diagram, kind: NodeKind, label: &str, parent: Option<ContainerId>) -> Vertex {
    diagram.add(Node { kind, label: label.to_owned(), parent, ..Node::default() }).into()
}

/// A way from a state to another one.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Way {
    pub(super) to: StateId,
    pub(super) kind: EdgeKind,
    pub(super) label: Option<String>,
}

/// The ways out of a state; those of one kind that lead to one state are one.
pub(super) fn ways(state: &State) -> Vec<Way> {
    let mut ways: Vec<Way> = Vec::new();
    let mut place: HashMap<(StateId, EdgeKind), usize> = HashMap::new();
    let mut add = |to: StateId, kind: EdgeKind, label: Option<String>| {
        let at = *place.entry((to, kind)).or_insert(ways.len());
        match ways.get_mut(at) {
            Some(way) => way.label = joined(kind, way.label.take(), label),
            None => ways.push(Way { to, kind, label }),
        }
    };
    if let StateKind::Choice(choice) = &state.kind {
        for rule in &choice.choices {
            add(rule.next, EdgeKind::Choice, Some(words::condition(&rule.condition)));
        }
        if let Some(default) = choice.default {
            add(default, EdgeKind::Default, Some("otherwise".to_owned()));
        }
    }
    if let Some(Transition::Next(next)) = state.transition {
        add(next, EdgeKind::Next, None);
    }
    for Catcher { error_equals, next, .. } in &state.catch {
        add(*next, EdgeKind::Catch, Some(errors(error_equals)));
    }
    ways
}

fn joined(kind: EdgeKind, first: Option<String>, second: Option<String>) -> Option<String> {
    match (first, second) {
        (Some(first), Some(second)) if kind == EdgeKind::Catch => Some(format!("{first}\n{second}")),
        (Some(first), Some(second)) => Some(format!("{first}\nor {second}")),
        (first, second) => first.or(second),
    }
}

/// The names of errors, one below the other; `States.ALL` is any.
fn errors(names: &[String]) -> String {
    let name = |name: &String| if name == error::ALL { "any error".to_owned() } else { name.clone() };
    names.iter().map(name).collect::<Vec<_>>().join("\n")
}

fn node(state: &State, parent: Option<ContainerId>) -> Node {
    let (kind, detail) = match &state.kind {
        StateKind::Task(task) => (NodeKind::Task, words::resource(&task.resource)),
        StateKind::Pass(_) => (NodeKind::Pass, "Pass".to_owned()),
        StateKind::Choice(_) => (NodeKind::Choice, "Choice".to_owned()),
        StateKind::Wait(wait) => (NodeKind::Wait, words::wait(wait)),
        StateKind::Succeed => (NodeKind::Succeed, "Succeed".to_owned()),
        StateKind::Fail(fail) => {
            let error = fail.error.as_ref().map(words::dynamic);
            (NodeKind::Fail, error.map_or_else(|| "Fail".to_owned(), |error| format!("Fail: {error}")))
        }
        StateKind::Parallel(_) => (NodeKind::Parallel, "Parallel".to_owned()),
        StateKind::Map(map) => (NodeKind::Map, words::map(map)),
        StateKind::Unknown => (NodeKind::Pass, "known once deployed".to_owned()),
    };
    Node {
        kind,
        label: state.name.clone(),
        detail: Some(detail),
        icon: icon(state),
        badges: badges(state),
        tooltip: Some(tooltip(state)),
        state: Some(state.name.clone()),
        parent,
        ..Node::default()
    }
}

fn container(state: &State, parent: Option<ContainerId>) -> Container {
    let (kind, detail) = match &state.kind {
        StateKind::Map(map) => {
            let kind = if map.mode == Mode::Inline { ContainerKind::Map } else { ContainerKind::DistributedMap };
            (kind, words::map(map))
        }
        _ => (ContainerKind::Parallel, "Parallel".to_owned()),
    };
    Container {
        kind,
        label: state.name.clone(),
        detail: Some(detail),
        badges: badges(state),
        tooltip: Some(tooltip(state)),
        state: Some(state.name.clone()),
        parent,
        ..Container::default()
    }
}

/// The drawing of the service that a task calls.
fn icon(state: &State) -> Option<NodeKind> {
    let StateKind::Task(task) = &state.kind else { return None };
    match &task.resource {
        Resource::Service { call, .. } => {
            Some(kinds::service(call.service()).0).filter(|kind| *kind != NodeKind::Other)
        }
        Resource::Function { .. } => Some(NodeKind::Function),
        Resource::Activity { .. } => Some(NodeKind::Client),
        Resource::Other { .. } => None,
    }
}

/// `×3 retries` for a state that is tried again up to three times.
fn badges(state: &State) -> Vec<String> {
    let most = state.retry.iter().map(|retrier| retrier.max_attempts).max().filter(|most| *most > 0);
    most.map(|most| if most == 1 { "×1 retry".to_owned() } else { format!("×{most} retries") }).into_iter().collect()
}

/// All that there is to say of a state in a few lines.
fn tooltip(state: &State) -> String {
    let mut lines = vec![format!("{} ({})", state.name, state.kind.name())];
    lines.extend(state.comment.clone());
    if let StateKind::Task(task) = &state.kind {
        lines.push(task.resource.arn().to_owned());
    }
    for Retrier { error_equals, max_attempts, .. } in &state.retry {
        let times = if *max_attempts == 1 { "once" } else { &format!("{max_attempts} times") };
        lines.push(format!("tried again up to {times} after {}", error_equals.join(", ")));
    }
    lines.join("\n")
}

/// How many states are named in a description.
const NAMED: usize = 40;

/// What there is to see, for those who cannot see it.
fn description(title: &str, program: &Program) -> String {
    let count = program.states().count();
    let mut text = format!("The state machine {title} has {count} state{}", if count == 1 { "" } else { "s" });
    text.push_str(&format!(" and starts at {}.", program[program.top().start_at].name));
    for (_, state) in program.states().take(NAMED) {
        let targets: Vec<&str> = ways(state).iter().map(|way| program[way.to].name.as_str()).collect();
        let targets = if targets.is_empty() { "ends".to_owned() } else { format!("leads to {}", targets.join(", ")) };
        text.push_str(&format!(" {} ({}) {targets}.", state.name, state.kind.name()));
    }
    if count > NAMED {
        text.push_str(&format!(" And {} more.", count - NAMED));
    }
    text
}
