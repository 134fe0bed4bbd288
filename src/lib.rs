//! lib
pub mod asl;
pub mod catalog;
pub mod cli;
pub mod diagnostic;
pub mod dynamodb;
pub mod eventbridge;
pub mod files;
pub mod name;
pub mod source;
pub mod spec;
pub mod stack;
