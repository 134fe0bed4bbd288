use anyhow::Context;

use crate::diagnostic::Diagnostic;

use super::failure::Failure;
use super::{Outcome, output};

/// Print a manual page: this program's, or a command's
#[derive(Debug, clap::Args)]
pub(super) struct Args {
    /// The command
    #[arg(value_name = "COMMAND")]
    command: Option<String>,
}

pub(super) fn run(args: &Args) -> anyhow::Result<Outcome> {
    let mut root = super::command();
    root.build();
    let page = match &args.command {
        None => root,
        Some(name) => match root.find_subcommand(name) {
            Some(command) => command.clone(),
            None => {
                let diagnostic = Diagnostic::error(format!("there is no command `{name}`"));
                return Err(Failure::new(diagnostic.help("`bucketbook help` lists the commands")).into());
            }
        },
    };
    let mut text = Vec::new();
    clap_mangen::Man::new(page).render(&mut text).context("cannot write the manual page")?;
    output::print(&String::from_utf8_lossy(&text))?;
    Ok(Outcome::Fine)
}
