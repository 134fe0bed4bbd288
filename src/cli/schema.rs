use crate::spec::Spec;

use super::{Outcome, output};

/// Print the JSON Schema of bucketbook.yaml
#[derive(Debug, clap::Args)]
pub(super) struct Args {}

pub(super) fn run() -> anyhow::Result<Outcome> {
    output::print(&Spec::json_schema())?;
    Ok(Outcome::Fine)
}
