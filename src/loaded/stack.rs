use std::path::Path;
use std::sync::Arc;

use indexmap::IndexMap;

use super::{
    Document, GivenKey, Joined, LoadFault, LoadedBucket, LoadedMachine, LoadedResource, LoadedRule, LoadedStart,
    LoadedTable, LoadedTemplate, Origin, Place, Resolver,
};
use crate::source::tokens;

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

    /// The templates as they are written: the one that there is, or those that were joined.
    pub fn written(&self) -> &[LoadedTemplate] {
        match (&self.joined, &self.template) {
            (Some(joined), _) => &joined.written,
            (None, Some(template)) => std::slice::from_ref(template),
            (None, None) => &[],
        }
    }

    /// Where the stack is: its template, or the cloud assembly that it is in.
    pub fn path(&self) -> Option<&Path> {
        match &self.joined {
            Some(joined) => Some(&joined.name),
            None => self.documents.first().map(|document| document.path.as_path()),
        }
    }

    /// Whether a document is a template of the stack.
    pub fn is_template(&self, document: usize) -> bool {
        self.written().iter().any(|template| template.document == document)
    }

    /// Whether a framework wrote the stack.
    pub fn is_synthesized(&self) -> bool {
        self.joined.as_deref().is_some_and(|joined| joined.synthesized)
    }

    /// The resource that a place is within and where that comes from; of a definition in a file of its own, its state machine.
    pub fn origin(&self, place: &Place) -> Option<(&str, &Origin)> {
        let joined = self.joined.as_deref()?;
        let alone = !self.is_template(place.document);
        let id = match !alone {
            true => {
                let mut tokens = tokens(&place.pointer);
                (tokens.next()? == "Resources").then(|| tokens.next())??.to_string()
            }
            false => {
                let has = |machine: &&LoadedMachine| {
                    machine.definition.as_ref().is_some_and(|definition| definition.document == place.document)
                };
                self.machines.iter().find(has)?.logical_id.clone()?
            }
        };
        // Some rules look at each template as it is written.
        let as_written =
            |(_, origin): &(&String, &Origin)| origin.written == id && origin.place.document == place.document;
        let found =
            joined.origins.get_key_value(&id).filter(|(_, origin)| alone || origin.place.document == place.document);
        let (name, origin) = found.or_else(|| joined.origins.iter().find(as_written))?;
        Some((name, origin))
    }
}
