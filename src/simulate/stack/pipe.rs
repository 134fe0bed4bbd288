use std::time::Duration;

use serde_json::Value;

use super::machine::{Machine, named};
use super::rule::TargetKind;
use super::{StackFault, is_made, known};
use crate::aws::pipes::PipeSource;
use crate::aws::{Arn, ResourceType};
use crate::eventbridge::CompiledPattern;
use crate::loaded::{LoadedStack, references};
use crate::simulate::pipes::{PipeTemplate, open};
use crate::source::Node;

/// A pipe, which hands the records of a source to a target.
#[derive(Debug, Clone)]
pub struct Pipe {
    /// The logical id of the pipe in the template.
    pub logical_id: String,
    /// The name of the pipe, made up where only a deployment knows it.
    pub name: String,
    /// The kind of its source, where that is known.
    pub source: Option<&'static PipeSource>,
    /// The ARN of its source.
    pub source_arn: String,
    /// Whether it is stopped.
    pub stopped: bool,
    /// How many records it hands on together at most.
    pub batch_size: usize,
    /// What it asks for more about the records first.
    pub enrichment: Option<Stage>,
    /// What it calls.
    pub target: Stage,
    /// Whether it waits for the target, so that what fails comes again.
    pub waits: bool,
    /// How often a batch is tried that fails; nothing, where that is not said or has no end.
    pub attempts: Option<u32>,
    /// After which time what failed comes again.
    pub comes_again: Duration,
    filters: Vec<CompiledPattern>,
}

/// What a pipe calls, and with what.
#[derive(Debug, Clone)]
pub struct Stage {
    /// What it is.
    pub kind: TargetKind,
    /// What it is given of each record, where that is not all of it.
    pub template: Option<PipeTemplate>,
}

impl Pipe {
    /// Whether a record passes its filters.
    pub fn takes(&self, record: &Value) -> bool {
        let opened = open(self.source, record).to_string();
        self.filters.is_empty() || self.filters.iter().any(|filter| filter.matches(&opened).unwrap_or(false))
    }
}

/// The pipe of a name or a logical id; without one, the only pipe.
///
/// # Errors
/// There is none, or there are several.
pub(super) fn chosen(pipes: &[Pipe], name: Option<&str>) -> Result<usize, String> {
    let is = |pipe: &Pipe, name: &str| pipe.name == name || pipe.logical_id == name;
    known("pipe", pipes, name, is, |pipe| &pipe.logical_id)
}

/// The pipes. What EventBridge would refuse is a fault.
pub(super) fn pipes(stack: &LoadedStack, machines: &[Machine], faults: &mut Vec<StackFault>) -> Vec<Pipe> {
    let (Some(template), Some(resolver)) = (&stack.template, stack.resolver()) else { return Vec::new() };
    let declared = template.of_type(ResourceType::PipesPipe).filter(|pipe| is_made(stack, &pipe.logical_id));
    let pipes = declared.filter_map(|resource| {
        let node = template.properties(&resource.logical_id)?;
        let reading = Reading { stack, machines, node, value: resolver.value(node), id: &resource.logical_id };
        match reading.pipe() {
            Ok(pipe) => Some(pipe),
            Err(message) => {
                faults.push(StackFault::at(resource.place.clone(), message));
                None
            }
        }
    });
    pipes.collect()
}

/// How often a message is received before its queue gives up on it, and after which time it comes again.
fn redrive(stack: &LoadedStack, queue: &str) -> (Option<u32>, Duration) {
    // https://docs.aws.amazon.com/AWSSimpleQueueService/latest/APIReference/API_SetQueueAttributes.html
    const VISIBILITY: u64 = 30;
    let found = stack.queues.iter().find(|known| known.arn == queue);
    let properties = found.and_then(|queue| stack.template.as_ref()?.properties(&queue.logical_id));
    let value = properties.zip(stack.resolver()).map(|(node, resolver)| resolver.value(node)).unwrap_or_default();
    let number = |value: &Value| value.as_u64().or_else(|| value.as_str()?.parse().ok());
    let limit = number(&value["RedrivePolicy"]["maxReceiveCount"]).and_then(|limit| u32::try_from(limit).ok());
    (limit, Duration::from_secs(number(&value["VisibilityTimeout"]).unwrap_or(VISIBILITY)))
}

struct Reading<'a> {
    stack: &'a LoadedStack,
    machines: &'a [Machine],
    node: &'a Node,
    value: Value,
    id: &'a str,
}

impl Reading<'_> {
    fn pipe(&self) -> Result<Pipe, String> {
        let text = |name: &str| self.value[name].as_str().unwrap_or_default().to_owned();
        let name = Some(text("Name")).filter(|name| !name.is_empty()).unwrap_or_else(|| self.id.to_owned());
        let (source_arn, given) = (text("Source"), &self.value["SourceParameters"]);
        let service = Arn::read(&source_arn).map(|arn| arn.service);
        let source = PipeSource::of(service, |parameters| given.get(parameters).is_some());
        let given = source.map_or(&Value::Null, |source| &given[source.parameters]);
        let (mut attempts, mut comes_again) = redrive(self.stack, &source_arn);
        if source.is_some_and(PipeSource::is_stream) {
            let retries = given["MaximumRetryAttempts"].as_u64().and_then(|number| u32::try_from(number).ok());
            (attempts, comes_again) = (retries.map(|retries| retries.saturating_add(1)), Duration::from_secs(1));
        }
        let target = self.stage("Target", "TargetParameters", &name)?;
        let asynchronous = &self.value["TargetParameters"]["StepFunctionStateMachineParameters"]["InvocationType"];
        let express = matches!(target.kind, TargetKind::Machine(at) if self.machines[at].express);
        Ok(Pipe {
            logical_id: self.id.to_owned(),
            stopped: self.value["DesiredState"] == "STOPPED",
            batch_size: given["BatchSize"]
                .as_u64()
                .map(|size| size.clamp(1, 10_000) as usize)
                .or(source.map(|source| source.batch_size))
                .unwrap_or(1),
            enrichment: match self.value.get("Enrichment") {
                Some(_) => Some(self.stage("Enrichment", "EnrichmentParameters", &name)?),
                None => None,
            },
            waits: express && asynchronous != "FIRE_AND_FORGET" && source.is_some_and(|s| s.identifier.is_some()),
            filters: self.filters()?,
            name,
            source,
            source_arn,
            target,
            attempts,
            comes_again,
        })
    }

    fn filters(&self) -> Result<Vec<CompiledPattern>, String> {
        let filters = self.value.pointer("/SourceParameters/FilterCriteria/Filters").and_then(Value::as_array);
        let filters = filters.into_iter().flatten().filter_map(|filter| filter["Pattern"].as_str());
        filters
            .map(|text| {
                CompiledPattern::parse(text)
                    .map_err(|reason| format!("EventBridge refuses this filter: {reason}: {text}"))
            })
            .collect()
    }

    fn stage(&self, property: &str, parameters: &str, pipe: &str) -> Result<Stage, String> {
        let arn = self.value[property].as_str().unwrap_or_default();
        let referred = self.node.get(property).map(references).unwrap_or_default();
        let by_id = referred.iter().find_map(|reference| named(self.machines, &reference.name));
        let machine = by_id.or_else(|| named(self.machines, arn));
        let kind = machine.map_or_else(|| TargetKind::Other(arn.to_owned()), TargetKind::Machine);
        let text = |name: &str| self.value[name].as_str().unwrap_or_default().to_owned();
        let pipe_arn = format!("arn:aws:pipes:us-east-1:123456789012:pipe/{pipe}");
        let constants = vec![
            ("aws.pipes.pipe-arn", pipe_arn),
            ("aws.pipes.pipe-name", pipe.to_owned()),
            ("aws.pipes.source-arn", text("Source")),
            ("aws.pipes.enrichment-arn", text("Enrichment")),
            ("aws.pipes.target-arn", text("Target")),
        ];
        let template = self.value[parameters]["InputTemplate"].as_str();
        let template = template.map(|text| PipeTemplate::parse(text, constants)).transpose();
        Ok(Stage { kind, template: template.map_err(|fault| fault.to_string())? })
    }
}
