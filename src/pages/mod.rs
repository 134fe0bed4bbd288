//! The files that are no stacks: `bucketbook.yaml` and scenarios. What an editor asks of a place in them.

mod adds;
mod names;
mod page;

pub use page::{Page, tree};
