//! Buckets and their objects, in memory.

mod calls;
mod store;

pub(super) use calls::error;
pub use store::{Body, Object, S3};
