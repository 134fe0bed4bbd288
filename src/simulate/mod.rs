//! State machines, run here: an interpreter of the Amazon States Language on a virtual clock.
//!
//! The services that tasks call are behind one trait, [`services::Services`].

pub mod bucket_listing;
mod clock;
pub mod s3_events;
pub mod services;

pub use clock::Timestamp;
