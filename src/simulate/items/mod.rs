//! The data of a [distributed Map](https://docs.aws.amazon.com/step-functions/latest/dg/state-map-distributed.html), as
//! functions of bytes and values: what an `ItemReader` makes of an object, how an `ItemBatcher` divides items, which files a
//! `ResultWriter` writes. None of them reads or writes anything; S3 is elsewhere.

mod batch;
mod collect;
mod csv;
mod json;
mod listing;
mod manifest;
mod reader;
mod results;
#[cfg(test)]
mod tests;

pub use batch::Batcher;
pub use collect::{Request, collect};
pub use listing::listing;
pub use manifest::{Manifest, ManifestFile};
pub use reader::{Format, ItemsFault, limit};
pub use results::{ChildExecution, Outcome, OutputType, ResultFiles, Transformation, result_files, transformed};
