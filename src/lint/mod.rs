//! Findings.

pub mod flow;
