//! What a state machine needs permission for.

use std::collections::HashMap;

use crate::aws::TableOperation;
use crate::aws::integration::Call;
use crate::aws::needs::{self, Needed, Weight};
use crate::aws::states::{ProcessorMode, StateType};
use crate::loaded::{LoadedResource, Place, stand_in};
use crate::outline::task::{Given, ServiceTask, is_open, known_text, substitution};
use crate::outline::{Outline, StateView};
use crate::source::{Kind, Node};

use super::keys::Keys;
use super::settings;

/// What a permission is for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Reason {
    /// A task's call, what a Distributed Map reads or writes, or the executions that it starts.
    Call,
    /// The managed rule of `.sync`.
    ManagedRule,
    /// Asking whether a job of `.sync` has ended.
    Poll,
    /// Stopping a job of `.sync`.
    Stop,
    /// Watching and stopping the child executions of a Distributed Map.
    WatchChildren,
    /// Going on with the child executions that failed, when the execution is redriven.
    RedriveChildren,
    /// Using the key that encrypts what a call works on.
    Key,
    /// Telling an object that is missing from one that is forbidden.
    MissingObject,
    /// Delivering the logs of executions.
    Logs,
    /// Sending their traces.
    Traces,
}

/// Something that a role has to allow.
pub(crate) struct Need {
    pub(crate) action: String,
    /// What it is done to, if that is a resource of the template; with a `*` where only a part is known.
    pub(crate) resource: Option<String>,
    /// Whether a role without it can be said to lack it.
    pub(crate) certain: bool,
    /// What it is for: the first thing that was found.
    pub(crate) reason: Reason,
    /// What happens without it.
    pub(crate) weight: Weight,
    /// Where it is asked for: first.
    pub(crate) place: Place,
    /// Every state that asks for it, and where; none where the machine itself does.
    pub(crate) users: Vec<(String, Place)>,
}

impl Need {
    /// What a statement has to reach: the resource, or, of what takes none, a stand-in that only `*` reaches.
    pub(super) fn asked_of(&self) -> Option<&str> {
        let delivery = self.reason == Reason::Logs && needs::takes_no_resource(&self.action);
        let object = self.reason == Reason::Call && needs::is_of_object(&self.action);
        self.resource.as_deref().or(delivery.then_some(LOG_DELIVERY)).or(object.then_some(ANY_OBJECT))
    }
}

/// Stands for the log delivery of a state machine, which has an ARN that nobody chooses.
const LOG_DELIVERY: &str = "arn:aws:logs:us-east-1:123456789012:log-delivery";

/// Stands for an object of a bucket that is not known: an ARN with a `/`, as only objects and access points have it.
const ANY_OBJECT: &str = "arn:*:s3:*/*";

/// Who asks for something: a state, or the machine itself.
struct Asking<'a> {
    state: Option<&'a str>,
    place: Place,
    /// Whether the role of the machine is the one that is asked.
    own_role: bool,
}

/// All that a state machine needs.
#[derive(Default)]
pub(crate) struct Needs {
    /// Each action and resource once.
    pub(crate) all: Vec<Need>,
    /// Whether there may be more: a task that is only known when the stack is deployed.
    pub(crate) open: bool,
    /// The tasks of which only a deployment knows what they call.
    pub(crate) unknown: Vec<(String, Place)>,
    seen: HashMap<(String, Option<String>), usize>,
}

impl Needs {
    /// What the states of a machine need, and its logs and traces.
    pub(crate) fn of(machine: &Outline<'_>) -> Self {
        let mut needs = Self::default();
        for state in &machine.states {
            needs.task(state, machine);
            needs.map(state, machine);
        }
        needs.keys(machine);
        needs.settings(machine);
        needs
    }

    /// Whether an action is needed, on whatever.
    pub(crate) fn has(&self, covers: impl Fn(&str) -> bool) -> bool {
        self.all.iter().any(|need| covers(&need.action))
    }

    fn push(&mut self, asking: &Asking<'_>, action: String, resource: Option<String>, why: (Reason, Weight, bool)) {
        let (reason, weight, certain) = why;
        let key = (action.clone(), resource.clone());
        let next = self.all.len();
        let at = *self.seen.entry(key).or_insert(next);
        let user = asking.state.map(|state| (state.to_owned(), asking.place.clone()));
        let certain = certain && asking.own_role;
        match self.all.get_mut(at) {
            Some(need) => {
                need.certain |= certain;
                need.weight = need.weight.max(weight);
                need.users.extend(user);
            }
            None => {
                let (place, users) = (asking.place.clone(), user.into_iter().collect());
                self.all.push(Need { action, resource, certain, reason, weight, place, users });
            }
        }
    }

    /// Several, each of which is known to be needed.
    fn push_all(&mut self, asking: &Asking<'_>, needed: &[Needed], resource: Option<&str>, reason: Reason) {
        for (action, weight) in needed {
            self.push(asking, (*action).to_owned(), resource.map(str::to_owned), (reason, *weight, true));
        }
    }

    fn task(&mut self, state: &StateView<'_>, machine: &Outline<'_>) {
        if !state.is(StateType::Task) {
            // A type that is a substitution's may be a Task.
            self.open |= state.state_type.is_none();
            return;
        }
        let Some(node) = state.get("Resource") else {
            self.open = true;
            return;
        };
        let asking = Asking {
            state: Some(state.name),
            place: machine.place(&state.pointer_to("Resource"), node),
            // A task with credentials of its own is another role's.
            own_role: state.get("Credentials").is_none(),
        };
        let Some(text) = known_text(node, machine.machine) else { return self.unknown(&asking) };
        let Ok(Some(call)) = Call::find(&text) else { return self.function(&asking, &text, node, machine) };
        let parameters = ServiceTask::of(state, machine).and_then(|task| task.parameters);
        let target = parameters.and_then(|parameters| target(&call, parameters, machine));
        if let Some(parts) = parameters.and_then(|parameters| parts(&call, parameters)) {
            for (action, part) in parts {
                let table = table(part, machine);
                self.push(&asking, action, table, (Reason::Call, Weight::Fails, true));
            }
            return;
        }
        let (actions, certain) = call.iam_actions();
        let of_version = parameters.is_some_and(asks_for_version);
        self.open |= !certain;
        for action in actions {
            let action = if of_version { version_action(action) } else { action };
            self.push(&asking, action, target.clone(), (Reason::Call, Weight::Fails, certain));
        }
        if call.service() == "s3" && needs::OF_OBJECTS.contains(&call.action()) && expects_missing_object(state) {
            let bucket = target.as_deref().and_then(|objects| objects.strip_suffix("/*"));
            self.push_all(&asking, &[needs::MISSING_OBJECT], bucket, Reason::MissingObject);
        }
        if call.pattern().is_sync() {
            self.job(&asking, &call);
        }
    }

    /// What `.sync` takes besides the call.
    fn job(&mut self, asking: &Asking<'_>, call: &Call) {
        let Some(job) = call.job() else {
            self.open = true;
            return;
        };
        if let Some(rule) = job.rule {
            let rule = format!("arn:aws:events:{}:{}:rule/{rule}", stand_in::REGION, stand_in::ACCOUNT);
            self.push_all(asking, &needs::MANAGED_RULE, Some(&rule), Reason::ManagedRule);
        }
        for action in job.poll {
            self.push(asking, (*action).to_owned(), None, (Reason::Poll, job.weight_of_poll(), true));
        }
        for action in job.stop {
            self.push(asking, (*action).to_owned(), None, (Reason::Stop, Weight::Degrades, true));
        }
    }

    /// A task whose resource is a function's ARN.
    fn function(&mut self, asking: &Asking<'_>, text: &str, node: &Node, machine: &Outline<'_>) {
        if text.contains(":activity:") {
            return;
        }
        if text.contains(":lambda:") && text.contains(":function:") {
            let own = by_substitution(node, machine, &machine.stack.functions);
            self.push(asking, needs::TO_FUNCTION.to_owned(), own, (Reason::Call, Weight::Fails, true));
        } else if is_open(node) {
            self.unknown(asking);
        } else {
            self.open = true;
        }
    }

    /// A task of which only a deployment knows what it calls.
    fn unknown(&mut self, asking: &Asking<'_>) {
        self.open = true;
        let state = asking.state.filter(|_| asking.own_role);
        self.unknown.extend(state.map(|state| (state.to_owned(), asking.place.clone())));
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
            let asking = Asking { state: Some(state.name), place, own_role: true };
            let parameters = state.get(field).and_then(|node| node.get("Parameters").or_else(|| node.get("Arguments")));
            let target = parameters.and_then(|parameters| target(&call, parameters, machine));
            for action in call.iam_actions().0 {
                self.push(&asking, action, target.clone(), (Reason::Call, Weight::Fails, true));
            }
        }
        let processor = state.get("ItemProcessor").and_then(|processor| processor.get("ProcessorConfig"));
        let Some(mode) = processor.and_then(|config| config.get("Mode")) else { return };
        if mode.as_str() == Some(ProcessorMode::Distributed.as_str()) {
            let place = machine.place(&format!("{}/ProcessorConfig/Mode", state.pointer_to("ItemProcessor")), mode);
            let asking = Asking { state: Some(state.name), place, own_role: true };
            self.push_all(&asking, &[needs::START_CHILDREN], None, Reason::Call);
            self.push_all(&asking, &needs::WATCH_CHILDREN, None, Reason::WatchChildren);
            self.push_all(&asking, &[needs::REDRIVE_CHILDREN], None, Reason::RedriveChildren);
        }
    }

    /// What the calls need of the keys that encrypt what they work on.
    fn keys(&mut self, machine: &Outline<'_>) {
        let Some(keys) = Keys::of(machine.stack) else { return };
        let mut found = Vec::new();
        for need in self.all.iter().filter(|need| need.certain) {
            let Some(key) = need.resource.as_deref().and_then(|arn| keys.of_resource(arn)) else { continue };
            for user in &need.users {
                found.push((user.clone(), needs::of_key(&need.action), key.arn.clone()));
            }
        }
        for ((state, place), needed, key) in found {
            let asking = Asking { state: Some(&state), place, own_role: true };
            self.push_all(&asking, needed, Some(&key), Reason::Key);
        }
    }

    /// What the machine's own settings need: its logs and traces.
    fn settings(&mut self, machine: &Outline<'_>) {
        let asking = |place| Asking { state: None, place, own_role: true };
        if let Some(place) = settings::logs(machine.stack, machine.machine) {
            self.push_all(&asking(place), &needs::LOG_DELIVERY, None, Reason::Logs);
        }
        if let Some(place) = settings::traces(machine.stack, machine.machine) {
            self.push_all(&asking(place), &needs::TRACES_OF_EXECUTIONS, None, Reason::Traces);
        }
    }
}

/// Whether a state catches S3's error for an object that is missing.
fn expects_missing_object(state: &StateView<'_>) -> bool {
    let catchers = state.get("Catch").map_or(&[][..], Node::items).iter();
    let errors = catchers.filter_map(|catcher| catcher.get("ErrorEquals")).flat_map(Node::items);
    errors.filter_map(Node::as_str).any(|error| error.starts_with("S3.NoSuchKey"))
}

/// The actions of IAM that the parts of a transaction need, each with the part; `None` where not all of them are known.
fn parts<'a>(call: &Call, parameters: &'a Node) -> Option<Vec<(String, &'a Node)>> {
    let operation = TableOperation::of(call.action()).filter(|_| call.service() == "dynamodb")?;
    let Given::Literal(_, items) = Given::of(parameters, "TransactItems") else { return None };
    let part = |item: &'a Node| match item.entries() {
        [(name, part)] if !is_open(part) => Some((TableOperation::in_transaction(name.as_str()?)?.permission()?, part)),
        _ => None,
    };
    let found: Option<Vec<_>> = items.items().iter().map(part).collect();
    found.filter(|found| operation.is_transaction() && !found.is_empty())
}

/// The ARN of the table that a request names: a table of the template, or one of this name.
fn table(request: &Node, machine: &Outline<'_>) -> Option<String> {
    let tables = &machine.stack.tables;
    let own = |name: &str| format!("arn:aws:dynamodb:{}:{}:table/{name}", stand_in::REGION, stand_in::ACCOUNT);
    match Given::of(request, "TableName") {
        Given::Nothing => None,
        Given::Open(node) => {
            let found = substitution(node, machine.machine)?.logical_id.as_ref()?;
            tables.iter().find(|table| table.logical_id == *found).map(|table| own(&table.name))
        }
        Given::Literal(_, node) => {
            let name =
                node.as_str().filter(|name| name.chars().all(|c| c.is_ascii_alphanumeric() || "_.-".contains(c)))?;
            let known = tables.iter().any(|table| table.name == name);
            Some(if known { own(name) } else { format!("arn:*:dynamodb:*:*:table/{name}") })
        }
    }
}

/// The ARN of the bus that all events of a call go to, where all of them say so themselves.
fn bus(parameters: &Node) -> Option<String> {
    let Given::Literal(_, entries) = Given::of(parameters, "Entries") else { return None };
    let name = |entry: &Node| match Given::of(entry, "EventBusName") {
        Given::Nothing if matches!(entry.kind, Kind::Mapping(_)) => Some("default".to_owned()),
        Given::Literal(_, node) => node.as_str().filter(|name| !name.contains([':', '<', '$'])).map(str::to_owned),
        _ => None,
    };
    let mut names = entries.items().iter().map(name).collect::<Option<Vec<_>>>()?;
    names.dedup();
    <[String; 1]>::try_from(names).ok().map(|[name]| format!("arn:*:events:*:*:event-bus/{name}"))
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
            let table = table(parameters, machine)?;
            match Given::of(parameters, "IndexName") {
                Given::Nothing => Some(table),
                Given::Literal(_, index) => Some(format!("{table}/index/{}", index.as_str()?)),
                Given::Open(_) => Some(format!("{table}/index/*")),
            }
        }
        "s3" => {
            let buckets: Vec<LoadedResource> = stack.buckets.iter().map(|bucket| bucket.resource.clone()).collect();
            let arn = by_substitution(given("Bucket")?, machine, &buckets)?;
            match call.action() {
                "listObjects" | "listObjectsV2" | "listObjectVersions" | "headBucket" => Some(arn),
                "getObject"
                | "putObject"
                | "deleteObject"
                | "deleteObjects"
                | "headObject"
                | "getObjectAttributes"
                | "restoreObject"
                | "getObjectTagging"
                | "putObjectTagging"
                | "deleteObjectTagging"
                | "getObjectAcl"
                | "putObjectAcl" => Some(format!("{arn}/*")),
                _ => None,
            }
        }
        "events" | "eventbridge" if call.action() == "putEvents" => bus(parameters),
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
