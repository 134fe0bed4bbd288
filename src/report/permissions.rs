//! The permissions of state machines, and why each is there.

use serde::Serialize;

use super::findings::Places;
use crate::aws::Arn;
use crate::aws::needs::Weight;
use crate::diagnostic::Severity;
use crate::loaded::LoadedStack;
use crate::permissions::{self, AllowedStatement, MachinePermissions, NeededPermission, Reason, Verdict};

/// The permissions of a state machine.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct PermissionsReport {
    /// The machine's number.
    pub machine: usize,
    /// The role's logical id; `None` if the template does not have it.
    pub role: Option<String>,
    /// Whether the workflow may need more than is listed.
    pub more_needed: bool,
    /// Whether the role may allow more than is listed.
    pub more_allowed: bool,
    /// What its states need.
    pub needed: Vec<NeededReport>,
    /// What is allowed, and no task needs.
    pub others: Vec<OtherReport>,
}

/// A permission that states need.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct NeededReport {
    /// The IAM action.
    pub action: String,
    /// What it is done to: the resource's name after account and Region; `None` if that is not a resource of the template.
    pub resource: Option<String>,
    /// The states that need it; none where the machine itself does.
    pub states: Vec<String>,
    /// What it is for, beside a call.
    pub why: Option<&'static str>,
    /// Where that is allowed: `template.yaml:50`, and by which policy.
    pub allowed: Vec<String>,
    /// What `lint` says of it: `error` or `warning` where nothing allows it.
    pub missing: Option<Severity>,
}

/// Something that is allowed, and no task needs.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct OtherReport {
    /// The IAM actions that no task needs.
    pub actions: Vec<String>,
    /// What on.
    pub resources: Vec<String>,
    /// What it is there for, as far as that is known.
    pub why: Option<&'static str>,
    /// Where it stands.
    pub at: Option<String>,
}

/// The permissions of all machines.
pub(super) fn permissions(stack: &LoadedStack, files: &[String]) -> Vec<PermissionsReport> {
    let mut places = Places::new(stack, files);
    permissions::permissions(stack).iter().map(|machine| of(stack, machine, &mut places)).collect()
}

fn of(stack: &LoadedStack, found: &MachinePermissions, places: &mut Places<'_>) -> PermissionsReport {
    let statements = found.role.as_ref().map_or(&[][..], |role| &role.statements);
    let needed = found.needs.iter().map(|need| needed(need, statements, places)).collect();
    let mut others = Vec::new();
    for statement in statements {
        let unused = |action: &&String| !found.needs.iter().any(|need| covers(action, &need.action));
        let actions: Vec<String> = statement.actions.iter().filter(unused).cloned().collect();
        if let Some(first) = actions.first() {
            others.push(OtherReport {
                why: why(stack, found.machine, first),
                resources: statement.resources.iter().map(|arn| arn.as_deref().map_or("*".to_owned(), short)).collect(),
                at: at(statement, places),
                actions,
            });
        }
    }
    PermissionsReport {
        machine: found.machine,
        role: found.role.as_ref().map(|role| role.logical_id.clone()),
        more_needed: found.more_needed,
        more_allowed: found.role.as_ref().is_none_or(|role| role.more),
        needed,
        others,
    }
}

fn covers(pattern: &str, action: &str) -> bool {
    let one = AllowedStatement { policy: None, actions: vec![pattern.to_owned()], resources: Vec::new(), place: None };
    one.covers(action)
}

fn needed(need: &NeededPermission, statements: &[AllowedStatement], places: &mut Places<'_>) -> NeededReport {
    let mut states: Vec<String> = Vec::new();
    for (state, _) in &need.states {
        if !states.contains(state) {
            states.push(state.clone());
        }
    }
    let allowed = need.allowed_by.iter().filter_map(|at_| at(statements.get(*at_)?, places)).collect();
    let missing = match need.verdict {
        Verdict::Allowed | Verdict::Unknown => None,
        Verdict::Missing(Weight::Degrades) => Some(Severity::Warning),
        Verdict::Missing(Weight::Fails | Weight::Refused) => Some(Severity::Error),
    };
    let (action, resource) = (need.action.clone(), need.resource.as_deref().map(short));
    NeededReport { action, resource, states, why: purpose(need.reason), allowed, missing }
}

/// What a permission is for that is not one of a call's own.
fn purpose(reason: Reason) -> Option<&'static str> {
    Some(match reason {
        Reason::Call => return None,
        Reason::ManagedRule => "the managed rule of .sync",
        Reason::Poll => "polling the job",
        Reason::Stop => "stopping the job",
        Reason::WatchChildren => "describing and stopping the child executions",
        Reason::RedriveChildren => "redriving the child executions",
        Reason::Key => "the key that encrypts it",
        Reason::MissingObject => "recognizing that an object is missing",
        Reason::Logs => "the logs of executions",
        Reason::Traces => "the traces of executions",
    })
}

fn at(statement: &AllowedStatement, places: &mut Places<'_>) -> Option<String> {
    let place = places.tell(statement.place.as_ref()?)?;
    let at = format!("{}:{}", place.file, place.line);
    Some(match &statement.policy {
        Some(policy) => format!("{policy} ({at})"),
        None => at,
    })
}

/// What follows the account in an ARN: before that nothing is known before the stack is deployed.
fn short(arn: &str) -> String {
    Arn::read(arn).map_or(arn, |arn| arn.resource).to_owned()
}

/// What an action that no task needs is there for.
fn why(stack: &LoadedStack, machine: usize, action: &str) -> Option<&'static str> {
    let properties = || {
        let id = stack.machines.get(machine)?.logical_id.as_deref()?;
        stack.template.as_ref()?.properties(id)
    };
    let has = |names: [&str; 2]| properties().is_some_and(|node| names.iter().any(|name| node.get(name).is_some()));
    match action.split(':').next().unwrap_or_default() {
        "logs" if has(["Logging", "LoggingConfiguration"]) => Some("Step Functions uses it to deliver the logs"),
        "xray" if has(["Tracing", "TracingConfiguration"]) => Some("Step Functions uses it to send traces"),
        "kms" => Some("needed to read and write what the key encrypts"),
        _ => None,
    }
}
