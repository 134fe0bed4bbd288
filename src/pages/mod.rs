//! The files that are not stacks, `bucketbook.yaml` and scenarios: what an editor asks about a position in them.

mod adds;
mod names;
mod page;

pub use page::{Page, tree};
