//! Values for what only a deployment knows: from the command line, and from SAM's `samconfig.toml`.

use std::collections::BTreeMap;
use std::path::Path;

use indexmap::IndexMap;

use crate::diagnostic::Diagnostic;
use crate::loaded::{GivenKey, LoadedStack, Values, parameter_override, parameter_overrides};
use crate::simulate::scenario::Scenario;
use crate::source::Source;

use super::failure::Failure;

/// Values that a template or a definition leaves open.
#[derive(Debug, Clone, Default, clap::Args)]
pub(super) struct ValueArgs {
    /// Set a parameter of the template [default: `parameter_overrides` of the samconfig.toml beside it, then its `Default`]
    #[arg(long = "parameter", value_name = "NAME=VALUE", value_parser = pair)]
    parameters: Vec<(String, String)>,
    /// Set the value of `${NAME}` in a definition
    #[arg(long = "substitute", value_name = "NAME=VALUE", value_parser = pair)]
    substitutions: Vec<(String, String)>,
    /// The key of a table that is not part of the stack, by attribute names and, if they are not strings, types [default: the key in
    /// the calls of the definitions]
    #[arg(long = "table-key", value_name = "TABLE=PARTITION[:N],SORT[:N]", value_parser = table_key)]
    table_keys: Vec<(String, GivenKey)>,
}

fn table_key(text: &str) -> Result<(String, GivenKey), String> {
    let (name, key) = pair(text)?;
    Ok((name, key.parse()?))
}

fn pair(text: &str) -> Result<(String, String), String> {
    let (name, value) = text.split_once('=').ok_or("expected NAME=VALUE")?;
    if name.is_empty() { Err("expected a name before `=`".to_owned()) } else { Ok((name.to_owned(), value.to_owned())) }
}

impl ValueArgs {
    /// Whether the command line gives none.
    pub(super) fn is_empty(&self) -> bool {
        self.parameters.is_empty() && self.substitutions.is_empty() && self.table_keys.is_empty()
    }

    /// These values, and those of a scenario for what these leave out.
    pub(super) fn over(&self, scenario: &Scenario) -> Self {
        let both = |first: &BTreeMap<String, String>, then: &[(String, String)]| {
            let first = first.iter().map(|(name, value)| (name.clone(), value.clone()));
            first.chain(then.iter().cloned()).collect()
        };
        Self {
            parameters: both(&scenario.parameters, &self.parameters),
            substitutions: both(&scenario.substitutions, &self.substitutions),
            table_keys: self.table_keys.clone(),
        }
    }

    /// The values of parameters: of several for one, the last.
    pub(super) fn parameters(&self) -> BTreeMap<String, String> {
        self.parameters.iter().cloned().collect()
    }

    /// The values of substitutions: of several for one, the last.
    pub(super) fn substitutions(&self) -> BTreeMap<String, String> {
        self.substitutions.iter().cloned().collect()
    }

    /// The stack with these values in it.
    pub(super) fn given(&self, stack: LoadedStack) -> anyhow::Result<LoadedStack> {
        let mut values = Values::default();
        if let Some(template) = &stack.template
            && let Some(document) = stack.documents.get(template.document).filter(|document| document.path.is_file())
        {
            // Of the overrides those count that the template has: a configuration may be for several.
            let declared = |name: &str| template.section("Parameters", name).is_some();
            let path = document.path.with_file_name("samconfig.toml");
            values.parameters = overrides(&path)?.into_iter().filter(|(name, _)| declared(name)).collect();
        }
        values.parameters.extend(self.parameters.iter().cloned());
        values.substitutions.extend(self.substitutions.iter().cloned());
        values.table_keys.extend(self.table_keys.iter().cloned());
        if values == Values::default() {
            return Ok(stack);
        }
        stack.with_values(&values).map_err(|error| Failure::new(Diagnostic::error(error.to_string())).into())
    }
}

/// The parameters that SAM deploys with, in its default environment: those of all commands, then those of `deploy`.
fn overrides(path: &Path) -> Result<IndexMap<String, String>, Failure> {
    let mut found = IndexMap::new();
    if !path.is_file() {
        return Ok(found);
    }
    let source = Source::read(path).map_err(Failure::spec)?;
    let config: toml::Table = source.text.parse().map_err(|error: toml::de::Error| {
        Failure::new(Diagnostic::error(format!("`{}` cannot be read: {}", path.display(), error.message())))
    })?;
    for command in ["global", "deploy"] {
        let parameters = config.get("default").and_then(|environment| environment.get(command)?.get("parameters"));
        match parameters.and_then(|parameters| parameters.get("parameter_overrides")) {
            Some(toml::Value::String(text)) => found.extend(parameter_overrides(text)),
            Some(toml::Value::Array(texts)) => {
                found.extend(texts.iter().filter_map(toml::Value::as_str).filter_map(parameter_override));
            }
            Some(toml::Value::Table(table)) => {
                found.extend(table.iter().map(|(name, value)| {
                    (name.clone(), value.as_str().map_or_else(|| value.to_string(), str::to_owned))
                }))
            }
            _ => {}
        }
    }
    Ok(found)
}
