use crate::aws::ResourceType;
use crate::lint::Findings;
use crate::lint::rule::rule;
use crate::loaded::{Call, LoadedStack, LoadedTemplate};
use crate::source::Node;

rule! {
    /// Invalid log destination
    ///
    /// # What it does
    /// Checks that a state machine with logs has one destination, and that the ARN of its log group ends with `:*`.
    ///
    /// Sources: Step Functions'
    /// [CloudWatchLogsLogGroup](https://docs.aws.amazon.com/step-functions/latest/apireference/API_CloudWatchLogsLogGroup.html):
    /// "The ARN must end with `:*`"; and its
    /// [LoggingConfiguration](https://docs.aws.amazon.com/step-functions/latest/apireference/API_LoggingConfiguration.html): destinations are
    /// "required, if your log level is not set to `OFF`", and "limited to size 1".
    ///
    /// # Why is this bad
    /// Step Functions refuses the state machine: the log destination is invalid.
    ///
    /// # Example
    /// ```yaml
    /// LogGroupArn: !Sub arn:${AWS::Partition}:logs:${AWS::Region}:${AWS::AccountId}:log-group:${Logs}
    /// ```
    ///
    /// # Use instead
    /// ```yaml
    /// LogGroupArn: !GetAtt Logs.Arn
    /// ```
    pub(super) static RULE: "CFN412", "log-group-arn", Error = Stack(check);
}

fn check(stack: &LoadedStack, findings: &mut Findings<'_>) {
    let Some(template) = stack.template.as_ref().filter(|template| !template.other_transforms) else { return };
    for (id, resource) in &template.resources {
        let property = match ResourceType::of(&resource.resource_type) {
            Some(ResourceType::ServerlessStateMachine) => "Logging",
            Some(ResourceType::StepFunctionsStateMachine) => "LoggingConfiguration",
            _ => continue,
        };
        let logging = template.properties(id).and_then(|properties| properties.get(property));
        if let Some(logging) = logging {
            count(template, id, property, logging, findings);
        }
        let Some(destinations) = logging.and_then(|logging| logging.get("Destinations")) else { continue };
        for (at, destination) in destinations.items().iter().enumerate() {
            let Some(arn) = destination.get("CloudWatchLogsLogGroup").and_then(|group| group.get("LogGroupArn")) else {
                continue;
            };
            if ends_well(template, arn) == Some(false) {
                let pointer = format!("/{property}/Destinations/{at}/CloudWatchLogsLogGroup/LogGroupArn");
                let place = template.place(id, &pointer, arn);
                findings
                    .add(place, "Step Functions refuses the log destination: its ARN does not end with `:*`")
                    .help("the `Arn` attribute of a log group (`!GetAtt`) ends with `:*`");
            }
        }
    }
}

/// Says that there is no destination, or more than one.
fn count(template: &LoadedTemplate, id: &str, property: &str, logging: &Node, findings: &mut Findings<'_>) {
    let level = logging.get("Level").filter(|node| Call::of(node).is_none()).and_then(Node::as_str);
    let (pointer, node, given) = match logging.get("Destinations") {
        None => (format!("/{property}"), logging, 0),
        Some(node) if Call::of(node).is_some() || node.items().iter().any(|item| Call::of(item).is_some()) => return,
        Some(node) => (format!("/{property}/Destinations"), node, node.items().len()),
    };
    let refused = "Step Functions refuses the log configuration";
    match (level, given) {
        (Some("ALL" | "ERROR" | "FATAL"), 0) if Call::of(logging).is_none() => {
            let message = format!("{refused}: with a `Level` other than `OFF` it has one destination");
            findings.add(template.place(id, &pointer, node), message);
        }
        (_, 2..) => {
            let message = format!("{refused}: it has at most one destination");
            findings.add(template.place(id, &pointer, node), message);
        }
        _ => {}
    }
}

/// Whether an ARN ends with `:*`; `None` if that is not known.
fn ends_well(template: &LoadedTemplate, node: &Node) -> Option<bool> {
    let text = |text: &str| (!text.is_empty() && !text.ends_with('}')).then(|| text.ends_with(":*"));
    let Some(call) = Call::of(node) else {
        return node.as_str().filter(|_| node.tag.is_none()).and_then(text);
    };
    match call.name {
        // A log group's `Ref` is its name.
        "Ref" => of_group(template, call.text()?),
        "Sub" => {
            let (text_node, given) = call.sub()?;
            let said = text_node.as_str()?;
            match said.strip_suffix('}').and_then(|rest| rest.rsplit_once("${")) {
                Some((_, name)) if given.is_empty() => of_group(template, name),
                Some(_) => None,
                None => text(said),
            }
        }
        "Join" => {
            let [separator, items] = call.argument.items() else { return None };
            let end = items.items().last()?;
            match end.as_str().filter(|_| Call::of(end).is_none()) {
                Some("*") => Some(separator.as_str()?.ends_with(':')),
                Some(said) => text(said),
                None => ends_well(template, end),
            }
        }
        _ => None,
    }
}

/// The name of a log group of the template is no end of an ARN.
fn of_group(template: &LoadedTemplate, name: &str) -> Option<bool> {
    let resource = template.resources.get(name)?;
    (resource.resource_type == ResourceType::LogsLogGroup).then_some(false)
}
