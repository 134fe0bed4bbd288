//! Runs state machines locally: an interpreter of the Amazon States Language on a virtual clock.
//!
//! An [`Execution`] runs a [`Program`](crate::asl::program::Program) step by step. The services that its tasks call are behind
//! one trait, [`services::Services`]; a seed decides everything random; and waiting takes no time.

pub mod api;
mod branches;
pub mod bucket_listing;
mod clock;
mod context;
mod digest;
mod execution;
mod failure;
mod flow;
mod history;
mod inspection;
pub mod items;
mod joint;
pub mod jsonata;
mod limits;
mod memory;
mod options;
mod payload;
pub mod pipes;
#[cfg(test)]
mod properties;
mod random;
mod recovery;
pub mod s3_events;
pub mod samples;
pub mod scenario;
mod scene;
mod schedule;
pub mod services;
pub mod simulation;
pub mod stack;
mod states;
pub mod test_state;
#[cfg(test)]
mod tests;
mod variables;
pub mod velocity;
mod world;

pub use clock::Timestamp;
pub use execution::{Execution, Step};
pub use failure::Failure;
pub use history::HistoryEvent;
pub use inspection::{Inspection, StateEnd, StateRun};
pub(crate) use memory::is_short as memory_is_short;
pub use memory::{DEFAULT_MEMORY_CEILING, set_memory_ceiling};
pub use options::{Asked, ExecutionOptions, Identity, MAX_TOTAL_EVENTS, Outcome};
pub use services::NoServices;
