//! The command line: one file per command, named after it. It contains no knowledge about AWS.
//!
//! Exit codes: 0 success, 1 a check found something, 2 the command could not run.

mod above;
mod app_args;
mod check;
mod completions;
mod cost;
mod diff;
mod explain;
mod explain_path;
mod failure;
mod generate;
mod graph;
mod init;
mod json;
mod lint;
#[cfg(feature = "lsp")]
mod lsp;
mod made_with;
mod man;
mod outcome;
mod output;
mod prove;
mod report;
mod schema;
mod shell;
mod simulate;
mod spec_args;
mod stack_source;
mod template_of;
mod test;
mod values;
mod whole;
mod width;

use std::ffi::OsString;
use std::process::ExitCode;

use clap::{CommandFactory, Parser, Subcommand};

use outcome::Outcome;

/// Generates, lints, simulates, draws and prices AWS stacks in which S3 events start Step Functions workflows that record files in DynamoDB.
#[derive(Debug, Parser)]
#[command(name = "bucketbook", version, propagate_version = true, max_term_width = 100)]
#[command(after_help = "Exit codes: 0 success, 1 findings or differences, 2 the command could not run.")]
struct Cli {
    #[command(subcommand)]
    command: Command,
    /// When to use colours
    #[arg(long, global = true, value_name = "WHEN", default_value_t)]
    color: clap::ColorChoice,
    /// Print only errors and requested output
    #[arg(long, short, global = true)]
    quiet: bool,
}

#[derive(Debug, Subcommand)]
enum Command {
    Init(init::Args),
    Generate(generate::Args),
    Check(check::Args),
    Simulate(simulate::Args),
    Test(test::Args),
    Prove(prove::Args),
    Lint(lint::Args),
    #[cfg(feature = "lsp")]
    Lsp(lsp::Args),
    Graph(graph::Args),
    Report(report::Args),
    Cost(cost::Args),
    Explain(explain::Args),
    Schema(schema::Args),
    Completions(completions::Args),
    Man(man::Args),
}

/// Runs the command that the arguments name, the program's own name first.
pub fn run(arguments: impl IntoIterator<Item = OsString>) -> ExitCode {
    let cli = match Cli::try_parse_from(arguments) {
        Ok(cli) => cli,
        Err(error) => {
            // Help and version come this way too, and are no errors.
            let shown = error.print().is_ok();
            return if error.use_stderr() || !shown { ExitCode::from(2) } else { ExitCode::SUCCESS };
        }
    };
    set_colour(cli.color);
    crate::simulate::set_memory_ceiling(crate::simulate::DEFAULT_MEMORY_CEILING);
    if cli.quiet {
        output::be_quiet();
    }
    match execute(cli.command) {
        Ok(Outcome::Fine) => ExitCode::SUCCESS,
        Ok(Outcome::Findings) => ExitCode::from(1),
        Ok(Outcome::Unable) => ExitCode::from(2),
        Err(error) => {
            failure::report(&error);
            ExitCode::from(2)
        }
    }
}

fn execute(command: Command) -> anyhow::Result<Outcome> {
    match command {
        Command::Init(args) => init::run(&args),
        Command::Generate(args) => generate::run(args),
        Command::Check(args) => check::run(args),
        Command::Simulate(args) => simulate::run(&args),
        Command::Test(args) => test::run(&args),
        Command::Prove(args) => prove::run(&args),
        Command::Lint(args) => lint::run(args),
        #[cfg(feature = "lsp")]
        Command::Lsp(args) => lsp::run(args),
        Command::Graph(args) => graph::run(&args),
        Command::Report(args) => report::run(&args),
        Command::Cost(args) => cost::run(&args),
        Command::Explain(args) => explain::run(&args),
        Command::Schema(args) => schema::run(&args),
        Command::Completions(args) => completions::run(&args, &mut Cli::command()),
        Command::Man(args) => man::run(&args, Cli::command()),
    }
}

fn set_colour(choice: clap::ColorChoice) {
    let choice = match choice {
        clap::ColorChoice::Auto => anstream::ColorChoice::Auto,
        clap::ColorChoice::Always => anstream::ColorChoice::Always,
        clap::ColorChoice::Never => anstream::ColorChoice::Never,
    };
    choice.write_global();
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_command_line_is_sound() {
        Cli::command().debug_assert();
    }
}
