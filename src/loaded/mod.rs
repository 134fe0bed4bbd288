//! Any stack, read from files: a template with the definitions that it refers to, or a definition on its own.
//!
//! Reading does not judge. Errors in the text of a file are collected in [`LoadedStack::faults`], and everything that could be
//! read is available all the same; values that are known only after a deployment get invented names and ARNs
//! ([`stand_in`]), the same ones every time. Every value knows its [`Place`].

mod assembly;
mod definition;
mod document;
mod embedded;
mod fault;
mod fill;
mod find;
mod given_key;
mod include;
mod intrinsic;
mod joined;
mod load_error;
mod machine;
mod overlay;
mod place;
mod placeholder;
mod read;
mod references;
mod resolve;
mod resources;
mod rule;
mod serverless;
mod stack;
pub mod stand_in;
mod start;
mod table;
mod template;
mod unrendered;
mod uploaded;
mod value;
mod values;
mod walk;

pub use assembly::{is_assembly, read_assembly};
pub use definition::{Definition, DefinitionSource, Substitution};
pub use document::Document;
pub(crate) use document::{is_definition, is_template};
pub use fault::{FaultKind, LoadFault};
pub use find::{Found, Skipped, definitions_below, files, find, find_over, load, read_over};
pub use intrinsic::Call;
pub use joined::{Frame, Joined, Origin};
pub use load_error::LoadError;
pub use machine::{LoadedMachine, MachineType};
pub use overlay::{MAX_FILE, Overlay};
pub use place::Place;
pub use placeholder::{Placeholder, has_placeholder, placeholders, replace};
pub use references::{Reference, references};
pub use resolve::{Assumed, Resolved, Resolver};
pub use resources::{LoadedBucket, LoadedResource};
pub use rule::{Certainty, LoadedRule, RuleTarget};
pub use stack::{GivenInput, LoadedStack};
pub use start::{LoadedStart, StartKind};
pub use table::{LoadedIndex, LoadedTable, TableAttribute, TableKey};
pub use template::{LoadedTemplate, Resource};
pub use value::value;

pub use crate::source::below;
pub use given_key::GivenKey;
pub use values::{ValueError, Values, parameter_override, parameter_overrides};
pub use walk::walk;

#[cfg(test)]
mod tests;
