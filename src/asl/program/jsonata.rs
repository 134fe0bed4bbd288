//! JSONata in a definition: texts between `{%` and `%}`, parsed once.

use std::sync::OnceLock;

use jsonata_core::ast::{AstNode, BinaryOp, Stage};
use jsonata_core::parser;
use serde_json::{Map, Value};

use super::fault::Faults;
use crate::source::Pointer;

/// A [JSONata](https://docs.jsonata.org) expression.
#[derive(Debug, Clone, PartialEq)]
pub struct Expression {
    source: String,
    tree: AstNode,
    uses: StatesUse,
    input_fields: Option<Vec<String>>,
    names: Vec<String>,
    prepared: OnceLock<Option<Box<AstNode>>>,
}

/// Which parts of `$states` an expression looks at. A part that it only might look at counts.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct StatesUse {
    /// `$states.input`.
    pub input: bool,
    /// `$states.result`.
    pub result: bool,
    /// `$states.errorOutput`.
    pub error_output: bool,
    /// `$states.context`.
    pub context: bool,
}

/// How deep a template may nest: what `serde_json` reads, and less than any stack.
const MAX_DEPTH: usize = 128;

/// Whether a text is written as an expression.
pub(super) fn is_expression(text: &str) -> bool {
    text.starts_with("{%") && text.ends_with("%}") && text.len() >= 4
}

impl Expression {
    /// An expression out of its written form, with its delimiters.
    ///
    /// # Errors
    ///
    /// What is wrong with its syntax.
    pub fn parse(text: &str) -> Result<Self, String> {
        let inner = text.strip_prefix("{%").and_then(|rest| rest.strip_suffix("%}"));
        let source = inner.ok_or("A JSONata expression stands between {% and %}")?.trim().to_owned();
        let tree = parser::parse(&source).map_err(|error| error.display_message())?;
        if let Some(message) = stray_range(&tree) {
            return Err(message.to_owned());
        }
        let Names { uses, input_fields, names } = names_in(&source);
        Ok(Self { source, tree, uses, input_fields, names, prepared: OnceLock::new() })
    }

    /// Which parts of `$states` it looks at.
    pub fn uses(&self) -> StatesUse {
        self.uses
    }

    /// The fields of `$states.input` that it looks at, where it looks at nothing else of it.
    pub fn input_fields(&self) -> Option<&[String]> {
        self.input_fields.as_deref()
    }

    /// The names of the variables and functions in it, without the `$`, each once. A name within a text counts too.
    pub fn names(&self) -> &[String] {
        &self.names
    }

    /// The expression, without delimiters and the blanks beside them.
    pub fn source(&self) -> &str {
        &self.source
    }

    /// The syntax tree of the expression, without its `{%` and `%}`.
    pub fn tree(&self) -> &AstNode {
        &self.tree
    }

    /// What is made of its syntax tree before it is evaluated, which is made once.
    #[cfg(feature = "simulate")]
    pub(crate) fn prepared(&self, prepare: impl FnOnce(&AstNode) -> Option<AstNode>) -> Option<&AstNode> {
        self.prepared.get_or_init(|| prepare(&self.tree).map(Box::new)).as_deref()
    }
}

/// What the reference implementation says of a range that does not stand between the brackets of an array, where alone it takes one.
fn stray_range(tree: &AstNode) -> Option<&'static str> {
    let mut rest = vec![tree];
    while let Some(node) = rest.pop() {
        if let AstNode::Path { steps } = node {
            let filters = steps.iter().flat_map(|step| &step.stages);
            for stage in filters {
                if let Stage::Filter(filter) = stage
                    && is_range(filter)
                {
                    return Some("S0202: Expected \"]\", got \"..\"");
                }
            }
        }
        if is_range(node) {
            return Some("S0201: Syntax error: \"..\"");
        }
        match node {
            AstNode::Array(parts) | AstNode::ArrayGroup(parts) => {
                rest.extend(parts.iter().flat_map(|part| if is_range(part) { children(part) } else { vec![part] }))
            }
            node => rest.extend(children(node)),
        }
    }
    None
}

fn is_range(node: &AstNode) -> bool {
    matches!(node, AstNode::Binary { op: BinaryOp::Range, .. })
}

/// What a node of a syntax tree is made of.
pub(crate) fn children(node: &AstNode) -> Vec<&AstNode> {
    match node {
        AstNode::Path { steps } => {
            let mut parts = Vec::with_capacity(steps.len());
            for step in steps {
                parts.push(&step.node);
                for stage in &step.stages {
                    if let Stage::Filter(filter) = stage {
                        parts.push(filter);
                    }
                }
            }
            parts
        }
        AstNode::Binary { lhs, rhs, .. } => vec![lhs, rhs],
        AstNode::Unary { operand: inner, .. }
        | AstNode::Lambda { body: inner, .. }
        | AstNode::FunctionApplication(inner) => vec![inner],
        AstNode::Function { args, .. } => args.iter().collect(),
        AstNode::Call { procedure, args } => std::iter::once(&**procedure).chain(args).collect(),
        AstNode::Array(parts) | AstNode::ArrayGroup(parts) | AstNode::Block(parts) => parts.iter().collect(),
        AstNode::Object(pairs) => pairs.iter().flat_map(|(name, value)| [name, value]).collect(),
        AstNode::ObjectTransform { input, pattern } => {
            std::iter::once(&**input).chain(pattern.iter().flat_map(|(name, value)| [name, value])).collect()
        }
        AstNode::Conditional { condition, then_branch, else_branch } => {
            [&**condition, then_branch].into_iter().chain(else_branch.as_deref()).collect()
        }
        AstNode::Sort { input, terms } => std::iter::once(&**input).chain(terms.iter().map(|(term, _)| term)).collect(),
        AstNode::Transform { location, update, delete } => {
            [&**location, update].into_iter().chain(delete.as_deref()).collect()
        }
        _ => Vec::new(),
    }
}

/// What an expression's source names.
pub(super) struct Names {
    pub(super) uses: StatesUse,
    input_fields: Option<Vec<String>>,
    names: Vec<String>,
}

/// What follows each `$` in an expression's source. Looking at the text finds more than there may be, and never less.
pub(super) fn names_in(source: &str) -> Names {
    let mut uses = StatesUse::default();
    let mut names: Vec<String> = Vec::new();
    // A `%` leads back from a field to what it is in.
    let mut input_fields = (!source.contains('%')).then(Vec::new);
    for (at, _) in source.match_indices('$') {
        let rest = &source[at + 1..];
        let (name, rest) = word(rest);
        if name == "states" {
            let (field, rest) = field(rest);
            match field {
                "input" => {
                    uses.input = true;
                    match self::field(rest).0 {
                        "" => input_fields = None,
                        field => input_fields.iter_mut().for_each(|fields| fields.push(field.to_owned())),
                    }
                }
                "result" => uses.result = true,
                "errorOutput" => uses.error_output = true,
                "context" => uses.context = true,
                _ => {
                    uses = StatesUse { input: true, result: true, error_output: true, context: true };
                    input_fields = None;
                }
            }
        } else if !name.is_empty() && !names.iter().any(|known| known == name) {
            names.push(name.to_owned());
        }
    }
    Names { uses, input_fields, names }
}

/// A name that a text begins with, and the rest.
fn word(text: &str) -> (&str, &str) {
    text.split_at(text.find(|c: char| !(c.is_alphanumeric() || c == '_')).unwrap_or(text.len()))
}

/// The name after a point that a text begins with, and the rest.
fn field(text: &str) -> (&str, &str) {
    match text.trim_start().strip_prefix('.') {
        Some(rest) => word(rest.trim_start()),
        None => ("", text),
    }
}

/// JSON in which some texts are expressions: `Arguments`, `Output`, `Assign`, `Items`, `ItemSelector`, `BatchInput`.
#[derive(Debug, Clone, PartialEq)]
pub enum JsonataTemplate {
    /// A part without expressions.
    Literal(Value),
    /// An expression.
    Expression(Box<Expression>),
    /// A list with expressions in it.
    Array(Vec<JsonataTemplate>),
    /// An object with expressions in it.
    Object(Vec<(String, JsonataTemplate)>),
}

impl JsonataTemplate {
    /// A template out of a definition. Each fault is one expression that does not parse.
    pub(super) fn read(value: &Value, pointer: &Pointer, faults: &mut Faults) -> Option<Self> {
        Self::read_within(value, pointer, MAX_DEPTH, faults)
    }

    fn read_within(value: &Value, pointer: &Pointer, depth: usize, faults: &mut Faults) -> Option<Self> {
        if depth == 0 {
            faults.add(pointer.clone(), format!("nested deeper than {MAX_DEPTH}"));
            return None;
        }
        match value {
            Value::String(text) if is_expression(text) => match Expression::parse(text) {
                Ok(expression) => Some(Self::Expression(Box::new(expression))),
                Err(error) => {
                    faults.add(pointer.clone(), error);
                    Some(Self::Literal(value.clone()))
                }
            },
            Value::Array(values) => {
                let read = |(at, v)| Self::read_within(v, &pointer.index(at), depth - 1, faults);
                let parts: Vec<Option<Self>> = values.iter().enumerate().map(read).collect();
                Some(Self::array(parts.into_iter().collect::<Option<_>>()?))
            }
            Value::Object(fields) => {
                let read = |(name, v): (&String, _)| {
                    let part = Self::read_within(v, &pointer.child(name), depth - 1, faults);
                    part.map(|part| (name.clone(), part))
                };
                let parts: Vec<Option<_>> = fields.iter().map(read).collect();
                Some(Self::object(parts.into_iter().collect::<Option<_>>()?))
            }
            other => Some(Self::Literal(other.clone())),
        }
    }

    fn array(parts: Vec<Self>) -> Self {
        if !parts.iter().all(|part| matches!(part, Self::Literal(_))) {
            return Self::Array(parts);
        }
        let literal = |part| if let Self::Literal(value) = part { Some(value) } else { None };
        Self::Literal(Value::Array(parts.into_iter().filter_map(literal).collect()))
    }

    fn object(parts: Vec<(String, Self)>) -> Self {
        if !parts.iter().all(|(_, part)| matches!(part, Self::Literal(_))) {
            return Self::Object(parts);
        }
        let literal = |(name, part)| if let Self::Literal(value) = part { Some((name, value)) } else { None };
        Self::Literal(Value::Object(parts.into_iter().filter_map(literal).collect::<Map<_, _>>()))
    }

    /// Every expression in it, in the order in which they are written.
    pub fn expressions(&self) -> Vec<&Expression> {
        let mut found = Vec::new();
        let mut rest = vec![self];
        while let Some(template) = rest.pop() {
            match template {
                Self::Literal(_) => {}
                Self::Expression(expression) => found.push(&**expression),
                Self::Array(parts) => rest.extend(parts.iter().rev()),
                Self::Object(parts) => rest.extend(parts.iter().rev().map(|(_, part)| part)),
            }
        }
        found
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn parts_without_expressions_are_one_value() {
        let value = serde_json::json!({"a": [1, {"b": "{% $x %}"}], "c": {"d": ["{% %"]}, "e": "{%$y%}"});
        let mut faults = Faults::default();
        let template = JsonataTemplate::read(&value, &Pointer::root(), &mut faults).unwrap();
        let sources: Vec<&str> = template.expressions().into_iter().map(Expression::source).collect();
        assert_eq!(sources, ["$x", "$y"]);
        let JsonataTemplate::Object(parts) = template else { unreachable!() };
        assert_eq!(parts[1].1, JsonataTemplate::Literal(serde_json::json!({"d": ["{% %"]})));
    }

    #[test]
    fn what_an_expression_looks_at_is_known() {
        let (input, context) =
            (StatesUse { input: true, ..Default::default() }, StatesUse { context: true, ..Default::default() });
        let all = StatesUse { input: true, result: true, error_output: true, context: true };
        let cases = [
            ("$states.input.a + $x", input, vec!["x"]),
            ("$states . context", context, vec![]),
            ("$lookup($states, $key)", all, vec!["lookup", "key"]),
            ("$$.a", StatesUse::default(), vec![]),
            ("$sum($x) + $x", StatesUse::default(), vec!["sum", "x"]),
        ];
        for (source, uses, names) in cases {
            let expression = Expression::parse(&format!("{{% {source} %}}")).unwrap();
            assert_eq!(
                (expression.uses(), expression.names().iter().map(String::as_str).collect()),
                (uses, names),
                "{source}"
            );
        }
    }

    #[test]
    fn a_part_of_the_input_is_enough_for_some() {
        let cases: [(&str, Option<&[&str]>); 7] = [
            ("$states.input.a.b + $states . input . c", Some(&["a", "c"])),
            ("$states.context.x", Some(&[])),
            ("$states.input", None),
            ("$states.input.*", None),
            ("$states.input.`a b`", None),
            ("$states.input[0].a", None),
            ("$states.input.a.%.b", None),
        ];
        for (source, expected) in cases {
            let expression = Expression::parse(&format!("{{% {source} %}}")).unwrap();
            let fields = expression.input_fields().map(|fields| fields.iter().map(String::as_str).collect::<Vec<_>>());
            assert_eq!(fields.as_deref(), expected, "{source}");
        }
    }

    #[test]
    fn each_bad_expression_is_a_fault_in_its_place() {
        let value = serde_json::json!({"a": ["{% $x( %}"], "b/c": "{% ) %}"});
        let mut faults = Faults::default();
        JsonataTemplate::read(&value, &Pointer::root().child("Output"), &mut faults);
        let pointers: Vec<Pointer> = faults.found.into_iter().map(|fault| fault.pointer).collect();
        assert_eq!(pointers, ["/Output/a/0", "/Output/b~1c"]);
    }
}
