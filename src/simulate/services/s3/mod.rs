//! Buckets and their objects, in memory.

mod calls;
mod store;
mod upload;

pub(super) use calls::error;
pub use store::{Body, Object, S3};
pub use upload::{Checksum, StorageClass, Upload, check_key};
