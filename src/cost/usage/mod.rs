//! What one event makes: transitions, calls, capacity, bytes. Measured by running it in the simulator where that can be, read
//! from the definition where it cannot.

mod backfill;
pub(crate) mod call;
pub(crate) mod capacity;
mod graph;
mod history;
mod kinds;
mod lab;
mod measure;
mod not_measured;
mod sample;
mod solve;
mod stored;
mod sum;
mod tally;
pub mod trace;
mod used;
mod walk;

use super::design::Design;
use super::{CostError, Options};
use crate::loaded::LoadedStack;
pub(crate) use call::function_units;
pub use kinds::EventKind;
use not_measured::NotMeasured;
pub use used::{BackfillUsage, Basis, CallCount, KindUsage, LogBytes, MachineUsage, Stored, Usage, Walked};
use used::{counted, listed};

impl Usage {
    /// Measures a stack: runs an event of each kind in the simulator; where that cannot be, counts the ways through the
    /// definitions.
    ///
    /// # Errors
    /// The stack has no state machine, a definition cannot be run, or the shares come to more than the whole.
    pub fn measure(stack: &LoadedStack, design: &Design, options: &Options) -> Result<Self, CostError> {
        if design.machines.is_empty() {
            return Err(CostError::NoMachine);
        }
        match measure::measure(stack, design, options) {
            Ok(usage) => Ok(usage),
            Err(NotMeasured::CannotRun(reason)) => walk::usage(stack, design, options, &reason),
            Err(NotMeasured::NoBill(error)) => Err(error),
        }
    }
}
