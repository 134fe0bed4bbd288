//! What SAM's translator says of properties together.

mod apis;
mod events;
mod functions;
mod globals;
mod http;
mod policies;
mod rest;
mod sources;

use crate::aws::ResourceType;
use crate::lint::Findings;
use crate::lint::rule::rule;
use crate::loaded::{Call, LoadedStack, LoadedTemplate, Place, below};
use crate::source::{Kind, Node};

rule! {
    /// Template that SAM refuses
    ///
    /// # What it does
    /// Checks what SAM's translator refuses: a state machine needs either `Definition` or `DefinitionUri`, and either `Role` or
    /// `Policies`; some properties need an alias; dead letters need `Arn` or `Type: SQS`; an event sets either `State` or `Enabled`; the
    /// API, authorizer or bucket that an event names must exist; a path and method may occur only once per API; policy templates need
    /// their parameters; the destinations of a function and the contents of `Globals` must be valid; a simple table needs a valid
    /// primary key; the events of
    /// Kafka, Amazon MQ and DocumentDB need a way in; the parts of APIs and of their domains, gateway responses and usage plans must be
    /// known; and no resource may have the logical ID of a resource that SAM generates.
    ///
    /// Source: [SAM's translator](https://github.com/aws/serverless-application-model) and its tests (`error_*`).
    ///
    /// # Why is this bad
    /// The SAM transform fails, and the deployment with it.
    ///
    /// # Example
    /// ```yaml
    /// ObjectCreated:
    ///   Type: AWS::Serverless::StateMachine
    ///   Properties:
    ///     DefinitionUri: definitions/object_created.asl.json
    ///     Role: !GetAtt WorkflowRole.Arn
    ///     Policies:
    ///       - DynamoDBWritePolicy: {TableName: !Ref FilesTable}
    /// ```
    ///
    /// # Use instead
    /// ```yaml
    /// ObjectCreated:
    ///   Type: AWS::Serverless::StateMachine
    ///   Properties:
    ///     DefinitionUri: definitions/object_created.asl.json
    ///     Policies:
    ///       - DynamoDBWritePolicy: {TableName: !Ref FilesTable}
    /// ```
    pub(super) static RULE: "CFN409", "sam-refuses", Error = Stack(check);
}

fn check(stack: &LoadedStack, findings: &mut Findings<'_>) {
    for written in stack.written().iter().filter(|written| !written.other_transforms) {
        template(written, findings);
    }
}

fn template(template: &LoadedTemplate, findings: &mut Findings<'_>) {
    if template.serverless {
        globals::check(template, findings);
        apis::check(template, findings);
    }
    for (id, resource) in &template.resources {
        let empty = Node { kind: Kind::Null, span: resource.place.span, tag: None };
        let properties = template.properties(id).unwrap_or(&empty);
        if Call::of(properties).is_some() || properties.get("Fn::Transform").is_some() {
            continue;
        }
        let mut judge = Judge { template, id, place: &resource.place, findings };
        match ResourceType::of(&resource.resource_type) {
            Some(ResourceType::ServerlessStateMachine) => {
                judge.machine(properties);
                judge.policies(properties);
                judge.events(properties, false);
            }
            Some(ResourceType::ServerlessFunction) => {
                judge.function(properties);
                judge.policies(properties);
                judge.events(properties, true);
            }
            Some(ResourceType::ServerlessSimpleTable) => judge.simple_table(properties),
            Some(ResourceType::ServerlessApi) => {
                judge.api(properties);
                judge.rest(properties);
            }
            Some(ResourceType::ServerlessHttpApi) => judge.http(properties),
            Some(ResourceType::ServerlessApplication) => judge.application(properties),
            Some(ResourceType::ServerlessConnector) => judge.connector(properties),
            _ => match ResourceType::of_sam(&resource.resource_type) {
                Some("WebSocketApi") => judge.web_socket(properties),
                Some("CapacityProvider") => judge.capacity_provider(properties),
                _ => {}
            },
        }
    }
}

/// Holds one resource against the translator's own checks.
struct Judge<'a, 'b, 'c> {
    template: &'a LoadedTemplate,
    id: &'a str,
    place: &'a Place,
    findings: &'b mut Findings<'c>,
}

impl Judge<'_, '_, '_> {
    fn at(&mut self, pointer: &str, node: &Node, message: &str) {
        let place = self.template.place(self.id, pointer, node);
        self.findings.add(place, format!("SAM refuses the template: {message}"));
    }

    fn machine(&mut self, properties: &Node) {
        let uri = given(properties, "DefinitionUri");
        match (given(properties, "Definition"), uri) {
            (Some(_), Some(uri)) => {
                self.at("/DefinitionUri", uri, "a state machine has `Definition` or `DefinitionUri`, not both")
            }
            (None, None) => {
                let message = "SAM refuses the template: a state machine needs `Definition` or `DefinitionUri`";
                self.findings.add(self.place.clone(), message);
            }
            _ => {}
        }
        if let Some(uri) = uri {
            self.location("DefinitionUri", uri);
        }
        if let (Some(_), Some(policies)) = (given(properties, "Role"), given(properties, "Policies")) {
            self.at(
                "/Policies",
                policies,
                "a state machine has `Role` or `Policies`, not both: the policies are for the role that SAM generates",
            );
        }
        if given(properties, "AutoPublishAlias").is_none() {
            for name in ["DeploymentPreference", "UseAliasAsEventTarget"] {
                if let Some(node) = given(properties, name).filter(|node| node.kind != Kind::Bool(false)) {
                    self.at(&below("", name), node, &format!("`{name}` needs `AutoPublishAlias`"));
                }
            }
        }
        if properties.get("Role").is_none() {
            self.generated(&format!("{}Role", self.id), "its role");
        }
    }

    /// Where a file is: in S3, or here until it is uploaded.
    fn location(&mut self, name: &str, uri: &Node) {
        if Call::of(uri).is_some() {
            return;
        }
        if !uri.entries().is_empty() && ["Bucket", "Key"].iter().any(|part| given(uri, part).is_none()) {
            self.at(&below("", name), uri, &format!("`{name}` needs `Bucket` and `Key`"));
        } else if uri.as_str().is_some_and(|text| text.starts_with("http://")) {
            self.at(&below("", name), uri, &format!("`{name}` is a file or `s3://bucket/key`"));
        }
    }

    /// Says that a logical id that SAM makes is taken.
    fn generated(&mut self, logical_id: &str, what: &str) {
        if let Some(taken) = self.template.resources.get(logical_id) {
            let message =
                format!("SAM refuses the template: it generates a resource `{logical_id}` of `{}`, {what}", self.id);
            self.findings.add(taken.place.clone(), message).help("rename this resource");
        }
    }

    fn api(&mut self, properties: &Node) {
        let stage = properties.get("StageName").filter(|node| node.tag.is_none());
        if let Some(stage) = stage.filter(|stage| stage.as_str() == Some("")) {
            self.at("/StageName", stage, "`StageName` is empty");
        }
        if let (Some(uri), Some(_)) = (given(properties, "DefinitionUri"), given(properties, "DefinitionBody")) {
            self.at("/DefinitionUri", uri, "an API has `DefinitionUri` or `DefinitionBody`, not both");
        }
        if let Some(uri) = given(properties, "DefinitionUri") {
            self.location("DefinitionUri", uri);
        }
        self.paths(properties);
        let default = properties.get("Auth").and_then(|auth| auth.get("DefaultAuthorizer"));
        if let Some(node) = default.filter(|node| Call::of(node).is_none() && !node.items().is_empty()) {
            self.at("/Auth/DefaultAuthorizer", node, "`DefaultAuthorizer` is the name of one authorizer");
        }
    }

    fn connector(&mut self, properties: &Node) {
        for (key, _) in properties.entries() {
            let known = ["Source", "Destination", "Permissions", "SourceReference"];
            if let Some(name) = key.as_str().filter(|name| !known.contains(name) && !name.contains("::")) {
                let shown: String = name.chars().take(80).collect();
                self.at(&below("", name), key, &format!("a connector has no property `{shown}`"));
            }
        }
        for end in ["Source", "Destination"] {
            let id = properties.get(end).and_then(|end| end.get("Id")).filter(|id| Call::of(id).is_none());
            if let Some(id) = id.filter(|id| id.as_str().is_none()) {
                self.at(&format!("/{end}/Id"), id, "`Id` must be the logical ID of a resource");
            }
        }
    }

    /// A path of an API's description is a mapping, and so is each of its methods.
    fn paths(&mut self, properties: &Node) {
        let Some(body) = given(properties, "DefinitionBody").filter(|body| Call::of(body).is_none()) else { return };
        let wrong = |node: &Node| Call::of(node).is_none() && !matches!(node.kind, Kind::Mapping(_));
        for (path, item) in body.get("paths").filter(|paths| Call::of(paths).is_none()).map_or(&[][..], Node::entries) {
            let Some(path) = path.as_str() else { continue };
            let pointer = format!("/DefinitionBody/paths{}", below("", path));
            if wrong(item) {
                self.at(&pointer, item, &format!("the path `{path}` must be a mapping of methods"));
            }
            for (method, operation) in item.entries().iter().filter(|_| Call::of(item).is_none()) {
                let Some(method) = method.as_str().filter(|method| METHODS.contains(&method.to_lowercase().as_str()))
                else {
                    continue;
                };
                if wrong(operation) {
                    self.at(
                        &format!("{pointer}/{method}"),
                        operation,
                        &format!("the method `{method}` of `{path}` must be a mapping"),
                    );
                }
            }
        }
    }

    fn simple_table(&mut self, properties: &Node) {
        let Some(key) = given(properties, "PrimaryKey").filter(|key| Call::of(key).is_none()) else { return };
        for name in ["Name", "Type"].into_iter().filter(|name| key.get(name).is_none()) {
            self.at("/PrimaryKey", key, &format!("a `PrimaryKey` needs a `{name}`"));
        }
        let kind = key.get("Type").filter(|kind| Call::of(kind).is_none());
        if let Some(kind) = kind
            && kind.as_str().is_some_and(|text| !["String", "Number", "Binary"].contains(&text) && !text.contains("${"))
        {
            self.at("/PrimaryKey/Type", kind, "the `Type` of a `PrimaryKey` is `String`, `Number` or `Binary`");
        }
    }
}

/// The methods of a path.
const METHODS: [&str; 8] =
    ["get", "put", "post", "delete", "options", "head", "patch", "x-amazon-apigateway-any-method"];

fn is_map(node: &Node) -> bool {
    matches!(node.kind, Kind::Mapping(_))
}

/// Whether a property is missing or empty. A function may give it.
fn lacks(properties: &Node, name: &str) -> bool {
    properties.get(name).is_none_or(|node| Call::of(node).is_none() && given(properties, name).is_none())
}

/// A property that says something: what is empty, or `AWS::NoValue`, does not.
fn given<'a>(properties: &'a Node, name: &str) -> Option<&'a Node> {
    let node = properties.get(name)?;
    let no_value = Call::of(node).is_some_and(|call| call.is_no_value());
    let empty = match &node.kind {
        Kind::Null => true,
        Kind::String(text) => text.is_empty(),
        Kind::Sequence(items) => items.is_empty(),
        Kind::Mapping(entries) => entries.is_empty(),
        _ => false,
    };
    (!no_value && !empty).then_some(node)
}
