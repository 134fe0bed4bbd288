//! What may be typed in a definition.

use std::collections::BTreeSet;

use crate::aws::integration::{Call, Style, reported_errors};
use crate::aws::service_model::Kind;
use crate::aws::states::error::MEANINGS;
use crate::aws::states::{QueryLanguage, StateType};
use crate::lint::{FieldsOf, Takes, operators};
use crate::loaded::{self, below};
use crate::outline::{Language, Outline, StateView};

use super::call::{call_of, kind, member_type, resources};
use super::proposals::{CompletionKind, Proposals};
use super::{complete_template, spot};

/// A place in a definition.
pub(super) struct Place<'a, 'b> {
    pub(super) outline: &'b Outline<'a>,
    /// The way, from the definition's root.
    path: Vec<String>,
    /// The state that it is in, and the way within that.
    state: Option<(&'b StateView<'a>, Vec<String>)>,
}

impl<'a, 'b> Place<'a, 'b> {
    pub(super) fn new(outline: &'b Outline<'a>, path: Vec<String>) -> Self {
        let holds = |state: &&StateView<'_>| path.starts_with(&spot::path_of(&state.pointer));
        let state = outline.states.iter().filter(holds).max_by_key(|state| state.pointer.len());
        let state = state.map(|state| (state, path[spot::path_of(&state.pointer).len()..].to_vec()));
        Self { outline, path, state }
    }

    pub(super) fn pointer(&self) -> String {
        self.path.iter().fold(String::new(), |pointer, token| below(&pointer, token))
    }

    pub(super) fn propose(&self, found: &mut Proposals) {
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
        if let Some(template) = self.outline.stack.template.as_ref().filter(|_| self.is_in_sub()) {
            complete_template::in_sub(template, from, found);
            return true;
        }
        let elsewhere = crate::loaded::placeholders(self.outline.text()).map(|one| one.name.to_owned());
        let names: BTreeSet<String> = machine.substitutions.keys().cloned().chain(elsewhere).collect();
        for name in names.iter().filter(|name| !name.starts_with('!')) {
            let value = machine.substitutions.get(name).map(|one| one.value.to_string()).unwrap_or_default();
            found.part(name, CompletionKind::Variable, value, format!("${{{name}}}"), from);
        }
        true
    }

    /// Whether the definition is a text of the template that `Fn::Sub` fills in.
    fn is_in_sub(&self) -> bool {
        let machine = self.outline.machine;
        let properties = self.outline.stack.template.as_ref().zip(machine.logical_id.as_ref());
        let text = properties.and_then(|(template, id)| template.properties(id)?.get("DefinitionString"));
        text.and_then(loaded::Call::of).is_some_and(|call| call.name == "Sub")
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
        if let Some((call, rest)) = self.called(state, &within) {
            return self.members(&call, state, rest, &has, found);
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
    fn members(
        &self,
        call: &Call,
        state: &StateView<'_>,
        rest: &[&str],
        has: &impl Fn(&str) -> bool,
        found: &mut Proposals,
    ) {
        if let Some(custom) = call.custom().filter(|_| rest.is_empty()) {
            custom.required.iter().for_each(|name| found.key(name, "required"));
            custom.optional.iter().for_each(|name| found.key(name, ""));
            return;
        }
        let Some(of) = call.parameters().and_then(|of| member_type(of, rest)) else { return };
        if call.service() == "dynamodb" && matches!(rest, ["Key" | "Item" | "ExclusiveStartKey"]) {
            return self.attributes(rest, has, found);
        }
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

    /// The attributes of the table that a call names: those of its key, and for an item those of its indexes too.
    fn attributes(&self, rest: &[&str], has: &impl Fn(&str) -> bool, found: &mut Proposals) {
        for table in &self.outline.stack.tables {
            let keys = table.key.iter().map(|key| &key.name);
            let others = table.attributes.iter().map(|attribute| &attribute.name).filter(|_| rest == ["Item"]);
            for name in keys.chain(others).filter(|name| !has(name)) {
                found.key(name, format!("of `{}`", table.logical_id));
            }
        }
    }

    /// The call whose parameters a place of a state is in, with the way into them: its own, or that of a Map's reader or writer.
    fn called<'w>(&self, state: &StateView<'_>, within: &'w [&'w str]) -> Option<(Call, &'w [&'w str])> {
        match within {
            ["Parameters" | "Arguments", rest @ ..] => Some((call_of(state, self.outline)?, rest)),
            [reader @ ("ItemReader" | "ResultWriter"), "Parameters" | "Arguments", rest @ ..] => {
                // They are S3's own calls.
                let (_, action) = state.get(reader)?.get("Resource")?.as_str()?.rsplit_once(":s3:")?;
                Some((Call::named(Style::Sdk, "s3", action)?, rest))
            }
            _ => None,
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
        if reads || (typed.starts_with('$') && field != "ResultPath") {
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
            ("ResultPath", Some(_)) => self.places(&typed, found),
            (operator, Some(_)) if is_yes_or_no(operator) => {
                ["true", "false"].iter().for_each(|value| found.word(value));
            }
            (_, Some((state, within))) => {
                let within: Vec<&str> = within.iter().map(String::as_str).collect();
                match self.called(state, &within) {
                    Some((call, rest)) => self.member_values(&call, rest, found),
                    None => one_of(&within, state, found),
                }
                if language != Language::JsonPath && found.cursor.quoted {
                    self.expressions(found);
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
        if let Some(call) = call_of(state, self.outline) {
            for (name, again) in reported_errors(&call) {
                found.text(&name, CompletionKind::Value, if again { "passes by itself" } else { "" });
            }
        }
        let failed = self.outline.states.iter().filter_map(|state| state.get("Error")?.as_str());
        failed.for_each(|name| found.text(name, CompletionKind::Value, "of a Fail state"));
        MEANINGS.iter().for_each(|(name, when)| found.text(name, CompletionKind::Value, *when));
    }

    fn member_values(&self, call: &Call, rest: &[&str], found: &mut Proposals) {
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
}

/// Whether a comparison takes `true` or `false`.
fn is_yes_or_no(name: &str) -> bool {
    (name.starts_with("Is") || name == "BooleanEquals") && operators().any(|operator| operator == name)
}

/// The fields of a part of a definition.
pub(super) fn fields(shape: FieldsOf, language: Language, has: &impl Fn(&str) -> bool, found: &mut Proposals) {
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
