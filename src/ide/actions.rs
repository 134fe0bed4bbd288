//! What mends a finding, or makes it silent.

use std::collections::BTreeSet;

use strsim::damerau_levenshtein;

use crate::lint::{Edit, Finding, Linted};
use crate::outline::Outline;
use crate::source::{Node, Span};

use super::action::{Action, ActionKind};
use super::{add, insert};

/// What can be done about the findings that touch a stretch of a document.
pub fn actions(linted: &Linted, document: usize, span: Span) -> Vec<Action> {
    let touches = |finding: &&(usize, &Finding)| {
        let place = &finding.1.place;
        place.document == document && place.span.start <= span.end && span.start <= place.span.end
    };
    let findings: Vec<(usize, &Finding)> = linted.findings.iter().enumerate().collect();
    let mut found: Vec<Action> = Vec::new();
    for (at, finding) in findings.iter().filter(touches) {
        found.extend(fix(*at, finding).or_else(|| meant(linted, *at, finding)));
        if finding.rule.id.0 == "IAM601" {
            found.extend(add::statement(linted, *at, finding));
        }
    }
    found.extend(fix_all(linted, document));
    found.extend(add::to_state(linted, document, span));
    found.extend(add::to_machine(linted, document, span));
    let mut silenced = BTreeSet::new();
    for (at, finding) in findings.iter().filter(touches) {
        if silenced.insert(finding.rule.id) {
            found.extend(suppress_here(linted, *at, finding));
            found.push(Action {
                title: format!("Ignore {} in bucketbook-lint.toml", finding.rule.id),
                kind: ActionKind::Suppress,
                finding: Some(*at),
                edits: Vec::new(),
                ignore: Some(finding.rule.id.0),
            });
        }
    }
    found
}

fn fix(at: usize, finding: &Finding) -> Option<Action> {
    let fix = finding.fix.as_ref().filter(|fix| !fix.edits.is_empty())?;
    let title =
        finding.help.as_deref().map_or_else(|| format!("Fix {}", finding.rule.id), |help| format!("Fix: {help}"));
    Some(Action { title, kind: ActionKind::Fix, finding: Some(at), edits: fix.edits.clone(), ignore: None })
}

/// What was probably meant, where a finding says so and leaves the choice to people.
fn meant(linted: &Linted, at: usize, finding: &Finding) -> Option<Action> {
    let place = &finding.place;
    let text = linted.stack.documents.get(place.document)?.source.text.as_str();
    let (span, meant) = did_you_mean(text, place.span, &finding.message, finding.help.as_deref())?;
    let edit = Edit { document: place.document, span, text: meant.clone() };
    let title = format!("Change to `{meant}`");
    Some(Action { title, kind: ActionKind::Fix, finding: Some(at), edits: vec![edit], ignore: None })
}

/// The word that a fault asks about, `did you mean`, and where the wrong one stands.
pub fn did_you_mean(text: &str, span: Span, message: &str, help: Option<&str>) -> Option<(Span, String)> {
    let asked = |said: &str| Some(said.split_once("did you mean `")?.1.split('`').next()?.to_owned());
    let meant = help.and_then(asked).or_else(|| asked(message))?;
    let text = text.get(span.start..span.end)?;
    let mut quoted = message.split('`').skip(1).step_by(2).filter(|word| !word.is_empty() && **word != *meant);
    let wrong = quoted.find(|word| text.contains(word)).or_else(|| nearest(text, &meant))?;
    let start = span.start + text.find(wrong)?;
    Some((Span { start, end: start + wrong.len() }, meant))
}

/// The part of a text that is most like a word: all of it, or a word in it.
fn nearest<'t>(text: &'t str, meant: &str) -> Option<&'t str> {
    let words = text.split(|c: char| !(c.is_alphanumeric() || "_-.$:".contains(c))).filter(|word| !word.is_empty());
    let all = std::iter::once(text.trim_matches(['"', '\'']));
    let distances = all.chain(words).map(|word| (damerau_levenshtein(word, meant), word));
    let (distance, word) = distances.min_by_key(|(distance, _)| *distance)?;
    (distance <= meant.len() / 2).then_some(word)
}

/// All fixes of a document, but those that touch another one: `lint --fix` makes the same choice.
fn fix_all(linted: &Linted, document: usize) -> Option<Action> {
    let mut edits: Vec<Edit> = Vec::new();
    let mut count = 0;
    for fix in linted.findings.iter().filter_map(|finding| finding.fix.as_ref()) {
        let touches = |edit: &Edit| {
            edits.iter().any(|other| edit.span.start <= other.span.end && other.span.start <= edit.span.end)
        };
        if fix.edits.iter().all(|edit| edit.document == document && !touches(edit)) && !fix.edits.is_empty() {
            edits.extend(fix.edits.iter().cloned());
            count += 1;
        }
    }
    let title = format!("Fix all in this file that have one right answer ({count})");
    (count > 0).then_some(Action { title, kind: ActionKind::FixAll, finding: None, edits, ignore: None })
}

/// A comment above the line, or in the `Comment` of the state: what the file's language and `lint` take.
fn suppress_here(linted: &Linted, at: usize, finding: &Finding) -> Option<Action> {
    let place = &finding.place;
    let document = linted.stack.documents.get(place.document)?;
    let text = document.source.text.as_str();
    let mark = format!("bucketbook: ignore={}", finding.rule.id);
    let state = innermost(linted, place.document, place.span);
    let in_text = linted.stack.machines.iter().filter_map(|machine| machine.definition.as_ref()).any(|definition| {
        definition.source == crate::loaded::DefinitionSource::Text
            && definition.document == place.document
            && definition.root.span.start <= place.span.start
            && place.span.start < definition.root.span.end
    });
    let edit = if document.json || in_text {
        comment_field(place.document, text, state?, &mark)?
    } else {
        let start = insert::line_start(text, place.span.start);
        let indent = insert::indent(text, start + text.get(start..)?.len() - text.get(start..)?.trim_start().len());
        let ending = insert::ending(text);
        let text = format!("{indent}# {mark}{ending}");
        Edit { document: place.document, span: Span { start, end: start }, text }
    };
    let title = format!("Ignore {} here", finding.rule.id);
    Some(Action { title, kind: ActionKind::Suppress, finding: Some(at), edits: vec![edit], ignore: None })
}

/// The innermost state that a stretch begins in, or else the definition.
fn innermost(linted: &Linted, document: usize, span: Span) -> Option<&Node> {
    let stack = &linted.stack;
    let mut found: Option<&Node> = None;
    for outline in stack.machines.iter().filter_map(|machine| Outline::new(stack, machine)) {
        if outline.definition.document != document {
            continue;
        }
        let holds = |start: usize, end: usize| start <= span.start && span.start < end;
        let states = outline.states.iter().filter(|state| holds(state.key.span.start, state.node.span.end));
        let inner = states.map(|state| state.node).min_by_key(|node| node.span.end - node.span.start);
        let root: &Node = &outline.definition.root;
        found = found.or(inner).or_else(|| holds(root.span.start, root.span.end).then_some(root));
    }
    found
}

/// The `Comment` of a mapping with the mark in it.
fn comment_field(document: usize, text: &str, mapping: &Node, mark: &str) -> Option<Edit> {
    let Some(comment) = mapping.get("Comment") else {
        return insert::field(document, text, mapping, "Comment", &format!("\"{mark}\""));
    };
    let spelled = text.get(comment.span.start..comment.span.end)?;
    let quote = spelled.chars().next().filter(|quote| *quote == '"' || *quote == '\'')?;
    let inside = spelled.strip_suffix(quote)?;
    if let Some(from) = inside.find("bucketbook: ignore=") {
        // Another rule is named already.
        let at = comment.span.start + from + "bucketbook: ignore=".len();
        let rule = mark.rsplit('=').next().unwrap_or_default();
        return Some(Edit { document, span: Span { start: at, end: at }, text: format!("{rule},") });
    }
    let at = comment.span.start + inside.len();
    Some(Edit { document, span: Span { start: at, end: at }, text: format!("; {mark}") })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::lint::{self, Selection};
    use crate::loaded::LoadedStack;

    fn linted(name: &str, text: &str) -> Linted {
        let stack = LoadedStack::from_text(name, text).unwrap_or_else(|stack| *stack);
        let findings = lint::check(&stack, &Selection::default());
        Linted { stack, findings }
    }

    fn applied(linted: &Linted, action: &Action) -> String {
        let mut text = linted.stack.documents[0].source.text.clone();
        let mut edits = action.edits.clone();
        edits.sort_by_key(|edit| std::cmp::Reverse(edit.span.start));
        edits.iter().for_each(|edit| text.replace_range(edit.span.start..edit.span.end, &edit.text));
        text
    }

    /// Whatever is made silent where it stands is silent, and nothing else changes.
    #[test]
    fn what_is_ignored_here_is_gone() {
        let json = "{\n  \"StartAt\": \"A\",\n  \"States\": {\n    \"A\": { \"Type\": \"Pass\", \"Nxt\": \"B\", \"End\": true },\n    \"B\": { \"Type\": \"Pass\", \"End\": true }\n  }\n}\n";
        let yaml = "StartAt: A\r\nStates:\r\n  A:\r\n    Type: Pass\r\n    Nxt: B\r\n    End: true\r\n  B: {Type: Pass, End: true}\r\n";
        for (name, text) in [("a.asl.json", json), ("a.asl.yaml", yaml)] {
            let before = linted(name, text);
            let target = before.findings.iter().position(|finding| finding.rule.id.0 == "ASL007").unwrap_or(0);
            let finding = &before.findings[target];
            let rule = finding.rule.id.0;
            let all = actions(&before, 0, finding.place.span);
            let here = all.iter().find(|action| action.title == format!("Ignore {rule} here")).unwrap();
            let after = linted(name, &applied(&before, here));
            let rules = |linted: &Linted| linted.findings.iter().map(|f| f.rule.id.0).collect::<Vec<_>>();
            let kept: Vec<_> = rules(&before).into_iter().filter(|id| *id != rule).collect();
            assert_eq!(rules(&after), kept, "{}", applied(&before, here));
        }
    }
}
