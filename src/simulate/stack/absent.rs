//! What calls name and nobody has made: queues, topics, buses, activities, functions. As with tables ([`super::elsewhere`]), a name that stands in calls
//! alone, in a stack that has such things of its own, is taken for a mistake, as the service would take it.

use std::cell::LazyCell;
use std::collections::BTreeSet;

use serde_json::Value;

use super::Machine;
use super::machine::named as named_machine;
use super::told::Told;
use crate::asl::program::{StateKind, Task};
use crate::aws::integration::{Resource, function_name};
use crate::aws::{Arn, ResourceType};
use crate::loaded::{LoadedStack, stand_in};
use crate::simulate::services::LocalServices;

/// A thing that does not exist, and that calls name.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Absent {
    /// What it would be.
    pub kind: AbsentKind,
    /// Its URL, ARN or name, as calls give it.
    pub id: String,
}

/// What a thing that does not exist would be.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum AbsentKind {
    /// A queue of SQS.
    Queue,
    /// A topic of SNS.
    Topic,
    /// An event bus.
    Bus,
    /// An activity of Step Functions.
    Activity,
    /// A function of Lambda.
    Function,
}

impl AbsentKind {
    /// What people call it.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Queue => "queue",
            Self::Topic => "topic",
            Self::Bus => "event bus",
            Self::Activity => "activity",
            Self::Function => "function",
        }
    }

    fn resource_types(self) -> &'static [ResourceType] {
        match self {
            Self::Queue => &[ResourceType::SqsQueue],
            Self::Topic => &[ResourceType::SnsTopic],
            Self::Bus => &[ResourceType::EventsEventBus],
            Self::Activity => &[ResourceType::StepFunctionsActivity],
            Self::Function => &ResourceType::FUNCTIONS,
        }
    }
}

impl Absent {
    /// Takes it out of the services.
    pub(super) fn take_from(&self, services: &mut LocalServices) {
        match self.kind {
            AbsentKind::Queue => services.sqs.remove(&self.id),
            AbsentKind::Topic => services.topics.remove(&self.id),
            AbsentKind::Bus => services.bus.remove(&self.id),
            AbsentKind::Function => services.functions.remove(&self.id),
            AbsentKind::Activity => _ = services.absent_activities.insert(self.id.clone()),
        }
    }

    fn name(&self) -> &str {
        if self.kind == AbsentKind::Function { function_name(&self.id) } else { last_part(&self.id) }
    }
}

/// What the calls of some machines name and does not exist.
pub(super) fn absent(stack: &LoadedStack, machines: &[Machine]) -> Vec<Absent> {
    let Some(template) = stack.template.as_ref().filter(|template| !template.other_transforms) else {
        return Vec::new();
    };
    let Some(resolver) = stack.resolver() else { return Vec::new() };
    let told = LazyCell::new(|| Told::of(stack));
    let is_absent = |one: &Absent| {
        let of_kind = template.resources.values().filter(|resource| resource.is_one_of(one.kind.resource_types()));
        let mut declared = of_kind.map(|own| own.logical_id.as_str()).peekable();
        let declares = declared.peek().is_some();
        // A generated name has the logical id in it.
        let is_own = |id: &str| one.name().contains(id) || resolver.physical_name(id) == one.name();
        declares && !is_foreign(&one.id) && !declared.any(is_own) && !told.knows(one.name())
    };
    let named: BTreeSet<Absent> = machines.iter().flat_map(named).collect();
    named.into_iter().filter(is_absent).collect()
}

/// The state machines that calls start, that are not among these, and that somebody else may have made.
pub(super) fn machines_elsewhere(stack: &LoadedStack, machines: &[Machine]) -> BTreeSet<String> {
    let told = LazyCell::new(|| Told::of(stack));
    let started = machines.iter().flat_map(calls).filter_map(|(task, arguments)| {
        let starts = task.resource.service().is_some_and(|service| matches!(service, "states" | "sfn"));
        arguments["StateMachineArn"].as_str().filter(|arn| starts && is_written_out(arn) && arn.starts_with("arn:"))
    });
    let exists = |arn: &str| stack.template.is_none() || is_foreign(arn) || told.knows(last_part(arn));
    started.filter(|arn| named_machine(machines, arn).is_none() && exists(arn)).map(str::to_owned).collect()
}

/// What the calls of a machine name, where they write it out.
fn named(machine: &Machine) -> Vec<Absent> {
    let named = calls(machine).flat_map(|(task, arguments)| of_call(task, arguments));
    let written = named.filter(|(_, id)| !id.is_empty() && is_written_out(id));
    written.map(|(kind, id)| Absent { kind, id: id.to_owned() }).collect()
}

/// The tasks of a machine, each with its arguments as they are written.
fn calls(machine: &Machine) -> impl Iterator<Item = (&Task, &Value)> {
    machine.program.states().filter_map(|(_, state)| {
        let StateKind::Task(task) = &state.kind else { return None };
        let fields = ["Parameters", "Arguments"].map(|name| format!("{}/{name}", state.pointer));
        let arguments = fields.iter().find_map(|pointer| machine.definition.pointer(pointer));
        Some((task.as_ref(), arguments.unwrap_or(&Value::Null)))
    })
}

/// Whether a text is no expression, and has no placeholder left.
fn is_written_out(text: &str) -> bool {
    !text.contains("${") && !text.contains(['{', '%', '*'])
}

/// The last part of a URL or an ARN.
fn last_part(id: &str) -> &str {
    id.rsplit(['/', ':']).next().unwrap_or(id)
}

/// Whether a URL or an ARN is of another account or Region than the stack's.
fn is_foreign(id: &str) -> bool {
    let of = |account: &str, region: &str| {
        (!account.is_empty() && account != stand_in::ACCOUNT) || (!region.is_empty() && region != stand_in::REGION)
    };
    match (Arn::read(id), id.strip_prefix("https://sqs.").and_then(|rest| rest.split_once('/'))) {
        (Some(arn), _) => of(arn.account, arn.region),
        (None, Some((host, path))) => {
            of(path.split('/').next().unwrap_or_default(), host.split('.').next().unwrap_or_default())
        }
        (None, None) => false,
    }
}

fn of_call<'a>(task: &'a Task, arguments: &'a Value) -> Vec<(AbsentKind, &'a str)> {
    let text = |kind, name: &str| arguments[name].as_str().map(|text| (kind, text));
    if let Resource::Activity { .. } = task.resource {
        return vec![(AbsentKind::Activity, task.resource.arn())];
    }
    if let Resource::Function { .. } = task.resource {
        return vec![(AbsentKind::Function, task.resource.arn())];
    }
    match (task.resource.service(), task.resource.action()) {
        (Some("lambda"), Some("invoke")) => text(AbsentKind::Function, "FunctionName").into_iter().collect(),
        (Some("sqs"), Some(action)) if action != "createQueue" => {
            text(AbsentKind::Queue, "QueueUrl").into_iter().collect()
        }
        (Some("sns"), Some(action)) if action != "createTopic" => {
            ["TopicArn", "TargetArn"].into_iter().filter_map(|name| text(AbsentKind::Topic, name)).collect()
        }
        (Some("events" | "eventbridge"), Some("putEvents")) => {
            let entries = arguments["Entries"].as_array().into_iter().flatten();
            let buses = entries.filter_map(|entry| entry["EventBusName"].as_str());
            let own = buses.filter(|bus| *bus != "default" && !bus.ends_with("/default"));
            own.map(|bus| (AbsentKind::Bus, bus)).collect()
        }
        _ => Vec::new(),
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;
    use crate::simulate::stack::RunnableStack;

    fn task(call: &str, arguments: &Value) -> Value {
        json!({"Type": "Task", "Resource": call, "Parameters": arguments, "End": true})
    }

    /// A stack with a queue, a topic, a bus, an activity and one call, in which `A` is what is substituted.
    fn stack(call: &str, arguments: &Value, substituted: &Value) -> RunnableStack {
        let template = json!({
            "Transform": "AWS::Serverless-2016-10-31",
            "Parameters": {"Stage": {"Type": "String", "Default": "prod"}, "Url": {"Type": "String"}},
            "Resources": {
                "Queue": {"Type": "AWS::SQS::Queue"},
                "Named": {"Type": "AWS::SQS::Queue", "Properties": {"QueueName": "named"}},
                "Topic": {"Type": "AWS::SNS::Topic"},
                "F": {"Type": "AWS::Serverless::Function", "Properties": {"FunctionName": "own"}},
                "Bus": {"Type": "AWS::Events::EventBus", "Properties": {"Name": "own"}},
                "Activity": {"Type": "AWS::StepFunctions::Activity", "Properties": {"Name": "own"}},
                "M": {
                    "Type": "AWS::Serverless::StateMachine",
                    "Properties": {
                        "Policies": [{"SQSSendMessagePolicy": {"QueueName": "of-a-policy"}}, {"Statement": [
                            {"Effect": "Allow", "Action": "sns:Publish", "Resource": "arn:aws:sns:*:*:alarms-*"}
                        ]}],
                        "DefinitionSubstitutions": {"A": substituted},
                        "Definition": {"StartAt": "C", "States": {"C": task(call, arguments)}}
                    }
                }
            }
        });
        RunnableStack::new(&LoadedStack::from_text("template.json", template.to_string()).unwrap()).unwrap()
    }

    fn absent_of(call: &str, arguments: &Value, substituted: &Value) -> Vec<(AbsentKind, String)> {
        let stack = stack(&format!("arn:aws:states:::{call}"), arguments, substituted);
        stack.absent().iter().map(|absent| (absent.kind, absent.id.clone())).collect()
    }

    #[test]
    fn what_calls_alone_name_does_not_exist() {
        let url = |name: &str| json!({"Fn::Sub": format!("https://sqs.${{AWS::Region}}.amazonaws.com/${{AWS::AccountId}}/{name}")});
        let topic = |name: &str| json!({"Fn::Sub": format!("arn:aws:sns:${{AWS::Region}}:${{AWS::AccountId}}:{name}")});
        let queue = |text: Value| ("sqs:sendMessage", json!({"QueueUrl": "${A}", "MessageBody": "m"}), text);
        let publish = |text: Value| ("sns:publish", json!({"TopicArn": "${A}", "Message": "m"}), text);
        let invoke = |text: Value| ("lambda:invoke", json!({"FunctionName": "${A}", "Payload": {}}), text);
        let put = |text: Value| {
            let entry = json!({"EventBusName": "${A}", "Source": "s", "DetailType": "t", "Detail": {}});
            ("events:putEvents", json!({"Entries": [entry]}), text)
        };
        for (what, there) in [
            (queue(url("nmaed")), false),
            (queue(url("named")), true),
            (queue(url("stack-Queue-1ABC")), true),
            (queue(url("of-a-policy")), true),
            (queue(url("jobs-${Stage}")), true),
            (queue(json!({"Ref": "Queue"})), true),
            (queue(json!({"Ref": "Url"})), true),
            (queue(json!({"Fn::ImportValue": "queue"})), true),
            (queue("https://sqs.eu-west-3.amazonaws.com/123456789012/other-region".into()), true),
            (publish(topic("nobody")), false),
            (publish(topic("alarms-of-others")), true),
            (publish(json!({"Ref": "Topic"})), true),
            (publish("arn:aws:sns:us-east-1:999999999999:others".into()), true),
            (invoke("onw".into()), false),
            (invoke("arn:aws:lambda:us-east-1:123456789012:function:onw:$LATEST".into()), false),
            (invoke("own:live".into()), true),
            (invoke(json!({"Fn::GetAtt": ["F", "Arn"]})), true),
            (invoke("arn:aws:lambda:us-east-1:999999999999:function:theirs".into()), true),
            (put("owm".into()), false),
            (put("own".into()), true),
            (put("default".into()), true),
        ] {
            let (call, arguments, text) = what;
            assert_eq!(absent_of(call, &arguments, &text).is_empty(), there, "{call} {text}");
        }
    }

    #[test]
    fn what_does_not_exist_is_taken_out_of_the_services() {
        let arn = "arn:aws:states:us-east-1:123456789012:activity:onw";
        let stack = stack(arn, &json!({}), &json!(""));
        assert_eq!(stack.absent(), [Absent { kind: AbsentKind::Activity, id: arn.to_owned() }]);
        let mut services = LocalServices::in_memory(1).unwrap();
        stack.furnish(&mut services).unwrap();
        assert!(services.absent_activities.contains(arn));
    }

    #[test]
    fn a_state_machine_of_another_stack_is_elsewhere() {
        let elsewhere = |text: Value| {
            let stack = stack("arn:aws:states:::states:startExecution", &json!({"StateMachineArn": "${A}"}), &text);
            !stack.machines_elsewhere.is_empty()
        };
        let arn = |rest: &str| json!({"Fn::Sub": format!("arn:aws:states:${{AWS::Region}}:{rest}")});
        assert!(elsewhere(arn("999999999999:stateMachine:theirs")));
        assert!(elsewhere(arn("${AWS::AccountId}:stateMachine:${Stage}-jobs")));
        assert!(!elsewhere(arn("${AWS::AccountId}:stateMachine:nobodys")));
        assert!(!elsewhere(json!({"Ref": "M"})));
    }
}
