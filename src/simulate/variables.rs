use std::sync::Arc;

use serde_json::{Map, Value};

use crate::asl::Variables;

/// The [variables](https://docs.aws.amazon.com/step-functions/latest/dg/workflow-variables.html) that a state sees: those of
/// its own branch or iteration, and those around it, which it can read and not set.
#[derive(Debug, Clone, Default)]
pub(super) struct VariableScope {
    own: Map<String, Value>,
    outer: Option<Arc<VariableScope>>,
}

impl VariableScope {
    pub(super) fn new(own: Map<String, Value>) -> Self {
        Self { own, outer: None }
    }

    /// What a branch starts with: nothing of its own, and a view of what there is.
    pub(super) fn within(self: &Arc<Self>) -> Self {
        let seen = if self.own.is_empty() { self.outer.clone() } else { Some(Arc::clone(self)) };
        Self { own: Map::new(), outer: seen }
    }

    /// Sets several at once.
    pub(super) fn assign(&mut self, values: Map<String, Value>) {
        self.own.extend(values);
    }

    /// The values of its own branch or iteration.
    pub(super) fn own(&self) -> &Map<String, Value> {
        &self.own
    }
}

impl Variables for VariableScope {
    fn variable(&self, name: &str) -> Option<&Value> {
        let mut scope = self;
        loop {
            if let Some(value) = scope.own.get(name) {
                return Some(value);
            }
            scope = scope.outer.as_ref()?;
        }
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn inner_scopes_read_outer_ones_and_leave_them_alone() {
        let mut outer = VariableScope::default();
        outer.assign(Map::from_iter([("x".to_owned(), json!(1)), ("y".to_owned(), json!(2))]));
        let outer = Arc::new(outer);
        let mut inner = outer.within();
        inner.assign(Map::from_iter([("x".to_owned(), json!(3))]));
        assert_eq!(
            [inner.variable("x"), inner.variable("y"), inner.variable("z")],
            [Some(&json!(3)), Some(&json!(2)), None]
        );
        assert_eq!(outer.variable("x"), Some(&json!(1)));
    }
}
