//! The files that are not stacks, `bucketbook.yaml` and scenarios: what an editor asks about a position in them.

mod adds;
mod names;
mod page;
mod states;

pub use page::{Page, tree};
pub use states::states_named;
