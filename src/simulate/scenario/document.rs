use std::path::Path;

use super::Scenario;
use crate::source::{self, Fault, Source};

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
        let scenario = source::parse(&source).and_then(|root| {
            let root = root.ok_or_else(|| {
                Fault::new("the scenario is empty")
                    .help("a scenario has `when`, what happens, and `then`, what comes of it")
            })?;
            if root.get("when").is_none_or(|when| when.items().is_empty()) {
                return Err(Fault::new("nothing happens in this scenario")
                    .at(root.span)
                    .help("say what does in `when`"));
            }
            source::from_node(&root)
        });
        match scenario {
            Ok(scenario) => Ok(Self { scenario, source }),
            Err(fault) => Err((source, fault)),
        }
    }
}
