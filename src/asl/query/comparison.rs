use std::cmp::Ordering;

use serde_json::Value;

use super::Timestamp;
use crate::asl::jsonpath::compare_numbers;

/// An [operator of a Choice](https://docs.aws.amazon.com/step-functions/latest/dg/state-choice.html), without what it
/// compares with.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Operator {
    Order(Kind, Relation),
    StringMatches,
    Is(Test),
}

/// What kind of values a comparison takes. Values of any other are not equal, less or greater.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Kind {
    String,
    Numeric,
    Boolean,
    Timestamp,
}

/// How the variable has to stand to the other value.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Relation {
    Equals,
    LessThan,
    GreaterThan,
    LessThanEquals,
    GreaterThanEquals,
}

/// What a variable can be.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Test {
    Present,
    Null,
    Numeric,
    String,
    Boolean,
    Timestamp,
}

impl Operator {
    /// The operator of a field's name without its `Path`.
    pub(super) fn named(name: &str) -> Option<Self> {
        let test = match name {
            "IsPresent" => Test::Present,
            "IsNull" => Test::Null,
            "IsNumeric" => Test::Numeric,
            "IsString" => Test::String,
            "IsBoolean" => Test::Boolean,
            "IsTimestamp" => Test::Timestamp,
            "StringMatches" => return Some(Self::StringMatches),
            _ => return Self::order(name),
        };
        Some(Self::Is(test))
    }

    fn order(name: &str) -> Option<Self> {
        let kinds = [
            ("String", Kind::String),
            ("Numeric", Kind::Numeric),
            ("Boolean", Kind::Boolean),
            ("Timestamp", Kind::Timestamp),
        ];
        let (relation, kind) = kinds.into_iter().find_map(|(word, kind)| Some((name.strip_prefix(word)?, kind)))?;
        let relation = match relation {
            "Equals" => Relation::Equals,
            "LessThan" => Relation::LessThan,
            "GreaterThan" => Relation::GreaterThan,
            "LessThanEquals" => Relation::LessThanEquals,
            "GreaterThanEquals" => Relation::GreaterThanEquals,
            _ => return None,
        };
        (kind != Kind::Boolean || relation == Relation::Equals).then_some(Self::Order(kind, relation))
    }

    /// Its name: `NumericEquals`, `IsPresent`.
    pub(crate) fn name(self) -> String {
        match self {
            Self::Order(kind, relation) => format!("{kind:?}{relation:?}"),
            Self::StringMatches => "StringMatches".to_owned(),
            Self::Is(test) => format!("Is{test:?}"),
        }
    }

    /// Whether its value can be given by a path.
    pub(super) fn takes_path(self) -> bool {
        matches!(self, Self::Order(..))
    }

    /// Whether a literal is of the type that it compares with.
    pub(super) fn takes(self, literal: &Value) -> bool {
        match self {
            Self::Order(Kind::String, _) | Self::StringMatches => literal.is_string(),
            Self::Order(Kind::Numeric, _) => literal.is_number(),
            Self::Order(Kind::Boolean, _) | Self::Is(_) => literal.is_boolean(),
            Self::Order(Kind::Timestamp, _) => literal.as_str().is_some_and(|text| Timestamp::parse(text).is_some()),
        }
    }

    /// What it compares with, in words.
    pub(super) fn literal(self) -> &'static str {
        match self {
            Self::Order(Kind::String, _) | Self::StringMatches => "a string",
            Self::Order(Kind::Numeric, _) => "a number",
            Self::Order(Kind::Boolean, _) | Self::Is(_) => "true or false",
            Self::Order(Kind::Timestamp, _) => "a timestamp such as 2016-08-18T17:33:00Z",
        }
    }
}

impl Kind {
    pub(super) fn compare(self, left: &Value, right: &Value) -> Option<Ordering> {
        match (self, left, right) {
            // Java's order of texts: by UTF-16 unit.
            (Self::String, Value::String(left), Value::String(right)) => {
                Some(left.encode_utf16().cmp(right.encode_utf16()))
            }
            (Self::Numeric, Value::Number(left), Value::Number(right)) => compare_numbers(left, right),
            (Self::Boolean, Value::Bool(left), Value::Bool(right)) => Some(left.cmp(right)),
            (Self::Timestamp, Value::String(left), Value::String(right)) => {
                Some(Timestamp::parse(left)?.cmp(&Timestamp::parse(right)?))
            }
            _ => None,
        }
    }
}

impl Relation {
    pub(super) fn accepts(self, ordering: Ordering) -> bool {
        match self {
            Self::Equals => ordering.is_eq(),
            Self::LessThan => ordering.is_lt(),
            Self::GreaterThan => ordering.is_gt(),
            Self::LessThanEquals => ordering.is_le(),
            Self::GreaterThanEquals => ordering.is_ge(),
        }
    }
}

impl Test {
    /// Whether a variable that is there is this.
    pub(super) fn holds(self, value: &Value) -> bool {
        match self {
            Self::Present => true,
            Self::Null => value.is_null(),
            Self::Numeric => value.is_number(),
            Self::String => value.is_string(),
            Self::Boolean => value.is_boolean(),
            Self::Timestamp => value.as_str().is_some_and(|text| Timestamp::parse(text).is_some()),
        }
    }
}

/// A pattern of `StringMatches`, compiled: texts with any text between them. `\*` is an asterisk, `\\` a backslash.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Wildcard {
    pieces: Vec<String>,
}

impl Wildcard {
    pub(super) fn parse(pattern: &str) -> Self {
        let mut pieces = vec![String::new()];
        let mut chars = pattern.chars().peekable();
        while let Some(c) = chars.next() {
            let escaped = if c == '\\' { chars.next_if(|next| matches!(next, '*' | '\\')) } else { None };
            match (c, pieces.last_mut()) {
                ('*', _) => pieces.push(String::new()),
                (_, Some(piece)) => piece.push(escaped.unwrap_or(c)),
                (_, None) => {}
            }
        }
        Self { pieces }
    }

    /// The pattern as it is written.
    pub(crate) fn source(&self) -> String {
        let pieces = self.pieces.iter().map(|piece| piece.replace('\\', "\\\\").replace('*', "\\*"));
        pieces.collect::<Vec<_>>().join("*")
    }

    /// Whether a text matches. Each piece is taken where it is first, so this never goes back.
    pub(super) fn matches(&self, text: &str) -> bool {
        let Some((first, rest)) = self.pieces.split_first() else { return text.is_empty() };
        let Some((last, middle)) = rest.split_last() else { return text == first };
        let Some(mut text) = text.strip_prefix(first.as_str()) else { return false };
        for piece in middle {
            let Some(at) = text.find(piece.as_str()) else { return false };
            text = &text[at + piece.len()..];
        }
        text.ends_with(last.as_str())
    }
}
