use serde_json::{Map, Value};

use super::{JsonPath, PathFault, Root, Selected};

/// Variables, by name.
pub trait Variables {
    /// The value of one that is visible.
    fn variable(&self, name: &str) -> Option<&Value>;
}

/// No variables at all.
#[derive(Debug, Clone, Copy, Default)]
pub struct NoVariables;

impl Variables for NoVariables {
    fn variable(&self, _: &str) -> Option<&Value> {
        None
    }
}

impl Variables for Map<String, Value> {
    fn variable(&self, name: &str) -> Option<&Value> {
        self.get(name)
    }
}

/// What paths are evaluated in.
#[derive(Clone, Copy)]
pub struct Scope<'a> {
    /// What `$` means.
    pub input: &'a Value,
    /// What `$$` means.
    pub context: &'a Value,
    /// What `$name` means.
    pub variables: &'a dyn Variables,
}

impl<'a> Scope<'a> {
    /// The same, with another input: what a `ResultSelector` or a catcher is evaluated in.
    pub fn with_input(self, input: &'a Value) -> Self {
        Self { input, ..self }
    }

    /// What a path's root means.
    pub fn root(&self, path: &JsonPath) -> Option<&'a Value> {
        match path.root() {
            Root::Input => Some(self.input),
            Root::Context => Some(self.context),
            Root::Variable(name) => self.variables.variable(name),
        }
    }

    /// What a path selects.
    ///
    /// # Errors
    ///
    /// A definite path that leads nowhere, or a variable that is not there.
    pub fn select(&self, path: &JsonPath) -> Result<Selected<'a>, PathFault> {
        let root = self.root(path).ok_or_else(|| PathFault::new(format!("No results for path: {}", path.source())))?;
        path.evaluate(root)
    }
}
