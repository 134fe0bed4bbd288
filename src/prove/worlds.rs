//! What executions share: tables and buckets, each state of them with a number.
//!
//! The embedded engine answers every call, once for each state of the tables that it meets: what a call does there is remembered. So the
//! search is as fast as looking up, and nothing but the engine says what DynamoDB does.

use std::collections::{BTreeMap, HashMap};
use std::rc::Rc;
use std::sync::Arc;
use std::time::Duration;

use serde_json::{Map, Value, json};

use super::ProveError;
use super::limits::Limits;
use super::story::{Sent, Story};
use super::touch::{TableKey, Touch, can_be_stale, touches};
use crate::aws::integration::{Resource, error_prefix};
use crate::simulate::Timestamp;
use crate::simulate::s3_events::Origin;
use crate::simulate::services::s3::S3;
use crate::simulate::services::{
    Caller, Completion, Fault, Ids, LocalServices, RecordedCall, ServiceAnswer, ServiceCall, Services, TaskError, lost,
};
use crate::simulate::simulation::{Simulation, SimulationOptions};
use crate::simulate::stack::RunnableStack;

/// The number of a state of tables and buckets.
pub(super) type WorldId = u32;
/// The number of a call: what is called, with what.
pub(super) type CallId = u32;
/// The number of an answer.
pub(super) type AnswerId = u32;

/// How a call is made.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(super) enum Making {
    /// As always.
    Well,
    /// The service refuses it: it is asked too much.
    Throttled,
    /// It is made, and its answer is lost.
    Lost,
    /// It reads what was there before the last call that changed a table.
    Stale,
}

impl Making {
    /// Whether an execution that ends badly by it does so because something went wrong: what is stale is as it should be.
    pub(super) fn strikes(self) -> bool {
        matches!(self, Self::Throttled | Self::Lost)
    }
}

/// A call that an execution is about to make.
#[derive(Debug, Clone)]
pub(super) struct Call {
    pub(super) resource: Resource,
    pub(super) arguments: Value,
    pub(super) state: String,
    pub(super) touches: Vec<Touch>,
    /// Whether it may read what was there a moment ago.
    pub(super) can_be_stale: bool,
    caller: Caller,
    attempt: u64,
    item_index: Option<u64>,
    task_token: Option<String>,
    state_machine: String,
    execution: String,
    role_arn: Option<String>,
    now: Timestamp,
}

impl Call {
    pub(super) fn of(call: &ServiceCall<'_>, tables: &[TableKey]) -> Self {
        Self {
            resource: call.resource.clone(),
            arguments: call.arguments.clone(),
            state: call.state.to_owned(),
            touches: touches(call.resource, call.arguments, tables),
            can_be_stale: can_be_stale(call.resource, call.arguments),
            caller: call.caller,
            attempt: call.attempt,
            item_index: call.item_index,
            task_token: call.task_token.map(str::to_owned),
            state_machine: call.state_machine.to_owned(),
            execution: call.execution.to_owned(),
            role_arn: call.role_arn.map(str::to_owned),
            now: call.now,
        }
    }

    /// Whether it can change anything.
    pub(super) fn writes(&self) -> bool {
        self.touches.iter().any(|touch| touch.writes)
    }

    /// The call with its answer, as a simulation keeps it.
    pub(super) fn recorded(&self, answer: &ServiceAnswer) -> RecordedCall {
        RecordedCall {
            state_machine: self.state_machine.clone(),
            execution: self.execution.clone(),
            state: self.state.clone(),
            resource: self.resource.clone(),
            arguments: self.arguments.clone(),
            at: self.now,
            completion: answer.completion.clone(),
            items: Vec::new(),
        }
    }

    fn made(&self) -> ServiceCall<'_> {
        ServiceCall {
            resource: &self.resource,
            arguments: &self.arguments,
            caller: self.caller,
            state: &self.state,
            attempt: self.attempt,
            item_index: self.item_index,
            task_token: self.task_token.as_deref(),
            state_machine: &self.state_machine,
            execution: &self.execution,
            role_arn: self.role_arn.as_deref(),
            now: self.now,
        }
    }

    /// What tells calls apart.
    fn text(&self) -> String {
        let Self { resource, arguments, state, caller, task_token, execution, now, .. } = self;
        // A name that is not used in the call makes no difference to it.
        let starts = resource.service().is_some_and(|service| service == "states" || service == "sfn");
        let execution = if starts { execution.as_str() } else { "" };
        format!("{} {state} {caller:?} {task_token:?} {execution} {} {arguments}", resource.arn(), now.millis())
    }
}

/// What a call does.
#[derive(Debug, Clone)]
pub(super) struct Effect {
    pub(super) answer: AnswerId,
    pub(super) world: WorldId,
    /// Events that follow from it.
    pub(super) events: Rc<[Sent]>,
}

/// A state of tables and buckets.
#[derive(Debug, Clone)]
pub(super) struct World {
    /// The items of each table, by key.
    pub(super) tables: Vec<Rc<Vec<Value>>>,
    pub(super) s3: Rc<S3>,
    /// The tokens by which transactions are known that were made, and what each asked for.
    tokens: Rc<BTreeMap<String, Value>>,
}

/// All states that were met, and the engine that goes from one to the other.
pub(super) struct Worlds {
    services: LocalServices,
    pub(super) limits: Limits,
    sending: Vec<String>,
    pub(super) tables: Vec<TableKey>,
    known: Vec<World>,
    numbers: HashMap<String, WorldId>,
    /// Which of them the engine holds.
    here: WorldId,
    /// How many transactions with tokens the engine was asked for.
    transactions: u64,
    pub(super) calls: Vec<Rc<Call>>,
    call_numbers: HashMap<String, CallId>,
    pub(super) answers: Vec<ServiceAnswer>,
    answer_numbers: HashMap<String, AnswerId>,
    effects: HashMap<(WorldId, CallId, Making), Effect>,
}

impl Worlds {
    /// The stack's tables and buckets as a story finds them.
    pub(super) fn new(stack: &Arc<RunnableStack>, story: &Story, limits: Limits) -> Result<Self, ProveError> {
        let mut services = LocalServices::in_memory(0)?;
        stack.furnish(&mut services)?;
        for (table, item) in &story.given {
            services.dynamodb.put(table, item)?;
        }
        story.faults.iter().for_each(|fault| services.faults.add(fault.clone()));
        let services = Simulation::new(Arc::clone(stack), services, SimulationOptions::default()).services;
        let key = |name: &str| services.dynamodb.key_names(name);
        let tables: Vec<TableKey> =
            stack.tables().iter().map(|table| TableKey { key: key(&table.name), name: table.name.clone() }).collect();
        let sending = stack.buckets().iter().filter(|bucket| bucket.sends_to_event_bridge);
        let mut worlds = Self {
            sending: sending.map(|bucket| bucket.name.clone()).collect(),
            services,
            limits,
            tables,
            known: Vec::new(),
            numbers: HashMap::new(),
            here: 0,
            transactions: 0,
            calls: Vec::new(),
            call_numbers: HashMap::new(),
            answers: Vec::new(),
            answer_numbers: HashMap::new(),
            effects: HashMap::new(),
        };
        worlds.note(Rc::default())?;
        Ok(worlds)
    }

    /// A state by its number.
    pub(super) fn world(&self, world: WorldId) -> &World {
        &self.known[world as usize]
    }

    /// The number of a call.
    pub(super) fn call(&mut self, call: Call) -> CallId {
        let next = self.calls.len() as CallId;
        let number = *self.call_numbers.entry(call.text()).or_insert(next);
        if number == next {
            self.calls.push(Rc::new(call));
        }
        number
    }

    /// What a call does in a state.
    pub(super) fn effect(&mut self, world: WorldId, call: CallId, making: Making) -> Result<Effect, ProveError> {
        if let Some(effect) = self.effects.get(&(world, call, making)) {
            return Ok(effect.clone());
        }
        let made = Rc::clone(&self.calls[call as usize]);
        self.go_to(world)?;
        let token = token(&made);
        if let (Some(token), true) = (token, making != Making::Throttled)
            && let Some(asked) = self.known[world as usize].tokens.get(token)
        {
            let answer = if *asked == made.arguments { ServiceAnswer::returned(json!({})) } else { mismatch(&made) };
            let answer =
                self.answer(if making == Making::Lost { ServiceAnswer::threw(lost(&made.resource)) } else { answer });
            return Ok(Effect { answer, world, events: Rc::default() });
        }
        match making {
            Making::Well | Making::Stale => {}
            Making::Throttled => self.services.faults.strike_next(Fault::throttle()),
            Making::Lost => self.services.faults.strike_next(Fault::lose()),
        }
        // The ids of a request are nobody's concern; those that S3 gives to versions have to be new ones.
        let of_dynamodb = made.resource.service() == Some("dynamodb");
        self.services.ids = Ids::seeded(if of_dynamodb { 0 } else { u64::from(world) << 32 | u64::from(call) });
        // The engine remembers tokens whatever state it is in, so that each gets one of its own.
        let renamed = token.map(|_| {
            self.transactions += 1;
            let mut renamed = (*made).clone();
            renamed.arguments["ClientRequestToken"] = format!("transaction-{}", self.transactions).into();
            renamed
        });
        let answer = self.services.call(&renamed.as_ref().unwrap_or(&made).made());
        self.services.forget_recorded();
        let is_made = making == Making::Lost || matches!(answer.completion, Completion::Succeeded(_));
        let mut tokens = Rc::clone(&self.known[world as usize].tokens);
        if let Some(token) = token.filter(|_| is_made && making != Making::Throttled) {
            Rc::make_mut(&mut tokens).insert(token.to_owned(), made.arguments.clone());
        }
        let events = self.events();
        let (from, world) =
            (world, if made.writes() && making != Making::Throttled { self.note(tokens)? } else { world });
        let effect = Effect { answer: self.answer(answer), world, events };
        self.effects.insert((from, call, making), effect.clone());
        Ok(effect)
    }

    /// Removes what expires from a table.
    pub(super) fn expire(&mut self, world: WorldId, table: &str) -> Result<WorldId, ProveError> {
        self.go_to(world)?;
        self.services.dynamodb.expire(table)?;
        self.note(Rc::clone(&self.known[world as usize].tokens))
    }

    /// Changes the buckets of a state.
    pub(super) fn change(&mut self, world: WorldId, change: impl FnOnce(&mut S3)) -> Result<WorldId, ProveError> {
        self.go_to(world)?;
        change(&mut self.services.s3);
        while self.services.s3.take_change().is_some() {}
        self.note(Rc::clone(&self.known[world as usize].tokens))
    }

    fn answer(&mut self, answer: ServiceAnswer) -> AnswerId {
        let next = self.answers.len() as AnswerId;
        let number = *self.answer_numbers.entry(format!("{answer:?}")).or_insert(next);
        if number == next {
            self.answers.push(answer);
        }
        number
    }

    /// The events of what a call changed in buckets or put on the bus.
    fn events(&mut self) -> Rc<[Sent]> {
        let mut events = Vec::new();
        while let Some(change) = self.services.s3.take_change() {
            if self.sending.contains(&change.bucket) {
                let event = change.event(&Origin::default(), &mut self.services.ids);
                events.push(Sent { event, bus: None });
            }
        }
        while let Some(put) = self.services.bus.take_event() {
            events.push(Sent { event: put.event, bus: Some(put.bus) });
        }
        events.into()
    }

    /// Brings the engine into a state.
    fn go_to(&mut self, world: WorldId) -> Result<(), ProveError> {
        if self.here == world {
            return Ok(());
        }
        let (from, to) = (&self.known[self.here as usize], &self.known[world as usize]);
        for (table, (there, wanted)) in self.tables.iter().zip(from.tables.iter().zip(&to.tables)) {
            if Rc::ptr_eq(there, wanted) {
                continue;
            }
            for item in there.iter().filter(|item| !wanted.contains(item)) {
                let key = table.key.iter().map(|name| (name.clone(), item[name].clone()));
                self.services.dynamodb.remove(&table.name, &Value::Object(key.collect::<Map<_, _>>()))?;
            }
            for item in wanted.iter().filter(|item| !there.contains(item)) {
                self.services.dynamodb.put(&table.name, item)?;
            }
        }
        if !Rc::ptr_eq(&from.s3, &to.s3) {
            self.services.s3 = (*to.s3).clone();
        }
        self.here = world;
        Ok(())
    }

    /// The number of the state that the engine is in now.
    fn note(&mut self, tokens: Rc<BTreeMap<String, Value>>) -> Result<WorldId, ProveError> {
        let items = self.tables.iter().map(|table| self.services.dynamodb.items(&table.name));
        let mut items = items.collect::<Result<Vec<_>, _>>()?;
        items.iter_mut().flatten().for_each(Value::sort_all_objects);
        let s3 = format!("{:?}", self.services.s3);
        let text = format!("{}\n{s3}\n{tokens:?}", Value::from_iter(items.iter().cloned()));
        if let Some(number) = self.numbers.get(&text) {
            self.here = *number;
            return Ok(*number);
        }
        let before = self.known.get(self.here as usize);
        let tables = items.into_iter().enumerate().map(|(at, items)| {
            let same = before.map(|before| &before.tables[at]).filter(|before| ***before == items);
            same.map_or_else(|| Rc::new(items.clone()), Rc::clone)
        });
        let s3 = before.filter(|before| format!("{:?}", before.s3) == s3).map(|before| Rc::clone(&before.s3));
        let world =
            World { tokens, tables: tables.collect(), s3: s3.unwrap_or_else(|| Rc::new(self.services.s3.clone())) };
        let number = self.known.len() as WorldId;
        self.known.push(world);
        self.numbers.insert(text, number);
        self.here = number;
        Ok(number)
    }
}

/// The token by which a transaction is known when it is asked for again, within
/// [ten minutes](https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/transaction-apis.html): longer than anything here takes.
fn token(call: &Call) -> Option<&str> {
    let transacts = call.resource.service() == Some("dynamodb") && call.resource.action() == Some("transactWriteItems");
    call.arguments.get("ClientRequestToken").filter(|_| transacts)?.as_str()
}

/// What DynamoDB says of a token that comes with something else.
fn mismatch(call: &Call) -> ServiceAnswer {
    let prefix = call.resource.integration().and_then(|integration| error_prefix(integration.style(), "dynamodb"));
    let prefix = prefix.unwrap_or("DynamoDb");
    ServiceAnswer::threw(TaskError::new(
        format!("{prefix}.IdempotentParameterMismatchException"),
        "the token was used with other parameters",
    ))
}

/// Services that are asked, and answer nothing: to see what an execution is about to do.
pub(super) struct Asking<'a> {
    pub(super) tables: &'a [TableKey],
    pub(super) asked: Option<Call>,
}

impl Services for Asking<'_> {
    fn call(&mut self, call: &ServiceCall<'_>) -> ServiceAnswer {
        self.asked = Some(Call::of(call, self.tables));
        ServiceAnswer::never()
    }
}

/// Services that have one answer.
pub(super) struct Told<'a>(pub(super) &'a ServiceAnswer);

impl Services for Told<'_> {
    fn call(&mut self, _: &ServiceCall<'_>) -> ServiceAnswer {
        self.0.clone()
    }
}

/// What an answer says, in a word or two.
pub(super) fn said(answer: &ServiceAnswer) -> String {
    let text = crate::simulate::scenario::said(&answer.completion);
    if text.is_empty() && answer.duration > Duration::ZERO { "is done later".to_owned() } else { text }
}
