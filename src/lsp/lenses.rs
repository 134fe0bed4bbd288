//! What is shown in the text and is none of it: lenses with commands, hints with prices, and what the commands show.

use std::path::Path;

use gen_lsp_types::{CodeLens, Command, InlayHint, Label, Position, Range, Uri};
use serde_json::{Value, json};

use crate::cost::render::{Report, markdown};
use crate::cost::{self, Options, PriceSheet};
use crate::graph::{self, SvgOptions};
use crate::loaded::{LoadedMachine, LoadedStack};
use crate::outline::Outline;
use crate::pages::Page;
use crate::source::Span;

use super::answer::Refused;
use super::client;
use super::generated::Generated;
use super::run;
use super::server::Server;
use super::workspace::Entry;

/// The commands of the server. Each takes the URI of a file, `run` and `draw` the logical id of a machine or `null`, and `draw` a position in
/// the file. Each gives a title, a text and its language.
pub(super) const COMMANDS: [&str; 5] = [RUN, DRAW, PRICE, GENERATE, CHECK];

const RUN: &str = "bucketbook.run";
const DRAW: &str = "bucketbook.draw";
const PRICE: &str = "bucketbook.price";
const GENERATE: &str = "bucketbook.generate";
const CHECK: &str = "bucketbook.check";

pub(super) fn lenses(server: &Server, path: &Path) -> Vec<CodeLens> {
    let Ok(uri) = Uri::from_file_path(path) else { return Vec::new() };
    let lens = |range: Range, title: &str, command: &str, more: Option<&str>| {
        let arguments = std::iter::once(json!(uri)).chain(more.map(|more| json!(more))).collect();
        let command =
            Command { title: title.to_owned(), command: command.to_owned(), arguments: Some(arguments), tooltip: None };
        CodeLens { range, command: Some(command), data: None }
    };
    let top = Range::default();
    if let Some(text) = spec(server, path) {
        let Ok(stack) = Generated::of(path, text) else { return Vec::new() };
        return vec![
            lens(top, "generate", GENERATE, None),
            lens(top, &stack.in_step(), CHECK, None),
            lens(top, "price", PRICE, None),
        ];
    }
    let Some((entry, document)) = server.workspace.entries().find_map(|e| Some((e, e.document(path)?))) else {
        return Vec::new();
    };
    let mut found = Vec::new();
    let title = match server.event() {
        Some((name, _)) => format!("run with {name}"),
        None => "run with a made-up event".to_owned(),
    };
    for (machine, range) in machines(server, entry, document) {
        found.push(lens(range, &title, RUN, machine.logical_id.as_deref()));
        found.push(lens(range, "draw", DRAW, machine.logical_id.as_deref()));
        found.push(lens(range, "price", PRICE, None));
    }
    for (machine, range) in rules(server, entry, document) {
        found.push(lens(range, &title, RUN, Some(machine)));
    }
    found
}

/// The text of a file that is a spec.
fn spec<'w>(server: &'w Server, path: &Path) -> Option<&'w str> {
    let known = server.workspace.pages.get(path)?;
    (known.page == Page::Spec).then_some(known.text.as_str())
}

/// The rules that are declared in a document and start a machine: its logical id, and where they are.
fn rules<'e>(server: &Server, entry: &'e Entry, document: usize) -> Vec<(&'e str, Range)> {
    let stack = &entry.linted.stack;
    let Some((of, path)) = stack.documents.get(document).zip(entry.files.get(document)) else { return Vec::new() };
    let lines = server.lines(path, &of.source.text);
    let is_machine = |id: &&str| stack.machines.iter().any(|machine| machine.logical_id.as_deref() == Some(id));
    let here = stack.rules.iter().filter(|rule| rule.place.document == document && rule.pattern.is_some());
    let each = here.filter_map(|rule| {
        let machine = rule.targets.iter().filter_map(|target| target.logical_id.as_deref()).find(is_machine)?;
        let at = lines.position(rule.place.span.start);
        Some((machine, Range { start: at, end: at }))
    });
    each.collect()
}

/// The machines that are declared or defined in a document, and where.
fn machines<'e>(server: &Server, entry: &'e Entry, document: usize) -> Vec<(&'e LoadedMachine, Range)> {
    let stack = &entry.linted.stack;
    let Some(of) = stack.documents.get(document) else { return Vec::new() };
    let lines = entry.files.get(document).map(|path| server.lines(path, &of.source.text));
    let each = stack.machines.iter().filter_map(|machine| {
        let definition = machine.definition.as_ref()?;
        let declared = machine.place.as_ref().filter(|place| place.document == document).map(|place| place.span);
        let defined = (definition.document == document).then_some(definition.root.span);
        let at = lines.as_ref()?.position(declared.or(defined)?.start);
        Some((machine, Range { start: at, end: at }))
    });
    each.collect()
}

/// How many transitions a million executions of each machine make, and what they cost, behind its name. Off unless the client's options say `{"inlayHints": true}`.
pub(super) fn hints(server: &Server, path: &Path, range: Range) -> Vec<InlayHint> {
    let found = server.workspace.entries().find_map(|entry| Some((entry, entry.document(path)?)));
    let Some((entry, document)) = found.filter(|_| server.client.hints) else { return Vec::new() };
    let stack = &entry.linted.stack;
    let hint = |(machine, at): (&LoadedMachine, Range)| {
        let shown = range.start.line <= at.start.line && at.start.line <= range.end.line;
        let at = at.start.line;
        let machine = stack.machines.iter().position(|one| std::ptr::eq(one, machine)).filter(|_| shown)?;
        Some(InlayHint {
            position: Position { line: at, character: u32::from(u16::MAX) },
            label: Label::String(million(stack, machine)?),
            kind: None,
            text_edits: None,
            tooltip: None,
            padding_left: Some(true),
            padding_right: None,
            data: None,
        })
    };
    machines(server, entry, document).into_iter().filter_map(hint).collect()
}

/// What a million executions of a machine make and cost, in a few words.
fn million(stack: &LoadedStack, machine: usize) -> Option<String> {
    let of = cost::of_machine(stack, machine, &Options::default(), &PriceSheet::built_in()).ok()?;
    let transitions = of.transitions.map(|number| format!("{} transitions, ", number.grouped(0))).unwrap_or_default();
    Some(format!("a million executions: {transitions}{} USD", of.usd.money()))
}

/// Does what a lens is for, and gives what there is to show: `{"title", "language", "text"}`.
pub(super) fn execute(server: &Server, command: &str, arguments: &[Value]) -> Result<Value, Refused> {
    let uri = arguments.first().and_then(Value::as_str).and_then(|uri| uri.parse::<Uri>().ok());
    let path = uri.as_ref().and_then(client::path).ok_or_else(|| Refused::new("the URI of a file was expected"))?;
    let shown =
        |title: String, language: &str, text: String| json!({"title": title, "language": language, "text": text});
    let name = path.file_name().map(|name| name.to_string_lossy().into_owned()).unwrap_or_default();
    if let Some(text) = spec(server, &path) {
        let stack = Generated::of(&path, text).map_err(Refused::new)?;
        return match command {
            GENERATE => stack.generate().map(|text| shown(name, "plaintext", text)).map_err(Refused::new),
            CHECK => Ok(shown(name, "plaintext", stack.differences())),
            PRICE => price(&name, &stack.loaded()).map(|text| shown(format!("{name}: price"), "markdown", text)),
            _ => Err(Refused::new("the spec has no such command")),
        };
    }
    let entry = server.workspace.entries().find(|entry| entry.document(&path).is_some());
    let entry = entry.ok_or_else(|| Refused::new("the file belongs to no stack"))?;
    match command {
        RUN => {
            let text = run::run(&entry.linted.stack, arguments.get(1).and_then(Value::as_str), server.event())?;
            Ok(shown(format!("{name}: run"), "markdown", text))
        }
        DRAW => {
            let position = arguments.get(2).and_then(|one| serde_json::from_value(one.clone()).ok());
            let machine = drawn(server, entry, &path, arguments.get(1).and_then(Value::as_str), position)?;
            let mut told = shown(format!("{name}: workflow"), "svg", draw(machine, server.client.shows_results)?);
            told["machine"] = json!(machine.logical_id);
            told["states"] = states(server, entry, machine);
            Ok(told)
        }
        PRICE => price(&name, &entry.linted.stack).map(|text| shown(format!("{name}: price"), "markdown", text)),
        _ => Err(Refused::new("the stack has no such command")),
    }
}

/// The machine that is meant: by its logical id, or else the one whose definition a position is in, or else the file's first one.
fn drawn<'e>(
    server: &Server,
    entry: &'e Entry,
    path: &Path,
    id: Option<&str>,
    position: Option<Position>,
) -> Result<&'e LoadedMachine, Refused> {
    let stack = &entry.linted.stack;
    let document = entry.document(path);
    let text = document.and_then(|at| stack.documents.get(at)).map_or("", |document| document.source.text.as_str());
    let offset = position.map(|position| server.lines(path, text).offset(position));
    let holds = |machine: &&LoadedMachine| {
        let definition = machine.definition.as_ref().filter(|definition| Some(definition.document) == document);
        let spans = definition.map(|definition| definition.root.span).into_iter();
        let declared = machine.place.as_ref().filter(|place| Some(place.document) == document).map(|place| place.span);
        spans.chain(declared).any(|span| offset.is_some_and(|at| span.start <= at && at <= span.end))
    };
    let named = |machine: &&LoadedMachine| id.is_some() && machine.logical_id.as_deref() == id;
    let here = |machine: &&LoadedMachine| {
        let declared = machine.place.as_ref().map(|place| place.document);
        document.is_some() && (declared == document || machine.definition.as_ref().map(|one| one.document) == document)
    };
    let machines = || stack.machines.iter();
    let found = match id {
        Some(_) => machines().find(named),
        None => machines().find(holds).or_else(|| machines().find(here)),
    };
    found.ok_or_else(|| Refused::new("there is no such state machine"))
}

/// The states of a machine, each with the place of its definition.
fn states(server: &Server, entry: &Entry, machine: &LoadedMachine) -> Value {
    let stack = &entry.linted.stack;
    let Some(outline) = Outline::new(stack, machine) else { return json!([]) };
    let document = outline.definition.document;
    let Some((of, path)) = stack.documents.get(document).zip(entry.files.get(document)) else { return json!([]) };
    let lines = server.lines(path, &of.source.text);
    let uri = Uri::from_file_path(path).ok();
    let each = outline.states.iter().map(|state| {
        let span = Span { start: state.key.span.start, end: state.node.span.end };
        json!({"name": state.name, "uri": uri, "range": lines.range(span)})
    });
    each.collect()
}

fn draw(machine: &LoadedMachine, interactive: bool) -> Result<String, Refused> {
    let program = machine.program().ok_or_else(|| Refused::new("the definition cannot be read"))?;
    let program = program.map_err(|faults| {
        Refused::new(faults.first().map_or_else(|| "the definition is not sound".to_owned(), ToString::to_string))
    })?;
    let title = machine.logical_id.as_deref().unwrap_or(&machine.name);
    Ok(graph::svg(&graph::workflow(title, &program), &SvgOptions { interactive, ..SvgOptions::default() }))
}

fn price(name: &str, stack: &LoadedStack) -> Result<String, Refused> {
    let bill = cost::of_stack(stack, &Options::default(), &PriceSheet::built_in())
        .map_err(|error| Refused::new(error.to_string()))?;
    Ok(markdown(&Report { stack: name, bill: &bill, comparisons: &[] }))
}
