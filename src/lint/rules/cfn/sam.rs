use crate::lint::Findings;
use crate::lint::rule::rule;
use crate::loaded::{Call, LoadedStack, LoadedTemplate, Place, below, references};
use crate::source::{Kind, Node};

rule! {
    /// Template that SAM refuses
    ///
    /// # What it does
    /// Checks what SAM says of properties together: a state machine has `Definition` or `DefinitionUri`, `Role` or `Policies`; an
    /// alias where one is needed; `Arn` or `Type: SQS` for dead letters; `State` or `Enabled`; the authorizers of an API that an
    /// event names; the primary key of a simple table; and no resource of the template has the logical id of one that SAM makes.
    ///
    /// Source: [SAM's translator](https://github.com/aws/serverless-application-model), whose tests say the same.
    ///
    /// # Why is this bad
    /// The transform fails, and with it the deployment.
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
    let Some(template) = stack.template.as_ref().filter(|template| !template.other_transforms) else { return };
    for (id, resource) in &template.resources {
        let empty = Node { kind: Kind::Null, span: resource.place.span, tag: None };
        let properties = template.properties(id).unwrap_or(&empty);
        if Call::of(properties).is_some() {
            continue;
        }
        let mut judge = Judge { template, id, place: &resource.place, findings };
        match resource.resource_type.as_str() {
            "AWS::Serverless::StateMachine" => {
                judge.machine(properties);
                judge.events(properties);
            }
            "AWS::Serverless::Function" => judge.events(properties),
            "AWS::Serverless::SimpleTable" => judge.simple_table(properties),
            "AWS::Serverless::Api" => judge.default_authorizer(properties),
            _ => {}
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
        if let Some(uri) = uri.filter(|uri| Call::of(uri).is_none() && !uri.entries().is_empty())
            && ["Bucket", "Key"].iter().any(|name| given(uri, name).is_none())
        {
            self.at("/DefinitionUri", uri, "`DefinitionUri` needs `Bucket` and `Key`");
        }
        if let (Some(_), Some(policies)) = (given(properties, "Role"), given(properties, "Policies")) {
            self.at(
                "/Policies",
                policies,
                "a state machine has `Role` or `Policies`, not both: the policies are for the role that SAM makes",
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

    /// Says that a logical id that SAM makes is taken.
    fn generated(&mut self, logical_id: &str, what: &str) {
        if let Some(taken) = self.template.resources.get(logical_id) {
            let message =
                format!("SAM refuses the template: it makes a resource `{logical_id}` of `{}`, {what}", self.id);
            self.findings.add(taken.place.clone(), message).help("give this one another logical id");
        }
    }

    fn events(&mut self, properties: &Node) {
        let Some(events) = properties.get("Events").filter(|events| Call::of(events).is_none()) else { return };
        for (key, event) in events.entries() {
            let (Some(name), Some(kind)) = (key.as_str(), event.get("Type").and_then(Node::as_str)) else { continue };
            let Some(properties) = event.get("Properties").filter(|properties| Call::of(properties).is_none()) else {
                continue;
            };
            let pointer = format!("{}/Properties", below("/Events", name));
            match kind {
                "Schedule" | "ScheduleV2" | "CloudWatchEvent" | "EventBridgeRule" => {
                    self.dead_letters(properties, &pointer);
                    self.state(properties, &pointer);
                    self.generated(&format!("{}{name}", self.id), "the rule of an event");
                }
                "Api" => self.authorizer(properties, &pointer),
                _ => {}
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
            (None, None) => "`DeadLetterConfig` needs the `Arn` of a queue, or `Type: SQS` for one that SAM makes",
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
        let named = references(properties.get("RestApiId").unwrap_or(properties)).into_iter().next();
        let Some(api) = named.filter(|_| properties.get("RestApiId").is_some()) else { return };
        let Some(resource) = self.template.resources.get(&api.name) else { return };
        if resource.resource_type != "AWS::Serverless::Api" || self.template.section("Globals", "Api").is_some() {
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

    fn default_authorizer(&mut self, properties: &Node) {
        let default = properties.get("Auth").and_then(|auth| auth.get("DefaultAuthorizer"));
        if let Some(node) = default.filter(|node| Call::of(node).is_none() && !node.items().is_empty()) {
            self.at("/Auth/DefaultAuthorizer", node, "`DefaultAuthorizer` is the name of one authorizer");
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

/// A property that says something: what is empty, or `AWS::NoValue`, does not.
fn given<'a>(properties: &'a Node, name: &str) -> Option<&'a Node> {
    let node = properties.get(name)?;
    let no_value = Call::of(node).is_some_and(|call| call.name == "Ref" && call.text() == Some("AWS::NoValue"));
    let empty = match &node.kind {
        Kind::Null => true,
        Kind::String(text) => text.is_empty(),
        Kind::Sequence(items) => items.is_empty(),
        Kind::Mapping(entries) => entries.is_empty(),
        _ => false,
    };
    (!no_value && !empty).then_some(node)
}
