//! The events of functions and state machines.

use super::{Judge, given};
use crate::aws::ResourceType;
use crate::aws::sam::EVENTS_WITH_RULES;
use crate::loaded::{Call, below, references};
use crate::source::{Kind, Node};

/// Events of which SAM makes a resource by the name of the function or state machine and the event's.
const MAKES_ITSELF: [&str; 14] = [
    "CloudWatchEvent",
    "CloudWatchLogs",
    "DocumentDB",
    "DynamoDB",
    "EventBridgeRule",
    "IoTRule",
    "Kinesis",
    "MQ",
    "MSK",
    "Schedule",
    "ScheduleV2",
    "SelfManagedKafka",
    "SNS",
    "SQS",
];
/// Events of a function for which SAM makes a permission.
const MAKES_PERMISSION: [&str; 8] =
    ["AlexaSkill", "CloudWatchEvent", "CloudWatchLogs", "EventBridgeRule", "IoTRule", "S3", "Schedule", "SNS"];

impl Judge<'_, '_, '_> {
    /// The events of a function, or of a state machine.
    pub(super) fn events(&mut self, properties: &Node, function: bool) {
        let Some(events) = properties.get("Events").filter(|events| Call::of(events).is_none()) else { return };
        for (key, event) in events.entries() {
            let (Some(name), Some(kind)) = (key.as_str(), event.get("Type").and_then(Node::as_str)) else { continue };
            if MAKES_ITSELF.contains(&kind) {
                self.generated(&format!("{}{name}", self.id), &format!("what the event `{name}` is"));
            }
            if function && MAKES_PERMISSION.contains(&kind) {
                self.generated(
                    &format!("{}{name}Permission", self.id),
                    &format!("the permission of the event `{name}`"),
                );
            }
            let Some(properties) = event.get("Properties").filter(|properties| Call::of(properties).is_none()) else {
                continue;
            };
            let pointer = format!("{}/Properties", below("/Events", name));
            match kind {
                rule if EVENTS_WITH_RULES.contains(&rule) => {
                    self.dead_letters(properties, &pointer);
                    self.state(properties, &pointer);
                }
                "Api" => {
                    self.authorizer(properties, &pointer);
                    self.rest_api(properties, &pointer);
                    self.request_parameters(properties, &pointer);
                    self.request_model(properties, &pointer);
                }
                "HttpApi" => self.route(properties, &pointer),
                "S3" => self.bucket(properties, &pointer),
                other => self.polled(other, properties, &pointer),
            }
        }
    }

    fn dead_letters(&mut self, properties: &Node, pointer: &str) {
        let Some(config) = properties.get("DeadLetterConfig").filter(|config| Call::of(config).is_none()) else {
            return;
        };
        if !matches!(config.kind, Kind::Mapping(_)) {
            return;
        }
        let kind = config.get("Type");
        let message = match (config.get("Arn"), kind) {
            (Some(_), Some(_)) => "`DeadLetterConfig` has `Arn` or `Type`, not both",
            (None, None) => "`DeadLetterConfig` needs the `Arn` of a queue, or `Type: SQS` for one that SAM generates",
            (None, Some(kind)) if kind.as_str().is_some_and(|kind| kind != "SQS") && Call::of(kind).is_none() => {
                "the `Type` of a `DeadLetterConfig` is `SQS`"
            }
            (None, Some(_))
                if config.get("QueueLogicalId").is_some_and(|id| id.as_str().is_none() || Call::of(id).is_some()) =>
            {
                "`QueueLogicalId` must be a plain string, not a function"
            }
            _ => return,
        };
        self.at(&format!("{pointer}/DeadLetterConfig"), config, message);
    }

    fn state(&mut self, properties: &Node, pointer: &str) {
        if let (Some(_), Some(enabled)) = (given(properties, "State"), given(properties, "Enabled")) {
            self.at(&format!("{pointer}/Enabled"), enabled, "an event has `State` or `Enabled`, not both");
        }
        if let (Some(name), Some(Kind::Bool(true))) =
            (given(properties, "Name"), properties.get("OmitName").map(|node| &node.kind))
        {
            self.at(&format!("{pointer}/Name"), name, "an event has `Name` or `OmitName`, not both");
        }
    }

    /// The authorizer of a method has to be one of the API's.
    fn authorizer(&mut self, properties: &Node, pointer: &str) {
        let Some(id) = properties.get("RestApiId") else { return self.implicit_authorizer(properties, pointer) };
        let Some(api) = references(id).into_iter().next() else { return };
        let Some(resource) = self.template.resources.get(&api.name) else { return };
        if resource.resource_type != ResourceType::ServerlessApi || self.template.section("Globals", "Api").is_some() {
            return;
        }
        let Some(node) = properties.get("Auth").and_then(|auth| auth.get("Authorizer")) else { return };
        let Some(name) = node.as_str().filter(|_| Call::of(node).is_none()) else { return };
        let auth = self.template.properties(&api.name).and_then(|api| api.get("Auth"));
        if auth.is_some_and(|auth| Call::of(auth).is_some()) {
            return;
        }
        let authorizers = auth.and_then(|auth| auth.get("Authorizers"));
        let default = auth.and_then(|auth| auth.get("DefaultAuthorizer"));
        let message = match name {
            "NONE" if default.is_none() => "`NONE` is for APIs with a `DefaultAuthorizer`".to_owned(),
            "NONE" | "AWS_IAM" => return,
            _ if authorizers.is_some_and(|all| Call::of(all).is_some() || all.get(name).is_some()) => return,
            _ => format!("the API `{}` has no authorizer `{name}`", api.name),
        };
        self.at(&format!("{pointer}/Auth/Authorizer"), node, &message);
    }

    /// An authorizer of the API that SAM makes for events that name none.
    fn implicit_authorizer(&mut self, properties: &Node, pointer: &str) {
        let Some(node) = properties.get("Auth").and_then(|auth| auth.get("Authorizer")) else { return };
        let own = self.template.section("Globals", "Api").and_then(|api| api.get("Auth"));
        if own.is_none() && Call::of(node).is_none() && node.as_str() == Some("NONE") {
            self.at(&format!("{pointer}/Auth/Authorizer"), node, "`NONE` is for APIs with a `DefaultAuthorizer`");
        }
    }

    /// The API of an event is a REST API of the template.
    fn rest_api(&mut self, properties: &Node, pointer: &str) {
        let Some(node) = given(properties, "RestApiId") else { return };
        let pointer = format!("{pointer}/RestApiId");
        let name = match Call::of(node) {
            Some(call) if call.name == "Ref" => call.text(),
            Some(call) if call.name == "Transform" => return,
            Some(_) => None,
            None => node.as_str(),
        };
        let resources = &self.template.resources;
        let known = |name: &str| self.template.section("Parameters", name).is_some() || name.starts_with("Serverless");
        let found = match name {
            Some(name) if known(name) => return,
            Some(name) => resources.get(name),
            None => None,
        };
        if found.is_none_or(|api| api.resource_type == ResourceType::ServerlessHttpApi) {
            self.at(&pointer, node, "`RestApiId` is a `Ref` of an `AWS::Serverless::Api` of the template");
        }
    }

    /// `method.request.header.Authorization`, by itself or with what is asked of it.
    fn request_parameters(&mut self, properties: &Node, pointer: &str) {
        let Some(list) = given(properties, "RequestParameters").filter(|list| Call::of(list).is_none()) else { return };
        for (at, item) in list.items().iter().enumerate() {
            let key = item.entries().first().map(|(key, _)| key);
            let Some(name) = item.as_str().or_else(|| key?.as_str()).filter(|_| Call::of(item).is_none()) else {
                continue;
            };
            let known = ["querystring", "path", "header"].iter().any(|kind| {
                name.strip_prefix("method.request.")
                    .and_then(|rest| rest.strip_prefix(kind)?.strip_prefix('.'))
                    .is_some()
            });
            if !known {
                let message = "a request parameter is `method.request.`, `querystring`, `path` or `header`, and a name";
                self.at(&format!("{pointer}/RequestParameters/{at}"), item, message);
            }
        }
    }

    /// A request is validated, or not: SAM decides by it before it evaluates functions.
    fn request_model(&mut self, properties: &Node, pointer: &str) {
        let Some(model) = properties.get("RequestModel").filter(|model| Call::of(model).is_none()) else { return };
        for name in ["ValidateBody", "ValidateParameters"] {
            let Some(node) = model.get(name) else { continue };
            let is_text = Call::of(node).is_none() && node.as_str().is_some_and(|text| !text.contains("${"));
            if is_text {
                self.at(&format!("{pointer}/RequestModel/{name}"), node, &format!("`{name}` must be true or false"));
            }
        }
        let auth = properties.get("Auth").filter(|auth| Call::of(auth).is_none());
        if let Some(auth) = auth
            && auth.get("OverrideApiAuth").is_some_and(|node| node.kind == Kind::Bool(true))
            && ["Authorizer", "ApiKeyRequired", "ResourcePolicy"].iter().all(|name| auth.get(name).is_none())
        {
            let message = "`OverrideApiAuth` needs `Authorizer`, `ApiKeyRequired` or `ResourcePolicy`";
            self.at(&format!("{pointer}/Auth"), auth, message);
        }
    }

    /// A route of an HTTP API has a path and a method, or neither.
    fn route(&mut self, properties: &Node, pointer: &str) {
        match (given(properties, "Path"), given(properties, "Method")) {
            (Some(path), None) => self.at(&format!("{pointer}/Path"), path, "a `Path` needs a `Method`"),
            (None, Some(method)) => self.at(&format!("{pointer}/Method"), method, "a `Method` needs a `Path`"),
            _ => {}
        }
    }

    /// SAM switches on the notifications of the bucket itself, so that is of the template.
    fn bucket(&mut self, properties: &Node, pointer: &str) {
        let Some(node) = given(properties, "Bucket") else { return };
        let call = Call::of(node);
        let of_template = call.is_some_and(|call| {
            let known = |name: &str| self.template.resources.contains_key(name);
            call.name == "Transform" || call.name == "Ref" && call.text().is_none_or(known)
        });
        if !of_template {
            self.at(
                &format!("{pointer}/Bucket"),
                node,
                "the bucket of an `S3` event is a `Ref` of one of the template",
            );
        }
    }
}
