use crate::aws::states::QueryLanguage;
use crate::lint::rule::rule;
use crate::lint::schema::shapes;
use crate::lint::view::unknown;
use crate::lint::{Findings, Language, MachineView, ScopeKind};
use crate::loaded::below;

rule! {
    /// Field of the other query language
    ///
    /// # What it does
    /// Checks that JSONPath states use no JSONata fields (`Arguments`, `Output`, `Items`, `Condition`), that JSONata states use no
    /// JSONPath fields (`Parameters`, `ResultPath`, `InputPath`, every `...Path`), and that `QueryLanguage` is set only where it is
    /// allowed: at the top level, or in a state that is to use JSONata.
    ///
    /// Source: [JSONata in Step Functions](https://docs.aws.amazon.com/step-functions/latest/dg/transforming-data.html).
    ///
    /// # Why is this bad
    /// Step Functions refuses the definition. States inside a Map or Parallel state do not inherit the query language of that
    /// state, only that of the whole definition.
    ///
    /// # Example
    /// ```json
    /// "Put": { "Type": "Task", "Resource": "arn:aws:states:::dynamodb:putItem", "Arguments": {}, "End": true }
    /// ```
    ///
    /// # Use instead
    /// ```json
    /// "Put": { "Type": "Task", "QueryLanguage": "JSONata", "Resource": "arn:aws:states:::dynamodb:putItem",
    ///          "Arguments": {}, "End": true }
    /// ```
    pub(super) static RULE: "ASL006", "query-language", Error = Machine(check);
}

fn check(machine: &MachineView<'_>, findings: &mut Findings<'_>) {
    declared(machine, findings);
    for state in machine.states.iter().filter(|state| state.language != Language::Unknown) {
        shapes(state, |shape, node, pointer| {
            for (key, _) in node.entries() {
                let field = key.as_str().and_then(|name| shape.field(name));
                let Some((field, language)) = field.and_then(|field| Some((field, field.language?))) else { continue };
                if language == state.language {
                    continue;
                }
                let message = format!(
                    "`{}` is a field of {}, and this state reads its input with {}: the definition is refused",
                    field.name,
                    named(language),
                    named(state.language)
                );
                let finding = findings.add(machine.place(&below(pointer, field.name), key), message);
                if let Some(help) = instead(field.name, language) {
                    finding.help(help);
                }
            }
        });
    }
}

fn named(language: Language) -> &'static str {
    match language {
        Language::JsonPath => QueryLanguage::JsonPath.as_str(),
        Language::Jsonata => QueryLanguage::Jsonata.as_str(),
        Language::Unknown => "a language that is not known",
    }
}

/// What the other language has for the same purpose.
fn instead(field: &str, language: Language) -> Option<String> {
    let name = match (field, language) {
        ("Arguments", _) => "Parameters",
        ("Parameters", _) => "Arguments",
        ("Output", _) => "ResultSelector, ResultPath and OutputPath",
        ("ResultSelector" | "ResultPath" | "OutputPath" | "Result", _) => "Output",
        ("Items", _) => "ItemsPath",
        ("ItemsPath", _) => "Items",
        ("Condition", _) => "Variable and an operator",
        ("Variable", _) => "Condition",
        ("InputPath", _) => return Some("an expression reads `$states.input`".to_owned()),
        (path, Language::JsonPath) if path.ends_with("Path") => {
            return Some(format!("`{}` takes an expression", path.trim_end_matches("Path")));
        }
        _ => return Some("`\"QueryLanguage\": \"JSONata\"` in the state, or at the top, makes it one".to_owned()),
    };
    let other = if language == Language::Jsonata { Language::JsonPath } else { Language::Jsonata };
    Some(format!("{} has {name} for it", named(other)))
}

/// Looks at the value of `QueryLanguage`.
fn declared(machine: &MachineView<'_>, findings: &mut Findings<'_>) {
    for scope in &machine.scopes {
        let entry = scope.node.entries().iter().find(|(key, _)| key.as_str() == Some("QueryLanguage"));
        let Some((key, value)) = entry else { continue };
        let pointer = below(&scope.pointer, "QueryLanguage");
        if scope.kind == ScopeKind::Machine {
            spelled(machine, value, &pointer, findings);
        } else {
            let message = "`QueryLanguage` is not a field of this part: the definition is refused";
            findings.add(machine.place(&pointer, key), message).help("set it at the top, or in each state");
        }
    }
    for state in &machine.states {
        let Some(value) = state.get("QueryLanguage") else { continue };
        let pointer = state.pointer_to("QueryLanguage");
        spelled(machine, value, &pointer, findings);
        if value.as_str() == Some(QueryLanguage::JsonPath.as_str()) && machine.language == Language::Jsonata {
            let message = "a state cannot go back to JSONPath where the definition's language is JSONata";
            findings
                .add(machine.place(&pointer, value), message)
                .help("set JSONata in the states that use it, and not at the top");
        }
    }
}

fn spelled(machine: &MachineView<'_>, value: &crate::source::Node, pointer: &str, findings: &mut Findings<'_>) {
    if !unknown(value) && value.as_str().and_then(QueryLanguage::of).is_none() {
        let message = "unknown query language: the definition is refused";
        findings.add(machine.place(pointer, value), message).help("use `JSONPath` or `JSONata`");
    }
}
