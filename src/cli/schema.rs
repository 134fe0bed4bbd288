use crate::simulate::scenario::Scenario;
use crate::spec::Spec;

use super::outcome::Outcome;
use super::output;

/// Print the JSON Schema of bucketbook.yaml, or of scenarios
#[derive(Debug, clap::Args)]
pub(super) struct Args {
    /// Print the schema of scenarios, which `bucketbook test` runs
    #[arg(long)]
    scenario: bool,
}

pub(super) fn run(args: &Args) -> anyhow::Result<Outcome> {
    output::print(&if args.scenario { Scenario::json_schema() } else { Spec::json_schema() })?;
    Ok(Outcome::Fine)
}
