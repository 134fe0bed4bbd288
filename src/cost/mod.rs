//! What a stack costs: a dated price sheet, the usage per event, and the resulting bill.
//!
//! [`Design`] lists the parts of a stack that cost something, [`Usage`] what an event, an object and a read use (measured in the
//! simulator), [`Bill`] the lines with prices and quantities, and [`alternatives`] the bills of other options.
//!
//! ```
//! use bucketbook::cost::{self, Mix, Options, PriceId, PriceSheet};
//! use bucketbook::spec::Spec;
//!
//! let options = Options { mix: Mix::new_files(), ..Options::default() };
//! let bill = cost::of_spec(&Spec::default(), &options, &PriceSheet::built_in())?;
//! let transitions = bill.lines.iter().find(|line| line.id == PriceId::StateTransition).unwrap();
//! // Query, ObjectExists, PutObject, ObjectAdded: a million times, at 25 USD a million.
//! assert_eq!((transitions.units.to_string(), transitions.usd.money()), ("4000000".to_owned(), "100.00".to_owned()));
//! # Ok::<(), cost::CostError>(())
//! ```

pub mod alternatives;
mod bill;
mod decimal;
pub mod design;
mod error;
mod machine;
mod options;
mod price;
mod quantity;
pub mod render;
mod sheet;
mod specs;
mod terms;
pub mod usage;

pub use bill::{Bill, Line, Term, Volume};
pub use decimal::{Decimal, NoDecimal};
pub use design::{Design, LogLevel};
pub use error::CostError;
pub use machine::{MillionExecutions, of_machine};
pub use options::{Mix, Options};
pub use price::PriceId;
pub use quantity::{NoQuantity, NoShare, Quantity, Share};
pub use sheet::{Price, PriceSheet, Tier};
pub use specs::Specs;
pub use usage::{EventKind, Usage};

use crate::catalog;
use crate::loaded::LoadedStack;
use crate::spec::Spec;
use terms::{COMPRESSED_PERCENT, Collector, KEY_REQUESTS, Terms, records_per_object};

/// The bill of a stack that was read from files.
///
/// # Errors
/// There are no prices for the region, or nothing can be counted: see [`Usage::measure`].
pub fn of_stack(stack: &LoadedStack, options: &Options, sheet: &PriceSheet) -> Result<Bill, CostError> {
    let design = Design::of(stack);
    let usage = Usage::measure(stack, &design, options)?;
    bill(&design, &usage, options, sheet)
}

/// The bill of the stack that a spec describes.
///
/// # Errors
/// The same, and what keeps a spec from being a stack.
pub fn of_spec(spec: &Spec, options: &Options, sheet: &PriceSheet) -> Result<Bill, CostError> {
    Specs::new(options, sheet).bill(spec)
}

/// The stack of a spec, generated and read again.
///
/// # Errors
/// The spec makes no stack.
pub fn loaded(spec: &Spec) -> Result<LoadedStack, CostError> {
    let files =
        catalog::stack(&spec.with_table_here())?.files().map_err(|error| CostError::Engine(error.to_string()))?;
    Ok(LoadedStack::from_rendered(files.iter().map(|file| (file.path.as_str(), file.text.as_str()))))
}

/// The bill of what a stack has and uses.
///
/// # Errors
/// There are no prices for the region.
pub fn bill(design: &Design, usage: &Usage, options: &Options, sheet: &PriceSheet) -> Result<Bill, CostError> {
    let region = options.region.as_str();
    if !sheet.regions().contains(&region) {
        let known = sheet.regions().into_iter().map(str::to_owned).collect();
        return Err(CostError::Region { region: region.to_owned(), known });
    }
    let collector = || Collector { design, usage, options, terms: Terms::new() };
    let mut unpriced = Vec::new();
    let lines = lines(collector().monthly(), sheet, region, &mut unpriced);
    let backfill = usage.backfill.as_ref().map(|backfill| collector().backfill(backfill)).unwrap_or_default();
    let one_off = self::lines(backfill, sheet, region, &mut unpriced);
    let volume = volume(usage, options);
    let replaced = sheet.replaced.as_ref().map(|(name, date)| match date {
        Some(date) => format!("{name} ({date})"),
        None => name.clone(),
    });
    let empty = Bill {
        region: region.to_owned(),
        prices_as_of: sheet.date.clone(),
        prices_replaced_by: replaced,
        free_tier: options.free_tier,
        volume: volume.clone(),
        basis: usage.basis,
        usage: usage.kinds.clone(),
        lines,
        one_off,
        total: Decimal::zero(),
        per_million_events: Decimal::zero(),
        one_off_total: Decimal::zero(),
        assumptions: assumptions(design, usage, options),
        unpriced,
    };
    let mut bill = empty.at(volume);
    let is_something = |line: &Line| !line.units.is_zero();
    bill.lines.retain(is_something);
    bill.one_off.retain(is_something);
    Ok(bill)
}

fn lines(terms: Terms, sheet: &PriceSheet, region: &str, unpriced: &mut Vec<String>) -> Vec<Line> {
    let mut terms = terms;
    let mut lines = Vec::new();
    for id in PriceId::ALL {
        let Some(terms) = terms.remove(&id) else { continue };
        match sheet.price(id, region) {
            Some(price) => lines.push(Line::new(id, price, terms)),
            None => unpriced.push(format!("{}: {}", id.service(), id.what())),
        }
    }
    lines.retain(|line| !line.terms.is_empty());
    lines
}

/// How much happens. Without a number of objects, there are as many as a month's new files.
fn volume(usage: &Usage, options: &Options) -> Volume {
    let events = options.events.decimal();
    let new = usage.kinds.iter().filter(|kind| matches!(kind.kind, EventKind::New | EventKind::Any));
    let new: Decimal = new.map(|kind| kind.share.clone()).sum();
    let made = if usage.stored.table_bytes == 0 { Decimal::zero() } else { &events * &new };
    let objects = options.objects.map_or(made, Quantity::decimal);
    Volume { events, objects, reads: options.reads.decimal() }
}

/// What the numbers rest on.
fn assumptions(design: &Design, usage: &Usage, options: &Options) -> Vec<String> {
    let mut notes = usage.notes.clone();
    let express = design.machines.iter().any(|machine| machine.express) || usage.backfill.is_some();
    notes.push("A STANDARD workflow is billed for one transition per state entered, and one per retry.".to_owned());
    for machine in design.machines.iter().filter(|machine| !machine.express) {
        if let Some(why) = machine.standard_only {
            notes.push(format!("{} cannot be an EXPRESS workflow: {why}.", machine.label));
        }
    }
    if express {
        let duration = options.duration_ms.map_or_else(
            || {
                format!(
                    "the time of its waits, {} ms per call (--task-ms) and {} ms per function (--function-ms)",
                    options.task_ms, options.function_ms
                )
            },
            |given| format!("{given} ms"),
        );
        let memory = Decimal::from(options.memory_mb.max(1)).up_to(64);
        notes.push(format!("An EXPRESS execution takes {duration}, rounded up to 100 ms, and {memory} MB of memory."));
    }
    let bytes = usage.stored.item_bytes;
    let asked = usage.kinds.iter().flat_map(|kind| &kind.billed);
    let asked = asked.into_iter().any(|(id, _)| matches!(id, PriceId::WriteRequestUnit | PriceId::ReadRequestUnit));
    if bytes > 0 && (asked || usage.stored.table_bytes > 0) {
        let how = if usage.stored.measured { "measured in the simulator" } else { "given or assumed" };
        notes.push(format!("A record has {bytes} bytes, {how} (--item-bytes), plus 100 bytes of storage overhead."));
    }
    if options.objects.is_none() && usage.stored.table_bytes > 0 {
        notes.push(
            "The table contains the new files of one month (--objects sets the number in the long run).".to_owned(),
        );
    }
    let records = records_per_object(usage);
    if records != Decimal::one() {
        notes.push(format!(
            "Every upload has its own record: with this mix of events, {} records per object.",
            records.round(2)
        ));
    }
    if design.machines.iter().any(|machine| machine.log.level != LogLevel::Off) {
        notes.push(format!(
            "Logs are stored compressed to {COMPRESSED_PERCENT} %, for the retention period of the log group."
        ));
    }
    if design.machines.iter().any(|machine| machine.traced) {
        let percent = options.traced.decimal() * Decimal::from(100);
        notes.push(format!("X-Ray records {percent} % of executions (--traced)."));
    }
    if !options.reads.decimal().is_zero() {
        notes.push(match &design.api {
            Some(_) => "A read is a request for one record.".to_owned(),
            None => "Without an API, a read is a GetItem of one record.".to_owned(),
        });
    }
    if design.keys > 0 {
        notes.push(format!("A key receives {KEY_REQUESTS} requests per month for each resource that it encrypts."));
    }
    if design.tables.iter().any(|table| table.provisioned) {
        notes.push("Provisioned capacity is billed by the hour and not included.".to_owned());
    }
    if design.tables.iter().any(|table| table.stream) {
        notes.push(
            "Lambda reads a table's stream for free; --stream-reads sets the reads of other consumers.".to_owned(),
        );
    }
    if usage.backfill.is_some() {
        notes.push(
            "The backfill runs once over all objects, and is listed separately from the monthly cost.".to_owned(),
        );
    }
    notes.push("Not included: the bucket itself, data transfer, tax.".to_owned());
    notes
}
