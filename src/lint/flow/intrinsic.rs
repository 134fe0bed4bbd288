use super::log::{Log, Problem};
use super::scope::Scope;
use super::shape::{Array, Kinds, Shape};
use crate::asl::{Function, Intrinsic, Kind, Operand};

/// What a call of an intrinsic function gives. What it is given and does not take is noted.
pub(super) fn call(call: &Intrinsic, scope: Scope<'_>, pointer: &str, log: &mut Log) -> Shape {
    let parameters = call.function().parameters();
    let mut arguments = Vec::new();
    for (at, operand) in call.arguments().iter().enumerate() {
        let (shape, given) = match operand {
            Operand::Literal(value) => (Shape::of(value), value.to_string()),
            Operand::Template(_) => (Shape::text(), String::new()),
            Operand::Path(path) => (scope.read(path, pointer, log), path.source().to_owned()),
            Operand::Call(inner) => (self::call(inner, scope, pointer, log), inner.source().to_owned()),
        };
        if let Some(kind) = parameters.get(at) {
            check(call.function().name(), *kind, &shape, &given, pointer, log);
        }
        arguments.push(shape);
    }
    result(call.function(), &arguments)
}

/// Notes an argument that is of no kind which the function takes.
fn check(taker: &str, kind: Kind, shape: &Shape, given: &str, pointer: &str, log: &mut Log) {
    let expected = match kind {
        Kind::Any => return,
        Kind::Text => "a string",
        Kind::Number => "a number",
        Kind::Array => "an array",
        Kind::Object => "an object",
        Kind::Boolean => "a boolean",
    };
    let takes = |kinds: &Kinds| match kind {
        Kind::Any => true,
        Kind::Text => kinds.text.is_some(),
        Kind::Number => kinds.number,
        Kind::Array => kinds.array.is_some(),
        Kind::Object => kinds.object.is_some(),
        Kind::Boolean => !kinds.booleans.is_empty(),
    };
    expect(shape, takes, Expectation { taker, given, expected }, pointer, log);
}

/// Who takes what, in words.
#[derive(Debug, Clone, Copy)]
pub(super) struct Expectation<'a> {
    /// Who takes it.
    pub taker: &'a str,
    /// What it is given, as written.
    pub given: &'a str,
    /// What it takes.
    pub expected: &'static str,
}

/// Notes a value that is of no kind that is taken.
pub(super) fn expect(
    shape: &Shape,
    takes: impl Fn(&Kinds) -> bool,
    Expectation { taker, given, expected }: Expectation<'_>,
    pointer: &str,
    log: &mut Log,
) {
    let wrong = matches!(shape, Shape::Known(kinds) if !takes(kinds));
    let problem = wrong.then(|| Problem::Kind {
        given: given.to_owned(),
        taker: taker.to_owned(),
        expected,
        found: match shape {
            // Of a number out of bounds its kind says nothing.
            Shape::Known(Kinds { number: true, literal: Some(literal), .. }) if expected.contains("number") => {
                literal.to_string()
            }
            _ => shape.describe(),
        },
    });
    log.note(pointer, &format!("{taker}({given})"), problem);
}

fn result(function: Function, arguments: &[Shape]) -> Shape {
    match function {
        Function::Array => Shape::tuple(arguments.to_vec()),
        Function::ArrayPartition => {
            Shape::array(arguments.first().cloned().map_or_else(Shape::unknown, Shape::cut_items))
        }
        Function::ArrayUnique => arguments.first().cloned().map_or_else(Shape::unknown, Shape::cut_items),
        Function::ArrayGetItem => arguments.first().and_then(element).unwrap_or_else(Shape::unknown),
        Function::ArrayRange => Shape::array(Shape::number()),
        Function::StringSplit => Shape::array(Shape::text()),
        Function::JsonMerge => merged(arguments),
        Function::ArrayContains => Shape::boolean(),
        Function::ArrayLength | Function::MathAdd | Function::MathRandom => Shape::number(),
        Function::StringToJson => Shape::unknown(),
        Function::Base64Encode
        | Function::Base64Decode
        | Function::Hash
        | Function::JsonToString
        | Function::Uuid
        | Function::Format => Shape::text(),
    }
}

fn element(shape: &Shape) -> Option<Shape> {
    let Shape::Known(Kinds { array: Some(array), .. }) = shape else { return None };
    let Array { element, .. } = &**array;
    Some(element.clone())
}

/// A shallow merge, in which the fields of the second win.
fn merged(arguments: &[Shape]) -> Shape {
    let object = |at: usize| match arguments.get(at) {
        Some(Shape::Known(Kinds { object: Some(object), .. })) => Some(object),
        _ => None,
    };
    let (Some(left), Some(right)) = (object(0), object(1)) else { return Shape::unknown() };
    let mut merged = (**left).clone();
    merged.open |= right.open;
    for (name, field) in &right.fields {
        match merged.fields.get_mut(name) {
            Some(there) if field.presence != super::shape::Presence::Always => {
                there.shape = there.shape.join(&field.shape);
            }
            _ => {
                merged.fields.insert(name.clone(), field.clone());
            }
        }
    }
    Shape::object(merged)
}
