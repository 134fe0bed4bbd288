//! A state machine definition, read: every state type and field of both query languages, whoever wrote it, with what can be
//! compiled (paths, intrinsic functions, JSONata) compiled once.
//!
//! [`crate::asl::State`] and its kin are what this project writes, and leave no room for mistakes; a program is what it finds.

mod resource;

pub use resource::{ForeignResourceError, Pattern, Resource};
