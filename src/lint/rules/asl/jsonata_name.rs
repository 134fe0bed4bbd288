use super::bare_names::{Bare, bare};
use super::context::{absent, wrong};
use super::lexer::names;
use super::templates::{expression, texts};
use crate::asl::JsonataFunction;
use crate::aws::states::RESERVED_VARIABLE;
use crate::diagnostic::Severity;
use crate::lint::near::nearest;
use crate::lint::rule::rule;
use crate::lint::{Findings, MachineView, StateView};
use crate::loaded::has_placeholder;

rule! {
    /// Unknown JSONata function or variable
    ///
    /// # What it does
    /// Reports unknown functions, unknown fields of `$states`, `$states.result` and `$states.errorOutput` where there is no result
    /// or error yet, and names without a `$` where there is no value that they could be a field of. Step Functions gives an
    /// expression no input document: everything is in `$states` and in variables.
    ///
    /// Source: [JSONata in Step Functions](https://docs.aws.amazon.com/step-functions/latest/dg/transforming-data.html).
    ///
    /// # Why is this bad
    /// Step Functions refuses the definition, or the execution fails with `States.QueryEvaluationError`.
    ///
    /// # Example
    /// ```json
    /// "Arguments": { "Key": "{% $upper($states.inputs.key) %}" }
    /// ```
    ///
    /// # Use instead
    /// ```json
    /// "Arguments": { "Key": "{% $uppercase($states.input.key) %}" }
    /// ```
    pub(super) static RULE: "ASL030", "jsonata-name", Error = State(check);
}

/// Names that some readers of JSONata have beside the documented ones: nobody says whether they work, so nothing is said of them.
const OTHERS: [&str; 3] = ["formatDateTime", "typeOf", "values"];

fn functions() -> impl Iterator<Item = &'static str> {
    JsonataFunction::ALL.iter().map(|function| function.name).chain(OTHERS)
}

/// What Step Functions finds out only when the state runs.
const LATER: &str = "the execution fails in this state";

fn check(state: &StateView<'_>, machine: &MachineView<'_>, findings: &mut Findings<'_>) {
    texts(state, &mut |field, node, pointer| {
        let Some(expression) = node.as_str().filter(|text| !has_placeholder(text)).and_then(expression) else { return };
        let Ok(parsed) = jsonata_core::parser::parse(expression) else { return };
        for bare in bare(&parsed) {
            let (message, help) = without_document(&bare);
            findings.add(machine.place(pointer, node), message).help(help);
        }
        let names = names(expression);
        for name in &names {
            let place = || machine.place(pointer, node);
            if name.name == "states"
                && let Some(why) = lacking(name.path, state, machine)
            {
                findings.add(place(), format!("{why}: {LATER}")).severity(Severity::Warning);
            } else if name.name == "states" {
                if let Some((message, help)) = of_states(name.path, field, pointer) {
                    let fails_later = message.ends_with(LATER);
                    let finding = findings.add(place(), message);
                    if fails_later {
                        finding.severity(Severity::Warning);
                    }
                    if let Some(help) = help {
                        finding.help(help);
                    }
                }
            } else if name.called && !functions().any(|known| known == name.name) {
                // A parameter, or a function that is made here, is a name that also stands where nothing is called.
                let made = names.iter().any(|other| other.name == name.name && !other.called);
                if made || name.name.is_empty() {
                    continue;
                }
                let shown: String = name.name.chars().take(60).collect();
                let finding = findings.add(place(), format!("unknown function `${shown}`: {LATER}"));
                finding.severity(Severity::Warning);
                if let Some(near) = nearest(name.name, functions()) {
                    finding.help(format!("did you mean `${near}`?"));
                }
            }
        }
    });
}

/// What is wrong with reading from the document that Step Functions does not give an expression, and what was meant.
fn without_document(bare: &Bare) -> (String, String) {
    let short = |name: &str| name.chars().take(60).collect::<String>();
    match bare {
        Bare::Name(name) => (
            format!("`{}` has no value to read from: the definition is refused", short(name)),
            format!("the state's input is `$states.input`: `$states.input.{}`", short(name)),
        ),
        Bare::Subtracted(name) => (
            format!("this subtracts `{}`, which has no value to read from: the definition is refused", short(name)),
            "put a name with a hyphen between backticks: `` $states.input.detail.object.`version-id` ``".to_owned(),
        ),
        Bare::Root => (
            "Step Functions has no `$$`: the definition is refused".to_owned(),
            "the state's input is `$states.input`".to_owned(),
        ),
    }
}

/// Why a path into the context object leads to nothing in this state.
fn lacking(path: &str, state: &StateView<'_>, machine: &MachineView<'_>) -> Option<&'static str> {
    let parts: Vec<&str> = path.split('.').filter(|part| !part.is_empty()).collect();
    let (first, rest) = parts.split_first()?;
    (*first == "context").then(|| absent(rest, state, machine))?
}

/// What is wrong with a path from `$states`, and what was meant.
fn of_states(path: &str, field: &str, pointer: &str) -> Option<(String, Option<String>)> {
    let parts: Vec<&str> = path.split('.').filter(|part| !part.is_empty()).collect();
    let (first, rest) = parts.split_first()?;
    let caught = field == "Catch";
    match *first {
        "context" => wrong(rest).map(|(name, near)| {
            let message = format!("the context object has no `{name}` here: {LATER}");
            (message, near.map(|near| format!("did you mean `{near}`?")))
        }),
        "errorOutput" if !caught => {
            let message =
                "only a catcher's `Output` and `Assign` have `$states.errorOutput`: the definition is refused";
            Some((message.to_owned(), None))
        }
        "result" if caught || !(matches!(field, "Output" | "Assign")) => {
            let help = "it exists only in `Output` and `Assign`, after the state has done its work".to_owned();
            let message =
                format!("there is no `$states.result` yet in `{}`: the definition is refused", shown(field, pointer));
            Some((message, Some(help)))
        }
        "input" | "result" | "errorOutput" => None,
        other => {
            let message = format!("`$states` has no field `{other}`: the definition is refused");
            Some((message, nearest(other, RESERVED_VARIABLE).map(|near| format!("did you mean `$states.{near}`?"))))
        }
    }
}

fn shown<'a>(field: &'a str, pointer: &'a str) -> &'a str {
    if field == "Catch" { pointer.rsplit('/').next().unwrap_or(field) } else { field }
}
