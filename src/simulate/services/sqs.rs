//! SQS: what is sent to queues.

use std::collections::{BTreeMap, BTreeSet, VecDeque};
use std::time::Duration;

use md5::{Digest, Md5};
use serde_json::{Map, Value, json};
use sha2::Sha256;

use super::answer::{ErrorStyle, Ids, Refusal, required, required_text, styled};
use super::{ServiceCall, TaskError, not_here};
use crate::aws::integration::{Integration, Style};
use crate::simulate::Timestamp;
use crate::simulate::s3_events::Origin;

/// A queue keeps at most so many messages: the oldest go, so that a stream of a million events does not fill the memory.
const MAX_MESSAGES: usize = 10_000;

/// How many entries a batch may have
/// ([quotas](https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/quotas-messages.html)).
const MAX_ENTRIES: usize = 10;

/// For so long, a FIFO queue takes a message of the same id for the same message
/// ([MessageDeduplicationId](https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/using-messagededuplicationid-property.html)).
const DEDUPLICATION: Duration = Duration::from_secs(300);

/// How SQS's errors are spelled.
const ERRORS: ErrorStyle = ErrorStyle {
    service: "sqs",
    optimized_service: "AmazonSQS",
    optimized_other: "AmazonSQSException",
    sdk_other: "SqsException",
};

/// Queues. Whichever is sent to is there, unless it was removed.
#[derive(Debug, Default)]
pub struct Sqs {
    queues: BTreeMap<String, VecDeque<Message>>,
    /// By FIFO queue and deduplication id: when a message was sent, and the answer.
    sent: BTreeMap<(String, String), (Timestamp, Value)>,
    removed: BTreeSet<String>,
}

/// A message in a queue.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Message {
    /// The message id that SQS answers with.
    pub id: String,
    /// The body of the message.
    pub body: String,
}

/// What SQS finds wrong: its own code, the SDKs' exception where they have one, and the message.
struct Wrong {
    code: &'static str,
    exception: Option<&'static str>,
    message: String,
}

impl Wrong {
    fn other(code: &'static str, message: String) -> Self {
        Self { code, exception: None, message }
    }

    fn no_such_queue() -> Self {
        Self {
            code: "AWS.SimpleQueueService.NonExistentQueue",
            exception: Some("QueueDoesNotExistException"),
            message: "The specified queue does not exist.".to_owned(),
        }
    }

    /// A parameter that SQS demands and Step Functions does not.
    fn missing(name: &str) -> Self {
        Self::other("MissingParameter", format!("The request must contain the parameter {name}."))
    }

    fn error(self, call: &ServiceCall<'_>, ids: &mut Ids) -> TaskError {
        let style = call.resource.integration().map_or(Style::Sdk, Integration::style);
        let refusal = Refusal { exception: self.exception, code: self.code, status: 400, message: &self.message };
        ERRORS.error(style, &refusal, &ids.uuid())
    }
}

impl Sqs {
    /// Removes a queue, by its URL.
    pub fn remove(&mut self, url: &str) {
        self.queues.remove(url);
        self.sent.retain(|(queue, _), _| queue != url);
        self.removed.insert(url.to_owned());
    }

    fn is_there(&self, url: &str) -> bool {
        !self.removed.contains(url)
    }

    /// Answers a call of SQS.
    pub(super) fn call(&mut self, call: &ServiceCall<'_>, ids: &mut Ids) -> Result<Value, TaskError> {
        let arguments = call.arguments;
        let action = call.resource.action().unwrap_or_default();
        let answer = match action {
            "createQueue" => Ok(self.create(required_text(arguments, "QueueName")?)),
            "getQueueUrl" => self.url(required_text(arguments, "QueueName")?),
            "listQueues" => Ok(self.list(arguments["QueueNamePrefix"].as_str().unwrap_or_default())),
            "sendMessage" => {
                let queue = required_text(arguments, "QueueUrl")?;
                required(arguments, "MessageBody")?;
                self.found(queue).and_then(|()| self.send(queue, arguments, call.now, ids))
            }
            "sendMessageBatch" => {
                let queue = required_text(arguments, "QueueUrl")?;
                let entries = required(arguments, "Entries")?.as_array().map(Vec::as_slice).unwrap_or_default();
                self.found(queue).and_then(|()| self.send_all(queue, entries, call.now, ids))
            }
            _ => {
                let queue = required_text(arguments, "QueueUrl")?;
                let answer = self.found(queue).map(|()| self.of_queue(action, queue, arguments));
                answer.and_then(|answer| answer.ok_or_else(|| Wrong::other("", String::new())))
            }
        };
        match answer {
            Ok(answer) => Ok(styled(answer, "application/x-amz-json-1.0", call, ids)),
            Err(Wrong { code: "", .. }) => Err(not_here(call)),
            Err(wrong) => Err(wrong.error(call, ids)),
        }
    }

    fn found(&self, url: &str) -> Result<(), Wrong> {
        if self.is_there(url) { Ok(()) } else { Err(Wrong::no_such_queue()) }
    }

    fn create(&mut self, name: &str) -> Value {
        let url = url_of(name);
        self.removed.remove(&url);
        self.queues.entry(url.clone()).or_default();
        json!({ "QueueUrl": url })
    }

    fn url(&self, name: &str) -> Result<Value, Wrong> {
        let url = url_of(name);
        self.found(&url).map(|()| json!({ "QueueUrl": url }))
    }

    fn list(&self, prefix: &str) -> Value {
        let named = |url: &&String| url.rsplit('/').next().is_some_and(|name| name.starts_with(prefix));
        let urls: Vec<&String> = self.queues.keys().filter(named).collect();
        if urls.is_empty() { json!({}) } else { json!({ "QueueUrls": urls }) }
    }

    /// What is asked of a queue that is there; nothing, for what is not built here.
    fn of_queue(&mut self, action: &str, queue: &str, arguments: &Value) -> Option<Value> {
        Some(match action {
            "receiveMessage" => {
                let most = arguments["MaxNumberOfMessages"].as_u64().unwrap_or(1).clamp(1, 10);
                let queue = self.queues.entry(queue.to_owned()).or_default();
                let count = queue.len().min(usize::try_from(most).unwrap_or(1));
                let messages: Vec<Value> = queue.drain(..count).map(received).collect();
                if messages.is_empty() { json!({}) } else { json!({ "Messages": messages }) }
            }
            "getQueueAttributes" => {
                let count = self.queues.get(queue).map_or(0, VecDeque::len).to_string();
                let Origin { account, region } = Origin::default();
                let name = queue.rsplit('/').next().unwrap_or(queue);
                let all = [
                    ("ApproximateNumberOfMessages", count),
                    ("QueueArn", format!("arn:aws:sqs:{region}:{account}:{name}")),
                ];
                let asked: Vec<&str> =
                    arguments["AttributeNames"].as_array().into_iter().flatten().filter_map(Value::as_str).collect();
                let wanted = |name: &str| asked.contains(&"All") || asked.contains(&name);
                let told = all.into_iter().filter(|(name, _)| wanted(name));
                let told: Map<_, _> = told.map(|(name, value)| (name.to_owned(), Value::from(value))).collect();
                if told.is_empty() { json!({}) } else { json!({ "Attributes": told }) }
            }
            // What was received is gone from the queue already.
            "deleteMessage" | "changeMessageVisibility" | "setQueueAttributes" | "tagQueue" | "untagQueue" => json!({}),
            "deleteMessageBatch" | "changeMessageVisibilityBatch" => {
                let entries = arguments["Entries"].as_array().into_iter().flatten();
                let done: Vec<Value> = entries.map(|entry| json!({"Id": entry["Id"]})).collect();
                json!({"Failed": [], "Successful": done})
            }
            "purgeQueue" => {
                self.queues.insert(queue.to_owned(), VecDeque::new());
                json!({})
            }
            "deleteQueue" => {
                self.remove(queue);
                json!({})
            }
            _ => return None,
        })
    }

    fn send_all(&mut self, queue: &str, entries: &[Value], now: Timestamp, ids: &mut Ids) -> Result<Value, Wrong> {
        let refused = |code, exception, message: String| Err(Wrong { code, exception: Some(exception), message });
        if entries.is_empty() {
            let message = "There should be at least one SendMessageBatchRequestEntry in the request.".to_owned();
            return refused("AWS.SimpleQueueService.EmptyBatchRequest", "EmptyBatchRequestException", message);
        }
        if entries.len() > MAX_ENTRIES {
            let message =
                format!("Maximum number of entries per request are {MAX_ENTRIES}. You have sent {}.", entries.len());
            let code = "AWS.SimpleQueueService.TooManyEntriesInBatchRequest";
            return refused(code, "TooManyEntriesInBatchRequestException", message);
        }
        let is_id = |id: &str| {
            (1..=80).contains(&id.len()) && id.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'-' || b == b'_')
        };
        if entries.iter().any(|entry| !entry["Id"].as_str().is_some_and(is_id)) {
            let message = "A batch entry id can only contain alphanumeric characters, hyphens and underscores. It can be at most 80 \
                           letters long.";
            let code = "AWS.SimpleQueueService.InvalidBatchEntryId";
            return refused(code, "InvalidBatchEntryIdException", message.to_owned());
        }
        let mut seen = BTreeSet::new();
        if let Some(again) = entries.iter().filter_map(|entry| entry["Id"].as_str()).find(|id| !seen.insert(*id)) {
            let code = "AWS.SimpleQueueService.BatchEntryIdsNotDistinct";
            return refused(code, "BatchEntryIdsNotDistinctException", format!("Id {again} repeated."));
        }
        let (mut sent, mut failed) = (Vec::new(), Vec::new());
        for entry in entries {
            match self.send(queue, entry, now, ids) {
                Ok(mut answer) => {
                    answer["Id"] = entry["Id"].clone();
                    sent.push(answer);
                }
                Err(wrong) => failed.push(json!({
                    "Code": wrong.code, "Id": entry["Id"], "Message": wrong.message, "SenderFault": true,
                })),
            }
        }
        Ok(json!({"Failed": failed, "Successful": sent}))
    }

    fn send(&mut self, queue: &str, message: &Value, now: Timestamp, ids: &mut Ids) -> Result<Value, Wrong> {
        let body = text(&message["MessageBody"]);
        if body.is_empty() {
            return Err(Wrong::missing("MessageBody"));
        }
        if let Some(delay) = message["DelaySeconds"].as_i64().filter(|delay| !(0..=900).contains(delay)) {
            let reason = "Reason: DelaySeconds must be >= 0 and <= 900.";
            let message = format!("Value {delay} for parameter DelaySeconds is invalid. {reason}");
            return Err(Wrong::other("InvalidParameterValue", message));
        }
        let is_fifo = queue.ends_with(".fifo");
        ordering(is_fifo, message)?;
        attributes(&message["MessageAttributes"])?;
        if let Some(unsendable) = body.chars().find(|letter| !is_sendable(*letter)) {
            return Err(Wrong {
                code: "InvalidMessageContents",
                exception: Some("InvalidMessageContentsException"),
                message: format!(
                    "Invalid binary character '#x{:X}' was found in the message body, the set of allowed characters is #x9 | #xA | #xD | \
                     #x20 to #xD7FF | #xE000 to #xFFFD | #x10000 to #x10FFFF",
                    u32::from(unsendable)
                ),
            });
        }
        // A queue without content-based deduplication refuses a message without an id, so the body tells messages apart.
        let once = is_fifo.then(|| {
            let given = message["MessageDeduplicationId"].as_str().map(str::to_owned);
            (queue.to_owned(), given.unwrap_or_else(|| hex(Sha256::digest(body.as_bytes()))))
        });
        self.sent.retain(|_, (at, _)| now.since(*at) < DEDUPLICATION);
        if let Some((_, answer)) = once.as_ref().and_then(|once| self.sent.get(once)) {
            return Ok(answer.clone());
        }
        let id = ids.uuid();
        let mut answer = json!({"MD5OfMessageBody": hex(Md5::digest(body.as_bytes())), "MessageId": id});
        if let Some(attributes) = message["MessageAttributes"].as_object().filter(|attributes| !attributes.is_empty()) {
            answer["MD5OfMessageAttributes"] = md5_of_attributes(attributes).into();
        }
        let messages = self.queues.entry(queue.to_owned()).or_default();
        if is_fifo {
            answer["SequenceNumber"] = format!("{:020}", messages.len() + 1).into();
        }
        if messages.len() == MAX_MESSAGES {
            messages.pop_front();
        }
        messages.push_back(Message { id, body });
        self.sent.extend(once.map(|once| (once, (now, answer.clone()))));
        Ok(answer)
    }

    /// The messages of a queue, by its URL or by its name, the oldest first.
    pub fn messages<'a>(&'a self, queue: &'a str) -> impl Iterator<Item = &'a Message> {
        let named = move |url: &str| url == queue || url.rsplit_once('/').is_some_and(|(_, name)| name == queue);
        self.queues.iter().filter(move |(url, _)| named(url)).flat_map(|(_, messages)| messages)
    }
}

/// What only queues of one type take
/// ([SendMessage](https://docs.aws.amazon.com/AWSSimpleQueueService/latest/APIReference/API_SendMessage.html)).
fn ordering(is_fifo: bool, message: &Value) -> Result<(), Wrong> {
    let invalid = |name: &str, value: &str, reason: &str| {
        let message = format!("Value {value} for parameter {name} is invalid. Reason: {reason}.");
        Err(Wrong::other("InvalidParameterValue", message))
    };
    let other_type = "The request include parameter that is not valid for this queue type";
    let text = |name: &str| message[name].as_str();
    if is_fifo && text("MessageGroupId").is_none() {
        return Err(Wrong::missing("MessageGroupId"));
    }
    if let Some(delay) = message["DelaySeconds"].as_i64().filter(|delay| is_fifo && *delay > 0) {
        return invalid("DelaySeconds", &delay.to_string(), other_type);
    }
    if let Some(id) = text("MessageDeduplicationId").filter(|_| !is_fifo) {
        return invalid("MessageDeduplicationId", id, other_type);
    }
    for name in ["MessageGroupId", "MessageDeduplicationId"] {
        let is_id = |id: &str| (1..=128).contains(&id.len()) && id.bytes().all(|byte| byte.is_ascii_graphic());
        if let Some(id) = text(name).filter(|id| !is_id(id)) {
            let reason = format!("{name} can only include alphanumeric and punctuation characters. 1 to 128 in length");
            return invalid(name, id, &reason);
        }
    }
    Ok(())
}

/// How many attributes a message may have
/// ([metadata](https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/sqs-message-metadata.html)).
const MAX_ATTRIBUTES: usize = 10;

/// A message has few attributes, and each has a type and a value.
fn attributes(attributes: &Value) -> Result<(), Wrong> {
    let Some(attributes) = attributes.as_object() else { return Ok(()) };
    let invalid = |message: String| Err(Wrong::other("InvalidParameterValue", message));
    if attributes.len() > MAX_ATTRIBUTES {
        let count = attributes.len();
        return invalid(format!(
            "Number of message attributes [{count}] exceeds the allowed maximum [{MAX_ATTRIBUTES}]."
        ));
    }
    for (name, attribute) in attributes {
        let filled = |field: &str| attribute[field].as_str().is_some_and(|text| !text.is_empty());
        let kind = attribute["DataType"].as_str().unwrap_or_default();
        let base = kind.split('.').next().unwrap_or_default();
        let value = match base {
            "String" | "Number" => "StringValue",
            "Binary" => "BinaryValue",
            "" => {
                return invalid(format!(
                    "The message attribute '{name}' must contain non-empty message attribute type."
                ));
            }
            _ => {
                return invalid(format!(
                    "The message attribute '{name}' has an invalid message attribute type, the set of supported type prefixes is Binary, \
                     Number, and String."
                ));
            }
        };
        if !filled(value) {
            return invalid(format!(
                "The message attribute '{name}' must contain non-empty message attribute value for message attribute type '{kind}'."
            ));
        }
    }
    Ok(())
}

/// Whether a character may stand in a message: those of XML may.
fn is_sendable(letter: char) -> bool {
    matches!(letter, '\t' | '\n' | '\r' | '\u{20}'..='\u{D7FF}' | '\u{E000}'..='\u{FFFD}' | '\u{10000}'..)
}

fn url_of(name: &str) -> String {
    let Origin { account, region } = Origin::default();
    format!("https://sqs.{region}.amazonaws.com/{account}/{name}")
}

/// What a message says: a text as it is, anything else as JSON.
fn text(value: &Value) -> String {
    value.as_str().map_or_else(|| value.to_string(), str::to_owned)
}

fn hex(bytes: impl AsRef<[u8]>) -> String {
    bytes.as_ref().iter().map(|byte| format!("{byte:02x}")).collect()
}

/// The digest of a message's attributes, as
/// [documented](https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/sqs-message-metadata.html): of each, in the order of
/// their names, the name, the type and the value, each after its length, and before the value a byte for texts or bytes.
fn md5_of_attributes(attributes: &Map<String, Value>) -> String {
    let mut sorted: Vec<(&String, &Value)> = attributes.iter().collect();
    sorted.sort_by_key(|(name, _)| *name);
    let mut encoded = Vec::new();
    let counted = |encoded: &mut Vec<u8>, text: &str| {
        encoded.extend(u32::try_from(text.len()).unwrap_or(u32::MAX).to_be_bytes());
        encoded.extend(text.as_bytes());
    };
    for (name, attribute) in sorted {
        counted(&mut encoded, name);
        counted(&mut encoded, attribute["DataType"].as_str().unwrap_or_default());
        let (kind, value) = match (attribute["StringValue"].as_str(), attribute["BinaryValue"].as_str()) {
            (Some(text), _) => (1, text),
            (None, bytes) => (2, bytes.unwrap_or_default()),
        };
        encoded.push(kind);
        counted(&mut encoded, value);
    }
    hex(Md5::digest(&encoded))
}

fn received(message: Message) -> Value {
    json!({
        "Body": message.body, "MD5OfBody": hex(Md5::digest(message.body.as_bytes())), "MessageId": message.id,
        "ReceiptHandle": format!("receipt-{}", message.id),
    })
}
