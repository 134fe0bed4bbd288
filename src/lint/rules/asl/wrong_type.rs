use crate::lint::rule::rule;
use crate::lint::schema::{Field, Takes, scope_shape, shapes};
use crate::lint::view::unknown;
use crate::lint::{Findings, Language, MachineView};
use crate::loaded::{DefinitionSource, below};
use crate::source::is_old_boolean;
use crate::source::{Kind, Node};

rule! {
    /// Wrong type of value
    ///
    /// # What it does
    /// Checks that numbers are numbers, strings are strings and arrays are arrays, that arrays that must not be empty are not
    /// empty, and that strings with a fixed set of values have one of them. In JSONata states, an expression between `{%` and `%}`
    /// is accepted wherever the value may be computed.
    ///
    /// Source: [the Amazon States Language](https://states-language.net/spec.html).
    ///
    /// # Why is this bad
    /// Step Functions refuses the definition.
    ///
    /// # Example
    /// ```json
    /// "Pause": { "Type": "Wait", "Seconds": "5", "Next": "Done" }
    /// ```
    ///
    /// # Use instead
    /// ```json
    /// "Pause": { "Type": "Wait", "Seconds": 5, "Next": "Done" }
    /// ```
    pub(super) static RULE: "ASL008", "wrong-type", Error = Machine(check);
}

fn check(machine: &MachineView<'_>, findings: &mut Findings<'_>) {
    for scope in &machine.scopes {
        let language = machine.language;
        for (key, value) in scope.node.entries() {
            let field = key.as_str().and_then(|name| scope_shape(scope).field(name));
            judge(machine, field, value, &scope.pointer, language, findings);
        }
    }
    for state in &machine.states {
        shapes(state, |shape, node, pointer| {
            for (key, value) in node.entries() {
                let field = key.as_str().and_then(|name| shape.field(name));
                judge(machine, field, value, pointer, state.language, findings);
            }
        });
        for list in ["Retry", "Catch"] {
            for (at, node) in state.get(list).map_or(&[][..], Node::items).iter().enumerate() {
                objects(machine, node, &format!("{}/{at}", state.pointer_to(list)), findings);
            }
        }
    }
}

fn objects(machine: &MachineView<'_>, node: &Node, pointer: &str, findings: &mut Findings<'_>) {
    if !matches!(node.kind, Kind::Mapping(_)) && !unknown(node) {
        findings.add(machine.place(pointer, node), format!("expected an object, found {}", node.describe()));
        return;
    }
    let Some(errors) = node.get("ErrorEquals") else { return };
    for (at, error) in errors.items().iter().enumerate().filter(|(_, error)| error.as_str().is_none()) {
        let message = format!("expected the name of an error, found {}", error.describe());
        findings.add(machine.place(&format!("{pointer}/ErrorEquals/{at}"), error), message);
    }
}

fn judge(
    machine: &MachineView<'_>,
    field: Option<&'static Field>,
    value: &Node,
    pointer: &str,
    language: Language,
    findings: &mut Findings<'_>,
) {
    let Some(field) = field.filter(|field| field.language.is_none_or(|of| of == language)) else { return };
    let computed = field.expression && language != Language::JsonPath && is_expression(value);
    if computed {
        return;
    }
    if unknown(value) {
        quoted(machine, field, value, pointer, findings);
        return;
    }
    let nullable = matches!(field.name, "InputPath" | "OutputPath" | "ResultPath");
    let expected = match mismatch(field.takes, value) {
        Some(expected) => expected,
        None if field.takes == Takes::Path && value.kind == Kind::Null && !nullable => "a path".to_owned(),
        None => return,
    };
    let message = format!("`{}` must be {expected}, not {}: the definition is refused", field.name, value.describe());
    let finding = findings.add(machine.place(&below(pointer, field.name), value), message);
    if let (Takes::Integer(..) | Takes::Number(..), Some(text)) = (field.takes, value.as_str()) {
        if text.parse::<f64>().is_ok() {
            finding.help("without the quotes it is a number");
        } else if text.starts_with('$') && language == Language::JsonPath {
            finding.help(format!("`{}Path` takes a path", field.name));
        }
    }
}

/// A substitution in quotes: whatever is put in there, what becomes of it is a text.
fn quoted(machine: &MachineView<'_>, field: &Field, value: &Node, pointer: &str, findings: &mut Findings<'_>) {
    let expected = match field.takes {
        Takes::Integer(..) | Takes::Number(..) => "a number",
        Takes::Boolean => "`true` or `false`",
        _ => return,
    };
    let Some(text) = value.as_str().filter(|text| text.starts_with("${") && text.ends_with('}')) else { return };
    let written = machine.text().get(value.span.start..value.span.end).unwrap_or_default();
    // In a template a definition becomes JSON, with quotes around every text.
    if written.starts_with(['"', '\''])
        || machine.definition.source == DefinitionSource::Inline && written.starts_with("${")
    {
        let message = format!(
            "`{}` must be {expected}, and `{text}` in quotes is always a string: the definition is refused",
            field.name
        );
        findings.add(machine.place(&below(pointer, field.name), value), message).help(
            "in a file of its own, write the substitution without quotes; in a template, put in the number itself",
        );
    }
}

/// A text that is a JSONata expression.
pub(super) fn is_expression(value: &Node) -> bool {
    value.as_str().is_some_and(|text| text.starts_with("{%"))
}

/// What was expected, if the value is not that. Bounds have a rule of their own.
fn mismatch(takes: Takes, value: &Node) -> Option<String> {
    let expected = |fits: bool, what: &str| (!fits).then(|| what.to_owned());
    match takes {
        Takes::Any => None,
        Takes::Text => expected(value.as_str().is_some(), "a string"),
        Takes::OneOf(texts) => match value.as_str() {
            Some(text) if texts.contains(&text) => None,
            _ => Some(texts.iter().map(|text| format!("`{text}`")).collect::<Vec<_>>().join(" or ")),
        },
        Takes::Boolean => {
            // Those who deploy YAML read it by its old version, in which `yes` and `on` are booleans.
            let old = value.as_str().is_some_and(|text| !matches!(text, "true" | "false") && is_old_boolean(text));
            expected(matches!(value.kind, Kind::Bool(_)) || old, "`true` or `false`")
        }
        Takes::Integer(..) => {
            let whole = matches!(value.kind, Kind::Integer(_))
                || matches!(value.kind, Kind::Float(number) if number.fract() == 0.0);
            expected(whole, "a whole number")
        }
        Takes::Number(..) => expected(matches!(value.kind, Kind::Integer(_) | Kind::Float(_)), "a number"),
        Takes::Path => expected(value.as_str().is_some() || value.kind == Kind::Null, "a path"),
        Takes::Object => expected(matches!(value.kind, Kind::Mapping(_)), "an object"),
        Takes::List => expected(matches!(value.kind, Kind::Sequence(_)), "a list"),
        Takes::SomeList => expected(!value.items().is_empty(), "a non-empty list"),
    }
}
