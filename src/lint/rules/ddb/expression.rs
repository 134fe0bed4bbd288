use super::request::{Request, Written};
use crate::dynamodb::grammar::{ExpressionError, ExpressionFault, ExpressionKind};
use crate::lint::rule::rule;
use crate::lint::{Findings, Fix, MachineView, StateView};
use crate::source::Span;

rule! {
    /// Invalid expression
    ///
    /// # What it does
    /// Parses update, condition, filter, key condition and projection expressions as DynamoDB does, and points at the first
    /// position that cannot be parsed.
    ///
    /// Source: [expressions](https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/Expressions.html).
    ///
    /// # Why is this bad
    /// DynamoDB refuses every call: every execution of the state fails with a `ValidationException`.
    ///
    /// # Example
    /// ```json
    /// "UpdateExpression": "set lastModified : lastModified"
    /// ```
    ///
    /// # Use instead
    /// ```json
    /// "UpdateExpression": "SET lastModified = :lastModified"
    /// ```
    pub(super) static RULE: "DDB301", "expression-syntax", Error = State(check);
}

fn check(state: &StateView<'_>, machine: &MachineView<'_>, findings: &mut Findings<'_>) {
    for request in Request::all(state, machine) {
        for written in &request.expressions {
            let Err(error) = &written.read else { continue };
            // What is put into the text when the stack is deployed may be anything.
            let place = request.place_in(written, error.span);
            let finding = findings.add(place, format!("DynamoDB refuses each call: {error}"));
            if let Some((help, fix)) = assignment(&request, written, error) {
                finding.help(help).fix(fix);
            } else if let Some(help) = help(error) {
                finding.help(help);
            }
        }
    }
}

fn help(error: &ExpressionError) -> Option<String> {
    if let Some(expected) = error.expected() {
        return Some(format!("expected {expected}"));
    }
    match &error.fault {
        ExpressionFault::SectionTwice(section) => {
            Some(format!("one {section}, with its actions separated by commas: `{section} a = :a, b = :b`"))
        }
        ExpressionFault::UnknownFunction(name) => {
            let known = ["attribute_exists", "attribute_not_exists", "attribute_type", "begins_with", "contains", "size"];
            let update = ["if_not_exists", "list_append"];
            let known = if error.kind == ExpressionKind::Update { &update[..] } else { &known[..] };
            let near = crate::lint::near::nearest(name, known.iter().copied());
            Some(near.map_or_else(|| format!("one of {}", known.join(", ")), |near| format!("did you mean `{near}`?")))
        }
        ExpressionFault::KeyOperator(_) => {
            Some("a key condition compares the partition key with =, and may compare the sort key; move other conditions to the FilterExpression".to_owned())
        }
        _ => None,
    }
}

/// `a : a` or `a : :a`, where `a = :a` is meant.
fn assignment(
    request: &Request<'_, '_>,
    written: &Written<'_>,
    error: &ExpressionError,
) -> Option<(String, Option<Fix>)> {
    let ExpressionFault::Syntax { token, .. } = &error.fault else { return None };
    if written.kind != ExpressionKind::Update || token != ":" {
        return None;
    }
    let rest = written.text.get(error.span.end..)?;
    let word = rest.trim_start().strip_prefix(':').unwrap_or(rest.trim_start());
    let length = word.find(|c: char| !(c.is_ascii_alphanumeric() || c == '_')).unwrap_or(word.len());
    let value = format!(":{}", word.get(..length)?);
    let end = written.text.len() - word.len() + length;
    let declared = request.placeholders("ExpressionAttributeValues")?.iter().any(|(_, name)| *name == value);
    if !declared {
        return None;
    }
    let exact = request.exact(written, Span { start: error.span.start, end });
    let fix = exact.map(|span| Fix::replace(request.machine.definition.document, span, format!("= {value}")));
    let first = written.text.get(..error.span.start)?.trim_end();
    Some((format!("an assignment is `{first} = {value}`"), fix))
}
