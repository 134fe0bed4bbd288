//! Which rules count, and how much.

use std::collections::BTreeMap;
use std::path::Path;

use serde::Deserialize;
use thiserror::Error;

use crate::source::{Source, in_plain_words, plain};

use super::rule::LintRule;
use super::rules::all;
use super::run::Linted;

/// The name of the file that settings are read from, in the directory that the command runs in.
const FILE: &str = "bucketbook-lint.toml";

/// What `bucketbook-lint.toml` holds.
#[derive(Debug, Clone, Default, PartialEq, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case", default)]
pub struct Config {
    /// The rules that count, by id or family; if there are none, all that are on by default.
    pub select: Vec<String>,
    /// The rules that do not count, by id or family.
    pub ignore: Vec<String>,
    /// Rules that count in addition to those that are on by default.
    pub extend_select: Vec<String>,
    /// Whether warnings make the command fail.
    pub deny_warnings: bool,
    /// Rules that do not count in files that match a glob pattern.
    pub per_file_ignores: BTreeMap<String, Vec<String>>,
}

/// Why there are no settings.
#[derive(Debug, Error)]
pub enum ConfigError {
    /// The file cannot be read.
    #[error("cannot read `{FILE}`: {0}")]
    Unreadable(String),
    /// It is not TOML, or not settings.
    #[error("`{FILE}` is invalid: {0}")]
    Wrong(String),
}

impl Config {
    /// Reads the settings in a directory; the default where there is no file.
    ///
    /// # Errors
    /// There is a file, and it cannot be read or is not right.
    pub fn read(directory: &Path) -> Result<Self, ConfigError> {
        let path = directory.join(FILE);
        match std::fs::symlink_metadata(&path) {
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => return Ok(Self::default()),
            Err(error) => return Err(ConfigError::Unreadable(plain(&error))),
            Ok(_) => {}
        }
        let source = Source::read(&path).map_err(|(_, fault)| ConfigError::Unreadable(fault.message))?;
        let config: Self = toml::from_str(&source.text).map_err(|error| ConfigError::Wrong(wrong(&source, &error)))?;
        let rules: Vec<String> = config.per_file_ignores.values().flatten().cloned().collect();
        for names in [&config.select, &config.extend_select, &config.ignore, &rules] {
            Selection::new(&[], &[], names).map_err(|error| ConfigError::Wrong(error.to_string()))?;
        }
        Ok(config)
    }
}

/// What is wrong with the settings' text, in a line: where, what, and what may have been meant.
fn wrong(source: &Source, error: &toml::de::Error) -> String {
    let place = error.span().map(|span| format!("{}: ", source.position(span.start))).unwrap_or_default();
    let message = error.message().lines().collect::<Vec<_>>().join(", ");
    let unknown = message.split_once("unknown field `").and_then(|(_, rest)| rest.split_once('`'));
    let near = unknown.and_then(|(key, _)| nearest(key, KEYS.into_iter()));
    let meant = near.map(|key| format!("; did you mean `{key}`?")).unwrap_or_default();
    format!("{place}{}{meant}", in_plain_words(&message))
}

impl Config {
    /// Takes out the findings that `per-file-ignores` is about.
    ///
    /// # Errors
    /// A pattern is no glob pattern.
    pub fn leave_out(&self, linted: &mut [Linted]) -> Result<(), ConfigError> {
        if self.per_file_ignores.is_empty() {
            return Ok(());
        }
        let mut patterns = Vec::new();
        for (pattern, rules) in &self.per_file_ignores {
            let mut builder = ignore::overrides::OverrideBuilder::new(".");
            let built = builder.add(pattern).and_then(|builder| builder.build());
            patterns.push((built.map_err(|error| ConfigError::Wrong(error.to_string()))?, rules));
        }
        for Linted { stack, findings } in linted {
            findings.retain(|finding| {
                let path = &stack.documents[finding.place.document].path;
                !patterns.iter().any(|(pattern, rules)| {
                    pattern.matched(path, false).is_whitelist() && rules.iter().any(|name| matches(finding.rule, name))
                })
            });
        }
        Ok(())
    }
}

/// A rule or family was named that there is not.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
#[error("unknown rule or family `{0}`{near}", near = did_you_mean(.0))]
pub struct UnknownRule(pub String);

/// The rules that are held against stacks.
#[derive(Debug, Clone)]
pub struct Selection {
    rules: Vec<&'static LintRule>,
}

impl Default for Selection {
    fn default() -> Self {
        Self { rules: all().filter(|rule| rule.on).collect() }
    }
}

impl Selection {
    /// The rules of `select` (or, if that is empty, those that are on, and those of `extend`) but those of `ignore`. Each is an
    /// id, the beginning of one such as a family, or `ALL`.
    ///
    /// # Errors
    /// No rule's id begins so.
    pub fn new(select: &[String], extend: &[String], ignore: &[String]) -> Result<Self, UnknownRule> {
        for name in select.iter().chain(extend).chain(ignore) {
            if !all().any(|rule| matches(rule, name)) {
                return Err(UnknownRule(name.clone()));
            }
        }
        let named = |names: &[String], rule: &LintRule| names.iter().any(|name| matches(rule, name));
        let selected = |rule: &&'static LintRule| {
            let on = if select.is_empty() { rule.on } else { named(select, rule) };
            (on || named(extend, rule)) && !named(ignore, rule)
        };
        Ok(Self { rules: all().filter(selected).collect() })
    }

    /// The rules, in the order of their ids.
    pub fn rules(&self) -> impl Iterator<Item = &'static LintRule> {
        self.rules.iter().copied()
    }
}

/// The keys of the settings.
const KEYS: [&str; 5] = ["select", "ignore", "extend-select", "deny-warnings", "per-file-ignores"];

/// The word that is nearest to one that is not right, if any is near.
fn nearest<'w>(wrong: &str, words: impl Iterator<Item = &'w str>) -> Option<&'w str> {
    let far = |word: &str| strsim::damerau_levenshtein(&word.to_uppercase(), &wrong.to_uppercase());
    words.map(|word| (far(word), word)).min().filter(|(far, word)| *far <= word.len() / 3).map(|(_, word)| word)
}

fn did_you_mean(name: &str) -> String {
    let family = |id: &'static str| id.trim_end_matches(|c: char| c.is_ascii_digit());
    let words = all().flat_map(|rule| [rule.id.0, family(rule.id.0)]);
    nearest(name, words).map(|word| format!("; did you mean `{word}`?")).unwrap_or_default()
}

/// Whether a rule is meant by an id, the beginning of one, or `ALL`.
pub(super) fn matches(rule: &LintRule, name: &str) -> bool {
    !name.is_empty() && (name == "ALL" || rule.id.0.starts_with(name))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn ids(select: &[&str], ignore: &[&str]) -> Result<Vec<&'static str>, UnknownRule> {
        let owned = |names: &[&str]| names.iter().map(|name| (*name).to_owned()).collect::<Vec<_>>();
        let selection = Selection::new(&owned(select), &[], &owned(ignore))?;
        Ok(selection.rules().map(|rule| rule.id.0).collect())
    }

    #[test]
    fn rules_are_chosen_by_id_and_family() {
        assert_eq!(ids(&["ASL001"], &[]).unwrap(), ["ASL001"]);
        assert!(ids(&["ASL"], &["ASL001"]).unwrap().iter().all(|id| id.starts_with("ASL") && *id != "ASL001"));
        assert_eq!(ids(&["ALL"], &[]).unwrap().len(), all().count());
        assert_eq!(ids(&["XYZ"], &[]), Err(UnknownRule("XYZ".to_owned())));
    }
}
