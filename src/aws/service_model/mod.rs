//! The published models of AWS's services: their actions, and what each takes and answers.
//!
//! They are reduced by `scripts/service_models.py` to one embedded file, of which only the services that are asked for are unpacked.

mod archive;
mod spelling;
mod types;

pub(super) use archive::{Action, Service};
pub(super) use spelling::capital;
pub use spelling::closest;
pub use types::{Bounds, Kind, Member, Type};
