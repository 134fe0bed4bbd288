//! A table that is there already.

use std::fmt;

use schemars::JsonSchema;
use serde::de::Error;
use serde::{Deserialize, Deserializer, Serialize};

use super::Spec;
use crate::name::{AttributeName, TableArn, TableName};
use crate::stack::Deferred;

/// The key of an existing table, to check against the layout.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct ExistingKeySpec {
    /// The table's partition key.
    pub partition: AttributeName,
    /// The table's sort key, if it has one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub sort: Option<AttributeName>,
}

/// The name of a table, or its ARN.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
#[serde(untagged)]
#[schemars(inline)]
pub enum TableNameOrArn {
    /// Its name, in the account and region of the stack.
    Name(TableName),
    /// Its ARN, in any account and region.
    Arn(TableArn),
}

impl TableNameOrArn {
    /// The table's name.
    pub fn name(&self) -> &str {
        match self {
            Self::Name(name) => name.as_str(),
            Self::Arn(arn) => arn.as_str().rsplit('/').next().unwrap_or_default(),
        }
    }
}

impl Spec {
    /// The spec as it can be run without AWS: in place of a table that exists already, of which nobody here knows more than its
    /// name, with one of the stack's own that has this name and the key that the layout needs.
    pub fn with_table_here(&self) -> Self {
        let mut spec = self.clone();
        let Some(existing) = spec.table.existing.take() else { return spec };
        spec.table.name = match existing {
            Deferred::Known(known) => TableName::parse(known.name()).ok().map(Deferred::Known),
            Deferred::Later(function) => Some(Deferred::Later(function)),
        };
        spec.table.existing_key = None;
        spec.table.existing_indexes = None;
        spec
    }
}

impl fmt::Display for TableNameOrArn {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Name(name) => name.fmt(f),
            Self::Arn(arn) => arn.fmt(f),
        }
    }
}

impl<'de> Deserialize<'de> for TableNameOrArn {
    /// What begins like an ARN is one, so that the message is about ARNs.
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = String::deserialize(deserializer)?;
        match text.starts_with("arn:") {
            true => TableArn::parse(text).map(Self::Arn).map_err(D::Error::custom),
            false => TableName::parse(text).map(Self::Name).map_err(D::Error::custom),
        }
    }
}
