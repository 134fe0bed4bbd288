//! What the roles of schedules, pipes and API methods have to allow: each of these takes on a role to call what it names.

use crate::aws::ResourceType;
use crate::aws::invocation::{self, Subtype};
use crate::aws::needs::Weight;
use crate::aws::principal::{API_GATEWAY, PIPES, SCHEDULER};
use crate::loaded::{Call, LoadedTemplate, Place, Resolver, references};
use crate::source::Node;

use super::delivery::role_of;
use super::granted::Granted;
use super::role_lack::{Lacked, RoleLack, called};
use super::trust;

const NO_INVOCATION: &str = "the schedule never reaches its target";
const NO_SOURCE: &str = "CloudFormation cannot create the pipe";
const NO_TARGET: &str = "the pipe never reaches its target";
const NO_ENRICHMENT: &str = "the pipe never gets past its enrichment";
const NO_ANSWER: &str = "the API answers with an error each time";

/// Something that takes on a role, and what it does with it.
struct Taking<'a> {
    place: Place,
    role: &'a Node,
    taker: &'a str,
    service: &'static str,
    does: Vec<Doing>,
}

/// An action on a resource, and what happens where it is not allowed.
struct Doing {
    actions: Vec<String>,
    on: Option<String>,
    otherwise: &'static str,
}

/// What the roles of schedules, pipes and methods of APIs lack.
pub(super) fn lacks(template: &LoadedTemplate) -> Vec<RoleLack> {
    let reader = Reader { template, resolver: Resolver::new(template) };
    let takings = template.resources.values().filter_map(|resource| {
        let (id, properties) = (resource.logical_id.as_str(), template.properties(&resource.logical_id)?);
        match ResourceType::of(&resource.resource_type)? {
            ResourceType::SchedulerSchedule => reader.schedule(id, properties),
            ResourceType::PipesPipe => reader.pipe(id, properties),
            ResourceType::ApiGatewayMethod => reader.method(id, properties),
            ResourceType::ApiGatewayV2Integration => reader.integration(id, properties),
            _ => None,
        }
    });
    takings.flat_map(|taking| judge(template, taking)).collect()
}

fn judge(template: &LoadedTemplate, taking: Taking<'_>) -> Vec<RoleLack> {
    let Some(role) = role_of(template, taking.role) else { return Vec::new() };
    let lack = |place, what| RoleLack { place, role: role.clone(), taker: taking.taker.to_owned(), what };
    if let Some(place) = trust::refuses(template, &role, taking.service) {
        return vec![lack(place, Lacked::Trust(taking.service))];
    }
    let Some(granted) = Granted::of_role(template, &role).filter(|granted| !granted.open) else { return Vec::new() };
    let missing = taking.does.into_iter().filter_map(|mut doing| {
        doing.actions.retain(|action| !granted.allows(action, doing.on.as_deref()));
        let what = Lacked::Actions(doing.actions, doing.otherwise, Weight::Fails);
        matches!(&what, Lacked::Actions(actions, ..) if !actions.is_empty()).then_some(what)
    });
    missing.map(|what| lack(taking.place.clone(), what)).collect()
}

struct Reader<'a> {
    template: &'a LoadedTemplate,
    resolver: Resolver<'a>,
}

impl<'a> Reader<'a> {
    fn schedule(&self, id: &'a str, properties: &'a Node) -> Option<Taking<'a>> {
        let target = properties.get("Target")?;
        let role = target.get("RoleArn")?;
        let does = target.get("Arn").and_then(|arn| self.called(arn, false, NO_INVOCATION));
        let place = self.template.place(id, "/Target/RoleArn", role);
        Some(Taking { place, role, taker: id, service: SCHEDULER, does: does.into_iter().collect() })
    }

    fn pipe(&self, id: &'a str, properties: &'a Node) -> Option<Taking<'a>> {
        let role = properties.get("RoleArn")?;
        let does = [
            properties.get("Source").and_then(|node| self.polled(node)),
            properties.get("Enrichment").and_then(|node| self.called(node, true, NO_ENRICHMENT)),
            properties.get("Target").and_then(|node| self.called(node, waits(properties)?, NO_TARGET)),
        ];
        let place = self.template.place(id, "/RoleArn", role);
        Some(Taking { place, role, taker: id, service: PIPES, does: does.into_iter().flatten().collect() })
    }

    fn method(&self, id: &'a str, properties: &'a Node) -> Option<Taking<'a>> {
        let integration = properties.get("Integration")?;
        let role = integration.get("Credentials")?;
        let action = integration.get("Uri").and_then(|uri| called(&self.resolver.text(uri)));
        let on = integration.get("RequestTemplates").and_then(|templates| self.machine(templates));
        let does = action.map(|action| Doing {
            on: on.filter(|_| action.starts_with("states:Start")),
            actions: vec![action],
            otherwise: NO_ANSWER,
        });
        let place = self.template.place(id, "/Integration/Credentials", role);
        Some(Taking { place, role, taker: id, service: API_GATEWAY, does: does.into_iter().collect() })
    }

    fn integration(&self, id: &'a str, properties: &'a Node) -> Option<Taking<'a>> {
        let role = properties.get("CredentialsArn")?;
        let subtype = properties.get("IntegrationSubtype").and_then(Node::as_str).and_then(Subtype::find);
        let on = properties.get("RequestParameters").and_then(|parameters| parameters.get("StateMachineArn"));
        let does = subtype.map(|subtype| Doing {
            actions: vec![subtype.action.to_owned()],
            on: on.and_then(|node| self.machine(node)),
            otherwise: NO_ANSWER,
        });
        let place = self.template.place(id, "/CredentialsArn", role);
        Some(Taking { place, role, taker: id, service: API_GATEWAY, does: does.into_iter().collect() })
    }

    /// The resource that a `Ref` or an attribute gives, and its type.
    fn resource(&self, node: &Node) -> Option<(ResourceType, String)> {
        Call::of(node).filter(|call| matches!(call.name, "Ref" | "GetAtt"))?;
        let id = references(node).first()?.name.clone();
        let resource = self.template.resources.get(&id)?;
        Some((ResourceType::of(&resource.resource_type)?, self.resolver.arn(&id)))
    }

    /// What it takes to call a target.
    fn called(&self, node: &Node, wait: bool, otherwise: &'static str) -> Option<Doing> {
        let (kind, arn) = self.resource(node)?;
        Some(Doing { actions: vec![invocation::to_call(kind, wait)?.to_owned()], on: Some(arn), otherwise })
    }

    /// What it takes to read a source.
    fn polled(&self, node: &Node) -> Option<Doing> {
        let (kind, arn) = self.resource(node)?;
        let actions = invocation::to_poll(kind)?.iter().map(|action| (*action).to_owned()).collect();
        // The ARN of a stream is not that of its table.
        Some(Doing { actions, on: (kind == ResourceType::SqsQueue).then_some(arn), otherwise: NO_SOURCE })
    }

    /// The only state machine that is referred to.
    fn machine(&self, node: &Node) -> Option<String> {
        let mut found: Vec<String> = references(node).into_iter().map(|reference| reference.name).collect();
        found.retain(|id| {
            self.template.resources.get(id).is_some_and(|resource| resource.is_one_of(&ResourceType::STATE_MACHINES))
        });
        found.dedup();
        <[String; 1]>::try_from(found).ok().map(|[id]| self.resolver.arn(&id))
    }
}

/// Whether a pipe [waits](https://docs.aws.amazon.com/eventbridge/latest/pipes-reference/API_PipeTargetStateMachineParameters.html) for the executions
/// that it starts, if it says so; a pipe to anything else does not.
fn waits(properties: &Node) -> Option<bool> {
    let Some(parameters) = properties.get("TargetParameters") else { return Some(false) };
    let Some(machine) = parameters.get("StepFunctionStateMachineParameters") else { return Some(false) };
    match machine.get("InvocationType")?.as_str()? {
        "FIRE_AND_FORGET" => Some(false),
        "REQUEST_RESPONSE" => Some(true),
        _ => None,
    }
}
