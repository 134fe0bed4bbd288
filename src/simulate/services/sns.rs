//! SNS: what is published to topics.

use std::collections::BTreeSet;

use serde_json::{Value, json};

use super::answer::{ErrorStyle, Ids, Refusal, required, required_text, styled};
use super::{ServiceCall, TaskError, not_here};
use crate::aws::Arn;
use crate::aws::integration::{Integration, Style};
use crate::simulate::s3_events::Origin;

/// Topics. Every topic is there, unless it was removed.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Topics {
    created: BTreeSet<String>,
    removed: BTreeSet<String>,
}

/// How SNS's errors are spelled.
const ERRORS: ErrorStyle = ErrorStyle {
    service: "sns",
    optimized_service: "AmazonSNS",
    optimized_other: "AmazonSNSException",
    sdk_other: "SnsException",
};

/// What SNS finds wrong.
enum Wrong {
    NoSuchTopic,
    Parameter(String),
    /// Something about the whole of a batch.
    Batch(&'static str, &'static str),
    NotBuiltIn,
}

impl Wrong {
    fn error(self, call: &ServiceCall<'_>, ids: &mut Ids) -> TaskError {
        let style = call.resource.integration().map_or(Style::Sdk, Integration::style);
        let exception;
        let refusal = match self {
            Self::NoSuchTopic => Refusal {
                exception: Some("NotFoundException"),
                code: "NotFound",
                status: 404,
                message: "Topic does not exist",
            },
            Self::Parameter(ref message) => {
                Refusal { exception: Some("InvalidParameterException"), code: "InvalidParameter", status: 400, message }
            }
            Self::Batch(code, message) => {
                exception = format!("{code}Exception");
                Refusal { exception: Some(&exception), code, status: 400, message }
            }
            Self::NotBuiltIn => return not_here(call),
        };
        ERRORS.error(style, &refusal, &ids.uuid())
    }
}

/// How many messages a batch may have, and how many characters a subject
/// ([Publish](https://docs.aws.amazon.com/sns/latest/api/API_Publish.html)).
const MAX_ENTRIES: usize = 10;
const MAX_SUBJECT: usize = 100;

/// What SNS demands of a message, whoever gets it.
fn message(arguments: &Value) -> Result<(), Wrong> {
    let invalid = |what: &str| Err(Wrong::Parameter(format!("Invalid parameter: {what}")));
    let message = &arguments["Message"];
    if *message == "" {
        return invalid("Empty message");
    }
    let is_subject = |subject: &str| {
        let begins = subject.starts_with(|letter: char| letter.is_ascii_graphic());
        begins && subject.len() <= MAX_SUBJECT && subject.bytes().all(|byte| (b' '..=b'~').contains(&byte))
    };
    if arguments["Subject"].as_str().is_some_and(|subject| !is_subject(subject)) {
        return invalid("Subject");
    }
    match arguments["MessageStructure"].as_str() {
        None => Ok(()),
        Some("json") => {
            let of_text = message.as_str().map(serde_json::from_str::<Value>);
            match of_text.transpose().map(|parsed| parsed.unwrap_or_else(|| message.clone())) {
                Ok(Value::Object(messages)) if messages.contains_key("default") => Ok(()),
                Ok(Value::Object(_)) => invalid("Message Structure - No default entry in JSON message body"),
                _ => invalid("Message Structure - JSON message body failed to parse"),
            }
        }
        Some(_) => invalid("MessageStructure"),
    }
}

impl Topics {
    /// Removes a topic, by its ARN.
    pub fn remove(&mut self, arn: &str) {
        self.created.remove(arn);
        self.removed.insert(arn.to_owned());
    }

    fn found(&self, arn: &str) -> Result<(), Wrong> {
        if self.removed.contains(arn) { Err(Wrong::NoSuchTopic) } else { Ok(()) }
    }

    /// Answers a call of SNS.
    pub(super) fn call(&mut self, call: &ServiceCall<'_>, ids: &mut Ids) -> Result<Value, TaskError> {
        let arguments = call.arguments;
        let topic = arguments["TopicArn"].as_str().or(arguments["TargetArn"].as_str());
        let answer = match call.resource.action().unwrap_or_default() {
            "publish" => {
                required(arguments, "Message")?;
                self.publish(topic, arguments, ids)
            }
            "publishBatch" => {
                let topic = required_text(arguments, "TopicArn")?;
                let entries = required(arguments, "PublishBatchRequestEntries")?.as_array();
                self.publish_all(topic, entries.map(Vec::as_slice).unwrap_or_default(), ids)
            }
            "createTopic" => Ok(self.create(required_text(arguments, "Name")?)),
            "listTopics" => {
                let all = self.created.iter();
                Ok(json!({"Topics": all.map(|arn| json!({ "TopicArn": arn })).collect::<Vec<_>>()}))
            }
            // Deleting a topic that is not there is no error.
            "deleteTopic" => {
                let topic = required_text(arguments, "TopicArn")?;
                self.remove(topic);
                Ok(json!({}))
            }
            "subscribe" => {
                let topic = required_text(arguments, "TopicArn")?;
                let id = ids.uuid();
                self.found(topic).map(|()| json!({"SubscriptionArn": format!("{topic}:{id}")}))
            }
            "getTopicAttributes" => {
                let topic = required_text(arguments, "TopicArn")?;
                self.found(topic).map(|()| json!({"Attributes": {"TopicArn": topic}}))
            }
            "setTopicAttributes" => {
                let topic = required_text(arguments, "TopicArn")?;
                self.found(topic).map(|()| json!({}))
            }
            "unsubscribe" => Ok(json!({})),
            _ => Err(Wrong::NotBuiltIn),
        };
        match answer {
            Ok(answer) => Ok(styled(answer, "text/xml", call, ids)),
            Err(wrong) => Err(wrong.error(call, ids)),
        }
    }

    fn publish(&self, topic: Option<&str>, arguments: &Value, ids: &mut Ids) -> Result<Value, Wrong> {
        let invalid = |what: &str| Err(Wrong::Parameter(format!("Invalid parameter: {what}")));
        let Some(topic) = topic else {
            return match arguments.get("PhoneNumber") {
                Some(_) => message(arguments).map(|()| json!({"MessageId": ids.uuid()})),
                None => invalid("TopicArn or TargetArn Reason: no value for required parameter"),
            };
        };
        if Arn::read(topic).is_none() {
            let elements = topic.split(':').count();
            return invalid(&format!("TopicArn Reason: An ARN must have at least 6 elements, not {elements}"));
        }
        message(arguments)?;
        self.found(topic)?;
        let is_fifo = topic.ends_with(".fifo");
        if is_fifo && arguments.get("MessageGroupId").is_none() {
            return invalid("The MessageGroupId parameter is required for FIFO topics");
        }
        if !is_fifo && arguments.get("MessageDeduplicationId").is_some() {
            return invalid(
                "MessageDeduplicationId Reason: The request includes MessageDeduplicationId parameter that is not valid for this topic type",
            );
        }
        let mut answer = json!({"MessageId": ids.uuid()});
        if is_fifo {
            answer["SequenceNumber"] = "10000000000000000000".into();
        }
        Ok(answer)
    }

    /// Several messages at once
    /// ([PublishBatch](https://docs.aws.amazon.com/sns/latest/api/API_PublishBatch.html)).
    fn publish_all(&self, topic: &str, entries: &[Value], ids: &mut Ids) -> Result<Value, Wrong> {
        self.found(topic)?;
        let mut seen = BTreeSet::new();
        if entries.is_empty() {
            return Err(Wrong::Batch("EmptyBatchRequest", "The batch request doesn't contain any entries."));
        }
        if entries.len() > MAX_ENTRIES {
            let message = "The batch request contains more entries than permissible.";
            return Err(Wrong::Batch("TooManyEntriesInBatchRequest", message));
        }
        if !entries.iter().filter_map(|entry| entry["Id"].as_str()).all(|id| seen.insert(id)) {
            let message = "Two or more batch entries in the request have the same Id.";
            return Err(Wrong::Batch("BatchEntryIdsNotDistinct", message));
        }
        let (mut sent, mut failed) = (Vec::new(), Vec::new());
        for entry in entries {
            match self.publish(Some(topic), entry, ids) {
                Ok(mut answer) => {
                    answer["Id"] = entry["Id"].clone();
                    sent.push(answer);
                }
                Err(Wrong::Parameter(message)) => failed.push(json!({
                    "Code": "InvalidParameter", "Id": entry["Id"], "Message": message, "SenderFault": true,
                })),
                Err(wrong) => return Err(wrong),
            }
        }
        Ok(json!({"Failed": failed, "Successful": sent}))
    }

    fn create(&mut self, name: &str) -> Value {
        let Origin { account, region } = Origin::default();
        let arn = format!("arn:aws:sns:{region}:{account}:{name}");
        self.removed.remove(&arn);
        self.created.insert(arn.clone());
        json!({ "TopicArn": arn })
    }
}
