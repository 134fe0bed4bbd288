use rand::Rng;
use serde_json::{Map, Value};

use super::{MAX_DEPTH, Query, Report};
use crate::asl::{EvaluationFault, JsonPath, Scope};
use crate::source::Pointer;

/// A [payload template](https://states-language.net/spec.html#payload-template): JSON in which fields whose name ends in
/// `.$` hold queries. What holds none is kept as it is.
#[derive(Debug, Clone, PartialEq)]
pub enum Template {
    /// The same in every execution.
    Literal(Value),
    /// An object with a query somewhere in it.
    Object(Vec<(String, Self)>),
    /// An array with a query somewhere in it.
    Array(Vec<Self>),
    /// A query, and the name of the field that holds it, with its `.$`.
    Query {
        /// The field's name as written, such as `key.$`.
        field: String,
        /// What it gives.
        query: Query,
    },
}

impl Template {
    /// Reads a template that stands at a pointer. What is wrong is reported, and kept as it is written.
    pub fn read(value: &Value, pointer: &Pointer, report: Report<'_>) -> Self {
        read(value, pointer, 0, report)
    }

    /// What it gives.
    ///
    /// # Errors
    ///
    /// The first of its queries that fails.
    pub fn evaluate(&self, scope: &Scope<'_>, random: &mut dyn Rng) -> Result<Value, EvaluationFault> {
        match self {
            Self::Literal(value) => Ok(value.clone()),
            Self::Object(fields) => {
                let mut object = Map::with_capacity(fields.len());
                for (name, field) in fields {
                    object.insert(name.clone(), field.evaluate(scope, random)?);
                }
                Ok(Value::Object(object))
            }
            Self::Array(items) => items.iter().map(|item| item.evaluate(scope, random)).collect(),
            Self::Query { field, query } => Ok(query.evaluate(field, scope, random)?.into_owned()),
        }
    }

    /// Every path in it.
    pub fn paths(&self) -> Vec<&JsonPath> {
        let mut paths = Vec::new();
        let mut waiting = vec![self];
        while let Some(template) = waiting.pop() {
            match template {
                Self::Literal(_) => {}
                Self::Object(fields) => waiting.extend(fields.iter().rev().map(|(_, field)| field)),
                Self::Array(items) => waiting.extend(items.iter().rev()),
                Self::Query { query, .. } => paths.extend(query.paths()),
            }
        }
        paths
    }
}

fn read(value: &Value, pointer: &Pointer, depth: usize, report: Report<'_>) -> Template {
    if depth >= MAX_DEPTH {
        report(pointer.clone(), format!("A payload template is no deeper than {MAX_DEPTH}"));
        return Template::Literal(Value::Null);
    }
    match value {
        Value::Object(fields) => object(fields, pointer, depth, report),
        Value::Array(items) => {
            let mut read_items = Vec::with_capacity(items.len());
            for (at, item) in items.iter().enumerate() {
                read_items.push(read(item, &pointer.index(at), depth + 1, report));
            }
            if read_items.iter().all(|item| matches!(item, Template::Literal(_))) {
                return Template::Literal(value.clone());
            }
            Template::Array(read_items)
        }
        _ => Template::Literal(value.clone()),
    }
}

fn object(fields: &Map<String, Value>, pointer: &Pointer, depth: usize, report: Report<'_>) -> Template {
    let mut read_fields = Vec::with_capacity(fields.len());
    for (name, value) in fields {
        let Some(plain) = name.strip_suffix(".$") else {
            read_fields.push((name.clone(), read(value, &pointer.child(name), depth + 1, report)));
            continue;
        };
        match value.as_str().map(Query::parse) {
            Some(Ok(query)) => read_fields.push((plain.to_owned(), Template::Query { field: name.clone(), query })),
            _ => {
                report(
                    pointer.clone(),
                    format!(
                        "The value for the field '{name}' must be a valid JSONPath or a valid intrinsic function call"
                    ),
                );
                read_fields.push((plain.to_owned(), Template::Literal(value.clone())));
            }
        }
    }
    let plain = fields.keys().all(|name| !name.ends_with(".$"));
    if plain && read_fields.iter().all(|(_, field)| matches!(field, Template::Literal(_))) {
        return Template::Literal(Value::Object(fields.clone()));
    }
    Template::Object(read_fields)
}
