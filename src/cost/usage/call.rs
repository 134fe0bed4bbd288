//! Calls that workflows make of services, and what of them is billed.

use std::collections::BTreeMap;

use serde_json::Value;

use super::capacity::{item_bytes, read_units, write_units};
use crate::aws::integration::{Resource, function_name};
use crate::aws::{ItemRequest, TableOperation};
use crate::cost::design::FunctionDesign;
use crate::cost::{Decimal, Options, PriceId};

/// A call that a state made.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Call {
    /// The service, as the resource spells it: `dynamodb`.
    pub(crate) service: String,
    /// The call: `putItem`.
    pub(crate) action: String,
    /// What was asked.
    pub(crate) arguments: Value,
    /// The answer, if there was one.
    pub(crate) answer: Option<Value>,
    /// The error, if it failed.
    pub(crate) error: Option<String>,
}

/// What the sizes of items and the memory of functions are taken from.
#[derive(Clone, Copy)]
pub(crate) struct Context<'a> {
    /// What tables held before and after, by the name of the table.
    pub(crate) items: &'a dyn Fn(&str, &Value) -> Option<u64>,
    /// The size of every item, where somebody gave it.
    pub(crate) item_bytes: Option<u64>,
    /// The stack's functions.
    pub(crate) functions: &'a [FunctionDesign],
    /// How long a function runs, in milliseconds.
    pub(crate) function_ms: u64,
}

/// Units by what they are billed as.
pub(crate) type Billed = BTreeMap<PriceId, Decimal>;

impl Call {
    pub(crate) fn of(resource: &Resource, arguments: Value) -> Self {
        match resource {
            Resource::Service { call, .. } => Self { arguments, ..Self::named(call.service(), call.action()) },
            Resource::Function { arn } => {
                let arguments = serde_json::json!({ "FunctionName": arn });
                Self { arguments, ..Self::named("lambda", "invoke") }
            }
            Resource::Activity { .. } => Self { arguments, ..Self::named("states", "activity") },
            // An ARN that is known once the stack is deployed, and by its name a function's.
            Resource::Other { text } if text.contains("unction") || text.contains("ambda") => {
                let arguments = serde_json::json!({ "FunctionName": text });
                Self { arguments, ..Self::named("lambda", "invoke") }
            }
            Resource::Other { text } => Self { arguments, ..Self::named("unknown", text) },
        }
    }

    /// A call of which only its name is known.
    pub(crate) fn named(service: &str, action: &str) -> Self {
        let (service, action) = (service.to_owned(), action.to_owned());
        Self { service, action, arguments: Value::Null, answer: None, error: None }
    }

    /// How long it takes, in milliseconds.
    pub(crate) fn milliseconds(&self, options: &Options) -> u64 {
        if self.service == "lambda" { options.function_ms } else { options.task_ms }
    }

    /// Whether the service did it, or refused it for a condition that it had to look for.
    fn consumed(&self) -> bool {
        self.error.as_deref().is_none_or(|error| {
            ["ConditionalCheckFailed", "TransactionCanceled"].iter().any(|name| error.contains(name))
        })
    }

    /// What is billed of this call besides the state that made it; `None` if it is not known what this service bills.
    pub(crate) fn billed(&self, context: &Context<'_>) -> Option<Billed> {
        let one = |id| Some(Billed::from([(id, Decimal::one())]));
        match (self.service.as_str(), self.action.as_str()) {
            ("dynamodb", _) if !self.consumed() => Some(Billed::new()),
            ("dynamodb", action) => self.table_units(action, context),
            ("s3", action) => {
                let first =
                    ["put", "copy", "list", "create", "upload", "complete"].iter().any(|verb| action.starts_with(verb));
                let free = action.starts_with("delete") || action.starts_with("abort");
                if free { Some(Billed::new()) } else { one(if first { PriceId::S3Put } else { PriceId::S3Get }) }
            }
            ("sqs", _) => one(PriceId::QueueRequest),
            ("sns", _) => one(PriceId::TopicPublish),
            ("events" | "eventbridge", "putEvents") => {
                let entries = self.arguments["Entries"].as_array().map_or(1, |entries| entries.len().max(1));
                Some(Billed::from([(PriceId::CustomEvent, Decimal::from(entries as u64))]))
            }
            ("lambda", "invoke") => Some(self.function_units(context)),
            // Starting executions and waiting for them is billed by what they do.
            ("states" | "sfn", _) => Some(Billed::new()),
            _ => None,
        }
    }

    fn function_units(&self, context: &Context<'_>) -> Billed {
        let name = self.arguments["FunctionName"].as_str().unwrap_or_default();
        let name = function_name(name);
        let function = context.functions.iter().find(|function| function.name == name);
        function_units(function.map_or(128, |f| f.memory_mb), function.is_some_and(|f| f.arm), context.function_ms)
    }

    /// The units that DynamoDB counts for a call that it answered.
    fn table_units(&self, action: &str, context: &Context<'_>) -> Option<Billed> {
        let write = |units: Decimal| Some(Billed::from([(PriceId::WriteRequestUnit, units)]));
        let read = |units: Decimal| Some(Billed::from([(PriceId::ReadRequestUnit, units)]));
        let Some(operation) = TableOperation::of(action) else {
            let of_tables = action.starts_with("describe") || action.starts_with("list");
            return of_tables.then(Billed::new);
        };
        let consistent = |options: &Value| operation.is_transaction() || options["ConsistentRead"] == true;
        let times = Decimal::from(if operation.is_transaction() { 2 } else { 1 });
        let requests = || operation.requests(&self.arguments).into_iter();
        match operation {
            _ if operation.writes() => {
                let units: Decimal = requests().map(|request| write_units(written(&request, context))).sum();
                write(units * times)
            }
            TableOperation::Query | TableOperation::Scan => {
                read(read_units(self.found_bytes(context), consistent(&self.arguments)))
            }
            TableOperation::GetItem => {
                let found = |answer: &Value| context.item_bytes.unwrap_or_else(|| item_bytes(&answer["Item"]));
                read(read_units(self.answer.as_ref().map_or(0, found), consistent(&self.arguments)))
            }
            _ => {
                let bytes = context.item_bytes.unwrap_or(0);
                let units: Decimal = requests().map(|request| read_units(bytes, consistent(request.options))).sum();
                read(units * times)
            }
        }
    }

    /// What a query or a scan looked at.
    fn found_bytes(&self, context: &Context<'_>) -> u64 {
        let Some(answer) = &self.answer else { return 0 };
        let looked_at = answer["ScannedCount"].as_u64().or_else(|| answer["Count"].as_u64()).unwrap_or(0);
        if let Some(bytes) = context.item_bytes {
            return bytes * looked_at;
        }
        match answer["Items"].as_array() {
            Some(items) => items.iter().map(item_bytes).sum(),
            // A count reads the items all the same.
            None => {
                let table = self.arguments["TableName"].as_str().unwrap_or_default();
                (context.items)(table, &Value::Null).unwrap_or(0) * looked_at
            }
        }
    }
}

/// A run of a function.
pub(crate) fn function_units(memory_mb: u64, arm: bool, milliseconds: u64) -> Billed {
    let memory = Decimal::from(memory_mb).over(&Decimal::from(1024));
    let seconds = Decimal::from(milliseconds).over(&Decimal::from(1000));
    let duration = if arm { PriceId::FunctionGbSecondArm } else { PriceId::FunctionGbSecond };
    Billed::from([(PriceId::FunctionRequest, Decimal::one()), (duration, memory * seconds)])
}

/// The size of the item that a request writes or would have written.
fn written(request: &ItemRequest<'_>, context: &Context<'_>) -> u64 {
    if let Some(bytes) = context.item_bytes {
        return bytes;
    }
    let put = if request.operation == TableOperation::PutItem { item_bytes(request.item) } else { 0 };
    put.max((context.items)(request.table.unwrap_or_default(), request.item).unwrap_or(0))
}

/// Adds units to a sum.
pub(crate) fn add(sum: &mut Billed, more: Billed) {
    for (id, units) in more {
        *sum.entry(id).or_insert_with(Decimal::zero) += units;
    }
}
