//! An overview of a state machine's definition: every state at any depth, with its scope, its query language and the service that
//! it calls.
//!
//! An [`Outline`] keeps mistakes as they are written, unlike a [`Program`](crate::asl::program::Program), which only exists for valid
//! definitions. Analyses that go state by state (`lint`, `permissions`) start here.

pub(crate) mod task;
mod view;

pub(crate) use view::unknown;
pub use view::{Language, Outline, Scope, ScopeKind, StateView};
