//! Any stack, read from files: a template with the definitions that it refers to, or a definition on its own.
//!
//! Reading does not judge. Errors in the text of a file are collected in [`LoadedStack::faults`], and everything that could be
//! read is available all the same; values that are known only after a deployment get invented names and ARNs
//! ([`stand_in`]), the same ones every time. Every value knows its [`Place`].

mod assembly;
mod definition;
mod document;
mod embedded;
mod find;
mod include;
mod intrinsic;
mod joined;
mod machine;
mod overlay;
mod placeholder;
mod references;
mod resolve;
mod resources;
mod rule;
mod serverless;
pub mod stand_in;
mod start;
mod table;
mod template;
mod unrendered;
mod uploaded;
mod value;
mod values;
mod walk;

use std::path::PathBuf;
use std::sync::Arc;

use indexmap::IndexMap;

use crate::aws::ResourceType;
use crate::source::{Node, Source};

pub use assembly::{is_assembly, read_assembly};
pub use definition::{Definition, DefinitionSource, Substitution};
pub use document::{Document, MAX_FILE, Place};
pub use find::{Found, LoadError, Skipped, definitions_below, files, find, find_over, load, read_over};
pub use intrinsic::Call;
pub use joined::{Frame, Joined, Origin};
pub use machine::{LoadedMachine, MachineType};
pub use overlay::Overlay;
pub use placeholder::{Placeholder, has_placeholder, placeholders, replace};
pub use references::{Reference, references};
pub use resolve::{Assumed, Resolved, Resolver};
pub use resources::{LoadedBucket, LoadedResource};
pub use rule::{Certainty, LoadedRule, RuleTarget};
pub use start::{LoadedStart, StartKind};
pub use table::{LoadedIndex, LoadedTable, TableAttribute, TableKey};
pub use template::{LoadedTemplate, Resource};
pub use value::value;

pub use crate::source::below;
pub use values::{GivenKey, ValueError, Values, parameter_override, parameter_overrides};
pub use walk::walk;

/// What is wrong with the text of a stack's files.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum FaultKind {
    /// The file is no text.
    NotText,
    /// The text is not JSON, where JSON is wanted.
    NotJson,
    /// The text is not YAML.
    NotYaml,
    /// The text is not JSON, but Step Functions reads it as YAML, as it does with a definition in S3.
    JsonAsYaml,
    /// A key occurs twice in its mapping.
    DuplicateKey,
    /// The file that `DefinitionUri` names cannot be read.
    NoDefinition,
}

/// Something wrong with the text of a stack's files.
#[derive(Debug, Clone, PartialEq)]
pub struct LoadFault {
    /// What kind of thing.
    pub kind: FaultKind,
    /// Where; the pointer is empty where the text could not be read.
    pub place: Place,
    /// What is wrong.
    pub message: String,
    /// What to do about it.
    pub help: Option<String>,
}

/// A template with the definitions that it names, or a definition on its own.
#[derive(Debug, Clone, Default)]
pub struct LoadedStack {
    /// The files: first the template, or the definition that stands alone.
    pub documents: Vec<Document>,
    /// The template, unless this is a definition on its own.
    pub template: Option<LoadedTemplate>,
    /// The state machines of the template, or the one of a definition on its own.
    pub machines: Vec<LoadedMachine>,
    /// The rules and schedules, those of `AWS::Events::Rule` and those that SAM makes of `Events`.
    pub rules: Vec<LoadedRule>,
    /// What starts the state machines besides these.
    pub starts: Vec<LoadedStart>,
    /// The DynamoDB tables.
    pub tables: Vec<LoadedTable>,
    /// The S3 buckets.
    pub buckets: Vec<LoadedBucket>,
    /// The SQS queues.
    pub queues: Vec<LoadedResource>,
    /// The SNS topics.
    pub topics: Vec<LoadedResource>,
    /// The Lambda functions.
    pub functions: Vec<LoadedResource>,
    /// The IAM roles.
    pub roles: Vec<LoadedResource>,
    /// What is wrong with the files' text.
    pub faults: Vec<LoadFault>,
    /// What the machines are started with, where somebody said so.
    pub inputs: Vec<GivenInput>,
    /// Of what its template was joined, if it was.
    pub joined: Option<Arc<Joined>>,
    /// The keys of tables that are not part of the stack, where somebody said so.
    pub table_keys: IndexMap<String, GivenKey>,
}

/// What somebody says that a machine is started with.
#[derive(Debug, Clone, PartialEq)]
pub enum GivenInput {
    /// Something like this value.
    Example(serde_json::Value),
    /// What this JSON Schema describes.
    Schema(serde_json::Value),
}

impl LoadedStack {
    /// Reads a stack from a text: a template, or a definition. Files that a template names are looked for beside `name`.
    ///
    /// # Errors
    /// The text is neither; the stack that comes back holds its faults.
    pub fn from_text(name: impl Into<PathBuf>, text: impl Into<String>) -> Result<Self, Box<Self>> {
        let path = name.into();
        let source = Source::new(path.display().to_string(), text);
        let mut faults = Vec::new();
        let document = Document::parse(path, source, 0, &mut faults);
        Self::from_document(document, faults, &Overlay::default(), false)
    }

    /// Reads a stack from texts that are nowhere on disk: a template, and the files that it names, each with its path from
    /// the template's directory.
    ///
    /// # Errors
    /// The first is no template; the stack that comes back holds its faults.
    pub fn from_texts<'a>(
        template: (&'a str, &'a str),
        others: impl IntoIterator<Item = (&'a str, &'a str)>,
    ) -> Result<Self, Box<Self>> {
        let mut stack = Self::default();
        let Self { documents, faults, .. } = &mut stack;
        for (path, text) in std::iter::once(template).chain(others) {
            let source = Source::new(path, text);
            documents.push(Document::parse(PathBuf::from(path), source, documents.len(), faults));
        }
        let root = stack.documents.first().and_then(|document| document.root.clone());
        match root.filter(|root| is_template(root)) {
            Some(root) => stack.read_template(root, IndexMap::new(), &Overlay::default()),
            None => return Err(Box::new(stack)),
        }
        Ok(stack)
    }

    /// The stack that files make which were rendered and are not on disk: `template.yaml` and its definitions, by path.
    pub fn from_rendered<'a>(files: impl IntoIterator<Item = (&'a str, &'a str)>) -> Self {
        let (templates, others): (Vec<_>, Vec<_>) = files.into_iter().partition(|(path, _)| *path == "template.yaml");
        let template = templates.first().copied().unwrap_or(("template.yaml", ""));
        let definitions = others.into_iter().filter(|(path, _)| path.ends_with(".asl.json"));
        Self::from_texts(template, definitions).unwrap_or_else(|broken| *broken)
    }

    /// Makes a stack of a definition on its own, whose machine is of a known type.
    pub fn from_definition(name: impl Into<PathBuf>, text: impl Into<String>, machine_type: MachineType) -> Self {
        let path = name.into();
        let source = Source::new(path.display().to_string(), text);
        let mut faults = Vec::new();
        let document = Document::parse(path, source, 0, &mut faults);
        let mut stack = Self::from_definition_document(document, faults);
        stack.machines.iter_mut().for_each(|machine| machine.machine_type = machine_type);
        stack
    }

    fn from_definition_document(document: Document, faults: Vec<LoadFault>) -> Self {
        let machines = document.root.clone().map(LoadedMachine::alone).into_iter().collect();
        Self { machines, documents: vec![document], faults, ..Self::default() }
    }

    fn from_document(
        document: Document,
        faults: Vec<LoadFault>,
        overlay: &Overlay,
        join: bool,
    ) -> Result<Self, Box<Self>> {
        let mut stack = Self { faults, ..Self::default() };
        let root = document.root.clone();
        stack.documents.push(document);
        let Some(root) = root else { return Err(Box::new(stack)) };
        let path = stack.documents.first().map(|document| document.path.clone()).unwrap_or_default();
        if let Some((template, files)) = serverless::template(&path, &root, overlay) {
            let template = Arc::new(template);
            if let Some(document) = stack.documents.first_mut() {
                document.root = Some(Arc::clone(&template));
            }
            stack.documents.extend(files);
            stack.read_template(template, IndexMap::new(), overlay);
            return Ok(stack);
        }
        if is_template(&root) {
            let root = include::included(&root, &path, overlay).unwrap_or(root);
            if let Some(document) = stack.documents.first_mut() {
                document.root = Some(Arc::clone(&root));
            }
            if join {
                return Ok(stack.with_nested(root, overlay));
            }
            stack.read_template(root, IndexMap::new(), overlay);
            return Ok(stack);
        }
        if !is_definition(&root) {
            return Err(Box::new(stack));
        }
        stack.machines.push(LoadedMachine::alone(root));
        Ok(stack)
    }

    fn read_template(&mut self, root: Arc<Node>, parameters: IndexMap<String, String>, overlay: &Overlay) {
        let mut template = LoadedTemplate { parameters, ..LoadedTemplate::read(0, root) };
        if let Some(joined) = &self.joined {
            joined.place(&mut template);
        }
        let resolver = Resolver::new(&template);
        let Self { documents, faults, joined, .. } = self;
        let reading = Reading { documents, faults, overlay, joined: joined.as_deref() };
        self.machines = machine::machines(&template, &resolver, reading);
        self.rules = rule::rules(&template, &resolver);
        self.starts = start::starts(&template, &resolver, &self.machines);
        self.tables = table::tables(&template, &resolver);
        self.buckets = resources::buckets(&template, &resolver);
        let of = |types: &[ResourceType]| resources::of_types(&template, &resolver, types);
        self.queues = of(&[ResourceType::SqsQueue]);
        self.topics = of(&[ResourceType::SnsTopic]);
        self.functions = of(&ResourceType::FUNCTIONS);
        self.roles = of(&[ResourceType::IamRole]);
        self.template = Some(template);
    }

    /// Whether a rule hears what AWS's services send: they send to the default bus, from where another rule may send it on.
    pub fn hears_services(&self, rule: &LoadedRule) -> bool {
        let Some(bus) = rule.event_bus.as_deref().filter(|_| rule.own_bus) else { return true };
        let ends = |arn: &str| arn == bus || arn.rsplit('/').next() == bus.rsplit('/').next();
        let sends_on = |other: &LoadedRule| {
            other.event_bus.as_deref() != Some(bus) && other.targets.iter().any(|target| ends(&target.arn))
        };
        self.rules.iter().any(sends_on)
    }

    /// What evaluates the template's functions; `None` where there is no template.
    pub fn resolver(&self) -> Option<Resolver<'_>> {
        self.template.as_ref().map(Resolver::new)
    }
}

/// What reading a template adds to its stack, and where its files are read.
struct Reading<'a> {
    documents: &'a mut Vec<Document>,
    faults: &'a mut Vec<LoadFault>,
    overlay: &'a Overlay,
    joined: Option<&'a Joined>,
}

/// Whether a document is a template: it declares resources that have types.
pub(crate) fn is_template(root: &Node) -> bool {
    root.get("AWSTemplateFormatVersion").is_some()
        || root.get("Resources").is_some_and(|resources| {
            let typed = |node: &Node| node.get("Type").and_then(Node::as_str).is_some_and(|t| t.contains("::"));
            resources.entries().iter().any(|(key, value)| typed(value) || key.as_str() == Some("Fn::Transform"))
        })
}

/// Whether a document is a definition.
pub(crate) fn is_definition(root: &Node) -> bool {
    root.get("States").is_some() || root.get("StartAt").is_some()
}

#[cfg(test)]
mod tests;
