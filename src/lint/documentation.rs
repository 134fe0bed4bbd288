//! The rules' pages, made of their doc comments.

use std::fmt::Write;

use crate::diagnostic::Severity;

use super::rule::LintRule;
use super::rules::{FAMILIES, all};

/// Where this project's repository is, as `Cargo.toml` says; empty where it says nothing, and then no link is made.
const REPOSITORY: &str = env!("CARGO_PKG_REPOSITORY");

/// The address of a rule's page in the repository, of this very version.
pub(super) fn address(rule: &LintRule) -> Option<String> {
    address_in(REPOSITORY, rule)
}

fn address_in(repository: &str, rule: &LintRule) -> Option<String> {
    let repository = repository.trim_end_matches('/').trim_end_matches(".git");
    let version = env!("CARGO_PKG_VERSION");
    (!repository.is_empty()).then(|| format!("{repository}/blob/v{version}/docs/rules.md#{}", anchor(rule)))
}

/// What `bucketbook explain` says of a rule: its page as Markdown.
pub fn explanation(rule: &LintRule) -> String {
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
        "# Rules\n\nThe rules of `bucketbook lint`, by family. `bucketbook explain ID` prints one of them. This page is generated from the \
        documentation comments in the code.\n"
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
pub(super) fn anchor(rule: &LintRule) -> String {
    format!("{}-{}", rule.id.0.to_ascii_lowercase(), rule.name)
}

fn standing(rule: &LintRule) -> String {
    let severity = match rule.severity {
        Severity::Error => "Error",
        Severity::Warning => "Warning",
        Severity::Info => "Info",
    };
    if rule.on { format!("{severity}.") } else { format!("{severity}; off by default.") }
}

/// The documentation behind the title, without the space that a doc comment has before each line.
fn body(rule: &LintRule) -> String {
    let lines = rule.documentation.lines().skip(1).map(|line| line.strip_prefix(' ').unwrap_or(line));
    let body = lines.collect::<Vec<_>>().join("\n");
    format!("{}\n", body.trim())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_link_is_made_only_where_the_repository_is_known() {
        let rule = all().next().unwrap();
        assert_eq!(address_in("", rule), None);
        let expected =
            format!("https://example.com/a/b/blob/v{}/docs/rules.md#{}", env!("CARGO_PKG_VERSION"), anchor(rule));
        assert_eq!(address_in("https://example.com/a/b.git", rule), Some(expected));
    }

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
