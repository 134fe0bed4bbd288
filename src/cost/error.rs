use thiserror::Error;

use crate::catalog::CatalogError;
use crate::simulate::stack::StackFault;

/// Why a stack has no bill.
#[derive(Debug, Error)]
pub enum CostError {
    /// It has no state machine whose definition can be read.
    #[error("the stack has no state machine with a readable definition")]
    NoMachine,
    /// A definition cannot be run.
    #[error("the stack cannot be run: {}", .0.first().map(|fault| fault.message.as_str()).unwrap_or_default())]
    Stack(Vec<StackFault>),
    /// A definition cannot be run.
    #[error("{machine}: {fault}")]
    Program {
        /// The machine.
        machine: String,
        /// Where it is wrong, and how.
        fault: String,
    },
    /// How often a loop goes round is not known.
    #[error(
        "`{machine}`: the number of transitions is unlimited: only an error ends the loop through {}",
        listed(states)
    )]
    NoBound {
        /// The machine.
        machine: String,
        /// The states of the loop.
        states: Vec<String>,
    },
    /// The parts of the mix are more than the whole.
    #[error("updates, late events, deletions, changes and failures add up to more than 100 %")]
    Mix,
    /// There are no prices for the region.
    #[error("there are no prices for `{region}`")]
    Region {
        /// The region.
        region: String,
        /// The regions that have prices.
        known: Vec<String>,
    },
    /// A trace has no executions.
    #[error("it contains no execution with a history")]
    Trace,
    /// A spec makes no stack.
    #[error(transparent)]
    Catalog(#[from] CatalogError),
    /// The simulator could not do its work.
    #[error("the simulator stopped: {0}")]
    Engine(String),
    /// A generated stack could not be written where it is read from.
    #[error("cannot store the stack temporarily: {0}")]
    Io(#[from] std::io::Error),
}

fn listed(states: &[String]) -> String {
    let names = states.iter().take(5).map(|name| format!("`{name}`")).collect::<Vec<_>>().join(", ");
    if states.len() > 5 { format!("{names} and {} more", states.len() - 5) } else { names }
}
