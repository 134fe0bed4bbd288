//! What a workflow needs permission for.

use std::collections::HashMap;

use crate::loaded::{LoadedResource, Place, stand_in};
use crate::outline::task::{Given, ServiceTask, is_open, known_text, resource, substitution};
use crate::outline::{Outline, StateView};
use crate::service_model::{Call, Pattern};
use crate::source::Node;

/// Something that a role has to allow.
pub(crate) struct Need {
    pub(crate) action: String,
    /// What it is done to, if that is a resource of the template; with a `*` where only a part is known.
    pub(crate) resource: Option<String>,
    /// Whether a role without it can be said to lack it.
    pub(crate) certain: bool,
    /// Where the workflow asks for it: first.
    pub(crate) place: Place,
    /// Every state that asks for it, and where.
    pub(crate) users: Vec<(String, Place)>,
}

/// All that a workflow needs.
#[derive(Default)]
pub(crate) struct Needs {
    /// Each action and resource once.
    pub(crate) all: Vec<Need>,
    /// Whether there may be more: a task that is only known when the stack is deployed.
    pub(crate) open: bool,
    seen: HashMap<(String, Option<String>), usize>,
}

impl Needs {
    /// What the states of a machine need.
    pub(crate) fn of(machine: &Outline<'_>) -> Self {
        let mut needs = Self::default();
        for state in &machine.states {
            needs.task(state, machine);
            needs.map(state, machine);
        }
        needs
    }

    /// Whether an action is needed, on whatever.
    pub(crate) fn has(&self, covers: impl Fn(&str) -> bool) -> bool {
        self.all.iter().any(|need| covers(&need.action))
    }

    fn push(&mut self, state: &str, action: String, resource: Option<String>, certain: bool, place: Place) {
        let key = (action.clone(), resource.clone());
        let next = self.all.len();
        let at = *self.seen.entry(key).or_insert(next);
        match self.all.get_mut(at) {
            Some(need) => {
                need.certain |= certain;
                need.users.push((state.to_owned(), place));
            }
            None => {
                let users = vec![(state.to_owned(), place.clone())];
                self.all.push(Need { action, resource, certain, place, users });
            }
        }
    }

    fn task(&mut self, state: &StateView<'_>, machine: &Outline<'_>) {
        if !state.is("Task") {
            // A type that is a substitution's may be a Task.
            self.open |= state.state_type.is_none();
            return;
        }
        let Some((node, call)) = resource(state, machine) else {
            self.open = true;
            return;
        };
        let place = machine.place(&state.pointer_to("Resource"), node);
        // A task with credentials of its own is another role's.
        let other_role = state.get("Credentials").is_some();
        let Ok(Some(call)) = call else {
            return self.function((state.name, node), place, machine, other_role);
        };
        let parameters = ServiceTask::of(state, machine).and_then(|task| task.parameters);
        let target = parameters.and_then(|parameters| target(&call, parameters, machine));
        let (actions, certain) = call.iam_actions();
        let of_version = parameters.is_some_and(asks_for_version);
        self.open |= !certain;
        let own = primary(&call);
        for (at, action) in actions.into_iter().enumerate() {
            let is_own = at < own;
            let action = if of_version { version_action(action) } else { action };
            let resource = target.clone().filter(|_| is_own);
            self.push(state.name, action, resource, certain && is_own && !other_role, place.clone());
        }
        if call.is("states", "startExecution") && matches!(call.pattern(), Pattern::Sync | Pattern::Sync2) {
            for action in ["states:DescribeExecution", "states:StopExecution"] {
                self.push(state.name, action.to_owned(), None, false, place.clone());
            }
        }
    }

    /// A task whose resource is a function's ARN.
    fn function(&mut self, (state, node): (&str, &Node), place: Place, machine: &Outline<'_>, other_role: bool) {
        let Some(text) = known_text(node, machine.machine) else {
            self.open = true;
            return;
        };
        if text.contains(":activity:") {
            return;
        }
        let is_function = text.contains(":lambda:") && text.contains(":function:");
        let own = by_substitution(node, machine, &machine.stack.functions);
        self.open |= !is_function;
        if is_function {
            self.push(state, "lambda:InvokeFunction".to_owned(), own, !other_role, place);
        }
    }

    /// What a distributed Map reads, writes and starts.
    fn map(&mut self, state: &StateView<'_>, machine: &Outline<'_>) {
        for field in ["ItemReader", "ResultWriter"] {
            let Some(node) = state.get(field).and_then(|node| node.get("Resource")) else { continue };
            let call = known_text(node, machine.machine).and_then(|text| Call::of_map(&text));
            let Some(call) = call else {
                self.open = true;
                continue;
            };
            let place = machine.place(&format!("{}/Resource", state.pointer_to(field)), node);
            let parameters = state.get(field).and_then(|node| node.get("Parameters").or_else(|| node.get("Arguments")));
            let target = parameters.and_then(|parameters| target(&call, parameters, machine));
            for action in call.iam_actions().0 {
                self.push(state.name, action, target.clone(), true, place.clone());
            }
        }
        let processor = state.get("ItemProcessor").and_then(|processor| processor.get("ProcessorConfig"));
        let Some(mode) = processor.and_then(|config| config.get("Mode")) else { return };
        if mode.as_str() == Some("DISTRIBUTED") {
            let place = machine.place(&format!("{}/ProcessorConfig/Mode", state.pointer_to("ItemProcessor")), mode);
            self.push(state.name, "states:StartExecution".to_owned(), None, true, place.clone());
            for action in ["states:DescribeExecution", "states:StopExecution", "states:RedriveExecution"] {
                self.push(state.name, action.to_owned(), None, false, place.clone());
            }
        }
    }
}

/// How many of a call's actions are for the call itself; the others are for watching what it started.
fn primary(call: &Call) -> usize {
    if call.is_sdk() { usize::MAX } else { 1 }
}

/// The ARN of what a call works on, if it is a resource of the template.
fn target(call: &Call, parameters: &Node, machine: &Outline<'_>) -> Option<String> {
    if is_open(parameters) {
        return None;
    }
    let stack = machine.stack;
    let given = |field: &str| match Given::of(parameters, field) {
        Given::Literal(_, node) | Given::Open(node) => Some(node),
        Given::Nothing => None,
    };
    match call.service() {
        "dynamodb" => {
            let found = substitution(given("TableName")?, machine.machine)?.logical_id.as_ref()?;
            let table = stack.tables.iter().find(|table| table.logical_id == *found)?;
            let table = format!("arn:aws:dynamodb:{}:{}:table/{}", stand_in::REGION, stand_in::ACCOUNT, table.name);
            match Given::of(parameters, "IndexName") {
                Given::Nothing => Some(table),
                Given::Literal(_, index) => Some(format!("{table}/index/{}", index.as_str()?)),
                Given::Open(_) => Some(format!("{table}/index/*")),
            }
        }
        "s3" if matches!(call.action(), "getObject" | "putObject" | "deleteObject" | "headObject") => {
            let buckets: Vec<LoadedResource> = stack.buckets.iter().map(|bucket| bucket.resource.clone()).collect();
            by_substitution(given("Bucket")?, machine, &buckets).map(|arn| format!("{arn}/*"))
        }
        "sqs" => by_substitution(given("QueueUrl")?, machine, &stack.queues),
        "sns" => by_substitution(given("TopicArn")?, machine, &stack.topics),
        "lambda" if call.action() == "invoke" => by_substitution(given("FunctionName")?, machine, &stack.functions),
        "states" | "sfn" if call.action() == "startExecution" => {
            let found = substitution(given("StateMachineArn")?, machine.machine)?.logical_id.as_ref()?;
            let other = stack.machines.iter().find(|other| other.logical_id.as_ref() == Some(found))?;
            Some(other.arn.clone())
        }
        _ => None,
    }
}

/// The ARN of the resource that a text's only substitution refers to.
fn by_substitution(node: &Node, machine: &Outline<'_>, among: &[LoadedResource]) -> Option<String> {
    let found = substitution(node, machine.machine)?.logical_id.as_ref()?;
    among.iter().find(|resource| resource.logical_id == *found).map(|resource| resource.arn.clone())
}

/// Whether a call of S3 is about one version of an object.
fn asks_for_version(parameters: &Node) -> bool {
    parameters.get("VersionId").or_else(|| parameters.get("VersionId.$")).is_some()
}

/// The action of the same call on a version of an object: `s3:GetObjectVersionTagging`.
fn version_action(action: String) -> String {
    match action.split_once("Object") {
        Some((call, rest)) if call.starts_with("s3:") && !rest.starts_with("Version") => {
            format!("{call}ObjectVersion{rest}")
        }
        _ => action,
    }
}
