//! What is shown of a failed scenario, cut to one screen: a backfill has thousands of items, states and executions.

use std::time::Duration;

use similar::{ChangeTag, TextDiff};

use crate::diagnostic::counted;
use crate::simulate::scenario::{Mismatch, Played};
use crate::simulate::simulation::Finished;

/// The most lines that all differences have together.
const LINES: usize = 32;

/// The lines that each difference may have, however many there are.
const LEAST: usize = 4;

/// How many equal lines a long difference shows around each line that differs.
const AROUND: usize = 2;

/// The most executions that are shown, and the most notes.
const MOST: usize = 10;

/// The most states of an execution that are shown.
const STATES: usize = 24;

/// The most characters of a line.
const WIDTH: usize = 500;

/// How something differs, line by line.
pub(super) struct Difference<'a> {
    /// What differs: `items of FilesTable`.
    pub(super) what: &'a str,
    pub(super) lines: Vec<String>,
}

/// The first differences, and how many there are besides.
pub(super) fn differences(mismatches: &[Mismatch]) -> (Vec<Difference<'_>>, usize) {
    let shown = mismatches.len().min(LINES / LEAST);
    let most = LINES / shown.max(1);
    let told = mismatches[..shown].iter().map(|one| Difference { what: &one.what, lines: difference(one, most) });
    (told.collect(), mismatches.len() - shown)
}

/// The lines of a difference. Where they are many, those far from what differs are left out first.
fn difference(mismatch: &Mismatch, most: usize) -> Vec<String> {
    let lines = |text: &str| format!("{text}\n");
    let (expected, actual) = (lines(&mismatch.expected), lines(&mismatch.actual));
    let diff = TextDiff::configure().timeout(Duration::from_secs(1)).diff_lines(&expected, &actual);
    let changes: Vec<_> = diff.iter_all_changes().collect();
    let is_near = |at: usize| {
        let around = &changes[at.saturating_sub(AROUND)..changes.len().min(at + AROUND + 1)];
        changes.len() <= most || around.iter().any(|change| change.tag() != ChangeTag::Equal)
    };
    let near = changes.iter().enumerate().filter(|(at, _)| is_near(*at));
    let near = near.map(|(_, change)| narrow(format!("{}{}", change.tag(), change.value().trim_end_matches('\n'))));
    let near: Vec<String> = near.collect();
    let equal = changes.len() - near.len();
    let mut told = cut(near, most, "line");
    told.extend((equal > 0).then(|| format!(" ... {} that do not differ", counted(equal, "line"))));
    told
}

/// The states that each execution went through.
pub(super) fn paths(played: &Played) -> Vec<String> {
    let path = |one: &Finished| {
        let states = cut(one.path().map(str::to_owned).collect(), STATES, "state");
        format!("#{} {}: {}", one.number, one.outcome.status(), states.join(" -> "))
    };
    cut(played.executions.iter().map(path).collect(), MOST, "execution")
}

/// What is worth knowing besides.
pub(super) fn notes(played: &Played) -> Vec<String> {
    cut(played.notes.iter().cloned().map(narrow).collect(), MOST, "note")
}

/// The first two thirds and the last third of a list that is too long.
fn cut(mut list: Vec<String>, most: usize, what: &str) -> Vec<String> {
    let Some(left_out) = list.len().checked_sub(most).filter(|left_out| *left_out > 0) else { return list };
    let first = most - most / 3;
    list.splice(first..first + left_out, [format!("... {} ...", counted(left_out, &format!("more {what}")))]);
    list
}

fn narrow(mut line: String) -> String {
    if let Some((at, _)) = line.char_indices().nth(WIDTH) {
        line.truncate(at);
        line.push('…');
    }
    line
}

#[cfg(test)]
mod tests {
    use super::*;

    fn mismatch(what: usize, expected: &str, actual: &str) -> Mismatch {
        Mismatch { what: what.to_string(), expected: expected.to_owned(), actual: actual.to_owned() }
    }

    #[test]
    fn a_short_difference_is_told_in_full() {
        let short = [mismatch(1, "a\nb\nc\nd", "a\nb\nc\ne")];
        let (told, left_out) = differences(&short);
        assert_eq!((told[0].lines.join("|"), left_out), (" a| b| c|-d|+e".to_owned(), 0));
    }

    #[test]
    fn of_a_long_difference_what_differs_is_told() {
        let expected: Vec<String> = (0..10_000).map(|at| format!("- fileName: {at}")).collect();
        let mut actual = expected.clone();
        actual[5_000] = "- fileName: x".to_owned();
        let long = [mismatch(1, &expected.join("\n"), &actual.join("\n"))];
        let (told, _) = differences(&long);
        let lines =
            " - fileName: 4998| - fileName: 4999|-- fileName: 5000|+- fileName: x| - fileName: 5001| - fileName: 5002";
        assert_eq!(told[0].lines.join("|"), format!("{lines}| ... 9995 lines that do not differ"));
    }

    #[test]
    fn many_differences_fit_a_screen() {
        let long = "x\n".repeat(1_000) + &"y".repeat(10_000);
        let many: Vec<Mismatch> = (0..1_000).map(|at| mismatch(at, "no items", &long)).collect();
        let (told, left_out) = differences(&many);
        assert_eq!((told.len(), left_out), (8, 992));
        assert!(told.iter().map(|one| one.lines.len()).sum::<usize>() < 48);
        assert!(told.iter().flat_map(|one| &one.lines).all(|line| line.chars().count() <= WIDTH + 1));
    }

    #[test]
    fn a_list_is_cut_in_its_middle() {
        let list = |count: usize| (0..count).map(|at| at.to_string()).collect::<Vec<_>>();
        assert_eq!(cut(list(6), 6, "state"), list(6));
        assert_eq!(cut(list(8), 6, "state"), ["0", "1", "2", "3", "... 2 more states ...", "6", "7"]);
    }
}
