use std::fmt;
use std::str::FromStr;

use serde_json::Value;

use super::IntrinsicError;
use super::call::path_end;
use super::format::Template;
use super::function::{Function, Kind};
use crate::asl::JsonPath;
use crate::asl::cursor::Cursor;

/// How deep calls may stand in each other, as documented.
const MAX_DEPTH: usize = 10;

/// Any call of an intrinsic function, read from a definition.
///
/// ```
/// use bucketbook::asl::Intrinsic;
/// let call: Intrinsic = "States.ArrayLength($.files[?(@.size > 10)])".parse().unwrap();
/// assert_eq!(call.function().name(), "States.ArrayLength");
/// assert!("States.ArrayLength()".parse::<Intrinsic>().is_err());
/// ```
#[derive(Debug, Clone, PartialEq)]
pub struct Intrinsic {
    source: String,
    function: Function,
    arguments: Vec<Operand>,
}

/// What a call is given.
#[derive(Debug, Clone, PartialEq)]
pub enum Operand {
    /// A text, number, boolean or null.
    Literal(Value),
    /// The template of a `States.Format`, with its gaps.
    Template(Template),
    /// What a path selects.
    Path(JsonPath),
    /// What another function gives.
    Call(Intrinsic),
}

impl Intrinsic {
    /// Reads a call.
    ///
    /// # Errors
    ///
    /// It is no call of a function that there is, it has too few or too many arguments, or one of a type that the
    /// function never takes.
    pub fn parse(text: &str) -> Result<Self, IntrinsicError> {
        let mut reader = Reader { cursor: Cursor::new(text) };
        let call = reader.call(0)?;
        reader.blanks();
        if reader.cursor.rest.is_empty() { Ok(call) } else { Err(reader.expected("the end")) }
    }

    /// The intrinsic function that is called.
    pub fn function(&self) -> Function {
        self.function
    }

    /// What it is given.
    pub fn arguments(&self) -> &[Operand] {
        &self.arguments
    }

    /// The text that it was read from.
    pub fn source(&self) -> &str {
        &self.source
    }

    /// Every path in it and in the calls within it.
    pub fn paths(&self) -> Vec<&JsonPath> {
        let mut paths = Vec::new();
        let mut waiting = vec![self];
        while let Some(call) = waiting.pop() {
            for argument in &call.arguments {
                match argument {
                    Operand::Path(path) => paths.push(path),
                    Operand::Call(call) => waiting.push(call),
                    Operand::Literal(_) | Operand::Template(_) => {}
                }
            }
        }
        paths
    }
}

impl Operand {
    /// What kind of value it gives, as far as the text says.
    fn kind(&self) -> Kind {
        match self {
            Self::Literal(Value::String(_)) | Self::Template(_) => Kind::Text,
            Self::Literal(Value::Number(_)) => Kind::Number,
            Self::Literal(Value::Bool(_)) => Kind::Boolean,
            Self::Literal(_) | Self::Path(_) => Kind::Any,
            Self::Call(call) => call.function.result(),
        }
    }
}

impl FromStr for Intrinsic {
    type Err = IntrinsicError;

    fn from_str(text: &str) -> Result<Self, IntrinsicError> {
        Self::parse(text)
    }
}

/// A call is shown as it was written.
impl fmt::Display for Intrinsic {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.source)
    }
}

struct Reader<'a> {
    cursor: Cursor<'a>,
}

impl<'a> Reader<'a> {
    fn call(&mut self, depth: usize) -> Result<Intrinsic, IntrinsicError> {
        if depth >= MAX_DEPTH {
            return Err(self.expected("no deeper nesting than 10"));
        }
        let start = self.cursor.rest;
        let end = self.cursor.rest.find('(').unwrap_or(self.cursor.rest.len());
        let Some(function) = Function::named(&self.cursor.rest[..end]) else {
            return Err(self.expected("the name of an intrinsic function and `(`"));
        };
        self.cursor.split(end);
        if !self.cursor.take("(") {
            return Err(self.expected("`(`"));
        }
        let mut arguments = Vec::new();
        self.blanks();
        while !self.cursor.take(")") {
            if !arguments.is_empty() && !self.cursor.take(",") {
                return Err(self.expected("`,` or `)`"));
            }
            self.blanks();
            if arguments.len() >= *function.arity().end() {
                return Err(self.expected("no further argument"));
            }
            arguments.push(self.argument(function, arguments.len(), depth)?);
            self.blanks();
        }
        if arguments.len() < *function.arity().start() {
            return Err(self.expected("another argument before the `)`"));
        }
        self.check_gaps(function, &arguments)?;
        let source = start[..start.len() - self.cursor.rest.len()].to_owned();
        Ok(Intrinsic { source, function, arguments })
    }

    /// A literal template has a gap for each of the other arguments.
    fn check_gaps(&self, function: Function, arguments: &[Operand]) -> Result<(), IntrinsicError> {
        match arguments.first() {
            Some(Operand::Template(template)) if function == Function::Format => {
                let fits = template.gaps() + 1 == arguments.len();
                if fits { Ok(()) } else { Err(self.expected("as many values as the template has `{}`")) }
            }
            _ => Ok(()),
        }
    }

    fn argument(&mut self, function: Function, at: usize, depth: usize) -> Result<Operand, IntrinsicError> {
        let start = self.cursor.rest;
        let operand = match self.cursor.next() {
            Some('\'') => {
                let raw = self.quoted()?;
                if function == Function::Format && at == 0 {
                    Operand::Template(
                        Template::parse(&raw).ok_or_else(|| self.at(start, "a template with closed `{}`"))?,
                    )
                } else {
                    Operand::Literal(Value::String(unescape(&raw)))
                }
            }
            Some('$') => {
                let end = path_end(self.cursor.rest);
                let text = self.cursor.rest[..end].trim_end();
                let path = JsonPath::parse(text).map_err(|_| self.expected("a JSONPath"))?;
                self.cursor.split(end);
                Operand::Path(path)
            }
            Some('S') => Operand::Call(self.call(depth + 1)?),
            _ => Operand::Literal(self.scalar()?),
        };
        let takes = function.parameters().get(at).copied().unwrap_or(Kind::Any);
        let gives = operand.kind();
        if takes == Kind::Any || gives == Kind::Any || takes == gives {
            Ok(operand)
        } else {
            Err(self.at(start, takes.expected()))
        }
    }

    fn scalar(&mut self) -> Result<Value, IntrinsicError> {
        let end = self
            .cursor
            .rest
            .find(|c: char| matches!(c, ',' | ')') || c.is_whitespace())
            .unwrap_or(self.cursor.rest.len());
        let value = serde_json::from_str(&self.cursor.rest[..end]).ok();
        let scalar = value.filter(|value| matches!(value, Value::Null | Value::Bool(_) | Value::Number(_)));
        let scalar = scalar.ok_or_else(|| self.expected("an argument"))?;
        self.cursor.split(end);
        Ok(scalar)
    }

    /// A text up to its closing quote, with its escapes. A backslash that escapes nothing is refused, as by the service.
    fn quoted(&mut self) -> Result<String, IntrinsicError> {
        let mut escaping = None;
        for (at, c) in self.cursor.rest.char_indices().skip(1) {
            match (escaping.take(), c) {
                (Some(_), '\'' | '{' | '}' | '\\') => {}
                (Some(backslash), _) => {
                    return Err(self.at(&self.cursor.rest[backslash..], "no `\\`, or one that escapes `'{}\\`"));
                }
                (None, '\\') => escaping = Some(at),
                (None, '\'') => {
                    let raw = self.cursor.split(at + 1);
                    return Ok(raw[1..at].to_owned());
                }
                _ => {}
            }
        }
        self.cursor.rest = "";
        Err(self.expected("the closing `'`"))
    }

    fn blanks(&mut self) {
        self.cursor.rest = self.cursor.rest.trim_start();
    }

    fn expected(&self, expected: &'static str) -> IntrinsicError {
        self.at(self.cursor.rest, expected)
    }

    fn at(&self, rest: &str, expected: &'static str) -> IntrinsicError {
        IntrinsicError { text: self.cursor.text.to_owned(), position: self.cursor.position_of(rest), expected }
    }
}

impl Kind {
    fn expected(self) -> &'static str {
        match self {
            Self::Any => "a value",
            Self::Text => "a string",
            Self::Number => "a number",
            Self::Array => "an array",
            Self::Object => "an object",
            Self::Boolean => "true or false",
        }
    }
}

/// A literal without its [escapes](https://docs.aws.amazon.com/step-functions/latest/dg/intrinsic-functions.html#amazon-states-language-intrinsic-functions-escapes)
/// `\'`, `\{`, `\}` and `\\`.
fn unescape(raw: &str) -> String {
    let mut text = String::with_capacity(raw.len());
    let mut chars = raw.chars();
    while let Some(c) = chars.next() {
        text.extend(if c == '\\' { chars.next() } else { Some(c) });
    }
    text
}
