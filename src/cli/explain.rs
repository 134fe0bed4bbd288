use std::ffi::OsStr;
use std::fmt::Write;

use clap::builder::{PossibleValue, StringValueParser, TypedValueParser};
use clap::{Arg, Command};

use crate::diagnostic::Diagnostic;
use crate::lint::{all, explanation, find};

use super::failure::Failure;
use super::outcome::Outcome;
use super::output;

/// Explain a lint rule, with an example that fails and one that passes
#[derive(Debug, clap::Args)]
pub(super) struct Args {
    /// The rule's id, such as `ASL012`; without it, list all rules
    #[arg(value_name = "ID", value_parser = RuleId, hide_possible_values = true)]
    id: Option<String>,
}

/// Takes any text, and completes the ids of rules.
#[derive(Debug, Clone, Copy)]
struct RuleId;

impl TypedValueParser for RuleId {
    type Value = String;

    fn parse_ref(&self, command: &Command, argument: Option<&Arg>, value: &OsStr) -> Result<String, clap::Error> {
        StringValueParser::new().parse_ref(command, argument, value)
    }

    fn possible_values(&self) -> Option<Box<dyn Iterator<Item = PossibleValue> + '_>> {
        Some(Box::new(all().map(|rule| PossibleValue::new(rule.id.0))))
    }
}

/// The rules whose ids begin as this does; else where all are listed.
fn meant(id: &str) -> String {
    let begins = |rule: &&str| !id.is_empty() && rule.starts_with(&id.to_ascii_uppercase());
    let near: Vec<String> =
        all().map(|rule| rule.id.0).filter(begins).take(8).map(|rule| format!("`{rule}`")).collect();
    match near.as_slice() {
        [] => "`bucketbook explain` lists the rules".to_owned(),
        [only] => format!("did you mean {only}?"),
        several => format!("did you mean one of {}? `bucketbook explain` lists the rules", several.join(", ")),
    }
}

pub(super) fn run(args: &Args) -> anyhow::Result<Outcome> {
    let Some(id) = &args.id else {
        let mut text = String::new();
        for rule in all() {
            // Writing to a string cannot fail.
            let _ = writeln!(text, "{:<8} {}", rule.id.0, rule.title());
        }
        output::print(&text)?;
        return Ok(Outcome::Fine);
    };
    let rule = find(id).ok_or_else(|| {
        let shown: String = id.chars().take(40).collect();
        Failure::new(Diagnostic::error(format!("there is no rule `{shown}`")).help(meant(id)))
    })?;
    output::print(&explanation(rule))?;
    Ok(Outcome::Fine)
}
