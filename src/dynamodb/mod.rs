//! DynamoDB's API: attribute values, key schemas, expressions, and the parameters of each operation.
//!
//! Everything is generic over `V`, the value within an attribute: a path in a workflow definition, a string in a test. A
//! request is built from the table's key schema, so a key that lacks an attribute, or an update of a key attribute, cannot be
//! expressed; an expression is a tree, so it cannot have syntax errors; and there is no write without a condition.

mod attribute;
mod expression;
pub mod grammar;
mod key;
mod request;
mod reserved;
#[cfg(test)]
mod testing;
mod update;

pub use attribute::{AttributeType, AttributeValue};
pub use expression::{Placeholders, WriteCondition};
pub use key::{Item, Key, KeyAttribute, KeyError, KeySchema};
pub use request::{DeleteItem, Parameter, PutItem, Query};
pub use reserved::is_reserved;
pub use update::{UpdateClause, UpdateError, UpdateExpression, UpdateItem};
