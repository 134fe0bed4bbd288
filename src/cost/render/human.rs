use std::fmt::Write;

use anstyle::{AnsiColor, Style};

use super::{Report, basis, deeds, headline, line_name, mark, percent, prices, unit_price, units};
use crate::cost::Line;
use crate::diagnostic::{shown, shown_lines};

/// Text is not wider than this.
const WIDTH: usize = 100;

/// For people, in a terminal of so many columns, if they are limited.
pub fn human(report: &Report<'_>, columns: Option<usize>) -> String {
    let bill = report.bill;
    let width = columns.map_or(WIDTH, |columns| columns.min(WIDTH));
    let table = |heads: [&str; 4], rows: &[Vec<String>], right: [usize; 2], drops: [usize; 2]| {
        fitted(&heads, rows, &right, &drops, columns.unwrap_or(usize::MAX))
    };
    let (bold, dim) = (Style::new().bold(), Style::new().dimmed());
    let green = Style::new().fg_color(Some(AnsiColor::Green.into()));
    let mut text = String::new();
    // Writing to a string cannot fail.
    let _ = writeln!(text, "{bold}{}{bold:#}\n{dim}{}{dim:#}\n", shown(&headline(report)), shown(&prices(bill)));

    let rows: Vec<Vec<String>> = bill
        .usage
        .iter()
        .map(|usage| {
            let (transitions, calls) = deeds(usage);
            vec![usage.kind.to_string(), percent(&usage.share), transitions, calls]
        })
        .collect();
    let _ = writeln!(text, "{bold}What an event makes{bold:#}, {}", basis(bill));
    text.push_str(&table(["", "share", "transitions", "calls"], &rows, [1, 2], [3, 2]));

    let _ = writeln!(text, "\n{bold}Each month{bold:#}");
    let mut rows = amounts(&bill.lines);
    rows.push(vec!["Total".to_owned(), String::new(), String::new(), bill.total.money()]);
    text.push_str(&table(["", "units", "USD each", "USD"], &rows, [1, 3], [2, 1]));
    let services: Vec<String> =
        bill.services().into_iter().map(|(service, usd)| format!("{service} {}", usd.money())).collect();
    for line in wrapped(&format!("By service: {}.", services.join(", ")), width) {
        let _ = writeln!(text, "{line}");
    }
    let _ = writeln!(text, "Each further million events: {} USD.", bill.per_million_events.money());
    if !bill.one_off.is_empty() {
        let _ = writeln!(text, "\n{bold}Once, for the backfill{bold:#}");
        let mut rows = amounts(&bill.one_off);
        rows.push(vec!["Total".to_owned(), String::new(), String::new(), bill.one_off_total.money()]);
        text.push_str(&table(["", "units", "USD each", "USD"], &rows, [1, 3], [2, 1]));
    }
    for comparison in report.comparisons {
        let _ = writeln!(text, "\n{bold}By {}{bold:#}", comparison.choice);
        let rows: Vec<Vec<String>> = comparison
            .alternatives
            .iter()
            .map(|one| {
                let mark = mark(one.current, one.cheapest);
                let mark = if one.cheapest { format!("{green}{mark}{green:#}") } else { mark.to_owned() };
                vec![one.name.clone(), one.total.money(), one.per_million_events.money(), mark]
            })
            .collect();
        text.push_str(&table(["", "USD a month", "USD a million events", ""], &rows, [1, 2], [2, 3]));
    }
    if !bill.unpriced.is_empty() {
        let unpriced = format!("Not priced, for want of a price in {}: {}.", bill.region, bill.unpriced.join(", "));
        let _ = writeln!(text, "\n{unpriced}");
    }
    let _ = writeln!(text, "\n{bold}Taken for granted{bold:#}");
    for assumption in &bill.assumptions {
        for (at, line) in wrapped(assumption, width - 2).iter().enumerate() {
            let _ = writeln!(text, "{}{line}", if at == 0 { "- " } else { "  " });
        }
    }
    text
}

fn amounts(lines: &[Line]) -> Vec<Vec<String>> {
    let row = |line: &Line| vec![line_name(line), units(&line.units), unit_price(line), line.usd.money()];
    lines.iter().map(row).collect()
}

/// A table without those of the columns in `drops`, in that order, for which there is no room; they are named below it.
fn fitted(heads: &[&str], rows: &[Vec<String>], right: &[usize], drops: &[usize], width: usize) -> String {
    let mut left: Vec<usize> = (0..heads.len()).collect();
    let mut dropped = Vec::new();
    loop {
        let text = table(heads, rows, right, &left);
        let fits = text.lines().all(|line| length(line) <= width);
        match drops.get(dropped.len()).filter(|_| !fits) {
            Some(next) => {
                left.retain(|at| at != next);
                dropped.push(*next);
            }
            None => {
                let names: Vec<&str> = dropped.iter().map(|at| heads[*at]).filter(|name| !name.is_empty()).collect();
                let note = format!("  not shown, for want of room: {}\n", names.join(", "));
                return if names.is_empty() { text } else { text + &note };
            }
        }
    }
}

/// How many characters of a text are seen.
fn length(text: &str) -> usize {
    anstream::adapter::strip_str(text).to_string().chars().count()
}

/// Some columns, of which some have numbers and stand to the right. The last one is not filled up.
fn table(heads: &[&str], rows: &[Vec<String>], right: &[usize], columns: &[usize]) -> String {
    let width = |at: usize| rows.iter().map(|row| length(&row[at])).chain([length(heads[at])]).max().unwrap_or(0);
    let widths: Vec<usize> = (0..heads.len()).map(width).collect();
    let line = |cells: Vec<&str>| {
        let mut text = String::from(" ");
        for at in columns {
            let (at, cell) = (*at, cells[*at]);
            let gap = " ".repeat(widths[at].saturating_sub(length(cell)));
            let cell = shown_lines(cell).replace('\n', "\\n");
            let cell = if right.contains(&at) { format!("{gap}{cell}") } else { format!("{cell}{gap}") };
            let _ = write!(text, " {cell} ");
        }
        format!("{}\n", text.trim_end())
    };
    let mut text = line(heads.to_vec());
    text.extend(rows.iter().map(|row| line(row.iter().map(String::as_str).collect())));
    text
}

/// A text in lines of limited width.
fn wrapped(text: &str, width: usize) -> Vec<String> {
    let mut lines = vec![String::new()];
    for word in text.split(' ') {
        let Some(line) = lines.last_mut() else { break };
        if !line.is_empty() && line.chars().count() + 1 + word.chars().count() > width {
            lines.push(word.to_owned());
        } else {
            if !line.is_empty() {
                line.push(' ');
            }
            line.push_str(word);
        }
    }
    lines
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn columns_without_room_are_named() {
        let rows = vec![vec!["Requests".to_owned(), "1,000,000".to_owned(), "0.000001".to_owned(), "1.00".to_owned()]];
        let heads = ["", "units", "USD each", "USD"];
        let at = |width| fitted(&heads, &rows, &[1, 3], &[2, 1], width);
        assert!(!at(80).contains("not shown"));
        assert!(at(35).ends_with("not shown, for want of room: USD each\n"), "{}", at(35));
        assert!(at(35).contains("1,000,000") && at(35).lines().take(2).all(|line| line.len() <= 35), "{}", at(35));
        assert!(at(10).ends_with("not shown, for want of room: USD each, units\n"), "{}", at(10));
    }
}
