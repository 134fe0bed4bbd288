//! The ways from the bucket to the table: a rule and a state machine for each kind of event that has an effect on records.

use indexmap::IndexMap;

use super::record::Record;
use super::workflow::Setting;
use super::{
    CatalogError, Parts, TABLE_NAME, dead_letters, deleted, enrich, hardening, id, operations, substitution, workflow,
};
use crate::asl::{QueryLanguage, StateMachine, SubstitutionName};
use crate::eventbridge::{DeletionType, DetailType, EventPattern, PatternNode};
use crate::spec::{DeletedEffect, Layout};
use crate::stack::{Event, EventBridgeRule, Handle, PolicyDocument, ServerlessStateMachine, TemplateBuilder, Value};

/// The route of what was created, the article's. It is always there.
pub(super) const OBJECT_CREATED: &str = "ObjectCreated";

/// The route of what was deleted.
const OBJECT_DELETED: &str = "ObjectDeleted";

/// A kind of event, the rule that lets it through, and the workflow that it starts.
pub(super) struct Route {
    /// What its resources are named after.
    pub(super) name: &'static str,
    /// Where the definition goes, from the template.
    pub(super) uri: &'static str,
    /// What it does.
    pub(super) definition: StateMachine,
    /// The rule, by its name among the state machine's events.
    event: &'static str,
    pattern: EventPattern<Value>,
}

/// The routes that a spec asks for.
pub(super) fn routes(parts: &Parts<'_>, record: &Record) -> Result<Vec<Route>, CatalogError> {
    let mut routes = vec![created(parts, record)?];
    if parts.spec.events.deleted != DeletedEffect::Ignore {
        routes.push(deleted(parts, record)?);
    }
    Ok(routes)
}

fn created(parts: &Parts<'_>, record: &Record) -> Result<Route, CatalogError> {
    let chosen = &parts.spec.state_machine;
    let definition = workflow::object_created(&setting(record, chosen.query_language)?, chosen.flow)?;
    Ok(Route {
        name: OBJECT_CREATED,
        uri: "definitions/object_created.asl.json",
        definition: operations::definition(parts.spec, definition)?,
        event: "EBPutRule",
        pattern: DetailType::ObjectCreated.pattern(bucket_name(parts)),
    })
}

fn deleted(parts: &Parts<'_>, record: &Record) -> Result<Route, CatalogError> {
    let spec = parts.spec;
    let language = spec.state_machine.query_language;
    let definition = match (spec.events.deleted, spec.table.layout) {
        // JSONPath has no function that makes seconds of a time, which is what a mark goes by.
        (DeletedEffect::Mark, Layout::Latest) => deleted::mark_deleted(&setting(record, QueryLanguage::Jsonata)?)?,
        (DeletedEffect::Mark, Layout::History) => deleted::mark_deleted(&setting(record, language)?)?,
        (_, Layout::Latest) => deleted::remove_deleted(&setting(record, language)?)?,
        (_, Layout::History) => return Err(CatalogError::RemoveFromHistory),
    };
    // In a versioned bucket an object is gone when its delete marker is there; that an old version is gone is another matter.
    let pattern = match spec.bucket.versioned {
        true => {
            let marker = PatternNode::equals(DeletionType::DeleteMarkerCreated.as_str());
            DetailType::ObjectDeleted.pattern_where(bucket_name(parts), "deletion-type", marker)?
        }
        false => DetailType::ObjectDeleted.pattern(bucket_name(parts)),
    };
    Ok(Route {
        name: OBJECT_DELETED,
        uri: "definitions/object_deleted.asl.json",
        definition: operations::definition(spec, definition)?,
        event: "EBDeleteRule",
        pattern,
    })
}

fn setting(record: &Record, language: QueryLanguage) -> Result<Setting<'_>, CatalogError> {
    Ok(Setting { record, table: substitution(TABLE_NAME)?, language })
}

/// The bucket's name, for a rule's pattern. A bucket with a name of its own is named there, so that the rule does not depend
/// on the bucket.
fn bucket_name(parts: &Parts<'_>) -> Value {
    match &parts.spec.bucket.name {
        Some(name) => Value::Text(name.to_string()),
        None => parts.bucket.reference(),
    }
}

/// Adds the state machine of a route, with its rule and exactly the permissions that its tasks need.
pub(super) fn add_state_machine(
    parts: &Parts<'_>,
    template: &mut TemplateBuilder,
    route: Route,
) -> Result<Handle<ServerlessStateMachine>, CatalogError> {
    let mut targets = vec![(TABLE_NAME, parts.table.reference(), parts.table.arn())];
    targets.extend(parts.dead_letters.map(|queue| (dead_letters::QUEUE_URL, queue.reference(), queue.arn())));
    targets.extend(enrich::target(parts, &route.definition));
    let (definition_substitutions, arns) = substitutions(targets)?;
    let policy = PolicyDocument::for_tasks(&route.definition, &arns)?;
    let rule =
        EventBridgeRule { dead_letter_config: None, pattern: route.pattern, retry_policy: None, rule_name: None };
    let rule = operations::rule(parts, route.name, rule);
    // Of several state machines only the first, the article's, can have the name that was chosen for it.
    let name = parts.spec.state_machine.name.clone().filter(|_| route.name == OBJECT_CREATED);
    let machine = ServerlessStateMachine {
        definition_substitutions,
        definition_uri: route.uri.to_owned(),
        events: IndexMap::from([(route.event.to_owned(), Event::EventBridgeRule(rule))]),
        logging: None,
        name,
        policies: vec![hardening::with_key(parts, policy)],
        propagate_tags: None,
        role: None,
        tags: IndexMap::new(),
        tracing: None,
        workflow_type: parts.spec.state_machine.workflow_type,
    };
    let machine = operations::state_machine(parts, template, route.name, machine)?;
    Ok(template.add(id(&format!("{}StateMachine", route.name))?, machine)?)
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
