//! The bill, in a form in which a page can work it out for other numbers.

use std::collections::BTreeMap;

use serde::Serialize;

use crate::cost::alternatives::{self, Comparison};
use crate::cost::usage::EventKind;
use crate::cost::{
    self, Bill, CostError, Decimal, Design, Line, Options, PriceId, PriceSheet, Quantity, Share, Usage, Volume,
};
use crate::loaded::LoadedStack;

/// The shares of updates among the events for which there are terms, in percent.
const SHARES: [u64; 9] = [0, 10, 20, 30, 40, 50, 60, 70, 80];

/// The prices that a report is made with.
#[derive(Debug, Clone, PartialEq)]
pub struct Prices {
    /// The AWS Region whose prices are used.
    pub region: String,
    /// What is asked there.
    pub sheet: PriceSheet,
}

impl Default for Prices {
    fn default() -> Self {
        Self { region: Options::default().region, sheet: PriceSheet::built_in() }
    }
}

/// What a stack costs.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct CostReport {
    /// The region whose prices hold.
    pub region: String,
    /// The day of the price sheet.
    pub date: String,
    /// How much happens at first.
    pub volume: Volume,
    /// The share of updates at first, in percent; `None` if the events are of one kind.
    pub updates: Option<u64>,
    /// The prices.
    pub prices: Vec<PriceReport>,
    /// The units for each share of updates.
    pub shares: Vec<ShareReport>,
    /// What was assumed.
    pub assumptions: Vec<String>,
    /// What has no price.
    pub unpriced: Vec<String>,
    /// The same stack with other choices.
    pub comparisons: Vec<Comparison>,
    /// The bill for what happens at first.
    #[serde(skip)]
    pub bill: Bill,
}

/// A price with its source, as the page shows it.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct PriceReport {
    /// What it is for.
    pub id: PriceId,
    /// Whether it is paid once, for the backfill, and not every month.
    pub once: bool,
    /// The service.
    pub service: &'static str,
    /// What of it.
    pub what: &'static str,
    /// One of what is counted.
    pub unit: &'static str,
    /// For how many units the amounts are.
    pub per: Decimal,
    /// From how many units on, how much.
    pub tiers: Vec<(Decimal, Decimal)>,
    /// Where the price is from.
    pub source: String,
}

/// The units for a share of updates.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct ShareReport {
    /// The share, in percent.
    pub updates: u64,
    /// For each price: units for each event, for each object, for each read, and whatever happens.
    pub units: Vec<[Decimal; 4]>,
}

/// What a stack costs.
///
/// # Errors
/// There are no prices for the region, or nothing can be counted: see [`Usage::measure`].
pub(super) fn cost(stack: &LoadedStack, prices: &Prices) -> Result<CostReport, CostError> {
    let sheet = &prices.sheet;
    let options = Options { region: prices.region.clone(), ..Options::default() };
    let design = Design::of(stack);
    let usage = Usage::measure(stack, &design, &options)?;
    let comparisons = alternatives::of_design(&design, &usage, &options, sheet)?;
    let bill = cost::bill(&design, &usage, &options, sheet)?;
    let has = |kind: EventKind| usage.kinds.iter().any(|known| known.kind == kind);
    let shares: &[u64] = if has(EventKind::New) && has(EventKind::Update) { &SHARES } else { &[0] };
    // Lines that nothing uses are left out of a bill, and somebody may move the slider of reads.
    let reading = Options { reads: Quantity::new(1), ..options.clone() };
    let mut bills = Vec::new();
    for percent in shares {
        let usage = if shares.len() > 1 { with_updates(&usage, *percent) } else { Some(usage.clone()) };
        let Some(usage) = usage else { continue };
        bills.push((*percent, cost::bill(&design, &usage, &reading, sheet)?));
    }
    Ok(CostReport {
        region: bill.region.clone(),
        date: bill.prices_as_of.clone(),
        volume: bill.volume.clone(),
        updates: (bills.len() > 1).then_some(20),
        shares: bills.iter().map(|(percent, _)| ShareReport { updates: *percent, units: Vec::new() }).collect(),
        assumptions: bill.assumptions.clone(),
        unpriced: bill.unpriced.clone(),
        prices: Vec::new(),
        comparisons,
        bill,
    }
    .filled(&bills))
}

/// The usage with another share of updates, taken from or given to new files; `None` if there are not so many.
fn with_updates(usage: &Usage, percent: u64) -> Option<Usage> {
    let share = |kind| {
        usage.kinds.iter().filter(move |known| known.kind == kind).map(|known| known.share.clone()).sum::<Decimal>()
    };
    let both = share(EventKind::New) + share(EventKind::Update);
    let updates = Share::percent(percent).decimal();
    if updates > both {
        return None;
    }
    let mut changed = usage.clone();
    for kind in &mut changed.kinds {
        match kind.kind {
            EventKind::New => kind.share = both.clone() - updates.clone(),
            EventKind::Update => kind.share = updates.clone(),
            _ => {}
        }
    }
    Some(changed)
}

impl CostReport {
    /// With the prices of all bills, and the units of each.
    fn filled(mut self, bills: &[(u64, Bill)]) -> Self {
        let mut known: BTreeMap<(bool, PriceId), &Line> = BTreeMap::new();
        for (_, bill) in bills {
            known.extend(bill.lines.iter().map(|line| ((false, line.id), line)));
            known.extend(bill.one_off.iter().map(|line| ((true, line.id), line)));
        }
        self.prices = known.iter().map(|((once, id), line)| price(*id, *once, line)).collect();
        for (share, (_, bill)) in self.shares.iter_mut().zip(bills) {
            share.units = known
                .keys()
                .map(|(once, id)| {
                    let lines = if *once { &bill.one_off } else { &bill.lines };
                    let line = lines.iter().find(|line| line.id == *id);
                    let terms = line.map_or(&[][..], |line| &line.terms);
                    let sum =
                        |of: fn(&cost::Term) -> &Decimal| terms.iter().map(|term| of(term).clone()).sum::<Decimal>();
                    [sum(|t| &t.per_event), sum(|t| &t.per_object), sum(|t| &t.per_read), sum(|t| &t.fixed)]
                })
                .collect();
        }
        self
    }
}

fn price(id: PriceId, once: bool, line: &Line) -> PriceReport {
    PriceReport {
        id,
        once,
        service: line.service,
        what: line.what,
        unit: line.unit,
        per: line.per.clone(),
        tiers: line.tiers.iter().map(|tier| (tier.from.clone(), tier.usd.clone())).collect(),
        source: line.source.clone(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::cost::Mix;
    use crate::spec::{Layout, Spec};

    /// What the page's script does: units of a share, and tiers.
    fn total(report: &CostReport, updates: u64, volume: &Volume) -> Decimal {
        let share = report.shares.iter().find(|share| share.updates == updates).unwrap();
        let lines = report.prices.iter().zip(&share.units).filter(|(price, _)| !price.once);
        let usd = lines.map(|(price, [event, object, read, fixed])| {
            let units = event * &volume.events + object * &volume.objects + read * &volume.reads + fixed.clone();
            let mut usd = Decimal::zero();
            for (at, (from, amount)) in price.tiers.iter().enumerate() {
                let next = price.tiers.get(at + 1).map(|(next, _)| next.clone()).filter(|next| *next < units);
                let end = next.unwrap_or_else(|| units.clone());
                if end > *from {
                    usd += (end - from.clone()) * amount.clone();
                }
            }
            usd.over(&price.per)
        });
        usd.sum()
    }

    #[test]
    fn sliders_come_to_what_the_bill_says() {
        let mut history = Spec::default();
        history.table.layout = Layout::History;
        for spec in [Spec::default(), history] {
            let stack = cost::loaded(&spec).unwrap();
            let report = cost(&stack, &Prices::default()).unwrap();
            for (updates, events, objects, reads) in
                [(0, 1_000_000, 500_000, 0), (20, 1_000_000, 800_000, 5_000_000), (80, 2_000_000_000, 7, 300_000_000)]
            {
                let options = Options {
                    events: Quantity::new(events),
                    objects: Some(Quantity::new(objects)),
                    reads: Quantity::new(reads),
                    mix: Mix { updates: Share::percent(updates), ..Mix::default() },
                    ..Options::default()
                };
                let bill = cost::of_stack(&stack, &options, &PriceSheet::built_in()).unwrap();
                let sum = total(&report, updates, &bill.volume);
                assert_eq!(sum.round(6), bill.total.round(6), "{updates} % of {events}");
            }
        }
    }
}
