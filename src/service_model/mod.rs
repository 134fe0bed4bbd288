//! What Step Functions can call: services, their actions, what each takes and answers, and what a role needs for it.
//!
//! [`Call::find`] takes what a Task's `Resource` names to a [`Call`], or says why there is none; a call knows the [`Type`] of its
//! parameters and of its answer, the patterns in which it can be called, and its IAM actions. [`check()`] holds a tree of
//! parameters against the type.
//!
//! The types are those of the published AWS service models, reduced by `scripts/service_models.py` to one embedded file,
//! of which only the services that are asked for are unpacked. The
//! [optimized integrations](https://docs.aws.amazon.com/step-functions/latest/dg/integrate-optimized.html) are a table
//! here, because no model has them.

mod archive;
mod call;
mod check;
mod fault;
mod find;
mod iam;
mod optimized;
mod spelling;
mod types;

pub use call::{Answer, Call, Pattern};
pub use check::{ParameterFault, ParameterProblem, check};
pub use fault::CallFault;
pub use optimized::Custom;
pub use spelling::closest;
pub use types::{Kind, Member, Type};
