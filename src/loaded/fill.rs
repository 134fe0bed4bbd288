use std::sync::Arc;

use indexmap::IndexMap;

use super::machine::{self, Reading};
use super::{LoadedStack, LoadedTemplate, Overlay, Resolver, resources, rule, start, table};
use crate::aws::ResourceType;
use crate::source::Node;

impl LoadedStack {
    /// Takes the parts of the stack from its template.
    pub(super) fn read_template(&mut self, root: Arc<Node>, parameters: IndexMap<String, String>, overlay: &Overlay) {
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
}
