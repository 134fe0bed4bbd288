use serde_json::Value;

/// A part of a template.
#[derive(Debug, Clone, PartialEq)]
pub(super) enum Block {
    /// Text that stays as it is.
    Text(String),
    /// A reference in text.
    Reference(Reference),
    /// `#set($name = value)`.
    Set { target: Reference, value: Expression },
    /// `#if`, with its `#elseif`s, and `#else`.
    If { branches: Vec<(Expression, Vec<Block>)>, otherwise: Vec<Block> },
    /// `#foreach($name in list)`.
    Foreach { name: String, list: Expression, body: Vec<Block>, line: usize },
    /// `#break`.
    Break,
    /// `#stop`.
    Stop,
}

/// `$name`, with what follows it.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Reference {
    pub(super) name: String,
    pub(super) steps: Vec<Step>,
    /// `$!name`: nothing is written where there is no value.
    pub(super) quiet: bool,
    /// The reference as the template writes it: what stands in the text where there is no value.
    pub(super) source: String,
    pub(super) line: usize,
}

/// What follows the name of a reference.
#[derive(Debug, Clone, PartialEq)]
pub(super) enum Step {
    /// `.name`.
    Property(String),
    /// `.name(arguments)`.
    Method(String, Vec<Expression>),
    /// `[index]`.
    Index(Expression),
}

/// A value in a directive.
#[derive(Debug, Clone, PartialEq)]
pub(super) enum Expression {
    Literal(Value),
    /// A text in double quotes, which may contain references and directives.
    Interpolated(Vec<Block>),
    Reference(Reference),
    List(Vec<Expression>),
    Map(Vec<(Expression, Expression)>),
    /// `[1..3]`.
    Range(Box<Expression>, Box<Expression>),
    Not(Box<Expression>),
    Binary {
        operator: Operator,
        left: Box<Expression>,
        right: Box<Expression>,
        line: usize,
    },
}

/// An operator between two values.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Operator {
    Or,
    And,
    Equal,
    Unequal,
    Less,
    AtMost,
    Greater,
    AtLeast,
    Add,
    Subtract,
    Multiply,
    Divide,
    Remainder,
}
