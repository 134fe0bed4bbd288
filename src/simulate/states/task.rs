//! A Task: what it calls, and what comes of it.

use crate::loaded::stand_in::REGION;
use std::time::Duration;

use serde_json::{Map, Value, json};

use super::super::failure::name;
use super::super::flow::{Answer, Flow, Stage};
use super::super::history::{data, error_details};
use super::super::inspection::step;
use super::super::jsonata::number_to_json;
use super::super::scene::Data;
use super::super::services::{Caller, Completion, ServiceAnswer, ServiceCall, Services};
use super::super::world::World;
use super::super::{Failure, Timestamp, payload, random};
use super::{Next, result, within_limit};
use crate::asl::program::{Dynamic, State, Task};
use crate::aws::integration::{Pattern, Resource};
use crate::aws::quota;

pub(super) fn begin(
    world: &mut World,
    flow: &mut Flow,
    state: &State,
    task: &Task,
    services: &mut dyn Services,
) -> Result<Next, Failure> {
    let has_token = task.resource.pattern() != Pattern::RequestResponse || is_activity(task);
    flow.token = has_token.then(|| random::uuid(&mut random::lock(&world.random)));
    let context = world.context(flow, state);
    let arguments = result::arguments(world, flow, state, &context)?;
    within_limit(&arguments, &state.name)?;
    let limits = Limits::new(world, flow, state, task, &context)?;
    let role_arn = role(world, flow, state, task, &context)?;
    scheduled(world, flow, task, &arguments, (&limits, role_arn.as_deref()));

    let answer = services.call(&ServiceCall {
        resource: &task.resource,
        arguments: &arguments,
        caller: Caller::Task,
        state: &state.name,
        attempt: flow.attempt(),
        item_index: flow.item.as_ref().map(|item| item.index),
        task_token: flow.token.as_deref(),
        state_machine: &world.options.identity.state_machine_name,
        execution: &world.options.identity.execution_name,
        role_arn: role_arn.as_deref(),
        now: world.now,
    });
    if let Some(submitted) = &answer.submitted {
        let details = || about(task, "taskSubmittedEventDetails", data("output", submitted));
        world.event(flow, "TaskSubmitted", Some(&details));
    }
    let (until, answer) = limits.outcome(world.now, answer);
    let Some(until) = until else {
        // Nobody will ever answer, and nothing ends the wait but the end of the execution.
        return Ok(Next::Sleep(Timestamp::from_millis(i64::MAX), Stage::Answered(Box::new(answer))));
    };
    if until == world.now {
        return answered(world, flow, state, task, answer);
    }
    Ok(Next::Sleep(until, Stage::Answered(Box::new(answer))))
}

fn is_activity(task: &Task) -> bool {
    matches!(task.resource, Resource::Activity { .. })
}

/// How long a task may take.
struct Limits {
    timeout: Option<Duration>,
    heartbeat: Option<Duration>,
}

impl Limits {
    fn new(world: &World, flow: &Flow, state: &State, task: &Task, context: &Value) -> Result<Self, Failure> {
        let scene = world.scene(flow, state, context);
        let effective = scene.path(state.data.input_path(), &flow.input)?;
        let seconds = |dynamic: &Option<Dynamic<f64>>, field: &str| -> Result<Option<Duration>, Failure> {
            let Some(dynamic) = dynamic else { return Ok(None) };
            let seconds = scene.number(dynamic, field, Data::input(&effective))?;
            if seconds.fract() == 0.0 && (1.0..=f64::from(quota::NUMBER)).contains(&seconds) {
                return Ok(Some(Duration::from_secs_f64(seconds)));
            }
            Err(match dynamic {
                Dynamic::Path(_) if seconds.fract() != 0.0 => {
                    scene.wrong_type(dynamic, field, "number", "integer", &number_to_json(seconds))
                }
                _ => Failure::runtime(format!(
                    "{field} has to be a whole number from 1 to {}, and is {seconds}",
                    quota::NUMBER
                )),
            })
        };
        let heartbeat = seconds(&task.heartbeat_seconds, "HeartbeatSeconds")?;
        let waits = task.resource.pattern() == Pattern::WaitForTaskToken || is_activity(task);
        Ok(Self { timeout: seconds(&task.timeout_seconds, "TimeoutSeconds")?, heartbeat: heartbeat.filter(|_| waits) })
    }

    /// When the task ends, and how.
    fn outcome(&self, now: Timestamp, answer: ServiceAnswer) -> (Option<Timestamp>, Answer) {
        let ends = (answer.completion != Completion::Never).then_some(answer.duration);
        let silence = self.heartbeat.and_then(|limit| first_silence(&answer.heartbeats, ends, limit));
        let cut = [self.timeout, silence].into_iter().flatten().min().filter(|cut| ends.is_none_or(|ends| *cut < ends));
        let kind = match cut {
            Some(cut) if silence == Some(cut) && self.timeout != Some(cut) => {
                Answer { completion: Err(Failure::silence()), timed_out: true }
            }
            Some(_) => Answer { completion: Err(Failure::reported(name::TIMEOUT, None)), timed_out: true },
            None => Answer { completion: Ok(answer.completion), timed_out: false },
        };
        (cut.or(ends).map(|after| now.after(after)), kind)
    }
}

/// When a task has been silent for too long, if ever.
fn first_silence(heartbeats: &[Duration], ends: Option<Duration>, limit: Duration) -> Option<Duration> {
    let mut last = Duration::ZERO;
    for sign in heartbeats.iter().copied().chain(ends) {
        if sign.saturating_sub(last) > limit {
            return Some(last + limit);
        }
        last = sign;
    }
    ends.is_none().then(|| last + limit)
}

fn role(world: &World, flow: &Flow, state: &State, task: &Task, context: &Value) -> Result<Option<String>, Failure> {
    let Some(credentials) = &task.credentials else { return Ok(None) };
    let scene = world.scene(flow, state, context);
    let effective = scene.path(state.data.input_path(), &flow.input)?;
    let credentials = scene.template(credentials, "Credentials", Data::input(&effective))?;
    Ok(credentials.get("RoleArn").and_then(Value::as_str).map(str::to_owned))
}

/// The events of a task's beginning.
fn scheduled(
    world: &mut World,
    flow: &mut Flow,
    task: &Task,
    arguments: &Value,
    (limits, role_arn): (&Limits, Option<&str>),
) {
    let seconds = |duration: Option<Duration>| duration.map(|duration| Value::from(duration.as_secs()));
    let timeouts = || {
        let mut fields = Map::new();
        fields.extend(seconds(limits.timeout).map(|value| ("timeoutInSeconds".to_owned(), value)));
        fields.extend(seconds(limits.heartbeat).map(|value| ("heartbeatInSeconds".to_owned(), value)));
        fields.extend(role_arn.map(|role| ("taskCredentials".to_owned(), json!({ "roleArn": role }))));
        fields
    };
    let (kind, name, started) = match &task.resource {
        Resource::Function { .. } => {
            ("LambdaFunctionScheduled", "lambdaFunctionScheduledEventDetails", "LambdaFunctionStarted")
        }
        Resource::Activity { .. } => ("ActivityScheduled", "activityScheduledEventDetails", "ActivityStarted"),
        _ => ("TaskScheduled", "taskScheduledEventDetails", "TaskStarted"),
    };
    let details = || {
        let mut fields = timeouts();
        if task.resource.resource_type().is_some() {
            fields.insert("parameters".to_owned(), arguments.to_string().into());
            fields.insert("region".to_owned(), REGION.into());
            return about(task, name, fields);
        }
        fields.insert("resource".to_owned(), task.resource.arn().into());
        fields.extend(data("input", arguments));
        (name, Value::Object(fields))
    };
    world.event(flow, kind, Some(&details));
    let details = || about(task, "taskStartedEventDetails", Map::new());
    world.event(flow, started, if started == "TaskStarted" { Some(&details) } else { None });
}

/// Details that name the resource.
fn about(task: &Task, name: &'static str, more: Map<String, Value>) -> (&'static str, Value) {
    let mut details =
        json!({"resourceType": task.resource.resource_type(), "resource": task.resource.event_resource()});
    if let Some(details) = details.as_object_mut() {
        details.extend(more);
    }
    (name, details)
}

/// The task has its answer, or its time is over.
pub(super) fn answered(
    world: &mut World,
    flow: &mut Flow,
    state: &State,
    task: &Task,
    answer: Answer,
) -> Result<Next, Failure> {
    let completed = match answer.completion {
        Ok(Completion::Succeeded(result)) => match payload::check(&result) {
            Ok(()) => Ok(result),
            Err(excess) => Err(Failure::excess(excess, &limit_name(&task.resource))),
        },
        Ok(Completion::Failed(error)) => Err(error.into()),
        Ok(Completion::Never) => Err(Failure::reported(name::TIMEOUT, None)),
        Err(failure) => Err(failure),
    };
    ended(world, flow, task, &completed, answer.timed_out);
    let result = completed?;
    flow.inspect(step::RESULT, &result);
    result::leave(world, flow, state, result)
}

/// What the cause of a result that is too large calls the task.
fn limit_name(resource: &Resource) -> String {
    resource.resource_type().unwrap_or_else(|| resource.arn().to_owned())
}

/// The event of a task's end.
fn ended(world: &mut World, flow: &mut Flow, task: &Task, completed: &Result<Value, Failure>, timed_out: bool) {
    let kinds = match &task.resource {
        Resource::Function { .. } => [
            ("LambdaFunctionSucceeded", "lambdaFunctionSucceededEventDetails"),
            ("LambdaFunctionFailed", "lambdaFunctionFailedEventDetails"),
            ("LambdaFunctionTimedOut", "lambdaFunctionTimedOutEventDetails"),
        ],
        Resource::Activity { .. } => [
            ("ActivitySucceeded", "activitySucceededEventDetails"),
            ("ActivityFailed", "activityFailedEventDetails"),
            ("ActivityTimedOut", "activityTimedOutEventDetails"),
        ],
        _ => [
            ("TaskSucceeded", "taskSucceededEventDetails"),
            ("TaskFailed", "taskFailedEventDetails"),
            ("TaskTimedOut", "taskTimedOutEventDetails"),
        ],
    };
    let (kind, name) = kinds[usize::from(completed.is_err()) + usize::from(completed.is_err() && timed_out)];
    let is_service = task.resource.resource_type().is_some();
    let details = || {
        let fields = match completed {
            Ok(result) => data("output", result),
            Err(failure) => match error_details(name, failure).1 {
                Value::Object(fields) => fields,
                _ => Map::new(),
            },
        };
        if is_service { about(task, name, fields) } else { (name, Value::Object(fields)) }
    };
    world.event(flow, kind, Some(&details));
}

#[cfg(test)]
mod tests {
    use super::*;

    fn seconds(seconds: u64) -> Duration {
        Duration::from_secs(seconds)
    }

    #[test]
    fn silence_is_counted_from_the_last_sign_of_life() {
        let cases: [(&[u64], Option<u64>, Option<u64>); 6] = [
            (&[], Some(5), None),
            (&[], Some(11), Some(10)),
            (&[], None, Some(10)),
            (&[8, 16], Some(20), None),
            (&[8, 19], Some(20), Some(18)),
            (&[8], None, Some(18)),
        ];
        for (heartbeats, ends, expected) in cases {
            let heartbeats: Vec<Duration> = heartbeats.iter().copied().map(seconds).collect();
            let found = first_silence(&heartbeats, ends.map(seconds), seconds(10));
            assert_eq!(found, expected.map(seconds), "{heartbeats:?} {ends:?}");
        }
    }
}
