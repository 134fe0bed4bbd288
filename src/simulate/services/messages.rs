//! SQS and SNS: what is sent to queues and topics.

use std::collections::{BTreeMap, BTreeSet, VecDeque};

use md5::{Digest, Md5};
use serde_json::{Value, json};

use super::answer::{ErrorStyle, Ids, Refusal, optimized, refused_parameters};
use super::{ServiceCall, TaskError, not_here};
use crate::aws::integration::{Integration, Style};

/// A queue keeps at most so many messages: the oldest go, so that a stream of a million events does not fill the memory.
const MAX_MESSAGES: usize = 10_000;

/// Queues. Whichever is sent to is there.
#[derive(Debug, Default)]
pub struct Sqs {
    queues: BTreeMap<String, VecDeque<Message>>,
}

/// A message in a queue.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Message {
    /// Its id.
    pub id: String,
    /// Its text.
    pub body: String,
}

fn md5(text: &str) -> String {
    Md5::digest(text.as_bytes()).iter().map(|byte| format!("{byte:02x}")).collect()
}

/// What a message says: a text as it is, anything else as JSON.
fn text(value: &Value) -> String {
    value.as_str().map_or_else(|| value.to_string(), str::to_owned)
}

/// The field, if it is there, and Step Functions' refusal if it is not.
fn required<'a>(arguments: &'a Value, name: &str) -> Result<&'a Value, TaskError> {
    arguments
        .get(name)
        .ok_or_else(|| refused_parameters(arguments, &[format!("The field \"{name}\" is required but was missing")]))
}

fn required_text<'a>(arguments: &'a Value, name: &str) -> Result<&'a str, TaskError> {
    required(arguments, name)?
        .as_str()
        .ok_or_else(|| refused_parameters(arguments, &[format!("The value for the field '{name}' must be a STRING")]))
}

/// The answer in the style of the call.
fn styled(answer: Value, content_type: &str, call: &ServiceCall<'_>, ids: &mut Ids) -> Value {
    match call.resource.integration().map(Integration::style) {
        Some(Style::Optimized) => optimized(answer, content_type, call.now, ids),
        _ => answer,
    }
}

impl Sqs {
    /// Answers a call.
    pub(super) fn call(&mut self, call: &ServiceCall<'_>, ids: &mut Ids) -> Result<Value, TaskError> {
        let arguments = call.arguments;
        let answer = match call.resource.action().unwrap_or_default() {
            "sendMessage" => {
                let queue = required_text(arguments, "QueueUrl")?;
                let body = required(arguments, "MessageBody")?;
                self.send(queue, text(body), ids)
            }
            "sendMessageBatch" => {
                let queue = required_text(arguments, "QueueUrl")?;
                let entries = required(arguments, "Entries")?.as_array().into_iter().flatten();
                let sent: Vec<Value> = entries
                    .map(|entry| {
                        let mut sent = self.send(queue, text(&entry["MessageBody"]), ids);
                        sent["Id"] = entry["Id"].clone();
                        sent
                    })
                    .collect();
                json!({"Failed": [], "Successful": sent})
            }
            "receiveMessage" => {
                let most = arguments["MaxNumberOfMessages"].as_u64().unwrap_or(1).clamp(1, 10);
                let queue = self.queues.entry(required_text(arguments, "QueueUrl")?.to_owned()).or_default();
                let count = queue.len().min(usize::try_from(most).unwrap_or(1));
                let messages: Vec<Value> = queue.drain(..count).map(received).collect();
                if messages.is_empty() { json!({}) } else { json!({ "Messages": messages }) }
            }
            // What was received is gone from the queue already.
            "deleteMessage" | "deleteMessageBatch" => json!({}),
            "purgeQueue" => {
                self.queues.remove(required_text(arguments, "QueueUrl")?);
                json!({})
            }
            _ => return Err(not_here(call)),
        };
        Ok(styled(answer, "application/x-amz-json-1.0", call, ids))
    }

    fn send(&mut self, queue: &str, body: String, ids: &mut Ids) -> Value {
        let id = ids.uuid();
        let mut answer = json!({"MD5OfMessageBody": md5(&body), "MessageId": id});
        if queue.ends_with(".fifo") {
            answer["SequenceNumber"] = format!("{:020}", self.queues.get(queue).map_or(0, VecDeque::len) + 1).into();
        }
        let messages = self.queues.entry(queue.to_owned()).or_default();
        if messages.len() == MAX_MESSAGES {
            messages.pop_front();
        }
        messages.push_back(Message { id, body });
        answer
    }

    /// The messages of a queue, by its URL or by its name, the oldest first.
    pub fn messages<'a>(&'a self, queue: &'a str) -> impl Iterator<Item = &'a Message> {
        let named = move |url: &str| url == queue || url.rsplit_once('/').is_some_and(|(_, name)| name == queue);
        self.queues.iter().filter(move |(url, _)| named(url)).flat_map(|(_, messages)| messages)
    }
}

fn received(message: Message) -> Value {
    json!({
        "Body": message.body, "MD5OfBody": md5(&message.body), "MessageId": message.id,
        "ReceiptHandle": format!("receipt-{}", message.id),
    })
}

/// Topics. Every topic is there, unless it is said which are.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Topics {
    known: Option<BTreeSet<String>>,
}

/// How SNS's errors are spelled.
const SNS_ERRORS: ErrorStyle = ErrorStyle {
    service: "sns",
    optimized_service: "AmazonSNS",
    optimized_other: "AmazonSNSException",
    sdk_other: "SnsException",
};

impl Topics {
    /// These topics, by their ARNs, and no others.
    pub fn only(arns: impl IntoIterator<Item = String>) -> Self {
        Self { known: Some(arns.into_iter().collect()) }
    }

    fn check(&self, arn: Option<&str>, call: &ServiceCall<'_>, ids: &mut Ids) -> Result<(), TaskError> {
        let (Some(known), Some(arn), Some(integration)) = (&self.known, arn, call.resource.integration()) else {
            return Ok(());
        };
        if known.contains(arn) {
            return Ok(());
        }
        let message = "Topic does not exist";
        let refusal = Refusal { exception: Some("NotFoundException"), code: "NotFound", status: 404, message };
        Err(SNS_ERRORS.error(integration.style(), &refusal, &ids.uuid()))
    }

    /// Answers a call of SNS.
    pub(super) fn call(&self, call: &ServiceCall<'_>, ids: &mut Ids) -> Result<Value, TaskError> {
        let arguments = call.arguments;
        let topic = arguments["TopicArn"].as_str().or(arguments["TargetArn"].as_str());
        let answer = match call.resource.action().unwrap_or_default() {
            "publish" => {
                required(arguments, "Message")?;
                if ["TopicArn", "TargetArn", "PhoneNumber"].iter().all(|target| arguments.get(target).is_none()) {
                    required(arguments, "TopicArn")?;
                }
                self.check(topic, call, ids)?;
                json!({"MessageId": ids.uuid()})
            }
            "publishBatch" => {
                self.check(topic, call, ids)?;
                let entries = required(arguments, "PublishBatchRequestEntries")?.as_array().into_iter().flatten();
                let sent: Vec<Value> =
                    entries.map(|entry| json!({"Id": entry["Id"], "MessageId": ids.uuid()})).collect();
                json!({"Failed": [], "Successful": sent})
            }
            _ => return Err(not_here(call)),
        };
        Ok(styled(answer, "text/xml", call, ids))
    }
}
