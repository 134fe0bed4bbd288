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

/// A fault, with its place in a stack.
enum Fault {
    /// Another value in the template.
    Template { pointer: String, value: Value },
    /// Another value in a definition, which is named by its number.
    Definition { at: usize, pointer: String, value: Value },
    /// Another text of a definition.
    Text { at: usize, text: String },
}

impl Operator {
    /// The stack with this fault in one place at a time.
    pub(crate) fn plant(&self, stack: &Stack) -> Vec<Mutant> {
        let faults = self.faults(stack);
        // A stack has hundreds of places: only the chosen ones are written out.
        let step = faults.len().div_ceil(MOST).max(1);
        faults.into_iter().step_by(step).map(|fault| fault.in_stack(stack)).collect()
    }

    fn faults(&self, stack: &Stack) -> Vec<Fault> {
        let mut faults = Vec::new();
        match self.on {
            On::Template(edit) => {
                for (pointer, _, value) in all(&stack.template) {
                    let values = edit(&pointer, value).into_iter();
                    faults.extend(values.map(|value| Fault::Template { pointer: pointer.clone(), value }));
                }
            }
            On::Text(edit) => {
                for (at, (_, definition)) in stack.definitions.iter().enumerate() {
                    let texts = edit(&serde_json::to_string_pretty(definition).unwrap()).into_iter();
                    faults.extend(texts.map(|text| Fault::Text { at, text }));
                }
            }
            On::Definition(edit) => in_definitions(stack, &mut faults, |_, _, key, value| edit(key, value)),
            On::State(edit) => in_definitions(stack, &mut faults, |root, pointer, _, value| {
                let above = pointer.rsplit_once('/').map(|(above, _)| above).unwrap_or_default();
                match value.as_object().filter(|state| above.ends_with("/States") && state.contains_key("Type")) {
                    Some(state) => edit(state, jsonata(root, state)),
                    None => Vec::new(),
                }
            }),
        }
        faults
    }
}

impl Fault {
    fn in_stack(self, stack: &Stack) -> Mutant {
        let mut changed = stack.clone();
        match self {
            Self::Template { pointer, value } => {
                *changed.template.pointer_mut(&pointer).unwrap() = value;
                changed.mutant(format!("template{pointer}"))
            }
            Self::Definition { at, pointer, value } => {
                let place = format!("{}#{pointer}", stack.definitions[at].0);
                *changed.definitions[at].1.pointer_mut(&pointer).unwrap() = value;
                changed.mutant(place)
            }
            Self::Text { at, text } => {
                let mut mutant = stack.mutant(stack.definitions[at].0.clone());
                mutant.definitions[at].1 = text;
                mutant
            }
        }
    }
}

fn in_definitions(stack: &Stack, faults: &mut Vec<Fault>, edit: impl Fn(&Value, &str, &str, &Value) -> Vec<Value>) {
    for (at, (_, definition)) in stack.definitions.iter().enumerate() {
        for (pointer, key, value) in all(definition) {
            let values = edit(definition, &pointer, &key, value).into_iter();
            faults.extend(values.map(|value| Fault::Definition { at, pointer: pointer.clone(), value }));
        }
    }
}

fn jsonata(root: &Value, state: &Map<String, Value>) -> bool {
    let of = |value: Option<&Value>| value.and_then(Value::as_str).map(|language| language == "JSONata");
    of(state.get("QueryLanguage")).or(of(root.get("QueryLanguage"))).unwrap_or(false)
}
