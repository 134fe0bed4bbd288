use std::fmt;
use std::str::FromStr;

use thiserror::Error;

use super::Function;
use crate::asl::ReferencePath;
use crate::asl::cursor::Cursor;

/// A call of an [intrinsic function](https://docs.aws.amazon.com/step-functions/latest/dg/intrinsic-functions.html), such
/// as `States.Format('{}', $.detail.object.size)`.
#[derive(Debug, Clone, PartialEq)]
pub struct IntrinsicFunction {
    name: String,
    arguments: Vec<Argument>,
}

/// What an intrinsic function is given.
#[derive(Debug, Clone, PartialEq)]
pub enum Argument {
    /// A text, in single quotes.
    Text(String),
    /// A number, `true`, `false` or `null`, as written.
    Scalar(String),
    /// A value from the input or the context object.
    Path(ReferencePath),
    /// The result of another function.
    Function(IntrinsicFunction),
}

/// Why a text is not a call of an intrinsic function.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
#[error("`{text}` is not an intrinsic function: {expected} was expected at character {position}")]
pub struct IntrinsicError {
    /// The text that is not a call of an intrinsic function, as it was given.
    pub text: String,
    /// Where it stops being one, in characters from 1.
    pub position: usize,
    /// What could have stood there.
    pub expected: &'static str,
}

/// How deep calls may stand in each other: the [documented](https://docs.aws.amazon.com/step-functions/latest/dg/intrinsic-functions.html)
/// limit of nested intrinsics.
const MAX_DEPTH: usize = 10;

impl IntrinsicFunction {
    /// `States.Format`: a text with a value in place of each `{}`.
    ///
    /// The text is made of `pieces`, with the values between them, so there is always one value a gap.
    pub fn format(first: &str, rest: impl IntoIterator<Item = (ReferencePath, impl AsRef<str>)>) -> Self {
        let mut template = braces(first);
        let mut values = Vec::new();
        for (value, piece) in rest {
            template.push_str("{}");
            template.push_str(&braces(piece.as_ref()));
            values.push(Argument::Path(value));
        }
        let arguments = [Argument::Text(template)].into_iter().chain(values).collect();
        Self { name: "States.Format".to_owned(), arguments }
    }

    /// The text of a number: DynamoDB's API takes every `N` as a text, and a path to a number would give a number.
    pub fn number_as_text(value: ReferencePath) -> Self {
        Self::format("", [(value, "")])
    }

    /// `States.Array`: a list of these.
    pub fn array(elements: impl IntoIterator<Item = Argument>) -> Self {
        Self::call("States.Array", elements)
    }

    /// `States.ArrayGetItem`: the element at an index, counted from 0. Beyond the end the execution fails.
    pub fn array_get_item(array: Self, index: impl Into<Argument>) -> Self {
        Self::call("States.ArrayGetItem", [array.into(), index.into()])
    }

    /// `States.ArrayLength`: how many elements a list has.
    pub fn array_length(array: Self) -> Self {
        Self::call("States.ArrayLength", [array.into()])
    }

    /// `States.ArrayUnique`: a list without its repetitions.
    pub fn array_unique(array: Self) -> Self {
        Self::call("States.ArrayUnique", [array.into()])
    }

    /// `States.MathAdd`: a sum.
    pub fn math_add(left: Self, right: i32) -> Self {
        Self::call("States.MathAdd", [left.into(), right.into()])
    }

    /// `States.StringSplit`: the parts of a text between delimiters.
    pub fn string_split(text: Self, delimiter: char) -> Self {
        Self::call("States.StringSplit", [text.into(), Argument::Text(delimiter.to_string())])
    }

    fn call(name: &str, arguments: impl IntoIterator<Item = Argument>) -> Self {
        Self { name: name.to_owned(), arguments: arguments.into_iter().collect() }
    }

    /// What it is given.
    pub fn arguments(&self) -> &[Argument] {
        &self.arguments
    }
}

impl From<IntrinsicFunction> for Argument {
    fn from(function: IntrinsicFunction) -> Self {
        Self::Function(function)
    }
}

impl From<i32> for Argument {
    fn from(number: i32) -> Self {
        Self::Scalar(number.to_string())
    }
}

/// A text as `States.Format` takes it literally.
fn braces(text: &str) -> String {
    text.replace('\\', "\\\\").replace('{', "\\{").replace('}', "\\}")
}

impl fmt::Display for IntrinsicFunction {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}(", self.name)?;
        for (index, argument) in self.arguments.iter().enumerate() {
            let comma = if index == 0 { "" } else { ", " };
            match argument {
                Argument::Text(text) => write!(f, "{comma}'{}'", text.replace('\'', "\\'"))?,
                Argument::Scalar(text) => write!(f, "{comma}{text}")?,
                Argument::Path(path) => write!(f, "{comma}{path}")?,
                Argument::Function(function) => write!(f, "{comma}{function}")?,
            }
        }
        f.write_str(")")
    }
}

impl FromStr for IntrinsicFunction {
    type Err = IntrinsicError;

    fn from_str(text: &str) -> Result<Self, IntrinsicError> {
        let mut reader = Reader { cursor: Cursor::new(text) };
        let function = reader.function(0)?;
        if reader.cursor.rest.is_empty() { Ok(function) } else { Err(reader.expected("the end")) }
    }
}

struct Reader<'a> {
    cursor: Cursor<'a>,
}

impl Reader<'_> {
    fn function(&mut self, depth: usize) -> Result<IntrinsicFunction, IntrinsicError> {
        if depth >= MAX_DEPTH {
            return Err(self.expected("no deeper nesting than 10"));
        }
        let end = self.cursor.rest.find('(').unwrap_or(self.cursor.rest.len());
        let Some(function) = Function::named(&self.cursor.rest[..end]) else {
            return Err(self.expected("the name of an intrinsic function and `(`"));
        };
        self.cursor.rest = &self.cursor.rest[(end + 1).min(self.cursor.rest.len())..];
        let mut arguments = Vec::new();
        self.blanks();
        while !self.cursor.rest.starts_with(')') {
            if !arguments.is_empty() && !self.cursor.take(",") {
                return Err(self.expected("`,` or `)`"));
            }
            self.blanks();
            arguments.push(self.argument(depth)?);
            self.blanks();
        }
        self.cursor.take(")");
        Ok(IntrinsicFunction { name: function.name().to_owned(), arguments })
    }

    fn argument(&mut self, depth: usize) -> Result<Argument, IntrinsicError> {
        match self.cursor.next() {
            Some('\'') => self.quoted().map(Argument::Text),
            Some('$') => {
                let end = path_end(self.cursor.rest);
                let path = self.cursor.rest[..end].trim_end().parse().map_err(|_| self.expected("a reference path"))?;
                self.cursor.rest = &self.cursor.rest[end..];
                Ok(Argument::Path(path))
            }
            Some('S') => self.function(depth + 1).map(Argument::Function),
            _ => {
                let end = self.cursor.rest.find([',', ')', ' ']).unwrap_or(self.cursor.rest.len());
                let word = &self.cursor.rest[..end];
                if !matches!(word, "true" | "false" | "null") && word.parse::<serde_json::Number>().is_err() {
                    return Err(self.expected("an argument"));
                }
                self.cursor.rest = &self.cursor.rest[end..];
                Ok(Argument::Scalar(word.to_owned()))
            }
        }
    }

    /// A text up to its closing quote. Only the quote's own escape is undone: the others are the function's to read.
    fn quoted(&mut self) -> Result<String, IntrinsicError> {
        let mut text = String::new();
        let mut chars = self.cursor.rest.char_indices().skip(1).peekable();
        while let Some((at, c)) = chars.next() {
            match (c, chars.peek()) {
                ('\'', _) => {
                    self.cursor.rest = &self.cursor.rest[at + 1..];
                    return Ok(text);
                }
                ('\\', Some((_, '\''))) => {
                    text.push('\'');
                    chars.next();
                }
                ('\\', Some((_, next))) => {
                    text.extend(['\\', *next]);
                    chars.next();
                }
                _ => text.push(c),
            }
        }
        self.cursor.rest = "";
        Err(self.expected("the closing `'`"))
    }

    fn blanks(&mut self) {
        self.cursor.rest = self.cursor.rest.trim_start_matches(' ');
    }

    fn expected(&self, expected: &'static str) -> IntrinsicError {
        IntrinsicError { text: self.cursor.text.to_owned(), position: self.cursor.position(), expected }
    }
}

/// Where the path that `text` begins with ends: at a `,` or `)` outside its brackets, parentheses and quotes.
pub(super) fn path_end(text: &str) -> usize {
    let mut quote = None;
    let mut escaped = false;
    let mut depth = 0_usize;
    for (at, c) in text.char_indices() {
        match (quote, c) {
            _ if escaped => escaped = false,
            (Some(_), '\\') => escaped = true,
            (Some(open), _) if c == open => quote = None,
            (Some(_), _) => {}
            (None, '\'' | '"') => quote = Some(c),
            (None, '[' | '(') => depth += 1,
            (None, ']' | ')') if depth > 0 => depth -= 1,
            (None, ',' | ')') if depth == 0 => return at,
            _ => {}
        }
    }
    text.len()
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn calls_are_read_and_written() {
        for text in [
            "States.UUID()",
            "States.Format('{}', $.detail.object.size)",
            "States.Format('{}#{}', $.time, $.detail.object['a,)b'])",
            r"States.Format('it\'s \{\} {}', $$.Execution.Id)",
            "States.MathAdd($.a, -1.5)",
            "States.ArrayContains(States.Array('a', null, true), $)",
        ] {
            assert_eq!(text.parse::<IntrinsicFunction>().unwrap().to_string(), text);
        }
    }

    #[test]
    fn what_is_not_a_call_and_where() {
        for (text, position) in [
            ("", 1),
            ("$.a", 1),
            ("States.Nope()", 1),
            ("States.Format", 14),
            ("States.Format('a", 17),
            ("States.Format('a' 'b')", 19),
            ("States.Format('a',)", 19),
            ("States.Format('a') ", 19),
            ("States.Format(x)", 15),
            ("States.Format($x)", 15),
        ] {
            assert_eq!(text.parse::<IntrinsicFunction>().unwrap_err().position, position, "{text}");
        }
        let deep = format!("{}{}", "States.Array(".repeat(10_000), ")".repeat(10_000));
        assert!(deep.parse::<IntrinsicFunction>().is_err());
    }

    #[test]
    fn format_has_a_gap_for_every_value() {
        let path = || ReferencePath::input().field("a");
        let call = IntrinsicFunction::format("{x}", [(path(), "#"), (path(), "")]);
        assert_eq!(call.to_string(), r"States.Format('\{x\}{}#{}', $.a, $.a)");
    }

    proptest! {
        #[test]
        fn no_text_makes_it_panic(text in "(States\\.(Format|Array)\\(|['$.,() \\\\é1a]){0,30}") {
            let _ = text.parse::<IntrinsicFunction>();
        }
    }
}
