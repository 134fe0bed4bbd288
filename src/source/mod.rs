//! Parses YAML and JSON into one tree that knows the position of every node.
//!
//! [`Source`] is a file's text and the map from byte offsets to lines and columns; [`parse`] reads it into [`Node`]s;
//! [`from_node`] turns nodes into typed values, with errors at their positions. Every limit on input
//! (size, depth, expanded aliases) is in this room. A [`Pointer`] is the position of a value in a document. [`each`] reads
//! several texts at once.

mod all_faults;
mod de;
mod json;
mod node;
mod parallel;
mod parsed;
mod pointer;
mod text;
mod walk;
mod yaml;

pub use all_faults::all_faults;
pub use de::{from_node, in_plain_words};
pub use json::{BARE, parse_json, why_not_json};
pub use node::{Kind, Node};
pub use parallel::each;
pub use parsed::{Limits, Parsed};
pub use pointer::{Pointer, below, tokens};
pub use text::{Fault, LineIndex, Position, Source, Span, open_regular, plain};
pub use walk::Visit;
pub use yaml::{Schema, is_ambiguous, is_old_boolean, parse, parse_all};
