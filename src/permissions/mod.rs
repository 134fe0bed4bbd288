//! What a machine, a rule, a queue, a key or a log group needs from whom, and what is granted: one analysis for `lint`, `graph`,
//! `report` and `simulate`.
//!
//! [`MachinePermissions`] are those of state machines: what each state needs ([`Reason`]), what the role allows, and the [`Verdict`].
//! What cannot be known (imported roles, policies of others, parameters) is [`Verdict::Unknown`]. The lists of what AWS asks for stand in
//! [`aws::needs`](crate::aws::needs), from which the generator writes its statements.

mod delivery;
mod elsewhere;
pub(crate) mod glob;
mod granted;
mod keys;
mod machine;
mod managed;
mod needed;
mod sam;
mod services;
mod settings;
mod takers;
pub(crate) mod trust;

pub use delivery::{Obstacle, obstacle};
pub(crate) use granted::{Allowed, Granted, Origin};
pub use machine::{AllowedStatement, MachinePermissions, NeededPermission, RolePermissions, Verdict, permissions};
pub use needed::Reason;
pub(crate) use needed::{Need, Needs};
pub(crate) use sam::{names as policy_templates, parameters as policy_parameters};
pub use services::{Lack, lacks};
pub use takers::{Lacked, RoleLack, role_lacks};
