//! An expression, rewritten so that no single step of its evaluation takes more than [bounds](super::bounds) allow.
//!
//! The evaluator looks at its limits between steps. Some steps alone can take any amount of memory: `$pad('x', 1e9)`, `$join` of a long list with
//! a long separator, a text put together with itself again and again. Their arguments go through a function of `checks` first,
//! whose name no expression can write.

use jsonata_core::ast::{AstNode, BinaryOp, PathStep, Stage};

use super::bounds::MAX_DEPTH;
use super::checks;
use crate::asl::program::children;

/// An expression as it is evaluated here, or nothing if it goes deeper than any may.
///
/// `bound` are the variables that it sees.
pub(super) fn guarded(tree: &AstNode, bound: Vec<String>) -> Option<AstNode> {
    if depth(tree) > MAX_DEPTH {
        return None;
    }
    let mut tree = tree.clone();
    let repeats =
        any(&tree, &|node| matches!(node, AstNode::Lambda { .. } | AstNode::Binary { op: BinaryOp::ColonEqual, .. }));
    Guard { bound, repeats }.guard(&mut tree);
    Some(tree)
}

struct Guard {
    /// Names that are variables where the walk is: they hide functions.
    bound: Vec<String>,
    /// Whether a part of the expression can be worked out more than once, each time from what it gave before.
    repeats: bool,
}

impl Guard {
    fn guard(&mut self, node: &mut AstNode) {
        if let AstNode::Binary { op: BinaryOp::ChainPipe, lhs, rhs } = node
            && let AstNode::Function { name, args, .. } = &mut **rhs
            && self.is_checked(name)
            && !args.contains(&AstNode::Placeholder)
        {
            // `a ~> $f(b)` is the call `$f(a, b)`.
            args.insert(0, taken(lhs));
            *node = taken(rhs);
        }
        match node {
            AstNode::Lambda { params, body, .. } => {
                let outside = self.bound.len();
                self.bound.extend(params.iter().cloned());
                self.guard(body);
                self.bound.truncate(outside);
                return;
            }
            AstNode::Block(parts) => {
                let outside = self.bound.len();
                parts.iter_mut().for_each(|part| self.guard(part));
                self.bound.truncate(outside);
                return;
            }
            AstNode::Binary { op: BinaryOp::ColonEqual, lhs, rhs } => {
                if let AstNode::Variable(name) = &**lhs {
                    self.bound.push(name.clone());
                }
                self.guard(rhs);
                return;
            }
            // A function that is passed on, or a call that is still to be given arguments: they are checked when they are there.
            AstNode::Variable(name) if self.is_checked(name) => {
                let args = vec![AstNode::Placeholder; checks::arity(name).unwrap_or(0)];
                *node = partial(std::mem::take(name), args);
                return self.guard(node);
            }
            AstNode::Function { name, args, .. } if self.is_checked(name) && args.contains(&AstNode::Placeholder) => {
                *node = partial(std::mem::take(name), std::mem::take(args));
                return self.guard(node);
            }
            _ => {}
        }
        for_each_child(node, &mut |child| self.guard(child));
        match node {
            AstNode::Function { name, args, .. }
                if !self.bound.contains(name) && !args.contains(&AstNode::Placeholder) =>
            {
                check_arguments(name, args);
            }
            AstNode::Binary { op: BinaryOp::Concatenate, lhs, rhs } => {
                *node = call(checks::CONCATENATE, vec![taken(lhs), taken(rhs)]);
            }
            AstNode::Binary { op: BinaryOp::Range, lhs, rhs } => {
                **rhs = call(checks::SPAN, vec![(**lhs).clone(), taken(rhs)]);
            }
            AstNode::Binary { op: BinaryOp::Equal | BinaryOp::NotEqual | BinaryOp::In, lhs, rhs } if self.repeats => {
                **lhs = small(taken(lhs));
                **rhs = small(taken(rhs));
            }
            AstNode::Array(parts) | AstNode::ArrayGroup(parts) if self.repeats => {
                for part in parts {
                    if !is_constructed(part) {
                        *part = small(taken(part));
                    }
                }
            }
            _ => {}
        }
    }

    /// Whether a name is that of a function whose arguments are checked.
    fn is_checked(&self, name: &str) -> bool {
        checks::arity(name).is_some() && !self.bound.iter().any(|bound| bound == name)
    }
}

/// A function of the arguments that a call leaves open.
fn partial(name: String, mut args: Vec<AstNode>) -> AstNode {
    let mut params = Vec::new();
    for arg in &mut args {
        if *arg == AstNode::Placeholder {
            let param = format!("argument {}", params.len());
            *arg = AstNode::Variable(param.clone());
            params.push(param);
        }
    }
    let body = Box::new(AstNode::Function { name, args, is_builtin: true });
    AstNode::Lambda { params, body, signature: None, thunk: false }
}

/// Sends those arguments of a call through a check that decide what it takes.
fn check_arguments(name: &str, args: &mut [AstNode]) {
    match (name, args) {
        ("pad", [_, width, ..]) => *width = call(checks::WIDTH, vec![taken(width)]),
        ("substring", [_, numbers @ ..]) => {
            numbers.iter_mut().for_each(|number| *number = call(checks::INDEX, vec![taken(number)]));
        }
        ("string" | "distinct", [value, ..]) => *value = small(taken(value)),
        ("reduce", [values, _]) => *values = call(checks::FILLED, vec![taken(values)]),
        ("join", [values, rest @ ..]) if rest.len() <= 1 => {
            *values = call(checks::JOINED, std::iter::once(taken(values)).chain(rest.iter().cloned()).collect());
        }
        ("split", [text, separator, ..]) => *text = call(checks::SPLIT, vec![taken(text), separator.clone()]),
        ("replace", [text, pattern, by, ..]) => {
            let by = if matches!(by, AstNode::Lambda { .. }) { AstNode::String(String::new()) } else { by.clone() };
            *text = call(checks::REPLACED, vec![taken(text), pattern.clone(), by]);
        }
        ("formatInteger", [number, picture]) => {
            *number = call(checks::WRITTEN, vec![taken(number), picture.clone()]);
        }
        _ => {}
    }
}

/// A value that has to be small enough to be written out.
fn small(node: AstNode) -> AstNode {
    match node {
        AstNode::String(_) | AstNode::Number(_) | AstNode::Boolean(_) | AstNode::Null => node,
        node => call(checks::SMALL, vec![node]),
    }
}

fn is_constructed(node: &AstNode) -> bool {
    matches!(
        node,
        AstNode::Array(_)
            | AstNode::ArrayGroup(_)
            | AstNode::Object(_)
            | AstNode::Lambda { .. }
            | AstNode::Binary { op: BinaryOp::Range, .. }
    )
}

fn call(name: &str, args: Vec<AstNode>) -> AstNode {
    AstNode::Function { name: name.to_owned(), args, is_builtin: true }
}

/// A node, taken out of its place.
fn taken(node: &mut AstNode) -> AstNode {
    std::mem::replace(node, AstNode::Null)
}

fn for_each_child(node: &mut AstNode, visit: &mut dyn FnMut(&mut AstNode)) {
    match node {
        AstNode::Path { steps } => {
            for PathStep { node, stages, .. } in steps {
                visit(node);
                for stage in stages {
                    if let Stage::Filter(filter) = stage {
                        visit(filter);
                    }
                }
            }
        }
        AstNode::Binary { lhs, rhs, .. } => {
            visit(lhs);
            visit(rhs);
        }
        AstNode::Unary { operand, .. } => visit(operand),
        AstNode::Function { args, .. } => args.iter_mut().for_each(visit),
        AstNode::Call { procedure, args } => {
            visit(procedure);
            args.iter_mut().for_each(visit);
        }
        AstNode::Lambda { body, .. } => visit(body),
        AstNode::Array(parts) | AstNode::ArrayGroup(parts) | AstNode::Block(parts) => parts.iter_mut().for_each(visit),
        AstNode::Object(pairs) => pairs.iter_mut().for_each(|(name, value)| {
            visit(name);
            visit(value);
        }),
        AstNode::ObjectTransform { input, pattern } => {
            visit(input);
            pattern.iter_mut().for_each(|(name, value)| {
                visit(name);
                visit(value);
            });
        }
        AstNode::Conditional { condition, then_branch, else_branch } => {
            visit(condition);
            visit(then_branch);
            if let Some(branch) = else_branch {
                visit(branch);
            }
        }
        AstNode::FunctionApplication(inner) => visit(inner),
        AstNode::Sort { input, terms } => {
            visit(input);
            terms.iter_mut().for_each(|(term, _)| visit(term));
        }
        AstNode::Transform { location, update, delete } => {
            visit(location);
            visit(update);
            if let Some(delete) = delete {
                visit(delete);
            }
        }
        _ => {}
    }
}

/// Whether there is a node of a kind in a tree.
fn any(node: &AstNode, is: &dyn Fn(&AstNode) -> bool) -> bool {
    is(node) || children(node).into_iter().any(|child| any(child, is))
}

/// How deep an evaluation goes that calls no function of the expression's own.
fn depth(node: &AstNode) -> usize {
    match node {
        AstNode::Lambda { .. } => 1,
        node => 1 + children(node).into_iter().map(depth).max().unwrap_or(0),
    }
}
