//! The article's stack has eight faults, and `lint` finds each: as it was printed, and with the placeholder replaced.

use std::path::Path;

use bucketbook::diagnostic::Severity;
use bucketbook::lint::{Finding, Selection, lint};
use bucketbook::loaded::load;

use crate::table::Table;

/// A fault: what it is, the rules that may say so, and where.
type Fault = (&'static str, &'static [&'static str], &'static str);

const FAULTS: [Fault; 8] = [
    ("1 a placeholder that nothing replaces", &["ASL001", "CFN407"], ""),
    ("2 a literal that was meant to be a path", &["FLOW107"], "/States/PutObject/Parameters/Item/fileName/S"),
    ("3 no update expression", &["DDB301"], "/States/UpdateObject/Parameters/UpdateExpression"),
    ("4 a key that lacks an attribute", &["DDB307"], "/States/UpdateObject/Parameters/Key"),
    ("5 an update of a key attribute", &["DDB308", "DDB301"], "/States/UpdateObject/Parameters/UpdateExpression"),
    ("6 a list is compared with a number", &["FLOW103"], "/States/ObjectExists/Choices/0"),
    ("7 a policy that nothing needs", &["IAM602"], "/Resources/ObjectCreatedStateMachine/Properties/Policies/0"),
    ("8 a query, then a write", &["REL705"], "/States/PutObject"),
];

pub(crate) fn printed(folder: &str) -> Result<Table, String> {
    faults(folder, &FAULTS)
}

/// Where the placeholder is replaced, that fault is gone.
pub(crate) fn substituted(folder: &str) -> Result<Table, String> {
    faults(folder, &FAULTS[1..])
}

fn faults(folder: &str, faults: &[Fault]) -> Result<Table, String> {
    let mut table = Table::default();
    let stacks = load(&[Path::new(folder).to_owned()]).map_err(|error| error.to_string())?;
    let found: Vec<Finding> =
        lint(stacks, &Selection::default()).into_iter().flat_map(|linted| linted.findings).collect();
    for (what, rules, pointer) in faults {
        let says = |finding: &&Finding| {
            rules.contains(&finding.rule.id.0)
                && finding.place.pointer.starts_with(pointer)
                && finding.severity != Severity::Info
        };
        let explain = (!found.iter().any(|finding| says(&finding))).then(|| "not found".to_owned());
        table.count("fault", "found", what, explain);
    }
    Ok(table)
}
