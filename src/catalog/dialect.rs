//! The same task in either query language: JSONPath's fields or JSONata's.

use indexmap::IndexMap;

use super::event_value::{EventValue, Place};
use super::expression::{self, input};
use super::{CatalogError, folder, optional};
use crate::asl::{
    CaughtData, ChoiceRule, FailData, Field, IntrinsicFunction, Jsonata, JsonataExpression, JsonataTemplate, Literal,
    Number, PayloadTemplate, QueryLanguage, ReferencePath, RunTimeValue, SubstitutionName, TaskData, Text, TypedPath,
};
use crate::dynamodb::{AttributeValue, Parameter};
use crate::eventbridge::{DetailType, field};
use crate::name::StateName;

/// A request as the `dynamodb` room makes it.
pub(super) type Request = Vec<(&'static str, Parameter<EventValue>)>;

/// Where JSONPath puts the answer of the Query, and the variable in which JSONata keeps the part that matters.
const QUERY_RESULT: &str = "dynamoDbResult";
const COUNT_VARIABLE: &str = "fileCount";

/// Where JSONPath puts the answer of a write that nobody reads.
const WRITTEN: &str = "written";

/// Where JSONPath puts the error of a condition that did not hold.
const CONDITION_FAILED: &str = "conditionFailed";

/// Where the error that leads to the queue is put.
const ERROR: &str = "error";

/// The data of a task that makes this request of the table that `table` stands for, and has no use for the answer. A request
/// in which a value may be missing is JSONata in a state machine of either language.
pub(super) fn task(
    machine: QueryLanguage,
    table: &SubstitutionName,
    request: Request,
) -> Result<TaskData, CatalogError> {
    let language =
        if request.iter().any(|(_, parameter)| is_optional(parameter)) { QueryLanguage::Jsonata } else { machine };
    let mut fields: IndexMap<String, Field> = IndexMap::new();
    fields.insert("TableName".to_owned(), PayloadTemplate::Substitution(table.clone()).into());
    for (name, parameter) in request {
        fields.insert(name.to_owned(), template(language, parameter)?.into());
    }
    let template = PayloadTemplate::Object(fields);
    Ok(match language {
        QueryLanguage::JsonPath => TaskData::parameters(template),
        QueryLanguage::Jsonata => TaskData::jsonata(JsonataTemplate::new(template)).within(machine),
    })
}

/// Whether it has a part that depends on whether there is a value.
fn is_optional(parameter: &Parameter<EventValue>) -> bool {
    match parameter {
        Parameter::Values(values) => values.values().any(|value| value.value().is_optional()),
        Parameter::Update(_) => true,
        Parameter::Text(_) | Parameter::Number(_) | Parameter::Names(_) => false,
    }
}

/// The data of the same task where another state follows that needs the event: the event goes on to it.
pub(super) fn passing(
    language: QueryLanguage,
    table: &SubstitutionName,
    request: Request,
) -> Result<TaskData, CatalogError> {
    Ok(match task(language, table, request)? {
        TaskData::JsonPath { parameters, .. } => {
            TaskData::JsonPath { parameters, result_path: Some(ReferencePath::input().field(WRITTEN)) }
        }
        TaskData::Jsonata { query_language, arguments, assign, .. } => {
            TaskData::Jsonata { query_language, arguments, assign, output: Some(JsonataExpression::input().into()) }
        }
    })
}

/// `next` follows where the event is of this kind.
pub(super) fn is_kind(language: QueryLanguage, kind: DetailType, next: StateName) -> ChoiceRule {
    match language {
        QueryLanguage::JsonPath => {
            ChoiceRule::string_equals(TypedPath::vouched(path(&field::DETAIL_TYPE)), kind.as_str(), next)
        }
        QueryLanguage::Jsonata => {
            ChoiceRule::condition(input(&field::DETAIL_TYPE).equals(Jsonata::text(kind.as_str())).into(), next)
        }
    }
}

/// The data of a Query whose answer a Choice asks for: the event goes on to the next state, and the count with it.
pub(super) fn query(
    language: QueryLanguage,
    table: &SubstitutionName,
    request: Request,
) -> Result<TaskData, CatalogError> {
    Ok(match task(language, table, request)? {
        TaskData::JsonPath { parameters, .. } => TaskData::JsonPath { parameters, result_path: Some(answer()) },
        TaskData::Jsonata { query_language, arguments, .. } => {
            let count = JsonataExpression::from(Jsonata::result().field("Count"));
            TaskData::Jsonata {
                query_language,
                arguments,
                assign: IndexMap::from([(COUNT_VARIABLE.to_owned(), count.into())]),
                output: Some(JsonataExpression::input().into()),
            }
        }
    })
}

/// `next` follows where the Query found any item.
pub(super) fn found_any(language: QueryLanguage, next: StateName) -> ChoiceRule {
    match language {
        QueryLanguage::JsonPath => ChoiceRule::numeric_greater_than(count(), 0, next),
        QueryLanguage::Jsonata => {
            let any = Jsonata::variable(COUNT_VARIABLE).is_more_than(Jsonata::number(0));
            ChoiceRule::condition(any.into(), next)
        }
    }
}

/// What the state after a condition that did not hold gets: the event, which it still needs.
pub(super) fn caught(language: QueryLanguage) -> CaughtData {
    match language {
        QueryLanguage::JsonPath => CaughtData::JsonPath { result_path: ReferencePath::input().field(CONDITION_FAILED) },
        QueryLanguage::Jsonata => CaughtData::Jsonata { output: JsonataExpression::input().into() },
    }
}

/// What the state after any other error gets: the input, with the error in it.
pub(super) fn caught_error(language: QueryLanguage) -> CaughtData {
    match language {
        QueryLanguage::JsonPath => CaughtData::JsonPath { result_path: ReferencePath::input().field(ERROR) },
        QueryLanguage::Jsonata => {
            let error = Jsonata::object([(ERROR, Jsonata::error_output())]);
            let merged = Jsonata::merge([Jsonata::input(), error]);
            CaughtData::Jsonata { output: JsonataExpression::from(merged).into() }
        }
    }
}

/// The data of a task that sends the execution's input, and the error that was caught, to the queue that `queue` stands for.
pub(super) fn dead_letter(language: QueryLanguage, queue: &SubstitutionName) -> TaskData {
    let url: Field = PayloadTemplate::Substitution(queue.clone()).into();
    let message = |body: Field| PayloadTemplate::object([("QueueUrl", url), ("MessageBody", body)]);
    match language {
        QueryLanguage::JsonPath => {
            let execution = ReferencePath::context().field("Execution");
            let body = [
                ("event", execution.clone().field("Input")),
                ("error", ReferencePath::input().field(ERROR)),
                ("execution", execution.field("Id")),
            ];
            let body = PayloadTemplate::object(body.map(|(name, path)| (name, RunTimeValue::from(path))));
            let result_path = Some(ReferencePath::input().field("deadLetter"));
            TaskData::JsonPath { parameters: message(body.into()), result_path }
        }
        QueryLanguage::Jsonata => {
            let execution = Jsonata::context().field("Execution");
            let body = [
                ("event", execution.clone().field("Input")),
                ("error", Jsonata::input().field(ERROR)),
                ("execution", execution.field("Id")),
            ];
            let body = PayloadTemplate::object(body.map(|(name, value)| (name, JsonataExpression::from(value))));
            let output = Some(JsonataExpression::input().into());
            let arguments = JsonataTemplate::new(message(body.into()));
            TaskData::Jsonata { query_language: None, arguments, assign: IndexMap::new(), output }
        }
    }
}

/// `next` follows where the cause of the error that was caught has `text` in it.
pub(super) fn cause_says(language: QueryLanguage, text: &str, next: StateName) -> ChoiceRule {
    match language {
        QueryLanguage::JsonPath => {
            let cause = TypedPath::<Text>::vouched(ReferencePath::input().field(ERROR).field("Cause"));
            ChoiceRule::string_contains(cause, text, next)
        }
        QueryLanguage::Jsonata => {
            let cause = Jsonata::input().field(ERROR).field("Cause");
            ChoiceRule::condition(cause.call("$contains", [Jsonata::double_quoted(text)]).into(), next)
        }
    }
}

/// Where a failing state finds the error that was caught.
pub(super) fn failed(language: QueryLanguage) -> FailData {
    match language {
        QueryLanguage::JsonPath => {
            let error = ReferencePath::input().field(ERROR);
            FailData::JsonPath { error_path: error.clone().field("Error"), cause_path: error.field("Cause") }
        }
        QueryLanguage::Jsonata => {
            let field = |name| Jsonata::input().field(ERROR).field(name).into();
            FailData::Jsonata { error: field("Error"), cause: field("Cause") }
        }
    }
}

fn template(language: QueryLanguage, parameter: Parameter<EventValue>) -> Result<PayloadTemplate, CatalogError> {
    Ok(match parameter {
        Parameter::Text(text) => Literal::text(text)?.into(),
        Parameter::Number(number) => Literal::number(number).into(),
        Parameter::Names(names) => {
            let names = names.into_iter().map(|(key, name)| (key, PayloadTemplate::from(Literal::from(&name))));
            PayloadTemplate::object(names)
        }
        Parameter::Update(update) => optional::update(&update).into(),
        Parameter::Values(values) if values.values().any(|value| value.value().is_optional()) => {
            optional::values(&values).into()
        }
        Parameter::Values(values) => {
            let typed = values.into_iter().map(|(key, value)| Ok((key, typed(language, &value)?)));
            PayloadTemplate::object(typed.collect::<Result<Vec<_>, CatalogError>>()?)
        }
    })
}

/// `{"S.$": "$.detail.object.key"}`, or `{"S": "{% $states.input.detail.object.key %}"}`.
fn typed(language: QueryLanguage, value: &AttributeValue<EventValue>) -> Result<PayloadTemplate, CatalogError> {
    let kind = value.attribute_type().as_str();
    let field: Field = match (value.value(), language) {
        (EventValue::Constant(text), _) => PayloadTemplate::from(Literal::text(*text)?).into(),
        (value, QueryLanguage::JsonPath) => json_path(value)?.into(),
        (value, QueryLanguage::Jsonata) => JsonataExpression::from(expression::of(value)).into(),
    };
    Ok(PayloadTemplate::object([(kind, field)]))
}

fn json_path(value: &EventValue) -> Result<RunTimeValue, CatalogError> {
    Ok(match value {
        EventValue::Text(field) => path(field).into(),
        EventValue::Number(field) => IntrinsicFunction::number_as_text(path(field)).into(),
        EventValue::Joined(first, between, last) => {
            IntrinsicFunction::format("", [(path(first), *between), (path(last), "")]).into()
        }
        EventValue::Followed(first, behind) => IntrinsicFunction::format("", [(path(first), *behind)]).into(),
        EventValue::Constant(_) => return Err(CatalogError::Blueprint("a constant is no path".to_owned())),
        EventValue::Formatted(first, rest) => {
            IntrinsicFunction::format(first, rest.iter().map(|(field, piece)| (path(field), piece.as_str()))).into()
        }
        EventValue::Folder(key) => folder::of(&path(key)).into(),
        EventValue::EpochAfter { .. } => {
            return Err(CatalogError::Blueprint("JSONPath cannot turn a time into seconds".to_owned()));
        }
        EventValue::Optional(_) => {
            return Err(CatalogError::Blueprint("JSONPath cannot leave out an attribute".to_owned()));
        }
    })
}

fn path(fields: Place) -> ReferencePath {
    fields.iter().fold(ReferencePath::input(), |path, name| path.field(*name))
}

/// Where JSONPath puts the answer of a Query.
fn answer() -> ReferencePath {
    ReferencePath::input().field(QUERY_RESULT)
}

/// How many items that Query found. It is a number, so a Choice can compare it; the items are a list, and there is no way to
/// them here.
fn count() -> TypedPath<Number> {
    TypedPath::vouched(answer().field("Count"))
}
