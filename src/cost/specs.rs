//! The bills of specs that differ in little from each other.

use super::design::Design;
use super::{Bill, CostError, Options, PriceSheet, Usage, bill, loaded};
use crate::spec::Spec;

/// Prices specs, and measures none twice that run alike: what is logged of an execution has its price, and changes nothing of how it runs.
#[derive(Debug)]
pub struct Specs<'a> {
    options: &'a Options,
    sheet: &'a PriceSheet,
    bills: Vec<(Spec, Bill)>,
    measured: Vec<Measured>,
}

/// What specs use that run alike.
#[derive(Debug)]
struct Measured {
    /// One of the specs, without its logging.
    spec: Spec,
    /// Whether the log of each machine has the data of events.
    logs_data: Vec<bool>,
    usage: Usage,
}

impl<'a> Specs<'a> {
    /// Nothing is priced yet.
    pub fn new(options: &'a Options, sheet: &'a PriceSheet) -> Self {
        Self { options, sheet, bills: Vec::new(), measured: Vec::new() }
    }

    /// The bill of the stack that a spec describes.
    ///
    /// # Errors
    /// There are no prices for the region, nothing can be counted (see [`Usage::measure`]), or the spec makes no stack.
    pub fn bill(&mut self, spec: &Spec) -> Result<Bill, CostError> {
        if let Some((_, bill)) = self.bills.iter().find(|(known, _)| known == spec) {
            return Ok(bill.clone());
        }
        let stack = loaded(spec)?;
        let design = Design::of(&stack);
        let (mut unlogged, logs_data) = (spec.clone(), design.machines.iter().map(|machine| machine.log.data));
        unlogged.state_machine.logging = None;
        let logs_data: Vec<bool> = logs_data.collect();
        let alike = |known: &&Measured| known.logs_data == logs_data && known.spec == unlogged;
        let usage = match self.measured.iter().find(alike) {
            Some(known) => known.usage.clone(),
            None => {
                let usage = Usage::measure(&stack, &design, self.options)?;
                self.measured.push(Measured { spec: unlogged, logs_data, usage: usage.clone() });
                usage
            }
        };
        let bill = bill(&design, &usage, self.options, self.sheet)?;
        self.bills.push((spec.clone(), bill.clone()));
        Ok(bill)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::spec::{LogLevel, LoggingSpec};

    #[test]
    fn what_only_logs_otherwise_is_measured_once() {
        let (options, sheet) = (Options::default(), PriceSheet::built_in());
        let mut specs = Specs::new(&options, &sheet);
        let mut totals = Vec::new();
        for level in [None, Some(LogLevel::Error), Some(LogLevel::All)] {
            let mut spec = Spec::default();
            spec.state_machine.logging = level.map(|level| LoggingSpec { level, ..LoggingSpec::default() });
            let bill = specs.bill(&spec).unwrap();
            assert_eq!(bill, super::super::of_spec(&spec, &options, &sheet).unwrap());
            totals.push(bill.total);
        }
        assert_eq!(specs.measured.len(), 1);
        assert_ne!(totals[0], totals[2]);
    }
}
