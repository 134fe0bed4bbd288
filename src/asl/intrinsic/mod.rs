//! [Intrinsic functions](https://docs.aws.amazon.com/step-functions/latest/dg/intrinsic-functions.html).
//!
//! [`IntrinsicFunction`] is what is generated: reference paths only. [`Intrinsic`] is any call that a definition may
//! hold, with full JSONPaths; it is read once, checked against one table of [`Function`]s, and evaluated with no other
//! effect than the random numbers it draws.

mod arguments;
mod array;
mod call;
mod doomed;
mod encoding;
mod evaluate;
mod format;
mod function;
mod math;
mod read;
#[cfg(test)]
mod tests;

pub use call::{Argument, IntrinsicError, IntrinsicFunction};
pub use format::java_text;
pub use function::{Function, Kind};
pub use read::{Intrinsic, Operand};
