//! Requests to APIs that start state machines: what API Gateway makes of a request before Step Functions gets it.

mod context;
mod http;
mod request;
mod rest;

pub use context::Stage;
pub(in crate::simulate) use context::context;
pub use http::mapped;
pub use request::{ApiRequest, Arrived};
pub use rest::{MappingTemplates, Passthrough};
