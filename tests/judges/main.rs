//! What outsiders say of the generated stacks: the validators of AWS and others, the SAM translator, the SAM CLI as users run it,
//! and an AWS mock that deploys the stacks and runs events through them.
//!
//! These tests are ignored unless asked for, because they need tools that `.ci/run` installs; it runs them all.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, reason = "a test says what it expects by failing")]

#[path = "../common/mod.rs"]
mod common;
#[path = "../common/promised.rs"]
mod promised;

mod api;
mod browser;
mod cdk;
mod changes;
mod editor;
mod jsonata;
mod live;
mod promise;
mod tools;
mod trees;
mod validators;
mod variants;
