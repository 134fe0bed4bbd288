use std::borrow::Cow;

use serde_json::{Map, Value};

use super::comparison::{Operator, Test, Wildcard};
use super::{MAX_DEPTH, Report};
use crate::asl::{EvaluationFault, JsonPath, Scope};
use crate::source::Pointer;

/// The condition of a rule of a [Choice](https://states-language.net/spec.html#choice-state) in JSONPath.
#[derive(Debug, Clone, PartialEq)]
pub struct ChoiceExpression(Node);

#[derive(Debug, Clone, PartialEq)]
pub(crate) enum Node {
    And(Vec<Node>),
    Or(Vec<Node>),
    Not(Box<Node>),
    Comparison { variable: JsonPath, operator: Operator, with: Operand },
}

/// What a variable is compared with.
#[derive(Debug, Clone, PartialEq)]
pub(crate) enum Operand {
    Literal(Value),
    Pattern(Wildcard),
    Path(JsonPath),
}

/// The fields of a rule that are no part of its condition.
const OTHER_FIELDS: [&str; 4] = ["Next", "Comment", "Assign", "Output"];

impl ChoiceExpression {
    /// Reads the condition of a rule that stands at a pointer. What is wrong is reported.
    pub fn read(rule: &Value, pointer: &Pointer, report: Report<'_>) -> Option<Self> {
        node(rule, pointer, 0, report).map(Self)
    }

    /// Whether it holds.
    ///
    /// # Errors
    ///
    /// `States.Runtime`, where a path leads nowhere and `IsPresent` is not what is asked.
    pub fn holds(&self, scope: &Scope<'_>) -> Result<bool, EvaluationFault> {
        self.0.holds(scope)
    }

    /// How it is put together.
    pub(crate) fn node(&self) -> &Node {
        &self.0
    }

    /// Every path in it.
    pub fn paths(&self) -> Vec<&JsonPath> {
        let mut paths = Vec::new();
        let mut waiting = vec![&self.0];
        while let Some(node) = waiting.pop() {
            match node {
                Node::And(nodes) | Node::Or(nodes) => waiting.extend(nodes.iter().rev()),
                Node::Not(node) => waiting.push(node),
                Node::Comparison { variable, with, .. } => {
                    paths.push(variable);
                    if let Operand::Path(path) = with {
                        paths.push(path);
                    }
                }
            }
        }
        paths
    }
}

impl Node {
    fn holds(&self, scope: &Scope<'_>) -> Result<bool, EvaluationFault> {
        match self {
            Self::And(nodes) => {
                for node in nodes {
                    if !node.holds(scope)? {
                        return Ok(false);
                    }
                }
                Ok(true)
            }
            Self::Or(nodes) => {
                for node in nodes {
                    if node.holds(scope)? {
                        return Ok(true);
                    }
                }
                Ok(false)
            }
            Self::Not(node) => Ok(!node.holds(scope)?),
            Self::Comparison { variable, operator, with } => compare(variable, *operator, with, scope),
        }
    }
}

fn compare(
    variable: &JsonPath,
    operator: Operator,
    with: &Operand,
    scope: &Scope<'_>,
) -> Result<bool, EvaluationFault> {
    if operator == Operator::Is(Test::Present) {
        let present =
            value(variable, scope).is_ok_and(|value| variable.is_definite() || *value != Value::Array(Vec::new()));
        return Ok(*with == Operand::Literal(Value::Bool(present)));
    }
    let left = value(variable, scope)?;
    Ok(match (operator, with) {
        (Operator::Is(test), with) => *with == Operand::Literal(Value::Bool(test.holds(&left))),
        (Operator::StringMatches, Operand::Pattern(pattern)) => left.as_str().is_some_and(|text| pattern.matches(text)),
        (Operator::Order(kind, relation), Operand::Literal(right)) => {
            kind.compare(&left, right).is_some_and(|ordering| relation.accepts(ordering))
        }
        (Operator::Order(kind, relation), Operand::Path(path)) => {
            kind.compare(&left, value(path, scope)?.as_ref()).is_some_and(|ordering| relation.accepts(ordering))
        }
        _ => false,
    })
}

fn value<'a>(path: &JsonPath, scope: &Scope<'a>) -> Result<Cow<'a, Value>, EvaluationFault> {
    let invalid = |_| {
        let cause = format!("Invalid path '{path}': The choice state's condition path references an invalid value.");
        EvaluationFault::runtime(cause)
    };
    scope.select(path).map(|selected| selected.into_cow()).map_err(invalid)
}

fn node(rule: &Value, pointer: &Pointer, depth: usize, report: Report<'_>) -> Option<Node> {
    let Some(fields) = rule.as_object() else {
        report(pointer.clone(), "A rule of a Choice is an object".to_owned());
        return None;
    };
    if depth >= MAX_DEPTH {
        report(pointer.clone(), format!("A rule of a Choice is no deeper than {MAX_DEPTH}"));
        return None;
    }
    let mut operators = fields.keys().filter(|name| *name != "Variable" && !OTHER_FIELDS.contains(&name.as_str()));
    let (Some(name), None) = (operators.next(), operators.next()) else {
        report(pointer.clone(), "A rule of a Choice has exactly one comparison operator".to_owned());
        return None;
    };
    let operand = &fields[name];
    let place = pointer.child(name);
    match name.as_str() {
        "And" => nodes(operand, &place, depth, report).map(Node::And),
        "Or" => nodes(operand, &place, depth, report).map(Node::Or),
        "Not" => node(operand, &place, depth + 1, report).map(|inner| Node::Not(Box::new(inner))),
        _ => comparison(fields, name, pointer, report),
    }
}

fn nodes(rules: &Value, pointer: &Pointer, depth: usize, report: Report<'_>) -> Option<Vec<Node>> {
    let Some(rules) = rules.as_array().filter(|rules| !rules.is_empty()) else {
        report(pointer.clone(), "`And` and `Or` take an array of at least one rule".to_owned());
        return None;
    };
    let read: Vec<Option<Node>> =
        rules.iter().enumerate().map(|(at, rule)| node(rule, &pointer.index(at), depth + 1, report)).collect();
    read.into_iter().collect()
}

fn comparison(fields: &Map<String, Value>, name: &str, pointer: &Pointer, report: Report<'_>) -> Option<Node> {
    let variable = match fields.get("Variable") {
        Some(text) => path(text, &pointer.child("Variable"), report),
        None => {
            report(pointer.clone(), format!("`{name}` compares a `Variable`, and there is none"));
            None
        }
    };
    let place = pointer.child(name);
    let by_path = name.strip_suffix("Path").and_then(Operator::named).filter(|operator| operator.takes_path());
    if let Some(operator) = by_path {
        let with = path(&fields[name], &place, report).map(Operand::Path);
        return Some(Node::Comparison { variable: variable?, operator, with: with? });
    }
    let Some(operator) = Operator::named(name) else {
        report(place, format!("`{name}` is no comparison operator"));
        return None;
    };
    let literal = &fields[name];
    if !operator.takes(literal) {
        report(place, format!("`{name}` takes {}", operator.literal()));
        return None;
    }
    let with = match (operator, literal.as_str()) {
        (Operator::StringMatches, Some(pattern)) => Operand::Pattern(Wildcard::parse(pattern)),
        _ => Operand::Literal(literal.clone()),
    };
    Some(Node::Comparison { variable: variable?, operator, with })
}

fn path(value: &Value, pointer: &Pointer, report: Report<'_>) -> Option<JsonPath> {
    match value.as_str().map(JsonPath::parse) {
        Some(Ok(path)) => Some(path),
        Some(Err(error)) => {
            report(pointer.clone(), error.to_string());
            None
        }
        None => {
            report(pointer.clone(), "a path is a string".to_owned());
            None
        }
    }
}
