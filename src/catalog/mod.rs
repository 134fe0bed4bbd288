//! The blueprint: turns a spec into a stack.
//!
//! [`stack`] does it. The stack keeps a promise: after any sequence of the object events that the spec records, delivered in any order and
//! any number of times, the table contains for every file what the newest event says. A spec that would break this is refused (`promise`).

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
mod error;
mod event_value;
mod expression;
mod extra;
mod faults;
mod filters;
mod folder;
mod index_error;
mod indexes;
mod key;
mod left;
mod names;
mod nearest;
mod new_bucket;
mod new_table;
mod operations;
mod optional;
mod parameter_values;
mod parameters;
mod parts;
mod promise;
mod questions;
mod record;
mod record_states;
mod record_updates;
mod retained;
mod retry;
mod roles;
mod routes;
mod table;
mod tags;
#[cfg(test)]
mod tests;
mod workflow;

use indexmap::IndexMap;

use crate::asl::StateMachine;
use crate::spec::Spec;
use crate::stack::{GeneratedFile, Stack, TemplateBuilder};
pub use api::ApiMisfit;
pub use backfill::MACHINE as BACKFILL;
pub use error::CatalogError;
use error::refused;
pub use faults::faults;
pub use index_error::IndexError;
use names::{BUCKET_NAME, OBJECT_CREATED, TABLE_NAME, id, substitution};
use parts::{Machines, Parts, Tables};
pub use promise::notes;
use record::Record;

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
    parameters::check(spec)?;
    let Blueprint { mut template, definitions, assets } = blueprint(spec)?;
    parameters::export(spec, &mut template)?;
    parameters::add(spec, &mut template)?;
    extra::add(spec, &mut template)?;
    Ok(Stack::new(spec.stack.name.clone(), template.finish()?, definitions)?.with_assets(assets))
}

/// The attributes that the records of a spec may have, by name. None where the spec is not sound.
pub fn attributes(spec: &Spec) -> Vec<String> {
    let record = Record::of(spec).ok();
    let all = record.map(|record| record.all_attributes()).unwrap_or_default();
    all.into_iter().map(|(name, _)| name.to_string()).collect()
}

/// What the spec's options become, before what the user adds to it.
struct Blueprint {
    template: TemplateBuilder,
    definitions: IndexMap<String, StateMachine>,
    assets: Vec<GeneratedFile>,
}

fn blueprint(spec: &Spec) -> Result<Blueprint, CatalogError> {
    let record = Record::of(spec)?;
    promise::check(spec)?;
    operations::check_stack_name(spec)?;
    let mut template = TemplateBuilder::new(
        "Event-driven file management - Step Functions records the objects of a bucket in DynamoDB",
    );
    let key = key::key(spec, &mut template)?;
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
    Ok(Blueprint { template, definitions, assets })
}
