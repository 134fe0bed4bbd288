//! The data that may be named at a place of a definition: by paths, functions, expressions, variables.

use crate::asl::{Function, JsonPath, JsonataFunction};
use crate::lint::flow::{Presence, Record, Shape, View, record};

use super::call::signature;
use super::complete_definition::Place;
use super::proposals::{CompletionKind, Proposals};
use super::shape::line;

impl Place<'_, '_> {
    fn record(&self) -> Option<Record> {
        record(self.outline.stack, self.outline.machine)
    }

    /// Paths and intrinsic functions.
    pub(super) fn paths(&self, typed: &str, functions: bool, found: &mut Proposals) {
        let from = typed.rfind([' ', '(', ',']).map_or(0, |at| at + 1);
        let token = &typed[from..];
        if functions && !token.starts_with('$') {
            for function in Function::ALL {
                let detail = signature(function);
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
    pub(super) fn expression(&self, typed: &str, found: &mut Proposals) {
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
    /// Whole expressions, where none has been begun.
    pub(super) fn expressions(&self, found: &mut Proposals) {
        let record = self.record();
        let Some(view) = record.as_ref().and_then(|record| record.view(&self.pointer())) else { return };
        for part in ["input", "result", "errorOutput"] {
            if let Some((shape, _)) = view.follow("states", &[part]) {
                found.text(&format!("{{% $states.{part} %}}"), CompletionKind::Variable, line(&shape));
            }
        }
        for (name, shape) in &view.variables {
            found.text(&format!("{{% ${name} %}}"), CompletionKind::Variable, words(shape.as_ref()));
        }
    }

    /// Where a result may be put into the data: in a field that is there, or beside them.
    pub(super) fn places(&self, typed: &str, found: &mut Proposals) {
        if !found.cursor.quoted {
            found.word("null");
        }
        if typed.contains('.') || typed.contains('[') {
            return self.paths(typed, false, found);
        }
        found.text("$", CompletionKind::Variable, "the result alone");
        let record = self.record();
        let Some(view) = record.as_ref().and_then(|record| record.view(&self.pointer())) else { return };
        for (name, words) in members_of(&view.data) {
            found.text(&format!("$.{name}"), CompletionKind::Field, words);
        }
    }
}

fn variables(view: &View, from: usize, found: &mut Proposals) {
    for (name, shape) in &view.variables {
        found.part(&format!("${name}"), CompletionKind::Variable, words(shape.as_ref()), format!("${name}"), from);
    }
}

fn words(shape: Option<&Shape>) -> String {
    shape.map_or_else(|| "not set on every way".to_owned(), line)
}

/// The fields that a value may have, and what they hold.
fn members_of(shape: &Shape) -> Vec<(String, String)> {
    let Shape::Known(kinds) = shape else { return Vec::new() };
    let fields = kinds.object.iter().flat_map(|object| &object.fields);
    let there = fields.filter(|(_, field)| field.presence != Presence::Never);
    there.map(|(name, field)| (name.to_string(), line(&field.shape))).collect()
}
