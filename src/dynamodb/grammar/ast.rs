use std::fmt;

use super::References;
use crate::source::Span;

/// A way to an attribute or into one: `a.b[0].#c`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DocumentPath {
    /// Its steps; the first is an attribute of the item.
    pub elements: Vec<Element>,
    /// Where it stands.
    pub span: Span,
}

/// A step of a path.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub enum Element {
    /// An attribute, or an entry of a map, by its own name.
    Attribute(String),
    /// One that `ExpressionAttributeNames` names; with its `#`.
    Name(String),
    /// An element of a list.
    Index(u32),
}

impl fmt::Display for DocumentPath {
    /// As DynamoDB writes a path in its messages: `[a, b, [0]]`.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let elements: Vec<String> = self
            .elements
            .iter()
            .map(|element| match element {
                Element::Attribute(name) | Element::Name(name) => name.clone(),
                Element::Index(index) => format!("[{index}]"),
            })
            .collect();
        write!(f, "[{}]", elements.join(", "))
    }
}

/// A value that `ExpressionAttributeValues` holds.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ValueRef {
    /// Its name, with the `:`.
    pub name: String,
    /// Where it stands.
    pub span: Span,
}

/// What a condition compares.
#[derive(Debug, Clone, PartialEq)]
pub enum Operand {
    /// An attribute.
    Path(DocumentPath),
    /// A value of the request.
    Value(ValueRef),
    /// The size of an attribute or value.
    Size(Box<Operand>, Span),
}

impl Operand {
    /// The path that it is, or is the size of.
    fn path(&self) -> Option<&DocumentPath> {
        let mut operand = self;
        loop {
            operand = match operand {
                Self::Path(path) => return Some(path),
                Self::Value(_) => return None,
                Self::Size(inner, _) => inner,
            }
        }
    }

    /// Where the operand stands in the expression.
    pub fn span(&self) -> Span {
        match self {
            Self::Path(path) => path.span,
            Self::Value(value) => value.span,
            Self::Size(_, span) => *span,
        }
    }
}

/// `=`, `<>`, `<`, `<=`, `>` or `>=`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Comparator {
    /// `=`
    Equal,
    /// `<>`
    NotEqual,
    /// `<`
    Less,
    /// `<=`
    LessOrEqual,
    /// `>`
    Greater,
    /// `>=`
    GreaterOrEqual,
}

impl Comparator {
    /// As it is written.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Equal => "=",
            Self::NotEqual => "<>",
            Self::Less => "<",
            Self::LessOrEqual => "<=",
            Self::Greater => ">",
            Self::GreaterOrEqual => ">=",
        }
    }

    pub(super) fn parse(text: &str) -> Option<Self> {
        let all = [Self::Equal, Self::NotEqual, Self::Less, Self::LessOrEqual, Self::Greater, Self::GreaterOrEqual];
        all.into_iter().find(|comparator| comparator.as_str() == text)
    }
}

/// The functions that are conditions by themselves.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Test {
    /// The attribute is there.
    AttributeExists,
    /// The attribute is not there.
    AttributeNotExists,
    /// The attribute is of a type.
    AttributeType,
    /// A text or bytes begin with others.
    BeginsWith,
    /// A text holds another, or a set or list an element.
    Contains,
}

impl Test {
    /// All functions of conditions.
    pub const ALL: [Self; 5] =
        [Self::AttributeExists, Self::AttributeNotExists, Self::AttributeType, Self::BeginsWith, Self::Contains];

    /// As it is written.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::AttributeExists => "attribute_exists",
            Self::AttributeNotExists => "attribute_not_exists",
            Self::AttributeType => "attribute_type",
            Self::BeginsWith => "begins_with",
            Self::Contains => "contains",
        }
    }

    /// How many operands it takes.
    pub fn operands(self) -> usize {
        match self {
            Self::AttributeExists | Self::AttributeNotExists => 1,
            _ => 2,
        }
    }
}

/// A condition or a part of one.
#[derive(Debug, Clone, PartialEq)]
pub enum Predicate {
    /// One operand against another.
    Compare(Operand, Comparator, Operand),
    /// An operand, and the bounds that it is between.
    Between(Operand, Operand, Operand),
    /// An operand, and what it is one of.
    In(Operand, Vec<Operand>),
    /// A function, its operands, and where it stands.
    Test(Test, Vec<Operand>, Span),
    /// Not.
    Not(Box<Predicate>),
    /// Both.
    And(Box<Predicate>, Box<Predicate>),
    /// At least one.
    Or(Box<Predicate>, Box<Predicate>),
}

/// A condition or filter expression.
#[derive(Debug, Clone, PartialEq)]
pub struct ConditionExpression {
    /// What it demands.
    pub predicate: Predicate,
    /// What it refers to.
    pub references: References,
}

/// An [update expression](https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/Expressions.UpdateExpressions.html).
#[derive(Debug, Clone, PartialEq)]
pub struct UpdateExpression {
    /// Its clauses, each kind once.
    pub clauses: Vec<Clause>,
    /// What it refers to.
    pub references: References,
}

/// A clause of an update.
#[derive(Debug, Clone, PartialEq)]
pub enum Clause {
    /// `SET a = :a, ...`
    Set(Vec<Assignment>),
    /// `REMOVE a, ...`
    Remove(Vec<DocumentPath>),
    /// `ADD a :a, ...`
    Add(Vec<(DocumentPath, ValueRef)>),
    /// `DELETE a :a, ...`
    Delete(Vec<(DocumentPath, ValueRef)>),
}

/// What one attribute is set to.
#[derive(Debug, Clone, PartialEq)]
pub struct Assignment {
    /// The attribute, or the element in it, that is set.
    pub path: DocumentPath,
    /// The value that it gets.
    pub value: SetValue,
}

/// A value that `SET` gives.
#[derive(Debug, Clone, PartialEq)]
pub enum SetValue {
    /// An operand.
    Operand(SetOperand),
    /// A sum.
    Plus(Box<SetValue>, Box<SetValue>),
    /// A difference.
    Minus(Box<SetValue>, Box<SetValue>),
}

/// An operand of `SET`.
#[derive(Debug, Clone, PartialEq)]
pub enum SetOperand {
    /// What an attribute holds now.
    Path(DocumentPath),
    /// A value of the request.
    Value(ValueRef),
    /// What an attribute holds now, or else another operand.
    IfNotExists(DocumentPath, Box<SetOperand>),
    /// Two lists as one.
    ListAppend(Box<SetOperand>, Box<SetOperand>),
}

impl ConditionExpression {
    /// Every path in it.
    pub fn paths(&self) -> Vec<&DocumentPath> {
        let mut paths = Vec::new();
        let mut rest = vec![&self.predicate];
        while let Some(predicate) = rest.pop() {
            match predicate {
                Predicate::And(left, right) | Predicate::Or(left, right) => rest.extend([&**right, &**left]),
                Predicate::Not(inner) => rest.push(inner),
                Predicate::Compare(left, _, right) => paths.extend([left, right].into_iter().filter_map(Operand::path)),
                Predicate::Between(value, low, high) => {
                    paths.extend([value, low, high].into_iter().filter_map(Operand::path));
                }
                Predicate::In(left, others) => {
                    paths.extend(std::iter::once(left).chain(others).filter_map(Operand::path));
                }
                Predicate::Test(_, operands, _) => paths.extend(operands.iter().filter_map(Operand::path)),
            }
        }
        paths
    }
}

impl UpdateExpression {
    /// Every path that it changes.
    pub fn targets(&self) -> Vec<&DocumentPath> {
        self.clauses
            .iter()
            .flat_map(|clause| -> Vec<&DocumentPath> {
                match clause {
                    Clause::Set(assignments) => assignments.iter().map(|assignment| &assignment.path).collect(),
                    Clause::Remove(paths) => paths.iter().collect(),
                    Clause::Add(actions) | Clause::Delete(actions) => actions.iter().map(|(path, _)| path).collect(),
                }
            })
            .collect()
    }
}
