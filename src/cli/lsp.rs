//! `lsp`: the language server, for editors.

use std::path::PathBuf;

use crate::diagnostic::Diagnostic;
use crate::lsp::{Ended, serve, stdio};

use super::failure::Failure;
use super::outcome::Outcome;

/// Serve an editor: the language server, on the standard input and output
#[derive(Debug, clap::Args)]
#[command(
    after_help = "Exit codes: 0 the editor shut the server down, 1 the editor is gone, 2 its messages are not the Language Server Protocol.\n\n\
    docs/editors.md says how to set up Neovim, Helix, Zed, Emacs, JetBrains, Sublime Text and Visual Studio Code."
)]
pub(super) struct Args {
    /// Leave out the findings that this file lists, from the open folder
    #[arg(long, value_name = "FILE")]
    baseline: Option<PathBuf>,
    /// Talk over the standard input and output, which is the only way there is: some editors ask for it
    #[arg(long, hide = true)]
    stdio: bool,
}

pub(super) fn run(args: Args) -> anyhow::Result<Outcome> {
    let (connection, threads) = stdio();
    if serve(connection, args.baseline) == Ended::Asked {
        threads.join()?;
        return Ok(Outcome::Fine);
    }
    threads.fault().map_err(|error| {
        let help = "start `bucketbook lsp` from an editor; docs/editors.md says how";
        Failure::new(Diagnostic::error(format!("cannot read from the editor: {error}")).help(help))
    })?;
    Ok(Outcome::Findings)
}
