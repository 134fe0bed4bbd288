//! A DynamoDB request as the parameters of a task.

use indexmap::IndexMap;

use super::CatalogError;
use crate::asl::{
    ErrorName, Field, Integration, JitterStrategy, List, Literal, Number, PayloadTemplate, ReferencePath, Retrier,
    RunTimeValue, Style, SubstitutionName, TypedPath,
};
use crate::dynamodb::{AttributeValue, Parameter};

/// The parameters of a task that makes this request of the table that `table` stands for.
pub(super) fn parameters(
    table: &SubstitutionName,
    request: Vec<(&'static str, Parameter<RunTimeValue>)>,
) -> Result<PayloadTemplate, CatalogError> {
    let mut fields: IndexMap<String, Field> = IndexMap::new();
    fields.insert("TableName".to_owned(), PayloadTemplate::Substitution(table.clone()).into());
    for (name, parameter) in request {
        fields.insert(name.to_owned(), template(parameter)?.into());
    }
    Ok(PayloadTemplate::Object(fields))
}

fn template(parameter: Parameter<RunTimeValue>) -> Result<PayloadTemplate, CatalogError> {
    Ok(match parameter {
        Parameter::Text(text) => Literal::text(text)?.into(),
        Parameter::Number(number) => Literal::number(number).into(),
        Parameter::Names(names) => {
            let names = names.into_iter().map(|(key, name)| (key, PayloadTemplate::from(Literal::from(&name))));
            PayloadTemplate::object(names)
        }
        Parameter::Values(values) => {
            PayloadTemplate::object(values.into_iter().map(|(key, value)| (key, typed(value))))
        }
    })
}

/// `{"S.$": "$.detail.object.key"}`.
fn typed(value: AttributeValue<RunTimeValue>) -> PayloadTemplate {
    let kind = value.attribute_type().as_str();
    PayloadTemplate::object([(kind, value.value().clone())])
}

/// How a call of DynamoDB is tried again when DynamoDB is busy or faulty: about a minute long, at random intervals, so that
/// executions that were throttled together do not come back together.
///
/// The names are those of DynamoDB's [common errors](https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/Programming.Errors.html)
/// and of the SDK exceptions that carry them. Errors that Step Functions has no class for come under the SDK's general
/// one, a throttled request among them, so that one is tried again as well.
pub(super) fn retry(call: &Integration) -> Vec<Retrier> {
    let general = match call.style() {
        Style::Optimized => "AmazonDynamoDBException",
        Style::Sdk => "DynamoDbException",
    };
    let exceptions = [
        general,
        "InternalServerError",
        "InternalServerErrorException",
        "ProvisionedThroughputExceededException",
        "RequestLimitExceeded",
        "RequestLimitExceededException",
        "SdkClientException",
        "ThrottlingException",
    ];
    vec![backing_off(exceptions.iter().map(|exception| call.error(exception)).collect())]
}

/// A retrier for these errors that takes about a minute, at random intervals.
pub(super) fn backing_off(error_equals: Vec<ErrorName>) -> Retrier {
    Retrier {
        error_equals,
        interval_seconds: 1,
        max_attempts: 6,
        backoff_rate: 2.0,
        max_delay_seconds: 30,
        jitter_strategy: JitterStrategy::Full,
    }
}

/// The answer of a Query, at the path where the task puts it: what a Choice can compare, by type.
#[derive(Debug, Clone)]
pub(super) struct QueryAnswer(pub(super) ReferencePath);

impl QueryAnswer {
    /// How many items it found.
    pub(super) fn count(&self) -> TypedPath<Number> {
        TypedPath::vouched(self.0.clone().field("Count"))
    }

    /// The items: a list, which no comparison takes.
    #[allow(dead_code, reason = "says by its type why the Choice compares the count")]
    pub(super) fn items(&self) -> TypedPath<List> {
        TypedPath::vouched(self.0.clone().field("Items"))
    }
}
