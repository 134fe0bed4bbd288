use std::marker::PhantomData;

use serde::Serialize;

use super::{JsonataExpression, ReferencePath};
use crate::name::StateName;

/// The type of a number, for [`TypedPath`].
#[derive(Debug, Clone, Copy)]
pub enum Number {}

/// The type of a text, for [`TypedPath`].
#[derive(Debug, Clone, Copy)]
pub enum Text {}

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

    /// The path that is compared, without the type of its value.
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
#[derive(Debug, Clone, PartialEq, Serialize)]
#[serde(rename_all = "PascalCase")]
pub struct ChoiceRule {
    #[serde(flatten)]
    test: ChoiceTest,
    next: StateName,
}

/// What a choice rule asks, in the fields of either query language.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[serde(untagged)]
pub enum ChoiceTest {
    /// In JSONPath: a comparison of a variable.
    #[serde(rename_all = "PascalCase")]
    Comparison {
        /// What is compared.
        variable: ReferencePath,
        /// How, and with what.
        #[serde(flatten)]
        comparison: Comparison,
    },
    /// In JSONata: an expression that gives true or false.
    #[serde(rename_all = "PascalCase")]
    Condition {
        /// The expression.
        condition: JsonataExpression,
    },
}

/// A [comparison operator](https://states-language.net/spec.html#choice-state) and what the variable is compared with.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub enum Comparison {
    /// The variable is a number above this one.
    NumericGreaterThan(i64),
    /// The variable is a text like this one, in which `*` stands for any characters.
    StringMatches(String),
    /// The variable is this text.
    StringEquals(String),
}

impl ChoiceRule {
    /// `next` follows where the variable is above `value`.
    pub fn numeric_greater_than(variable: TypedPath<Number>, value: i64, next: StateName) -> Self {
        let comparison = Comparison::NumericGreaterThan(value);
        Self { test: ChoiceTest::Comparison { variable: variable.into_path(), comparison }, next }
    }

    /// `next` follows where the variable has `text` in it.
    pub fn string_contains(variable: TypedPath<Text>, text: &str, next: StateName) -> Self {
        let comparison = Comparison::StringMatches(format!("*{}*", text.replace('\\', "\\\\").replace('*', "\\*")));
        Self { test: ChoiceTest::Comparison { variable: variable.into_path(), comparison }, next }
    }

    /// `next` follows where the variable is this text.
    pub fn string_equals(variable: TypedPath<Text>, text: &str, next: StateName) -> Self {
        let comparison = Comparison::StringEquals(text.to_owned());
        Self { test: ChoiceTest::Comparison { variable: variable.into_path(), comparison }, next }
    }

    /// `next` follows where the expression gives true.
    pub fn condition(condition: JsonataExpression, next: StateName) -> Self {
        Self { test: ChoiceTest::Condition { condition }, next }
    }

    /// The comparison or the condition that decides.
    pub fn test(&self) -> &ChoiceTest {
        &self.test
    }

    /// The state that follows.
    pub fn next(&self) -> &StateName {
        &self.next
    }
}
