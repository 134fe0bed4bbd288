use std::fmt::Write;

use anstyle::{AnsiColor, Style};

use crate::diagnostic::shown;

use super::brief::{differences, notes, paths};
use super::tested::Tested;
use crate::diagnostic::counted;

/// Which scenarios hold, and of those that do not, what differs.
pub(super) fn report(tested: &[Tested], broken: usize) -> String {
    let colour = |colour: AnsiColor| Style::new().fg_color(Some(colour.into()));
    let (green, red) = (colour(AnsiColor::Green), colour(AnsiColor::Red).bold());
    let mut text = String::new();
    for one in tested {
        // Writing to a string cannot fail.
        if one.mismatches.is_empty() {
            let _ = writeln!(text, "{green}ok{green:#}    {}  {}", shown(&one.path), shown(&one.name));
            continue;
        }
        let _ = writeln!(text, "{red}FAIL{red:#}  {}  {}", shown(&one.path), shown(&one.name));
        let (differences, left_out) = differences(&one.mismatches);
        for difference in differences {
            let _ = writeln!(text, "      {} (- expected, + actual):", shown(difference.what));
            for line in &difference.lines {
                let style = match line.as_bytes().first() {
                    Some(b'-') => colour(AnsiColor::Red),
                    Some(b'+') => colour(AnsiColor::Green),
                    _ => Style::new(),
                };
                let _ = writeln!(text, "        {style}{}{style:#}", shown(line));
            }
        }
        if left_out > 0 {
            let _ = writeln!(text, "      and {}", counted(left_out, "more difference"));
        }
        for line in paths(&one.played).iter().chain(&notes(&one.played)) {
            let _ = writeln!(text, "      {}", shown(line));
        }
    }
    let failed = tested.iter().filter(|one| !one.mismatches.is_empty()).count();
    let mut parts = vec![format!("{} passed", tested.len() - failed)];
    if failed > 0 {
        parts.push(format!("{failed} failed"));
    }
    if broken > 0 {
        parts.push(format!("{broken} could not be run"));
    }
    let _ = writeln!(text, "{}: {}", counted(tested.len() + broken, "scenario"), parts.join(", "));
    text
}
