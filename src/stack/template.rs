use indexmap::{IndexMap, IndexSet};
use serde::Serialize;
use thiserror::Error;

use super::{
    Fragment, Handle, Intrinsic, Metadata, Parameter, Resource, ResourceKind, ServerlessFunction,
    ServerlessStateMachine, Value,
};
use crate::name::LogicalId;

/// A [SAM template](https://docs.aws.amazon.com/serverless-application-model/latest/developerguide/sam-specification-template-anatomy.html).
#[derive(Debug, Clone, PartialEq)]
pub struct Template {
    pub(super) description: String,
    pub(super) parameters: IndexMap<LogicalId, Parameter>,
    pub(super) resources: IndexMap<LogicalId, Resource>,
    pub(super) outputs: IndexMap<LogicalId, Output>,
    pub(super) extra: Fragment,
}

/// A value that the stack shows once it is deployed.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[serde(rename_all = "PascalCase")]
pub struct Output {
    description: String,
    value: Value,
    #[serde(skip_serializing_if = "Option::is_none")]
    export: Option<Export>,
}

/// Under which name other stacks find an output.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[serde(rename_all = "PascalCase")]
struct Export {
    name: Value,
}

/// Why parts do not make a template.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
pub enum TemplateError {
    /// Two resources, or two outputs, have one id.
    #[error("the logical id `{0}` is used twice")]
    Twice(LogicalId),
    /// A reference came from another template's handle.
    #[error("`{from}` refers to `{to}`, which is not in this template")]
    NoSuchResource {
        /// What holds the reference.
        from: LogicalId,
        /// What it refers to.
        to: String,
    },
}

/// A template in the making.
#[derive(Debug, Clone)]
pub struct TemplateBuilder {
    template: Template,
}

impl TemplateBuilder {
    /// An empty template.
    pub fn new(description: impl Into<String>) -> Self {
        Self {
            template: Template {
                description: description.into(),
                parameters: IndexMap::new(),
                resources: IndexMap::new(),
                outputs: IndexMap::new(),
                extra: Fragment::default(),
            },
        }
    }

    /// Adds a resource, and gives the handle to refer to it with.
    ///
    /// # Errors
    /// There is a resource with this id.
    pub fn add<R: Into<ResourceKind>>(&mut self, id: LogicalId, resource: R) -> Result<Handle<R>, TemplateError> {
        self.insert(id, Resource::from(resource))
    }

    /// Adds a resource that outlives its stack.
    ///
    /// # Errors
    /// There is a resource with this id.
    pub fn add_retained<R: Into<ResourceKind>>(
        &mut self,
        id: LogicalId,
        resource: R,
    ) -> Result<Handle<R>, TemplateError> {
        self.insert(id, Resource::retained(resource))
    }

    /// Tells checkov to leave a check of a resource out, and why.
    pub fn skip_check<R>(&mut self, resource: &Handle<R>, check: &str, why: &str) {
        if let Some(resource) = self.template.resources.get_mut(resource.id()) {
            resource.metadata = Some(match resource.metadata.take() {
                Some(metadata) => metadata.and_skip(check, why),
                None => Metadata::skip(check, why),
            });
        }
    }

    fn insert<R>(&mut self, id: LogicalId, resource: Resource) -> Result<Handle<R>, TemplateError> {
        if self.template.resources.contains_key(&id) || self.template.parameters.contains_key(&id) {
            return Err(TemplateError::Twice(id));
        }
        self.template.resources.insert(id.clone(), resource);
        Ok(Handle::new(id))
    }

    /// Adds an output.
    ///
    /// # Errors
    /// There is an output with this id.
    pub fn output(&mut self, id: LogicalId, description: &str, value: Value) -> Result<(), TemplateError> {
        if self.template.outputs.contains_key(&id) {
            return Err(TemplateError::Twice(id));
        }
        self.template.outputs.insert(id, Output { description: description.to_owned(), value, export: None });
        Ok(())
    }

    /// Adds a parameter.
    ///
    /// # Errors
    /// There is a parameter or a resource with this id.
    pub fn parameter(&mut self, id: LogicalId, parameter: Parameter) -> Result<(), TemplateError> {
        if self.template.parameters.contains_key(&id) || self.template.resources.contains_key(&id) {
            return Err(TemplateError::Twice(id));
        }
        self.template.parameters.insert(id, parameter);
        Ok(())
    }

    /// Lets other stacks find an output under a name; whether there is such an output.
    pub fn export(&mut self, id: &LogicalId, name: Value) -> bool {
        let output = self.template.outputs.get_mut(id);
        output.map(|output| output.export = Some(Export { name })).is_some()
    }

    /// Adds what somebody wrote in CloudFormation's own words, after what is there.
    pub fn extra(&mut self, fragment: Fragment) {
        self.template.extra = fragment;
    }

    /// The template as far as it is.
    pub fn so_far(&self) -> &Template {
        &self.template
    }

    /// The template.
    ///
    /// # Errors
    /// A reference leads out of it, which takes a handle of another template.
    pub fn finish(self) -> Result<Template, TemplateError> {
        let known = self.template.names();
        let resources = self.template.resources.iter().map(|(id, resource)| (id, serde_json::to_value(resource)));
        let outputs = self.template.outputs.iter().map(|(id, output)| (id, serde_json::to_value(output)));
        for (from, value) in resources.chain(outputs) {
            let targets = value.map(|value| references(&value)).unwrap_or_default();
            if let Some(to) = targets.into_iter().find(|to| !known.contains(to.as_str())) {
                return Err(TemplateError::NoSuchResource { from: from.clone(), to });
            }
        }
        Ok(self.template)
    }
}

/// The names of the resources that the intrinsic functions within a value refer to.
fn references(value: &serde_json::Value) -> Vec<String> {
    if let Ok(intrinsic) = serde_json::from_value::<Intrinsic>(value.clone()) {
        return intrinsic.targets();
    }
    match value {
        serde_json::Value::Array(items) => items.iter().flat_map(references).collect(),
        serde_json::Value::Object(fields) => fields.values().flat_map(references).collect(),
        _ => Vec::new(),
    }
}

impl Template {
    /// What the stack is for.
    pub fn description(&self) -> &str {
        &self.description
    }

    /// The resources, in the order in which they are written.
    pub fn resources(&self) -> &IndexMap<LogicalId, Resource> {
        &self.resources
    }

    /// The parameters, in the order in which they are written.
    pub fn parameters(&self) -> &IndexMap<LogicalId, Parameter> {
        &self.parameters
    }

    /// The functions among the resources.
    pub fn functions(&self) -> impl Iterator<Item = (&LogicalId, &ServerlessFunction)> {
        self.resources.iter().filter_map(|(id, resource)| match &resource.kind {
            ResourceKind::Function(function) => Some((id, function)),
            _ => None,
        })
    }

    /// The outputs, in the order in which they are written.
    pub fn outputs(&self) -> &IndexMap<LogicalId, Output> {
        &self.outputs
    }

    /// What somebody added to it.
    pub fn extra(&self) -> &Fragment {
        &self.extra
    }

    /// The names that a function can refer to: of parameters, of resources, and of those that SAM makes.
    fn names(&self) -> IndexSet<&str> {
        let own = self.parameters.keys().chain(self.resources.keys()).map(LogicalId::as_str);
        own.chain(self.extra.parameters.keys().chain(self.extra.resources.keys()).map(String::as_str)).collect()
    }

    /// The state machines among the resources.
    pub fn state_machines(&self) -> impl Iterator<Item = (&LogicalId, &ServerlessStateMachine)> {
        self.resources.iter().filter_map(|(id, resource)| match &resource.kind {
            ResourceKind::StateMachine(machine) => Some((id, machine)),
            _ => None,
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::aws::cloudformation::Pseudo;
    use crate::stack::{Bucket, Sub};

    fn id(text: &str) -> LogicalId {
        LogicalId::parse(text).unwrap()
    }

    #[test]
    fn a_reference_to_nothing_is_refused() {
        let mut other = TemplateBuilder::new("other");
        let bucket = other.add(id("TheirBucket"), Bucket::sending_events(None, false)).unwrap();
        let mut builder = TemplateBuilder::new("mine");
        builder.output(id("BucketName"), "The bucket", bucket.reference()).unwrap();
        let error = builder.finish().unwrap_err();
        assert_eq!(error.to_string(), "`BucketName` refers to `TheirBucket`, which is not in this template");
    }

    #[test]
    fn an_id_is_used_once() {
        let mut builder = TemplateBuilder::new("mine");
        builder.add(id("A"), Bucket::sending_events(None, false)).unwrap();
        let error = builder.add(id("A"), Bucket::sending_events(None, true)).unwrap_err();
        assert_eq!(error.to_string(), "the logical id `A` is used twice");
    }

    #[test]
    fn references_within_texts_are_references_too() {
        let mut other = TemplateBuilder::new("other");
        let bucket = other.add(id("TheirBucket"), Bucket::sending_events(None, false)).unwrap();
        let mut builder = TemplateBuilder::new("mine");
        let arn = bucket.within(Sub::default().text("arn:").pseudo(Pseudo::Partition).text(":s3:::"));
        builder.output(id("BucketArn"), "The bucket", arn.into()).unwrap();
        let error = builder.finish().unwrap_err();
        assert_eq!(error.to_string(), "`BucketArn` refers to `TheirBucket`, which is not in this template");
    }
}
