//! What services demand of parameters, beyond what their models state.

/// The least and the greatest number that a service takes, by the service and the name of the parameter. Sources: SQS's
/// [SendMessage](https://docs.aws.amazon.com/AWSSimpleQueueService/latest/APIReference/API_SendMessage.html),
/// [ReceiveMessage](https://docs.aws.amazon.com/AWSSimpleQueueService/latest/APIReference/API_ReceiveMessage.html) and
/// [ChangeMessageVisibility](https://docs.aws.amazon.com/AWSSimpleQueueService/latest/APIReference/API_ChangeMessageVisibility.html).
const NUMBERS: [(&str, &str, f64, f64); 4] = [
    ("sqs", "DelaySeconds", 0.0, 900.0),
    ("sqs", "MaxNumberOfMessages", 1.0, 10.0),
    ("sqs", "VisibilityTimeout", 0.0, 43_200.0),
    ("sqs", "WaitTimeSeconds", 0.0, 20.0),
];

/// The members of the elements of a list without which a call fails, though the model does not require them. Source: EventBridge's
/// [PutEventsRequestEntry](https://docs.aws.amazon.com/eventbridge/latest/APIReference/API_PutEventsRequestEntry.html).
const ELEMENTS: [(&str, &str, &str, &[&str]); 2] = [
    ("events", "putEvents", "Entries", &["Detail", "DetailType", "Source"]),
    ("eventbridge", "putEvents", "Entries", &["Detail", "DetailType", "Source"]),
];

/// The least and the greatest number that a service takes for a parameter.
pub(super) fn numbers(service: &str, name: &str) -> Option<(f64, f64)> {
    let found = NUMBERS.iter().find(|(of, parameter, ..)| *of == service && *parameter == name);
    found.map(|(.., least, most)| (*least, *most))
}

/// The members that the elements of a list need.
pub(super) fn needed(service: &str, action: &str, list: &[String]) -> &'static [&'static str] {
    let found = ELEMENTS.iter().find(|(of, call, name, _)| *of == service && *call == action && list == [*name]);
    found.map_or(&[], |(.., members)| members)
}
