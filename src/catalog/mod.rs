//! The blueprint: a spec made into a stack.
//!
//! [`stack`] is the way from the user's words to resources. What it promises: after any sequence of the object events that the spec
//! records, delivered in any order and any number of times, the table says of every file what the newest of them says. A spec under which
//! that would not hold is refused (`promise`).

mod alarms;
mod api;
mod attributes;
mod backfill;
mod bucket;
mod change_states;
mod changes;
mod confirm;
mod dead_letters;
mod deleted;
mod dialect;
mod enrich;
mod event_value;
mod extra;
mod faults;
mod filters;
mod folder;
mod hardening;
mod indexes;
mod left;
mod nearest;
mod operations;
mod optional;
mod parameters;
mod promise;
mod record;
mod record_states;
mod record_updates;
mod retry;
mod routes;
mod table;
mod workflow;

use thiserror::Error;

use crate::asl::{DefinitionError, LiteralError, SubstitutionName};
use crate::dynamodb::{KeyError, UpdateError};
use crate::eventbridge::PatternError;
use crate::name::NameError;
use crate::name::{AttributeName, LogicalId, StackName};
use crate::spec::Spec;
use crate::stack::{
    EncryptionKey, Handle, PermissionError, Queue, ServerlessStateMachine, Stack, StackError, TableReference,
    TemplateBuilder, TemplateError,
};
pub use api::ApiMisfit;
pub use backfill::MACHINE as BACKFILL;
use bucket::Source;
pub use faults::faults;
pub use indexes::IndexError;
pub use promise::notes;
use record::Record;

/// The substitution that stands for the table's name in the definitions.
const TABLE_NAME: &str = "TableName";

/// The substitution that stands for the bucket's name in the definitions that ask S3.
const BUCKET_NAME: &str = "BucketName";

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
        "the stack name `{name}` is too long: its rules are named after it, and EventBridge takes {max} characters of it"
    )]
    StackNameTooLong {
        /// The stack's name.
        name: StackName,
        /// The most characters that it may have.
        max: usize,
    },
    /// An attribute has a name that the API cannot use.
    #[error(
        "the attribute name `{name}` cannot stand in the templates of an API; there, names have letters, digits, `_`, `-` and `.` only"
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
    #[error("a history keeps what happened, so `remove` has no meaning for it")]
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
    #[error("the blueprint does not hold together: {0}")]
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

/// The stack that a spec describes.
///
/// ```
/// use bucketbook::spec::Spec;
///
/// let stack = bucketbook::catalog::stack(&Spec::default())?;
/// let files = stack.files()?;
/// assert_eq!(files[0].path, "template.yaml");
/// assert!(files[0].text.contains("EventBridgeEnabled: true"));
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
///
/// # Errors
/// The spec gives two attributes of the record one name, the stack a name that is too long for its rules, or a history something
/// to forget.
pub fn stack(spec: &Spec) -> Result<Stack, CatalogError> {
    let record = Record::of(spec)?;
    promise::check(spec)?;
    operations::check_stack_name(spec)?;
    let mut template = TemplateBuilder::new(
        "Event-driven file management - Step Functions records the objects of a bucket in DynamoDB",
    );
    parameters::check(spec)?;
    let key = hardening::key(spec, &mut template)?;
    let bucket = bucket::bucket(spec, &mut template, key.as_ref())?;
    let table = table::table(spec, &record, &mut template, key.as_ref())?;
    let dead_letters = operations::dead_letters(spec, &mut template, key.as_ref())?;
    let parts = Parts { spec, key: key.as_ref(), bucket: &bucket, table: &table, dead_letters: dead_letters.as_ref() };

    let routes::Routes { mut definitions, machines, tables } = routes::add(&parts, &mut template, &record)?;
    dead_letters::add_queue_policy(&parts, &mut template, &machines)?;
    alarms::add(&parts, &mut template, &machines, &tables)?;
    bucket.outputs(&mut template)?;
    table::outputs(spec, &record, &table, &mut template)?;
    routes::outputs(spec, &mut template, &machines, &tables)?;
    if let Some(chosen) = &spec.backfill {
        definitions.insert(backfill::DEFINITION_URI.to_owned(), backfill::add(&parts, &mut template, chosen)?);
    }
    let assets = api::add(&parts, &record, &mut template)?;
    parameters::export(spec, &mut template)?;
    parameters::add(spec, &mut template)?;
    extra::add(spec, &mut template)?;
    Ok(Stack::new(spec.stack.name.clone(), template.finish()?, definitions)?.with_assets(assets))
}

/// What the resources of a stack refer to.
#[derive(Clone, Copy)]
struct Parts<'a> {
    /// What was chosen.
    spec: &'a Spec,
    /// The key, if anything is encrypted with it.
    key: Option<&'a EncryptionKey>,
    /// The bucket whose objects are recorded.
    bucket: &'a Source,
    /// The table that holds the records.
    table: &'a TableReference,
    /// The queue of what could not be recorded, if there is one.
    dead_letters: Option<&'a Handle<Queue>>,
}

/// The state machines that events start, by the name of their route.
type Machines = Vec<(String, Handle<ServerlessStateMachine>)>;

/// The tables of routes' own, by the name of the route.
type Tables = Vec<(String, TableReference)>;

/// A choice that does not go together with the rest, where the spec makes it, and what to do about it.
fn refused(pointer: impl Into<String>, message: impl Into<String>, help: impl Into<String>) -> CatalogError {
    CatalogError::Choice { pointer: pointer.into(), message: message.into(), help: help.into() }
}

fn id(text: &str) -> Result<LogicalId, CatalogError> {
    Ok(LogicalId::parse(text)?)
}

fn substitution(text: &str) -> Result<SubstitutionName, CatalogError> {
    SubstitutionName::parse(text).ok_or_else(|| CatalogError::Blueprint(format!("`{text}` names no substitution")))
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
