//! The ways from the bucket to the table: a rule and a state machine for each kind of event that has an effect on records, and
//! where the spec has routes, for each of those.

use indexmap::IndexMap;

use super::filters::{self, Chosen};
use super::record::Record;
use super::record_states::Setting;
use super::{
    CatalogError, Machines, OBJECT_CREATED, Parts, TABLE_NAME, Tables, change_states, dead_letters, deleted, enrich,
    id, new_table, operations, roles, substitution, workflow,
};
use crate::asl::{QueryLanguage, StateMachine, SubstitutionName};
use crate::eventbridge::{DetailType, EventPattern};
use crate::name::StateMachineName;
use crate::spec::{DeletedEffect, Flow, Layout, RouteSpec, Spec};
use crate::stack::{
    Deferred, Event, EventBridgeRule, Handle, PolicyDocument, ServerlessStateMachine, Table, TableReference,
    TemplateBuilder, Value, WorkflowType,
};

/// The route of what was deleted.
const OBJECT_DELETED: &str = "ObjectDeleted";

/// The route of what changed about an object.
const OBJECT_CHANGED: &str = "ObjectChanged";

/// How many routes there may be: a bus has room for [300 rules](https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-quota.html),
/// and a route takes up to three of them.
const MAX_ROUTES: usize = 100;

/// A kind of event, the rule that lets it through, and the workflow that it starts.
struct Route {
    /// What its resources are named after.
    name: String,
    /// Where the definition goes, from the template.
    uri: String,
    /// What it does.
    definition: StateMachine,
    /// The rule, by its name among the state machine's events.
    event: &'static str,
    pattern: EventPattern<Value>,
    machine_name: Option<Deferred<StateMachineName>>,
    workflow_type: WorkflowType,
}

/// What the routes have added to a template.
pub(super) struct Routes {
    /// The definitions, by where they go.
    pub(super) definitions: IndexMap<String, StateMachine>,
    /// The state machines, the article's first.
    pub(super) machines: Machines,
    /// The tables of routes' own.
    pub(super) tables: Tables,
}

/// Adds the rules and state machines that a spec asks for, with the tables that only they write to.
pub(super) fn add(parts: &Parts<'_>, template: &mut TemplateBuilder, record: &Record) -> Result<Routes, CatalogError> {
    misfits(parts.spec).into_iter().next().map_or(Ok(()), Err)?;
    let mut routes = Routes { definitions: IndexMap::new(), machines: Vec::new(), tables: Vec::new() };
    if parts.spec.routes.is_empty() {
        routes.add(parts, template, record, None)?;
    }
    for (index, route) in parts.spec.routes.iter().enumerate() {
        let own = own_table(parts, template, record, route)?;
        let parts = Parts { table: own.as_ref().unwrap_or(parts.table), ..*parts };
        routes.add(&parts, template, record, Some((index, route)))?;
        routes.tables.extend(own.map(|table| (route.name.to_string(), table)));
    }
    Ok(routes)
}

/// What of the tables and state machines users have to know: what they are called.
pub(super) fn outputs(
    spec: &Spec,
    template: &mut TemplateBuilder,
    machines: &Machines,
    tables: &Tables,
) -> Result<(), CatalogError> {
    for (route, table) in tables {
        let description = format!("The table that holds the records of the route {route}");
        template.output(id(&format!("{route}TableName"))?, &description, table.reference())?;
    }
    if let Some((_, machine)) = machines.first() {
        template.output(id("StateMachineArn")?, "The state machine that writes the records", machine.reference())?;
    }
    for (name, machine) in machines.iter().skip(1).filter(|_| !spec.routes.is_empty()) {
        let description = format!("The state machine of {name}");
        template.output(id(&format!("{name}StateMachineArn"))?, &description, machine.reference())?;
    }
    Ok(())
}

/// What is wrong with the routes, each by itself and all together.
pub(super) fn faults(spec: &Spec) -> Vec<CatalogError> {
    let mut faults = misfits(spec);
    faults.extend(spec.routes.iter().enumerate().flat_map(filters::faults));
    faults
}

/// What cannot be routed together.
fn misfits(spec: &Spec) -> Vec<CatalogError> {
    let mut faults = Vec::new();
    let mut refuse = |pointer: String, message: &str, help: &str| {
        faults.push(CatalogError::Choice { pointer, message: message.to_owned(), help: help.to_owned() });
    };
    if spec.routes.len() > MAX_ROUTES {
        let message = "a stack can have at most 100 routes, because an event bus allows 300 rules";
        refuse("/routes".to_owned(), message, "combine several routes in one pattern");
    }
    if !spec.routes.is_empty() && spec.state_machine.name.is_some() {
        let message = "every route has its own state machines, so they cannot share a name";
        refuse("/state_machine/name".to_owned(), message, "name them in the routes: `state_machine: {name: ...}`");
    }
    for (index, route) in spec.routes.iter().enumerate() {
        if spec.routes.iter().take(index).any(|other| other.name == route.name) {
            let message = format!("there is another route `{}`", route.name);
            refuse(format!("/routes/{index}/name"), &message, "resources are named after it: choose another name");
        }
    }
    faults
}

/// The table of a route's own, like the stack's.
fn own_table(
    parts: &Parts<'_>,
    template: &mut TemplateBuilder,
    record: &Record,
    route: &RouteSpec,
) -> Result<Option<TableReference>, CatalogError> {
    let Some(chosen) = &route.table else { return Ok(None) };
    let table = Table::on_demand(chosen.name.clone(), record.key_schema()).expiring_at(record.expires_at().cloned());
    let table = new_table::add(parts.spec, template, &format!("{}RouteTable", route.name), table, parts.key)?;
    Ok(Some(TableReference::from(&table)))
}

impl Routes {
    /// Adds a rule and a state machine for each kind of event that is recorded.
    fn add(
        &mut self,
        parts: &Parts<'_>,
        template: &mut TemplateBuilder,
        record: &Record,
        chosen: Option<Chosen<'_>>,
    ) -> Result<(), CatalogError> {
        let mut kinds = vec![created(parts, record, chosen)?];
        if parts.spec.events.deleted != DeletedEffect::Ignore {
            kinds.push(deleted(parts, record, chosen)?);
        }
        if !record.changes().is_empty() {
            kinds.push(changed(parts, record, chosen)?);
        }
        for route in kinds {
            self.definitions.insert(route.uri.clone(), route.definition.clone());
            let name = route.name.clone();
            self.machines.push((name, add_state_machine(parts, template, route)?));
        }
        Ok(())
    }
}

/// The name of what is there for a kind of event.
fn named(chosen: Option<Chosen<'_>>, kind: &str) -> String {
    chosen.map_or_else(|| kind.to_owned(), |(_, route)| format!("{}{kind}", route.name))
}

fn workflow_type(parts: &Parts<'_>, chosen: Option<Chosen<'_>>) -> WorkflowType {
    let own = chosen.and_then(|(_, route)| route.state_machine.workflow_type);
    own.unwrap_or(parts.spec.state_machine.workflow_type)
}

fn created(parts: &Parts<'_>, record: &Record, chosen: Option<Chosen<'_>>) -> Result<Route, CatalogError> {
    let machine = &parts.spec.state_machine;
    let flow = chosen.and_then(|(_, route)| route.state_machine.flow).unwrap_or(machine.flow);
    let definition = workflow::object_created(&setting(record, machine.query_language)?, flow)?;
    // Routes whose workflow is the same share its definition, in which only the table's name is left open.
    let uri = match flow {
        same if same == machine.flow => "definitions/object_created.asl.json",
        Flow::QueryThenWrite => "definitions/object_created_query_then_write.asl.json",
        Flow::Upsert => "definitions/object_created_upsert.asl.json",
    };
    Ok(Route {
        name: named(chosen, OBJECT_CREATED),
        uri: uri.to_owned(),
        definition: operations::definition(parts.spec, definition)?,
        event: "EBPutRule",
        pattern: filters::created(parts, chosen)?,
        machine_name: chosen.map_or_else(|| machine.name.clone(), |(_, route)| route.state_machine.name.clone()),
        workflow_type: workflow_type(parts, chosen),
    })
}

fn deleted(parts: &Parts<'_>, record: &Record, chosen: Option<Chosen<'_>>) -> Result<Route, CatalogError> {
    let spec = parts.spec;
    let language = spec.state_machine.query_language;
    // JSONPath has no function that makes seconds of a time, which is what a mark goes by, and cannot make an event of a listing.
    let marks = spec.events.deleted == DeletedEffect::Mark && spec.table.layout == Layout::Latest;
    let language = if marks || spec.bucket.versioned { QueryLanguage::Jsonata } else { language };
    let definition = deleted::object_deleted(&setting(record, language)?, spec)?;
    Ok(Route {
        name: named(chosen, OBJECT_DELETED),
        uri: "definitions/object_deleted.asl.json".to_owned(),
        definition: operations::definition(spec, definition)?,
        event: "EBDeleteRule",
        pattern: filters::deleted(parts, chosen)?,
        machine_name: None,
        workflow_type: workflow_type(parts, chosen),
    })
}

fn changed(parts: &Parts<'_>, record: &Record, chosen: Option<Chosen<'_>>) -> Result<Route, CatalogError> {
    let definition = change_states::object_changed(&setting(record, parts.spec.state_machine.query_language)?)?;
    let kinds: Vec<DetailType> = record.changes().kinds().collect();
    Ok(Route {
        name: named(chosen, OBJECT_CHANGED),
        uri: "definitions/object_changed.asl.json".to_owned(),
        definition: operations::definition(parts.spec, definition)?,
        event: "EBChangeRule",
        pattern: filters::changed(parts, chosen, kinds)?,
        machine_name: None,
        workflow_type: workflow_type(parts, chosen),
    })
}

fn setting(record: &Record, language: QueryLanguage) -> Result<Setting<'_>, CatalogError> {
    Ok(Setting { record, table: substitution(TABLE_NAME)?, language })
}

/// Adds the state machine of a route, with its rule and exactly the permissions that its tasks need.
fn add_state_machine(
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
    let rule = operations::rule(parts, &route.name, rule);
    let machine = ServerlessStateMachine {
        definition_substitutions,
        definition_uri: route.uri,
        events: IndexMap::from([(route.event.to_owned(), Event::EventBridgeRule(rule))]),
        logging: None,
        name: route.machine_name,
        permissions_boundary: roles::boundary(parts.spec),
        policies: vec![roles::with_key(parts, policy)],
        propagate_tags: None,
        role: None,
        tags: IndexMap::new(),
        tracing: None,
        workflow_type: route.workflow_type,
    };
    let machine = operations::state_machine(parts, template, &route.name, machine)?;
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
