//! A bill as people read it, as Markdown, and as JSON.

mod human;
mod markdown;

use serde_json::{Value, json};

use super::alternatives::Comparison;
use super::usage::Basis;
use super::{Bill, Decimal, Line};

pub use human::human;
pub use markdown::markdown;

/// What is told: the bill, and what else could have been chosen.
#[derive(Debug, Clone, Copy)]
pub struct Report<'a> {
    /// What the stack is called.
    pub stack: &'a str,
    /// The bill.
    pub bill: &'a Bill,
    /// What else could have been chosen.
    pub comparisons: &'a [Comparison],
}

/// As JSON: the bill with every line's terms, so that others can work with it, and the alternatives.
pub fn json(report: &Report<'_>) -> String {
    let Report { stack, bill, comparisons } = report;
    let mut told = json!({ "stack": stack });
    if let (Some(told), Ok(Value::Object(bill))) = (told.as_object_mut(), serde_json::to_value(bill)) {
        told.extend(bill);
        told.insert("alternatives".to_owned(), json!(comparisons));
    }
    format!("{told:#}\n")
}

/// What the bill is for, in a line.
fn headline(report: &Report<'_>) -> String {
    let Bill { region, volume, .. } = report.bill;
    let mut happens = vec![format!("{} events", volume.events.grouped(0))];
    for (number, what) in [(&volume.reads, "reads"), (&volume.objects, "objects in the table")] {
        if !number.is_zero() {
            happens.push(format!("{} {what}", number.grouped(0)));
        }
    }
    format!("{} in {region}: a month with {}", report.stack, happens.join(", "))
}

/// The Region and the date of the prices.
fn prices(bill: &Bill) -> String {
    let replaced = bill.prices_replaced_by.as_ref().map(|by| format!(", some replaced by {by}")).unwrap_or_default();
    let free = if bill.free_tier {
        "free tiers are deducted"
    } else {
        "free tiers are not deducted (--free-tier deducts them)"
    };
    format!("Prices as of {}{replaced}; {free}.", bill.prices_as_of)
}

/// Where the counts are from.
fn basis(bill: &Bill) -> &'static str {
    match bill.basis {
        Basis::Simulated => "counted by running each kind of event in the simulator",
        Basis::Walked => "estimated from the paths through the definition",
        Basis::Trace => "counted in the histories of the trace",
    }
}

/// A number of units, shortened where there are many: fractions only below a thousand.
fn units(units: &Decimal) -> String {
    let places = if *units >= Decimal::from(1000) { 0 } else { 3 };
    let text = units.grouped(places);
    if places == 0 || !text.contains('.') {
        return text;
    }
    let text = text.trim_end_matches('0').trim_end_matches('.').to_owned();
    if text == "0" && !units.is_zero() { "<0.001".to_owned() } else { text }
}

/// `DynamoDB: Writes`, with what is written.
fn line_name(line: &Line) -> String {
    format!("{}: {}", line.service, line.what)
}

/// The price of the first tier: `0.625 per 1,000,000`.
fn unit_price(line: &Line) -> String {
    let usd = line.tiers.first().map(|tier| tier.usd.to_string()).unwrap_or_default();
    let from = if line.tiers.len() > 1 { ", then less" } else { "" };
    let usd = match usd.split_once('.') {
        None => format!("{usd}.00"),
        Some((_, cents)) if cents.len() == 1 => format!("{usd}0"),
        Some(_) => usd,
    };
    match line.per == Decimal::one() {
        true => format!("{usd}{from}"),
        false => format!("{usd} per {}{from}", line.per.grouped(0)),
    }
}

/// A share in percent.
fn percent(share: &Decimal) -> String {
    let text = (share.clone() * Decimal::from(100)).round(3).to_string();
    format!("{text} %")
}

/// What an event of a kind does: states, calls.
fn deeds(usage: &super::usage::KindUsage) -> (String, String) {
    let transitions: Decimal = usage.machines.iter().map(|machine| machine.transitions.clone()).sum();
    let mut told = units(&transitions);
    for walked in usage.machines.iter().filter_map(|machine| machine.walked.as_ref()) {
        let most = walked.most.as_ref().map_or_else(|| "no end".to_owned(), units);
        told = format!("{told} ({} to {most})", units(&walked.fewest));
    }
    let calls = usage.calls.iter().map(|call| {
        let times = if call.count == Decimal::one() { String::new() } else { format!(" ×{}", units(&call.count)) };
        format!("{}:{}{times}", call.service, call.action)
    });
    (told, calls.collect::<Vec<_>>().join(", "))
}

/// The mark behind an alternative.
fn mark(current: bool, cheapest: bool) -> &'static str {
    match (current, cheapest) {
        (true, true) => "this stack, cheapest",
        (true, false) => "this stack",
        (false, true) => "cheapest",
        (false, false) => "",
    }
}
