//! The backfill: a state machine, started by hand, that records the objects that were in the bucket before the stack was.

use indexmap::IndexMap;

use super::change_states::complete_object;
use super::record::Record;
use super::record_states::{Setting, object_exists, put_object, query};
use super::{BUCKET_NAME, CatalogError, Parts, TABLE_NAME, attributes, enrich, id, roles, substitution, tags};
use crate::asl::{
    Distributed, ItemBatcher, ItemReader, Jsonata, JsonataExpression, JsonataTemplate, Literal, Map, MapMode, Pass,
    QueryLanguage, ReferencePath, State, StateMachine, Transition,
};
use crate::name::StateName;
use crate::spec::{BackfillSpec, EventAttribute, Layout, Spec};
use crate::stack::{Policy, PolicyDocument, Role, ServerlessStateMachine, TemplateBuilder, WorkflowType, comment_line};

/// Where the definition goes, from the template.
pub(super) const DEFINITION_URI: &str = "definitions/backfill.asl.json";

/// How many records a child writes at a time. A write takes about 25 milliseconds from Step Functions, so this is about 400
/// writes a second, and the spec's `max_concurrency` is a table's write rate in steps of that.
const WRITES_AT_A_TIME: u32 = 10;

/// The field of an execution's input that names another prefix than the spec's.
const PREFIX: &str = "prefix";

/// The logical id of the state machine that records what was in a bucket before.
pub const MACHINE: &str = "BackfillStateMachine";

/// Adds the state machine, its role, and what the role may do. Gives its definition.
///
/// The role may start the state machine, whose children are executions of its own; so the policy that says so needs the state
/// machine, which needs the role. That is why the policy is a resource of its own, and the role one that has a name in the
/// template. Nothing starts the state machine before the stack, and the policy with it, is there.
pub(super) fn add(
    parts: &Parts<'_>,
    template: &mut TemplateBuilder,
    backfill: &BackfillSpec,
) -> Result<StateMachine, CatalogError> {
    let Parts { spec, bucket, table, .. } = parts;
    let definition = definition(spec, backfill)?;
    let role = template.add(id("BackfillRole")?, role(spec))?;
    let substitutions = [(TABLE_NAME, table.reference()), (BUCKET_NAME, bucket.reference())];
    let machine = template.add(
        id(MACHINE)?,
        ServerlessStateMachine {
            definition_substitutions: substitutions.map(|(name, value)| (name.to_owned(), value)).into(),
            definition_uri: DEFINITION_URI.to_owned(),
            events: IndexMap::new(),
            logging: None,
            name: None,
            permissions_boundary: None,
            policies: Vec::new(),
            propagate_tags: None,
            role: Some(role.arn()),
            tags: tags::mapped(spec),
            tracing: None,
            // A Distributed Map runs for as long as the bucket is large, and only a STANDARD workflow can hold one.
            workflow_type: WorkflowType::Standard,
        },
    )?;
    let arns = IndexMap::from([(substitution(TABLE_NAME)?, table.arn()), (substitution(BUCKET_NAME)?, bucket.arn())]);
    template.add(
        id("BackfillPolicy")?,
        Policy {
            policy_document: roles::with_key(parts, PolicyDocument::for_state_machine(&definition, &arns, &machine)?),
            policy_name: "Backfill".to_owned(),
            roles: vec![role.reference()],
        },
    )?;
    let description = "The state machine that records the objects that are in the bucket already; start it by hand";
    template.output(id("BackfillStateMachineArn")?, description, machine.reference())?;
    Ok(definition)
}

fn role(spec: &Spec) -> Role {
    Role::for_state_machines().bounded_by(roles::boundary(spec)).tagged(tags::listed(spec))
}

/// Choose the prefix, list, and have children record the list batch by batch.
///
/// What the children give out is collected, and a collection above 256 KiB fails the run; so every state machine in here ends
/// in the shortest output there is.
fn definition(spec: &Spec, backfill: &BackfillSpec) -> Result<StateMachine, CatalogError> {
    let [choose_prefix, record_objects, done] = names(["ChoosePrefix", "RecordObjects", "BucketRecorded"])?;
    let given = Jsonata::input().field(PREFIX);
    let otherwise = Jsonata::double_quoted(backfill.prefix.as_ref().map_or("", |prefix| prefix.as_str()));
    let prefix = JsonataExpression::from(given.clone().call("$exists", []).then(given, otherwise));
    let bucket = substitution(BUCKET_NAME)?;
    let objects = Map {
        comment: Some("Lists the objects, and starts a child workflow for each batch of them.".to_owned()),
        mode: MapMode::Distributed(Distributed {
            // A child is one request, whatever states it goes through; as STANDARD it would be paid for every one of them.
            execution_type: WorkflowType::Express,
            item_reader: ItemReader::list_objects(&bucket, ReferencePath::input().field(PREFIX)),
            item_batcher: ItemBatcher { max_items_per_batch: backfill.items_per_batch.get() },
            tolerated_failure_percentage: backfill.tolerated_failure_percentage.get(),
            label: record_objects.to_string(),
        }),
        processor: batch(spec)?,
        max_concurrency: backfill.max_concurrency.get(),
        next: done.clone(),
    };
    let states = IndexMap::from([
        (
            choose_prefix.clone(),
            State::Pass(Pass::new(
                "The input can contain another prefix than the spec.",
                JsonataTemplate::object([(PREFIX, prefix.into())]),
                Transition::to(&record_objects),
            )),
        ),
        (record_objects, State::Map(Box::new(objects))),
        (done, end("Every object has a record.")),
    ]);
    let comment = format!("Started by hand; records the objects that are in the bucket already. {}", comment_line());
    Ok(StateMachine::new(comment, choose_prefix, states)?)
}

/// What a child workflow does with its batch.
fn batch(spec: &Spec) -> Result<StateMachine, CatalogError> {
    let [record_batch, done] = names(["RecordBatch", "BatchRecorded"])?;
    let objects = Map {
        comment: None,
        mode: MapMode::Inline { items_path: ReferencePath::input().field("Items") },
        processor: object(spec)?,
        max_concurrency: WRITES_AT_A_TIME,
        next: done.clone(),
    };
    let states = IndexMap::from([
        (record_batch.clone(), State::Map(Box::new(objects))),
        (done, end("Every object of the batch has a record.")),
    ]);
    Ok(StateMachine::nested(record_batch, states)?)
}

/// What is done with an object: it gets a record if it has none. Any record that is there knows more than the listing does.
///
/// In the layout `latest` the write's condition sees to that alone. In `history` an object's records have keys of their own,
/// which no condition of one write can speak of; so a look comes before it.
///
/// These states have paths whatever the spec's `query_language` says: what computes here is JSONata in either.
fn object(spec: &Spec) -> Result<StateMachine, CatalogError> {
    let record = Record::listed(spec)?;
    let setting = Setting { record: &record, table: substitution(TABLE_NAME)?, language: QueryLanguage::JsonPath };
    let history = spec.table.layout == Layout::History;
    let completes = !history && !record.changes().is_empty();
    let write = if completes { "UpdateObject" } else { "PutObject" };
    let [read_listing, look, exists, put, added, known] =
        names(["ReadListing", "Query", "ObjectExists", write, "ObjectAdded", "ObjectKnown"])?;

    let mut states = IndexMap::new();
    let gone = (StateName::parse("ObjectGone")?, end("The object was deleted after it was listed."));
    let asking = record.questions().map(|questions| enrich::asking(&setting, questions, &put, gone)).transpose()?;
    let write = asking.as_ref().map_or(&put, |asking| &asking.start);
    let first = if history { &look } else { write };
    let comment = "The entry of the listing, in the form of an event about the object.";
    states.insert(read_listing.clone(), State::Pass(Pass::new(comment, as_event(spec), Transition::to(first))));
    if history {
        states.insert(look.clone(), query(&setting, &exists)?);
        states.insert(exists, object_exists(&setting, &known, write));
    }
    states.extend(asking.map(|asking| asking.states).unwrap_or_default());
    match completes {
        true => states.extend(complete_object(&setting, spec, &put, &known, &added)?),
        false => {
            let comment = "Without a sequencer, so every event is newer.";
            states.insert(put.clone(), put_object(&setting, comment, &known, &added)?);
        }
    }
    states.insert(added, end("The object has a record now."));
    states.insert(known, end("The object has a record already, which contains more than the listing."));
    Ok(StateMachine::nested(read_listing, states)?)
}

/// An entry of a [listing](https://docs.aws.amazon.com/step-functions/latest/dg/input-output-itemreader.html), in the shape
/// of the event that S3 would have sent about the object: its time is in seconds since the epoch, and its entity tag is in
/// quotes, neither of which an event has. It has no sequencer and no version.
///
/// The region and the account are those of the execution, whose name has them.
fn as_event(spec: &Spec) -> JsonataTemplate {
    let value = |expression: Jsonata| JsonataTemplate::from(JsonataExpression::from(expression));
    let entry = |name| Jsonata::input().field(name);
    let replaced = |value: Jsonata, [from, to]: [&str; 2]| value.call("$replace", [from, to].map(Jsonata::text));
    let object = JsonataTemplate::object([
        ("key", value(entry("Key"))),
        ("size", value(entry("Size"))),
        ("etag", value(replaced(entry("Etag"), ["\"", ""]))),
    ]);
    let time = entry("LastModified").times(1000).call("$fromMillis", []);
    let mut event = vec![
        ("time", value(replaced(time, [".000Z", "Z"]))),
        ("detail", JsonataTemplate::object([("object", object)])),
    ];
    let of_execution = |part| {
        let arn = Jsonata::context().field("Execution").field("Id");
        value(arn.call("$split", [Jsonata::text(":")]).element(part))
    };
    if attributes::is_chosen(spec, EventAttribute::Region) {
        event.push(("region", of_execution(3)));
    }
    if attributes::is_chosen(spec, EventAttribute::Account) {
        event.push(("account", of_execution(4)));
    }
    JsonataTemplate::object(event)
}

/// The last state of a state machine whose output nobody reads.
fn end(comment: &str) -> State {
    State::Pass(Pass::new(comment, Literal::number(0), Transition::end()))
}

fn names<const N: usize>(names: [&str; N]) -> Result<[StateName; N], CatalogError> {
    let parsed: Result<Vec<StateName>, _> = names.into_iter().map(StateName::parse).collect();
    parsed?.try_into().map_err(|_| CatalogError::Blueprint("a state has no name".to_owned()))
}
