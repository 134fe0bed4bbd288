//! Why a spec makes no stack, where it says so, and what to do about it.

use thiserror::Error;

use super::api::ApiMisfit;
use super::index_error::IndexError;
use crate::asl::{DefinitionError, LiteralError};
use crate::dynamodb::{KeyError, UpdateError};
use crate::eventbridge::PatternError;
use crate::name::{AttributeName, NameError, StackName};
use crate::stack::{PermissionError, StackError, TemplateError};

/// Why a spec makes no stack.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
pub enum CatalogError {
    /// Two attributes of the record would have one name.
    #[error("the attribute name `{name}` is taken: the record holds {holds} under it")]
    AttributeTaken {
        /// The name.
        name: AttributeName,
        /// What has the name already.
        holds: &'static str,
        /// Where the spec chose the name, as a JSON Pointer.
        pointer: &'static str,
    },
    /// The rules are named after the stack, and the names would be too long.
    #[error(
        "the stack name `{name}` is too long: its rules are named after it, and EventBridge allows {max} characters of it"
    )]
    StackNameTooLong {
        /// The stack's name.
        name: StackName,
        /// The most characters that it may have.
        max: usize,
    },
    /// An attribute has a name that the API cannot use.
    #[error(
        "the attribute name `{name}` cannot be used with an API, whose templates allow only letters, digits, `_`, `-` and `.` in names"
    )]
    AttributeNotForApi {
        /// The name.
        name: AttributeName,
        /// Where the spec chose it, as a JSON Pointer.
        pointer: &'static str,
    },
    /// What was chosen about the API does not go together.
    #[error(transparent)]
    Api(#[from] ApiMisfit),
    /// Choices that do not go together.
    #[error("{message}")]
    Choice {
        /// Where the spec makes one of them, as a JSON Pointer.
        pointer: String,
        /// What is wrong.
        message: String,
        /// What to do.
        help: String,
    },
    /// A history would have to forget.
    #[error("`remove` cannot be combined with the layout `history`, which keeps every record")]
    RemoveFromHistory,
    /// An index of the table cannot be.
    #[error("{error}")]
    Index {
        /// Why not.
        error: IndexError,
        /// Where the spec has it, as a JSON Pointer.
        pointer: String,
        /// What to do about it.
        help: String,
    },
    /// A part of the blueprint does not fit: a fault of this crate, not of the spec.
    #[error("internal error in the generated stack: {0}")]
    Blueprint(String),
}

impl CatalogError {
    /// Where the spec makes the choice, as a JSON Pointer; `None` for what is no choice of the spec's.
    pub fn pointer(&self) -> Option<&str> {
        match self {
            Self::AttributeTaken { pointer, .. } | Self::AttributeNotForApi { pointer, .. } => Some(pointer),
            Self::Index { pointer, .. } | Self::Choice { pointer, .. } => Some(pointer),
            Self::RemoveFromHistory => Some("/events/deleted"),
            Self::StackNameTooLong { .. } => Some("/stack/name"),
            Self::Api(misfit) => Some(misfit.pointer()),
            Self::Blueprint(_) => None,
        }
    }

    /// What to choose instead.
    pub fn help(&self) -> Option<&str> {
        match self {
            Self::AttributeTaken { .. } | Self::AttributeNotForApi { .. } => {
                Some("choose another name for this attribute")
            }
            Self::Index { help, .. } | Self::Choice { help, .. } => Some(help),
            Self::RemoveFromHistory => Some("`mark` adds a record of the deletion"),
            Self::StackNameTooLong { .. } => Some("choose a shorter name for the stack"),
            Self::Api(misfit) => Some(misfit.help()),
            Self::Blueprint(_) => None,
        }
    }
}

/// A choice that does not go together with the rest, where the spec makes it, and what to do about it.
pub(super) fn refused(pointer: impl Into<String>, message: impl Into<String>, help: impl Into<String>) -> CatalogError {
    CatalogError::Choice { pointer: pointer.into(), message: message.into(), help: help.into() }
}

/// Errors of the parts, none of which a spec can bring about.
macro_rules! blueprint_errors {
    ($($error:ty),*) => {$(
        impl From<$error> for CatalogError {
            fn from(error: $error) -> Self {
                Self::Blueprint(error.to_string())
            }
        }
    )*};
}
blueprint_errors!(
    PatternError,
    NameError,
    KeyError,
    UpdateError,
    LiteralError,
    DefinitionError,
    PermissionError,
    TemplateError,
    StackError
);
