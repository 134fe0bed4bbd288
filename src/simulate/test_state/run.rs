//! The state under test runs.

use std::sync::Arc;

use serde_json::Value;

use super::machine::Tested;
use super::{StateAnswer, StateRefusal, StateRequest, StateStatus, no_input};
use crate::asl::program::StateKind;
use crate::aws::states::error;
use crate::simulate::inspection::StateEnd;
use crate::simulate::services::{ServiceAnswer, ServiceCall, Services, TaskError};
use crate::simulate::world::StateTest;
use crate::simulate::{Execution, ExecutionOptions, Failure, Identity, Inspection, Outcome, Step};

/// What the state under test comes to.
pub(super) enum Given {
    /// What the services answer.
    Called,
    /// What the mock says.
    Mocked(Result<Value, Failure>),
    /// The error of a state within it.
    FailedWithin(Failure),
}

/// Runs the state until it has ended, or would be tried again.
pub(super) fn run(
    request: &StateRequest,
    tested: &Tested,
    given: Given,
    services: &mut dyn Services,
) -> Result<StateAnswer, StateRefusal> {
    let is_whole = matches!(tested.state().kind, StateKind::Map(_) | StateKind::Parallel(_));
    let (result, mocked, failed_within) = match given {
        Given::Called => (None, None, None),
        Given::Mocked(result) if is_whole => (Some(result), None, None),
        Given::Mocked(result) => (None, Some(result), None),
        Given::FailedWithin(failure) => (None, None, Some(failure)),
    };
    let test = StateTest {
        context: request.context.clone(),
        result,
        failed_within,
        failed_items: request.configuration.map_iteration_failure_count,
        reader_data: request.configuration.map_item_reader_data.clone(),
        retries: request.configuration.retrier_retry_count,
        is_in_map: tested.is_in_map(),
        ..StateTest::default()
    };
    let mut identity = Identity::new("TestState", "test");
    identity.execution_arn = identity.execution_arn.replacen(":execution:", ":express:", 1);
    let options = ExecutionOptions {
        identity,
        redrive_count: None,
        inspections: true,
        // "The TestState API can run for up to five minutes", as an Express workflow does.
        express: true,
        ..ExecutionOptions::default()
    };
    let input = request.input.clone().unwrap_or_else(no_input);
    let execution = Execution::new(Arc::new(tested.program.clone()), input, options);
    let execution = execution.with_variables(request.variables.clone()).with_test(test);
    match mocked {
        Some(result) => ended(execution, &mut Mocked(Some(result))),
        None => ended(execution, services),
    }
}

/// A service that gives one answer.
struct Mocked(Option<Result<Value, Failure>>);

impl Services for Mocked {
    fn call(&mut self, _: &ServiceCall<'_>) -> ServiceAnswer {
        match self.0.take() {
            Some(Ok(result)) => ServiceAnswer::returned(result),
            Some(Err(failure)) => ServiceAnswer::threw(TaskError::new(
                failure.error.unwrap_or_default(),
                failure.cause.unwrap_or_default(),
            )),
            None => ServiceAnswer::never(),
        }
    }
}

fn ended(mut execution: Execution, services: &mut dyn Services) -> Result<StateAnswer, StateRefusal> {
    while execution.state_runs().is_empty() && execution.test().is_some_and(|test| test.retried.is_none()) {
        if execution.step(services) == Step::Ended {
            break;
        }
    }
    if let Some(message) = execution.test().and_then(|test| test.refused.clone()) {
        return Err(StateRefusal::Validation(message));
    }
    let failed = |status, failure: &Failure, inspection| StateAnswer {
        status,
        output: None,
        error: failure.error.clone(),
        cause: failure.cause.clone(),
        next_state: None,
        inspection,
    };
    if let Some(failure) = execution.test().and_then(|test| test.retried.as_ref()) {
        let inspection = execution.inspection().cloned().unwrap_or_default();
        return Ok(failed(StateStatus::Retriable, failure, inspection));
    }
    let Some(state_run) = execution.state_runs().first() else {
        let failure = match execution.outcome() {
            Some(Outcome::Failed(failure)) => failure.clone(),
            _ => Failure::reported(error::TIMEOUT, None),
        };
        let inspection = execution.inspection().cloned().unwrap_or_default();
        return Ok(failed(StateStatus::Failed, &failure, inspection));
    };
    let inspection: Inspection = state_run.inspection.clone();
    Ok(match &state_run.ended {
        StateEnd::Failed(failure) => failed(StateStatus::Failed, failure, inspection),
        StateEnd::Caught { error, output, next } => StateAnswer {
            output: Some(output.clone()),
            next_state: Some(next.clone()),
            ..failed(StateStatus::CaughtError, error, inspection)
        },
        StateEnd::Succeeded { output, next } => StateAnswer {
            status: StateStatus::Succeeded,
            output: Some(output.clone()),
            error: None,
            cause: None,
            next_state: next.clone(),
            inspection,
        },
    })
}
