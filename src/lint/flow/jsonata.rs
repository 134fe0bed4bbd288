use jsonata_core::ast::{AstNode, BinaryOp, PathStep};

use super::log::{Log, Problem};
use super::reading::{self, Miss, Reading};
use super::scope::Env;
use super::shape::{Field, Object, Presence, Shape};
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

/// Functions that are asked whether something is there, or of what type it is.
const ASKS: [&str; 3] = ["exists", "type", "boolean"];

/// Functions of numbers, or of a list of them.
const NUMERIC: [&str; 4] = ["average", "max", "min", "sum"];

/// How much deeper an expression is followed, and whether what is found there is worked out each time.
#[derive(Clone, Copy)]
struct Depth {
    left: usize,
    sure: bool,
    /// Whether the expression has variables of its own.
    binds: bool,
}

impl Depth {
    fn below(self) -> Option<Self> {
        Some(Self { left: self.left.checked_sub(1)?, ..self })
    }
}

/// A path or a text as it is written.
fn spelled(node: &AstNode) -> Option<String> {
    match node {
        AstNode::String(text) => Some(format!("'{text}'")),
        _ => names(node).map(|(head, names)| {
            std::iter::once(format!("${head}"))
                .chain(names.iter().map(|name| (*name).to_owned()))
                .collect::<Vec<_>>()
                .join(".")
        }),
    }
}

/// Whether an expression may give names to values itself: `:=`, parameters of functions, `@$x`, `#$x`.
fn binds(source: &str) -> bool {
    [":=", "function", "λ", "@$", "#$"].iter().any(|sign| source.contains(sign))
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
            None => {
                self.parts(expression.tree(), pointer, log, Depth { left: DEEPEST, sure: true, binds: binds(source) });
                self.passed_on(expression.tree(), source, pointer, log)
            }
        }
    }

    /// Notes the paths within an expression that lead nowhere, where nobody asks whether they do.
    fn parts(&self, node: &AstNode, pointer: &str, log: &mut Log, depth: Depth) {
        let Some(depth) = depth.below() else { return };
        let perhaps = Depth { sure: false, ..depth };
        match node {
            AstNode::Variable(_) => self.part(node, pointer, log, depth),
            AstNode::Path { steps } => match steps.first() {
                Some(PathStep { node: AstNode::Variable(_), .. }) => self.part(node, pointer, log, depth),
                Some(first) => self.parts(&first.node, pointer, log, depth),
                None => {}
            },
            AstNode::Binary { op, lhs, rhs } => {
                // What stands before `??` and `?:` may well be nothing, and what stands behind some operators is not always reached.
                if !matches!(op, BinaryOp::Coalesce | BinaryOp::Default) {
                    self.parts(lhs, pointer, log, depth);
                }
                let reached = !matches!(op, BinaryOp::Coalesce | BinaryOp::Default | BinaryOp::And | BinaryOp::Or);
                self.parts(rhs, pointer, log, if reached { depth } else { perhaps });
                if depth.sure {
                    self.operands(op, lhs, rhs, pointer, log);
                }
            }
            AstNode::Unary { operand, .. } => self.parts(operand, pointer, log, depth),
            AstNode::Function { name, args, .. } if name == "exists" => {
                args.iter().for_each(|part| self.asked(part, pointer, log));
            }
            AstNode::Function { name, args, .. } if !ASKS.contains(&name.as_str()) => {
                if let ([given], true) = (args.as_slice(), depth.sure && NUMERIC.contains(&name.as_str())) {
                    self.numbers(name, given, pointer, log);
                }
                args.iter().for_each(|part| self.parts(part, pointer, log, depth));
            }
            AstNode::Array(parts) | AstNode::Block(parts) => {
                parts.iter().for_each(|part| self.parts(part, pointer, log, depth));
            }
            AstNode::Object(parts) => parts.iter().for_each(|(_, part)| self.parts(part, pointer, log, depth)),
            AstNode::Conditional { then_branch, else_branch, .. } => {
                let branches = std::iter::once(&**then_branch).chain(else_branch.as_deref());
                branches.for_each(|part| self.parts(part, pointer, log, perhaps));
            }
            _ => {}
        }
    }

    /// Notes operators that are given what they do not take: texts in sums, and a text compared with a number.
    fn operands(&self, op: &BinaryOp, lhs: &AstNode, rhs: &AstNode, pointer: &str, log: &mut Log) {
        let (sign, sums) = match op {
            BinaryOp::Add => ("+", true),
            BinaryOp::Subtract => ("-", true),
            BinaryOp::Multiply => ("*", true),
            BinaryOp::Divide => ("/", true),
            BinaryOp::Modulo => ("%", true),
            BinaryOp::LessThan => ("<", false),
            BinaryOp::LessThanOrEqual => ("<=", false),
            BinaryOp::GreaterThan => (">", false),
            BinaryOp::GreaterThanOrEqual => (">=", false),
            _ => return,
        };
        let (left, right) = (self.node(lhs, DEEPEST), self.node(rhs, DEEPEST));
        let differ = (left.is_only_text() && right.is_only_number()) || (left.is_only_number() && right.is_only_text());
        for (node, shape) in [(lhs, left), (rhs, right)] {
            let wrong = shape.is_only_text() && (sums || differ);
            let Some(given) = spelled(node).filter(|_| sums || differ) else { continue };
            let problem = wrong.then(|| Problem::Kind {
                given: given.clone(),
                taker: sign.to_owned(),
                expected: if sums { "numbers" } else { "two numbers or two strings" },
                found: shape.describe(),
            });
            log.note(pointer, &format!("{sign} {given}"), problem);
        }
    }

    /// Notes that it is asked for a value that never is there, where one is that is spelled nearly the same.
    fn asked(&self, node: &AstNode, pointer: &str, log: &mut Log) {
        let (Some(path), Some(Ok(reading))) = (spelled(node), self.way(node)) else { return };
        let subject = format!("asked {path}");
        let problem = match reading {
            Reading::Never(miss) => {
                let near = miss.near().map(str::to_owned);
                near.map(|near| Problem::NeverPresent { path, wanted: miss.wanted, near })
            }
            Reading::Found(..) => None,
        };
        log.note(pointer, &subject, problem);
    }

    /// Notes that a function of numbers is given a text or an object.
    fn numbers(&self, name: &str, node: &AstNode, pointer: &str, log: &mut Log) {
        let Some(given) = spelled(node) else { return };
        let shape = self.node(node, DEEPEST);
        let taker = format!("${name}");
        let subject = format!("{taker} {given}");
        let wrong = shape.is_only_text() || shape.is_only_object();
        let found = shape.describe();
        let problem = wrong.then_some(Problem::Kind { given, taker, expected: "numbers", found });
        log.note(pointer, &subject, problem);
    }

    fn part(&self, node: &AstNode, pointer: &str, log: &mut Log, depth: Depth) {
        let Some((head, names)) = names(node) else { return };
        let path = std::iter::once(format!("${head}")).chain(names.iter().map(|name| (*name).to_owned()));
        let path = path.collect::<Vec<_>>().join(".");
        let problem = match self.way(node) {
            Some(Ok(Reading::Never(miss))) => Some(Problem::Nothing { path: path.clone(), miss }),
            Some(Err(problem)) if depth.sure && !depth.binds => Some(problem),
            _ => None,
        };
        log.note(pointer, &format!("part {path}"), problem);
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

    /// What a plain path of names leads to: `None` where the expression is anything else. A path that chooses among what it reads
    /// (`$x.Items[0].id`) leads nowhere where what it chooses from is not there.
    fn way(&self, tree: &AstNode) -> Option<Result<Reading, Problem>> {
        let Some((head, names)) = names(tree) else {
            let found = self.follow(chosen_from(tree)?)?;
            return matches!(found, Ok(Reading::Never(_))).then_some(found);
        };
        self.follow((head, names))
    }

    fn follow(&self, (head, names): (&str, Vec<&str>)) -> Option<Result<Reading, Problem>> {
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

/// The variable and the names in front of the first choice of a path: `$states.result.Items` of `$states.result.Items[0].id`.
fn chosen_from(tree: &AstNode) -> Option<(&str, Vec<&str>)> {
    let AstNode::Path { steps } = tree else { return None };
    let (first, rest) = steps.split_first()?;
    let AstNode::Variable(head) = &first.node else { return None };
    let is_bound = |step: &PathStep| step.focus.is_some() || step.index_var.is_some();
    if steps.iter().any(is_bound) || !first.stages.is_empty() {
        return None;
    }
    let chooses = rest.iter().position(|step| !step.stages.is_empty() || !matches!(step.node, AstNode::Name(_)))?;
    let until = if matches!(rest[chooses].node, AstNode::Name(_)) { chooses + 1 } else { chooses };
    let names = rest[..until].iter().filter_map(|step| match &step.node {
        AstNode::Name(name) => Some(name.as_str()),
        _ => None,
    });
    Some((head, names.collect()))
}

/// Names, one after the other. Of an array they are read in each element.
fn follow(root: &str, shape: Shape, names: &[&str]) -> Reading {
    let mut way = root.to_owned();
    let mut at = shape;
    let mut presence = Presence::Always;
    let mut several = false;
    for name in names {
        if let Shape::Known(kinds) = &at
            && let Some(array) = &kinds.array
        {
            if kinds.object.is_some() {
                return Reading::Found(Shape::unknown(), Presence::Perhaps);
            }
            several = true;
            way.push_str("[0]");
            at = array.element.clone();
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
    if several { Reading::Found(Shape::unknown(), Presence::Perhaps) } else { Reading::Found(at, presence) }
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
