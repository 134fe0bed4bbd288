//! Which permissions a state machine, rule, queue, key or log group needs, and which are granted: one analysis for `lint`, `graph`,
//! `report` and `simulate`.
//!
//! [`MachinePermissions`] belong to state machines: what each state needs ([`Reason`]), what the role allows, and the [`Verdict`].
//! What cannot be known (imported roles, policies of other stacks, parameters) is [`Verdict::Unknown`]. The lists of what AWS requires are in
//! [`aws::needs`](crate::aws::needs); the generator writes its statements from the same lists.

mod allowed;
mod delivery;
mod elsewhere;
pub(crate) mod glob;
mod granted;
mod keys;
mod machine;
mod managed;
mod needed;
mod policies;
mod role_lack;
mod sam;
mod services;
mod settings;
mod starters;
mod takers;
pub(crate) mod trust;

pub(crate) use allowed::{Allowed, Origin};
pub use delivery::{Obstacle, obstacle};
pub(crate) use granted::Granted;
pub use machine::{AllowedStatement, MachinePermissions, NeededPermission, RolePermissions, Verdict, permissions};
pub use needed::Reason;
pub(crate) use needed::{Need, Needs};
pub use role_lack::{Lacked, RoleLack};
pub(crate) use sam::{names as policy_templates, parameters as policy_parameters};
pub use services::{Lack, lacks};
pub use takers::role_lacks;
