//! Writes of attributes that may have no value: absent stays absent, with no empty text and no null in its place.
//!
//! A template has a fixed set of fields, and a path that leads nowhere fails the execution. So what depends on whether
//! there is a value is made by a JSONata expression, whatever the language of the state machine is. A condition in JSONata
//! does not hold for a value that is not there, that is null or that is empty, so `value ? ... : ...` is all it takes.

use indexmap::IndexMap;

use super::dialect;
use super::event_value::{EventValue, OptionalValue};
use crate::asl::JsonataExpression;
use crate::dynamodb::{AttributeValue, UpdateExpression};

/// The values by name, as one expression: those that are always there, and each of the others where it is.
pub(super) fn values(values: &IndexMap<String, AttributeValue<EventValue>>) -> JsonataExpression {
    let always: Vec<String> = values.iter().filter(|(_, value)| !value.value().is_optional()).map(field).collect();
    let mut parts = vec![format!("{{{}}}", always.join(", "))];
    let optional = values.iter().filter(|(_, value)| value.value().is_optional());
    parts.extend(optional.map(|named| format!("{} ? {{{}}} : {{}}", condition(named.1), field(named))));
    JsonataExpression::new(format!("$merge([{}])", parts.join(", ")))
}

/// An update expression, put together of what there is a value for and what there is none for.
pub(super) fn update(update: &UpdateExpression<EventValue>) -> JsonataExpression {
    let clauses = || update.clauses.iter().map(|clause| (clause, condition(&clause.value)));
    let set = clauses().map(|(clause, there)| format!("({there} ? {} : '')", literal(&format!(", {}", clause.set))));
    let set: Vec<String> = std::iter::once(literal(&update.set)).chain(set).collect();
    let absent = clauses().map(|(clause, there)| format!("({there} ? '' : {})", literal(&format!(", {}", clause.remove))));
    let absent = absent.collect::<Vec<_>>().join(" & ");
    let remove = match update.remove.as_str() {
        "" => format!("($absent := {absent}; $absent = '' ? '' : ' REMOVE ' & $substring($absent, 2))"),
        always => format!("{} & {absent}", literal(&format!(" REMOVE {always}"))),
    };
    JsonataExpression::new(format!("{} & {remove}", set.join(" & ")))
}

/// `"size": {"N": $string($states.input.detail.object.size)}`.
fn field((name, value): (&String, &AttributeValue<EventValue>)) -> String {
    let kind = value.attribute_type().as_str();
    format!("{}: {{'{kind}': {}}}", literal(name), dialect::jsonata(value.value()))
}

/// What holds where the value is there.
fn condition(value: &AttributeValue<EventValue>) -> String {
    match value.value() {
        EventValue::Optional(value) => is_there(*value),
        always => dialect::jsonata(always),
    }
}

/// A text in an expression, in the quotes that a definition, which is JSON, need not escape where it can be.
fn literal(text: &str) -> String {
    let written = JsonataExpression::text(text);
    let inner = &written[1..written.len() - 1];
    if inner.contains(['\'', '\\']) { written } else { format!("'{inner}'") }
}

/// An expression that is true, or something that counts as true, where the value is there.
fn is_there(value: OptionalValue) -> String {
    match value {
        OptionalValue::Text(place) | OptionalValue::Texts(place) => dialect::input(place),
        OptionalValue::Prefix(place) => format!("$contains({}, '/')", dialect::input(place)),
        OptionalValue::Extension(place) => {
            format!("({}; {IS_EXTENSION})", named_parts(&dialect::input(place)))
        }
        OptionalValue::Checksum(place) => {
            let answer = dialect::input(place);
            let any: Vec<String> = ALGORITHMS.iter().map(|name| format!("{answer}.Checksum{name}")).collect();
            format!("({})", any.join(" or "))
        }
        OptionalValue::Pairs(place) => format!("$exists({}.Key)", dialect::input(place)),
    }
}

/// The value, where it is there.
pub(super) fn value(value: OptionalValue) -> String {
    match value {
        OptionalValue::Text(place) => dialect::input(place),
        OptionalValue::Prefix(place) => {
            let key = dialect::input(place);
            format!("($parts := $split({key}, '/'); $join($parts[[0..$count($parts) - 2]], '/') & '/')")
        }
        OptionalValue::Extension(place) => format!("$split({}, '.')[-1]", last_part(&dialect::input(place))),
        OptionalValue::Checksum(place) => {
            let answer = dialect::input(place);
            let one = |name: &&str| format!("{answer}.Checksum{name} ? '{name}:' & {answer}.Checksum{name}");
            let each: Vec<String> = ALGORITHMS.iter().map(one).collect();
            each.join(" : ")
        }
        OptionalValue::Texts(place) => {
            let texts = dialect::input(place);
            format!("$merge($each({texts}, function($text, $name) {{ {{$name: {{'S': $text}}}} }}))")
        }
        OptionalValue::Pairs(place) => format!("$merge({}.{{Key: {{'S': Value}}}})", dialect::input(place)),
    }
}

/// The algorithms that S3 knows. An object has the checksum of one of them.
const ALGORITHMS: [&str; 5] = ["SHA256", "SHA1", "CRC64NVME", "CRC32C", "CRC32"];

/// A name has an extension if something follows its last dot, and something stands before it: `.profile` is a name, and
/// what follows its dot no extension.
const IS_EXTENSION: &str = "$count($dots) > 1 and $dots[-1] != '' and ($count($dots) > 2 or $dots[0] != '')";

fn last_part(key: &str) -> String {
    format!("$split({key}, '/')[-1]")
}

fn named_parts(key: &str) -> String {
    format!("$dots := $split({}, '.')", last_part(key))
}
