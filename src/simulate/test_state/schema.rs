//! The shape of services' answers, as far as mocked results are held against it.
//!
//! Each field is known by its name and type, from the services' API references; a call that is not listed takes any result.

use serde_json::Value;

use super::FieldValidationMode;
use crate::aws::integration::Resource;
use crate::aws::s3::storage_classes;

/// What a field has to be.
#[derive(Clone, Copy)]
enum Shape {
    Text,
    /// A text of at least so many characters.
    Filled(usize),
    /// One of a few texts.
    OneOf(&'static [&'static str]),
    StorageClass,
    Number,
    /// A number between two others.
    Between(f64, f64),
    Bool,
    Object(Fields),
    List(&'static Shape),
    Any,
}

/// A field: its name, its shape, and whether it has to be there.
type Fields = &'static [(&'static str, Shape, bool)];

const CAPACITY: Shape = Shape::Object(&[
    ("TableName", Shape::Text, false),
    ("CapacityUnits", Shape::Number, false),
    ("ReadCapacityUnits", Shape::Number, false),
    ("WriteCapacityUnits", Shape::Number, false),
]);

const METRICS: Shape = Shape::Object(&[
    ("ItemCollectionKey", Shape::Any, false),
    ("SizeEstimateRangeGB", Shape::List(&Shape::Number), false),
]);

const WRITTEN_ITEM: Fields = &[
    ("Attributes", Shape::Any, false),
    ("ConsumedCapacity", CAPACITY, false),
    ("ItemCollectionMetrics", METRICS, false),
];

/// What a call answers.
const ANSWERS: &[(&str, &str, Fields)] = &[
    ("dynamodb", "putItem", WRITTEN_ITEM),
    ("dynamodb", "updateItem", WRITTEN_ITEM),
    ("dynamodb", "deleteItem", WRITTEN_ITEM),
    ("dynamodb", "getItem", &[("Item", Shape::Any, false), ("ConsumedCapacity", CAPACITY, false)]),
    (
        "dynamodb",
        "query",
        &[
            ("Items", Shape::List(&Shape::Any), false),
            ("Count", Shape::Number, false),
            ("ScannedCount", Shape::Number, false),
            ("LastEvaluatedKey", Shape::Any, false),
            ("ConsumedCapacity", CAPACITY, false),
        ],
    ),
    (
        "events",
        "putEvents",
        &[
            ("FailedEntryCount", Shape::Number, false),
            (
                "Entries",
                Shape::List(&Shape::Object(&[
                    ("EventId", Shape::Text, false),
                    ("ErrorCode", Shape::Text, false),
                    ("ErrorMessage", Shape::Text, false),
                ])),
                false,
            ),
        ],
    ),
    (
        "lambda",
        "invoke",
        &[
            ("StatusCode", Shape::Number, false),
            ("FunctionError", Shape::Text, false),
            ("LogResult", Shape::Text, false),
            ("Payload", Shape::Any, false),
            ("ExecutedVersion", Shape::Filled(1), false),
        ],
    ),
    (
        "lambda",
        "getFunction",
        &[(
            "Configuration",
            Shape::Object(&[
                ("FunctionName", Shape::Text, false),
                ("FunctionArn", Shape::Text, false),
                ("Runtime", Shape::Text, false),
                ("Role", Shape::Text, false),
                ("Handler", Shape::Text, false),
                ("CodeSize", Shape::Number, false),
                ("Description", Shape::Text, false),
                ("Timeout", Shape::Between(1.0, f64::INFINITY), false),
                ("MemorySize", Shape::Between(128.0, 10_240.0), false),
                ("LastModified", Shape::Text, false),
                ("State", Shape::OneOf(&["Pending", "Active", "Inactive", "Failed"]), false),
            ]),
            false,
        )],
    ),
    (
        "kms",
        "encrypt",
        &[
            ("CiphertextBlob", Shape::Filled(1), false),
            ("KeyId", Shape::Filled(1), false),
            ("EncryptionAlgorithm", Shape::Text, false),
        ],
    ),
    (
        "s3",
        "getObject",
        &[
            ("Body", Shape::Text, false),
            ("ContentLength", Shape::Number, false),
            ("ContentType", Shape::Text, false),
            ("ETag", Shape::Text, false),
            ("LastModified", Shape::Text, false),
            ("Metadata", Shape::Any, false),
            ("MissingMeta", Shape::Number, false),
            ("DeleteMarker", Shape::Bool, false),
            ("StorageClass", Shape::StorageClass, false),
            ("VersionId", Shape::Text, false),
        ],
    ),
    ("sns", "publish", &[("MessageId", Shape::Text, false), ("SequenceNumber", Shape::Text, false)]),
    (
        "sqs",
        "sendMessage",
        &[
            ("MD5OfMessageBody", Shape::Text, false),
            ("MD5OfMessageAttributes", Shape::Text, false),
            ("MessageId", Shape::Text, false),
            ("SequenceNumber", Shape::Text, false),
        ],
    ),
    ("states", "startExecution", &[("ExecutionArn", Shape::Filled(1), true), ("StartDate", Shape::Text, true)]),
];

/// Holds a mocked result against the shape of the call's answer.
pub(super) fn check(resource: &Resource, result: &Value, mode: FieldValidationMode) -> Result<(), String> {
    if mode == FieldValidationMode::None {
        return Ok(());
    }
    let (Some(service), Some(action)) = (resource.service(), resource.action()) else { return Ok(()) };
    let Some((_, _, fields)) = ANSWERS.iter().find(|(s, a, _)| *s == service && *a == action) else { return Ok(()) };
    if resource.pattern() != crate::aws::integration::Pattern::RequestResponse {
        return Ok(());
    }
    let checked = object(fields, result, mode == FieldValidationMode::Strict);
    checked.map_err(|problem| format!("Mock result schema validation error: {problem}"))
}

fn object(fields: Fields, value: &Value, strict: bool) -> Result<(), String> {
    let Some(object) = value.as_object() else { return Err("Mock result must be an object".to_owned()) };
    for (name, shape, required) in fields {
        match object.get(*name) {
            Some(value) => field(name, *shape, value, strict)?,
            None if *required && strict => return Err(format!("Required field '{name}' is missing")),
            None => {}
        }
    }
    Ok(())
}

fn field(name: &str, shape: Shape, value: &Value, strict: bool) -> Result<(), String> {
    let wrong = |what: &str| Err(format!("Field '{name}' {what}"));
    match (shape, value) {
        (Shape::Any, _) | (Shape::Text, Value::String(_)) | (Shape::Number, Value::Number(_)) => Ok(()),
        (Shape::Bool, Value::Bool(_)) => Ok(()),
        (Shape::Filled(least), Value::String(text)) if text.chars().count() >= least => Ok(()),
        (Shape::Filled(_), Value::String(_)) => wrong("is smaller than the minimum length"),
        (Shape::OneOf(known), Value::String(text)) if known.contains(&text.as_str()) => Ok(()),
        (Shape::StorageClass, Value::String(text)) if storage_classes().contains(&text.as_str()) => Ok(()),
        (Shape::OneOf(_) | Shape::StorageClass, Value::String(_)) => wrong("is not an expected value"),
        (Shape::Between(least, most), Value::Number(number)) => match number.as_f64() {
            Some(number) if number < least => wrong("is less than the minimum value"),
            Some(number) if number > most => wrong("exceeds the maximum value"),
            _ => Ok(()),
        },
        (Shape::Object(fields), Value::Object(_)) => object(fields, value, strict),
        (Shape::List(shape), Value::Array(values)) => {
            values.iter().try_for_each(|value| field(name, *shape, value, strict))
        }
        (Shape::Text | Shape::Filled(_) | Shape::OneOf(_) | Shape::StorageClass, _) => wrong("must be a string"),
        (Shape::Number | Shape::Between(..), _) => wrong("must be a number"),
        (Shape::Bool, _) => wrong("must be a boolean"),
        (Shape::Object(_), _) => wrong("must be an object"),
        (Shape::List(_), _) => wrong("must be an array"),
    }
}
