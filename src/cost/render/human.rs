use std::fmt::Write;

use anstyle::{AnsiColor, Style};

use super::{Report, basis, deeds, headline, line_name, mark, percent, prices, unit_price, units};
use crate::cost::Line;
use crate::diagnostic::{shown, shown_lines};

/// Text is not wider than this.
const WIDTH: usize = 100;

/// For people, in a terminal.
pub fn human(report: &Report<'_>) -> String {
    let bill = report.bill;
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
    text.push_str(&table(&["", "share", "transitions", "calls"], &rows, &[1, 2]));

    let _ = writeln!(text, "\n{bold}Each month{bold:#}");
    let mut rows = amounts(&bill.lines);
    rows.push(vec!["Total".to_owned(), String::new(), String::new(), bill.total.money()]);
    text.push_str(&table(&["", "units", "USD each", "USD"], &rows, &[1, 3]));
    let services: Vec<String> =
        bill.services().into_iter().map(|(service, usd)| format!("{service} {}", usd.money())).collect();
    for line in wrapped(&format!("By service: {}.", services.join(", ")), WIDTH) {
        let _ = writeln!(text, "{line}");
    }
    let _ = writeln!(text, "Each further million events: {} USD.", bill.per_million_events.money());
    if !bill.one_off.is_empty() {
        let _ = writeln!(text, "\n{bold}Once, for the backfill{bold:#}");
        let mut rows = amounts(&bill.one_off);
        rows.push(vec!["Total".to_owned(), String::new(), String::new(), bill.one_off_total.money()]);
        text.push_str(&table(&["", "units", "USD each", "USD"], &rows, &[1, 3]));
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
        text.push_str(&table(&["", "USD a month", "USD a million events", ""], &rows, &[1, 2]));
    }
    if !bill.unpriced.is_empty() {
        let unpriced = format!("Not priced, for want of a price in {}: {}.", bill.region, bill.unpriced.join(", "));
        let _ = writeln!(text, "\n{unpriced}");
    }
    let _ = writeln!(text, "\n{bold}Taken for granted{bold:#}");
    for assumption in &bill.assumptions {
        for (at, line) in wrapped(assumption, WIDTH - 2).iter().enumerate() {
            let _ = writeln!(text, "{}{line}", if at == 0 { "- " } else { "  " });
        }
    }
    text
}

fn amounts(lines: &[Line]) -> Vec<Vec<String>> {
    let row = |line: &Line| vec![line_name(line), units(&line.units), unit_price(line), line.usd.money()];
    lines.iter().map(row).collect()
}

/// Columns, of which some have numbers and stand to the right. The last one is not filled up.
fn table(heads: &[&str], rows: &[Vec<String>], right: &[usize]) -> String {
    let plain = |cell: &str| anstream::adapter::strip_str(cell).to_string().chars().count();
    let widths: Vec<usize> = (0..heads.len())
        .map(|at| rows.iter().map(|row| plain(&row[at])).chain([heads[at].chars().count()]).max().unwrap_or(0))
        .collect();
    let line = |cells: Vec<&str>| {
        let mut text = String::from(" ");
        for (at, cell) in cells.iter().enumerate() {
            let gap = " ".repeat(widths[at].saturating_sub(plain(cell)));
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
