use jsonata_core::ast::{AstNode, BinaryOp, PathStep};

use super::log::{Log, Problem};
use super::reading::{self, Miss, Reading};
use super::scope::Env;
use super::shape::{Field, Kinds, Object, Presence, Shape};
use crate::asl::program::{Expression, JsonataTemplate};
use crate::source::below;

/// What an expression of a state reads from.
#[derive(Debug, Clone, Copy)]
pub(super) struct States<'a> {
    /// `$states`: the input, the context object, and where there is one, the result or the error.
    pub states: &'a Shape,
    /// The variables.
    pub env: &'a Env,
}

/// How deep an expression is followed. What is deeper is unknown.
const DEEPEST: usize = 24;

impl States<'_> {
    /// What a template gives.
    pub(super) fn template(&self, template: &JsonataTemplate, pointer: &str, log: &mut Log) -> Shape {
        match template {
            JsonataTemplate::Literal(value) => Shape::of(value),
            JsonataTemplate::Expression(expression) => self.expression(expression, pointer, log),
            JsonataTemplate::Array(parts) => {
                let part = |(at, part)| self.template(part, &format!("{pointer}/{at}"), log);
                Shape::tuple(parts.iter().enumerate().map(part).collect())
            }
            JsonataTemplate::Object(parts) => {
                let part = |(name, part): &(String, JsonataTemplate)| {
                    let pointer = below(pointer, name);
                    (name.clone(), self.template(part, &pointer, log))
                };
                Shape::record(parts.iter().map(part).collect::<Vec<_>>())
            }
        }
    }

    /// What a whole expression gives. One that is nothing but a path is noted if it leads nowhere: where an expression gives
    /// nothing at all, the execution fails with `States.QueryEvaluationError`. Within an expression, nothing is a value like
    /// any other.
    pub(super) fn expression(&self, expression: &Expression, pointer: &str, log: &mut Log) -> Shape {
        let source = expression.source();
        match self.way(expression.tree()) {
            Some(Ok(reading)) => log.read(pointer, source, reading),
            Some(Err(problem)) => {
                log.note(pointer, source, Some(problem));
                Shape::unknown()
            }
            None => self.passed_on(expression.tree(), source, pointer, log),
        }
    }

    /// A function whose first argument decides whether the whole expression gives anything.
    fn passed_on(&self, tree: &AstNode, source: &str, pointer: &str, log: &mut Log) -> Shape {
        if let AstNode::Function { name, args, .. } = tree
            && let Some(gives) = passes_nothing_on(name)
            && let Some(Some(Ok(reading))) = args.first().map(|first| self.way(first))
        {
            log.read(pointer, source, reading);
            return gives;
        }
        self.node(tree, DEEPEST)
    }

    /// What a plain path of names leads to: `None` where the expression is anything else.
    fn way(&self, tree: &AstNode) -> Option<Result<Reading, Problem>> {
        let (head, names) = names(tree)?;
        let root = match head {
            "states" => self.states.clone(),
            // `$` and `$$`, and names that are no variable of the state machine.
            "" | "$" => return None,
            name => match self.env.variables.get(name) {
                Some(Some(shape)) => shape.clone(),
                Some(None) => Shape::unknown(),
                None => return Some(Err(Problem::NoVariable { name: name.to_owned() })),
            },
        };
        Some(Ok(follow(&format!("${head}"), root, &names)))
    }

    fn node(&self, node: &AstNode, depth: usize) -> Shape {
        let Some(depth) = depth.checked_sub(1) else { return Shape::unknown() };
        match node {
            AstNode::String(text) => Shape::one_of([text.as_str()]),
            AstNode::Number(_) => Shape::number(),
            AstNode::Boolean(value) => Shape::of(&serde_json::Value::Bool(*value)),
            AstNode::Null => Shape::null(),
            AstNode::Variable(_) | AstNode::Path { .. } => match self.way(node) {
                Some(Ok(Reading::Found(shape, Presence::Always))) => shape,
                _ => Shape::unknown(),
            },
            AstNode::Binary { op, .. } => operation(op),
            AstNode::Block(parts) if parts.len() == 1 => self.node(&parts[0], depth),
            AstNode::Conditional { then_branch, else_branch: Some(other), .. } => {
                self.node(then_branch, depth).join(&self.node(other, depth))
            }
            AstNode::Function { name, .. } => function(name),
            AstNode::Object(parts) => self.object(parts, depth),
            _ => Shape::unknown(),
        }
    }

    /// An object: fields whose value is nothing are left out, so only those that surely have one are surely there.
    fn object(&self, parts: &[(AstNode, AstNode)], depth: usize) -> Shape {
        let mut object = Object::default();
        for (name, value) in parts {
            let AstNode::String(name) = name else { return Shape::object(Object { open: true, ..object }) };
            let field = match self.node(value, depth) {
                Shape::Unknown { .. } => Field::perhaps(Shape::unknown()),
                shape => Field::always(shape),
            };
            object.fields.insert(name.as_str().into(), field);
        }
        Shape::object(object)
    }
}

/// The variable and the names that follow it, of a plain path: `$states.input.detail`.
pub(super) fn names(tree: &AstNode) -> Option<(&str, Vec<&str>)> {
    match tree {
        AstNode::Variable(name) => Some((name, Vec::new())),
        AstNode::Path { steps } => {
            let (first, rest) = steps.split_first()?;
            let AstNode::Variable(name) = &first.node else { return None };
            let is_plain = |step: &PathStep| step.stages.is_empty() && step.focus.is_none();
            if !steps.iter().all(is_plain) {
                return None;
            }
            let names = rest.iter().map(|step| match &step.node {
                AstNode::Name(name) => Some(name.as_str()),
                _ => None,
            });
            Some((name, names.collect::<Option<_>>()?))
        }
        _ => None,
    }
}

/// What a function gives whose first argument is something: those that give nothing where that is nothing.
fn passes_nothing_on(name: &str) -> Option<Shape> {
    match name {
        "string" | "uppercase" | "lowercase" | "trim" | "substring" | "substringBefore" | "substringAfter"
        | "replace" | "fromMillis" => Some(Shape::text()),
        "length" | "number" | "toMillis" => Some(Shape::number()),
        _ => None,
    }
}

/// Names, one after the other. Into the elements of an array they are not followed.
fn follow(root: &str, shape: Shape, names: &[&str]) -> Reading {
    let mut way = root.to_owned();
    let mut at = shape;
    let mut presence = Presence::Always;
    for name in names {
        if matches!(&at, Shape::Known(Kinds { array: Some(_), .. })) {
            return Reading::Found(Shape::unknown(), Presence::Perhaps);
        }
        match reading::field(&at, name) {
            Some((next, there)) => {
                at = next;
                presence = reading::weaker(presence, there);
                way = format!("{way}.{name}");
            }
            None => {
                return Reading::Never(Miss {
                    parent: way,
                    found: at.describe(),
                    wanted: (*name).to_owned(),
                    fields: at.fields(),
                    new: at.grows(),
                });
            }
        }
    }
    Reading::Found(at, presence)
}

fn operation(operator: &BinaryOp) -> Shape {
    match operator {
        BinaryOp::Concatenate => Shape::text(),
        BinaryOp::Equal | BinaryOp::NotEqual | BinaryOp::And | BinaryOp::Or | BinaryOp::In => Shape::boolean(),
        // A sum or a comparison of nothing is nothing.
        _ => Shape::unknown(),
    }
}

/// What functions give that always give something.
fn function(name: &str) -> Shape {
    match name {
        "count" | "millis" | "random" => Shape::number(),
        "exists" => Shape::boolean(),
        "now" | "uuid" => Shape::text(),
        _ => Shape::unknown(),
    }
}
