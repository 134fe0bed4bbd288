//! Step Functions' own integration: a state machine that starts another.

use std::fmt;
use std::sync::Arc;
use std::time::Duration;

use serde_json::{Value, json};

use super::answer::{ErrorStyle, Ids, Refusal, optimized, required_text};
use super::spoken::spoken;
use super::{LocalServices, ServiceAnswer, ServiceCall, TaskError, not_here};
use crate::aws::integration::{Pattern, Style};
use crate::aws::states::error;
use crate::simulate::{Asked, Timestamp};

/// State machines start each other at most so deep: beyond it is a machine that starts itself for ever.
const MAX_DEPTH: usize = 20;

/// An execution that a task starts.
#[derive(Debug, Clone, PartialEq)]
pub struct StartExecution {
    /// The ARN, or the name, of the state machine.
    pub state_machine: String,
    /// The name of the execution.
    pub name: String,
    /// The input of the execution that is started.
    pub input: Value,
    /// When it starts.
    pub at: Timestamp,
}

/// How an execution ended that a task started.
#[derive(Debug, Clone, PartialEq)]
pub struct Ended {
    /// Its output, or what it failed with. `States.Timeout` tells that it timed out.
    pub result: Result<Value, TaskError>,
    /// How long it ran, in virtual time.
    pub duration: Duration,
}

/// Runs an execution to its end, with these services; `None` if there is no such state machine.
pub(in crate::simulate) type Run = dyn Fn(&mut LocalServices, &StartExecution) -> Option<Ended> + Send + Sync;

/// Whether a state machine is an Express workflow; `None` if that is not known.
type IsExpress = dyn Fn(&str) -> Option<bool> + Send + Sync;

/// The state machines that tasks can start.
#[derive(Clone, Default)]
pub struct StateMachines {
    run: Option<Arc<Run>>,
    is_express: Option<Arc<IsExpress>>,
    depth: usize,
    asked: Option<Asked>,
}

impl fmt::Debug for StateMachines {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("StateMachines").field("connected", &self.run.is_some()).field("depth", &self.depth).finish()
    }
}

impl StateMachines {
    /// State machines that this runs.
    pub fn run_by(run: impl Fn(&mut LocalServices, &StartExecution) -> Option<Ended> + Send + Sync + 'static) -> Self {
        Self { run: Some(Arc::new(run)), ..Self::default() }
    }

    /// The same, whose types this tells: `None` for a machine of unknown type.
    #[must_use]
    pub fn of_types(self, is_express: impl Fn(&str) -> Option<bool> + Send + Sync + 'static) -> Self {
        Self { is_express: Some(Arc::new(is_express)), ..self }
    }

    fn is_standard(&self, state_machine: &str) -> bool {
        self.is_express.as_ref().is_some_and(|is_express| is_express(state_machine) == Some(false))
    }

    /// The function that runs the executions that tasks start.
    pub(in crate::simulate) fn runner(&self) -> Option<Arc<Run>> {
        self.run.clone()
    }

    /// Remembers that an execution which a task started needs a value that only a deployment says: whatever started it cannot go on either.
    pub(in crate::simulate) fn ask(&mut self, asked: Asked) {
        self.asked.get_or_insert(asked);
    }

    /// The value that such an execution needs.
    pub(in crate::simulate) fn take_asked(&mut self) -> Option<Asked> {
        self.asked.take()
    }
}

/// What starts an execution and goes on, or waits as its pattern says; and what always waits for its end.
const STARTS: [&str; 2] = ["startExecution", SYNCHRONOUS];
const SYNCHRONOUS: &str = "startSyncExecution";

/// Answers a call that starts an execution, whatever it waits for.
pub(super) fn call(services: &mut LocalServices, call: &ServiceCall<'_>) -> ServiceAnswer {
    let starts = call.resource.integration().filter(|integration| STARTS.contains(&integration.action()));
    let (Some(integration), Some(run)) = (starts, services.machines.run.clone()) else {
        return ServiceAnswer::threw(not_here(call));
    };
    if services.machines.depth >= MAX_DEPTH {
        let cause = format!(
            "state machines start each other more than {MAX_DEPTH} levels deep: one of them probably starts itself"
        );
        return ServiceAnswer::threw(TaskError::new(error::RUNTIME, cause));
    }
    let (style, pattern) = (integration.style(), integration.pattern());
    let arguments = call.arguments;
    let text = |name: &str| arguments[name].as_str().map(str::to_owned);
    let state_machine = match required_text(arguments, "StateMachineArn") {
        Ok(state_machine) => state_machine.to_owned(),
        Err(refused) => return ServiceAnswer::threw(refused),
    };
    let input = match input(arguments.get("Input")) {
        Ok(input) => input,
        Err(problem) => {
            let message = format!("Invalid State Machine Execution Input: '{problem}'");
            return ServiceAnswer::threw(refused("InvalidExecutionInput", &message, style, &mut services.ids));
        }
    };
    // Only an Express workflow can be waited for so:
    // https://docs.aws.amazon.com/step-functions/latest/apireference/API_StartSyncExecution.html
    if integration.action() == SYNCHRONOUS && services.machines.is_standard(&state_machine) {
        let message = "This operation is not supported by this type of state machine";
        return ServiceAnswer::threw(refused("StateMachineTypeNotSupported", message, style, &mut services.ids));
    }
    let name = text("Name").unwrap_or_else(|| services.ids.uuid());
    let start = StartExecution { state_machine, name, input, at: call.now };
    services.machines.depth += 1;
    let ended = run(services, &start);
    services.machines.depth -= 1;
    let Some(ended) = ended else {
        let machine = &start.state_machine;
        if services.machines_elsewhere.contains(machine) {
            return match pattern {
                Pattern::RequestResponse => ServiceAnswer::returned(started(&start, style, &mut services.ids)),
                Pattern::WaitForTaskToken => {
                    ServiceAnswer::never().submitted(started(&start, style, &mut services.ids))
                }
                Pattern::Sync | Pattern::Sync2 => ServiceAnswer::threw(not_here(call)),
            };
        }
        let (code, message) = match machine.starts_with("arn:") {
            true => ("StateMachineDoesNotExist", format!("State Machine Does Not Exist: '{machine}'")),
            false => ("InvalidArn", format!("Invalid Arn: 'Invalid ARN prefix: {machine}'")),
        };
        return ServiceAnswer::threw(refused(code, &message, style, &mut services.ids));
    };
    if integration.action() == SYNCHRONOUS {
        let duration = ended.duration;
        return ServiceAnswer::returned(spoken(synchronous(&start, ended), call)).after(duration);
    }
    let started = started(&start, style, &mut services.ids);
    match pattern {
        Pattern::RequestResponse => ServiceAnswer::returned(started),
        Pattern::WaitForTaskToken => ServiceAnswer::never().submitted(started),
        Pattern::Sync | Pattern::Sync2 => {
            let duration = ended.duration;
            ServiceAnswer::from(finished(&start, ended, pattern)).submitted(started).after(duration)
        }
    }
}

/// The input that the execution gets. A text is JSON, whichever integration sends it.
fn input(input: Option<&Value>) -> Result<Value, serde_json::Error> {
    match input {
        None | Some(Value::Null) => Ok(json!({})),
        Some(Value::String(text)) => serde_json::from_str(text),
        Some(input) => Ok(input.clone()),
    }
}

/// What [StartSyncExecution](https://docs.aws.amazon.com/step-functions/latest/apireference/API_StartSyncExecution.html) answers, whether the
/// execution failed or not. It is billed for each 100 ms begun, and for each 64 MB.
fn synchronous(start: &StartExecution, ended: Ended) -> Value {
    let billed = ended.duration.as_millis().div_ceil(100) * 100;
    let mut answer = json!({
        "BillingDetails": {"BilledDurationInMilliseconds": billed as u64, "BilledMemoryUsedInMB": 64},
        "ExecutionArn": format!("{}:{}", execution_arn(start).replacen(":execution:", ":express:", 1), start.name),
        "Input": start.input.to_string(),
        "InputDetails": {"Included": true},
        "Name": start.name,
        "StartDate": start.at.to_string(),
        "StateMachineArn": start.state_machine,
        "Status": status(&ended.result),
        "StopDate": start.at.after(ended.duration).to_string(),
    });
    match ended.result {
        Ok(output) => {
            answer["Output"] = output.to_string().into();
            answer["OutputDetails"] = json!({"Included": true});
        }
        Err(TaskError { error, cause, .. }) => {
            answer["Error"] = error.into();
            answer["Cause"] = cause.into();
        }
    }
    answer
}

fn status(result: &Result<Value, TaskError>) -> &'static str {
    match result {
        Ok(_) => "SUCCEEDED",
        Err(failed) if failed.error == error::TIMEOUT => "TIMED_OUT",
        Err(_) => "FAILED",
    }
}

fn execution_arn(start: &StartExecution) -> String {
    format!("{}:{}", start.state_machine.replacen(":stateMachine:", ":execution:", 1), start.name)
}

fn started(start: &StartExecution, style: Style, ids: &mut Ids) -> Value {
    let answer = json!({"ExecutionArn": execution_arn(start), "StartDate": start.at.to_string()});
    match style {
        Style::Optimized => optimized(answer, "application/x-amz-json-1.0", start.at, ids),
        Style::Sdk => answer,
    }
}

/// How Step Functions' errors are spelled.
const ERRORS: ErrorStyle = ErrorStyle {
    service: "states",
    optimized_service: "AWSStepFunctions",
    optimized_other: "AWSStepFunctionsException",
    sdk_other: "SfnException",
};

fn refused(code: &str, message: &str, style: Style, ids: &mut Ids) -> TaskError {
    let exception = format!("{code}Exception");
    ERRORS.error(style, &Refusal { exception: Some(&exception), code, status: 400, message }, &ids.uuid())
}

/// The description of an execution that was waited for: with `.sync` its input and output are texts, with `.sync:2` JSON. A
/// failed one is the cause of `States.TaskFailed`, always with texts.
fn finished(start: &StartExecution, ended: Ended, pattern: Pattern) -> Result<Value, TaskError> {
    let as_json = pattern == Pattern::Sync2 && ended.result.is_ok();
    let shown = |value: &Value| if as_json { value.clone() } else { value.to_string().into() };
    let status = status(&ended.result);
    let mut answer = json!({
        "ExecutionArn": execution_arn(start),
        "Input": shown(&start.input),
        "InputDetails": {"Included": true},
        "Name": start.name,
        "RedriveCount": 0,
        "RedriveStatus": if ended.result.is_ok() { "NOT_REDRIVABLE" } else { "REDRIVABLE" },
        "StartDate": start.at.millis(),
        "StateMachineArn": start.state_machine,
        "Status": status,
        "StopDate": start.at.after(ended.duration).millis(),
    });
    let error = match ended.result {
        Ok(output) => {
            answer["Output"] = shown(&output);
            answer["OutputDetails"] = json!({"Included": true});
            answer["RedriveStatusReason"] = format!("Execution is {status} and cannot be redriven").into();
            None
        }
        Err(TaskError { error, cause, is_unanswered }) => {
            answer["Error"] = error.into();
            if !cause.is_empty() {
                answer["Cause"] = cause.into();
            }
            Some(TaskError { is_unanswered, ..TaskError::new(error::TASK_FAILED, "") })
        }
    };
    answer.sort_all_objects();
    match error {
        Some(error) => Err(TaskError { cause: answer.to_string(), ..error }),
        None => Ok(answer),
    }
}
