//! A definition's states, read machine by machine without recursion, so that no nesting is too deep.

use super::language::{DataFields, JsonPathFields, JsonataFields};
use crate::aws::states::INNER;
use std::collections::{HashMap, VecDeque};

use serde_json::{Map, Value};

use super::choice::choice;
use super::fault::Faults;
use super::fields::Fields;
use super::jsonata::names_in;
use super::names::Names;
use super::needed::note_unknown;
use super::retry::{catchers, retriers};
use super::state::{Fail, Parallel, Pass, State, StateKind, Task, Transition, Wait};
use super::unknown::Unknowns;
use super::{Machine, MachineId, Program, ProgramFault, StateId, map};
use crate::asl::QueryLanguage;
use crate::source::Pointer;

/// How deep machines may stand in each other: a JSON text that can be read has no room for more.
const MAX_NESTING: usize = 64;

/// The fault of a state of no known type, as AWS words it.
const WRONG_TYPE: &str =
    "The field 'Type' should have one of these values: [Task, Wait, Pass, Succeed, Fail, Choice, Parallel, Map]";

/// A machine that is still to be read.
struct Pending<'a> {
    object: &'a Map<String, Value>,
    pointer: Pointer,
    owner: Option<StateId>,
    depth: usize,
}

/// What the states of a machine have in common.
struct Around<'n> {
    id: MachineId,
    /// The place of the states.
    states_at: Pointer,
    names: Names<'n>,
    default: QueryLanguage,
    depth: usize,
}

/// All that is read so far. A machine's number is its place in the queue.
#[derive(Default)]
struct Reading<'a> {
    machines: Vec<Machine>,
    states: Vec<State>,
    /// How many states the machines that are read or being read have.
    reserved: usize,
    queue: VecDeque<Pending<'a>>,
    queued: usize,
    faults: Faults,
}

pub(super) fn program(definition: &Value, unknowns: Unknowns) -> Result<Program, Vec<ProgramFault>> {
    let mut reading = Reading { faults: Faults { unknowns, ..Faults::default() }, ..Reading::default() };
    let Value::Object(object) = definition else {
        reading.faults.add(Pointer::root(), "a definition has to be an object");
        return Err(reading.faults.found);
    };
    let root = Pointer::root();
    let language = language(object, QueryLanguage::JsonPath, &root, &mut reading.faults);
    let top = Fields { object, pointer: &root, language };
    let comment = top.text("Comment", &mut reading.faults);
    let timeout_seconds = top.number("TimeoutSeconds", &mut reading.faults);
    let version = top.text("Version", &mut reading.faults);
    reading.queue(object, root.clone(), None, 0);
    while let Some(pending) = reading.queue.pop_front() {
        reading.machine(&pending, language);
    }
    let Reading { machines, mut states, faults, .. } = reading;
    if !faults.found.is_empty() {
        return Err(faults.found);
    }
    let ways_unknown = note_unknown(&mut states, &faults);
    Ok(Program { machines, states, query_language: language, comment, version, timeout_seconds, ways_unknown })
}

fn language(
    object: &Map<String, Value>,
    default: QueryLanguage,
    pointer: &Pointer,
    faults: &mut Faults,
) -> QueryLanguage {
    let Some(given) = object.get("QueryLanguage") else { return default };
    given.as_str().and_then(QueryLanguage::of).unwrap_or_else(|| {
        let known = QueryLanguage::WORDS.join(" or ");
        faults.add(pointer.child("QueryLanguage"), format!("QueryLanguage has to be {known}"));
        default
    })
}

impl<'a> Reading<'a> {
    /// Puts a machine in the queue, and says which number it will have.
    fn queue(
        &mut self,
        object: &'a Map<String, Value>,
        pointer: Pointer,
        owner: Option<StateId>,
        depth: usize,
    ) -> MachineId {
        if depth < MAX_NESTING {
            self.queue.push_back(Pending { object, pointer, owner, depth });
        } else {
            self.faults.add(pointer, format!("nested deeper than {MAX_NESTING}"));
        }
        self.queued += 1;
        MachineId(self.queued - 1)
    }

    fn machine(&mut self, pending: &Pending<'a>, default: QueryLanguage) {
        let fields = Fields { object: pending.object, pointer: &pending.pointer, language: default };
        let states = fields.required("States", fields.object("States", &mut self.faults), &mut self.faults);
        let first = self.reserved;
        let names = states.into_iter().flatten().enumerate();
        let names = Names(names.map(|(at, (name, _))| (name.as_str(), StateId(first + at))).collect::<HashMap<_, _>>());
        self.reserved += names.0.len();

        let start_at = fields.required("StartAt", fields.text("StartAt", &mut self.faults), &mut self.faults);
        let start_at = start_at.and_then(|name| names.resolve(&name, fields.at("StartAt"), &mut self.faults));
        let id = MachineId(self.machines.len());
        self.machines.push(Machine {
            pointer: pending.pointer.clone(),
            owner: pending.owner,
            start_at: start_at.unwrap_or(StateId(first)),
            states: (first..self.reserved).map(StateId).collect(),
        });
        let around = Around { id, states_at: pending.pointer.child("States"), names, default, depth: pending.depth };
        for (name, value) in states.into_iter().flatten() {
            self.state(name, value, &around);
        }
        if start_at.is_none() && self.faults.unknowns.explain(&fields.at("StartAt"))
            || states.is_none() && self.faults.unknowns.explain(&fields.at("States"))
        {
            self.unknown_start(fields, &around);
        }
    }

    /// The state in which a machine starts of which only a deployment says which states it has.
    fn unknown_start(&mut self, fields: Fields<'a, '_>, around: &Around<'_>) {
        let name = fields.get("StartAt").and_then(Value::as_str).unwrap_or("?").to_owned();
        let nothing = Map::new();
        let pointer = around.states_at.child(&name);
        let own = Fields { object: &nothing, pointer: &pointer, language: around.default };
        let state = common(own, &name, around.id, StateKind::Unknown, &around.names, &mut self.faults);
        let id = StateId(self.states.len());
        self.states.push(state);
        self.reserved += 1;
        if let Some(machine) = self.machines.last_mut() {
            machine.states.push(id);
            machine.start_at = id;
        }
    }

    fn state(&mut self, name: &str, value: &'a Value, around: &Around<'_>) {
        let pointer = around.states_at.child(name);
        let Some(object) = value.as_object() else {
            self.faults.add(pointer.clone(), "a state has to be an object");
            let nothing = Map::new();
            let fields = Fields { object: &nothing, pointer: &pointer, language: around.default };
            let state = common(fields, name, around.id, StateKind::Unknown, &around.names, &mut self.faults);
            self.states.push(state);
            return;
        };
        let language = language(object, around.default, &pointer, &mut self.faults);
        let fields = Fields { object, pointer: &pointer, language };
        let kind = self.kind(fields, &around.names, around.depth);
        let state = common(fields, name, around.id, kind, &around.names, &mut self.faults);
        self.states.push(state);
    }

    fn kind(&mut self, fields: Fields<'a, '_>, names: &Names<'_>, depth: usize) -> StateKind {
        let faults = &mut self.faults;
        let kind = fields.required("Type", fields.text("Type", faults), faults);
        match kind.as_deref() {
            Some("Task") => match task(fields, faults) {
                Some(task) => StateKind::Task(Box::new(task)),
                None => StateKind::Unknown,
            },
            Some("Pass") => {
                StateKind::Pass(Pass { result: if fields.jsonata() { None } else { fields.get("Result").cloned() } })
            }
            Some("Choice") => StateKind::Choice(choice(fields, names, faults)),
            Some("Wait") => wait(fields, faults).map_or(StateKind::Unknown, StateKind::Wait),
            Some("Succeed") => StateKind::Succeed,
            Some("Fail") => {
                StateKind::Fail(Fail { error: fields.dynamic("Error", faults), cause: fields.dynamic("Cause", faults) })
            }
            Some("Parallel") => StateKind::Parallel(self.parallel(fields, depth)),
            Some("Map") => self.map(fields, depth),
            Some(_) => {
                faults.add(fields.at("Type"), WRONG_TYPE);
                StateKind::Unknown
            }
            None => StateKind::Unknown,
        }
    }

    /// The state that is being read.
    fn owner(&self) -> Option<StateId> {
        Some(StateId(self.states.len()))
    }

    fn parallel(&mut self, fields: Fields<'a, '_>, depth: usize) -> Parallel {
        let branches = fields.required("Branches", fields.array("Branches", &mut self.faults), &mut self.faults);
        if branches.is_some_and(Vec::is_empty) {
            self.faults.add(fields.at("Branches"), "Value cannot be empty");
        }
        let mut ids = Vec::new();
        for (at, branch) in branches.into_iter().flatten().enumerate() {
            let pointer = fields.at("Branches").index(at);
            match branch.as_object() {
                Some(object) => ids.push(self.queue(object, pointer, self.owner(), depth + 1)),
                None => self.faults.add(pointer, "a branch has to be an object"),
            }
        }
        Parallel { branches: ids }
    }

    fn map(&mut self, fields: Fields<'a, '_>, depth: usize) -> StateKind {
        let name = map::processor(fields);
        let processor = fields.required(name, fields.object(name, &mut self.faults), &mut self.faults);
        let Some(processor) = processor else { return StateKind::Unknown };
        let id = self.queue(processor, fields.at(name), self.owner(), depth + 1);
        StateKind::Map(Box::new(map::read(fields, id, &mut self.faults)))
    }
}

/// What a state makes of its data. A Map has `Parameters` of its own.
fn data(fields: Fields<'_, '_>, is_map: bool, faults: &mut Faults) -> DataFields {
    if fields.jsonata() {
        let arguments = fields.template("Arguments", faults);
        let output = fields.template("Output", faults);
        return DataFields::Jsonata(Box::new(JsonataFields { arguments, output }));
    }
    let [input_path, result_path, output_path] =
        ["InputPath", "ResultPath", "OutputPath"].map(|name| fields.path_or_null(name, faults));
    let parameters = if is_map { None } else { fields.template("Parameters", faults) };
    let result_selector = fields.template("ResultSelector", faults);
    DataFields::JsonPath(Box::new(JsonPathFields { input_path, parameters, result_selector, result_path, output_path }))
}

/// The fields that several types share.
fn common(
    fields: Fields<'_, '_>,
    name: &str,
    machine: MachineId,
    kind: StateKind,
    names: &Names<'_>,
    faults: &mut Faults,
) -> State {
    State {
        data: data(fields, matches!(kind, StateKind::Map(_)), faults),
        assign: fields.template("Assign", faults),
        retry: retriers(fields, faults),
        catch: catchers(fields, names, faults),
        transition: transition(fields, &kind, names, faults),
        comment: fields.text("Comment", faults),
        name: name.to_owned(),
        pointer: fields.pointer.clone(),
        machine,
        uses_context: looks_at_context(fields.object),
        unknown: Vec::new(),
        unread: Vec::new(),
        kind,
    }
}

/// Whether a text of the state names the context object. The states of machines within it are not its own.
fn looks_at_context(object: &Map<String, Value>) -> bool {
    let own = |name: &str| !INNER.contains(&name) && name != "Comment";
    let mut rest: Vec<&Value> = object.iter().filter(|(name, _)| own(name)).map(|(_, value)| value).collect();
    while let Some(value) = rest.pop() {
        match value {
            Value::String(text) if text.contains("$$") => return true,
            Value::String(text) if text.starts_with("{%") && names_in(text).uses.context => return true,
            Value::Array(values) => rest.extend(values),
            Value::Object(fields) => rest.extend(fields.values()),
            _ => {}
        }
    }
    false
}

fn transition(fields: Fields<'_, '_>, kind: &StateKind, names: &Names<'_>, faults: &mut Faults) -> Option<Transition> {
    if matches!(kind, StateKind::Choice(_) | StateKind::Succeed | StateKind::Fail(_) | StateKind::Unknown) {
        return None;
    }
    match (fields.get("End"), fields.has("Next")) {
        (Some(Value::Bool(true)), _) => Some(Transition::End),
        (Some(Value::Bool(false)) | None, true) => {
            let next = fields.text("Next", faults)?;
            names.resolve(&next, fields.at("Next"), faults).map(Transition::Next)
        }
        (Some(Value::Bool(false)) | None, false) => {
            faults.add_certain(fields.pointer.clone(), "neither Next nor End says what follows");
            None
        }
        (Some(_), _) => {
            faults.add(fields.at("End"), "End has to be true or false");
            None
        }
    }
}

fn task(fields: Fields<'_, '_>, faults: &mut Faults) -> Option<Task> {
    let resource = fields.required("Resource", map::resource(fields, faults), faults);
    let timeout_seconds = fields.dynamic("TimeoutSeconds", faults);
    let heartbeat_seconds = fields.dynamic("HeartbeatSeconds", faults);
    let credentials = fields.template("Credentials", faults);
    Some(Task { resource: resource?, timeout_seconds, heartbeat_seconds, credentials })
}

fn wait(fields: Fields<'_, '_>, faults: &mut Faults) -> Option<Wait> {
    if fields.has("Timestamp") || fields.has("TimestampPath") {
        return fields.dynamic("Timestamp", faults).map(Wait::Timestamp);
    }
    if !fields.has("Seconds") && !fields.has("SecondsPath") {
        faults.add_certain(fields.pointer.clone(), "a Wait needs Seconds, SecondsPath, Timestamp or TimestampPath");
    }
    fields.dynamic("Seconds", faults).map(Wait::Seconds)
}
