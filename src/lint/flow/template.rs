use super::intrinsic;
use super::log::Log;
use super::scope::Scope;
use super::shape::Shape;
use crate::asl::query::{Query, Template};
use crate::source::below;

/// What a payload template gives.
pub(super) fn template(template: &Template, scope: Scope<'_>, pointer: &str, log: &mut Log) -> Shape {
    match template {
        Template::Literal(value) => Shape::of(value),
        Template::Object(fields) => {
            let field = |(name, field): &(String, Template)| {
                let written = match field {
                    Template::Query { field, .. } => field,
                    _ => name,
                };
                (name.clone(), self::template(field, scope, &below(pointer, written), log))
            };
            Shape::record(fields.iter().map(field).collect::<Vec<_>>())
        }
        Template::Array(items) => {
            let item = |(at, item): (usize, &Template)| self::template(item, scope, &format!("{pointer}/{at}"), log);
            Shape::tuple(items.iter().enumerate().map(item).collect())
        }
        Template::Query { query, .. } => self::query(query, scope, pointer, log),
    }
}

/// What a path or a call gives.
pub(super) fn query(query: &Query, scope: Scope<'_>, pointer: &str, log: &mut Log) -> Shape {
    match query {
        Query::Path(path) => scope.read(path, pointer, log),
        Query::Intrinsic(call) => intrinsic::call(call, scope, pointer, log),
    }
}
