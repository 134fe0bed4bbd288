use serde::{Deserialize, Serialize};

/// What a price is for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum PriceId {
    /// A transition of a STANDARD workflow.
    StateTransition,
    /// An execution of an EXPRESS workflow.
    ExpressRequest,
    /// The memory of EXPRESS workflows and how long they have it.
    ExpressGbSecond,
    /// A write request unit of a table in on-demand mode.
    WriteRequestUnit,
    /// A read request unit of a table in on-demand mode.
    ReadRequestUnit,
    /// What a table and its indexes hold.
    TableStorage,
    /// What point-in-time recovery covers.
    TableBackup,
    /// A read request unit of a table's stream: a `GetRecords` that is not Lambda's.
    StreamRead,
    /// An event that a service sends because it was asked to: S3's.
    OptInEvent,
    /// An event that a workflow puts on a bus.
    CustomEvent,
    /// A request to a standard queue.
    QueueRequest,
    /// A message published to a topic.
    TopicPublish,
    /// What is written to logs.
    LogIngestion,
    /// What is kept in logs.
    LogStorage,
    /// An alarm of standard resolution.
    Alarm,
    /// A dashboard.
    Dashboard,
    /// A trace that X-Ray records.
    Trace,
    /// A request to an HTTP API.
    HttpApiRequest,
    /// A request to a REST API.
    RestApiRequest,
    /// A request to a function.
    FunctionRequest,
    /// The memory of functions and how long they have it, on x86.
    FunctionGbSecond,
    /// The same, on ARM.
    FunctionGbSecondArm,
    /// A `PUT`, `COPY`, `POST` or `LIST` of S3.
    S3Put,
    /// A `GET`, `HEAD` or any other request of S3.
    S3Get,
    /// A customer's key.
    Key,
    /// A request to a customer's key.
    KeyRequest,
}

impl PriceId {
    /// All of them, in the order in which a bill lists them.
    pub const ALL: [Self; 26] = [
        Self::OptInEvent,
        Self::CustomEvent,
        Self::StateTransition,
        Self::ExpressRequest,
        Self::ExpressGbSecond,
        Self::WriteRequestUnit,
        Self::ReadRequestUnit,
        Self::TableStorage,
        Self::TableBackup,
        Self::StreamRead,
        Self::S3Put,
        Self::S3Get,
        Self::QueueRequest,
        Self::TopicPublish,
        Self::FunctionRequest,
        Self::FunctionGbSecond,
        Self::FunctionGbSecondArm,
        Self::HttpApiRequest,
        Self::RestApiRequest,
        Self::LogIngestion,
        Self::LogStorage,
        Self::Alarm,
        Self::Dashboard,
        Self::Trace,
        Self::Key,
        Self::KeyRequest,
    ];

    /// The service, as AWS's price list calls it, what is paid for, and the unit.
    fn words(self) -> (&'static str, &'static str, &'static str) {
        match self {
            Self::StateTransition => ("Step Functions", "State transitions", "transition"),
            Self::ExpressRequest => ("Step Functions", "Express requests", "request"),
            Self::ExpressGbSecond => ("Step Functions", "Express duration", "GB-second"),
            Self::WriteRequestUnit => ("DynamoDB", "Writes", "write request unit"),
            Self::ReadRequestUnit => ("DynamoDB", "Reads", "read request unit"),
            Self::TableStorage => ("DynamoDB", "Storage", "GB-month"),
            Self::TableBackup => ("DynamoDB", "Point-in-time recovery", "GB-month"),
            Self::StreamRead => ("DynamoDB", "Reads of streams", "streams read request unit"),
            Self::OptInEvent => ("EventBridge", "Events of S3", "event"),
            Self::CustomEvent => ("EventBridge", "Custom events", "event"),
            Self::QueueRequest => ("SQS", "Requests", "request"),
            Self::TopicPublish => ("SNS", "Messages published", "request"),
            Self::LogIngestion => ("CloudWatch", "Logs written", "GB"),
            Self::LogStorage => ("CloudWatch", "Logs kept", "GB-month"),
            Self::Alarm => ("CloudWatch", "Alarms", "alarm-month"),
            Self::Dashboard => ("CloudWatch", "Dashboards", "dashboard-month"),
            Self::Trace => ("X-Ray", "Traces recorded", "trace"),
            Self::HttpApiRequest => ("API Gateway", "HTTP API requests", "request"),
            Self::RestApiRequest => ("API Gateway", "REST API requests", "request"),
            Self::FunctionRequest => ("Lambda", "Requests", "request"),
            Self::FunctionGbSecond => ("Lambda", "Duration (x86)", "GB-second"),
            Self::FunctionGbSecondArm => ("Lambda", "Duration (Arm)", "GB-second"),
            Self::S3Put => ("S3", "PUT, COPY, POST and LIST requests", "request"),
            Self::S3Get => ("S3", "GET and all other requests", "request"),
            Self::Key => ("KMS", "Keys", "key-month"),
            Self::KeyRequest => ("KMS", "Requests", "request"),
        }
    }

    /// The service, as the bill names it.
    pub fn service(self) -> &'static str {
        self.words().0
    }

    /// What of the service is paid for.
    pub fn what(self) -> &'static str {
        self.words().1
    }

    /// One of what is counted.
    pub fn unit(self) -> &'static str {
        self.words().2
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn all_of_them_are_listed_once() {
        let mut ids = PriceId::ALL.to_vec();
        ids.sort();
        ids.dedup();
        assert_eq!(ids.len(), PriceId::ALL.len());
        assert_eq!(ids.last(), Some(&PriceId::KeyRequest));
        assert_eq!(PriceId::KeyRequest as usize + 1, ids.len());
    }
}
