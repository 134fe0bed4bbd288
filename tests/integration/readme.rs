//! The README's tour is what really happens: its commands run here, and their output is compared with what it shows.

use crate::common::Workspace;

/// Stands for any number of lines.
const SOME: &str = "...";

/// The commands of a page, each with the lines that it shows below it.
fn tour(page: &str) -> Vec<(&str, Vec<&str>)> {
    let mut commands: Vec<(&str, Vec<&str>)> = Vec::new();
    let blocks = page.split("\n```console\n").skip(1).filter_map(|rest| Some(rest.split_once("\n```")?.0));
    for line in blocks.flat_map(str::lines) {
        match (line.strip_prefix("$ "), commands.last_mut()) {
            (Some(command), _) => commands.push((command, Vec::new())),
            (None, Some((_, shown))) => shown.push(line),
            (None, None) => panic!("{line:?} stands before every command"),
        }
    }
    commands
}

/// Whether lines are those that are shown.
fn are_shown(lines: &[&str], shown: &[&str]) -> bool {
    match shown.split_first() {
        None => lines.is_empty(),
        Some((&SOME, rest)) => (0..=lines.len()).any(|skipped| are_shown(&lines[skipped..], rest)),
        Some((line, rest)) => lines.first() == Some(line) && are_shown(&lines[1..], rest),
    }
}

#[test]
fn the_tour_is_what_happens() {
    let readme = std::fs::read_to_string("README.md").unwrap();
    let commands = tour(&readme);
    assert!(commands.iter().any(|(command, _)| *command == "bucketbook check"), "{commands:?}");
    let workspace = Workspace::new();
    for (command, shown) in commands {
        let words: Vec<&str> = command.split(' ').collect();
        assert_eq!(words[0], "bucketbook", "{command}");
        let (code, out, err) = workspace.run(&words[1..]);
        assert_eq!(code, 0, "{command}: {err}");
        let mut shown = shown;
        while shown.last().is_some_and(|line| line.is_empty()) {
            shown.pop();
        }
        let lines: Vec<&str> = out.trim_end().lines().map(str::trim_end).collect();
        assert!(are_shown(&lines, &shown), "{command} prints\n{out}\nand the README shows\n{}", shown.join("\n"));
    }
}

#[test]
fn a_difference_is_seen() {
    assert_eq!(tour("# T\n```console\n$ a b\nc\n...\n```\n"), [("a b", vec!["c", "..."])]);
    for (lines, shown, is) in [
        (&["a", "b", "c"][..], &["a", "...", "c"][..], true),
        (&["a", "c"], &["a", "...", "c"], true),
        (&["a", "b"], &["a", "...", "c"], false),
        (&["a", "b"], &["a"], false),
        (&["a"], &["a", "b"], false),
        (&[], &[], true),
    ] {
        assert_eq!(are_shown(lines, shown), is, "{lines:?} {shown:?}");
    }
}
