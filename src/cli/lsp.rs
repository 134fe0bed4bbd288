//! `lsp`: the language server, for editors.

use std::path::PathBuf;

use lsp_server::Connection;

use crate::lsp::{Ended, serve};

use super::Outcome;

/// Serve an editor: the language server, on the standard input and output
#[derive(Debug, clap::Args)]
#[command(
    after_help = "Exit codes: 0 the editor ended the server, 1 it is gone, 2 the server could not be started.\n\n\
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
    let (connection, threads) = Connection::stdio();
    let ended = serve(connection, args.baseline);
    // The reader waits for the client, which is gone where nobody asked the server to end.
    if ended == Ended::Asked {
        threads.join()?;
    }
    Ok(if ended == Ended::Asked { Outcome::Fine } else { Outcome::Findings })
}
