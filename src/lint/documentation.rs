//! The rules' pages, made of their doc comments.

use std::fmt::Write;

use crate::diagnostic::Severity;

use super::rule::Rule;
use super::rules::{FAMILIES, all};

/// What `bucketbook explain` says of a rule: its page as Markdown.
pub fn explanation(rule: &Rule) -> String {
    let mut text = String::new();
    // Writing to a string cannot fail.
    let _ = writeln!(text, "# {} ({})\n", rule.id, rule.name);
    let _ = writeln!(text, "{}. {}\n", rule.title(), standing(rule));
    text.push_str(&body(rule));
    text
}

/// The page of all rules, `docs/rules.md`.
pub fn page() -> String {
    let mut text =
        "# Rules\n\nWhat `bucketbook lint` looks for, by family. `bucketbook explain ID` says the same of one rule. \
        This page is made from the rules' own comments.\n"
            .to_owned();
    for (family, title) in FAMILIES {
        let rules: Vec<_> = all().filter(|rule| rule.id.family() == *family).collect();
        if rules.is_empty() {
            continue;
        }
        let _ = writeln!(text, "\n## {family}: {title}\n");
        for rule in &rules {
            let _ = writeln!(text, "- [{}](#{}) {}", rule.id, anchor(rule), rule.title());
        }
        for rule in rules {
            let _ = writeln!(text, "\n### {} {}\n\n{}. {}\n", rule.id, rule.name, rule.title(), standing(rule));
            text.push_str(body(rule).replace("\n# ", "\n#### ").replacen("# ", "#### ", 1).trim_end());
            text.push('\n');
        }
    }
    text
}

/// The place of a rule on the page.
pub(super) fn anchor(rule: &Rule) -> String {
    format!("{}-{}", rule.id.0.to_ascii_lowercase(), rule.name)
}

fn standing(rule: &Rule) -> String {
    let severity = match rule.severity {
        Severity::Error => "Error",
        Severity::Warning => "Warning",
        Severity::Info => "Info",
    };
    if rule.on { format!("{severity}.") } else { format!("{severity}; off unless it is selected.") }
}

/// The documentation behind the title, without the space that a doc comment has before each line.
fn body(rule: &Rule) -> String {
    let lines = rule.documentation.lines().skip(1).map(|line| line.strip_prefix(' ').unwrap_or(line));
    let body = lines.collect::<Vec<_>>().join("\n");
    format!("{}\n", body.trim())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_rule_explains_itself() {
        for rule in all() {
            let text = explanation(rule);
            assert!(!rule.title().ends_with('.') && !rule.title().is_empty(), "{}: the title is a phrase", rule.id);
            for section in ["# What it does\n", "# Why is this bad\n", "# Example\n", "# Use instead\n"] {
                assert!(text.contains(section), "{} has no `{}`", rule.id, section.trim());
            }
        }
    }
}
