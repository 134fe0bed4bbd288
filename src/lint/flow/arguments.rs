//! What a call is given, against what its service takes.

use super::intrinsic::{Expectation, expect};
use super::log::{Log, Problem};
use super::reading::Miss;
use super::shape::{Kinds, Presence, Shape};
use crate::asl::program::{JsonataTemplate, Template};
use crate::asl::query;
use crate::aws::integration::Call;
use crate::aws::service_model::{Kind, Type};
use crate::source::below;

/// Notes values of another kind than their parameter takes. Only what is worked out at run time is judged: what stands in the
/// definition itself has rules of its own.
pub(super) fn judge(call: &Call, of: &Template, given: &Shape, pointer: &str, log: &mut Log) {
    // Others may turn what is no text into one.
    let Some(parameters) = call.parameters().filter(|_| call.service() == "dynamodb") else { return };
    let judge = Judge { any: call.any_json() };
    match of {
        Template::JsonPath(of) => judge.jsonpath(of, parameters, given, &mut Place::at(pointer), log),
        Template::Jsonata(of) => judge.jsonata(of, parameters, given, &mut Place::at(pointer), log),
    }
}

/// Notes what a call needs and is not in the input that it is given for want of parameters.
pub(super) fn missing(call: &Call, given: &Shape, pointer: &str, log: &mut Log) {
    let Some(Kind::Structure(members)) = call.parameters().map(Type::kind) else { return };
    let Shape::Known(Kinds { object: Some(object), .. }) = given else { return };
    for member in members.iter().filter(|member| member.required) {
        let there = |name: &str| object.field(name).is_some_and(|field| field.presence != Presence::Never);
        let problem = (!there(&member.name) && !there(&member.native)).then(|| Problem::Missing {
            path: format!("$.{}", member.name),
            miss: Miss {
                parent: "$".to_owned(),
                found: "an object".to_owned(),
                wanted: member.name.to_string(),
                fields: given.fields(),
                new: false,
            },
        });
        log.note(pointer, &member.name, problem);
    }
}

struct Judge {
    /// The members, from the outermost, that take any JSON.
    any: &'static [&'static str],
}

/// Where a value stands.
struct Place {
    pointer: String,
    members: Vec<String>,
}

impl Place {
    fn at(pointer: &str) -> Self {
        Self { pointer: pointer.to_owned(), members: Vec::new() }
    }

    fn step(&self, written: &str, member: Option<&str>) -> Self {
        let members = self.members.iter().cloned().chain(member.map(str::to_owned)).collect();
        Self { pointer: below(&self.pointer, written), members }
    }
}

impl Judge {
    fn jsonpath(&self, of: &query::Template, takes: Type, given: &Shape, place: &mut Place, log: &mut Log) {
        match of {
            query::Template::Query { query, .. } => self.value(&query.to_string(), takes, given, place, log),
            query::Template::Object(fields) => {
                for (name, field) in fields {
                    let Some((takes, given)) = self.field(name, takes, given) else { continue };
                    let written = match field {
                        query::Template::Query { field, .. } => field,
                        _ => name,
                    };
                    self.jsonpath(field, takes, &given, &mut place.step(written, Some(name)), log);
                }
            }
            query::Template::Array(items) => {
                let Kind::List(takes) = takes.kind() else { return };
                for (at, item) in items.iter().enumerate() {
                    self.jsonpath(item, takes, &element(given, at), &mut place.step(&at.to_string(), None), log);
                }
            }
            query::Template::Literal(_) => {}
        }
    }

    fn jsonata(&self, of: &JsonataTemplate, takes: Type, given: &Shape, place: &mut Place, log: &mut Log) {
        match of {
            JsonataTemplate::Expression(expression) => self.value(expression.source(), takes, given, place, log),
            JsonataTemplate::Object(fields) => {
                for (name, field) in fields {
                    let Some((takes, given)) = self.field(name, takes, given) else { continue };
                    self.jsonata(field, takes, &given, &mut place.step(name, Some(name)), log);
                }
            }
            JsonataTemplate::Array(items) => {
                let Kind::List(takes) = takes.kind() else { return };
                for (at, item) in items.iter().enumerate() {
                    self.jsonata(item, takes, &element(given, at), &mut place.step(&at.to_string(), None), log);
                }
            }
            JsonataTemplate::Literal(_) => {}
        }
    }

    /// What a field takes, and what it is given.
    fn field(&self, name: &str, takes: Type, given: &Shape) -> Option<(Type, Shape)> {
        let takes = takes.map_value().or_else(|| Some(takes.member(name)?.of))?;
        let given = match given {
            Shape::Known(Kinds { object: Some(object), .. }) => object.field(name)?.shape,
            _ => Shape::unknown(),
        };
        Some((takes, given))
    }

    fn value(&self, source: &str, takes: Type, given: &Shape, place: &Place, log: &mut Log) {
        let any = !self.any.is_empty() && place.members == self.any;
        // Where a text is wanted nothing else is taken, not even a number.
        if any || !matches!(takes.kind(), Kind::Text | Kind::Enum(_)) {
            return;
        }
        let taker = place.members.last().map(String::as_str).unwrap_or_default();
        let expectation = Expectation { taker, given: source, expected: "a string" };
        expect(given, |kinds| kinds.text.is_some() || kinds.null, expectation, &place.pointer, log);
    }
}

fn element(given: &Shape, at: usize) -> Shape {
    match given {
        Shape::Known(Kinds { array: Some(array), .. }) => {
            array.items.as_ref().and_then(|items| items.get(at)).unwrap_or(&array.element).clone()
        }
        _ => Shape::unknown(),
    }
}
