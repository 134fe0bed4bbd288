//! One page about a stack: its architecture, its workflows with simulated scenarios to step through, the findings of `lint`, its
//! permissions and its cost.
//!
//! [`Report::new`] collects the contents; [`Report::html`] is the page, one file that loads nothing. [`Report::data`] is the JSON in the page
//! that its script shows on demand; everything else is visible without a script too.

mod bill;
mod built_in;
mod content;
mod cost;
mod escape;
mod findings;
mod machines;
mod order;
mod page;
mod permissions;
mod sections;
mod told;

use std::collections::BTreeMap;
use std::path::{Component, Path, PathBuf};
use std::sync::Arc;

use serde_json::Value;

use crate::lint::Finding;
use crate::loaded::{LoadedStack, Values};
use crate::simulate::scenario::{Mismatch, PlayError, Played, Scenario, check, play_with};
use crate::simulate::simulation::SimulationOptions;
use crate::simulate::stack::{RunnableStack, StackFault};

pub use content::Report;
pub use cost::{CostReport, PriceReport, Prices, ShareReport};
pub use findings::{ExcerptLine, FindingReport, PlaceReport};
pub use machines::{MachineReport, StateReport};
pub use page::is_report;
pub use permissions::{NeededReport, OtherReport, PermissionsReport};
pub use told::{CallReport, EventReport, ExecutionReport, ItemReport, ScenarioReport, StepReport, TableReport};

/// How many history events an execution of a built-in scenario may have: some workflows poll for ever.
const MAX_EVENTS: u64 = 2_000;

/// A scenario out of a file.
#[derive(Debug, Clone)]
pub struct ScenarioFile {
    /// The scenario.
    pub scenario: Scenario,
    /// What its file is called.
    pub name: String,
    /// The directory that files are looked for in that it names.
    pub directory: PathBuf,
}

impl Report {
    /// The same report of a stack that has a name.
    pub fn named(self, name: Option<String>) -> Self {
        Self { title: name.unwrap_or(self.title), ..self }
    }

    /// Gathers what there is to say of a stack, and plays its scenarios, those of files first.
    pub fn new(stack: &LoadedStack, findings: &[Finding], scenarios: &[ScenarioFile], prices: &Prices) -> Self {
        let files = files(stack);
        let description = stack.template.as_ref().and_then(|template| template.root.get("Description")?.as_str());
        let (played, not_run) = match RunnableStack::new(stack) {
            Ok(local) => (play_all(stack, &Arc::new(local), scenarios), None),
            Err(faults) => {
                let first = faults.first().map(|fault| fault.message.clone()).unwrap_or_default();
                (Vec::new(), Some(first))
            }
        };
        let (cost, no_cost) = match cost::cost(stack, prices) {
            Ok(cost) => (Some(cost), None),
            Err(error) => (None, Some(error.to_string())),
        };
        Self {
            title: title(stack),
            description: description.map(str::to_owned),
            machines: machines::machines(stack, &files),
            scenarios: played,
            not_run,
            findings: findings::findings(stack, findings, &files),
            permissions: permissions::permissions(stack, &files),
            cost,
            no_cost,
            architecture: machines::architecture(stack),
            files,
        }
    }

    /// What the page's script reads.
    pub fn data(&self) -> Value {
        serde_json::to_value(self).unwrap_or_default()
    }

    /// The page. The same report gives the same bytes.
    pub fn html(&self) -> String {
        page::html(self)
    }
}

/// What a stack is called where nobody says: as its only state machine, or as its file.
fn title(stack: &LoadedStack) -> String {
    let name = stack.path().and_then(Path::file_name);
    let name = name.map(|name| name.to_string_lossy().into_owned()).unwrap_or_default();
    match (&stack.template, stack.machines.as_slice()) {
        (None, _) => name,
        (Some(_), [only]) => only.logical_id.clone().unwrap_or(name),
        (Some(_), _) => name,
    }
}

/// What the documents are called: their paths from the template's directory, so that the page is the same wherever that is.
fn files(stack: &LoadedStack) -> Vec<String> {
    // `./out` and `out` are one directory.
    let plain = |path: &Path| path.components().filter(|part| *part != Component::CurDir).collect::<PathBuf>();
    let home = stack.path().and_then(Path::parent).map(plain).unwrap_or_default();
    let name = |path: &Path| {
        let path = plain(path);
        path.strip_prefix(&home).unwrap_or(&path).to_string_lossy().replace('\\', "/")
    };
    stack.documents.iter().map(|document| name(&document.path)).collect()
}

/// The stack as a scenario wants it: with its values of parameters.
fn with_values(
    loaded: &LoadedStack,
    stack: &Arc<RunnableStack>,
    scenario: &Scenario,
) -> Result<Arc<RunnableStack>, String> {
    if scenario.parameters.is_empty() && scenario.substitutions.is_empty() {
        return Ok(Arc::clone(stack));
    }
    let pairs =
        |all: &BTreeMap<String, String>| all.iter().map(|(name, value)| (name.clone(), value.clone())).collect();
    let values = Values {
        parameters: pairs(&scenario.parameters),
        substitutions: pairs(&scenario.substitutions),
        ..Values::default()
    };
    let loaded = loaded.clone().with_values(&values).map_err(|error| error.to_string())?;
    let first = |faults: Vec<StackFault>| faults.into_iter().next().map(|fault| fault.message).unwrap_or_default();
    RunnableStack::new(&loaded).map(Arc::new).map_err(first)
}

fn play_all(loaded: &LoadedStack, stack: &Arc<RunnableStack>, files: &[ScenarioFile]) -> Vec<ScenarioReport> {
    let mut told = Vec::new();
    for file in files {
        let mut report = told::untold(&file.scenario, Some(file.name.clone()));
        if report.name.is_empty() {
            report.name.clone_from(&file.name);
        }
        let options = SimulationOptions { inspections: true, items: true, ..SimulationOptions::default() };
        let stack = match with_values(loaded, stack, &file.scenario) {
            Ok(stack) => stack,
            Err(message) => {
                report.error = Some(message);
                told.push(report);
                continue;
            }
        };
        let played = play_with(&file.scenario, &stack, &file.directory, options);
        if let Some(played) = finish(&mut report, played, &stack, options) {
            match check(&file.scenario, &played, &stack) {
                Ok(found) => report.mismatches = found.iter().map(mismatch).collect(),
                Err(message) => report.error = Some(message),
            }
            report.schedule = order::picture(&report.name, &played, &stack, &format!("schedule-{}-", told.len()));
        }
        told.push(report);
    }
    let mut refused = None;
    for scenario in built_in::scenarios(stack) {
        let (report, played) = play_built_in(&scenario, stack);
        refused = refused.or_else(|| played.as_ref().and_then(built_in::refused));
        told.push(report);
    }
    told.extend(refused.map(|scenario| play_built_in(&scenario, stack).0));
    told
}

fn play_built_in(scenario: &Scenario, stack: &Arc<RunnableStack>) -> (ScenarioReport, Option<Played>) {
    let mut report = told::untold(scenario, None);
    let options = SimulationOptions {
        inspections: true,
        items: true,
        max_events: MAX_EVENTS,
        max_follow_ups: 100,
        ..SimulationOptions::default()
    };
    let played = play_with(scenario, stack, Path::new(""), options);
    let played = finish(&mut report, played, stack, options);
    (report, played)
}

/// Tells what came of a scenario, or why nothing did.
fn finish(
    report: &mut ScenarioReport,
    played: Result<Played, PlayError>,
    stack: &RunnableStack,
    options: SimulationOptions,
) -> Option<Played> {
    match played {
        Ok(played) => {
            told::tell(report, &played, stack, options.start);
            Some(played)
        }
        Err(error) => {
            report.error = Some(error.to_string());
            None
        }
    }
}

fn mismatch(mismatch: &Mismatch) -> String {
    format!("{}: expected {}, and it was {}", mismatch.what, mismatch.expected, mismatch.actual)
}
