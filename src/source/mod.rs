//! Text that people wrote: YAML and JSON read into one tree that knows where every node stands.
//!
//! [`Source`] is a file's text and the map from byte offsets to lines and columns; [`parse`] reads it into [`Node`]s;
//! [`from_node`] turns nodes into typed values, with errors that know their place. Every limit on what a file may ask
//! of the reader (size, depth, what aliases expand to) is in this room. A [`Pointer`] says where in a document a value stands. [`each`] reads
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
pub use json::{BARE, parse_json};
pub use node::{Kind, Node};
pub use parallel::each;
pub use parsed::{Limits, Parsed};
pub use pointer::{Pointer, below, tokens};
pub use text::{Fault, LineIndex, Position, Source, Span, open_regular, plain};
pub use walk::Visit;
pub use yaml::{Schema, is_ambiguous, is_old_boolean, parse, parse_all};
