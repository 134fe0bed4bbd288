use std::fmt::Write;

use crate::diagnostic::Diagnostic;
use crate::lint::{all, explanation, find};

use super::failure::Failure;
use super::{Outcome, output};

/// What a lint rule means, with an example that fails and one that passes
#[derive(Debug, clap::Args)]
pub(super) struct Args {
    /// The rule's id, such as `ASL012`; without one, all rules are listed
    #[arg(value_name = "ID")]
    id: Option<String>,
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
        Failure::new(
            Diagnostic::error(format!("there is no rule `{shown}`")).help("`bucketbook explain` lists the rules"),
        )
    })?;
    output::print(&explanation(rule))?;
    Ok(Outcome::Fine)
}
