//! What an editor asks about a position in a stack: what is here, what can be written here, where it is defined and used, and how to fix it.
//!
//! Nothing here decides what is wrong: each answer is a query of the analyses of `lint`. Positions are documents and bytes; `lsp` translates
//! them into the protocol, and `lint --explain-path` prints them on a terminal.

mod action;
mod actions;
mod add;
mod call;
mod complete;
mod complete_data;
mod complete_definition;
mod complete_pattern;
mod complete_policy;
mod complete_properties;
mod complete_template;
mod cursor;
mod hover;
mod hover_template;
mod insert;
mod links;
mod mend;
mod occurrences;
mod origin;
mod pages;
mod property;
mod proposals;
mod recovery;
mod rename;
mod shape;
mod spot;
mod symbols;

pub use action::{Action, ActionKind};
pub use actions::{actions, did_you_mean};
pub use complete::{completions, completions_of_file, completions_of_new};
pub use hover::{Hover, hover};
pub use links::link;
pub use mend::{completed, mended, without_line};
pub use occurrences::{Named, Occurrence, occurrences};
pub use pages::{key_at, page_completions, page_hover};
pub use proposals::{Completion, CompletionKind};
pub use rename::{named_at, rename, respelled};
pub use symbols::{Symbol, SymbolKind, entries, folds, growing, selections, symbols};
