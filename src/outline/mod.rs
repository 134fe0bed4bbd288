//! A state machine's definition laid out: every state, however deep it stands, with its scope, its query language and the service that
//! it calls.
//!
//! An [`Outline`] keeps what is wrong as it is written, unlike a [`Program`](crate::asl::program::Program), which only sound
//! definitions become. What looks at definitions state by state (`lint`, `permissions`) starts here.

pub(crate) mod task;
mod view;

pub(crate) use view::unknown;
pub use view::{Language, Outline, Scope, ScopeKind, StateView};
