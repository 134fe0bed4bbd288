//! Amazon EventBridge: event patterns, and the events that S3 sends.

mod pattern;
mod s3;

pub use pattern::{EventPattern, PatternNode};
pub use s3::{DeletionType, DetailType, field};
