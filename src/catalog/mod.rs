//! The blueprint: a spec made into a stack.
//!
//! [`stack`] is the way from the user's words to resources. What it promises: after any sequence of object events,
//! delivered in any order and any number of times, the table says of every file what its newest event says.

mod backfill;
mod deleted;
mod dialect;
mod event_value;
mod record;
mod retry;
mod workflow;

use indexmap::IndexMap;
use thiserror::Error;

use crate::asl::{DefinitionError, LiteralError, QueryLanguage, StateMachine, SubstitutionName};
use crate::dynamodb::{KeyError, UpdateError};
use crate::eventbridge::{DeletionType, DetailType, EventPattern, PatternError, PatternNode};
use crate::name::NameError;
use crate::name::{AttributeName, LogicalId};
use crate::spec::{DeletedEffect, Layout, Spec};
use crate::stack::{
    Bucket, Event, EventBridgeRule, Handle, PermissionError, PolicyDocument, ServerlessStateMachine, Stack, StackError,
    Table, TemplateBuilder, TemplateError, Value,
};
use record::Record;
use workflow::Setting;

/// The substitution that stands for the table's name in the definitions.
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
    /// A history would have to forget.
    #[error("a history keeps what happened, so `remove` has no meaning for it")]
    RemoveFromHistory,
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
    let mut template = TemplateBuilder::new(
        "Event-driven file management - Step Functions records the objects of a bucket in DynamoDB",
    );
    let bucket =
        template.add(id("FilesBucket")?, Bucket::sending_events(spec.bucket.name.clone(), spec.bucket.versioned))?;
    let table =
        Table::on_demand(spec.table.name.clone(), record.key_schema()).expiring_at(record.expires_at().cloned());
    let table = template.add(id("FilesTable")?, table)?;

    let mut definitions = IndexMap::new();
    let mut machines = Vec::new();
    for route in routes(spec, &record, &bucket)? {
        definitions.insert(route.uri.to_owned(), route.definition.clone());
        machines.push(template.add(id(route.id)?, state_machine(spec, route, &table)?)?);
    }
    template.output(id("BucketName")?, "The bucket whose objects are recorded", bucket.reference())?;
    template.output(id("TableName")?, "The table that holds the records", table.reference())?;
    if let Some(machine) = machines.first() {
        template.output(id("StateMachineArn")?, "The state machine that writes the records", machine.reference())?;
    }
    if let Some(chosen) = &spec.backfill {
        let definition = backfill::add(&mut template, spec, chosen, (&bucket, &table))?;
        definitions.insert(backfill::DEFINITION_URI.to_owned(), definition);
    }
    Ok(Stack::new(spec.stack.name.clone(), template.finish()?, definitions)?)
}

/// A kind of event, the rule that lets it through, and the workflow that it starts.
struct Route {
    /// The state machine's logical id.
    id: &'static str,
    /// The name of the state machine's event.
    event: &'static str,
    /// Where the definition goes, from the template.
    uri: &'static str,
    pattern: EventPattern<Value>,
    definition: StateMachine,
}

/// The routes that a spec asks for. What was created always has one, the article's.
fn routes(spec: &Spec, record: &Record, bucket: &Handle<Bucket>) -> Result<Vec<Route>, CatalogError> {
    let language = spec.state_machine.query_language;
    let setting = |language| -> Result<Setting<'_>, CatalogError> {
        Ok(Setting { record, table: substitution(TABLE_NAME)?, language })
    };
    let mut routes = vec![Route {
        id: "ObjectCreatedStateMachine",
        event: "EBPutRule",
        uri: "definitions/object_created.asl.json",
        pattern: DetailType::ObjectCreated.pattern(bucket_name(spec, bucket)),
        definition: workflow::object_created(&setting(language)?, spec.state_machine.flow)?,
    }];
    let definition = match (spec.events.deleted, spec.table.layout) {
        (DeletedEffect::Ignore, _) => return Ok(routes),
        // JSONPath has no function that makes seconds of a time, which is what a mark goes by.
        (DeletedEffect::Mark, Layout::Latest) => deleted::mark_deleted(&setting(QueryLanguage::Jsonata)?)?,
        (DeletedEffect::Mark, Layout::History) => deleted::mark_deleted(&setting(language)?)?,
        (DeletedEffect::Remove, Layout::Latest) => deleted::remove_deleted(&setting(language)?)?,
        (DeletedEffect::Remove, Layout::History) => return Err(CatalogError::RemoveFromHistory),
    };
    // In a versioned bucket an object is gone when its delete marker is there; that an old version is gone is another matter.
    let (deleted, name) = (DetailType::ObjectDeleted, bucket_name(spec, bucket));
    let pattern = match spec.bucket.versioned {
        true => {
            let marker = PatternNode::equals(DeletionType::DeleteMarkerCreated.as_str());
            deleted.pattern_where(name, "deletion-type", marker)?
        }
        false => deleted.pattern(name),
    };
    routes.push(Route {
        id: "ObjectDeletedStateMachine",
        event: "EBDeleteRule",
        uri: "definitions/object_deleted.asl.json",
        pattern,
        definition,
    });
    Ok(routes)
}

/// The state machine of a route, with exactly the permissions that its tasks need.
fn state_machine(spec: &Spec, route: Route, table: &Handle<Table>) -> Result<ServerlessStateMachine, CatalogError> {
    let arns = IndexMap::from([(substitution(TABLE_NAME)?, table.arn())]);
    let rule = Event::EventBridgeRule(EventBridgeRule { pattern: route.pattern });
    // Of several state machines only the first, the article's, can have the name that was chosen for it.
    let name = spec.state_machine.name.clone().filter(|_| route.id == "ObjectCreatedStateMachine");
    Ok(ServerlessStateMachine {
        definition_substitutions: IndexMap::from([(TABLE_NAME.to_owned(), table.reference())]),
        definition_uri: route.uri.to_owned(),
        events: IndexMap::from([(route.event.to_owned(), rule)]),
        name,
        policies: vec![PolicyDocument::for_tasks(&route.definition, &arns)?],
        role: None,
        workflow_type: spec.state_machine.workflow_type,
    })
}

/// The bucket's name, for a rule's pattern. A bucket with a name of its own is named there, so that the rule does not depend
/// on the bucket.
fn bucket_name(spec: &Spec, bucket: &Handle<Bucket>) -> Value {
    match &spec.bucket.name {
        Some(name) => Value::Text(name.to_string()),
        None => bucket.reference(),
    }
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
