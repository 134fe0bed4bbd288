//! Faults on purpose: `throttle PutObject twice`, `lose PutObject once`, `delay QueryObject 5 seconds`.

use std::str::FromStr;
use std::time::Duration;

use thiserror::Error;

use super::answer::{ErrorStyle, Ids, Refusal};
use super::{ServiceCall, TaskError, dynamodb, s3};
use crate::aws::integration::{Resource, Style, called, error_prefix};
use crate::aws::states::error::TASK_FAILED;

/// What goes wrong on purpose, in the order in which it was asked for.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Faults {
    asked_for: Vec<Fault>,
    /// What goes wrong with the next call, before all others.
    next: Option<Fault>,
}

/// One thing that goes wrong, so many times.
///
/// ```
/// use bucketbook::simulate::services::Fault;
/// for text in [
///     "throttle PutObject twice",
///     "throttle dynamodb:putItem 3 times",
///     "lose PutObject once",
///     "fail PutObject once with States.TaskFailed",
///     "delay QueryObject 5 seconds",
///     "hang Approve",
/// ] {
///     assert!(text.parse::<Fault>().is_ok(), "{text}");
/// }
/// ```
#[derive(Debug, Clone, PartialEq)]
pub struct Fault {
    kind: Kind,
    /// The name of a state, or a call: `dynamodb:putItem`.
    target: String,
    /// How many calls it still strikes; `None`: all.
    left: Option<u32>,
}

#[derive(Debug, Clone, PartialEq)]
enum Kind {
    Throttle,
    /// The call is made, and its answer does not come back.
    Lose,
    Fail {
        error: String,
    },
    Delay(Duration),
    Hang,
}

/// What a fault does to a call.
#[derive(Debug, Clone, PartialEq)]
pub(super) enum Effect {
    Fails(TaskError),
    /// The call is made, and the task gets this instead of the answer.
    Loses(TaskError),
    Delayed(Duration),
    NeverEnds,
}

/// Why a text is no fault.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
#[error("`{text}` is not a valid fault: {reason}")]
pub struct FaultError {
    text: String,
    reason: String,
}

impl Faults {
    /// Adds a fault. Of several for one call the first that is not used up strikes.
    pub fn add(&mut self, fault: Fault) {
        self.asked_for.push(fault);
    }

    /// Lets a fault strike the next call, whatever it is of.
    pub fn strike_next(&mut self, fault: Fault) {
        self.next = Some(fault);
    }

    /// The targets of the faults that have not struck as often as they should, for those who must say that they never will.
    pub fn unused(&self) -> impl Iterator<Item = &str> {
        self.asked_for.iter().filter(|fault| fault.left.is_some_and(|left| left > 0)).map(|fault| fault.target.as_str())
    }

    /// Whether the fault for the next call still waits for one; it does so no longer.
    pub fn is_still_waiting(&mut self) -> bool {
        self.next.take().is_some()
    }

    /// What was asked for, for this call.
    fn due(&mut self, call: &ServiceCall<'_>) -> Option<Kind> {
        let fault = self.asked_for.iter_mut().find(|fault| fault.left != Some(0) && fault.is_for(call))?;
        if let Some(left) = &mut fault.left {
            *left -= 1;
        }
        Some(fault.kind.clone())
    }

    /// What goes wrong with this call, if anything does.
    pub(super) fn strike(&mut self, call: &ServiceCall<'_>, ids: &mut Ids) -> Option<Effect> {
        let kind = match self.next.take() {
            Some(fault) => fault.kind,
            None => self.due(call)?,
        };
        Some(match &kind {
            Kind::Throttle => Effect::Fails(throttled(call.resource, ids)),
            Kind::Lose => Effect::Loses(lost(call.resource)),
            Kind::Fail { error } => Effect::Fails(TaskError::new(error.clone(), "a fault of the scenario")),
            Kind::Delay(delay) => Effect::Delayed(*delay),
            Kind::Hang => Effect::NeverEnds,
        })
    }
}

impl std::fmt::Display for Fault {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let target = &self.target;
        match &self.kind {
            Kind::Throttle => write!(f, "throttle {target}")?,
            Kind::Lose => write!(f, "lose {target}")?,
            Kind::Fail { .. } => write!(f, "fail {target}")?,
            Kind::Delay(delay) => return write!(f, "delay {target} {} seconds", delay.as_secs_f64()),
            Kind::Hang => return write!(f, "hang {target}"),
        }
        match self.left {
            None => {}
            Some(1) => f.write_str(" once")?,
            Some(2) => f.write_str(" twice")?,
            Some(left) => write!(f, " {left} times")?,
        }
        match &self.kind {
            Kind::Fail { error } => write!(f, " with {error}"),
            _ => Ok(()),
        }
    }
}

impl Fault {
    /// The call that is made next is throttled, whoever makes it. For [`Faults::strike_next`].
    pub fn throttle() -> Self {
        Self { kind: Kind::Throttle, target: String::new(), left: Some(1) }
    }

    /// The answer to the call that is made next is lost, whoever makes it. For [`Faults::strike_next`].
    pub fn lose() -> Self {
        Self { kind: Kind::Lose, target: String::new(), left: Some(1) }
    }

    fn is_for(&self, call: &ServiceCall<'_>) -> bool {
        if self.target == call.state {
            return true;
        }
        called(&self.target).split_once(':').is_some_and(|(service, action)| call.resource.is(service, action))
    }
}

/// The error of the SDK when the connection breaks before the answer has come. AWS lists it by name for
/// [Lambda](https://docs.aws.amazon.com/step-functions/latest/dg/bp-lambda-serviceexception.html); every client of the SDK throws it.
pub fn lost(resource: &Resource) -> TaskError {
    let style = match resource {
        Resource::Service { call, .. } => call.style(),
        _ => Style::Optimized,
    };
    let prefix = resource.service().and_then(|service| error_prefix(style, service)).unwrap_or("Lambda");
    TaskError::new(format!("{prefix}.SdkClientException"), "Unable to execute HTTP request: Read timed out")
}

/// The error by which each service says that it is asked too much.
fn throttled(resource: &Resource, ids: &mut Ids) -> TaskError {
    let (style, service) = match resource {
        Resource::Service { call, .. } => (call.style(), call.service()),
        other => (Style::Optimized, other.service().unwrap_or("service")),
    };
    let errors = |service, optimized_service| ErrorStyle {
        service,
        optimized_service,
        optimized_other: "ThrottlingException",
        sdk_other: "ThrottlingException",
    };
    let (style_of, code, status, message) = match service {
        "dynamodb" => return dynamodb::throttled(style, ids),
        "s3" => return s3::error("S3Exception", "Please reduce your request rate.", 503, ids),
        "lambda" => (errors("lambda", "AWSLambda"), "TooManyRequestsException", 429, "Rate Exceeded."),
        "sqs" => (errors("sqs", "AmazonSQS"), "RequestThrottledException", 403, "Request is throttled."),
        "sns" => (errors("sns", "AmazonSNS"), "ThrottledException", 429, "Rate exceeded"),
        "events" | "eventbridge" => {
            (errors("events", "AmazonEventBridge"), "ThrottlingException", 400, "Rate exceeded")
        }
        _ => (errors("states", "AWSStepFunctions"), "ThrottlingException", 400, "Rate exceeded"),
    };
    style_of.error(style, &Refusal { exception: Some(code), code, status, message }, &ids.uuid())
}

impl FromStr for Fault {
    type Err = FaultError;

    fn from_str(text: &str) -> Result<Self, FaultError> {
        let refused = |reason: &str| FaultError { text: text.to_owned(), reason: reason.to_owned() };
        let (verb, rest) = text.trim().split_once(char::is_whitespace).ok_or_else(|| refused(EXPECTED))?;
        let (rest, error) = match rest.rsplit_once(" with ") {
            Some((rest, error)) if verb == "fail" => (rest, Some(error.trim().to_owned())),
            _ => (rest, None),
        };
        let (target, tail) = match rest.trim().strip_prefix('"') {
            Some(quoted) => {
                quoted.split_once('"').ok_or_else(|| refused("the closing quote of the state is missing"))?
            }
            None => rest.trim().split_once(char::is_whitespace).unwrap_or((rest.trim(), "")),
        };
        let tail: Vec<&str> = tail.split_whitespace().collect();
        let (delay, tail) = match (verb, &tail[..]) {
            ("delay", [number, unit, tail @ ..]) => (Some(duration(number, unit)), tail),
            (_, tail) => (None, tail),
        };
        let kind = match (verb, delay) {
            ("throttle", _) => Kind::Throttle,
            ("lose", _) => Kind::Lose,
            ("fail", _) => Kind::Fail { error: error.unwrap_or_else(|| TASK_FAILED.to_owned()) },
            ("hang", _) => Kind::Hang,
            ("delay", Some(Some(delay))) => Kind::Delay(delay),
            ("delay", _) => return Err(refused("a delay needs a number and a unit: delay STATE 5 seconds")),
            _ => return Err(refused(EXPECTED)),
        };
        let left = times(tail).ok_or_else(|| {
            refused("the number of times is once, twice, 3 times or always; put a state's name with spaces in quotes")
        })?;
        Ok(Self { kind, target: target.to_owned(), left })
    }
}

const EXPECTED: &str =
    "expected throttle, lose, fail, delay or hang, and the name of a state or a call such as dynamodb:putItem";

fn times(words: &[&str]) -> Option<Option<u32>> {
    match words {
        [] | ["always"] => Some(None),
        ["once"] => Some(Some(1)),
        ["twice"] => Some(Some(2)),
        [number, "times" | "time"] => number.parse().ok().map(Some),
        _ => None,
    }
}

/// A while, as a number and a unit: `5 seconds`.
pub(in crate::simulate) fn duration(number: &str, unit: &str) -> Option<Duration> {
    let number: f64 = number.parse().ok()?;
    let seconds = match unit {
        "ms" | "millisecond" | "milliseconds" => 0.001,
        "s" | "second" | "seconds" => 1.0,
        "m" | "minute" | "minutes" => 60.0,
        "h" | "hour" | "hours" => 3600.0,
        "d" | "day" | "days" => 86_400.0,
        _ => return None,
    };
    Duration::try_from_secs_f64(number * seconds).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn faults_are_read_as_they_are_said() {
        let fault = |kind, target: &str, left| Fault { kind, target: target.to_owned(), left };
        let fail = |error: &str| Kind::Fail { error: error.to_owned() };
        let cases = [
            ("throttle PutObject twice", fault(Kind::Throttle, "PutObject", Some(2))),
            ("lose PutObject once", fault(Kind::Lose, "PutObject", Some(1))),
            ("throttle dynamodb:putItem 3 times", fault(Kind::Throttle, "dynamodb:putItem", Some(3))),
            ("fail \"Put it\" once with My.Error", fault(fail("My.Error"), "Put it", Some(1))),
            ("fail X", fault(fail("States.TaskFailed"), "X", None)),
            ("delay X 1.5 minutes once", fault(Kind::Delay(Duration::from_secs(90)), "X", Some(1))),
            ("hang X always", fault(Kind::Hang, "X", None)),
        ];
        for (text, expected) in cases {
            assert_eq!(text.parse::<Fault>().as_ref(), Ok(&expected), "{text}");
        }
        for text in ["", "throttle", "break X", "throttle X thrice", "delay X", "delay X five seconds", "fail \"X once"]
        {
            assert!(text.parse::<Fault>().is_err(), "{text}");
        }
    }
}
