//! The language server, driven by a client over a connection in memory.

pub(crate) mod client;

mod meant;
mod pages;
mod places;
mod proposals;
mod renaming;
mod typing;
mod verdicts;
