use std::fmt::Write;

use super::{Report, basis, deeds, headline, line_name, mark, percent, prices, unit_price, units};
use crate::cost::{Decimal, Line};
use crate::diagnostic::shown;

/// For a page: headings and tables as GitHub shows them.
pub fn markdown(report: &Report<'_>) -> String {
    let bill = report.bill;
    let mut text = String::new();
    // Writing to a string cannot fail.
    let _ = writeln!(text, "# Cost of {}\n\n{}\n", escaped(&headline(report)), escaped(&prices(bill)));
    let _ = writeln!(text, "## Per month: {} USD\n", bill.total.money());
    amounts(&mut text, &bill.lines, &bill.total);
    let _ = writeln!(text, "\nEach additional million events: {} USD.", bill.per_million_events.money());
    if !bill.one_off.is_empty() {
        let _ = writeln!(text, "\n## Once, for the backfill: {} USD\n", bill.one_off_total.money());
        amounts(&mut text, &bill.one_off, &bill.one_off_total);
    }
    let _ = writeln!(text, "\n## Per event\n\nThis is {}.\n", basis(bill));
    let _ = writeln!(text, "| event | share | transitions | calls |\n|---|--:|--:|---|");
    for usage in &bill.usage {
        let (transitions, calls) = deeds(usage);
        let _ = writeln!(text, "| {} | {} | {transitions} | {} |", usage.kind, percent(&usage.share), escaped(&calls));
    }
    for comparison in report.comparisons {
        let _ = writeln!(text, "\n## By {}\n", comparison.choice);
        let _ = writeln!(text, "| | USD per month | USD per million events | |\n|---|--:|--:|---|");
        for one in &comparison.alternatives {
            let mark = mark(one.current, one.cheapest);
            let mark = if one.cheapest { format!("**{mark}**") } else { mark.to_owned() };
            let (total, each) = (one.total.money(), one.per_million_events.money());
            let _ = writeln!(text, "| {} | {} | {} | {mark} |", escaped(&one.name), escaped(&total), escaped(&each));
        }
    }
    if !bill.unpriced.is_empty() {
        let _ = writeln!(
            text,
            "\nNot included, because it has no price for {}: {}.",
            bill.region,
            escaped(&bill.unpriced.join(", "))
        );
    }
    let _ = writeln!(text, "\n## Assumptions\n");
    for assumption in &bill.assumptions {
        let _ = writeln!(text, "- {}", escaped(assumption));
    }
    let _ = writeln!(text, "\n## Sources of the prices\n");
    for line in bill.lines.iter().chain(&bill.one_off) {
        let source = format!("- {}: {}\n", escaped(&line_name(line)), shown(&line.source));
        if !text.contains(&source) {
            text.push_str(&source);
        }
    }
    text
}

fn amounts(text: &mut String, lines: &[Line], total: &Decimal) {
    let _ = writeln!(text, "| | units | USD each | USD |\n|---|--:|---|--:|");
    for line in lines {
        let (units, usd) = (escaped(&units(&line.units)), escaped(&line.usd.money()));
        let _ = writeln!(text, "| {} | {units} | {} | {usd} |", escaped(&line_name(line)), escaped(&unit_price(line)));
    }
    let _ = writeln!(text, "| **Total** | | | **{}** |", escaped(&total.money()));
}

/// A text in one line without what Markdown would take for markup.
fn escaped(text: &str) -> String {
    let text = shown(text);
    let mut escaped = String::with_capacity(text.len());
    for character in text.chars() {
        if matches!(character, '<' | '|' | '*' | '_' | '`' | '[' | '\\' | '&') {
            escaped.push('\\');
        }
        escaped.push(character);
    }
    escaped
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn texts_of_others_are_no_markup() {
        assert_eq!(escaped("a|b\n<img>&lt;"), "a\\|b\\\\n\\<img>\\&lt;");
        assert!(!escaped("\u{1b}[2J").contains('\u{1b}'));
    }
}
