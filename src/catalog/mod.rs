//! The blueprint: a spec made into a stack.
//!
//! [`stack`] is the way from the user's words to resources. What it promises: after any sequence of object events,
//! delivered in any order and any number of times, the table says of every file what its newest event says.

mod api;
mod dynamodb_task;
mod folder;
mod record;
mod workflow;

use indexmap::IndexMap;
use thiserror::Error;

use crate::asl::{DefinitionError, LiteralError, SubstitutionName};
use crate::dynamodb::{KeyError, UpdateError};
use crate::eventbridge::DetailType;
use crate::name::NameError;
use crate::name::{AttributeName, LogicalId};
use crate::spec::Spec;
use crate::stack::{
    Bucket, Event, EventBridgeRule, Handle, PermissionError, PolicyDocument, ServerlessStateMachine, Stack, StackError,
    Table, TemplateBuilder, TemplateError, Value,
};
use record::Record;

/// Where the definition goes, from the template.
const DEFINITION_URI: &str = "definitions/object_created.asl.json";

/// The substitution that stands for the table's name in the definition.
const TABLE_NAME: &str = "TableName";

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
    /// An HTTP API cannot tell who is asking in the way that the spec wants.
    #[error("an API of the type `lambda` takes the auth `iam` or `none`")]
    AuthNotForLambda,
    /// A part of the blueprint does not fit: a fault of this crate, not of the spec.
    #[error("the blueprint does not hold together: {0}")]
    Blueprint(String),
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
/// The spec gives two attributes of the record one name.
pub fn stack(spec: &Spec) -> Result<Stack, CatalogError> {
    let record = Record::of(spec)?;
    let definition = workflow::object_created(&record, &substitution(TABLE_NAME)?)?;

    let mut template = TemplateBuilder::new(
        "Event-driven file management - Step Functions records the objects of a bucket in DynamoDB",
    );
    let bucket =
        template.add(id("FilesBucket")?, Bucket::sending_events(spec.bucket.name.clone(), spec.bucket.versioned))?;
    let table = template
        .add(id("FilesTable")?, api::table(spec, Table::on_demand(spec.table.name.clone(), record.key_schema()))?)?;
    let arns = IndexMap::from([(substitution(TABLE_NAME)?, table.arn())]);
    let machine = template.add(
        id("ObjectCreatedStateMachine")?,
        ServerlessStateMachine {
            definition_substitutions: IndexMap::from([(TABLE_NAME.to_owned(), table.reference())]),
            definition_uri: DEFINITION_URI.to_owned(),
            events: IndexMap::from([("EBPutRule".to_owned(), put_rule(spec, &bucket))]),
            name: spec.state_machine.name.clone(),
            policies: vec![PolicyDocument::for_tasks(&definition, &arns)?],
            workflow_type: spec.state_machine.workflow_type,
        },
    )?;
    template.output(id("BucketName")?, "The bucket whose objects are recorded", bucket.reference())?;
    template.output(id("TableName")?, "The table that holds the records", table.reference())?;
    template.output(id("StateMachineArn")?, "The state machine that writes the records", machine.reference())?;
    let assets = api::add(spec, &record, &table, &mut template)?;

    let definitions = IndexMap::from([(DEFINITION_URI.to_owned(), definition)]);
    Ok(Stack::new(spec.stack.name.clone(), template.finish()?, definitions)?.with_assets(assets))
}

/// The rule that starts the state machine. A bucket with a name of its own is named in the pattern, so that the rule does not
/// depend on the bucket.
fn put_rule(spec: &Spec, bucket: &Handle<Bucket>) -> Event {
    let name = match &spec.bucket.name {
        Some(name) => Value::Text(name.to_string()),
        None => bucket.reference(),
    };
    Event::EventBridgeRule(EventBridgeRule { pattern: DetailType::ObjectCreated.pattern(name) })
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
    NameError,
    KeyError,
    UpdateError,
    LiteralError,
    DefinitionError,
    PermissionError,
    TemplateError,
    StackError
);
