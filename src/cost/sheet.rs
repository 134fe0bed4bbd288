//! The price sheet: a dated file, a line a price, each with its source.

use std::collections::BTreeMap;

use serde::{Deserialize, Deserializer, Serialize};

use super::{Decimal, PriceId};
use crate::source::{Fault, Source, from_node, parse};

/// The sheet that is part of this program.
const BUILT_IN: &str = include_str!("prices.yaml");

/// What AWS asks, as of a day.
#[derive(Debug, Clone, PartialEq)]
pub struct PriceSheet {
    /// The day: `2026-09-11`.
    pub date: String,
    /// The file whose prices replaced some of them, by its name, and the day of those.
    pub replaced: Option<(String, Option<String>)>,
    prices: BTreeMap<(PriceId, String), Price>,
}

/// A price in a region.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Price {
    /// For how many units the amounts are: 1,000,000.
    pub per: Decimal,
    /// What they cost from how many units a month on: the first from 0.
    pub tiers: Vec<Tier>,
    /// How many units every account has free each month.
    pub free: Option<Decimal>,
    /// Where it is from.
    pub source: String,
}

/// From so many units on, this.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Tier {
    /// Units a month.
    pub from: Decimal,
    /// USD.
    pub usd: Decimal,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct SheetFile {
    #[serde(default)]
    date: Option<String>,
    prices: Vec<PriceLine>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct PriceLine {
    id: PriceId,
    regions: Vec<String>,
    usd: Written,
    #[serde(default)]
    per: Option<Written>,
    #[serde(default)]
    tiers: Vec<TierLine>,
    #[serde(default)]
    free: Option<Written>,
    source: String,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct TierLine {
    from: Written,
    usd: Written,
}

/// A number as the file has it. The shortest spelling of a floating-point number is the one that was typed.
#[derive(Debug)]
struct Written(Decimal);

impl<'de> Deserialize<'de> for Written {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Number;
        impl serde::de::Visitor<'_> for Number {
            type Value = Written;

            fn expecting(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                f.write_str("a number that is not negative")
            }

            fn visit_str<E: serde::de::Error>(self, text: &str) -> Result<Written, E> {
                text.parse().map(Written).map_err(E::custom)
            }

            fn visit_i64<E: serde::de::Error>(self, number: i64) -> Result<Written, E> {
                self.visit_str(&number.to_string())
            }

            fn visit_u64<E: serde::de::Error>(self, number: u64) -> Result<Written, E> {
                self.visit_str(&number.to_string())
            }

            fn visit_f64<E: serde::de::Error>(self, number: f64) -> Result<Written, E> {
                self.visit_str(&number.to_string())
            }
        }
        deserializer.deserialize_any(Number)
    }
}

impl PriceSheet {
    /// The sheet that is part of this program.
    pub fn built_in() -> Self {
        let empty = Self { date: String::new(), replaced: None, prices: BTreeMap::new() };
        // A test reads it: it has no fault.
        let read = read(&Source::new("prices.yaml", BUILT_IN)).unwrap_or(SheetFile { date: None, prices: Vec::new() });
        let date = read.date.clone().unwrap_or_default();
        Self { date, ..empty.with(read) }
    }

    /// The same with the prices of another file in place of its own, which need not have all of them.
    ///
    /// # Errors
    /// The file is no price sheet; the fault has the place.
    pub fn replaced_by(self, source: &Source) -> Result<Self, Fault> {
        let read = read(source)?;
        let replaced = Some((source.name.clone(), read.date.clone()));
        Ok(Self { replaced, ..self.with(read) })
    }

    fn with(mut self, file: SheetFile) -> Self {
        for line in file.prices {
            let first = Tier { from: Decimal::zero(), usd: line.usd.0 };
            let mut tiers: Vec<Tier> =
                line.tiers.into_iter().map(|tier| Tier { from: tier.from.0, usd: tier.usd.0 }).collect();
            tiers.sort_by(|one, other| one.from.cmp(&other.from));
            tiers.insert(0, first);
            let per = line.per.map_or_else(Decimal::one, |per| per.0);
            let price = Price { per, tiers, free: line.free.map(|free| free.0), source: line.source };
            self.prices.extend(line.regions.into_iter().map(|region| ((line.id, region), price.clone())));
        }
        self
    }

    /// The price of something in a region, if it is known.
    pub fn price(&self, id: PriceId, region: &str) -> Option<&Price> {
        self.prices.get(&(id, region.to_owned()))
    }

    /// The regions that have prices, in order.
    pub fn regions(&self) -> Vec<&str> {
        let mut regions: Vec<&str> = self.prices.keys().map(|(_, region)| region.as_str()).collect();
        regions.sort_unstable();
        regions.dedup();
        regions
    }
}

fn read(source: &Source) -> Result<SheetFile, Fault> {
    let node = parse(source)?.ok_or_else(|| Fault::new("the file is empty").help("a price sheet needs `prices`"))?;
    let file: SheetFile = from_node(&node)?;
    let place = |at: usize, field: &str| node.pointer(&format!("/prices/{at}/{field}")).map(|node| node.span);
    for (at, line) in file.prices.iter().enumerate() {
        let fault = |field: &str, message: &str| {
            let fault = Fault::new(message);
            place(at, field).map_or(fault.clone(), |span| fault.at(span))
        };
        if line.regions.is_empty() {
            return Err(fault("regions", "a price needs at least one region"));
        }
        if line.per.as_ref().is_some_and(|per| per.0.is_zero()) {
            return Err(fault("per", "the number of units must be above 0"));
        }
        if line.source.trim().is_empty() {
            return Err(fault("source", "a price needs a `source`"));
        }
        if line.tiers.iter().any(|tier| tier.from.0.is_zero()) {
            return Err(fault("tiers", "the line itself is the first tier; further tiers must begin above 0"));
        }
    }
    Ok(file)
}

impl Price {
    /// What so many units cost in a month, with the part that is free taken off first if that is wanted.
    pub fn of(&self, units: &Decimal, free_tier: bool) -> Decimal {
        let free = if free_tier { self.free.clone() } else { None };
        let free = free.unwrap_or_else(Decimal::zero);
        if *units <= free {
            return Decimal::zero();
        }
        let units = units.clone() - free;
        let mut sum = Decimal::zero();
        for (at, tier) in self.tiers.iter().enumerate() {
            let end = self.tiers.get(at + 1).map(|next| next.from.clone()).filter(|end| *end < units);
            let end = end.unwrap_or_else(|| units.clone());
            if end > tier.from {
                sum += (end - tier.from.clone()) * tier.usd.clone();
            }
        }
        sum.over(&self.per)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn number(text: &str) -> Decimal {
        text.parse().unwrap()
    }

    #[test]
    fn the_sheet_is_sound_and_every_price_is_in_it() {
        let file = read(&Source::new("prices.yaml", BUILT_IN)).unwrap();
        assert!(file.date.unwrap().starts_with("20"));
        let sheet = PriceSheet::built_in();
        assert_eq!(
            sheet.regions(),
            ["ap-northeast-1", "eu-central-1", "eu-west-1", "us-east-1", "us-east-2", "us-west-2"]
        );
        // Prices that nobody has looked up: a bill that needs one says so.
        let open = [
            (PriceId::TopicPublish, "ap-northeast-1"),
            (PriceId::StreamRead, "ap-northeast-1"),
            (PriceId::StreamRead, "eu-central-1"),
            (PriceId::StreamRead, "eu-west-1"),
        ];
        for region in sheet.regions() {
            for id in PriceId::ALL {
                assert_eq!(sheet.price(id, region).is_none(), open.contains(&(id, region)), "{id:?} in {region}");
            }
        }
    }

    #[test]
    fn tiers_and_free_units() {
        let tier = |from: &str, usd: &str| Tier { from: number(from), usd: number(usd) };
        let price = Price {
            per: number("10"),
            tiers: vec![tier("0", "3"), tier("100", "2"), tier("1000", "1")],
            free: Some(number("50")),
            source: String::new(),
        };
        for (units, free_tier, usd) in [
            ("0", false, "0"),
            ("100", false, "30"),
            ("110", false, "32"),
            ("2000", false, "310"),
            ("50", true, "0"),
            ("60", true, "3"),
            ("160", true, "32"),
        ] {
            assert_eq!(price.of(&number(units), free_tier), number(usd), "{units}");
        }
    }

    #[test]
    fn a_file_replaces_some_prices() {
        let text =
            "date: '2027-01-01'\nprices:\n  - {id: alarm, regions: [us-east-1, mars-1], usd: 0.2, source: mine}\n";
        let sheet = PriceSheet::built_in().replaced_by(&Source::new("mine.yaml", text)).unwrap();
        assert_eq!(sheet.price(PriceId::Alarm, "us-east-1").unwrap().tiers[0].usd, number("0.2"));
        assert_eq!(sheet.price(PriceId::Alarm, "us-east-2").unwrap().tiers[0].usd, number("0.1"));
        assert_eq!(sheet.price(PriceId::Alarm, "mars-1").unwrap().source, "mine");
        assert_eq!(sheet.replaced, Some(("mine.yaml".to_owned(), Some("2027-01-01".to_owned()))));
    }

    #[test]
    fn faults_have_their_place() {
        for (line, says) in [
            ("{id: alarms, regions: [a], usd: 1, source: x}", "2:8 unknown value `alarms`"),
            ("{id: alarm, regions: [], usd: 1, source: x}", "2:24 a price needs at least one region"),
            ("{id: alarm, regions: [a], usd: -1, source: x}", "2:34 `-1` is not a number"),
            ("{id: alarm, regions: [a], usd: dear, source: x}", "2:34 `dear` is not a number"),
            ("{id: alarm, regions: [a], usd: 1, per: 0, source: x}", "2:42 the number of units must be above 0"),
            ("{id: alarm, regions: [a], usd: 1, source: ''}", "2:45 a price needs a `source`"),
            ("{id: alarm, regions: [a], usd: 1}", "2:3 the key `source` is missing"),
        ] {
            let source = Source::new("x.yaml", format!("prices:\n- {line}\n"));
            let fault = PriceSheet::built_in().replaced_by(&source).unwrap_err();
            let position = source.position(fault.span.unwrap().start);
            assert!(format!("{position} {}", fault.message).starts_with(says), "{line}: {position} {}", fault.message);
        }
    }
}
