//! What happens to an error: tried again, caught, or passed on.

use crate::asl::program::CaughtData;
use std::time::Duration;

use rand::RngExt;
use serde_json::{Map, Value, json};

use super::failure::FailureKind;
use super::flow::{Flow, Stage};
use super::inspection::step;
use super::scene::Data;
use super::states::{self, Next};
use super::world::World;
use super::{Failure, random};
use crate::asl::program::{Catcher, Retrier, State, Transition};
use crate::aws::states::JitterStrategy;

/// What is done about a failure, and the failure itself where it was caught.
pub(super) fn recover(
    world: &mut World,
    flow: &mut Flow,
    state: &State,
    failure: Failure,
) -> (Result<Next, Failure>, Option<Failure>) {
    let is_runtime = failure.kind == FailureKind::Runtime;
    let failure = settle(world, flow, state, failure);
    let retrier =
        state.retry.iter().zip(&flow.retries).position(|(retrier, _)| failure.is_one_of(&retrier.error_equals));
    if let Some(at) = retrier
        && flow.retries[at] < state.retry[at].max_attempts
    {
        let delay = delay(&state.retry[at], flow.retries[at], world);
        flow.inspect_with(
            step::ERROR_DETAILS,
            || json!({"retryIndex": at, "retryBackoffIntervalSeconds": delay.as_secs()}),
        );
        if let Some(test) = &mut world.test {
            test.retried = Some(failure.clone());
        }
        flow.retries[at] += 1;
        return (Ok(Next::Sleep(world.now.after(delay), Stage::Again)), None);
    }
    if !is_runtime {
        states::state_failed(world, flow, state, &failure);
    }
    let catcher = state.catch.iter().position(|catcher| failure.is_one_of(&catcher.error_equals));
    if let Some(at) = catcher {
        flow.inspect_with(step::ERROR_DETAILS, || json!({"catchIndex": at}));
    } else if let Some(at) = retrier {
        flow.inspect_with(step::ERROR_DETAILS, || json!({"retryIndex": at}));
    }
    let Some(catcher) = catcher.and_then(|at| state.catch.get(at)) else {
        return (Err(failure), None);
    };
    match caught(world, flow, state, catcher, &failure) {
        Ok(next) => (Ok(next), Some(failure)),
        Err(failure) => (Err(settle(world, flow, state, failure)), None),
    }
}

/// Makes a failure one that can be reported: its cause names the state, and the history has its event.
fn settle(world: &mut World, flow: &mut Flow, state: &State, failure: Failure) -> Failure {
    let is_evaluation = failure.is_evaluation();
    let kind = failure.kind;
    let mut failure = failure.in_state(&state.name, flow.entered);
    if is_evaluation {
        let details = || {
            let (name, mut details) = super::history::error_details("evaluationFailedEventDetails", &failure);
            if let Some(details) = details.as_object_mut() {
                details.insert("state".to_owned(), state.name.as_str().into());
            }
            (name, details)
        };
        world.event(flow, "EvaluationFailed", Some(&details));
    }
    failure.kind = match kind {
        FailureKind::Silence | FailureKind::Unanswered => kind,
        _ => FailureKind::Reported,
    };
    failure
}

/// How long to wait before the next try, after `tries` of them.
fn delay(retrier: &Retrier, tries: u64, world: &World) -> Duration {
    let exponent = i32::try_from(tries).unwrap_or(i32::MAX);
    let seconds = retrier.interval_seconds * retrier.backoff_rate.powi(exponent);
    let seconds = seconds.min(retrier.max_delay_seconds.unwrap_or(f64::INFINITY)).max(0.0);
    let seconds = match retrier.jitter_strategy {
        JitterStrategy::Full => seconds * random::lock(&world.random).random::<f64>(),
        JitterStrategy::None => seconds,
    };
    Duration::try_from_secs_f64(seconds).unwrap_or(Duration::from_secs(u64::from(u32::MAX)))
}

fn caught(
    world: &mut World,
    flow: &mut Flow,
    state: &State,
    catcher: &Catcher,
    failure: &Failure,
) -> Result<Next, Failure> {
    let error_output = failure.output();
    let context = world.context(flow, state);
    let scene = world.scene(flow, state, &context);
    let data = Data::error(&flow.input, &error_output);
    let assigned: Option<Map<String, Value>> = scene.assign(catcher.assign.as_ref(), data)?;
    let output = match &catcher.data {
        CaughtData::Jsonata(Some(output)) => scene.template(output, "Output", data)?,
        CaughtData::Jsonata(None) => error_output,
        CaughtData::JsonPath(path) => scene.result_path(path, flow.input.clone(), error_output)?,
    };
    states::within_limit(&output, &state.name)?;
    Ok(Next::Left { output, assigned, to: Some(Transition::Next(catcher.next)) })
}
