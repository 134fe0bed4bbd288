//! What a fault is, and the places of a stack where it can be planted.

use serde_json::{Map, Value};

use super::stack::{Mutant, Stack, all};

/// The families that are counted.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Family {
    Language,
    DataFlow,
    ServiceCalls,
    DynamoDb,
    Resources,
    Events,
    Permissions,
    Advice,
}

impl Family {
    pub(crate) const ALL: [Self; 8] = [
        Self::Language,
        Self::DataFlow,
        Self::ServiceCalls,
        Self::DynamoDb,
        Self::Resources,
        Self::Events,
        Self::Permissions,
        Self::Advice,
    ];

    pub(crate) fn name(self) -> &'static str {
        match self {
            Self::Language => "language",
            Self::DataFlow => "data flow",
            Self::ServiceCalls => "service calls",
            Self::DynamoDb => "DynamoDB",
            Self::Resources => "resources",
            Self::Events => "events",
            Self::Permissions => "permissions",
            Self::Advice => "advice",
        }
    }
}

/// A kind of fault.
pub(crate) struct Operator {
    /// What is done to the stack.
    pub(crate) name: &'static str,
    /// Why that is a fault.
    pub(crate) why: &'static str,
    pub(crate) on: On,
}

/// Where it is planted: each function gives what may stand in the place of what it is given.
pub(crate) enum On {
    /// A state, and whether its language is JSONata.
    State(fn(&Map<String, Value>, bool) -> Vec<Value>),
    /// Any value of a definition, with the key that it stands under.
    Definition(fn(&str, &Value) -> Vec<Value>),
    /// Any value of the template, with its pointer.
    Template(fn(&str, &Value) -> Vec<Value>),
    /// The text of a definition.
    Text(fn(&str) -> Vec<String>),
}

/// The most mutants of one kind in one stack, which are taken evenly from all.
const MOST: usize = 2;

impl Operator {
    /// The stack with this fault in one place at a time.
    pub(crate) fn plant(&self, stack: &Stack) -> Vec<Mutant> {
        let mut planted = Vec::new();
        match self.on {
            On::Template(edit) => {
                for (pointer, _, value) in all(&stack.template) {
                    for value in edit(&pointer, value) {
                        let mut stack = stack.clone();
                        *stack.template.pointer_mut(&pointer).unwrap() = value;
                        planted.push(stack.mutant(format!("template{pointer}")));
                    }
                }
            }
            On::Text(edit) => {
                for (at, (path, definition)) in stack.definitions.iter().enumerate() {
                    for text in edit(&serde_json::to_string_pretty(definition).unwrap()) {
                        let mut mutant = stack.mutant(path.clone());
                        mutant.definitions[at].1 = text;
                        planted.push(mutant);
                    }
                }
            }
            On::Definition(edit) => in_definitions(stack, &mut planted, |_, _, key, value| edit(key, value)),
            On::State(edit) => in_definitions(stack, &mut planted, |root, pointer, _, value| {
                let above = pointer.rsplit_once('/').map(|(above, _)| above).unwrap_or_default();
                match value.as_object().filter(|state| above.ends_with("/States") && state.contains_key("Type")) {
                    Some(state) => edit(state, jsonata(root, state)),
                    None => Vec::new(),
                }
            }),
        }
        let step = planted.len().div_ceil(MOST).max(1);
        planted.into_iter().step_by(step).collect()
    }
}

fn in_definitions(stack: &Stack, planted: &mut Vec<Mutant>, edit: impl Fn(&Value, &str, &str, &Value) -> Vec<Value>) {
    for (at, (path, definition)) in stack.definitions.iter().enumerate() {
        for (pointer, key, value) in all(definition) {
            for value in edit(definition, &pointer, &key, value) {
                let mut stack = stack.clone();
                *stack.definitions[at].1.pointer_mut(&pointer).unwrap() = value;
                planted.push(stack.mutant(format!("{path}#{pointer}")));
            }
        }
    }
}

fn jsonata(root: &Value, state: &Map<String, Value>) -> bool {
    let of = |value: Option<&Value>| value.and_then(Value::as_str).map(|language| language == "JSONata");
    of(state.get("QueryLanguage")).or(of(root.get("QueryLanguage"))).unwrap_or(false)
}
