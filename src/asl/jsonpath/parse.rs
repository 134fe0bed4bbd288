use serde_json::Value;

use super::filter::{OPERATORS, Operand, Operator, Pattern, Predicate};
use super::function::PathFunction;
use super::{JsonPath, JsonPathError, Root, Step};
use crate::asl::cursor::Cursor;

/// How deep parentheses, `!` and paths within filters may stand in each other.
const MAX_DEPTH: usize = 32;

/// How many steps a path may have.
const MAX_STEPS: usize = 512;

pub(super) fn path(text: &str) -> Result<JsonPath, JsonPathError> {
    let mut reader = Reader { cursor: Cursor::new(text), depth: 0 };
    let root = reader.root()?;
    let steps = reader.steps(false)?;
    // The library that Step Functions reads paths with cuts blanks off the end.
    if !reader.cursor.rest.trim_end_matches(' ').is_empty() {
        return Err(reader.expected("`.` or `[`"));
    }
    Ok(JsonPath { source: text.to_owned(), root, steps })
}

struct Reader<'a> {
    cursor: Cursor<'a>,
    depth: usize,
}

type Parsed<T> = Result<T, JsonPathError>;

impl<'a> Reader<'a> {
    fn root(&mut self) -> Parsed<Root> {
        if !self.cursor.take("$") {
            return Err(self.expected("`$`"));
        }
        if self.cursor.take("$") {
            return Ok(Root::Context);
        }
        let end = self.cursor.rest.find(|c: char| !(c.is_alphanumeric() || c == '_')).unwrap_or(self.cursor.rest.len());
        match self.cursor.split(end) {
            "" => Ok(Root::Input),
            name => Ok(Root::Variable(name.to_owned())),
        }
    }

    /// The steps of a path, up to what cannot be one. Within a filter, names end at operators.
    fn steps(&mut self, in_filter: bool) -> Parsed<Vec<Step>> {
        let mut steps = Vec::new();
        loop {
            if steps.len() > MAX_STEPS {
                return Err(self.expected("no more than 512 steps"));
            }
            if self.cursor.take("..") {
                steps.push(Step::Scan);
                let step = if self.cursor.rest.starts_with('[') { self.bracket()? } else { self.dotted(in_filter)? };
                steps.push(step);
            } else if self.cursor.take(".") {
                let step = if self.cursor.rest.starts_with('[') { self.bracket()? } else { self.dotted(in_filter)? };
                let ends = matches!(step, Step::Function(_));
                steps.push(step);
                if ends {
                    return Ok(steps);
                }
            } else if self.cursor.rest.starts_with('[') {
                steps.push(self.bracket()?);
            } else {
                return Ok(steps);
            }
        }
    }

    /// What follows a period.
    fn dotted(&mut self, in_filter: bool) -> Parsed<Step> {
        if self.cursor.take("*") {
            return Ok(Step::Wildcard);
        }
        let ends = |c: char| {
            c.is_whitespace()
                || matches!(c, '.' | '[' | ']' | '(' | ')' | ',' | '\'' | '"' | '*')
                || in_filter && matches!(c, '=' | '!' | '<' | '>' | '&' | '|' | '~')
        };
        let end = self.cursor.rest.find(ends).unwrap_or(self.cursor.rest.len());
        if end == 0 {
            return Err(self.expected("a name or `*`"));
        }
        if !self.cursor.rest[end..].starts_with('(') {
            return Ok(Step::Name(self.cursor.split(end).to_owned()));
        }
        let before = self.cursor.rest;
        let name = self.cursor.split(end);
        self.cursor.take("(");
        let arguments = self.literals(")")?;
        PathFunction::named(name, arguments).map(Step::Function).ok_or_else(|| {
            self.cursor.rest = before;
            self.expected("a function of JSONPath with its arguments")
        })
    }

    fn bracket(&mut self) -> Parsed<Step> {
        self.cursor.take("[");
        self.blanks();
        let step = match self.cursor.next() {
            Some('\'' | '"') => self.names()?,
            Some('*') => {
                self.cursor.take("*");
                Step::Wildcard
            }
            Some('?') => {
                self.cursor.take("?");
                self.blanks();
                if !self.cursor.rest.starts_with('(') {
                    return Err(self.expected("`(`"));
                }
                Step::Filter(self.operand_of_and()?)
            }
            _ => self.indices()?,
        };
        self.blanks();
        if self.cursor.take("]") { Ok(step) } else { Err(self.expected("`]`")) }
    }

    fn names(&mut self) -> Parsed<Step> {
        let first = self.quoted()?;
        let mut names = vec![first];
        loop {
            self.blanks();
            if !self.cursor.take(",") {
                break;
            }
            self.blanks();
            names.push(self.quoted()?);
        }
        Ok(match <[String; 1]>::try_from(names) {
            Ok([name]) => Step::Name(name),
            Err(names) => Step::Names(names),
        })
    }

    fn indices(&mut self) -> Parsed<Step> {
        let first = self.optional_integer()?;
        self.blanks();
        if self.cursor.take(":") {
            self.blanks();
            let to = self.optional_integer()?;
            self.blanks();
            let step = if self.cursor.take(":") { self.optional_integer()? } else { None };
            if first.is_none() && to.is_none() {
                return Err(self.expected("an index to start from or to end before"));
            }
            return Ok(Step::Slice { from: first, to, step });
        }
        let Some(first) = first else {
            return Err(self.expected("an index, a quoted name, `*` or `?`"));
        };
        let mut indices = vec![first];
        while self.cursor.take(",") {
            self.blanks();
            let Some(next) = self.optional_integer()? else {
                return Err(self.expected("an index"));
            };
            indices.push(next);
            self.blanks();
        }
        Ok(if indices.len() == 1 { Step::Index(first) } else { Step::Indices(indices) })
    }

    fn optional_integer(&mut self) -> Parsed<Option<i64>> {
        let digits = self.cursor.rest.strip_prefix('-').unwrap_or(self.cursor.rest);
        let sign = self.cursor.rest.len() - digits.len();
        let end = sign + digits.find(|c: char| !c.is_ascii_digit()).unwrap_or(digits.len());
        if end == 0 {
            return Ok(None);
        }
        // Jayway's indices have 32 bits.
        let number: i32 = self.cursor.rest[..end].parse().map_err(|_| self.expected("an index"))?;
        self.cursor.split(end);
        Ok(Some(number.into()))
    }

    /// A name or text in quotes. A backslash escapes its quote and itself, and stands for itself before anything else.
    fn quoted(&mut self) -> Parsed<String> {
        let Some(quote @ ('\'' | '"')) = self.cursor.next() else {
            return Err(self.expected("a quoted name"));
        };
        let mut text = String::new();
        let mut chars = self.cursor.rest.char_indices().skip(1).peekable();
        while let Some((at, c)) = chars.next() {
            match c {
                _ if c == quote => {
                    self.cursor.split(at + 1);
                    return Ok(text);
                }
                '\\' => match chars.next_if(|(_, next)| *next == quote || *next == '\\') {
                    Some((_, next)) => text.push(next),
                    None => text.push('\\'),
                },
                _ => text.push(c),
            }
        }
        self.cursor.split(self.cursor.rest.len());
        Err(self.expected("the end of the quoted name"))
    }

    fn any_of(&mut self) -> Parsed<Predicate> {
        let mut alternatives = vec![self.all_of()?];
        loop {
            self.blanks();
            if !self.cursor.take("||") {
                break;
            }
            alternatives.push(self.all_of()?);
        }
        Ok(single(alternatives, Predicate::Any))
    }

    fn all_of(&mut self) -> Parsed<Predicate> {
        let mut conditions = vec![self.operand_of_and()?];
        loop {
            self.blanks();
            if !self.cursor.take("&&") {
                break;
            }
            conditions.push(self.operand_of_and()?);
        }
        Ok(single(conditions, Predicate::All))
    }

    fn operand_of_and(&mut self) -> Parsed<Predicate> {
        self.blanks();
        if self.depth >= MAX_DEPTH {
            return Err(self.expected("no deeper nesting than 32"));
        }
        self.depth += 1;
        let predicate = if self.cursor.rest.starts_with('!') && !self.cursor.rest.starts_with("!=") {
            self.cursor.take("!");
            Predicate::Not(Box::new(self.operand_of_and()?))
        } else if self.cursor.take("(") {
            let inner = self.any_of()?;
            self.blanks();
            if !self.cursor.take(")") {
                return Err(self.expected("`)`, `&&`, `||` or an operator"));
            }
            inner
        } else {
            self.comparison()?
        };
        self.depth -= 1;
        Ok(predicate)
    }

    fn comparison(&mut self) -> Parsed<Predicate> {
        let left = self.operand()?;
        self.blanks();
        let Some(operator) = self.operator() else {
            return Ok(Predicate::Holds(left));
        };
        self.blanks();
        let right = self.operand()?;
        if operator == Operator::Matches
            && !matches!((&left, &right), (Operand::Pattern(_), _) | (_, Operand::Pattern(_)))
        {
            return Err(self.expected("a regular expression on one side of `=~`"));
        }
        Ok(Predicate::Compare(left, operator, right))
    }

    fn operator(&mut self) -> Option<Operator> {
        for (token, operator) in OPERATORS {
            let Some(after) = strip_prefix_ignoring_case(self.cursor.rest, token) else { continue };
            let is_word = token.starts_with(|c: char| c.is_alphabetic());
            if is_word && after.starts_with(|c: char| c.is_alphanumeric()) {
                continue;
            }
            self.cursor.rest = after;
            return Some(operator);
        }
        None
    }

    fn operand(&mut self) -> Parsed<Operand> {
        match self.cursor.next() {
            Some(root @ ('@' | '$')) => {
                self.cursor.split(1);
                if self.depth >= MAX_DEPTH {
                    return Err(self.expected("no deeper nesting than 32"));
                }
                self.depth += 1;
                let steps = self.steps(true)?;
                self.depth -= 1;
                Ok(Operand::Path { from_root: root == '$', steps })
            }
            Some('/') => self.pattern().map(Operand::Pattern),
            _ => self.literal(0).map(Operand::Literal),
        }
    }

    /// Reads a regular expression with its flags: `/expression/flags`.
    fn pattern(&mut self) -> Parsed<Pattern> {
        let start = self.cursor.rest;
        let mut escaped = false;
        let end = start[1..].find(|c: char| {
            let ends = c == '/' && !escaped;
            escaped = c == '\\' && !escaped;
            ends
        });
        let Some(end) = end else {
            return Err(self.expected("a regular expression that ends with `/`"));
        };
        let expression = &start[1..=end];
        let after = &start[end + 2..];
        let flags = after.find(|c: char| !c.is_ascii_alphabetic()).unwrap_or(after.len());
        // Java matches the whole text.
        let regex = regex::RegexBuilder::new(&format!("^(?:{expression})$"))
            .case_insensitive(after[..flags].contains('i'))
            .multi_line(after[..flags].contains('m'))
            .dot_matches_new_line(after[..flags].contains('s'))
            .ignore_whitespace(after[..flags].contains('x'))
            .size_limit(1 << 20)
            .build()
            .map_err(|_| self.expected("a regular expression"))?;
        let source = self.cursor.split(end + 2 + flags).to_owned();
        Ok(Pattern { source, regex })
    }

    fn literal(&mut self, depth: usize) -> Parsed<Value> {
        if depth >= MAX_DEPTH {
            return Err(self.expected("no deeper nesting than 32"));
        }
        match self.cursor.next() {
            Some('\'' | '"') => self.quoted().map(Value::String),
            Some('[') => {
                self.cursor.take("[");
                self.list("]", depth + 1).map(Value::Array)
            }
            Some('{') => self.object(),
            _ => {
                let ends =
                    |c: char| c.is_whitespace() || matches!(c, ')' | ']' | ',' | '&' | '|' | '=' | '!' | '<' | '>');
                let end = self.cursor.rest.find(ends).unwrap_or(self.cursor.rest.len());
                let word = &self.cursor.rest[..end];
                // A word without quotes is taken for a text: there are workflows that run with such filters.
                let bare = word.starts_with(|c: char| c.is_ascii_alphabetic())
                    && word.chars().all(|c| c.is_ascii_alphanumeric() || c == '_');
                let value = match serde_json::from_str(word) {
                    Ok(value) => value,
                    Err(_) if bare => Value::String(word.to_owned()),
                    Err(_) => return Err(self.expected("a value")),
                };
                self.cursor.split(end);
                Ok(value)
            }
        }
    }

    fn object(&mut self) -> Parsed<Value> {
        let mut values = serde_json::Deserializer::from_str(self.cursor.rest).into_iter::<Value>();
        let Some(Ok(value)) = values.next() else {
            return Err(self.expected("a value"));
        };
        let end = values.byte_offset();
        self.cursor.split(end);
        Ok(value)
    }

    /// The arguments of a function.
    fn literals(&mut self, close: &str) -> Parsed<Vec<Value>> {
        self.list(close, 0)
    }

    fn list(&mut self, close: &str, depth: usize) -> Parsed<Vec<Value>> {
        let mut items = Vec::new();
        self.blanks();
        while !self.cursor.take(close) {
            if !items.is_empty() {
                if !self.cursor.take(",") {
                    return Err(self.expected("`,` or the end of the list"));
                }
                self.blanks();
            }
            items.push(self.literal(depth)?);
            self.blanks();
        }
        Ok(items)
    }

    fn blanks(&mut self) {
        self.cursor.rest = self.cursor.rest.trim_start();
    }

    fn expected(&self, expected: &'static str) -> JsonPathError {
        JsonPathError { text: self.cursor.text.to_owned(), position: self.cursor.position(), expected }
    }
}

fn single(mut predicates: Vec<Predicate>, several: fn(Vec<Predicate>) -> Predicate) -> Predicate {
    match predicates.pop() {
        Some(only) if predicates.is_empty() => only,
        Some(last) => {
            predicates.push(last);
            several(predicates)
        }
        None => several(predicates),
    }
}

/// Jayway takes its operators in either case.
fn strip_prefix_ignoring_case<'a>(text: &'a str, prefix: &str) -> Option<&'a str> {
    let head = text.get(..prefix.len())?;
    head.eq_ignore_ascii_case(prefix).then(|| &text[prefix.len()..])
}
