//! The same stack with other choices, priced side by side.

use serde::Serialize;

use super::design::{Design, LogLevel};
use super::{Bill, CostError, Decimal, Options, PriceSheet, Specs, Usage, bill};
use crate::loaded::LoadedStack;
use crate::spec::{Flow, Layout, LoggingSpec, Spec, WorkflowType};

/// A question with several answers.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Comparison {
    /// What is chosen: `Flow and type of workflow`.
    pub choice: &'static str,
    /// The answers.
    pub alternatives: Vec<Alternative>,
}

/// A stack with other options, and what it costs.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Alternative {
    /// The answer: `upsert, EXPRESS`.
    pub name: String,
    /// Whether it is what the stack has.
    pub current: bool,
    /// Whether none costs less.
    pub cheapest: bool,
    /// USD a month, for the same volume.
    pub total: Decimal,
    /// USD for each million events.
    pub per_million_events: Decimal,
}

/// The flows and the types of workflow that a spec can choose between.
const FLOWS: [(Flow, &str); 2] = [(Flow::QueryThenWrite, "query-then-write"), (Flow::Upsert, "upsert")];
const LAYOUTS: [(Layout, &str); 2] = [(Layout::Latest, "latest"), (Layout::History, "history")];
const LEVELS: [(LogLevel, &str); 3] = [(LogLevel::Off, "OFF"), (LogLevel::Error, "ERROR"), (LogLevel::All, "ALL")];

/// How long an EXPRESS workflow [may take](https://docs.aws.amazon.com/step-functions/latest/dg/service-quotas.html), in milliseconds.
const LONGEST_EXPRESS: u64 = 300_000;

/// What a spec could choose instead. Each stack is really generated, and measured unless one was that runs alike; a choice that does not go
/// together with the rest of the spec is left out.
///
/// # Errors
/// The stacks that are there cannot be priced.
pub fn of_spec(spec: &Spec, specs: &mut Specs<'_>) -> Result<Vec<Comparison>, CostError> {
    let mut price = |spec: &Spec| match specs.bill(spec) {
        Err(CostError::Catalog(_)) => Ok(None),
        priced => priced.map(Some),
    };
    let mut flows = Vec::new();
    for (flow, flow_name) in FLOWS {
        for workflow_type in WorkflowType::ALL {
            let mut other = spec.clone();
            other.state_machine.flow = flow;
            other.state_machine.workflow_type = *workflow_type;
            let bill = price(&other)?;
            flows.extend(bill.map(|bill| (format!("{flow_name}, {}", workflow_type.as_str()), other == *spec, bill)));
        }
    }
    let mut layouts = Vec::new();
    for (layout, name) in LAYOUTS {
        let mut other = spec.clone();
        other.table.layout = layout;
        let bill = price(&other)?;
        layouts.extend(bill.map(|bill| (name.to_owned(), other == *spec, bill)));
    }
    let mut levels = Vec::new();
    for (level, name) in LEVELS {
        let mut other = spec.clone();
        other.state_machine.logging = logging(spec, level);
        let bill = price(&other)?;
        levels.extend(bill.map(|bill| (name.to_owned(), other == *spec, bill)));
    }
    Ok([("flow and type of workflow", flows), ("layout of the table", layouts), ("log level", levels)]
        .into_iter()
        .map(|(choice, bills)| comparison(choice, bills))
        .collect())
}

fn logging(spec: &Spec, level: LogLevel) -> Option<LoggingSpec> {
    let level = match level {
        LogLevel::Off => return None,
        LogLevel::All => crate::spec::LogLevel::All,
        LogLevel::Error => crate::spec::LogLevel::Error,
        LogLevel::Fatal => crate::spec::LogLevel::Fatal,
    };
    Some(LoggingSpec { level, ..spec.state_machine.logging.clone().unwrap_or_default() })
}

/// What anybody's stack could have instead: the other type of workflow, and other levels of logs.
///
/// # Errors
/// The stack cannot be priced.
pub fn of_stack(stack: &LoadedStack, options: &Options, sheet: &PriceSheet) -> Result<Vec<Comparison>, CostError> {
    let design = Design::of(stack);
    let usage = Usage::measure(stack, &design, options)?;
    of_design(&design, &usage, options, sheet)
}

/// The same, of a stack that has been measured.
///
/// # Errors
/// There are no prices for the region.
pub fn of_design(
    design: &Design,
    usage: &Usage,
    options: &Options,
    sheet: &PriceSheet,
) -> Result<Vec<Comparison>, CostError> {
    let mut comparisons = Vec::new();
    let machines = || usage.kinds.iter().flat_map(|kind| &kind.machines);
    let too_long =
        machines().any(|machine| machine.milliseconds > &machine.executions * &Decimal::from(LONGEST_EXPRESS));
    if design.machines.iter().any(|machine| machine.standard_only.is_none()) && !too_long {
        let types = WorkflowType::ALL.iter().map(|known| {
            let other = design.clone().with_express(*known == WorkflowType::Express);
            Ok((known.as_str().to_owned(), other == *design, bill(&other, usage, options, sheet)?))
        });
        comparisons.push(comparison("type of workflow", types.collect::<Result<_, CostError>>()?));
    }
    let levels = LEVELS.into_iter().map(|(level, name)| {
        let current = design.machines.iter().all(|machine| machine.log.level == level);
        let other = design.clone().with_log_level(level);
        Ok((name.to_owned(), current, bill(&other, usage, options, sheet)?))
    });
    comparisons.push(comparison("log level", levels.collect::<Result<_, CostError>>()?));
    Ok(comparisons)
}

fn comparison(choice: &'static str, bills: Vec<(String, bool, Bill)>) -> Comparison {
    let least = bills.iter().map(|(_, _, bill)| bill.total.clone()).min();
    let alternatives = bills.into_iter().map(|(name, current, bill)| Alternative {
        name,
        current,
        cheapest: least.as_ref() == Some(&bill.total),
        total: bill.total,
        per_million_events: bill.per_million_events,
    });
    Comparison { choice, alternatives: alternatives.collect() }
}
