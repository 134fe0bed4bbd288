use std::path::Path;

use super::Scenario;
use crate::source::{self, Fault, Node, Source};

/// A scenario and the text that it was read from.
#[derive(Debug, Clone)]
pub struct ScenarioDocument {
    /// The scenario.
    pub scenario: Scenario,
    /// Its text.
    pub source: Source,
}

impl ScenarioDocument {
    /// Reads the scenario in a file.
    ///
    /// # Errors
    /// The file cannot be read, or is no scenario.
    pub fn read(path: &Path) -> Result<Self, (Source, Fault)> {
        Self::parse(Source::read(path)?)
    }

    /// Reads the scenario in a text.
    ///
    /// # Errors
    /// The text is no YAML, or no scenario: the fault has the place.
    pub fn parse(source: Source) -> Result<Self, (Source, Fault)> {
        match root(&source).and_then(|root| scenario(&root)) {
            Ok(scenario) => Ok(Self { scenario, source }),
            Err(fault) => Err((source, fault)),
        }
    }

    /// Reads the scenario in a file, and gives all that is wrong with it, in the order of the text.
    ///
    /// # Errors
    /// The same as of [`read`](Self::read).
    pub fn read_all(path: &Path) -> Result<Self, (Source, Vec<Fault>)> {
        Self::parse_all(Source::read(path).map_err(|(source, fault)| (source, vec![fault]))?)
    }

    /// Reads the scenario in a text, and gives all that is wrong with it, in the order of the text.
    ///
    /// # Errors
    /// The same as of [`parse`](Self::parse).
    pub fn parse_all(source: Source) -> Result<Self, (Source, Vec<Fault>)> {
        Self::parse(source).map_err(|(source, first)| {
            let faults = match root(&source) {
                Ok(root) => source::all_faults(root, |root| scenario(root).map(drop)),
                Err(_) => vec![first],
            };
            (source, faults)
        })
    }
}

fn root(source: &Source) -> Result<Node, Fault> {
    source::parse(source)?.ok_or_else(|| {
        Fault::new("the scenario is empty")
            .help("a scenario needs `when` (what happens) and `then` (the expected result)")
    })
}

fn scenario(root: &Node) -> Result<Scenario, Fault> {
    let scenario = source::from_node(root)?;
    if root.get("when").is_none_or(|when| when.items().is_empty()) {
        let fault = Fault::new("this scenario has no events").at(root.span);
        return Err(fault.help("add them under `when`"));
    }
    Ok(scenario)
}
