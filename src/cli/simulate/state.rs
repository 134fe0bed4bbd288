//! One state alone.

use std::fmt::Write;

use anstyle::Style;
use serde_json::{Map, Value};

use crate::diagnostic::{Diagnostic, shown};
use crate::simulate::services::{LocalServices, ServiceAnswer, ServiceCall, Services};
use crate::simulate::stack::LocalStack;
use crate::simulate::test_state::{StateAnswer, StateRequest, StateStatus, test_state};

use super::super::failure::Failure;
use super::super::{Outcome, output};
use super::{Args, Format};

/// Runs a state with an input, and shows what it did with its data.
pub(super) fn run(
    args: &Args,
    state: &str,
    (stack, machine): (&LocalStack, usize),
    input: Value,
    services: &mut LocalServices,
) -> anyhow::Result<Outcome> {
    let machine = &stack.machines()[machine];
    let Some(definition) = machine.around(state) else {
        let names: Vec<&str> = machine.program.states().map(|(_, state)| state.name.as_str()).collect();
        let diagnostic = Diagnostic::error(format!("{} has no state `{state}`", machine.label()));
        return Err(Failure::new(diagnostic.help(format!("its states are {}", names.join(", ")))).into());
    };
    let request =
        StateRequest { definition, state_name: Some(state.to_owned()), input: Some(input), ..StateRequest::default() };
    let mut services = Named { services, machine: &machine.name };
    let answer = test_state(&request, &mut services)
        .map_err(|refusal| Failure::new(Diagnostic::error(format!("`{state}` cannot be run: {refusal}"))))?;
    match args.format {
        Format::Human => output::show(&human(state, &answer))?,
        Format::Json => output::print(&format!("{:#}\n", json(&answer)))?,
        Format::Jsonl => output::print(&format!("{}\n", json(&answer)))?,
    }
    Ok(match answer.status {
        StateStatus::Succeeded | StateStatus::CaughtError => Outcome::Fine,
        StateStatus::Failed | StateStatus::Retriable => Outcome::Findings,
    })
}

/// Services that take a state's calls for those of its machine, as mocks are by machine.
struct Named<'a> {
    services: &'a mut LocalServices,
    machine: &'a str,
}

impl Services for Named<'_> {
    fn call(&mut self, call: &ServiceCall<'_>) -> ServiceAnswer {
        let call = ServiceCall { state_machine: self.machine, ..*call };
        self.services.call(&call)
    }
}

/// As the API answers.
fn json(answer: &StateAnswer) -> Value {
    let mut told = Map::new();
    let mut set = |name: &str, value: Option<Value>| {
        if let Some(value) = value {
            told.insert(name.to_owned(), value);
        }
    };
    set("status", Some(answer.status.as_str().into()));
    set("output", answer.output.as_ref().map(|output| output.to_string().into()));
    set("error", answer.error.clone().map(Value::from));
    set("cause", answer.cause.clone().map(Value::from));
    set("nextState", answer.next_state.clone().map(Value::from));
    let steps = answer.inspection.steps().iter().map(|(name, value)| (name.clone(), Value::from(value.to_string())));
    set("inspectionData", Some(steps.collect::<Map<_, _>>().into()));
    told.into()
}

fn human(state: &str, answer: &StateAnswer) -> String {
    let mut text = String::new();
    let next = answer.next_state.as_ref().map(|next| format!(", then {}", shown(next))).unwrap_or_default();
    // Writing to a string cannot fail.
    let _ = writeln!(text, "{}: {}{next}", shown(state), answer.status.as_str());
    let bold = Style::new().bold();
    let mut show = |name: &str, said: &str| {
        let _ = writeln!(text, "{bold}{}{bold:#}\n  {}", shown(name), said.replace('\n', "\n  "));
    };
    let mut before = None;
    let steps = answer.inspection.steps().iter().map(|(name, value)| (name.as_str(), value));
    for (name, value) in steps.chain(answer.output.as_ref().map(|output| ("output", output))) {
        if before == Some(value) {
            show(name, "the same");
        } else {
            show(name, &format!("{value:#}"));
        }
        before = Some(value);
    }
    for (name, value) in [("error", &answer.error), ("cause", &answer.cause)] {
        if let Some(value) = value {
            show(name, value);
        }
    }
    text
}
