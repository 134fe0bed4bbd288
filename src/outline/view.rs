use std::collections::HashMap;

use crate::aws::states::{ProcessorMode, QueryLanguage, StateType};
use crate::loaded::{Definition, LoadedMachine, LoadedStack, MachineType, Place, has_placeholder};
use crate::source::{BARE, Node, Pointer};

/// The language in which a state reads its input, as far as it is known.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Language {
    /// Paths and intrinsic functions.
    JsonPath,
    /// Expressions between `{%` and `%}`.
    Jsonata,
    /// A substitution decides, or the field is wrong.
    Unknown,
}

/// What holds states: a definition, a branch, or the processor of a Map.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ScopeKind {
    /// The machine itself.
    Machine,
    /// A branch of a Parallel state.
    Branch,
    /// What a Map state does with each item.
    Processor,
}

/// States that can lead to each other: a machine, a branch, what a Map does with an item.
#[derive(Debug)]
pub struct Scope<'a> {
    /// Which of these it is.
    pub kind: ScopeKind,
    /// Its value: it has `StartAt` and `States`.
    pub node: &'a Node,
    /// Its pointer, below the definition.
    pub pointer: Pointer,
    /// The state that it belongs to, of [`Outline::states`].
    pub owner: Option<usize>,
    /// Its states by name, as indices into [`Outline::states`].
    pub names: HashMap<&'a str, usize>,
    /// Its states in the order of the text.
    pub states: Vec<usize>,
    /// The type of the execution that its states run in: a distributed Map may start Express ones from a Standard one.
    pub machine_type: MachineType,
}

/// A state, wherever it stands in the definition.
#[derive(Debug)]
pub struct StateView<'a> {
    /// The name of the state, the key in `States`.
    pub name: &'a str,
    /// The key that is its name.
    pub key: &'a Node,
    /// The value of the state, as it is written.
    pub node: &'a Node,
    /// Its pointer, below the definition.
    pub pointer: Pointer,
    /// Its `Type`, if that is a text without substitutions.
    pub state_type: Option<&'a str>,
    /// The query language that holds in the state: its own, or the machine's.
    pub language: Language,
    /// The scope that it stands in, of [`Outline::scopes`].
    pub scope: usize,
}

impl<'a> StateView<'a> {
    /// A field of the state, if it is set.
    pub fn get(&self, field: &str) -> Option<&'a Node> {
        self.node.get(field)
    }

    /// The key and value of a field of the state.
    pub fn entry(&self, field: &str) -> Option<&'a (Node, Node)> {
        self.node.entries().iter().find(|(key, _)| key.as_str() == Some(field))
    }

    /// Its type, if there is one of this name.
    pub fn known_type(&self) -> Option<StateType> {
        StateType::of(self.state_type?)
    }

    /// Whether the state is of a type.
    pub fn is(&self, state_type: StateType) -> bool {
        self.known_type() == Some(state_type)
    }

    /// The pointer of a field, below the definition.
    pub fn pointer_to(&self, field: &str) -> Pointer {
        self.pointer.child(field)
    }
}

/// A state machine with its definition laid out: all its states, however deep they stand.
#[derive(Debug)]
pub struct Outline<'a> {
    /// The stack that it is in.
    pub stack: &'a LoadedStack,
    /// The state machine that the definition belongs to.
    pub machine: &'a LoadedMachine,
    /// Its definition.
    pub definition: &'a Definition,
    /// What holds states; the first is the machine itself.
    pub scopes: Vec<Scope<'a>>,
    /// The states: those of the machine, then those within them.
    pub states: Vec<StateView<'a>>,
    /// The query language of states that do not say one themselves. Those within a Map or Parallel state have it too,
    /// whatever that state says.
    pub language: Language,
}

impl<'a> Outline<'a> {
    /// Lays a definition out; `None` for a machine whose definition cannot be read.
    pub fn new(stack: &'a LoadedStack, machine: &'a LoadedMachine) -> Option<Self> {
        let definition = machine.definition.as_ref()?;
        let root: &'a Node = &definition.root;
        let language = language(root).unwrap_or(Language::JsonPath);
        let mut view = Self { stack, machine, definition, scopes: Vec::new(), states: Vec::new(), language };
        view.scope(ScopeKind::Machine, root, Pointer::root(), None, machine.machine_type);
        let mut at = 0;
        while at < view.states.len() {
            view.within(at);
            at += 1;
        }
        Some(view)
    }

    fn scope(&mut self, kind: ScopeKind, node: &'a Node, pointer: Pointer, owner: Option<usize>, of: MachineType) {
        let index = self.scopes.len();
        let mut scope =
            Scope { kind, node, owner, names: HashMap::new(), states: Vec::new(), machine_type: of, pointer };
        let states = node.get("States").map_or(&[][..], Node::entries);
        let states_pointer = scope.pointer.child("States");
        for (key, value) in states {
            let Some(name) = key.as_str() else { continue };
            let state = StateView {
                name,
                key,
                node: value,
                pointer: states_pointer.child(name),
                state_type: value.get("Type").filter(|node| !unknown(node)).and_then(Node::as_str),
                language: language(value).unwrap_or(self.language),
                scope: index,
            };
            scope.names.insert(name, self.states.len());
            scope.states.push(self.states.len());
            self.states.push(state);
        }
        self.scopes.push(scope);
    }

    /// Lays out what stands within a state.
    fn within(&mut self, at: usize) {
        let state = &self.states[at];
        let (node, pointer, of) = (state.node, state.pointer.clone(), self.scopes[state.scope].machine_type);
        if let Some(branches) = node.get("Branches") {
            let pointer = pointer.child("Branches");
            for (index, branch) in branches.items().iter().enumerate() {
                self.scope(ScopeKind::Branch, branch, pointer.index(index), Some(at), of);
            }
        }
        for field in ["ItemProcessor", "Iterator"] {
            if let Some(processor) = node.get(field).filter(|node| !node.entries().is_empty()) {
                let of = child_type(processor, of);
                self.scope(ScopeKind::Processor, processor, pointer.child(field), Some(at), of);
            }
        }
    }

    /// The scope that a state stands in.
    pub fn scope_of(&self, state: &StateView<'_>) -> &Scope<'a> {
        &self.scopes[state.scope]
    }

    /// The place of a value; `pointer` is below the definition.
    pub fn place(&self, pointer: &str, node: &Node) -> Place {
        self.definition.place(pointer, node)
    }

    /// The text that the definition stands in.
    pub fn text(&self) -> &'a str {
        &self.stack.documents[self.definition.document].source.text
    }
}

/// What is not known before the definition is deployed: a substitution stands in it.
pub(crate) fn unknown(node: &Node) -> bool {
    node.tag.as_deref() == Some(BARE) || node.as_str().is_some_and(has_placeholder)
}

fn language(node: &Node) -> Option<Language> {
    let node = node.get("QueryLanguage")?;
    Some(match node.as_str() {
        None => Language::Unknown,
        Some(text) => match QueryLanguage::of(text) {
            Some(QueryLanguage::JsonPath) => Language::JsonPath,
            Some(QueryLanguage::Jsonata) => Language::Jsonata,
            None => Language::Unknown,
        },
    })
}

/// The type of the executions that a Map state runs its items in.
fn child_type(processor: &Node, of: MachineType) -> MachineType {
    let config = processor.get("ProcessorConfig");
    let given = |field: &str| config.and_then(|config| config.get(field));
    let Some(mode) = given("Mode") else { return of };
    match mode.as_str().and_then(ProcessorMode::of) {
        Some(ProcessorMode::Inline) => of,
        Some(ProcessorMode::Distributed) => {
            given("ExecutionType").and_then(Node::as_str).map_or(MachineType::Unknown, MachineType::of)
        }
        None => MachineType::Unknown,
    }
}
