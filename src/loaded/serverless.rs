//! `serverless.yml` with the `stepFunctions` of [serverless-step-functions](https://github.com/serverless-operations/serverless-step-functions)
//! (its README, read 2026-11-29), as the template that the Serverless Framework makes of it, as far as that is known: the state machines
//! with their events, the functions, and the resources that stand in it in CloudFormation's words. Every value keeps its place.

use std::cell::Cell;
use std::sync::LazyLock;

use regex::Regex;

use crate::aws::ResourceType;
use crate::source::{Kind, Node, Span};

/// A variable: `${self:custom.table}`, `${opt:stage, 'dev'}`, `${file(x.yml)}`. CloudFormation's `${Name}` has none of these.
static VARIABLE: LazyLock<Option<Regex>> = LazyLock::new(|| Regex::new(r"\$\{\s*([A-Za-z]+(?::|\()[^{}]*)\}").ok());
/// How often variables are looked for in what variables came to.
const ROUNDS: usize = 8;
/// How many values the variables of a service may come to.
const MAX_VALUES: usize = 200_000;
/// The longest text that variables may make.
const MAX_TEXT: usize = 1 << 16;

/// The template that a service comes to; `None` for any other document.
pub(super) fn template(root: &Node) -> Option<Node> {
    let machines = root.get("stepFunctions")?.get("stateMachines")?;
    root.get("service").or_else(|| root.get("provider"))?;
    let service = Service { root, left: Cell::new(MAX_VALUES) };
    let mut resources = Vec::new();
    for (key, machine) in machines.entries() {
        service.machine(key, machine, &mut resources);
    }
    for (key, function) in root.get("functions").map_or(&[][..], Node::entries) {
        let properties = mapping(Vec::new(), function.span);
        resources.push((key.clone(), resource(ResourceType::LambdaFunction, properties, function.span)));
    }
    let own = root.get("resources").and_then(|resources| resources.get("Resources"));
    for (key, body) in own.map_or(&[][..], Node::entries) {
        resources.push((key.clone(), service.put(body, ROUNDS)));
    }
    let span = root.span;
    let mut sections = vec![(text("Resources", span), mapping(resources, span))];
    // Plugins may add whatever they like.
    sections.push((text("Transform", span), text("Serverless", span)));
    for name in ["Parameters", "Conditions", "Mappings"] {
        if let Some(section) = root.get("resources").and_then(|resources| resources.get(name)) {
            sections.push((text(name, section.span), service.put(section, ROUNDS)));
        }
    }
    Some(mapping(sections, span))
}

struct Service<'a> {
    root: &'a Node,
    left: Cell<usize>,
}

impl Service<'_> {
    fn machine(&self, key: &Node, machine: &Node, resources: &mut Vec<(Node, Node)>) {
        let Some(name) = key.as_str() else { return };
        let span = machine.span;
        let mut properties = Vec::new();
        if let Some(definition) = machine.get("definition") {
            properties.push(self.definition(definition));
        }
        for (from, to) in [("name", "StateMachineName"), ("type", "StateMachineType"), ("role", "RoleArn")] {
            if let Some(value) = machine.get(from) {
                properties.push((text(to, value.span), self.put(value, ROUNDS)));
            }
        }
        // Whatever is not known here is given when the service is packaged.
        let open = mapping(vec![(text("Ref", span), text("Variables", span))], span);
        properties.push((text("DefinitionSubstitutions", span), open));
        let machine_type = ResourceType::StepFunctionsStateMachine;
        resources.push((key.clone(), resource(machine_type, mapping(properties, span), span)));
        let events = machine.get("events").map_or(&[][..], Node::items);
        for (at, event) in events.iter().enumerate() {
            if let Some(rule) = self.rule(name, event) {
                resources.push((text(&format!("{name}Event{}", at + 1), event.span), rule));
            }
        }
    }

    fn definition(&self, definition: &Node) -> (Node, Node) {
        let file = definition.as_str().and_then(|text| {
            text.strip_prefix("${file(")?.strip_suffix(")}").filter(|path| !path.contains(['$', '(', ')', ':']))
        });
        match file {
            Some(path) => (text("DefinitionUri", definition.span), text(path.trim(), definition.span)),
            None => (text("Definition", definition.span), self.put(definition, ROUNDS)),
        }
    }

    /// The rule of an event of EventBridge's, or of a schedule.
    fn rule(&self, machine: &str, event: &Node) -> Option<Node> {
        let span = event.span;
        let (kind, settings) = event.entries().first().map(|(kind, settings)| (kind.as_str(), settings))?;
        let mut properties = Vec::new();
        match kind? {
            "eventBridge" | "cloudwatchEvent" => {
                let pattern = settings.get("event")?;
                properties.push((text("EventPattern", pattern.span), self.put(pattern, ROUNDS)));
                if let Some(bus) = settings.get("eventBusName") {
                    properties.push((text("EventBusName", bus.span), self.put(bus, ROUNDS)));
                }
            }
            "schedule" => {
                let rate = settings.get("rate").unwrap_or(settings);
                properties.push((text("ScheduleExpression", rate.span), self.put(rate, ROUNDS)));
            }
            _ => return None,
        }
        if settings.get("enabled").is_some_and(|enabled| enabled.kind == Kind::Bool(false)) {
            properties.push((text("State", span), text("DISABLED", span)));
        }
        let arn = mapping(vec![(text("Ref", span), text(machine, span))], span);
        let mut target = vec![(text("Arn", span), arn), (text("Id", span), text("machine", span))];
        // The plugin makes a role that may start the machine.
        let role = mapping(vec![(text("Fn::ImportValue", span), text("Role", span))], span);
        target.push((text("RoleArn", span), role));
        for (from, to) in [("inputPath", "InputPath"), ("inputTransformer", "InputTransformer")] {
            if let Some(value) = settings.get(from) {
                target.push((text(to, value.span), self.transformed(value)));
            }
        }
        if let Some(input) = settings.get("input") {
            let made = super::value::value(&self.put(input, ROUNDS));
            let input_text = made.as_str().map_or_else(|| made.to_string(), str::to_owned);
            target.push((text("Input", input.span), text(&input_text, input.span)));
        }
        let targets = Node { kind: Kind::Sequence(vec![mapping(target, span)]), span, tag: None };
        properties.push((text("Targets", span), targets));
        Some(resource(ResourceType::EventsRule, mapping(properties, span), span))
    }

    /// An input transformer, whose fields the plugin writes with small letters.
    fn transformed(&self, value: &Node) -> Node {
        let mut value = self.put(value, ROUNDS);
        if let Kind::Mapping(entries) = &mut value.kind {
            for (key, _) in entries {
                let name = match key.as_str() {
                    Some("inputPathsMap") => "InputPathsMap",
                    Some("inputTemplate") => "InputTemplate",
                    _ => continue,
                };
                key.kind = Kind::String(name.to_owned());
            }
        }
        value
    }

    /// A value with its variables put in, as far as the file itself says what they are. The others become `${Name}`.
    fn put(&self, node: &Node, rounds: usize) -> Node {
        let Some(left) = self.left.get().checked_sub(1) else { return node.clone() };
        self.left.set(left);
        let kind = match &node.kind {
            Kind::String(said) if said.contains("${") => {
                if let Some(value) = self.whole(said).filter(|_| rounds > 0) {
                    let value = self.put(value, rounds - 1);
                    return Node { span: node.span, ..value };
                }
                Kind::String(self.text(said, rounds))
            }
            Kind::Sequence(items) => Kind::Sequence(items.iter().map(|item| self.put(item, rounds)).collect()),
            Kind::Mapping(entries) => {
                Kind::Mapping(entries.iter().map(|(key, value)| (key.clone(), self.put(value, rounds))).collect())
            }
            other => other.clone(),
        };
        Node { kind, span: node.span, tag: node.tag.clone() }
    }

    /// What a text is that is one variable of the file's own, and nothing else.
    fn whole(&self, said: &str) -> Option<&Node> {
        let inner = said.trim().strip_prefix("${self:")?.strip_suffix('}')?;
        // The whole file would hold itself.
        self.own(inner).filter(|found| found.span != self.root.span)
    }

    fn own(&self, path: &str) -> Option<&Node> {
        path.trim().split('.').try_fold(self.root, |node, name| node.get(name))
    }

    fn text(&self, said: &str, rounds: usize) -> String {
        let Some(pattern) = VARIABLE.as_ref() else { return said.to_owned() };
        let mut made = said.to_owned();
        for _ in 0..rounds {
            if !pattern.is_match(&made) || made.len() > MAX_TEXT {
                break;
            }
            made = pattern.replace_all(&made, |found: &regex::Captures<'_>| self.variable(&found[1])).into_owned();
        }
        made
    }

    fn variable(&self, said: &str) -> String {
        let literal = |text: &str| {
            let inner = |quote: char| text.strip_prefix(quote).and_then(|rest| rest.strip_suffix(quote));
            inner('\'').or_else(|| inner('"')).map(str::to_owned)
        };
        let known = |source: &str| match source.trim() {
            // The stage is chosen on the command line, or else where the service says so.
            "opt:stage" => None,
            "sls:stage" => Some(self.own("provider.stage").and_then(Node::as_str).unwrap_or("dev").to_owned()),
            source => match source.strip_prefix("self:") {
                Some(path) => self.own(path).map(super::value::value).map(|value| super::value::text(&value)),
                None => literal(source),
            },
        };
        match said.split(',').find_map(known) {
            Some(text) => text,
            None => format!("${{{}}}", said.chars().filter(char::is_ascii_alphanumeric).collect::<String>()),
        }
    }
}

fn text(text: &str, span: Span) -> Node {
    Node { kind: Kind::String(text.to_owned()), span, tag: None }
}

fn mapping(entries: Vec<(Node, Node)>, span: Span) -> Node {
    Node { kind: Kind::Mapping(entries), span, tag: None }
}

fn resource(resource_type: ResourceType, properties: Node, span: Span) -> Node {
    mapping(
        vec![(text("Type", span), text(resource_type.as_str(), span)), (text("Properties", span), properties)],
        span,
    )
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use crate::loaded::LoadedStack;

    const SERVICE: &str = "
service: files
provider: {name: aws, stage: '${opt:stage, \"test\"}'}
custom: {table: 'files-${self:provider.stage}', attempts: 3}
functions:
  resize: {handler: index.handler}
stepFunctions:
  stateMachines:
    record:
      type: EXPRESS
      events:
        - eventBridge: {event: {source: [aws.s3], detail: {bucket: {name: [!Ref Files]}}}}
        - schedule: rate(1 day)
        - http: {path: x, method: GET}
      definition:
        StartAt: Record
        States:
          Record:
            Type: Task
            Resource: arn:aws:states:::dynamodb:putItem
            Parameters: {TableName: '${self:custom.table}', Item: {Name: {S: '${env:NAME}'}}}
            Retry: [{ErrorEquals: [States.ALL], MaxAttempts: '${self:custom.attempts}'}]
            Next: Resize
          Resize: {Type: Task, Resource: !GetAtt resize.Arn, End: true}
resources:
  Resources:
    Files: {Type: AWS::S3::Bucket}
    Table:
      Type: AWS::DynamoDB::Table
      Properties: {TableName: '${self:custom.table}', KeySchema: [{AttributeName: Name, KeyType: HASH}]}
";

    #[test]
    fn a_service_is_the_stack_that_it_deploys() {
        let stack = LoadedStack::from_text("serverless.yml", SERVICE).unwrap();
        assert_eq!(stack.tables[0].name, "files-test");
        let states = &stack.machines[0].definition().unwrap()["States"];
        assert_eq!(states["Record"]["Parameters"]["TableName"], "files-test");
        assert_eq!(states["Record"]["Retry"][0]["MaxAttempts"], 3);
        assert_eq!(states["Record"]["Parameters"]["Item"]["Name"], json!({"S": "${envNAME}"}));
        assert_eq!(states["Resize"]["Resource"], "arn:aws:lambda:us-east-1:123456789012:function:resize");
        assert_eq!(stack.rules.len(), 2);
        assert_eq!(stack.rules[0].targets[0].logical_id.as_deref(), Some("record"));
        let definition = stack.machines[0].definition.as_ref().unwrap();
        let place = definition.root.pointer("/States/Record/Type").unwrap().span;
        assert_eq!(&SERVICE[place.start..place.end], "Task");
    }

    #[test]
    fn what_is_no_service_is_none() {
        for text in ["service: x\nprovider: {name: aws}\n", "stepFunctions: {stateMachines: {}}\n"] {
            assert!(LoadedStack::from_text("serverless.yml", text).is_err(), "{text}");
        }
    }

    #[test]
    fn variables_that_grow_are_cut_off() {
        let many = ["'${self:custom}'"; 40].join(", ");
        let text = format!(
            "service: x\ncustom: [{many}]\nstepFunctions: {{stateMachines: {{m: {{definition: '${{self:custom}}'}}}}}}\n"
        );
        assert_eq!(LoadedStack::from_text("serverless.yml", text).unwrap().machines.len(), 1);
    }

    #[test]
    fn variables_that_lead_to_each_other_end() {
        let text = "service: x\ncustom: {a: '${self:custom.b}', b: 'x${self:custom.a}${self:custom.a}'}\nstepFunctions: {stateMachines: {m: {name: '${self:custom.a}', definition: '${self:}'}}}\n";
        assert_eq!(LoadedStack::from_text("serverless.yml", text).unwrap().machines.len(), 1);
    }
}
