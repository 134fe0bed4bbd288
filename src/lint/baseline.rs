//! What was wrong before, and is let be.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use super::finding::Finding;
use super::run::Linted;
use crate::source::{Fault, Limits, Source, from_node, parse_json};

/// Findings that are known and not reported. They are known by rule, file, pointer and message, and not by line, so that
/// lines may move.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Baseline {
    /// The form of the file.
    version: u32,
    /// The findings, and how many there are of each.
    findings: Vec<Known>,
}

#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Known {
    rule: String,
    file: String,
    pointer: String,
    message: String,
    count: usize,
}

impl Baseline {
    /// The baseline of all that was found.
    pub fn of(linted: &[Linted]) -> Self {
        let mut counts: BTreeMap<Known, usize> = BTreeMap::new();
        for Linted { stack, findings } in linted {
            for finding in findings {
                let file = &stack.documents[finding.place.document].source.name;
                *counts.entry(known(finding, file)).or_default() += 1;
            }
        }
        let findings = counts.into_iter().map(|(known, count)| Known { count, ..known }).collect();
        Self { version: 1, findings }
    }

    /// Reads what [`Baseline::text`] gave.
    ///
    /// # Errors
    /// It is something else. The fault has the place.
    pub fn parse(source: &Source) -> Result<Self, Fault> {
        let help = "`bucketbook lint --write-baseline FILE` writes a baseline";
        let parsed = parse_json(&source.text, Limits::TEMPLATE);
        if let Some(fault) = parsed.faults.into_iter().next() {
            return Err(fault.help(help));
        }
        let root = parsed.root.ok_or_else(|| Fault::new("the baseline is empty").help(help))?;
        let baseline: Self =
            from_node(&root).map_err(|fault| Fault { help: fault.help.or_else(|| Some(help.to_owned())), ..fault })?;
        if baseline.version == 1 {
            return Ok(baseline);
        }
        Err(Fault::new(format!("the baseline has version {}, expected version 1", baseline.version)).help(help))
    }

    /// The baseline as the text of a file.
    pub fn text(&self) -> String {
        serde_json::to_string_pretty(self).map_or_else(|_| String::new(), |text| text + "\n")
    }

    /// Whether a file begins as a baseline does.
    pub fn is_one(top: &[u8]) -> bool {
        let top: String = String::from_utf8_lossy(top).chars().filter(|c| !c.is_whitespace()).take(40).collect();
        top.starts_with("{\"version\":1,\"findings\":[")
    }

    /// Takes out what is known. Where there is more of it than there was, the later ones stay.
    pub fn subtract(&self, linted: &mut [Linted]) {
        let mut left: BTreeMap<Known, usize> =
            self.findings.iter().map(|known| (Known { count: 0, ..known.clone() }, known.count)).collect();
        for Linted { stack, findings } in linted {
            findings.retain(|finding| {
                let file = &stack.documents[finding.place.document].source.name;
                match left.get_mut(&known(finding, file)) {
                    Some(count) if *count > 0 => {
                        *count -= 1;
                        false
                    }
                    _ => true,
                }
            });
        }
    }
}

fn known(finding: &Finding, file: &str) -> Known {
    Known {
        rule: finding.rule.id.0.to_owned(),
        file: file.replace('\\', "/"),
        pointer: finding.place.pointer.clone(),
        message: finding.message.clone(),
        count: 0,
    }
}
