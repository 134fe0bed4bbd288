use crate::diagnostic::wrapped;
use std::fmt::Write;

use anstyle::{AnsiColor, Style};

use super::{Report, basis, deeds, headline, line_name, mark, percent, prices, unit_price, units};
use crate::cost::{Decimal, Line};
use crate::diagnostic::{shown, shown_lines};

/// Text is not wider than this.
const WIDTH: usize = 100;

/// For people, in a terminal of so many columns, if they are limited.
pub fn human(report: &Report<'_>, columns: Option<usize>) -> String {
    let bill = report.bill;
    let width = columns.map_or(WIDTH, |columns| columns.min(WIDTH));
    let table = |heads: [&str; 4], rows: &[Vec<Cell>], right: [usize; 2], drops: [usize; 2]| {
        fitted(&heads, rows, &right, &drops, columns.unwrap_or(usize::MAX))
    };
    let (bold, dim) = (Style::new().bold(), Style::new().dimmed());
    let green = Style::new().fg_color(Some(AnsiColor::Green.into()));
    let mut text = String::new();
    // Writing to a string cannot fail.
    let _ = writeln!(text, "{bold}{}{bold:#}\n{dim}{}{dim:#}\n", shown(&headline(report)), shown(&prices(bill)));

    let rows: Vec<Vec<Cell>> = bill
        .usage
        .iter()
        .map(|usage| {
            let (transitions, calls) = deeds(usage);
            [usage.kind.to_string(), percent(&usage.share), transitions, calls].map(Cell::from).into()
        })
        .collect();
    let _ = writeln!(text, "{bold}Per event{bold:#}, {}", basis(bill));
    text.push_str(&table(["", "share", "transitions", "calls"], &rows, [1, 2], [3, 2]));

    let _ = writeln!(text, "\n{bold}Per month{bold:#}");
    let mut rows = amounts(&bill.lines);
    rows.push(total(&bill.total));
    text.push_str(&table(["", "units", "USD each", "USD"], &rows, [1, 3], [2, 1]));
    let services: Vec<String> =
        bill.services().into_iter().map(|(service, usd)| format!("{service} {}", usd.money())).collect();
    for line in wrapped(&format!("By service: {}.", services.join(", ")), width) {
        let _ = writeln!(text, "{line}");
    }
    let _ = writeln!(text, "Each additional million events: {} USD.", bill.per_million_events.money());
    if !bill.one_off.is_empty() {
        let _ = writeln!(text, "\n{bold}Once, for the backfill{bold:#}");
        let mut rows = amounts(&bill.one_off);
        rows.push(total(&bill.one_off_total));
        text.push_str(&table(["", "units", "USD each", "USD"], &rows, [1, 3], [2, 1]));
    }
    for comparison in report.comparisons {
        let _ = writeln!(text, "\n{bold}By {}{bold:#}", comparison.choice);
        let rows: Vec<Vec<Cell>> = comparison
            .alternatives
            .iter()
            .map(|one| {
                let style = if one.cheapest { green } else { Style::new() };
                let mark = Cell { text: mark(one.current, one.cheapest).to_owned(), style };
                let amounts = [one.name.clone(), one.total.money(), one.per_million_events.money()];
                amounts.map(Cell::from).into_iter().chain([mark]).collect()
            })
            .collect();
        text.push_str(&table(["", "USD per month", "USD per million events", ""], &rows, [1, 2], [2, 3]));
    }
    if !bill.unpriced.is_empty() {
        let unpriced =
            format!("Not included, because it has no price for {}: {}.", bill.region, bill.unpriced.join(", "));
        let _ = writeln!(text, "\n{unpriced}");
    }
    let _ = writeln!(text, "\n{bold}Assumptions{bold:#}");
    for assumption in &bill.assumptions {
        for (at, line) in wrapped(assumption, width - 2).iter().enumerate() {
            let _ = writeln!(text, "{}{line}", if at == 0 { "- " } else { "  " });
        }
    }
    text
}

fn amounts(lines: &[Line]) -> Vec<Vec<Cell>> {
    let row = |line: &Line| [line_name(line), units(&line.units), unit_price(line), line.usd.money()];
    lines.iter().map(|line| row(line).map(Cell::from).into()).collect()
}

fn total(amount: &Decimal) -> Vec<Cell> {
    ["Total".to_owned(), String::new(), String::new(), amount.money()].map(Cell::from).into()
}

/// A table without those of the columns in `drops`, in that order, for which there is no room; they are named below it.
fn fitted(heads: &[&str], rows: &[Vec<Cell>], right: &[usize], drops: &[usize], width: usize) -> String {
    let mut left: Vec<usize> = (0..heads.len()).collect();
    let mut dropped = Vec::new();
    loop {
        let (text, widest) = table(heads, rows, right, &left);
        match drops.get(dropped.len()).filter(|_| widest > width) {
            Some(next) => {
                left.retain(|at| at != next);
                dropped.push(*next);
            }
            None => {
                let names: Vec<&str> = dropped.iter().map(|at| heads[*at]).filter(|name| !name.is_empty()).collect();
                let note = format!("  not shown for lack of room: {}\n", names.join(", "));
                return if names.is_empty() { text } else { text + &note };
            }
        }
    }
}

/// A cell of a table.
struct Cell {
    text: String,
    style: Style,
}

impl From<String> for Cell {
    fn from(text: String) -> Self {
        Self { text, style: Style::new() }
    }
}

impl Cell {
    fn width(&self) -> usize {
        self.text.chars().count()
    }
}

/// Some columns, of which some have numbers and stand to the right, and how wide they are. The last one is not filled up.
fn table(heads: &[&str], rows: &[Vec<Cell>], right: &[usize], columns: &[usize]) -> (String, usize) {
    let heads: Vec<Cell> = heads.iter().map(|head| Cell::from((*head).to_owned())).collect();
    let all = || std::iter::once(&heads).chain(rows);
    let widths: Vec<usize> = (0..heads.len()).map(|at| all().map(|row| row[at].width()).max().unwrap_or(0)).collect();
    let (mut text, mut widest) = (String::new(), 0);
    for row in all() {
        let (mut plain, mut line) = (String::from(" "), String::from(" "));
        for at in columns {
            let Cell { text, style } = &row[*at];
            let gap = " ".repeat(widths[*at].saturating_sub(row[*at].width()));
            let cell = shown_lines(text).replace('\n', "\\n");
            let (before, behind) = if right.contains(at) { (gap.as_str(), "") } else { ("", gap.as_str()) };
            let _ = write!(plain, " {before}{cell}{behind} ");
            let _ = write!(line, " {before}{style}{cell}{style:#}{behind} ");
        }
        widest = widest.max(plain.trim_end().chars().count());
        let _ = writeln!(text, "{}", line.trim_end());
    }
    (text, widest)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn columns_without_room_are_named() {
        let row = ["Requests", "1,000,000", "0.000001", "1.00"];
        let rows = vec![row.map(|cell| Cell::from(cell.to_owned())).into()];
        let heads = ["", "units", "USD each", "USD"];
        let at = |width| fitted(&heads, &rows, &[1, 3], &[2, 1], width);
        assert!(!at(80).contains("not shown"));
        assert!(at(35).ends_with("not shown for lack of room: USD each\n"), "{}", at(35));
        assert!(at(35).contains("1,000,000") && at(35).lines().take(2).all(|line| line.len() <= 35), "{}", at(35));
        assert!(at(10).ends_with("not shown for lack of room: USD each, units\n"), "{}", at(10));
    }
}
