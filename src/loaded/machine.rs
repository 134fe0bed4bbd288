use std::sync::Arc;

use indexmap::IndexMap;
use serde_json::Value;

use crate::asl::program::{Program, ProgramFault, Unknowns};
use crate::aws::ResourceType;
use crate::aws::states::WorkflowType;
use crate::source::{Node, Pointer};

use super::definition::{Definition, DefinitionSource, Definitions, Substituting, Substitution};
use super::intrinsic::Call;
use super::resolve::Resolver;
use super::template::{LoadedTemplate, Resource};
use super::{Document, Joined, LoadFault, Overlay, Place, stand_in};
use crate::source::below;

/// The type of a workflow, as far as it is known.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum MachineType {
    /// `STANDARD`, which is the default.
    Standard,
    /// `EXPRESS`.
    Express,
    /// The definition stands alone, or a parameter of the template decides.
    #[default]
    Unknown,
}

impl MachineType {
    /// The type that is spelled so.
    pub fn of(text: &str) -> Self {
        match WorkflowType::of(text) {
            Some(WorkflowType::Standard) => Self::Standard,
            Some(WorkflowType::Express) => Self::Express,
            None => Self::Unknown,
        }
    }
}

/// A state machine: a resource of a template, or a definition on its own.
#[derive(Debug, Clone, Default)]
pub struct LoadedMachine {
    /// Its logical id; `None` for a definition on its own.
    pub logical_id: Option<String>,
    /// The name of the state machine, as far as it is known before the deployment.
    pub name: String,
    /// Its ARN.
    pub arn: String,
    /// Whether it is a Standard or an Express workflow, if that is known.
    pub machine_type: MachineType,
    /// Where it is declared; `None` for a definition on its own.
    pub place: Option<Place>,
    /// Its definition; `None` if that cannot be read, or only AWS will know it.
    pub definition: Option<Definition>,
    /// What is put in for each `${Name}`: first those that `DefinitionSubstitutions` gives.
    pub substitutions: IndexMap<String, Substitution>,
    /// Whether `DefinitionSubstitutions` is known in full: it is not if a function makes it.
    pub substitutions_known: bool,
    /// The logical id of its role, if the template declares that.
    pub role: Option<String>,
}

impl LoadedMachine {
    pub(super) fn alone(root: Arc<Node>) -> Self {
        let definition = Definition { source: DefinitionSource::File, document: 0, pointer: String::new(), root };
        let name = "StateMachine".to_owned();
        let arn = stand_in::resource_arn(ResourceType::StepFunctionsStateMachine.as_str(), &name);
        Self { name, arn, definition: Some(definition), ..Self::default() }
    }

    /// The definition with its substitutions made; `None` if it cannot be read. A `${Name}` that is not given stays.
    pub fn definition(&self) -> Option<Value> {
        self.substituted(false).map(|(definition, _)| definition)
    }

    /// The definition as a program, in which what only a deployment says is unknown; `None` if it cannot be read.
    pub fn program(&self) -> Option<Result<Program, Vec<ProgramFault>>> {
        let (definition, unknowns) = self.substituted(false)?;
        Some(Program::read_open(&definition, unknowns))
    }

    /// The definition, in which all that a deployment may decide stays a `${Name}`, and where that is.
    pub fn open_definition(&self) -> Option<(Value, Unknowns)> {
        self.substituted(true)
    }

    fn substituted(&self, open: bool) -> Option<(Value, Unknowns)> {
        let definition = self.definition.as_ref()?;
        let more = self.place.is_none() || !self.substitutions_known;
        let unknowns = Unknowns::default();
        let mut substituting = Substituting { substitutions: &self.substitutions, more, open, unknowns };
        let value = substituting.value(&definition.root, &Pointer::root());
        Some((value, substituting.unknowns))
    }
}

/// What reading a template adds to its stack, and where its files are read.
pub(super) struct Reading<'a> {
    pub(super) documents: &'a mut Vec<Document>,
    pub(super) faults: &'a mut Vec<LoadFault>,
    pub(super) overlay: &'a Overlay,
    pub(super) joined: Option<&'a Joined>,
}

pub(super) fn machines(template: &LoadedTemplate, resolver: &Resolver<'_>, reading: Reading<'_>) -> Vec<LoadedMachine> {
    let Reading { documents, faults, overlay, joined } = reading;
    let mut definitions = Definitions { resolver, resources: &template.resources, documents, faults, overlay, joined };
    let machines = template.resources.values().filter(|resource| resource.is_one_of(&ResourceType::STATE_MACHINES));
    machines.map(|resource| machine(template, resolver, &mut definitions, resource)).collect()
}

fn machine(
    template: &LoadedTemplate,
    resolver: &Resolver<'_>,
    definitions: &mut Definitions<'_, '_>,
    resource: &Resource,
) -> LoadedMachine {
    let id = &resource.logical_id;
    let mut machine = LoadedMachine {
        logical_id: Some(id.clone()),
        name: resolver.physical_name(id),
        arn: resolver.arn(id),
        machine_type: MachineType::Standard,
        place: Some(resource.place.clone()),
        substitutions_known: true,
        ..LoadedMachine::default()
    };
    let Some(properties) = template.properties(id) else { return machine };
    machine.machine_type = machine_type(properties);
    machine.role = role(template, properties, id, &resource.resource_type);
    if let Some(given) = properties.get("DefinitionSubstitutions") {
        let place = |name: &str, node: &Node| template.place(id, &below("/DefinitionSubstitutions", name), node);
        machine.substitutions = definitions.given(given, place);
        machine.substitutions_known = Call::of(given).is_none();
    }
    let place = |property: &str, node: &Node| template.place(id, &format!("/{property}"), node);
    let made = &mut machine.substitutions;
    let definition = if let Some(node) = properties.get("DefinitionUri") {
        let part = definitions.part(resource.place.document, node, made);
        part.or_else(|| definitions.file(resource.place.document, node, &place("DefinitionUri", node)))
    } else if let Some(node) = properties.get("DefinitionS3Location") {
        definitions.file(resource.place.document, node, &place("DefinitionS3Location", node))
    } else if let Some(node) = properties.get("Definition") {
        definitions.inline(node, &place("Definition", node), made)
    } else if let Some(node) = properties.get("DefinitionString") {
        definitions.text(node, &place("DefinitionString", node), made)
    } else {
        None
    };
    machine.definition = definition;
    machine
}

fn machine_type(properties: &Node) -> MachineType {
    match properties.get("Type").or_else(|| properties.get("StateMachineType")) {
        None => MachineType::Standard,
        Some(node) => match node.as_str().filter(|_| Call::of(node).is_none()) {
            Some(text) => MachineType::of(text),
            None => MachineType::Unknown,
        },
    }
}

fn role(template: &LoadedTemplate, properties: &Node, id: &str, resource_type: &str) -> Option<String> {
    let given = properties.get("Role").or_else(|| properties.get("RoleArn"));
    match given {
        Some(node) => {
            let references = super::references::references(node);
            references.into_iter().map(|r| r.name).find(|name| template.resources.contains_key(name))
        }
        None => (resource_type == ResourceType::ServerlessStateMachine).then(|| format!("{id}Role")),
    }
}
