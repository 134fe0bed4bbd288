//! What is shown in the text and is none of it: lenses with commands, hints with prices, and what the commands show.

use std::path::Path;

use gen_lsp_types::{CodeLens, Command, InlayHint, Label, Position, Range, Uri};
use serde_json::{Value, json};

use crate::cost::render::{Report, markdown};
use crate::cost::{self, Options, PriceSheet};
use crate::graph::{self, SvgOptions};
use crate::loaded::{LoadedMachine, LoadedStack};

use super::answer::Refused;
use super::client;
use super::pages::{Page, Stack};
use super::server::Server;
use super::workspace::Entry;

/// The commands of the server. Each takes the URI of a file, and `draw` the logical id of a machine, and gives a text and its language.
pub(super) const COMMANDS: [&str; 4] = [DRAW, PRICE, GENERATE, CHECK];

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
    if let Some(buffer) = server.workspace.buffers.get(path)
        && Page::of(path, &buffer.text) == Some(Page::Spec)
    {
        let Ok(stack) = Stack::of(path, &buffer.text) else { return Vec::new() };
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
    for (machine, range) in machines(server, entry, document) {
        found.push(lens(range, "draw", DRAW, machine.logical_id.as_deref()));
        found.push(lens(range, "price", PRICE, None));
    }
    found
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

/// What a million executions of each machine cost, behind its name. Off unless the client's options say `{"inlayHints": true}`.
pub(super) fn hints(server: &Server, path: &Path, range: Range) -> Vec<InlayHint> {
    let found = server.workspace.entries().find_map(|entry| Some((entry, entry.document(path)?)));
    let Some((entry, document)) = found.filter(|_| server.client.hints) else { return Vec::new() };
    let Ok(bill) = cost::of_stack(&entry.linted.stack, &Options::default(), &PriceSheet::built_in()) else {
        return Vec::new();
    };
    let transitions: Vec<String> = bill
        .lines
        .iter()
        .filter(|line| line.id == cost::PriceId::StateTransition)
        .map(|line| format!("{} transitions, ", line.units))
        .collect();
    let label = format!("a million events: {}{} USD", transitions.concat(), bill.per_million_events.money());
    let starts = machines(server, entry, document).into_iter().map(|(_, range)| range.start);
    let shown = starts.filter(|start| range.start.line <= start.line && start.line <= range.end.line);
    let end_of_line = |start: Position| Position { line: start.line, character: u32::from(u16::MAX) };
    shown
        .map(|start| InlayHint {
            position: end_of_line(start),
            label: Label::String(label.clone()),
            kind: None,
            text_edits: None,
            tooltip: None,
            padding_left: Some(true),
            padding_right: None,
            data: None,
        })
        .collect()
}

/// Does what a lens is for, and gives what there is to show: `{"title", "language", "text"}`.
pub(super) fn execute(server: &Server, command: &str, arguments: &[Value]) -> Result<Value, Refused> {
    let uri = arguments.first().and_then(Value::as_str).and_then(|uri| uri.parse::<Uri>().ok());
    let path = uri.as_ref().and_then(client::path).ok_or_else(|| Refused::new("the URI of a file was expected"))?;
    let shown =
        |title: String, language: &str, text: String| json!({"title": title, "language": language, "text": text});
    let name = path.file_name().map(|name| name.to_string_lossy().into_owned()).unwrap_or_default();
    if let Some(buffer) = server.workspace.buffers.get(&path)
        && Page::of(&path, &buffer.text) == Some(Page::Spec)
    {
        let stack = Stack::of(&path, &buffer.text).map_err(Refused::new)?;
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
        DRAW => {
            let text = draw(&entry.linted.stack, arguments.get(1).and_then(Value::as_str))?;
            Ok(shown(format!("{name}: workflow"), "svg", text))
        }
        PRICE => price(&name, &entry.linted.stack).map(|text| shown(format!("{name}: price"), "markdown", text)),
        _ => Err(Refused::new("the stack has no such command")),
    }
}

fn draw(stack: &LoadedStack, id: Option<&str>) -> Result<String, Refused> {
    let named = |machine: &&LoadedMachine| id.is_none() || machine.logical_id.as_deref() == id;
    let machine = stack.machines.iter().find(named).ok_or_else(|| Refused::new("there is no such state machine"))?;
    let program = machine.program().ok_or_else(|| Refused::new("the definition cannot be read"))?;
    let program = program.map_err(|faults| {
        Refused::new(faults.first().map_or_else(|| "the definition is not sound".to_owned(), ToString::to_string))
    })?;
    let title = machine.logical_id.as_deref().unwrap_or(&machine.name);
    Ok(graph::svg(&graph::workflow(title, &program), &SvgOptions::default()))
}

fn price(name: &str, stack: &LoadedStack) -> Result<String, Refused> {
    let bill = cost::of_stack(stack, &Options::default(), &PriceSheet::built_in())
        .map_err(|error| Refused::new(error.to_string()))?;
    Ok(markdown(&Report { stack: name, bill: &bill, comparisons: &[] }))
}
