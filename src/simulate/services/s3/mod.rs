//! Buckets and their objects, in memory.

mod calls;
mod error;
mod listing;
mod read;
mod store;
mod upload;

pub(super) use error::error;
pub use store::{Body, Object, S3};
pub use upload::{Checksum, StorageClass, Upload, check_key};
