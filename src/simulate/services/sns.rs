//! SNS: what is published to topics.

use std::collections::BTreeSet;

use serde_json::{Value, json};

use super::answer::{ErrorStyle, Ids, Refusal, required, required_text, styled};
use super::{ServiceCall, TaskError, not_here};
use crate::aws::Arn;
use crate::aws::integration::{Integration, Style};
use crate::simulate::s3_events::Origin;

/// Topics. Every topic is there, unless it is said which are.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Topics {
    known: Option<BTreeSet<String>>,
    created: BTreeSet<String>,
    deleted: BTreeSet<String>,
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
    Parameter(&'static str),
    Arn(String),
    NotBuiltIn,
}

impl Wrong {
    fn error(self, call: &ServiceCall<'_>, ids: &mut Ids) -> TaskError {
        let style = call.resource.integration().map_or(Style::Sdk, Integration::style);
        let refusal = match self {
            Self::NoSuchTopic => Refusal {
                exception: Some("NotFoundException"),
                code: "NotFound",
                status: 404,
                message: "Topic does not exist",
            },
            Self::Arn(ref message) => {
                Refusal { exception: Some("InvalidParameterException"), code: "InvalidParameter", status: 400, message }
            }
            Self::Parameter(message) => {
                Refusal { exception: Some("InvalidParameterException"), code: "InvalidParameter", status: 400, message }
            }
            Self::NotBuiltIn => return not_here(call),
        };
        ERRORS.error(style, &refusal, &ids.uuid())
    }
}

impl Topics {
    /// These topics, by their ARNs, and no others.
    pub fn only(arns: impl IntoIterator<Item = String>) -> Self {
        Self { known: Some(arns.into_iter().collect()), ..Self::default() }
    }

    fn found(&self, arn: &str) -> Result<(), Wrong> {
        let known = self.known.as_ref().is_none_or(|known| known.contains(arn));
        let there = !self.deleted.contains(arn) && (known || self.created.contains(arn));
        if there { Ok(()) } else { Err(Wrong::NoSuchTopic) }
    }

    /// Answers a call.
    pub(super) fn call(&mut self, call: &ServiceCall<'_>, ids: &mut Ids) -> Result<Value, TaskError> {
        let arguments = call.arguments;
        let topic = arguments["TopicArn"].as_str().or(arguments["TargetArn"].as_str());
        let answer = match call.resource.action().unwrap_or_default() {
            "publish" => {
                required(arguments, "Message")?;
                let to_topic = arguments.get("PhoneNumber").is_none();
                if to_topic && topic.is_none() {
                    required(arguments, "TopicArn")?;
                }
                self.publish(topic, arguments, ids)
            }
            "publishBatch" => {
                let topic = required_text(arguments, "TopicArn")?;
                let entries = required(arguments, "PublishBatchRequestEntries")?.as_array().into_iter().flatten();
                self.found(topic).map(|()| {
                    let sent: Vec<Value> =
                        entries.map(|entry| json!({"Id": entry["Id"], "MessageId": ids.uuid()})).collect();
                    json!({"Failed": [], "Successful": sent})
                })
            }
            "createTopic" => Ok(self.create(required_text(arguments, "Name")?)),
            "listTopics" => {
                let all: BTreeSet<&String> = self.created.iter().chain(self.known.iter().flatten()).collect();
                let all = all.into_iter().filter(|arn| !self.deleted.contains(*arn));
                Ok(json!({"Topics": all.map(|arn| json!({ "TopicArn": arn })).collect::<Vec<_>>()}))
            }
            // Deleting a topic that is not there is no error.
            "deleteTopic" => {
                let topic = required_text(arguments, "TopicArn")?;
                self.created.remove(topic);
                self.deleted.insert(topic.to_owned());
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
        if arguments["Message"] == "" {
            return Err(Wrong::Parameter("Invalid parameter: Empty message"));
        }
        let Some(topic) = topic else { return Ok(json!({"MessageId": ids.uuid()})) };
        if Arn::read(topic).is_none() {
            let elements = topic.split(':').count();
            let message =
                format!("Invalid parameter: TopicArn Reason: An ARN must have at least 6 elements, not {elements}");
            return Err(Wrong::Arn(message));
        }
        self.found(topic)?;
        let is_fifo = topic.ends_with(".fifo");
        if is_fifo && arguments.get("MessageGroupId").is_none() {
            let message = "Invalid parameter: The MessageGroupId parameter is required for FIFO topics";
            return Err(Wrong::Parameter(message));
        }
        let mut answer = json!({"MessageId": ids.uuid()});
        if is_fifo {
            answer["SequenceNumber"] = "10000000000000000000".into();
        }
        Ok(answer)
    }

    fn create(&mut self, name: &str) -> Value {
        let Origin { account, region } = Origin::default();
        let arn = format!("arn:aws:sns:{region}:{account}:{name}");
        self.deleted.remove(&arn);
        self.created.insert(arn.clone());
        json!({ "TopicArn": arn })
    }
}
