use serde::Serialize;

use super::{CostReport, FindingReport, MachineReport, PermissionsReport, ScenarioReport};

/// Everything that the page says.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Report {
    /// What the stack is called.
    pub title: String,
    /// What its template says of it.
    pub description: Option<String>,
    /// The files that it is made of, from the template's directory.
    pub files: Vec<String>,
    /// The state machines.
    pub machines: Vec<MachineReport>,
    /// The scenarios.
    pub scenarios: Vec<ScenarioReport>,
    /// Why nothing was run.
    pub not_run: Option<String>,
    /// What `lint` found.
    pub findings: Vec<FindingReport>,
    /// The permissions of the state machines.
    pub permissions: Vec<PermissionsReport>,
    /// What it costs.
    pub cost: Option<CostReport>,
    /// Why that is not known.
    pub no_cost: Option<String>,
    /// The picture of the stack.
    #[serde(skip)]
    pub architecture: String,
}
