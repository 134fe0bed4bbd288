use std::collections::BTreeSet;
use std::rc::Rc;

use super::log::{Log, Problem};
use super::narrow;
use super::reading::Reading;
use super::scope::{Env, Scope};
use super::shape::{Kinds, Presence, Shape, Text};
use crate::asl::JsonPath;
use crate::asl::query::{Kind, Node, Operand, Operator, Relation, Test};
use crate::loaded::has_placeholder;

/// What is known where a condition holds, and where it does not. Neither need be possible.
#[derive(Debug, Default)]
pub(super) struct Branches {
    /// Where it holds.
    pub holds: Vec<Env>,
    /// Where it does not.
    pub fails: Vec<Env>,
}

/// How many ways out of one condition are kept apart.
const WAYS: usize = 4;

/// How many decisions are remembered.
const DECISIONS: usize = 16;

/// What a condition proves of the data that it looks at.
#[derive(Debug, Clone, Copy)]
pub(super) struct Place<'a> {
    /// The rule, as a JSON Pointer.
    pub pointer: &'a str,
    /// What `$` is, where that is not the input of the state itself: then nothing is proved of the input.
    pub data: Option<&'a Shape>,
}

/// Splits what is known by whether a condition holds.
pub(super) fn ask(node: &Node, env: &Env, place: Place<'_>, log: &mut Log) -> Branches {
    let mut branches = match node {
        Node::Not(node) => {
            let Branches { holds, fails } = ask(node, env, place, log);
            Branches { holds: fails, fails: holds }
        }
        Node::And(nodes) => all(nodes, env, place, log, false),
        Node::Or(nodes) => all(nodes, env, place, log, true),
        Node::Comparison { variable, operator, with } => {
            Comparison { variable, operator: *operator, with, env, place }.ask(log)
        }
    };
    few(&mut branches.holds);
    few(&mut branches.fails);
    branches
}

/// All of several conditions; or with `any`, any of them. The later are only asked where the earlier do not decide.
fn all(nodes: &[Node], env: &Env, place: Place<'_>, log: &mut Log, any: bool) -> Branches {
    let mut open = vec![env.clone()];
    let mut decided = Vec::new();
    for node in nodes {
        let mut next = Vec::new();
        for env in &open {
            let Branches { holds, fails } = ask(node, env, place, log);
            let (go_on, end) = if any { (fails, holds) } else { (holds, fails) };
            next.extend(go_on);
            decided.extend(end);
        }
        few(&mut next);
        open = next;
    }
    if any { Branches { holds: decided, fails: open } } else { Branches { holds: open, fails: decided } }
}

/// Keeps no more ways apart than it is worth.
pub(super) fn few(ways: &mut Vec<Env>) {
    if ways.len() > WAYS {
        *ways = ways.drain(..).reduce(|left, right| left.join(&right)).into_iter().collect();
    }
}

struct Comparison<'a> {
    variable: &'a JsonPath,
    operator: Operator,
    with: &'a Operand,
    env: &'a Env,
    place: Place<'a>,
}

impl Comparison<'_> {
    fn ask(&self, log: &mut Log) -> Branches {
        let scope = Scope { data: self.place.data.unwrap_or(&self.env.input), env: self.env };
        if self.operator == Operator::Is(Test::Present) {
            return self.is_present(scope, log);
        }
        let pointer = self.place.pointer;
        let shape = scope.read(self.variable, &format!("{pointer}/Variable"), log);
        if let Operand::Path(path) = self.with {
            scope.read(path, pointer, log);
        }
        // Where the value is not there the execution fails, so behind the comparison it is.
        let there = self.narrowed(self.env, |_| Some(shape.clone()));
        let (holds, fails) = self.split(&shape);
        self.note(&shape, holds.is_some(), log);
        match (holds, fails) {
            (None, _) => Branches { holds: Vec::new(), fails: vec![there] },
            (_, None) => Branches { holds: vec![there], fails: Vec::new() },
            (Some(holds), Some(fails)) if holds == fails => self.undecided(there),
            (Some(holds), Some(fails)) => Branches {
                holds: vec![self.narrowed(&there, |_| Some(holds.clone()))],
                fails: vec![self.narrowed(&there, |_| Some(fails.clone()))],
            },
        }
    }

    fn is_present(&self, scope: Scope<'_>, log: &mut Log) -> Branches {
        let problem = match scope.look(self.variable) {
            Ok(Reading::Never(miss)) => miss.near().map(|near| Problem::NeverPresent {
                path: self.variable.source().to_owned(),
                near: near.to_owned(),
                wanted: miss.wanted.clone(),
            }),
            _ => None,
        };
        log.note(self.place.pointer, self.variable.source(), problem);
        let wanted = *self.with == Operand::Literal(serde_json::Value::Bool(true));
        let (present, absent) = match scope.look(self.variable) {
            Ok(Reading::Never(_)) | Err(_) => (None, Some(self.env.clone())),
            Ok(Reading::Found(_, Presence::Always)) => (Some(self.env.clone()), None),
            Ok(Reading::Found(shape, _)) => {
                (Some(self.narrowed(self.env, |_| Some(shape.clone()))), Some(self.narrowed(self.env, |_| None)))
            }
        };
        let (holds, fails) = if wanted { (present, absent) } else { (absent, present) };
        Branches { holds: holds.into_iter().collect(), fails: fails.into_iter().collect() }
    }

    /// Notes a comparison that can never hold because the value is of another kind.
    fn note(&self, shape: &Shape, can_hold: bool, log: &mut Log) {
        let Some(takes) = takes(self.operator) else { return };
        if let (false, Some(problem)) = (can_hold, self.misspelt(shape)) {
            return log.note(self.place.pointer, self.variable.source(), Some(problem));
        }
        let of_other_kind = matches!(shape, Shape::Known(kinds) if !takes(kinds));
        let problem = (of_other_kind && !can_hold).then(|| Problem::NeverHolds {
            path: self.variable.source().to_owned(),
            operator: self.operator.name(),
            found: shape.describe(),
        });
        log.note(self.place.pointer, self.variable.source(), problem);
    }

    /// That the text is none of those that the value can be, and nearly one of them.
    fn misspelt(&self, shape: &Shape) -> Option<Problem> {
        let Operand::Literal(literal) = self.with else { return None };
        let text = literal.as_str().filter(|_| self.operator == Operator::Order(Kind::String, Relation::Equals))?;
        let Shape::Known(Kinds { text: Some(Text::OneOf(texts)), .. }) = shape else { return None };
        let near = |other: &&String| {
            other.eq_ignore_ascii_case(text) || strsim::damerau_levenshtein(other, text) == 1 && text.len() > 3
        };
        let near = texts.iter().find(near)?.clone();
        Some(Problem::NeverText { path: self.variable.source().to_owned(), text: text.to_owned(), near })
    }

    /// What the value is where the comparison holds, and where it does not. The same twice where that proves nothing.
    fn split(&self, shape: &Shape) -> (Option<Shape>, Option<Shape>) {
        let literal = match self.with {
            Operand::Literal(value) => Some(value),
            _ => None,
        };
        match (self.operator, literal) {
            (Operator::Is(test), Some(value)) => {
                let (is, is_not) = split_kind(shape, test);
                if value.as_bool() == Some(true) { (is, is_not) } else { (is_not, is) }
            }
            (Operator::Order(Kind::String, Relation::Equals), Some(value)) => {
                let known = value.as_str().filter(|text| !has_placeholder(text));
                known.map_or((Some(shape.clone()), Some(shape.clone())), |text| split_text(shape, text))
            }
            (Operator::Order(Kind::Boolean, _), Some(value)) => {
                value.as_bool().map_or((Some(shape.clone()), Some(shape.clone())), |value| split_boolean(shape, value))
            }
            _ => {
                let possible = match (takes(self.operator), shape) {
                    (Some(takes), Shape::Known(kinds)) => takes(kinds),
                    _ => true,
                };
                (possible.then(|| shape.clone()), Some(shape.clone()))
            }
        }
    }

    /// Both ways are open, but the same question gets the same answer as long as the value does not change.
    fn undecided(&self, env: Env) -> Branches {
        let question = format!("{:?} {:?}", self.operator, self.with);
        let path = self.variable.source();
        let before = env.decided.iter().find(|decision| decision.path == path && decision.question == question);
        if let Some(before) = before {
            let holds = before.holds;
            return match holds {
                true => Branches { holds: vec![env], fails: Vec::new() },
                false => Branches { holds: Vec::new(), fails: vec![env] },
            };
        }
        let decide = |holds: bool| {
            let kept = env.decided.len().saturating_sub(DECISIONS - 1);
            let mut decided = env.decided[kept..].to_vec();
            decided.push(super::scope::Decision { path: path.to_owned(), question: question.clone(), holds });
            Env { decided: Rc::new(decided), ..env.clone() }
        };
        Branches { holds: vec![decide(true)], fails: vec![decide(false)] }
    }

    /// What is known when the variable is this, or for `None` is not there.
    fn narrowed(&self, env: &Env, to: impl Fn(&Shape) -> Option<Shape>) -> Env {
        if self.place.data.is_some() { env.clone() } else { narrow::at(env, self.variable, to) }
    }
}

/// The kinds that an operator takes; `None` where it takes any.
fn takes(operator: Operator) -> Option<fn(&Kinds) -> bool> {
    match operator {
        Operator::Order(Kind::String | Kind::Timestamp, _) | Operator::StringMatches => {
            Some(|kinds| kinds.text.is_some())
        }
        Operator::Order(Kind::Numeric, _) => Some(|kinds| kinds.number),
        Operator::Order(Kind::Boolean, _) => Some(|kinds| !kinds.booleans.is_empty()),
        Operator::Is(_) => None,
    }
}

/// The part of a shape that is of a kind, and the part that is not.
fn split_kind(shape: &Shape, test: Test) -> (Option<Shape>, Option<Shape>) {
    let Shape::Known(kinds) = shape else {
        let is = match test {
            Test::Null => Shape::null(),
            Test::Numeric => Shape::number(),
            Test::String => Shape::text(),
            Test::Boolean => Shape::boolean(),
            Test::Present | Test::Timestamp => shape.clone(),
        };
        return (Some(is), Some(shape.clone()));
    };
    let mut is = Kinds::default();
    let mut is_not = kinds.clone();
    match test {
        Test::Null => is.null = std::mem::take(&mut is_not.null),
        Test::Numeric => is.number = std::mem::take(&mut is_not.number),
        Test::String => is.text = is_not.text.take(),
        Test::Boolean => is.booleans = std::mem::take(&mut is_not.booleans),
        // A timestamp is a text of which nothing more is known.
        Test::Timestamp => {
            let possible = kinds.text.is_some();
            return (possible.then(|| shape.clone()), Some(shape.clone()));
        }
        Test::Present => return (Some(shape.clone()), None),
    }
    (known(is), known(is_not))
}

fn known(kinds: Kinds) -> Option<Shape> {
    (kinds != Kinds::default()).then_some(Shape::Known(kinds))
}

pub(super) fn split_text(shape: &Shape, text: &str) -> (Option<Shape>, Option<Shape>) {
    let with = |except: &BTreeSet<String>| {
        let mut except = except.clone();
        except.insert(text.to_owned());
        except
    };
    let kinds = match shape {
        Shape::Unknown { except } => {
            let is = (!except.contains(text)).then(|| Shape::one_of([text]));
            return (is, Some(Shape::Unknown { except: with(except) }));
        }
        Shape::Known(kinds) => kinds,
    };
    let (is, other) = match &kinds.text {
        None => (false, None),
        Some(Text::OneOf(texts)) => {
            let others: BTreeSet<String> = texts.iter().filter(|other| *other != text).cloned().collect();
            (texts.contains(text), (!others.is_empty()).then_some(Text::OneOf(others)))
        }
        Some(Text::NoneOf(except)) => (!except.contains(text), Some(Text::NoneOf(with(except)))),
    };
    (is.then(|| Shape::one_of([text])), known(Kinds { text: other, ..kinds.clone() }))
}

fn split_boolean(shape: &Shape, value: bool) -> (Option<Shape>, Option<Shape>) {
    let Shape::Known(kinds) = shape else {
        return (Some(Shape::of(&serde_json::Value::Bool(value))), Some(shape.clone()));
    };
    let is = kinds.booleans.contains(&value).then(|| Shape::of(&serde_json::Value::Bool(value)));
    let booleans = kinds.booleans.iter().copied().filter(|other| *other != value).collect();
    (is, known(Kinds { booleans, ..kinds.clone() }))
}
