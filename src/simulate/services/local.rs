//! All the services there are here, behind the one trait: faults first, then mocks, then what is built in.

use std::collections::{BTreeSet, HashMap};

use serde_json::Value;

use super::dynamodb::{DynamoDb, TableError};
use super::events::Bus;
use super::fault::{Effect, Faults};
use super::functions::Functions;
use super::mock::TestCase;
use super::nested::{self, StateMachines};
use super::s3::S3;
use super::sns::Topics;
use super::spoken::spoken;
use super::sqs::Sqs;
use super::written::{self, WrittenItem};
use super::{Completion, Ids, ServiceAnswer, ServiceCall, Services, TaskError, not_here, parameters};
use crate::aws::integration::{Pattern, Resource};
use crate::aws::states::error;
use crate::simulate::Timestamp;
use crate::simulate::s3_events::Origin;

/// The services of one account, here: DynamoDB for real, the others as far as workflows need them.
#[derive(Debug)]
pub struct LocalServices {
    /// The tables, on the embedded engine.
    pub dynamodb: DynamoDb,
    /// The buckets and their objects.
    pub s3: S3,
    /// The queues and the messages in them.
    pub sqs: Sqs,
    /// The topics and what was published to them.
    pub topics: Topics,
    /// The event buses and the events that were put on them.
    pub bus: Bus,
    /// The Lambda functions, which answer from the mock file or return their input.
    pub functions: Functions,
    /// The state machines that tasks can start.
    pub machines: StateMachines,
    /// The ARNs of state machines that others have made: they are started, and what they do is not known.
    pub machines_elsewhere: BTreeSet<String>,
    /// The ARNs of activities that do not exist.
    pub absent_activities: BTreeSet<String>,
    /// What goes wrong on purpose.
    pub faults: Faults,
    /// Where ids come from.
    pub ids: Ids,
    mocks: HashMap<String, TestCase>,
    recorded: Option<Vec<RecordedCall>>,
    made: u64,
    watches_items: bool,
}

/// A call that a state made, and what came of it.
#[derive(Debug, Clone, PartialEq)]
pub struct RecordedCall {
    /// The name of the state machine.
    pub state_machine: String,
    /// The name of the execution.
    pub execution: String,
    /// The name of the state.
    pub state: String,
    /// The `Resource`: `arn:aws:states:::sqs:sendMessage`.
    pub resource: Resource,
    /// What was asked.
    pub arguments: Value,
    /// When.
    pub at: Timestamp,
    /// How it ended.
    pub completion: Completion,
    /// The items of tables that it was about to write, if [`LocalServices::watch_items`] was asked for.
    pub items: Vec<WrittenItem>,
}

impl RecordedCall {
    /// Whether a Lambda function answered that has no code here, by returning its input.
    pub fn is_echo(&self) -> bool {
        let Completion::Succeeded(answer) = &self.completion else { return false };
        if self.resource.service() != Some("lambda") {
            return false;
        }
        if self.resource.integration().is_none() {
            return *answer == self.arguments;
        }
        // `aws-sdk:` calls send and receive JSON as text.
        let read = |payload: &Value| {
            let read = payload.as_str().and_then(|text| serde_json::from_str(text).ok());
            read.unwrap_or_else(|| payload.clone())
        };
        answer.get("Payload").is_some_and(|payload| self.arguments.get("Payload").map(read) == Some(read(payload)))
    }
}

impl LocalServices {
    /// Services with tables in memory, and nothing in them.
    ///
    /// # Errors
    /// The engine of the tables does not start.
    pub fn in_memory(seed: u64) -> Result<Self, TableError> {
        Ok(Self::over(DynamoDb::in_memory()?, seed))
    }

    /// Services over these tables. The ids that they give out follow from the seed.
    pub fn over(dynamodb: DynamoDb, seed: u64) -> Self {
        Self {
            dynamodb,
            s3: S3::new(),
            sqs: Sqs::default(),
            topics: Topics::default(),
            bus: Bus::new(Origin::default()),
            functions: Functions::default(),
            machines: StateMachines::default(),
            machines_elsewhere: BTreeSet::new(),
            absent_activities: BTreeSet::new(),
            faults: Faults::default(),
            ids: Ids::seeded(seed),
            mocks: HashMap::new(),
            recorded: None,
            made: 0,
            watches_items: false,
        }
    }

    /// Lets a test case of a mock file answer for the states of a state machine that it names.
    pub fn mock(&mut self, state_machine: &str, case: TestCase) {
        self.mocks.insert(state_machine.to_owned(), case);
    }

    /// Keeps every call from now on: for those who ask afterwards what was called. Memory grows with each.
    pub fn record(&mut self) {
        self.recorded.get_or_insert_default();
    }

    /// Keeps every call from now on, or forgets them.
    pub fn keep_calls(&mut self, keep: bool) {
        self.recorded = keep.then(|| self.take_recorded());
    }

    /// How many calls were made so far, kept or not.
    pub fn made(&self) -> u64 {
        self.made
    }

    /// Keeps with every call the items that it writes, as they were before and as they are afterwards. It reads each twice.
    pub fn watch_items(&mut self) {
        self.watches_items = true;
    }

    /// The calls that were kept, the oldest first.
    pub fn recorded(&self) -> &[RecordedCall] {
        self.recorded.as_deref().unwrap_or_default()
    }

    /// The calls that were kept so far, which are forgotten here.
    pub fn take_recorded(&mut self) -> Vec<RecordedCall> {
        self.recorded.as_mut().map(std::mem::take).unwrap_or_default()
    }

    /// Forgets the calls that were kept so far.
    pub fn forget_recorded(&mut self) {
        self.recorded.iter_mut().for_each(Vec::clear);
    }

    fn answer(&mut self, call: &ServiceCall<'_>) -> ServiceAnswer {
        let mocked = self.mocks.get_mut(call.state_machine).and_then(|case| case.answer(call.execution, call.state));
        let waits = call.resource.pattern() == Pattern::WaitForTaskToken;
        match mocked {
            Some(Ok(result)) => {
                let answer = ServiceAnswer::returned(result);
                if call.resource.pattern() == Pattern::RequestResponse {
                    answer
                } else {
                    answer.submitted(self.submitted(call))
                }
            }
            Some(Err(error)) => ServiceAnswer::threw(error),
            None if matches!(call.resource, Resource::Activity { .. }) => self.activity(call.resource.arn()),
            None if matches!(call.resource.service(), Some("states" | "sfn")) => match parameters::check(call) {
                Ok(()) => nested::call(self, call),
                Err(error) => ServiceAnswer::threw(error),
            },
            // Nobody here returns the token: the state's timeout ends it, or a mock does.
            None if waits => match self.built_in(call) {
                Ok(answer) => ServiceAnswer::never().submitted(answer),
                Err(error) => ServiceAnswer::threw(error),
            },
            None => self.built_in(call).into(),
        }
    }

    /// Nobody works on an activity here. One that does not exist cannot be scheduled; with which error is not documented.
    fn activity(&self, arn: &str) -> ServiceAnswer {
        match self.absent_activities.contains(arn) {
            true => ServiceAnswer::threw(TaskError::new(error::RUNTIME, format!("Activity Does Not Exist: '{arn}'"))),
            false => ServiceAnswer::never(),
        }
    }

    /// What the service said at once to a call whose end is mocked: its own answer, if it has one here.
    fn submitted(&mut self, call: &ServiceCall<'_>) -> Value {
        self.built_in(call).unwrap_or_else(|_| Value::Object(serde_json::Map::new()))
    }

    fn built_in(&mut self, call: &ServiceCall<'_>) -> Result<Value, TaskError> {
        if call.resource.service() != Some("dynamodb") {
            parameters::check(call)?;
        }
        let answer = match call.resource.service() {
            Some("dynamodb") => self.dynamodb.call(call, &mut self.ids),
            Some("s3") => self.s3.call(call, &mut self.ids),
            Some("sqs") => self.sqs.call(call, &mut self.ids),
            Some("sns") => self.topics.call(call, &mut self.ids),
            Some("events" | "eventbridge") => self.bus.call(call, &mut self.ids),
            Some("lambda") => self.functions.call(call, &mut self.ids),
            _ => Err(not_here(call)),
        };
        answer.map(|answer| spoken(answer, call))
    }
}

impl Services for LocalServices {
    fn is_mocked(&self, state_machine: &str, state: &str) -> bool {
        self.mocks.get(state_machine).is_some_and(|case| case.answers(state))
    }

    fn call(&mut self, call: &ServiceCall<'_>) -> ServiceAnswer {
        self.made += 1;
        let mut items = match self.watches_items {
            true => written::about_to_be(&self.dynamodb, call),
            false => Vec::new(),
        };
        let answer = match self.faults.strike(call, &mut self.ids) {
            None => self.answer(call),
            Some(Effect::Fails(error)) => ServiceAnswer::threw(error),
            Some(Effect::Loses(error)) => {
                self.answer(call);
                ServiceAnswer::threw(error)
            }
            Some(Effect::NeverEnds) => ServiceAnswer::never(),
            Some(Effect::Delayed(delay)) => {
                let answer = self.answer(call);
                let duration = answer.duration.saturating_add(delay);
                answer.after(duration)
            }
        };
        written::look_again(&self.dynamodb, &mut items);
        if let Some(recorded) = &mut self.recorded {
            recorded.push(RecordedCall {
                state_machine: call.state_machine.to_owned(),
                execution: call.execution.to_owned(),
                state: call.state.to_owned(),
                resource: call.resource.clone(),
                arguments: call.arguments.clone(),
                at: call.now,
                completion: answer.completion.clone(),
                items,
            });
        }
        answer
    }
}

#[cfg(test)]
mod tests;
