//! What may be typed at a place.

use std::collections::BTreeSet;
use std::path::Path;

use crate::asl::{Function, JsonPath, JsonataFunction};
use crate::aws::integration::{Call, Pattern, optimized_calls, reported_errors, sdk_actions, sdk_services};
use crate::aws::service_model::{Kind, Type};
use crate::aws::states::error::MEANINGS;
use crate::aws::states::{QueryLanguage, StateType};
use crate::lint::flow::{Record, Shape, View, record};
use crate::lint::{FieldsOf, Takes, operators};
use crate::loaded::{LoadedMachine, LoadedStack, below};
use crate::outline::{Language, Outline, StateView, task};
use crate::source::Span;

use super::cursor::{Cursor, cursor};
use super::shape::line;
use super::{complete_template, spot};

/// What a proposal is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum CompletionKind {
    /// A field.
    Field,
    /// One of a few values.
    Value,
    /// A state, a resource, a parameter: something that is declared.
    Reference,
    /// A variable.
    Variable,
    /// A function.
    Function,
    /// A service or its action.
    Call,
}

/// Something that may be typed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Completion {
    /// What is shown.
    pub label: String,
    /// What it is.
    pub kind: CompletionKind,
    /// A few words beside it.
    pub detail: String,
    /// What is put in.
    pub insert: String,
    /// What that replaces.
    pub span: Span,
}

/// The most that is proposed.
const MOST: usize = 2000;

/// What may be typed at a byte of a document. `text` is what stands there now; the stack may be of a text that was mended.
pub fn completions(stack: &LoadedStack, document: usize, text: &str, offset: usize) -> Vec<Completion> {
    let Some(of) = stack.documents.get(document) else { return Vec::new() };
    let cursor = cursor(text, offset, of.json);
    let mut found = Proposals { cursor, found: Vec::new() };
    let machine = machine_at(stack, document, &found.cursor.path);
    match machine {
        Some((machine, path)) => {
            if let Some(outline) = Outline::new(stack, machine) {
                Place::new(&outline, path).propose(&mut found);
            }
        }
        None if stack.template.is_none() => begin(&of.path, text, &mut found),
        None => complete_template::propose(stack, document, &mut found),
    }
    found.finish()
}

/// What may be typed at a byte of a file that is no stack yet: one that is being begun, by its name.
pub fn completions_of_new(path: &Path, text: &str, offset: usize) -> Vec<Completion> {
    let json = path.extension().is_some_and(|extension| extension == "json") || text.trim_start().starts_with('{');
    let mut found = Proposals { cursor: cursor(text, offset, json), found: Vec::new() };
    begin(path, text, &mut found);
    found.finish()
}

fn begin(path: &Path, text: &str, found: &mut Proposals) {
    let name = path.file_name().and_then(|name| name.to_str()).unwrap_or_default();
    let has = |section: &str| text.lines().any(|line| line.trim_start_matches([' ', '{', '"']).starts_with(section));
    if name.contains(".asl") {
        if found.cursor.on_key && found.cursor.path.is_empty() {
            fields(FieldsOf::Machine, Language::Unknown, &|_| false, found);
        }
    } else if name.starts_with("template.") || name.ends_with(".template") || TEMPLATES.iter().any(|one| has(one)) {
        complete_template::outside(found);
    }
}

/// What a template begins with.
const TEMPLATES: [&str; 3] = ["AWSTemplateFormatVersion", "Transform", "Resources"];

/// The machine whose definition a way leads into, and the way within it.
fn machine_at<'a>(
    stack: &'a LoadedStack,
    document: usize,
    path: &[String],
) -> Option<(&'a LoadedMachine, Vec<String>)> {
    stack.machines.iter().find_map(|machine| {
        let definition = machine.definition.as_ref().filter(|definition| definition.document == document)?;
        let prefix = spot::path_of(&definition.pointer);
        path.strip_prefix(prefix.as_slice()).map(|rest| (machine, rest.to_vec()))
    })
}

/// What is proposed so far.
pub(super) struct Proposals {
    pub(super) cursor: Cursor,
    found: Vec<Completion>,
}

impl Proposals {
    /// Whether a value may be typed. An item of a list that has just been begun may become a value or a mapping.
    pub(super) fn takes_value(&self) -> bool {
        let in_list = self.cursor.path.last().is_some_and(|token| token.parse::<usize>().is_ok());
        !self.cursor.on_key || (in_list && !self.cursor.json && self.cursor.tag.is_none())
    }

    /// A key, with what follows it.
    pub(super) fn key(&mut self, name: &str, detail: impl Into<String>) {
        let Cursor { quoted, json, has_value, .. } = self.cursor;
        let insert = match (quoted, json, has_value) {
            (true, ..) | (_, false, true) => name.to_owned(),
            (false, true, true) => format!("\"{name}\""),
            (false, true, false) => format!("\"{name}\": "),
            (false, false, false) => format!("{name}: "),
        };
        self.add(name, CompletionKind::Field, detail, insert, None);
    }

    /// A value that is a text.
    pub(super) fn text(&mut self, name: &str, kind: CompletionKind, detail: impl Into<String>) {
        let plain = |c: char| c.is_alphanumeric() || "_-.:/ ".contains(c);
        let needs = self.cursor.json || !name.chars().all(plain) || name.contains(": ");
        let insert = if self.cursor.quoted || !needs { name.to_owned() } else { format!("\"{name}\"") };
        self.add(name, kind, detail, insert, None);
    }

    /// A value that stands without quotes.
    pub(super) fn word(&mut self, name: &str) {
        self.add(name, CompletionKind::Value, "", name.to_owned(), None);
    }

    /// A part of a text: it replaces what is typed of it, from `from` on.
    pub(super) fn part(
        &mut self,
        label: &str,
        kind: CompletionKind,
        detail: impl Into<String>,
        insert: String,
        from: usize,
    ) {
        let span = Span { start: self.cursor.span.start + from, end: self.cursor.span.end };
        self.add(label, kind, detail, insert, Some(span));
    }

    fn add(
        &mut self,
        label: &str,
        kind: CompletionKind,
        detail: impl Into<String>,
        insert: String,
        span: Option<Span>,
    ) {
        if self.found.len() < MOST && !self.found.iter().any(|one| one.label == label) {
            let span = span.unwrap_or(self.cursor.span);
            self.found.push(Completion { label: label.to_owned(), kind, detail: detail.into(), insert, span });
        }
    }

    fn finish(self) -> Vec<Completion> {
        self.found
    }
}

/// A place in a definition.
struct Place<'a, 'b> {
    outline: &'b Outline<'a>,
    /// The way, from the definition's root.
    path: Vec<String>,
    /// The state that it is in, and the way within that.
    state: Option<(&'b StateView<'a>, Vec<String>)>,
}

impl<'a, 'b> Place<'a, 'b> {
    fn new(outline: &'b Outline<'a>, path: Vec<String>) -> Self {
        let holds = |state: &&StateView<'_>| path.starts_with(&spot::path_of(&state.pointer));
        let state = outline.states.iter().filter(holds).max_by_key(|state| state.pointer.len());
        let state = state.map(|state| (state, path[spot::path_of(&state.pointer).len()..].to_vec()));
        Self { outline, path, state }
    }

    fn pointer(&self) -> String {
        self.path.iter().fold(String::new(), |pointer, token| below(&pointer, token))
    }

    fn propose(&self, found: &mut Proposals) {
        if self.substitutions(found) {
            return;
        }
        if found.cursor.on_key {
            self.keys(found);
        }
        if found.takes_value() {
            self.values(found);
        }
    }

    /// The names for `${`.
    fn substitutions(&self, found: &mut Proposals) -> bool {
        let typed = found.cursor.typed.clone();
        let Some(from) = typed.rfind("${").filter(|from| !typed[*from..].contains('}')) else { return false };
        let machine = self.outline.machine;
        let elsewhere = crate::loaded::placeholders(self.outline.text()).map(|one| one.name.to_owned());
        let names: BTreeSet<String> = machine.substitutions.keys().cloned().chain(elsewhere).collect();
        for name in names.iter().filter(|name| !name.starts_with('!')) {
            let value = machine.substitutions.get(name).map(|one| one.value.to_string()).unwrap_or_default();
            found.part(name, CompletionKind::Variable, value, format!("${{{name}}}"), from);
        }
        true
    }

    fn keys(&self, found: &mut Proposals) {
        let here = self.outline.definition.root.pointer(&self.pointer());
        let has = |name: &str| here.is_some_and(|node| node.get(name).is_some());
        let Some((state, within)) = &self.state else {
            let inside = matches!(self.path.last().map(String::as_str), Some("States"));
            if !inside {
                fields(FieldsOf::Machine, Language::Unknown, &has, found);
            }
            return;
        };
        let within: Vec<&str> = within.iter().map(String::as_str).collect();
        if let ["Parameters" | "Arguments", rest @ ..] = within.as_slice() {
            return self.members(state, rest, &has, found);
        }
        let of = match (within.as_slice(), state.state_type.and_then(StateType::of)) {
            ([], None) => {
                found.key("Type", "what the state does");
                found.key("Comment", "");
                return;
            }
            (_, of) => FieldsOf::State(of.unwrap_or(StateType::Pass)),
        };
        let Some(shape) = of.within(&within) else { return };
        fields(shape, state.language, &has, found);
        if shape == FieldsOf::ChoiceRule && state.language != Language::Jsonata {
            operators().filter(|name| !has(name)).for_each(|name| found.key(name, "comparison"));
        }
    }

    /// The members of a call's parameters.
    fn members(&self, state: &StateView<'_>, rest: &[&str], has: &impl Fn(&str) -> bool, found: &mut Proposals) {
        let Some(Ok(Some(call))) = task::resource(state, self.outline).map(|(_, call)| call) else { return };
        if let Some(custom) = call.custom().filter(|_| rest.is_empty()) {
            custom.required.iter().for_each(|name| found.key(name, "required"));
            custom.optional.iter().for_each(|name| found.key(name, ""));
            return;
        }
        let Some(of) = call.parameters().and_then(|of| member_type(of, rest)) else { return };
        let (Kind::Structure(mut members) | Kind::Union(mut members)) = of.kind() else { return };
        members.sort_by_key(|member| !member.required);
        for member in members.iter().filter(|member| !has(&member.name)) {
            let words = if member.required { format!("{}, required", kind(member.of)) } else { kind(member.of) };
            found.key(&member.name, words.clone());
            if state.language == Language::JsonPath {
                found.key(&format!("{}.$", member.name), words);
            }
        }
    }

    fn values(&self, found: &mut Proposals) {
        let field = self.path.iter().rev().find(|token| token.parse::<usize>().is_err()).cloned().unwrap_or_default();
        let typed = found.cursor.typed.clone();
        let language = self.state.as_ref().map_or(self.outline.language, |(state, _)| state.language);
        if typed.trim_start().starts_with("{%") {
            return self.expression(&typed, found);
        }
        let reads = field.ends_with(".$") || field == "Variable" || (field.ends_with("Path") && field != "ResultPath");
        if reads || typed.starts_with('$') {
            self.paths(&typed, field.ends_with(".$"), found);
        }
        match (field.as_str(), &self.state) {
            ("StartAt", _) => self.states(&self.path[..self.path.len().saturating_sub(1)], found),
            ("Next" | "Default", Some((state, _))) => {
                let scope = spot::path_of(&self.outline.scope_of(state).pointer);
                self.states(&scope, found);
            }
            ("Type", Some(_)) => StateType::WORDS.iter().for_each(|name| found.text(name, CompletionKind::Value, "")),
            ("QueryLanguage", _) => QueryLanguage::WORDS.iter().for_each(|n| found.text(n, CompletionKind::Value, "")),
            ("Resource", Some((_, within))) => resources(within.first().map(String::as_str), &typed, found),
            ("ErrorEquals", Some((state, _))) => self.errors(state, found),
            ("End", Some(_)) => found.word("true"),
            (_, Some((state, within))) => {
                let within: Vec<&str> = within.iter().map(String::as_str).collect();
                if let ["Parameters" | "Arguments", rest @ ..] = within.as_slice() {
                    self.member_values(state, rest, found);
                    if language == Language::Jsonata {
                        self.expression("", found);
                    }
                } else {
                    one_of(&within, state, found);
                }
            }
            _ => {}
        }
    }

    fn states(&self, scope: &[String], found: &mut Proposals) {
        let scopes = &self.outline.scopes;
        let Some(scope) = scopes.iter().find(|one| spot::path_of(&one.pointer) == scope) else { return };
        for state in scope.states.iter().map(|at| &self.outline.states[*at]) {
            found.text(state.name, CompletionKind::Reference, state.state_type.unwrap_or_default());
        }
    }

    fn errors(&self, state: &StateView<'_>, found: &mut Proposals) {
        if let Some(Ok(Some(call))) = task::resource(state, self.outline).map(|(_, call)| call) {
            for (name, again) in reported_errors(&call) {
                found.text(&name, CompletionKind::Value, if again { "passes by itself" } else { "" });
            }
        }
        let failed = self.outline.states.iter().filter_map(|state| state.get("Error")?.as_str());
        failed.for_each(|name| found.text(name, CompletionKind::Value, "of a Fail state"));
        MEANINGS.iter().for_each(|(name, when)| found.text(name, CompletionKind::Value, *when));
    }

    fn member_values(&self, state: &StateView<'_>, rest: &[&str], found: &mut Proposals) {
        let Some(Ok(Some(call))) = task::resource(state, self.outline).map(|(_, call)| call) else { return };
        let Some(of) = call.parameters().and_then(|of| member_type(of, rest)) else { return };
        match of.kind() {
            Kind::Enum(values) => values.iter().for_each(|value| found.text(value, CompletionKind::Value, "")),
            Kind::Boolean => ["true", "false"].iter().for_each(|value| found.word(value)),
            _ => {}
        }
        // What the template puts in, where the value is not read from the data.
        let reads = rest.last().is_some_and(|name| name.ends_with(".$"));
        for (name, one) in self.outline.machine.substitutions.iter().filter(|_| !reads) {
            found.text(&format!("${{{name}}}"), CompletionKind::Variable, one.value.to_string());
        }
    }

    fn record(&self) -> Option<Record> {
        record(self.outline.stack, self.outline.machine)
    }

    /// Paths and intrinsic functions.
    fn paths(&self, typed: &str, functions: bool, found: &mut Proposals) {
        let from = typed.rfind([' ', '(', ',']).map_or(0, |at| at + 1);
        let token = &typed[from..];
        if functions && !token.starts_with('$') {
            for function in Function::ALL {
                let detail = super::hover::signature(function);
                found.part(function.name(), CompletionKind::Function, detail, format!("{}(", function.name()), from);
            }
        }
        let Some(record) = self.record() else { return };
        let Some(view) = record.view(&self.pointer()) else { return };
        match token.rfind('.') {
            Some(dot) => {
                let Ok(path) = JsonPath::parse(&token[..dot]) else { return };
                let Some((shape, _)) = view.read(&path) else { return };
                for (name, words) in members_of(&shape) {
                    let plain = name.chars().all(|c| c.is_alphanumeric() || c == '_');
                    if plain {
                        found.part(&name, CompletionKind::Field, words, name.clone(), from + dot + 1);
                    } else {
                        found.part(&name, CompletionKind::Field, words, format!("['{name}']"), from + dot);
                    }
                }
            }
            None => {
                found.part("$", CompletionKind::Variable, line(&view.data), "$.".to_owned(), from);
                found.part("$$", CompletionKind::Variable, "the context object", "$$.".to_owned(), from);
                variables(view, from, found);
            }
        }
    }

    /// What an expression of JSONata may name.
    fn expression(&self, typed: &str, found: &mut Proposals) {
        let from = typed.rfind(|c: char| !(c.is_alphanumeric() || "_$.`".contains(c))).map_or(0, |at| at + 1);
        let token = &typed[from..];
        let record = self.record();
        let view = record.as_ref().and_then(|record| record.view(&self.pointer()));
        if let Some(dot) = token.rfind('.') {
            let names: Vec<&str> = token[..dot].trim_start_matches('$').split('.').collect();
            let Some((head, rest)) = names.split_first() else { return };
            let Some((shape, _)) = view.and_then(|view| view.follow(head, rest)) else { return };
            for (name, words) in members_of(&shape.element().unwrap_or(shape)) {
                let plain = name.chars().all(|c| c.is_alphanumeric() || c == '_');
                let insert = if plain { name.clone() } else { format!("`{name}`") };
                found.part(&name, CompletionKind::Field, words, insert, from + dot + 1);
            }
            return;
        }
        if typed.is_empty() {
            return;
        }
        found.part(
            "$states",
            CompletionKind::Variable,
            "input, result, errorOutput, context",
            "$states.".to_owned(),
            from,
        );
        if let Some(view) = view {
            variables(view, from, found);
        }
        for function in JsonataFunction::ALL {
            let label = format!("${}", function.name);
            found.part(&label, CompletionKind::Function, function.signature, format!("{label}("), from);
        }
    }
}

fn variables(view: &View, from: usize, found: &mut Proposals) {
    for (name, shape) in &view.variables {
        let words = shape.as_ref().map_or_else(|| "not set on every way".to_owned(), line);
        found.part(&format!("${name}"), CompletionKind::Variable, words, format!("${name}"), from);
    }
}

/// The fields that a value may have, and what they hold.
fn members_of(shape: &Shape) -> Vec<(String, String)> {
    let Shape::Known(kinds) = shape else { return Vec::new() };
    let fields = kinds.object.iter().flat_map(|object| &object.fields);
    let there = fields.filter(|(_, field)| field.presence != crate::lint::flow::Presence::Never);
    there.map(|(name, field)| (name.to_string(), line(&field.shape))).collect()
}

fn fields(shape: FieldsOf, language: Language, has: &impl Fn(&str) -> bool, found: &mut Proposals) {
    let speaks = |of: Option<Language>| of.is_none() || language == Language::Unknown || of == Some(language);
    for field in shape.fields().iter().filter(|field| speaks(field.language) && !has(field.name)) {
        found.key(field.name, if field.required { "required" } else { "" });
    }
}

/// The values of a field that takes one of a few.
fn one_of(within: &[&str], state: &StateView<'_>, found: &mut Proposals) {
    let Some((field, around)) = within.split_last() else { return };
    let of = match (around, state.state_type.and_then(StateType::of)) {
        ([], None) => return,
        (_, of) => FieldsOf::State(of.unwrap_or(StateType::Pass)),
    };
    let Some(shape) = of.within(around) else { return };
    match shape.field(field).map(|field| field.takes) {
        Some(Takes::OneOf(values)) => values.iter().for_each(|value| found.text(value, CompletionKind::Value, "")),
        Some(Takes::Boolean) => ["true", "false"].iter().for_each(|value| found.word(value)),
        _ => {}
    }
}

/// What a `Resource` may name. Actions are proposed once the service is typed.
fn resources(field: Option<&str>, typed: &str, found: &mut Proposals) {
    const ARN: &str = "arn:aws:states:::";
    if let Some(reader @ ("ItemReader" | "ResultWriter")) = field {
        let actions: &[&str] = if reader == "ItemReader" { &["getObject", "listObjectsV2"] } else { &["putObject"] };
        actions.iter().for_each(|action| found.text(&format!("{ARN}s3:{action}"), CompletionKind::Call, ""));
        return;
    }
    let target = typed.strip_prefix(ARN).unwrap_or_default();
    if let Some((service, _)) = target.strip_prefix("aws-sdk:").and_then(|call| call.split_once(':')) {
        for action in sdk_actions(service) {
            let call = format!("{ARN}aws-sdk:{service}:{action}");
            found.text(&call, CompletionKind::Call, "");
            found.text(&format!("{call}{}", Pattern::WaitForTaskToken), CompletionKind::Call, "waits for the token");
        }
        return;
    }
    for (service, action, patterns) in optimized_calls() {
        for pattern in patterns {
            found.text(&format!("{ARN}{service}:{action}{pattern}"), CompletionKind::Call, "optimized");
        }
    }
    for service in sdk_services() {
        found.text(&format!("{ARN}aws-sdk:{service}:"), CompletionKind::Call, "AWS SDK");
    }
}

/// The type of a member that a way of keys leads to. `.$` and indices are looked through.
pub(super) fn member_type(of: Type, path: &[&str]) -> Option<Type> {
    let mut at = of;
    for token in path {
        at = match at.kind() {
            Kind::List(of) => of,
            Kind::Map(of) => of,
            _ => at.member(token.strip_suffix(".$").unwrap_or(token))?.of,
        };
    }
    Some(at)
}

/// A type in a word.
pub(super) fn kind(of: Type) -> String {
    match of.kind() {
        Kind::Text => "string".to_owned(),
        Kind::Enum(values) if values.len() <= 6 => values.join(" | "),
        Kind::Enum(values) => format!("one of {} values", values.len()),
        Kind::Integer => "whole number".to_owned(),
        Kind::Number => "number".to_owned(),
        Kind::Boolean => "boolean".to_owned(),
        Kind::Time => "time".to_owned(),
        Kind::Bytes => "bytes".to_owned(),
        Kind::Document => "any JSON".to_owned(),
        Kind::List(_) => "list".to_owned(),
        Kind::Map(_) => "map".to_owned(),
        Kind::Structure(_) | Kind::Union(_) => "object".to_owned(),
    }
}

/// The call of a state, if it is known.
pub(super) fn call_of(state: &StateView<'_>, outline: &Outline<'_>) -> Option<Call> {
    task::resource(state, outline)?.1.ok()?
}
