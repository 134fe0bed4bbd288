//! Finds what will break in a stack, before it is deployed.
//!
//! [`check`] applies every selected [`LintRule`] to a [`LoadedStack`] and returns [`Finding`]s: the rule, the severity, the position, what
//! will happen, what to do, and, if there is exactly one right answer, the edit that fixes it. A rule is a file in `rules/`; its
//! doc comment is its documentation, here, in `bucketbook explain` and in `docs/rules.md`.
//!
//! The first law is that there are no false alarms: what cannot be known (a `${Name}`, a parameter, an import) is assumed to
//! be right.
//!
//! [`LoadedStack`]: crate::loaded::LoadedStack

mod baseline;
mod config;
mod documentation;
mod finding;
mod fix;
pub mod flow;
mod ignore;
mod made_at;
mod near;
pub mod report;
mod rule;
mod rules;
mod run;
mod schema;
mod view;

use crate::outline::task;
pub use baseline::Baseline;
pub use config::{Config, ConfigError, Selection, UnknownRule};
pub use documentation::{explanation, page};
pub use finding::{Edit, Finding, Findings, Fix};
pub use fix::apply;
pub use made_at::{MadeAt, Programs};
pub use rule::{Check, LintRule, RuleId};
pub(crate) use rules::asl::lexer::names_in_expression;
pub(crate) use rules::asl::operators::operators;
pub use rules::{all, find};
pub use run::{Linted, check, lint};
pub(crate) use schema::{Shape as FieldsOf, Takes};

pub use view::{Language, MachineView, Scope, ScopeKind, StateView};
