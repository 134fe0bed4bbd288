use crate::aws::states::RESERVED_VARIABLE;
use crate::diagnostic::Severity;
use crate::lint::rule::rule;
use crate::lint::view::{Language, unknown};
use crate::lint::{Findings, Fix, MachineView, StateView};
use crate::loaded::DefinitionSource;
use crate::source::{Node, Visit};

rule! {
    /// Path that is passed on as text
    ///
    /// # What it does
    /// Reports strings that look like a path, such as `$.detail.object.key`, or like an intrinsic function call, in a field whose
    /// name does not end in `.$`. In JSONata states, reports strings that look like an expression without `{%` and `%}` around it, or
    /// like a path or a call of JSONPath.
    ///
    /// Source: [input and output of states](https://docs.aws.amazon.com/step-functions/latest/dg/concepts-input-output-filtering.html).
    ///
    /// # Why is this bad
    /// Nothing fails. The service receives the string itself: every execution succeeds, and the table holds one item whose key is
    /// `$.detail.object.key`. In a DynamoDB call this is an error; elsewhere it is a warning, because the receiver of the string
    /// may evaluate the path.
    ///
    /// # Example
    /// ```json
    /// "fileName": { "S": "$.detail.object.key" }
    /// ```
    ///
    /// # Use instead
    /// ```json
    /// "fileName": { "S.$": "$.detail.object.key" }
    /// ```
    pub(super) static RULE: "FLOW107", "literal-path", Warning = State(check);
}

/// The fields that hold templates, in either language.
const TEMPLATES: [&str; 9] = [
    "Parameters",
    "ResultSelector",
    "ItemSelector",
    "Assign",
    "Arguments",
    "Output",
    "ItemBatcher",
    "ItemReader",
    "ResultWriter",
];

/// Keys whose values are paths that somebody else reads.
fn names_a_path(key: &str) -> bool {
    key.ends_with("Path") || key.ends_with("PathsMap") || key.ends_with("Definition") || key == "JsonPath"
}

fn check(state: &StateView<'_>, machine: &MachineView<'_>, findings: &mut Findings<'_>) {
    let looks = match state.language {
        Language::JsonPath => is_jsonpath,
        Language::Jsonata => |text: &str| is_jsonata(text) || is_jsonpath(text),
        Language::Unknown => return,
    };
    for field in TEMPLATES {
        let Some(node) = state.get(field) else { continue };
        node.visit(&state.pointer_to(field), |Visit { key, node, pointer }| {
            if key.is_some_and(|key| key.as_str().is_none_or(|name| name.ends_with(".$") || names_a_path(name))) {
                return false;
            }
            if let Some(text) = node.as_str().filter(|text| !unknown(node) && looks(text)) {
                let dynamodb = state.get("Resource").and_then(Node::as_str).is_some_and(|r| r.contains(":dynamodb:"));
                let severity = if dynamodb { Severity::Error } else { Severity::Warning };
                report(machine, state.language, severity, Found { node, pointer, key, text }, findings);
            }
            true
        });
    }
}

struct Found<'a, 'p> {
    node: &'a Node,
    pointer: &'p str,
    key: Option<&'a Node>,
    text: &'a str,
}

fn report(
    machine: &MachineView<'_>,
    language: Language,
    severity: Severity,
    found: Found<'_, '_>,
    findings: &mut Findings<'_>,
) {
    let Found { node, pointer, key, text } = found;
    let finding = findings.add(
        machine.place(pointer, node),
        format!("`{text}` is passed on as a string, not as the value it refers to: executions succeed with wrong data"),
    );
    finding.severity(severity);
    let document = machine.definition.document;
    match (language, key.and_then(Node::as_str)) {
        (Language::Jsonata, _) if !is_jsonata(text) => {
            finding.help("this state reads with JSONata: `{% $states.input... %}`");
        }
        (Language::Jsonata, _) => {
            let spelled = machine.text().get(node.span.start..node.span.end).unwrap_or_default();
            let quoted = spelled.len() == text.len() + 2 && spelled.get(1..=text.len()) == Some(text);
            let inside = crate::source::Span { start: node.span.start + 1, end: node.span.end.saturating_sub(1) };
            let fix = quoted.then(|| Fix::replace(document, inside, format!("{{% {text} %}}")));
            finding.help(format!("`{{% {text} %}}`")).fix(fix);
        }
        (_, Some(name)) => {
            let renamed = format!("{name}.$");
            let fix = key.and_then(|key| Fix::rename(document, machine.text(), key, &renamed));
            let by_construct = machine.stack.is_synthesized() && machine.definition.source != DefinitionSource::File;
            let help = match by_construct {
                true => format!("`JsonPath.stringAt('{text}')` in the construct"),
                false => format!("rename the field to `{renamed}`"),
            };
            finding.help(help).fix(fix);
        }
        (_, None) => {
            finding
                .help("an array element cannot be a path: use `States.Array(...)` in a field whose name ends in `.$`");
        }
    }
}

/// Whether a text is surely meant as a path or a call.
fn is_jsonpath(text: &str) -> bool {
    let path = text.starts_with("$.") || text.starts_with("$$.") || text.starts_with("$['") || text.starts_with("$[");
    (path && crate::asl::JsonPath::parse(text).is_ok())
        || (text.starts_with("States.") && crate::asl::Intrinsic::parse(text).is_ok())
}

fn is_jsonata(text: &str) -> bool {
    let names = text.strip_prefix("$states.").and_then(|rest| rest.split('.').next());
    names.is_some_and(|name| RESERVED_VARIABLE.contains(&name)) && !text.contains(char::is_whitespace)
}
