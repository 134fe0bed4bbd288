//! Data flow.

mod choice;
mod context;
mod engine;
mod intrinsic;
mod jsonata;
mod log;
mod narrow;
mod reading;
mod scope;
mod shape;
mod template;
mod transfer;
mod writing;
