use std::marker::PhantomData;

use serde::{Deserialize, Serialize};

use super::ReferencePath;
use crate::name::StateName;

/// The type of a number, for [`TypedPath`].
#[derive(Debug, Clone, Copy)]
pub enum Number {}

/// The type of a list, for [`TypedPath`].
#[derive(Debug, Clone, Copy)]
pub enum List {}

/// A path whose value is known to be a `T`, because whoever made it knows the shape of the answer that it leads into.
#[derive(Debug, Clone)]
pub struct TypedPath<T> {
    path: ReferencePath,
    of: PhantomData<T>,
}

impl<T> TypedPath<T> {
    /// Vouches that `path` leads to a `T`.
    pub fn vouched(path: ReferencePath) -> Self {
        Self { path, of: PhantomData }
    }

    /// The path itself.
    pub fn into_path(self) -> ReferencePath {
        self.path
    }
}

/// A rule of a Choice state: a comparison, and the state that follows where it holds.
///
/// A number is compared with a number. The published walk-through behind this project compared a list:
///
/// ```
/// # use bucketbook::asl::{ChoiceRule, List, Number, ReferencePath, TypedPath};
/// # use bucketbook::name::StateName;
/// let count = TypedPath::<Number>::vouched(ReferencePath::input().field("dynamoDbResult").field("Count"));
/// let rule = ChoiceRule::numeric_greater_than(count, 0, StateName::parse("UpdateObject").unwrap());
/// ```
///
/// ```compile_fail,E0308
/// # use bucketbook::asl::{ChoiceRule, List, Number, ReferencePath, TypedPath};
/// # use bucketbook::name::StateName;
/// let items = TypedPath::<List>::vouched(ReferencePath::input().field("dynamoDbResult").field("Items"));
/// let rule = ChoiceRule::numeric_greater_than(items, 0, StateName::parse("UpdateObject").unwrap());
/// ```
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "PascalCase")]
pub struct ChoiceRule {
    variable: ReferencePath,
    #[serde(flatten)]
    comparison: Comparison,
    next: StateName,
}

/// A [comparison operator](https://states-language.net/spec.html#choice-state) and what the variable is compared with.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub enum Comparison {
    /// The variable is a number above this one.
    NumericGreaterThan(i64),
}

impl ChoiceRule {
    /// `next` follows where the variable is above `value`.
    pub fn numeric_greater_than(variable: TypedPath<Number>, value: i64, next: StateName) -> Self {
        Self { variable: variable.into_path(), comparison: Comparison::NumericGreaterThan(value), next }
    }

    /// What is compared.
    pub fn variable(&self) -> &ReferencePath {
        &self.variable
    }

    /// How, and with what.
    pub fn comparison(&self) -> &Comparison {
        &self.comparison
    }

    /// The state that follows.
    pub fn next(&self) -> &StateName {
        &self.next
    }
}
