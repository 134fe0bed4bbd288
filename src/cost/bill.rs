//! The bill: lines of unit prices and quantities, each a linear term of events, objects and reads.

use serde::Serialize;

use super::sheet::{Price, Tier};
use super::usage::{Basis, KindUsage};
use super::{Decimal, PriceId};

/// What a stack costs.
///
/// Every [`Line`] is a sum of linear [`Term`]s and a price with tiers, so whoever has a bill can work out another for other
/// numbers: [`Bill::at`], or a slider in a page.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Bill {
    /// The region whose prices hold.
    pub region: String,
    /// The day of the price sheet.
    pub prices_as_of: String,
    /// The file whose prices replaced some of the sheet's, and its day.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub prices_replaced_by: Option<String>,
    /// Whether what every account has free each month is taken off.
    pub free_tier: bool,
    /// How much happens.
    pub volume: Volume,
    /// Where the counts are from.
    pub basis: Basis,
    /// What an event of each kind makes, and its share of the events.
    pub usage: Vec<KindUsage>,
    /// What costs something every month.
    pub lines: Vec<Line>,
    /// What costs something once: the backfill.
    pub one_off: Vec<Line>,
    /// USD a month.
    pub total: Decimal,
    /// USD for each million events, of what grows with events alone and from the first unit on.
    pub per_million_events: Decimal,
    /// USD once.
    pub one_off_total: Decimal,
    /// What was assumed.
    pub assumptions: Vec<String>,
    /// What is used and has no price in the sheet for this region.
    pub unpriced: Vec<String>,
}

/// How much happens in a month.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Volume {
    /// Events of S3.
    pub events: Decimal,
    /// Objects that the table has records of.
    pub objects: Decimal,
    /// Reads of the table, by the API if there is one.
    pub reads: Decimal,
}

/// A line of a bill.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Line {
    /// What the price is for.
    pub id: PriceId,
    /// The service: `DynamoDB`.
    pub service: &'static str,
    /// What of it: `Writes`.
    pub what: &'static str,
    /// One of what is counted: `write request unit`.
    pub unit: &'static str,
    /// For how many units the amounts of the tiers are.
    pub per: Decimal,
    /// What they cost.
    pub tiers: Vec<Tier>,
    /// How many units every account has free each month.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub free: Option<Decimal>,
    /// Where the price is from.
    pub source: String,
    /// What the units are made of.
    pub terms: Vec<Term>,
    /// How many units.
    pub units: Decimal,
    /// USD, exact.
    pub usd: Decimal,
}

/// A part of a line's units.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Term {
    /// What it is for: `ObjectCreatedStateMachine`.
    pub what: String,
    /// Units for each event.
    pub per_event: Decimal,
    /// Units for each object.
    pub per_object: Decimal,
    /// Units for each read.
    pub per_read: Decimal,
    /// Units whatever happens.
    pub fixed: Decimal,
}

impl Term {
    /// A term that comes to nothing whatever happens.
    fn nothing(what: impl Into<String>) -> Self {
        let zero = Decimal::zero;
        Self { what: what.into(), per_event: zero(), per_object: zero(), per_read: zero(), fixed: zero() }
    }

    /// A term of this many units for each event.
    pub fn per_event(what: impl Into<String>, units: Decimal) -> Self {
        Self { per_event: units, ..Self::nothing(what) }
    }

    /// A term of this many units for each object.
    pub fn per_object(what: impl Into<String>, units: Decimal) -> Self {
        Self { per_object: units, ..Self::nothing(what) }
    }

    /// A term of this many units for each read.
    pub fn per_read(what: impl Into<String>, units: Decimal) -> Self {
        Self { per_read: units, ..Self::nothing(what) }
    }

    /// A term of this many units a month.
    pub fn fixed(what: impl Into<String>, units: Decimal) -> Self {
        Self { fixed: units, ..Self::nothing(what) }
    }

    /// How many units that is.
    pub fn units(&self, volume: &Volume) -> Decimal {
        &self.per_event * &volume.events
            + &self.per_object * &volume.objects
            + &self.per_read * &volume.reads
            + self.fixed.clone()
    }

    fn is_nothing(&self) -> bool {
        [&self.per_event, &self.per_object, &self.per_read, &self.fixed].into_iter().all(Decimal::is_zero)
    }
}

impl Line {
    /// A line of what a price is for, its amounts not worked out yet.
    pub(super) fn new(id: PriceId, price: &Price, terms: Vec<Term>) -> Self {
        Self {
            id,
            service: id.service(),
            what: id.what(),
            unit: id.unit(),
            per: price.per.clone(),
            tiers: price.tiers.clone(),
            free: price.free.clone(),
            source: price.source.clone(),
            terms: terms.into_iter().filter(|term| !term.is_nothing()).collect(),
            units: Decimal::zero(),
            usd: Decimal::zero(),
        }
    }

    /// Works out the amounts for a volume.
    fn work_out(&mut self, volume: &Volume, free_tier: bool) {
        self.units = self.terms.iter().map(|term| term.units(volume)).sum();
        let Self { per, tiers, free, source, .. } = &*self;
        let price = Price { per: per.clone(), tiers: tiers.clone(), free: free.clone(), source: source.clone() };
        self.usd = price.of(&self.units, free_tier);
    }

    /// USD for each event at the price of the first tier.
    pub(super) fn usd_per_event(&self) -> Decimal {
        let units: Decimal = self.terms.iter().map(|term| term.per_event.clone()).sum();
        let first = self.tiers.first().map_or_else(Decimal::zero, |tier| tier.usd.clone());
        (units * first).over(&self.per)
    }
}

impl Bill {
    /// The same stack's bill for another volume.
    ///
    /// ```
    /// # use bucketbook::cost::{self, Decimal, Options, PriceSheet};
    /// # use bucketbook::spec::Spec;
    /// let bill = cost::of_spec(&Spec::default(), &Options::default(), &PriceSheet::built_in())?;
    /// let mut double = bill.volume.clone();
    /// double.events = double.events * Decimal::from(2);
    /// double.objects = double.objects * Decimal::from(2);
    /// assert_eq!(bill.clone().at(double).total, bill.total * Decimal::from(2));
    /// # Ok::<(), cost::CostError>(())
    /// ```
    #[must_use]
    pub fn at(mut self, volume: Volume) -> Self {
        for line in self.lines.iter_mut().chain(&mut self.one_off) {
            line.work_out(&volume, self.free_tier);
        }
        let sum = |lines: &[Line]| lines.iter().map(|line| line.usd.clone()).sum::<Decimal>();
        self.total = sum(&self.lines);
        self.one_off_total = sum(&self.one_off);
        let each: Decimal = self.lines.iter().map(Line::usd_per_event).sum();
        self.per_million_events = each * Decimal::from(1_000_000);
        self.volume = volume;
        self
    }

    /// The services that cost something each month, in the order of the lines, with what each costs.
    pub fn services(&self) -> Vec<(&'static str, Decimal)> {
        let mut services: Vec<(&'static str, Decimal)> = Vec::new();
        for line in &self.lines {
            match services.iter_mut().find(|(service, _)| *service == line.service) {
                Some((_, usd)) => *usd += line.usd.clone(),
                None => services.push((line.service, line.usd.clone())),
            }
        }
        services
    }
}
