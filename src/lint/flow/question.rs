//! What a JSONata condition of a Choice proves.

use jsonata_core::ast::{AstNode, BinaryOp};

use super::choice::{Branches, few, split_text};
use super::jsonata::names;
use super::narrow;
use super::reading::Reading;
use super::scope::{Env, Scope};
use super::shape::Presence;
use crate::asl::JsonPath;

/// How deep a condition is followed. What is deeper proves nothing.
const DEEPEST: usize = 24;

/// Asks a condition. Understood are comparisons of the input or a variable with a text, `$exists`, and what `and`, `or` and
/// `$not` make of these. Anything else may hold or not.
pub(super) fn ask(tree: &AstNode, env: &Env) -> Branches {
    asked(tree, env, DEEPEST)
}

fn asked(tree: &AstNode, env: &Env, depth: usize) -> Branches {
    let open = || Branches { holds: vec![env.clone()], fails: vec![env.clone()] };
    let Some(depth) = depth.checked_sub(1) else { return open() };
    let mut branches = match tree {
        AstNode::Block(parts) if parts.len() == 1 => asked(&parts[0], env, depth),
        AstNode::Binary { op: BinaryOp::Equal, lhs, rhs } => match (path(lhs), text(rhs), path(rhs), text(lhs)) {
            (Some(path), Some(text), ..) | (_, _, Some(path), Some(text)) => equals(&path, text, env),
            _ => open(),
        },
        AstNode::Binary { op: BinaryOp::And, lhs, rhs } => both(lhs, rhs, env, depth, false),
        AstNode::Binary { op: BinaryOp::Or, lhs, rhs } => both(lhs, rhs, env, depth, true),
        AstNode::Function { name, args, .. } => match (name.as_str(), args.as_slice()) {
            ("not", [inner]) => {
                let Branches { holds, fails } = asked(inner, env, depth);
                Branches { holds: fails, fails: holds }
            }
            ("exists", [inner]) => path(inner).map_or_else(open, |path| exists(&path, env)),
            _ => open(),
        },
        _ => open(),
    };
    few(&mut branches.holds);
    few(&mut branches.fails);
    branches
}

/// Both conditions; or with `any`, either. The second is only asked where the first does not decide.
fn both(first: &AstNode, second: &AstNode, env: &Env, depth: usize, any: bool) -> Branches {
    let Branches { holds, fails } = asked(first, env, depth);
    let (go_on, mut decided) = if any { (fails, holds) } else { (holds, fails) };
    let mut open = Vec::new();
    for env in &go_on {
        let Branches { holds, fails } = asked(second, env, depth);
        let (go_on, end) = if any { (fails, holds) } else { (holds, fails) };
        open.extend(go_on);
        decided.extend(end);
    }
    if any { Branches { holds: decided, fails: open } } else { Branches { holds: open, fails: decided } }
}

/// What is not there equals no text, and nothing fails.
fn equals(path: &JsonPath, text: &str, env: &Env) -> Branches {
    match (Scope { data: &env.input, env }).look(path) {
        Ok(Reading::Found(shape, presence)) => {
            let (holds, fails) = split_text(&shape, text);
            let fails = match presence {
                Presence::Always => fails.map(|fails| narrow::at(env, path, |_| Some(fails.clone()))),
                _ => Some(env.clone()),
            };
            let holds = holds.map(|holds| narrow::at(env, path, |_| Some(holds.clone())));
            Branches { holds: holds.into_iter().collect(), fails: fails.into_iter().collect() }
        }
        Ok(Reading::Never(_)) => Branches { holds: Vec::new(), fails: vec![env.clone()] },
        Err(_) => Branches { holds: vec![env.clone()], fails: vec![env.clone()] },
    }
}

fn exists(path: &JsonPath, env: &Env) -> Branches {
    match (Scope { data: &env.input, env }).look(path) {
        Ok(Reading::Found(_, Presence::Always)) => Branches { holds: vec![env.clone()], fails: Vec::new() },
        Ok(Reading::Found(shape, _)) => Branches {
            holds: vec![narrow::at(env, path, |_| Some(shape.clone()))],
            fails: vec![narrow::at(env, path, |_| None)],
        },
        Ok(Reading::Never(_)) => Branches { holds: Vec::new(), fails: vec![env.clone()] },
        Err(_) => Branches { holds: vec![env.clone()], fails: vec![env.clone()] },
    }
}

fn text(tree: &AstNode) -> Option<&str> {
    match tree {
        AstNode::String(text) => Some(text),
        _ => None,
    }
}

/// The path of the input or of a variable that an expression is, as the other language writes it.
fn path(tree: &AstNode) -> Option<JsonPath> {
    let (head, names) = names(tree)?;
    let (root, names) = match head {
        "states" => ("$".to_owned(), names.strip_prefix(&["input"])?),
        "" | "$" => return None,
        name => (format!("${name}"), names.as_slice()),
    };
    let plain = |name: &&str| !name.is_empty() && !name.contains(['\'', '\\', '"']);
    let steps: String = names.iter().map(|name| format!("['{name}']")).collect();
    if !names.iter().all(plain) {
        return None;
    }
    JsonPath::parse(&format!("{root}{steps}")).ok()
}
