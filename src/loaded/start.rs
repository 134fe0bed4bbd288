//! What starts state machines besides rules: EventBridge Scheduler, Pipes, APIs, and other state machines.

use serde_json::Value;

use crate::aws::ResourceType;
use crate::source::Node;

use super::references::references;
use super::resolve::Resolver;
use super::template::{LoadedTemplate, Resource};
use super::{Call, LoadedMachine, Place};

/// Something that starts a state machine, and is no rule.
#[derive(Debug, Clone, PartialEq)]
pub struct LoadedStart {
    /// The logical id of the state machine.
    pub machine: String,
    /// What it is.
    pub kind: StartKind,
    /// Where it is declared.
    pub place: Place,
}

/// What starts a state machine, and what it starts it with.
#[derive(Debug, Clone, PartialEq)]
pub enum StartKind {
    /// A schedule of EventBridge Scheduler; its `Input`, if it has one that is known.
    Schedule {
        /// The constant that the state machine gets.
        input: Option<Value>,
    },
    /// A pipe: [a list](https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-pipes-batching-concurrency.html) of what its source has.
    Pipe {
        /// The type of the source, where the template declares it.
        source: Option<ResourceType>,
        /// Whether each element is what the source has: nothing is made of it on the way.
        whole: bool,
    },
    /// An API, with whatever it makes of a request.
    Api,
    /// A state machine, with whatever it hands over.
    Machine,
}

/// What a template declares that starts the state machines of it.
pub(super) fn starts(
    template: &LoadedTemplate,
    resolver: &Resolver<'_>,
    machines: &[LoadedMachine],
) -> Vec<LoadedStart> {
    let is_machine = |id: &str| machines.iter().any(|machine| machine.logical_id.as_deref() == Some(id));
    let mut starts = Vec::new();
    for resource in template.resources.values() {
        let Some(properties) = template.properties(&resource.logical_id) else { continue };
        let found = match ResourceType::of(&resource.resource_type) {
            Some(ResourceType::SchedulerSchedule) => properties.get("Target").map(|target| schedule(target, resolver)),
            Some(ResourceType::PipesPipe) => pipe(template, properties),
            Some(
                ResourceType::ApiGatewayMethod
                | ResourceType::ApiGatewayV2Integration
                | ResourceType::ApiGatewayRestApi
                | ResourceType::ApiGatewayV2Api,
            ) => Some((properties, StartKind::Api)),
            _ => None,
        };
        let (targets, kind) = match found {
            Some(found) => found,
            None => continue,
        };
        let mut known: Vec<String> = references(targets).into_iter().map(|reference| reference.name).collect();
        known.sort();
        known.dedup();
        for machine in known.into_iter().filter(|id| is_machine(id)) {
            starts.push(LoadedStart { machine, kind: kind.clone(), place: resource.place.clone() });
        }
    }
    starts.extend(template.resources.values().flat_map(|resource| by_api_of_sam(template, resource)));
    starts.extend(machines.iter().flat_map(|machine| by_machine(machine, machines)));
    starts
}

fn schedule<'n>(target: &'n Node, resolver: &Resolver<'_>) -> (&'n Node, StartKind) {
    let input = target.get("Input").filter(|node| Call::of(node).is_none()).map(|node| resolver.text(node));
    // A text with a keyword or a function in it is no JSON that anything can be said of.
    let input = input.filter(|text| !text.contains("${")).and_then(|text| serde_json::from_str(&text).ok());
    let given = target.get("Input").is_some();
    let kind = StartKind::Schedule { input: input.or(given.then_some(Value::Null)) };
    (target.get("Arn").unwrap_or(target), kind)
}

fn pipe<'n>(template: &LoadedTemplate, properties: &'n Node) -> Option<(&'n Node, StartKind)> {
    let source = properties.get("Source").map(references).unwrap_or_default();
    let source = source.iter().find_map(|reference| template.resources.get(&reference.name));
    let source = source.and_then(|source| ResourceType::of(&source.resource_type));
    let template_of = properties.get("TargetParameters").and_then(|parameters| parameters.get("InputTemplate"));
    let whole = template_of.is_none() && properties.get("Enrichment").is_none();
    Some((properties.get("Target")?, StartKind::Pipe { source, whole }))
}

/// The APIs that SAM makes of a state machine's events.
fn by_api_of_sam(template: &LoadedTemplate, resource: &Resource) -> Option<LoadedStart> {
    if resource.resource_type != ResourceType::ServerlessStateMachine {
        return None;
    }
    let events = template.properties(&resource.logical_id)?.get("Events")?;
    let is_api = |(_, event): &&(Node, Node)| {
        event.get("Type").and_then(Node::as_str).is_some_and(|kind| matches!(kind, "Api" | "HttpApi"))
    };
    events.entries().iter().find(is_api)?;
    let machine = resource.logical_id.clone();
    Some(LoadedStart { machine, kind: StartKind::Api, place: resource.place.clone() })
}

/// The state machines whose ARNs stand in the definition of another one.
fn by_machine(machine: &LoadedMachine, machines: &[LoadedMachine]) -> Vec<LoadedStart> {
    let (Some(definition), Some(place)) = (&machine.definition, &machine.place) else { return Vec::new() };
    let starts = machines.iter().filter(|other| other.logical_id != machine.logical_id).filter(|other| {
        machine.substitutions.iter().any(|(name, substitution)| {
            substitution.logical_id.is_some()
                && substitution.logical_id == other.logical_id
                && has_text(&definition.root, &format!("${{{name}}}"))
        })
    });
    let starts = starts.filter_map(|other| {
        Some(LoadedStart { machine: other.logical_id.clone()?, kind: StartKind::Machine, place: place.clone() })
    });
    starts.collect()
}

fn has_text(root: &Node, part: &str) -> bool {
    root.walk().filter_map(Node::as_str).any(|text| text.contains(part))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::loaded::LoadedStack;

    #[test]
    fn what_starts_a_machine_is_found() {
        let text = r#"
Resources:
  M: {Type: AWS::Serverless::StateMachine, Properties: {Definition: {StartAt: A, States: {A: {Type: Succeed}}}, Events: {A: {Type: Api}}}}
  Other:
    Type: AWS::Serverless::StateMachine
    Properties:
      Definition:
        StartAt: A
        States: {A: {Type: Task, Resource: arn:aws:states:::states:startExecution, Parameters: {StateMachineArn: !Ref M}, End: true}}
  Queue: {Type: AWS::SQS::Queue}
  Pipe: {Type: AWS::Pipes::Pipe, Properties: {Source: !GetAtt Queue.Arn, Target: !Ref M}}
  Nightly: {Type: AWS::Scheduler::Schedule, Properties: {Target: {Arn: !GetAtt M.Arn, Input: '{"a": 1}', RoleArn: x}}}
  Method: {Type: AWS::ApiGateway::Method, Properties: {Integration: {RequestTemplates: {a: !Sub '{"stateMachineArn": "${Other}"}'}}}}
"#;
        let stack = LoadedStack::from_text("template.yaml", text).unwrap();
        let found: Vec<(&str, &StartKind)> =
            stack.starts.iter().map(|start| (start.machine.as_str(), &start.kind)).collect();
        let pipe = StartKind::Pipe { source: Some(ResourceType::SqsQueue), whole: true };
        let schedule = StartKind::Schedule { input: Some(serde_json::json!({"a": 1})) };
        assert_eq!(
            found,
            [
                ("M", &pipe),
                ("M", &schedule),
                ("Other", &StartKind::Api),
                ("M", &StartKind::Api),
                ("M", &StartKind::Machine)
            ]
        );
    }
}
