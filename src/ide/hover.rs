//! What stands at a place, in words.

use crate::aws::quota;
use std::collections::BTreeSet;

use crate::asl::{Function, JsonPath, JsonataFunction};
use crate::aws::ResourceType;
use crate::aws::integration::{Call, reported_errors};
use crate::aws::service_model::Kind;
use crate::aws::states::StateType;
use crate::aws::states::error::MEANINGS;
use crate::eventbridge::s3;
use crate::lint::flow::{Presence, Record, Shape, View, record};
use crate::lint::{FieldsOf, Takes};
use crate::loaded::{LoadedStack, LoadedTemplate};
use crate::outline::{Outline, StateView};
use crate::permissions::{MachinePermissions, Verdict};
use crate::source::{Node, Span};

use super::complete::{call_of, kind, member_type};
use super::occurrences::{Named, Occurrence};
use super::origin::origins;
use super::property::{schema_at, words};
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
        None => in_template(stack, &spot, named),
    }
}

/// How a function is called: `States.MathAdd(number, number) -> number`.
pub(super) fn signature(function: Function) -> String {
    use crate::asl::Kind as Of;
    let word = |kind: &Of| match kind {
        Of::Any => "any",
        Of::Text => "string",
        Of::Number => "number",
        Of::Array => "array",
        Of::Object => "object",
        Of::Boolean => "boolean",
    };
    let mut parameters: Vec<&str> = function.parameters().iter().map(word).collect();
    if *function.arity().end() == usize::MAX {
        parameters.push("...");
    }
    format!("{}({}) -> {}", function.name(), parameters.join(", "), word(&function.result()))
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
        let field = shape.field(last)?;
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

fn errors_of(node: &Node) -> String {
    let errors = node.get("ErrorEquals").map_or(&[][..], Node::items);
    let names: Vec<&str> = errors.iter().filter_map(Node::as_str).collect();
    if names == ["States.ALL"] { "any error".to_owned() } else { format!("`{}`", names.join("`, `")) }
}

/// The most waits that are listed.
const MOST_WAITS: u64 = 8;

/// The retriers of a state, in words, with the defaults of the
/// [documentation](https://docs.aws.amazon.com/step-functions/latest/dg/concepts-error-handling.html#error-handling-retrying-after-an-error).
fn retries(state: &StateView<'_>) -> Vec<String> {
    use crate::source::Kind as NodeKind;
    let number = |node: &Node, field: &str, default: f64| match node.get(field).map(|node| &node.kind) {
        None => Some(default),
        Some(NodeKind::Integer(number)) => Some(*number as f64),
        Some(NodeKind::Float(number)) => Some(*number),
        Some(_) => None,
    };
    let words = |retrier: &Node| {
        let attempts = number(retrier, "MaxAttempts", 3.0)?.clamp(0.0, f64::from(quota::NUMBER)) as u64;
        let (first, rate) = (number(retrier, "IntervalSeconds", 1.0)?, number(retrier, "BackoffRate", 2.0)?);
        let longest = number(retrier, "MaxDelaySeconds", f64::MAX)?;
        if attempts == 0 {
            return Some(format!("{}: not tried again.", errors_of(retrier)));
        }
        let mut waits = Vec::new();
        let (mut wait, mut all) = (first, 0.0);
        for attempt in 0..attempts.min(1000) {
            let this = wait.min(longest);
            all += this;
            if attempt < MOST_WAITS {
                waits.push(format!("{}", (this * 100.0).round() / 100.0));
            }
            wait *= rate;
        }
        let more = if attempts > MOST_WAITS { ", ..." } else { "" };
        let random = match retrier.get("JitterStrategy").and_then(Node::as_str) {
            Some("FULL") => ", each a random time up to that",
            _ => "",
        };
        Some(format!(
            "{}: tried again {attempts} times, after {}{more} seconds{random}: {} seconds in all at most.",
            errors_of(retrier),
            waits.join(", "),
            all.round()
        ))
    };
    state.get("Retry").map_or(&[][..], Node::items).iter().filter_map(words).collect()
}

/// A service call.
fn call_text(call: &Call) -> String {
    let style = if call.is_sdk() { "AWS SDK integration" } else { "optimized integration" };
    let mut text = format!("**{}{}** · {style}", call.name(), call.pattern());
    if let Some(Kind::Structure(members) | Kind::Union(members)) = call.parameters().map(|of| of.kind()) {
        let (required, others): (Vec<_>, Vec<_>) = members.iter().partition(|member| member.required);
        for member in required {
            text.push_str(&format!("\n- `{}`: {}, required", member.name, kind(member.of)));
        }
        let names: Vec<String> = others.iter().take(30).map(|member| format!("`{}`", member.name)).collect();
        let more = if others.len() > 30 { ", ..." } else { "" };
        if !names.is_empty() {
            text.push_str(&format!("\n- may have {}{more}", names.join(", ")));
        }
    } else if let Some(custom) = call.custom() {
        custom.required.iter().for_each(|name| text.push_str(&format!("\n- `{name}`, required")));
        text.push_str(&format!("\n- may have `{}`", custom.optional.join("`, `")));
    }
    let (actions, _) = call.iam_actions();
    if !actions.is_empty() {
        text.push_str(&format!("\n\nIts role needs `{}`.", actions.join("`, `")));
    }
    let page = if call.is_sdk() { "supported-services-awssdk.html" } else { "integrate-optimized.html" };
    text.push_str(&format!("\n\n[Documentation](https://docs.aws.amazon.com/step-functions/latest/dg/{page})"));
    text
}

fn in_template(stack: &LoadedStack, spot: &Spot<'_>, named: Option<Occurrence>) -> Option<Hover> {
    let template = stack.template.as_ref().filter(|template| template.document == spot.document)?;
    if let Some(Occurrence { named, span, .. }) = named {
        let text = match &named {
            Named::Logical { name } => resource(stack, template, name)?,
            Named::Substitution { name, .. } => {
                let machine = stack.machines.iter().find(|machine| machine.substitutions.contains_key(name))?;
                let one = machine.substitutions.get(name)?;
                format!("`${{{name}}}` of `{}` = `{}`", machine.name, one.value.to_string().trim_matches('"'))
            }
            _ => return None,
        };
        return Some(Hover { text, span });
    }
    let path = spot.path();
    let is_pattern = |token: &String| token == "EventPattern" || token == "Pattern";
    if let Some(at) = path.iter().position(is_pattern).filter(|_| path.first().is_some_and(|one| one == "Resources")) {
        let step = spot.trail.iter().find(|step| path_of(&step.pointer).len() == at + 1)?;
        let kinds = matched(&crate::loaded::value(step.value));
        let text = match kinds.as_slice() {
            [] => "No event of S3 matches this pattern.".to_owned(),
            kinds => format!("Events of S3 that may match: {}.", kinds.join(", ")),
        };
        return Some(Hover { text, span: step.key?.span });
    }
    let path: Vec<&str> = path.iter().map(String::as_str).collect();
    let last = spot.last();
    match path.as_slice() {
        [.., "Action" | "NotAction"] | [.., "Action" | "NotAction", _] if !spot.on_key => {
            Some(Hover { text: needed(stack, last.value.as_str()?), span: last.value.span })
        }
        ["Resources", id, "Type"] => Some(Hover { text: resource(stack, template, id)?, span: last.value.span }),
        ["Resources", id, "Properties", rest @ ..] if spot.on_key => {
            let (name, around) = rest.split_last()?;
            let of = &template.resources.get(*id)?.resource_type;
            let schema = schema_at(template, id, rest)?;
            let required = schema_at(template, id, around).is_some_and(|of| of.required.iter().any(|one| one == name));
            let demand = if required { ", required" } else { "" };
            let text = format!("`{name}` of `{of}`: {}{demand}", words(schema));
            Some(Hover { text, span: last.key?.span })
        }
        _ => None,
    }
}

/// Which states need an action, given as a policy spells it.
fn needed(stack: &LoadedStack, action: &str) -> String {
    let named = |name: &str| match action.split_once('*') {
        Some((start, _)) => name.to_ascii_lowercase().starts_with(&start.to_ascii_lowercase()),
        None => name.eq_ignore_ascii_case(action),
    };
    let mut lines: BTreeSet<String> = BTreeSet::new();
    for (at, machine) in stack.machines.iter().enumerate() {
        let Some(outline) = Outline::new(stack, machine) else { continue };
        for need in MachinePermissions::of(at, &outline).needs.iter().filter(|need| named(&need.action)) {
            let states: Vec<String> = need.states.iter().map(|(state, _)| format!("`{state}`")).collect();
            let states = if states.is_empty() { String::new() } else { format!(" for {}", states.join(", ")) };
            lines.insert(format!("\n- `{}`: `{}`{states}", need.action, machine.name));
        }
    }
    match lines.is_empty() {
        true => format!("`{action}`: no state of the stack's state machines needs it."),
        false => format!("`{action}` is needed by{}", lines.into_iter().collect::<String>()),
    }
}

/// The kinds of event of S3 that a pattern may let through.
fn matched(pattern: &serde_json::Value) -> Vec<&'static str> {
    let source = &pattern["source"];
    let others =
        source.as_array().is_some_and(|all| !all.iter().any(|one| one.as_str().is_none_or(|name| name == "aws.s3")));
    if others {
        return Vec::new();
    }
    let detail: serde_json::Map<String, serde_json::Value> = ["detail-type", "detail"]
        .iter()
        .filter_map(|key| Some(((*key).to_owned(), pattern.get(*key)?.clone())))
        .collect();
    let detail = serde_json::Value::Object(detail);
    let lets = |schema: &&crate::eventbridge::Schema| {
        crate::eventbridge::satisfiable(&detail, std::slice::from_ref(*schema)).is_empty()
    };
    s3::schemas().iter().filter(lets).map(|schema| schema.name).collect()
}

/// A resource or a parameter of the template.
fn resource(stack: &LoadedStack, template: &LoadedTemplate, name: &str) -> Option<String> {
    let Some(resource) = template.resources.get(name) else {
        let parameter = template.section("Parameters", name)?;
        let of = parameter.get("Type").and_then(Node::as_str).unwrap_or("String");
        let default = parameter.get("Default").and_then(Node::as_str).map(|text| format!(", by default `{text}`"));
        return Some(format!("parameter `{name}`: {of}{}", default.unwrap_or_default()));
    };
    let mut text = format!("**{name}** · `{}`", resource.resource_type);
    let resolver = stack.resolver()?;
    if let Some(kind) = ResourceType::of(&resource.resource_type) {
        let gives = if kind.ref_is_arn() { resolver.arn(name) } else { resolver.physical_name(name) };
        text.push_str(&format!(
            "\n\n`Ref` gives {} such as `{gives}`.",
            if kind.ref_is_arn() { "an ARN" } else { "a name" }
        ));
        if !kind.attributes().is_empty() {
            text.push_str(&format!(" `Fn::GetAtt` gives `{}`.", kind.attributes().join("`, `")));
        }
    }
    let machine = stack.machines.iter().position(|machine| machine.logical_id.as_deref() == Some(name));
    if let Some((at, outline)) = machine.and_then(|at| Some((at, Outline::new(stack, &stack.machines[at])?))) {
        text.push_str(&needs(&MachinePermissions::of(at, &outline)));
    }
    Some(text)
}

/// What the role of a machine needs, and why.
fn needs(permissions: &MachinePermissions) -> String {
    let mut lines: BTreeSet<String> = BTreeSet::new();
    for need in &permissions.needs {
        let states: Vec<String> = need.states.iter().map(|(state, _)| format!("`{state}`")).collect();
        let why = if states.is_empty() { String::new() } else { format!(" for {}", states.join(", ")) };
        let verdict = match need.verdict {
            Verdict::Allowed => "",
            Verdict::Unknown => " (whether it has that is not known)",
            Verdict::Missing(_) => " **(missing)**",
        };
        lines.insert(format!("\n- `{}`{why}{verdict}", need.action));
    }
    if lines.is_empty() {
        String::new()
    } else {
        format!("\n\nIts role needs:{}", lines.into_iter().collect::<String>())
    }
}
