//! DynamoDB, for real: an embedded engine ([dynoxide](https://docs.rs/dynoxide-rs)) behind both of Step Functions'
//! integrations, in memory or in a file.

mod calls;
mod file;
mod parameters;
mod requests;
mod spelling;
mod table;
mod values;

use std::path::Path;

use dynoxide::{Database, DynoxideError};
use serde_json::{Value, json};
use thiserror::Error;

use super::answer::{ErrorStyle, Ids, Refusal, add_metadata, http_date, refused_parameters};
use super::{ServiceCall, TaskError};
use crate::aws::integration::Style;
use crate::source::{open_regular, plain};
use file::FileLock;

/// Tables, and the engine that keeps them.
#[derive(Debug)]
pub struct DynamoDb {
    database: Handle,
    /// Held for as long as the file is open. It is dropped after the database, whose own locks would go with it.
    _lock: Option<FileLock>,
}

/// The engine's handle, which has no `Debug` of its own.
struct Handle(Database);

impl std::fmt::Debug for Handle {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Database")
    }
}

/// Why tables cannot be had.
#[derive(Debug, Error)]
pub enum TableError {
    /// The file is there, and is something else.
    #[error("{path} is not a table file. It was not changed")]
    NotATableFile {
        /// The file.
        path: String,
    },
    /// Another process has the file open.
    #[error("{path} is in use by another process: wait until that has finished, or choose another file")]
    Locked {
        /// The file.
        path: String,
    },
    /// The file begins as a table file and cannot be read as one.
    #[error("{path} cannot be read as a table file: {reason}. It was not changed")]
    Damaged {
        /// The file.
        path: String,
        /// In the engine's words.
        reason: String,
    },
    /// The operating system refuses the file.
    #[error("cannot open {path}: {reason}")]
    Io {
        /// The file.
        path: String,
        /// What it says.
        reason: String,
    },
    /// The file holds a table of this name with another key.
    #[error("the table file has a table `{table}` with the key {found}, but the template gives it the key {expected}")]
    OtherKey {
        /// The table.
        table: String,
        /// The key in the file: `id (HASH)`.
        found: String,
        /// The key in the template.
        expected: String,
    },
    /// DynamoDB refuses to create such a table, or the item that is put into it.
    #[error("table `{table}`: {reason}")]
    Refused {
        /// The table.
        table: String,
        /// In DynamoDB's words.
        reason: String,
    },
}

/// How DynamoDB's errors are spelled: <https://docs.aws.amazon.com/step-functions/latest/dg/connect-ddb.html>.
const ERRORS: ErrorStyle = ErrorStyle {
    service: "dynamodb",
    optimized_service: "AmazonDynamoDBv2",
    optimized_other: "AmazonDynamoDBException",
    sdk_other: "DynamoDbException",
};

impl DynamoDb {
    /// Tables in memory, gone with this value.
    ///
    /// # Errors
    /// The engine does not start: there is no memory for it.
    pub fn in_memory() -> Result<Self, TableError> {
        let database = Database::memory()
            .map_err(|error| TableError::Io { path: "the tables in memory".to_owned(), reason: error.to_string() })?;
        Ok(Self { database: Handle(database), _lock: None })
    }

    /// Tables in a file, which is made if it is not there. Every write is in the file before its answer is given.
    ///
    /// # Errors
    /// The file is something else, is damaged, or another process has it open. It is never changed then.
    pub fn open(path: &Path) -> Result<Self, TableError> {
        // A pipe would keep whoever opens it waiting.
        if let Err(error) = open_regular(path)
            && error.kind() != std::io::ErrorKind::NotFound
        {
            return Err(TableError::Io { path: path.display().to_string(), reason: plain(&error) });
        }
        let lock = FileLock::take(path)?;
        let database = file::open(path)?;
        Ok(Self { database: Handle(database), _lock: Some(lock) })
    }

    /// The item of a key, in DynamoDB's form; `None` where the table has none, or is none.
    pub fn item(&self, table: &str, key: &Value) -> Option<Value> {
        let arguments = json!({"TableName": table, "Key": key, "ConsistentRead": true});
        self.run("getItem", &arguments)?.ok()?.get("Item").cloned()
    }

    /// Removes the item of a key, if it is there.
    ///
    /// # Errors
    /// There is no such table, or this is not its key.
    pub fn remove(&self, table: &str, key: &Value) -> Result<(), TableError> {
        let refused = |reason: String| TableError::Io { path: table.to_owned(), reason };
        match self.run("deleteItem", &json!({"TableName": table, "Key": key})) {
            Some(Err(Fault::Engine(error))) => Err(refused(error.to_string())),
            Some(Err(Fault::Parameters(faults))) => Err(refused(faults.join("; "))),
            Some(Ok(_)) | None => Ok(()),
        }
    }

    /// Answers a task's call. Whatever the engine takes works through `aws-sdk:`; the optimized integration has
    /// [four calls](https://docs.aws.amazon.com/step-functions/latest/dg/connect-ddb.html).
    pub(super) fn call(&self, call: &ServiceCall<'_>, ids: &mut Ids) -> Result<Value, TaskError> {
        let Some(integration) = call.resource.integration() else { return Err(super::not_here(call)) };
        let (style, action) = (integration.style(), integration.action());
        if style == Style::Optimized && integration.call().is_none() {
            return Err(super::not_here(call));
        }
        let changed = match style {
            Style::Optimized => with_types(call.arguments),
            Style::Sdk => spelling::native(call.arguments),
        };
        match self.run(action, changed.as_ref().unwrap_or(call.arguments)) {
            Some(Ok(answer)) if style == Style::Optimized => Ok(with_metadata(answer, call, ids)),
            Some(Ok(answer)) => Ok(spelling::sdk(answer)),
            Some(Err(Fault::Parameters(faults))) => Err(refused_parameters(call.arguments, &faults)),
            Some(Err(Fault::Engine(error))) => Err(task_error(style, &error, ids)),
            None => Err(super::not_here(call)),
        }
    }

    /// One call of the API, by the name that `Resource` gives it, as the SDK would make it; `None` for a call that the engine
    /// does not have.
    fn run(&self, action: &str, arguments: &Value) -> Option<Result<Value, Fault>> {
        let by_name = table::names_of_arns(action, arguments);
        let arguments = by_name.as_ref().unwrap_or(arguments);
        if let Some(answer) = calls::plain(&self.database.0, action, arguments) {
            return Some(answer.map_err(Fault::Engine));
        }
        let faults = parameters::faults(action, arguments);
        if !faults.is_empty() {
            return Some(Err(Fault::Parameters(faults)));
        }
        if parameters::too_deep(arguments) {
            let message = "Nesting Levels have exceeded supported limits";
            return Some(Err(Fault::Engine(DynoxideError::ValidationException(message.to_owned()))));
        }
        let answer = calls::full(&self.database.0, action, arguments)?;
        Some(answer.map_err(Fault::Engine))
    }
}

/// Why a call has no answer.
enum Fault {
    /// Step Functions refuses to make it.
    Parameters(Vec<String>),
    /// DynamoDB refuses it.
    Engine(DynoxideError),
}

/// The name of the engine's error, and whether the SDKs have an exception for it.
fn exception(error: &DynoxideError) -> (&'static str, bool) {
    let code = error.error_type().rsplit_once('#').map_or("InternalServerError", |(_, code)| code);
    match code {
        "ValidationException" | "SerializationException" | "AccessDeniedException" => (code, false),
        "InternalServerError" => ("InternalServerErrorException", true),
        _ => (code, true),
    }
}

fn task_error(style: Style, error: &DynoxideError, ids: &mut Ids) -> TaskError {
    let (code, known) = exception(error);
    let message = error.to_string();
    let refusal = Refusal { exception: known.then_some(code), code, status: error.status_code(), message: &message };
    ERRORS.error(style, &refusal, &ids.letters(52))
}

/// The error that DynamoDB gives when it is asked for more than it has: what a scenario throttles with.
pub(super) fn throttled(style: Style, ids: &mut Ids) -> TaskError {
    let message = "The level of configured provisioned throughput for the table was exceeded. Consider increasing your \
                   provisioning level with the UpdateTable API.";
    task_error(style, &DynoxideError::ProvisionedThroughputExceededException(message.to_owned()), ids)
}

/// The arguments with `{"S": "a"}` where they had a plain text: the optimized integration takes such for attribute values, and
/// public samples make use of it. `None` if they had none.
fn with_types(arguments: &Value) -> Option<Value> {
    const VALUES: [&str; 3] = ["Item", "Key", "ExpressionAttributeValues"];
    let plain = |name: &str| arguments[name].as_object().is_some_and(|values| values.values().any(Value::is_string));
    if !VALUES.iter().any(|name| plain(name)) {
        return None;
    }
    let mut typed = arguments.clone();
    for name in VALUES {
        let values =
            typed.get_mut(name).and_then(Value::as_object_mut).into_iter().flat_map(|values| values.values_mut());
        values.filter(|value| value.is_string()).for_each(|value| *value = json!({ "S": value.take() }));
    }
    Some(typed)
}

fn with_metadata(answer: Value, call: &ServiceCall<'_>, ids: &mut Ids) -> Value {
    let body = serde_json::to_vec(&answer).unwrap_or_default();
    let Value::Object(mut answer) = answer else { return json!({}) };
    let (length, checksum) = (body.len().to_string(), crc32fast::hash(&body).to_string());
    let (request_id, date) = (ids.letters(52), http_date(call.now));
    let headers = [
        ("Server", "Server"),
        ("Connection", "keep-alive"),
        ("x-amzn-RequestId", request_id.as_str()),
        ("x-amz-crc32", &checksum),
        ("Content-Length", &length),
        ("Date", &date),
        ("Content-Type", "application/x-amz-json-1.0"),
    ];
    add_metadata(&mut answer, &headers, request_id.clone());
    answer.into()
}

#[cfg(test)]
mod tests;
