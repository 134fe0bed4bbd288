//! What a state machine's role needs and what it is granted: one analysis for `lint`, `graph` and `report`.

pub(crate) mod glob;
mod granted;
mod managed;
mod needed;

mod machine;
mod sam;

pub(crate) use granted::{Allowed, Granted, Origin};
pub use machine::{AllowedStatement, MachinePermissions, NeededPermission, RolePermissions, permissions};
pub(crate) use needed::{Need, Needs};
