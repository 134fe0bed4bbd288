//! Amazon EventBridge: event patterns, and the events that S3 sends.

mod branch;
mod compile;
mod condition;
mod error;
mod event;
mod fold;
mod index;
mod input_template;
mod ip;
mod json;
mod matcher;
mod number;
mod operator;
mod path;
mod pattern;
pub mod s3;
mod satisfiable;
mod wildcard;

pub use compile::CompiledPattern;
pub use condition::Comparison;
pub use error::{EventError, PatternError};
pub use index::RuleIndex;
pub use input_template::{InputTemplate, PREDEFINED, Slot};
pub use ip::CidrError;
pub use json::{JsonError, MAX_JSON_DEPTH};
pub use number::EmptyRange;
pub use operator::{IN_ANYTHING_BUT, NUMERIC, OPERATORS};
pub use pattern::{EventPattern, PatternNode};
pub use s3::{CreationReason, DeletionType, DetailType, field};
pub use satisfiable::{Field, Impossible, Presence, Schema, Shape, satisfiable};
pub use wildcard::WildcardError;
