//! Values that somebody gives for what only a deployment knows.

use indexmap::IndexMap;
use serde_json::Value;
use thiserror::Error;

use super::resolve::Assumed;
use super::{GivenKey, LoadFault, LoadedMachine, LoadedStack, Overlay, Substitution};

/// Values of parameters and substitutions.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Values {
    /// The values of the template's parameters.
    pub parameters: IndexMap<String, String>,
    /// What is put in for a `${Name}` of a definition, and for imports and attributes by their names.
    pub substitutions: IndexMap<String, String>,
    /// The keys of tables that are not part of the stack.
    pub table_keys: IndexMap<String, GivenKey>,
}

/// A value is given for something that is not there.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
pub enum ValueError {
    /// The template has no such parameter.
    #[error("the template has no parameter `{name}`{}", listed(known))]
    NoParameter {
        /// The name.
        name: String,
        /// The parameters that there are.
        known: Vec<String>,
    },
    /// The template itself declares a table whose key is given.
    #[error("the stack creates the table `{name}`, so its key is known already")]
    OwnTable {
        /// Its name.
        name: String,
    },
    /// No definition has such a placeholder.
    #[error("no definition has `${{{name}}}`{}", listed(known))]
    NoSubstitution {
        /// The name.
        name: String,
        /// The names that there are.
        known: Vec<String>,
    },
}

fn listed(known: &[String]) -> String {
    if known.is_empty() { String::new() } else { format!("; there are {}", known.join(", ")) }
}

impl LoadedStack {
    /// The same stack with these values in place of what was assumed.
    ///
    /// # Errors
    /// There is no such parameter or placeholder, or the stack declares the table.
    pub fn with_values(mut self, values: &Values) -> Result<Self, ValueError> {
        if let Some(root) = self.template.as_ref().map(|template| template.root.clone())
            && !values.parameters.is_empty()
        {
            let declared = root.get("Parameters").map_or(&[][..], crate::source::Node::entries);
            let known: Vec<String> = declared.iter().filter_map(|(name, _)| name.as_str().map(str::to_owned)).collect();
            if let Some(name) = values.parameters.keys().find(|name| !known.contains(name)) {
                return Err(ValueError::NoParameter { name: name.clone(), known });
            }
            let before = std::mem::take(&mut self.faults);
            // Its files are read already.
            self.read_template(root, values.parameters.clone(), &Overlay::default());
            // What could not be read the first time cannot be read again.
            let again = |fault: &LoadFault| !before.contains(fault);
            let new: Vec<LoadFault> = self.faults.drain(..).filter(again).collect();
            self.faults = before.into_iter().chain(new).collect();
        } else if let Some(name) = values.parameters.keys().next() {
            return Err(ValueError::NoParameter { name: name.clone(), known: Vec::new() });
        }
        if let Some(name) = values.table_keys.keys().find(|name| self.tables.iter().any(|own| own.name == **name)) {
            return Err(ValueError::OwnTable { name: name.clone() });
        }
        self.table_keys.extend(values.table_keys.clone());
        for (name, text) in &values.substitutions {
            let used = self.machines.iter_mut().map(|machine| machine.substitute(name, text));
            if used.filter(|used| *used).count() == 0 {
                let known = self.machines.iter().flat_map(LoadedMachine::asked).collect();
                return Err(ValueError::NoSubstitution { name: name.clone(), known });
            }
        }
        Ok(self)
    }
}

impl LoadedMachine {
    /// Puts a text in for a name, wherever the definition has it; `false` if it does not.
    fn substitute(&mut self, name: &str, given: &str) -> bool {
        let is_it = |assumed: &Assumed| matches!(assumed, Assumed::Missing(asked) | Assumed::Unknown(asked) | Assumed::Parameter(asked) if asked == name);
        let mut used = false;
        for (key, substitution) in &mut self.substitutions {
            if key == name || substitution.assumed.iter().any(is_it) {
                // A function in the definition gives a number as one; a text in quotes stays a text.
                let number =
                    serde_json::from_str::<Value>(given).ok().filter(|value| value.is_number() || value.is_boolean());
                let value = number.filter(|_| substitution.given.is_none() && !substitution.value.is_string());
                substitution.value = value.unwrap_or_else(|| given.into());
                substitution.assumed.clear();
                used = true;
            }
        }
        if !used && self.asked().iter().any(|asked| asked == name) {
            let substitution = Substitution { value: given.into(), ..Substitution::default() };
            self.substitutions.insert(name.to_owned(), substitution);
            used = true;
        }
        used
    }

    /// The names of the values that the definition has, and that only a deployment says.
    fn asked(&self) -> Vec<String> {
        let Some((_, unknowns)) = self.open_definition() else { return Vec::new() };
        let mut names: Vec<String> = unknowns.within("").map(|unknown| unknown.name.clone()).collect();
        names.sort();
        names.dedup();
        names
    }
}

/// The parameters of SAM's [`parameter_overrides`](https://docs.aws.amazon.com/serverless-application-model/latest/developerguide/serverless-sam-cli-config.html)
/// as one text: `Name=value Other="two words"`, or `ParameterKey=Name,ParameterValue=value`.
pub fn parameter_overrides(text: &str) -> IndexMap<String, String> {
    words(text).iter().filter_map(|word| parameter_override(word)).collect()
}

/// One parameter of them.
pub fn parameter_override(word: &str) -> Option<(String, String)> {
    let (name, value) = match word.strip_prefix("ParameterKey=") {
        Some(rest) => rest.split_once(",ParameterValue=")?,
        None => word.split_once('=')?,
    };
    Some((name.trim().to_owned(), value.to_owned()))
}

/// The words of a text, as a shell takes them apart.
fn words(text: &str) -> Vec<String> {
    let (mut words, mut word, mut quote, mut begun) = (Vec::new(), String::new(), None, false);
    let mut chars = text.chars();
    while let Some(c) = chars.next() {
        match (c, quote) {
            ('\\', None | Some('"')) => word.extend(chars.next()),
            (c, Some(open)) if c == open => quote = None,
            (c, Some(_)) => word.push(c),
            ('"' | '\'', None) => (quote, begun) = (Some(c), true),
            (c, None) if c.is_whitespace() => {
                if begun || !word.is_empty() {
                    words.push(std::mem::take(&mut word));
                }
                begun = false;
            }
            (c, None) => word.push(c),
        }
    }
    if begun || !word.is_empty() {
        words.push(word);
    }
    words
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_key_is_read_as_it_is_shown() {
        for text in ["fileName", "pk,sk:N", "a:N,b:B"] {
            assert_eq!(text.parse::<GivenKey>().unwrap().to_string(), text);
        }
        for wrong in ["", "a,", "a:X", "a,b,c", ":S"] {
            assert!(wrong.parse::<GivenKey>().is_err(), "{wrong}");
        }
    }

    #[test]
    fn overrides_are_taken_apart_as_a_shell_does() {
        let text = r#"Stage=prod Name="two words" ParameterKey=Key,ParameterValue=a=b Empty='' Quote=\""#;
        let pairs: Vec<(String, String)> = parameter_overrides(text).into_iter().collect();
        let pairs: Vec<(&str, &str)> = pairs.iter().map(|(name, value)| (name.as_str(), value.as_str())).collect();
        assert_eq!(pairs, [("Stage", "prod"), ("Name", "two words"), ("Key", "a=b"), ("Empty", ""), ("Quote", "\"")]);
    }
}
