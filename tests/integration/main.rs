//! The tests that need nothing but this repository: the library, the command and the README's tour, one module an idea.
//!
//! One binary for all, because linking a binary of this library takes longer than running the tests.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, reason = "a test says what it expects by failing")]

#[path = "../common/mod.rs"]
mod common;
#[path = "../common/pictures.rs"]
mod common_pictures;
#[path = "../common/promised.rs"]
mod promised;
#[path = "../common/sample.rs"]
mod sample;
#[path = "../judges/variants.rs"]
#[allow(dead_code, reason = "the judges use all of it")]
mod variants;

mod architecture;
mod bad_input;
mod cdk;
mod circles;
mod commands;
mod cost;
mod environments;
mod facts;
mod faults;
mod graph;
mod lint;
mod lint_commands;
mod lint_mutants;
mod lint_public;
mod loading;
#[cfg(feature = "lsp")]
mod lsp;
mod mutants;
mod orders;
mod output;
mod packaged;
mod patterns;
mod planted_calls;
mod promise;
mod promise_commands;
mod properties;
mod prove;
mod readme;
mod report;
mod requests;
mod routes;
mod simulate;
mod snapshots;
mod starts;
mod unknown_values;
mod uploads;
