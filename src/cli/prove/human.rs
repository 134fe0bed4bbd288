use std::fmt::Write as _;

use anstyle::{AnsiColor, Style};

use super::asked::Asked;
use super::saved::Saved;
use crate::diagnostic::shown;
use crate::prove::{FaultKind, Proof, Verdict};

/// The verdict for people.
pub(super) fn report(asked: &Asked, proof: &Proof, saved: Option<&Saved>) -> String {
    let mut text = String::new();
    let style = |colour: AnsiColor| Style::new().fg_color(Some(colour.into())).bold();
    match &proof.verdict {
        Verdict::Holds => {
            let green = style(AnsiColor::Green);
            let _ = writeln!(text, "{green}holds{green:#}: {}: {}", asked.scope(), explored(proof));
            let _ = writeln!(text, "  checked: {}", asked.checks.join("; "));
            let _ = writeln!(text, "  faults: {}", faults(asked));
        }
        Verdict::Broken(found) => {
            let red = style(AnsiColor::Red);
            let _ = writeln!(text, "{red}broken{red:#}: {}", shown(&found.what));
            let _ = writeln!(text);
            for line in found.sequence.to_string().lines() {
                let _ = writeln!(text, "{}", shown(line));
            }
            if found.is != found.expected {
                let _ = writeln!(text, "\nThe tables at the end (- with the events in order, + with this schedule):");
                for line in difference(&found.expected, &found.is) {
                    let _ = writeln!(text, "  {}", shown(&line));
                }
            }
            let _ = writeln!(text);
            match saved {
                Some(saved) => {
                    let _ = writeln!(text, "`{}` replays it.", saved.command);
                }
                None => {
                    let _ = writeln!(text, "--save FILE writes it as a scenario, which `bucketbook test` replays.");
                }
            }
        }
        Verdict::Unmocked { what, state } => {
            let yellow = style(AnsiColor::Yellow);
            let _ = writeln!(text, "{yellow}not decided{yellow:#}: {}", shown(&unmocked(what, state)));
            let _ = writeln!(
                text,
                "  to test it, mock `{}` in a mock file: bucketbook simulate --mock-config FILE --test-case NAME\n  \
                 to prove the rest, use --allow-failures",
                shown(state)
            );
        }
        Verdict::Undecided(why) => {
            let yellow = style(AnsiColor::Yellow);
            let _ = writeln!(text, "{yellow}not decided{yellow:#}: {}", shown(why));
            let tried = counted(proof.explored.schedules, "schedule");
            let (done, all) = (grouped(proof.stories), grouped(asked.stories));
            let _ = writeln!(text, "  histories that held: {done} of {all}; {tried} tried");
            let _ = writeln!(
                text,
                "  to finish, use fewer --events, --repeats 0 or --faults none, or raise --timeout or --max-schedules"
            );
        }
    }
    text
}

/// Why nothing can be said of an execution that fails after a function returned its input.
pub(super) fn unmocked(what: &str, state: &str) -> String {
    format!(
        "{what}, after `{state}` called a Lambda function. Its code does not run here: it returned its input, which it may not do on AWS"
    )
}

fn explored(proof: &Proof) -> String {
    let history =
        if proof.stories == 1 { "1 history".to_owned() } else { format!("{} histories", grouped(proof.stories)) };
    format!(
        "{} of {history} (of at least {}; the others are equivalent)",
        counted(proof.explored.schedules, "schedule"),
        rough(proof.explored.ways)
    )
}

fn counted(count: usize, what: &str) -> String {
    format!("{} {what}{}", grouped(count), if count == 1 { "" } else { "s" })
}

fn faults(asked: &Asked) -> String {
    if asked.faults.is_empty() {
        return "none".to_owned();
    }
    let named = asked.faults.iter().map(|fault| match fault {
        FaultKind::Throttle => "a throttled call",
        FaultKind::Lost => "a lost answer",
        FaultKind::Crash => "an execution that stops and starts again",
        FaultKind::Stale => "a stale read",
        FaultKind::Redrive => "an event that is redriven after items have expired",
    });
    let at_once = match asked.faults_at_once {
        1 => "one in a schedule".to_owned(),
        more => format!("up to {more} in a schedule"),
    };
    format!("{}; {at_once}", named.collect::<Vec<_>>().join(", "))
}

fn difference(expected: &str, is: &str) -> Vec<String> {
    let diff = similar::TextDiff::from_lines(expected, is);
    diff.iter_all_changes().map(|change| format!("{} {}", change.tag(), change.value().trim_end())).collect()
}

/// `12,345`.
fn grouped(number: usize) -> String {
    let digits = number.to_string();
    let mut text = String::new();
    for (at, digit) in digits.chars().enumerate() {
        if at > 0 && (digits.len() - at).is_multiple_of(3) {
            text.push(',');
        }
        text.push(digit);
    }
    text
}

/// `9.1 million`.
fn rough(number: f64) -> String {
    match number {
        n if n < 1e6 => grouped(n as usize),
        n if n < 1e9 => format!("{:.1} million", n / 1e6),
        n if n < 1e12 => format!("{:.1} billion", n / 1e9),
        n => {
            let exponent = n.log10().floor();
            format!("{:.1} x 10^{exponent}", n / 10f64.powf(exponent))
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_are_said_as_people_say_them() {
        assert_eq!([grouped(7), grouped(1234), grouped(1_234_567)], ["7", "1,234", "1,234,567"]);
        assert_eq!(
            [rough(90.0), rough(9.1e6), rough(2e9), rough(3.2e15)],
            ["90", "9.1 million", "2.0 billion", "3.2 x 10^15"]
        );
    }
}
