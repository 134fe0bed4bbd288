//! The blueprint: a spec made into a stack.
//!
//! [`stack`] is the way from the user's words to resources. What it promises: after any sequence of object events,
//! delivered in any order and any number of times, the table says of every file what its newest event says.

mod alarms;
mod dead_letters;
mod dynamodb_task;
mod hardening;
mod operations;
mod record;
mod workflow;

use indexmap::IndexMap;
use thiserror::Error;

use crate::asl::{DefinitionError, LiteralError, SubstitutionName};
use crate::dynamodb::{KeyError, UpdateError};
use crate::eventbridge::DetailType;
use crate::name::NameError;
use crate::name::{AttributeName, LogicalId, StackName};
use crate::spec::Spec;
use crate::stack::{
    Bucket, Event, EventBridgeRule, Handle, PermissionError, PolicyDocument, Queue, ServerlessStateMachine, Stack,
    StackError, Table, TemplateBuilder, TemplateError, Value,
};
use record::Record;

/// Where the definition goes, from the template.
const DEFINITION_URI: &str = "definitions/object_created.asl.json";

/// The substitution that stands for the table's name in the definition.
const TABLE_NAME: &str = "TableName";

/// The rule that starts the state machine, by its name among the machine's events.
const RULE: &str = "EBPutRule";

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
    /// The rule is named after the stack, and the name would be too long.
    #[error(
        "the stack name `{name}` is too long: the rule is named after it, and EventBridge takes {max} characters of it"
    )]
    StackNameTooLong {
        /// The stack's name.
        name: StackName,
        /// The most characters that it may have.
        max: usize,
    },
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
/// The spec gives two attributes of the record one name, or the stack a name that is too long for its rule.
pub fn stack(spec: &Spec) -> Result<Stack, CatalogError> {
    let record = Record::of(spec)?;
    operations::check_stack_name(spec)?;
    let definition = workflow::object_created(&record, &substitution(TABLE_NAME)?)?;
    let definition = operations::definition(spec, definition)?;

    let mut template = TemplateBuilder::new(
        "Event-driven file management - Step Functions records the objects of a bucket in DynamoDB",
    );
    let key = hardening::key(spec, &mut template)?;
    let bucket = hardening::bucket(spec, &mut template, key.as_ref())?;
    let table = Table::on_demand(spec.table.name.clone(), record.key_schema());
    let table = hardening::table(spec, &mut template, table, key.as_ref())?;
    let dead_letters = operations::dead_letters(spec, &mut template, key.as_ref())?;
    let mut targets = vec![(TABLE_NAME, table.reference(), table.arn())];
    targets.extend(dead_letters.iter().map(|queue| (dead_letters::QUEUE_URL, queue.reference(), queue.arn())));
    let (substitutions, arns) = substitutions(targets)?;
    let policy = PolicyDocument::for_tasks(&definition, &arns)?;
    let policy = hardening::with_key(spec, policy, key.as_ref(), &table, dead_letters.as_ref());
    let machine = ServerlessStateMachine {
        definition_substitutions: substitutions,
        definition_uri: DEFINITION_URI.to_owned(),
        events: IndexMap::from([(RULE.to_owned(), put_rule(spec, &bucket, dead_letters.as_ref()))]),
        logging: None,
        name: spec.state_machine.name.clone(),
        policies: vec![policy],
        propagate_tags: None,
        tags: IndexMap::new(),
        tracing: None,
        workflow_type: spec.state_machine.workflow_type,
    };
    let machine = operations::state_machine(spec, &mut template, machine, key.as_ref())?;
    let machine = template.add(id("ObjectCreatedStateMachine")?, machine)?;
    operations::dead_letter_policy(&mut template, dead_letters.as_ref())?;
    let watched = alarms::Resources { machine: &machine, table: &table, queue: dead_letters.as_ref() };
    alarms::add(spec, &mut template, &watched, key.as_ref())?;
    template.output(id("BucketName")?, "The bucket whose objects are recorded", bucket.reference())?;
    template.output(id("TableName")?, "The table that holds the records", table.reference())?;
    template.output(id("StateMachineArn")?, "The state machine that writes the records", machine.reference())?;

    let definitions = IndexMap::from([(DEFINITION_URI.to_owned(), definition)]);
    Ok(Stack::new(spec.stack.name.clone(), template.finish()?, definitions)?)
}

/// The rule that starts the state machine. A bucket with a name of its own is named in the pattern, so that the rule does not
/// depend on the bucket.
fn put_rule(spec: &Spec, bucket: &Handle<Bucket>, dead_letters: Option<&Handle<Queue>>) -> Event {
    let name = match &spec.bucket.name {
        Some(name) => Value::Text(name.to_string()),
        None => bucket.reference(),
    };
    let pattern = DetailType::ObjectCreated.pattern(name);
    let rule = EventBridgeRule { dead_letter_config: None, pattern, retry_policy: None, rule_name: None };
    Event::EventBridgeRule(operations::rule(spec, dead_letters, rule))
}

/// What each substitution of a definition stands for: a name for the template, and an ARN for the permissions.
type Substitutions = (IndexMap<String, Value>, IndexMap<SubstitutionName, Value>);

fn substitutions(targets: Vec<(&str, Value, Value)>) -> Result<Substitutions, CatalogError> {
    let mut names = IndexMap::new();
    let mut arns = IndexMap::new();
    for (name, reference, arn) in targets {
        names.insert(name.to_owned(), reference);
        arns.insert(substitution(name)?, arn);
    }
    Ok((names, arns))
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
