//! What [EventBridge Pipes](https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-pipes-event-source.html) reads from its sources, as their
//! pages showed it in November 2026.

/// A kind of source of a pipe.
#[derive(Debug, PartialEq, Eq)]
pub struct PipeSource {
    /// What people call it.
    pub name: &'static str,
    /// The service in the ARN of the source; none for a cluster that is not on AWS.
    service: Option<&'static str>,
    /// The part of `SourceParameters` that is for it.
    pub parameters: &'static str,
    /// How many records a batch has at most, where the pipe does not say it.
    pub batch_size: usize,
    /// The fields of a record, in the order of the documentation.
    pub fields: &'static [(&'static str, FieldKind)],
    /// The field that says which record failed, in `batchItemFailures`, where a part of a batch may fail
    /// ([partial batch failure](https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-pipes-batching-concurrency.html)).
    pub identifier: Option<&'static str>,
}

/// What a field of a record holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum FieldKind {
    /// A text that says who, where or what kind: always the same for a source.
    Constant(&'static str),
    /// The source's ARN.
    Arn,
    /// The Region.
    Region,
    /// A new id.
    Id,
    /// A number that grows from record to record, as a text.
    Sequence,
    /// When the record came, in seconds since 1970.
    Seconds,
    /// When the record came, in milliseconds since 1970.
    Milliseconds,
    /// The MD5 digest of the payload.
    Digest,
    /// What the producer sends, as a text.
    Text,
    /// What the producer sends, in Base64.
    Base64,
    /// An object, which is empty unless the record says more.
    Object,
    /// A field that is there only where the record says it.
    Optional,
}

impl FieldKind {
    /// Whether a pipe reads JSON in it, for filters and input templates
    /// ([implicit body data parsing](https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-pipes-input-transformation.html)).
    pub fn is_payload(self) -> bool {
        matches!(self, Self::Text | Self::Base64)
    }
}

use FieldKind::{Arn, Base64, Constant, Digest, Id, Milliseconds, Object, Optional, Region, Seconds, Sequence, Text};

/// The fields of a record of Kafka: those that say which cluster, and those that every cluster's records have.
macro_rules! kafka {
    ($($of_cluster:expr),*) => {
        &[
            $($of_cluster,)*
            ("eventSourceKey", Constant("topic-0")),
            ("topic", Constant("topic")),
            ("partition", Constant("0")),
            ("offset", Sequence),
            ("timestamp", Milliseconds),
            ("timestampType", Constant("CREATE_TIME")),
            ("key", Optional),
            ("value", Base64),
            ("headers", Optional),
        ]
    };
}

/// The sources of pipes.
pub static PIPE_SOURCES: [PipeSource; 7] = [
    PipeSource {
        name: "SQS queue",
        service: Some("sqs"),
        parameters: "SqsQueueParameters",
        batch_size: 10,
        fields: &[
            ("messageId", Id),
            ("receiptHandle", Id),
            ("body", Text),
            ("attributes", Object),
            ("messageAttributes", Object),
            ("md5OfBody", Digest),
            ("eventSource", Constant("aws:sqs")),
            ("eventSourceARN", Arn),
            ("awsRegion", Region),
        ],
        identifier: Some("messageId"),
    },
    PipeSource {
        name: "DynamoDB stream",
        service: Some("dynamodb"),
        parameters: "DynamoDBStreamParameters",
        batch_size: 100,
        fields: &[
            ("eventID", Id),
            ("eventVersion", Constant("1.1")),
            ("dynamodb", Object),
            ("awsRegion", Region),
            ("eventName", Constant("INSERT")),
            ("eventSourceARN", Arn),
            ("eventSource", Constant("aws:dynamodb")),
            ("userIdentity", Optional),
        ],
        identifier: Some("eventID"),
    },
    PipeSource {
        name: "Kinesis stream",
        service: Some("kinesis"),
        parameters: "KinesisStreamParameters",
        batch_size: 100,
        fields: &[
            ("kinesisSchemaVersion", Constant("1.0")),
            ("partitionKey", Constant("1")),
            ("sequenceNumber", Sequence),
            ("data", Base64),
            ("approximateArrivalTimestamp", Seconds),
            ("eventSource", Constant("aws:kinesis")),
            ("eventVersion", Constant("1.0")),
            ("eventID", Id),
            ("eventName", Constant("aws:kinesis:record")),
            ("invokeIdentityArn", Constant("arn:aws:iam::123456789012:role/pipe")),
            ("awsRegion", Region),
            ("eventSourceARN", Arn),
        ],
        identifier: Some("eventID"),
    },
    PipeSource {
        name: "MSK cluster",
        service: Some("kafka"),
        parameters: "ManagedStreamingKafkaParameters",
        batch_size: 100,
        fields: kafka![("eventSource", Constant("aws:kafka")), ("eventSourceARN", Arn)],
        identifier: None,
    },
    PipeSource {
        name: "Apache Kafka cluster",
        service: None,
        parameters: "SelfManagedKafkaParameters",
        batch_size: 100,
        fields: kafka![("eventSource", Constant("SelfManagedKafka")), ("bootstrapServers", Optional)],
        identifier: None,
    },
    PipeSource {
        name: "ActiveMQ broker",
        service: Some("mq"),
        parameters: "ActiveMQBrokerParameters",
        batch_size: 100,
        fields: &[
            ("eventSource", Constant("aws:amq")),
            ("eventSourceARN", Arn),
            ("messageID", Id),
            ("messageType", Constant("jms/text-message")),
            ("data", Base64),
            ("connectionId", Optional),
            ("correlationId", Optional),
            ("deliveryMode", Optional),
            ("destination", Optional),
            ("expiration", Optional),
            ("persistent", Optional),
            ("priority", Optional),
            ("properties", Optional),
            ("redelivered", Optional),
            ("replyTo", Optional),
            ("timestamp", Milliseconds),
            ("type", Optional),
            ("brokerInTime", Milliseconds),
            ("brokerOutTime", Milliseconds),
        ],
        identifier: None,
    },
    PipeSource {
        name: "RabbitMQ broker",
        service: Some("mq"),
        parameters: "RabbitMQBrokerParameters",
        batch_size: 100,
        fields: &[
            ("eventSource", Constant("aws:rmq")),
            ("eventSourceARN", Arn),
            ("eventSourceKey", Optional),
            ("basicProperties", Object),
            ("redelivered", Optional),
            ("data", Base64),
        ],
        identifier: None,
    },
];

impl PipeSource {
    /// The kind of a source, by the parts of `SourceParameters` that are given, or else by the service in its ARN.
    pub fn of(service: Option<&str>, has_parameters: impl Fn(&str) -> bool) -> Option<&'static Self> {
        let by_parameters = PIPE_SOURCES.iter().find(|source| has_parameters(source.parameters));
        by_parameters.or_else(|| {
            let mut found = PIPE_SOURCES.iter().filter(|source| source.service.is_some() && source.service == service);
            found.next().filter(|_| found.next().is_none())
        })
    }

    /// The field in which the producer's data is.
    pub fn payload(&self) -> Option<(&'static str, FieldKind)> {
        self.fields.iter().find(|(_, kind)| kind.is_payload()).copied()
    }

    /// Whether it keeps its records in order, so that what comes again is not given up on after a number of receives.
    pub fn is_stream(&self) -> bool {
        self.identifier.is_some() && self.payload() != Some(("body", FieldKind::Text))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_source_is_known_by_its_parameters_or_its_arn() {
        let of = |service, given: &str| PipeSource::of(service, |name| name == given).map(|source| source.name);
        assert_eq!(of(Some("sqs"), ""), Some("SQS queue"));
        assert_eq!(of(Some("mq"), ""), None, "either broker may be meant");
        assert_eq!(of(Some("mq"), "RabbitMQBrokerParameters"), Some("RabbitMQ broker"));
        assert_eq!(of(None, ""), None);
        let streams = PIPE_SOURCES.iter().filter(|source| source.is_stream()).map(|source| source.name);
        assert_eq!(streams.collect::<Vec<_>>(), ["DynamoDB stream", "Kinesis stream"]);
    }
}
