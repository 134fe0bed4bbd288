//! The language server, driven by a client over a connection in memory.

pub(crate) mod client;

mod pages;
mod places;
mod renaming;
mod typing;
mod verdicts;
