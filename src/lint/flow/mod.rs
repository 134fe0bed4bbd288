//! Data flow: what is known of the data at every state before an execution runs, and which reads and comparisons cannot work.
//!
//! A program is run with [`Shape`]s in place of values, on every way through it. Ways are kept apart as long as there are not
//! too many, so that what one way does not have is told from what is only unknown, and what a Choice has proved holds behind
//! it. What is unknown is never reported.

mod answer;
mod arguments;
mod choice;
mod context;
mod engine;
mod event;
mod intrinsic;
mod jsonata;
mod log;
mod narrow;
mod question;
mod reading;
mod record;
mod schema;
mod scope;
mod shape;
mod start;
mod template;
#[cfg(test)]
mod tests;
mod transfer;
mod world;
mod writing;

pub use engine::{World, faults};
pub use log::{Extent, Fault, Problem};
pub use reading::Miss;
pub use record::{Record, View, record};
pub use shape::{Array, Field, Fields, Kinds, Object, Presence, Shape, Text};
pub use world::{faults_in, never_in_events};
