//! One state alone.

use std::fmt::Write;
use std::path::Path;

use anstyle::Style;
use serde_json::Value;

use crate::diagnostic::{Diagnostic, shown};
use crate::simulate::services::{LocalServices, ServiceAnswer, ServiceCall, Services};
use crate::simulate::stack::RunnableStack;
use crate::simulate::test_state::{InspectionLevel, StateAnswer, StateRequest, StateStatus, answer, test_state};
use crate::source::Source;

use super::super::failure::Failure;
use super::super::outcome::Outcome;
use super::super::{json, output, stack_source};
use super::args::{Args, Format};
use super::services;

/// How large a request may be: its definition, input, variables, context and mock each have a limit of their own, of 1 MiB together with
/// what escapes their quotes.
const MAX_REQUEST: usize = 8 << 20;

/// Runs a state with an input, and shows what it did with its data.
pub(super) fn run(
    args: &Args,
    state: &str,
    (stack, machine): (&RunnableStack, usize),
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
        Format::Json => output::print(&format!("{:#}\n", answer.to_json(InspectionLevel::Debug)))?,
        Format::Jsonl => output::print(&format!("{}\n", answer.to_json(InspectionLevel::Debug)))?,
    }
    Ok(match answer.status {
        StateStatus::Succeeded | StateStatus::CaughtError => Outcome::Fine,
        StateStatus::Failed | StateStatus::Retriable => Outcome::Findings,
    })
}

/// Answers a request of the TestState API. What is not mocked is asked of the stack's services, or of empty ones.
pub(super) fn answer_request(args: &Args, request: &Path) -> anyhow::Result<Outcome> {
    let source = Source::read_up_to(request, MAX_REQUEST).map_err(Failure::spec)?;
    let request = json::value(&source)?;
    let mut services = match &args.stack {
        Some(stack) => {
            let stack = stack_source::runnable_stack(Some(stack), &args.spec, &args.app, Path::new(""), &args.values)?;
            services::services(args, &stack)?
        }
        None => LocalServices::in_memory(args.seed)?,
    };
    let answer = answer(&request, &mut services)
        .map_err(|refusal| Failure::new(Diagnostic::error(format!("{}: {refusal}", refusal.code()))))?;
    match args.format {
        Format::Jsonl => output::print(&format!("{answer}\n"))?,
        Format::Human | Format::Json => output::print(&format!("{answer:#}\n"))?,
    }
    let went_well = matches!(answer["status"].as_str(), Some("SUCCEEDED" | "CAUGHT_ERROR"));
    Ok(if went_well { Outcome::Fine } else { Outcome::Findings })
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
