//! What stands at a place, in words.

use crate::asl::{Function, JsonPath, JsonataFunction};
use crate::aws::integration::{Call, reported_errors};
use crate::aws::service_model::Kind;
use crate::aws::states::StateType;
use crate::aws::states::error::MEANINGS;
use crate::lint::flow::{Presence, Record, Shape, View, record};
use crate::lint::{FieldsOf, Takes, operators};
use crate::loaded::LoadedStack;
use crate::outline::{Outline, StateView};
use crate::source::{Node, Span};

use super::call::{call_of, call_text, kind, member_type, signature};
use super::hover_template::in_template;
use super::occurrences::{Named, Occurrence};
use super::origin::origins;
use super::recovery::{errors_of, retries};
use super::rename::named_at;
use super::shape::block;
use super::spot::{Spot, path_of};

/// What is known of a place.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Hover {
    /// Markdown.
    pub text: String,
    /// What it is about.
    pub span: Span,
}

/// What is known of what stands at a byte of a document.
pub fn hover(stack: &LoadedStack, document: usize, offset: usize) -> Option<Hover> {
    let spot = Spot::at(stack, document, offset)?;
    let named = named_at(stack, document, offset).map(|(here, _)| here);
    match spot.machine {
        Some(machine) => {
            let outline = Outline::new(stack, machine)?;
            InDefinition::new(&spot, &outline).hover(named)
        }
        None => in_template(stack, &spot, named).map(|(text, span)| Hover { text, span }),
    }
}

struct InDefinition<'s, 'a> {
    spot: &'s Spot<'a>,
    outline: &'s Outline<'a>,
    /// The state that the place is in.
    state: Option<&'s StateView<'a>>,
}

impl<'s, 'a> InDefinition<'s, 'a> {
    fn new(spot: &'s Spot<'a>, outline: &'s Outline<'a>) -> Self {
        let pointer = &spot.last().pointer;
        let holds = |state: &&StateView<'_>| {
            pointer.strip_prefix(state.pointer.as_str()).is_some_and(|rest| rest.is_empty() || rest.starts_with('/'))
        };
        Self { spot, outline, state: outline.states.iter().filter(holds).max_by_key(|state| state.pointer.len()) }
    }

    fn hover(&self, named: Option<Occurrence>) -> Option<Hover> {
        if let Some(Occurrence { named, span, .. }) = named {
            let text = match &named {
                Named::State { name, scope, .. } => {
                    let at = *self.outline.scopes.get(*scope)?.names.get(name.as_str())?;
                    self.state_text(&self.outline.states[at])
                }
                Named::Variable { name, .. } => self.variable(name)?,
                Named::Substitution { name, .. } => self.substitution(name),
                Named::Logical { .. } => return None,
            };
            return Some(Hover { text, span });
        }
        let step = self.spot.last();
        if self.spot.on_key {
            let key = step.key?;
            return Some(Hover { text: self.field(key.as_str()?)?, span: key.span });
        }
        let text = step.value.as_str()?;
        let field = self.spot.field().unwrap_or_default();
        let whole = |text: String| Some(Hover { text, span: step.value.span });
        match field {
            "Resource" => {
                let resource = crate::outline::task::known_text(step.value, self.outline.machine)?;
                return whole(call_text(&Call::find(&resource).ok().flatten()?));
            }
            "ErrorEquals" => return whole(self.error(text)?),
            "Type" if step.pointer.matches('/').count() >= 2 => return whole(self.state_text(self.state?)),
            "ResultPath" => return whole(self.written(text)?),
            _ => {}
        }
        self.reading(step.value)
    }

    /// A path or a function, in a text that reads data.
    fn reading(&self, node: &Node) -> Option<Hover> {
        let source = self.spot.text();
        let spelled = source.get(node.span.start..node.span.end)?;
        let at = self.spot.offset.checked_sub(node.span.start)?.min(spelled.len());
        let part = |c: char| c.is_alphanumeric() || "_$.[]'`*-".contains(c);
        let before = spelled.get(..at)?;
        let mut start = before.rfind(|c: char| !part(c)).map_or(0, |found| found + 1);
        // Quotes around the whole text are none of a path's.
        start += spelled.get(start..)?.len() - spelled.get(start..)?.trim_start_matches(['\'', '`']).len();
        // Up to the end of the name under the cursor.
        let rest = spelled.get(at.max(start)..)?;
        let in_ticks = spelled.get(start..at.max(start))?.matches('`').count() % 2 == 1;
        let ends = |c: char| if in_ticks { c == '`' } else { !(c.is_alphanumeric() || "_$".contains(c)) };
        let end = at.max(start) + rest.find(ends).unwrap_or(rest.len());
        let token = spelled.get(start..end)?;
        let span = Span { start: node.span.start + start, end: node.span.start + end };
        let called = spelled.get(end..)?.starts_with('(');
        if token == "States" || token.starts_with("States.") {
            let behind = spelled.get(end..)?;
            let name = format!("{token}{}", &behind[..behind.find('(').filter(|_| token == "States").unwrap_or(0)]);
            let function = Function::named(&name)?;
            let text = format!(
                "```\n{}\n```\n[Intrinsic functions](https://docs.aws.amazon.com/step-functions/latest/dg/intrinsic-functions.html)",
                signature(function)
            );
            return Some(Hover { text, span });
        }
        let expression = node.as_str().is_some_and(|text| text.trim_start().starts_with("{%"));
        if expression && called {
            let function = JsonataFunction::named(token.strip_prefix('$')?)?;
            let text = format!("```\n${}{}\n```\n{}", function.name, function.signature, function.gives);
            return Some(Hover { text, span });
        }
        let record = record(self.outline.stack, self.outline.machine)?;
        let view = record.view(&self.spot.last().pointer)?;
        let found = if expression {
            let token = token.replace('`', "");
            let mut names = token.strip_prefix('$')?.split('.');
            let head = names.next()?;
            view.follow(head, &names.collect::<Vec<_>>())
        } else {
            let closed = if token.matches('[').count() > token.matches(']').count() {
                format!("{token}']")
            } else {
                token.to_owned()
            };
            view.read(&JsonPath::parse(&closed).ok()?)
        };
        let text = match found {
            Some((shape, presence)) => {
                let there = match presence {
                    Presence::Always => "",
                    Presence::Sometimes => "\n\nIt is not there on every way.",
                    Presence::Perhaps => "\n\nWhether it is there is not known.",
                    Presence::Never => "\n\nIt is never there.",
                };
                let from = self.state.map(|state| origins(self.outline, state, token)).unwrap_or_default();
                let from = if from.is_empty() { String::new() } else { format!("\n\nFrom {}.", from.join(", or ")) };
                format!("`{token}`\n```\n{}\n```{there}{from}", block(&shape))
            }
            None => format!("`{token}` leads to nothing here."),
        };
        Some(Hover { text, span })
    }

    /// What a `ResultPath` writes.
    fn written(&self, path: &str) -> Option<String> {
        let record = record(self.outline.stack, self.outline.machine)?;
        let state = self.state?;
        let caught = self.spot.last().pointer.contains("/Catch/");
        let output = record.output(&state.pointer).filter(|_| !caught);
        let read = |output: &Shape| {
            let data = View { data: output.clone(), ..record.view(&state.pointer)?.clone() };
            Some(format!("\n```\n{}\n```", block(&data.read(&JsonPath::parse(path).ok()?)?.0)))
        };
        let shape = output.and_then(read).unwrap_or_default();
        let what = if caught { "the error (`Error` and `Cause`)" } else { "the result" };
        Some(format!("`{path}`: here {what} of `{}` is put into its input.{shape}", state.name))
    }

    fn variable(&self, name: &str) -> Option<String> {
        let record = record(self.outline.stack, self.outline.machine)?;
        let view = record.view(&self.spot.last().pointer);
        let shape = view.and_then(|view| view.variables.get(name).cloned());
        let words = match shape {
            Some(Some(shape)) => format!("\n```\n{}\n```", block(&shape)),
            Some(None) => "\n\nNot every way that leads here sets it.".to_owned(),
            None => String::new(),
        };
        let setters = self.outline.states.iter().filter(|state| {
            let mut keys = super::occurrences::assigns(state)
                .flat_map(|one| one.entries().iter().filter_map(|(key, _)| key.as_str()));
            keys.any(|key| super::occurrences::variable_of(key) == name)
        });
        let setters: Vec<String> = setters.map(|state| format!("`{}`", state.name)).collect();
        Some(format!("variable `${name}`{words}\n\nSet by {}.", setters.join(", ")))
    }

    fn substitution(&self, name: &str) -> String {
        let Some(one) = self.outline.machine.substitutions.get(name) else {
            return format!("`${{{name}}}`: the template gives no such substitution.");
        };
        let of = one.logical_id.as_ref().map(|id| format!(", of `{id}`")).unwrap_or_default();
        let until = if one.assumed.is_empty() { "" } else { "\n\nOnly a deployment says what it really is." };
        format!("`${{{name}}}` = `{}`{of}{until}", one.value.to_string().trim_matches('"'))
    }

    fn error(&self, name: &str) -> Option<String> {
        if let Some((_, when)) = MEANINGS.iter().find(|(known, _)| *known == name) {
            return Some(format!("`{name}`: {when}"));
        }
        let call = call_of(self.state?, self.outline)?;
        let known = reported_errors(&call).into_iter().find(|(known, _)| known == name);
        let prefix = call.error_prefix().map(|prefix| format!("{prefix}."));
        let again = match known {
            Some((_, true)) => " It passes by itself: trying again helps.",
            _ => "",
        };
        let is_own = prefix.is_some_and(|prefix| name.starts_with(&prefix));
        is_own.then(|| format!("`{name}`: an error of `{}`.{again}", call.name()))
    }

    /// A field, by its name.
    fn field(&self, name: &str) -> Option<String> {
        let Some(state) = self.state else {
            let field = FieldsOf::Machine.field(name).filter(|_| self.spot.last().pointer.matches('/').count() == 1)?;
            return Some(format!("`{name}` of {}: {}", FieldsOf::Machine.describe(), takes(field.takes)));
        };
        let within = path_of(self.spot.last().pointer.strip_prefix(state.pointer.as_str())?);
        let within: Vec<&str> = within.iter().map(String::as_str).collect();
        if let ["Parameters" | "Arguments", rest @ ..] = within.as_slice()
            && let Some(call) = call_of(state, self.outline)
        {
            if rest.is_empty() {
                return Some(call_text(&call));
            }
            let of = member_type(call.parameters()?, rest)?;
            let (last, around) = rest.split_last()?;
            let required = member_type(call.parameters()?, around)
                .and_then(|around| around.member(last.strip_suffix(".$").unwrap_or(last)))
                .is_some_and(|member| member.required);
            let demand = if required { ", required" } else { "" };
            let values = match of.kind() {
                Kind::Enum(values) => format!("\n\n`{}`", values.join("`, `")),
                _ => String::new(),
            };
            return Some(format!("`{name}` of `{}`: {}{demand}{values}", call.name(), kind(of)));
        }
        if within.first() == Some(&"Retry") {
            return Some(retries(state).join("\n\n")).filter(|text| !text.is_empty());
        }
        let (last, around) = within.split_last()?;
        let shape = FieldsOf::State(StateType::of(state.state_type?)?).within(around)?;
        if shape == FieldsOf::ChoiceRule && operators().any(|operator| operator == *last) {
            return Some(format!("`{last}`: {}", compared(last)));
        }
        let field = shape.field(last)?;
        if *last == "Type" && around.is_empty() {
            return Some(format!("`Type` of a state: {}", StateType::WORDS.join(" | ")));
        }
        let demand = if field.required { ", required" } else { "" };
        Some(format!("`{last}` of {}: {}{demand}", shape.describe(), takes(field.takes)))
    }

    fn state_text(&self, state: &StateView<'_>) -> String {
        let mut text = format!("**{}** · {}", state.name, state.state_type.unwrap_or("no type yet"));
        if let Some(call) = call_of(state, self.outline) {
            text.push_str(&format!(" · `{}`", call.name()));
        }
        if let Some(comment) = state.get("Comment").and_then(Node::as_str) {
            text.push_str(&format!("\n\n{comment}"));
        }
        if let Some(record) = record(self.outline.stack, self.outline.machine) {
            text.push_str(&data(&record, state));
        }
        for words in retries(state) {
            text.push_str(&format!("\n\n{words}"));
        }
        for catcher in state.get("Catch").map_or(&[][..], Node::items) {
            let errors = errors_of(catcher);
            if let Some(next) = catcher.get("Next").and_then(Node::as_str) {
                text.push_str(&format!("\n\nOn {errors}: `{next}`."));
            }
        }
        text
    }
}

/// What a comparison of a choice rule does, in words, by its name
/// ([documentation](https://docs.aws.amazon.com/step-functions/latest/dg/state-choice.html#amazon-states-language-choice-state-rules-comparison)).
fn compared(operator: &str) -> String {
    let (name, path) = match operator.strip_suffix("Path") {
        Some(name) => (name, true),
        None => (operator, false),
    };
    let other = if path { "the value at this path" } else { "this value" };
    let kinds =
        [("String", "a string"), ("Numeric", "a number"), ("Boolean", "a boolean"), ("Timestamp", "a timestamp")];
    match name {
        "IsPresent" => "whether the field at `Variable` exists".to_owned(),
        "StringMatches" => "whether the string matches this pattern; `*` stands for any characters".to_owned(),
        "And" => "whether all of these rules match".to_owned(),
        "Or" => "whether any of these rules matches".to_owned(),
        "Not" => "whether this rule does not match".to_owned(),
        _ => match kinds.iter().find_map(|(word, kind)| Some((name.strip_prefix(word)?, kind))) {
            Some((comparison, kind)) => {
                let than = match comparison {
                    "Equals" => "equal to",
                    "LessThan" => "less than",
                    "LessThanEquals" => "less than or equal to",
                    "GreaterThan" => "greater than",
                    _ => "greater than or equal to",
                };
                format!("whether the value at `Variable` is {kind} {than} {other}")
            }
            None => format!("whether the value at `Variable` is {}", kind_of(name)),
        },
    }
}

/// The kind of value that `IsNull`, `IsString` and the like ask for.
fn kind_of(name: &str) -> String {
    match name.strip_prefix("Is").unwrap_or(name) {
        "Null" => "null".to_owned(),
        kind => format!("a {}", kind.to_lowercase().replace("numeric", "number")),
    }
}

/// What a field takes, in a few words.
fn takes(what: Takes) -> String {
    let bounds = |from: f64, to: f64| if to >= 1e15 { format!("from {from}") } else { format!("{from} to {to}") };
    match what {
        Takes::Any => "any JSON".to_owned(),
        Takes::Text => "string".to_owned(),
        Takes::OneOf(values) => values.join(" | "),
        Takes::Boolean => "boolean".to_owned(),
        Takes::Integer(from, to) => format!("whole number, {}", bounds(from as f64, to as f64)),
        Takes::Number(from, to) => format!("number, {}", bounds(from, to)),
        Takes::Path => "path".to_owned(),
        Takes::Object => "object".to_owned(),
        Takes::List => "list".to_owned(),
        Takes::SomeList => "list of at least one item".to_owned(),
    }
}

/// The data that goes into a state and out of it.
fn data(record: &Record, state: &StateView<'_>) -> String {
    let mut text = String::new();
    match record.view(&state.pointer).filter(|_| !state.pointer.is_empty()) {
        Some(view) => text.push_str(&format!("\n\nInput:\n```\n{}\n```", block(&view.data))),
        None => text.push_str("\n\nNo way leads here."),
    }
    if let Some(output) = record.output(&state.pointer) {
        text.push_str(&format!("\nOutput:\n```\n{}\n```", block(output)));
    }
    text
}
