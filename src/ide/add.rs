//! What would be good to have, and is not there: retries, catchers, statements of a role.

use crate::aws::integration::{Call, reported_errors};
use crate::aws::states::{StateType, error};
use crate::lint::{Edit, Finding, Linted};
use crate::loaded::{LoadedStack, LoadedTemplate};
use crate::outline::{Language, Outline, StateView};
use crate::permissions::{MachinePermissions, NeededPermission, Verdict};
use crate::source::{Node, Span};

use super::action::{Action, ActionKind};
use super::call::call_of;
use super::insert;

/// What can be added to the state at a place.
pub(super) fn to_state(linted: &Linted, document: usize, span: Span) -> Vec<Action> {
    let stack = &linted.stack;
    for outline in stack.machines.iter().filter_map(|machine| Outline::new(stack, machine)) {
        if outline.definition.document != document {
            continue;
        }
        let holds = |state: &&StateView<'_>| state.key.span.start <= span.start && span.start <= state.node.span.end;
        let inner = outline.states.iter().filter(holds).min_by_key(|state| state.node.span.end - state.key.span.start);
        if let Some(state) = inner {
            return of_state(state, &outline, document);
        }
    }
    Vec::new()
}

fn of_state(state: &StateView<'_>, outline: &Outline<'_>, document: usize) -> Vec<Action> {
    if ![StateType::Task, StateType::Parallel, StateType::Map].into_iter().any(|kind| state.is(kind)) {
        return Vec::new();
    }
    let text = outline.text();
    let call = call_of(state, outline);
    let mut found = Vec::new();
    if state.get("Retry").is_none() {
        let names = passing(call.as_ref());
        let retry = format!(
            "[{{\"ErrorEquals\": {}, \"IntervalSeconds\": 1, \"MaxAttempts\": 5, \"BackoffRate\": 2, \"JitterStrategy\": \"FULL\"}}]",
            list(&names)
        );
        found.extend(added(
            document,
            text,
            state.node,
            "Retry",
            &retry,
            "Add a Retry for errors that pass by themselves",
        ));
    }
    if state.get("Catch").is_none() {
        found.extend(catch(state, outline, document, text));
    }
    found
}

/// A catcher of every error that leads to a `Fail` state: the scope's, or a new one that passes the error on.
fn catch(state: &StateView<'_>, outline: &Outline<'_>, document: usize, text: &str) -> Option<Action> {
    let scope = outline.scope_of(state);
    let known = scope.states.iter().map(|at| &outline.states[*at]).find(|other| other.is(StateType::Fail));
    let name = known.map_or_else(|| new_name(outline), |fail| fail.name.to_owned());
    let next = serde_json::Value::from(name.as_str());
    let catch = format!("[{{\"ErrorEquals\": [\"States.ALL\"], \"Next\": {next}}}]");
    let is_new = if known.is_some() { "" } else { "the new state " };
    let title = format!("Add a Catch that leads to {is_new}`{name}`");
    let mut action = added(document, text, state.node, "Catch", &catch, &title)?;
    if known.is_none() {
        let fail = match state.language {
            Language::Jsonata => {
                r#"{"Type": "Fail", "Error": "{% $states.input.Error %}", "Cause": "{% $states.input.Cause %}"}"#
            }
            _ => r#"{"Type": "Fail", "ErrorPath": "$.Error", "CausePath": "$.Cause"}"#,
        };
        action.edits.push(insert::field(document, text, scope.node.get("States")?, &name, fail)?);
    }
    Some(action)
}

/// A name that no state of a definition has.
fn new_name(outline: &Outline<'_>) -> String {
    let taken = |name: &str| outline.states.iter().any(|state| state.name == name);
    let names = std::iter::once("Failed".to_owned()).chain((2..).map(|number| format!("Failed{number}")));
    names.into_iter().find(|name| !taken(name)).unwrap_or_default()
}

fn added(document: usize, text: &str, node: &Node, field: &str, json: &str, title: &str) -> Option<Action> {
    let edit = insert::field(document, text, node, field, json)?;
    Some(Action { title: title.to_owned(), kind: ActionKind::Add, finding: None, edits: vec![edit], ignore: None })
}

/// The errors of a call that pass by themselves; of one whose errors are not known, any failure of the task.
fn passing(call: Option<&Call>) -> Vec<String> {
    let known = call.map(reported_errors).unwrap_or_default();
    let again: Vec<String> = known.into_iter().filter(|(_, again)| *again).map(|(name, _)| name).collect();
    if again.is_empty() { vec![error::TASK_FAILED.to_owned()] } else { again }
}

fn list(names: &[String]) -> String {
    serde_json::Value::from(names.to_vec()).to_string().replace("\",\"", "\", \"")
}

/// The statements that the roles lack of the machines that a place of the template declares.
pub(super) fn to_machine(linted: &Linted, document: usize, span: Span) -> Vec<Action> {
    let stack = &linted.stack;
    let Some(template) = stack.template.as_ref().filter(|template| template.document == document) else {
        return Vec::new();
    };
    let here = |id: &str| {
        let entries = template.root.get("Resources").map_or(&[][..], Node::entries).iter();
        let key = entries.map(|(key, _)| key).find(|key| key.as_str() == Some(id));
        key.is_some_and(|key| key.span.start <= span.end && span.start <= key.span.end)
    };
    let missing = linted.findings.iter().enumerate().filter(|(_, finding)| finding.rule.id.0 == "IAM601");
    let of_machine = missing.filter(|(_, finding)| {
        lacking(stack, finding).is_some_and(|(outline, _)| outline.machine.logical_id.as_deref().is_some_and(here))
    });
    of_machine.filter_map(|(at, finding)| statement(linted, at, finding)).collect()
}

/// The need that a finding is about, and whose it is.
fn lacking<'a>(stack: &'a LoadedStack, finding: &Finding) -> Option<(Outline<'a>, NeededPermission)> {
    stack.machines.iter().enumerate().find_map(|(index, machine)| {
        let outline = Outline::new(stack, machine)?;
        let needs = MachinePermissions::of(index, &outline).needs;
        let missing = |need: &NeededPermission| {
            matches!(need.verdict, Verdict::Missing(_))
                && need.place == finding.place
                && finding.message.contains(&format!("`{}`", need.action))
        };
        needs.into_iter().find(missing).map(|need| (outline, need))
    })
}

/// The statement that a role lacks, by the finding that says so.
pub(super) fn statement(linted: &Linted, at: usize, finding: &Finding) -> Option<Action> {
    let stack = &linted.stack;
    let template = stack.template.as_ref()?;
    let (outline, need) = lacking(stack, finding)?;
    let resource = resource(stack, need.resource.as_deref());
    let statement = format!("{{\"Effect\": \"Allow\", \"Action\": \"{}\", \"Resource\": {resource}}}", need.action);
    let edit = into_role(stack, template, &outline, &statement)?;
    let on = if resource == "\"*\"" { " on every resource: narrow it down" } else { "" };
    let title = format!("Allow `{}` in the role{on}", need.action);
    Some(Action { title, kind: ActionKind::Fix, finding: Some(at), edits: vec![edit], ignore: None })
}

/// A resource of the template as a function, or else all of them.
fn resource(stack: &LoadedStack, arn: Option<&str>) -> String {
    let tables = stack.tables.iter().map(|table| table.logical_id.as_str());
    let buckets = stack.buckets.iter().map(|bucket| bucket.resource.logical_id.as_str());
    let others =
        [&stack.queues, &stack.topics, &stack.functions].into_iter().flatten().map(|one| one.logical_id.as_str());
    let Some((resolver, arn)) = stack.resolver().zip(arn) else { return "\"*\"".to_owned() };
    let of = tables.chain(buckets).chain(others).find(|id| {
        let known = resolver.arn(id);
        arn == known || arn.strip_prefix(&known).is_some_and(|rest| rest.starts_with('/'))
    });
    let Some(id) = of else { return "\"*\"".to_owned() };
    let known = resolver.arn(id);
    let rest = arn.strip_prefix(&known).unwrap_or_default();
    let is_topic = stack.topics.iter().any(|topic| topic.logical_id == id);
    match (is_topic, rest) {
        (true, _) => format!("{{\"Ref\": \"{id}\"}}"),
        (false, "") => format!("{{\"Fn::GetAtt\": [\"{id}\", \"Arn\"]}}"),
        (false, rest) => format!("{{\"Fn::Sub\": \"${{{id}.Arn}}{rest}\"}}"),
    }
}

/// A statement in the policies of the machine, where SAM makes its role, or in those of the role.
fn into_role(stack: &LoadedStack, template: &LoadedTemplate, outline: &Outline<'_>, statement: &str) -> Option<Edit> {
    let document = template.document;
    let text = stack.documents.get(document)?.source.text.as_str();
    let machine = outline.machine.logical_id.as_deref()?;
    let role = outline.machine.role.as_deref()?;
    let (owner, policy) = match template.properties(role) {
        Some(role) => {
            let document = format!("{{\"Version\": \"2012-10-17\", \"Statement\": [{statement}]}}");
            (role, format!("{{\"PolicyName\": \"Workflow\", \"PolicyDocument\": {document}}}"))
        }
        None => (template.properties(machine)?, format!("{{\"Statement\": [{statement}]}}")),
    };
    match owner.get("Policies") {
        None => insert::field(document, text, owner, "Policies", &format!("[{policy}]")),
        Some(policies) => {
            let first = policies.items().first()?;
            let at = Span { start: first.span.start, end: first.span.start };
            let before = text.get(insert::line_start(text, at.start)..at.start)?;
            // A list in a block begins each item with a dash, at the column of the others.
            let behind = match before.trim() {
                "-" => format!("{}{before}", insert::ending(text)),
                _ if text.get(policies.span.start..)?.starts_with('[') => ", ".to_owned(),
                _ => return None,
            };
            Some(Edit { document, span: at, text: format!("{policy}{behind}") })
        }
    }
}
