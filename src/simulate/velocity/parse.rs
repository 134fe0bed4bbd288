use serde_json::Value;

use super::VelocityFault;
use super::ast::{Block, Expression, Operator, Reference, Step};
use super::lexer::Cursor;

/// How deep blocks, parentheses and texts may be nested.
const MAX_DEPTH: usize = 64;

/// Directives that mapping templates of API Gateway have no use for.
const UNSUPPORTED: [&str; 6] = ["define", "evaluate", "include", "macro", "parse", "literal"];

type Parsed<T> = Result<T, VelocityFault>;

/// The parts of a template.
pub(super) fn template(text: &str) -> Parsed<Vec<Block>> {
    part(text, 1, 0)
}

/// The parts of a text within a template.
fn part(text: &str, line: usize, depth: usize) -> Parsed<Vec<Block>> {
    let mut parser = Parser { cursor: Cursor::new(text, line), depth };
    let (blocks, end) = parser.blocks()?;
    match end {
        Terminator::Text => Ok(blocks),
        other => Err(parser.cursor.fault(format!("`#{}` without `#if` or `#foreach`", other.word()))),
    }
}

/// What ends a list of blocks.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Terminator {
    Text,
    End,
    Else,
    ElseIf,
}

impl Terminator {
    fn word(self) -> &'static str {
        match self {
            Self::Text => "",
            Self::End => "end",
            Self::Else => "else",
            Self::ElseIf => "elseif",
        }
    }
}

struct Parser<'t> {
    cursor: Cursor<'t>,
    depth: usize,
}

impl Parser<'_> {
    /// Goes a level deeper.
    fn deeper<T>(&mut self, inner: impl FnOnce(&mut Self) -> Parsed<T>) -> Parsed<T> {
        self.depth += 1;
        if self.depth > MAX_DEPTH {
            return Err(self.cursor.fault(format!("nested more than {MAX_DEPTH} levels deep")));
        }
        let done = inner(self);
        self.depth -= 1;
        done
    }

    fn blocks(&mut self) -> Parsed<(Vec<Block>, Terminator)> {
        let (mut blocks, mut text) = (Vec::new(), String::new());
        while let Some(next) = self.cursor.peek() {
            let found = match next {
                '$' => self.reference()?.map(Block::Reference),
                '#' => match self.directive()? {
                    Directive::Block(block) => Some(block),
                    Directive::Nothing => continue,
                    Directive::Ends(end) => {
                        push_text(&mut blocks, text);
                        return Ok((blocks, end));
                    }
                    Directive::Plain(plain) => {
                        text.push_str(&plain);
                        continue;
                    }
                    Directive::None => None,
                },
                _ => None,
            };
            match found {
                Some(block) => {
                    push_text(&mut blocks, std::mem::take(&mut text));
                    blocks.push(block);
                }
                None => text.extend(self.cursor.next()),
            }
        }
        push_text(&mut blocks, text);
        Ok((blocks, Terminator::Text))
    }

    fn directive(&mut self) -> Parsed<Directive> {
        let start = self.cursor;
        if self.cursor.eat("##") {
            self.cursor.take(|letter| letter != '\n');
            self.cursor.eat("\n");
            return Ok(Directive::Nothing);
        }
        if self.cursor.eat("#*") {
            return self.until("*#").map(|_| Directive::Nothing);
        }
        if self.cursor.eat("#[[") {
            return self.until("]]#").map(Directive::Plain);
        }
        self.cursor.eat("#");
        let braced = self.cursor.eat("{");
        let Some(word) = self.cursor.name().map(str::to_owned) else {
            self.cursor = start;
            return Ok(Directive::None);
        };
        if braced {
            self.cursor.expect("}")?;
        }
        let ends = |end| Ok(Directive::Ends(end));
        let block = match word.as_str() {
            "set" => self.set()?,
            "if" => self.deeper(Self::condition)?,
            "foreach" => self.deeper(Self::foreach)?,
            "else" | "end" => {
                self.cursor.end_of_line();
                return ends(if word == "end" { Terminator::End } else { Terminator::Else });
            }
            "elseif" => return ends(Terminator::ElseIf),
            "break" => Block::Break,
            "stop" => Block::Stop,
            unsupported if UNSUPPORTED.contains(&unsupported) => {
                return Err(start.fault(format!("`#{unsupported}` is not supported here")));
            }
            // Any other word is text: a color, a heading.
            _ => {
                self.cursor = start;
                return Ok(Directive::None);
            }
        };
        if matches!(block, Block::Set { .. } | Block::Break | Block::Stop) {
            self.cursor.end_of_line();
        }
        Ok(Directive::Block(block))
    }

    /// The text before an end, which is passed.
    fn until(&mut self, end: &str) -> Parsed<String> {
        let Some(length) = self.cursor.rest().find(end) else {
            return Err(self.cursor.fault(format!("`{end}` is missing")));
        };
        let text = self.cursor.rest()[..length].to_owned();
        self.cursor.eat(&text);
        self.cursor.eat(end);
        Ok(text)
    }

    fn set(&mut self) -> Parsed<Block> {
        self.cursor.expect("(")?;
        self.cursor.blanks();
        let Some(target) = self.reference()? else {
            return Err(self.cursor.fault(format!("`#set` sets a reference, found {}", self.cursor.found())));
        };
        self.cursor.expect("=")?;
        let value = self.expression()?;
        self.cursor.expect(")")?;
        Ok(Block::Set { target, value })
    }

    fn condition(&mut self) -> Parsed<Block> {
        let mut branches = Vec::new();
        loop {
            self.cursor.expect("(")?;
            let condition = self.expression()?;
            self.cursor.expect(")")?;
            self.cursor.end_of_line();
            let (body, end) = self.blocks()?;
            branches.push((condition, body));
            let otherwise = match end {
                Terminator::ElseIf => continue,
                Terminator::End => Vec::new(),
                Terminator::Else => self.body("if")?,
                Terminator::Text => return Err(self.cursor.fault("`#end` is missing after `#if`")),
            };
            return Ok(Block::If { branches, otherwise });
        }
    }

    fn foreach(&mut self) -> Parsed<Block> {
        let line = self.cursor.line();
        self.cursor.expect("(")?;
        self.cursor.blanks();
        let Some(variable) = self.reference()?.filter(|variable| variable.steps.is_empty()) else {
            return Err(self.cursor.fault(format!("`#foreach` needs a variable, found {}", self.cursor.found())));
        };
        self.cursor.blanks();
        if !self.cursor.eat_word("in") {
            return Err(self.cursor.fault(format!("expected `in`, found {}", self.cursor.found())));
        }
        let list = self.expression()?;
        self.cursor.expect(")")?;
        self.cursor.end_of_line();
        let body = self.body("foreach")?;
        Ok(Block::Foreach { name: variable.name, list, body, line })
    }

    /// Blocks up to `#end`.
    fn body(&mut self, opened: &str) -> Parsed<Vec<Block>> {
        match self.blocks()? {
            (body, Terminator::End) => Ok(body),
            _ => Err(self.cursor.fault(format!("`#end` is missing after `#{opened}`"))),
        }
    }

    /// A reference, if one is next: a `$` alone is text.
    fn reference(&mut self) -> Parsed<Option<Reference>> {
        let start = self.cursor;
        if !self.cursor.eat("$") {
            return Ok(None);
        }
        let quiet = self.cursor.eat("!");
        let braced = self.cursor.eat("{");
        let Some(name) = self.cursor.name().map(str::to_owned) else {
            self.cursor = start;
            return Ok(None);
        };
        let steps = self.deeper(Self::steps)?;
        if braced {
            self.cursor.expect("}")?;
        }
        let source = self.cursor.since(start.at()).to_owned();
        Ok(Some(Reference { name, steps, quiet, source, line: start.line() }))
    }

    fn steps(&mut self) -> Parsed<Vec<Step>> {
        let mut steps = Vec::new();
        loop {
            let before = self.cursor;
            if self.cursor.eat(".") {
                // A full stop that ends a sentence belongs to the text.
                let Some(name) = self.cursor.name().map(str::to_owned) else {
                    self.cursor = before;
                    return Ok(steps);
                };
                steps.push(match self.cursor.eat("(") {
                    true => Step::Method(name, self.list(")")?),
                    false => Step::Property(name),
                });
            } else if self.cursor.eat("[") {
                let index = self.expression()?;
                self.cursor.expect("]")?;
                steps.push(Step::Index(index));
            } else {
                return Ok(steps);
            }
        }
    }

    /// Expressions between commas, and what ends them.
    fn list(&mut self, end: &str) -> Parsed<Vec<Expression>> {
        let mut items = Vec::new();
        self.cursor.blanks();
        if self.cursor.eat(end) {
            return Ok(items);
        }
        loop {
            items.push(self.expression()?);
            self.cursor.blanks();
            if self.cursor.eat(end) {
                return Ok(items);
            }
            self.cursor.expect(",")?;
        }
    }

    fn expression(&mut self) -> Parsed<Expression> {
        self.deeper(|parser| parser.binary(0))
    }

    /// Operators of one level of precedence, and what binds closer.
    fn binary(&mut self, level: usize) -> Parsed<Expression> {
        let Some(operators) = OPERATORS.get(level) else { return self.unary() };
        let mut left = self.binary(level + 1)?;
        loop {
            self.cursor.blanks();
            let line = self.cursor.line();
            let Some(operator) = operators.iter().find_map(|(text, operator)| {
                let found = match text.starts_with(|letter: char| letter.is_ascii_alphabetic()) {
                    true => self.cursor.eat_word(text),
                    false => self.cursor.eat(text),
                };
                found.then_some(*operator)
            }) else {
                return Ok(left);
            };
            let right = self.binary(level + 1)?;
            left = Expression::Binary { operator, left: Box::new(left), right: Box::new(right), line };
        }
    }

    fn unary(&mut self) -> Parsed<Expression> {
        self.cursor.blanks();
        if self.cursor.eat_word("not") || (!self.cursor.rest().starts_with("!=") && self.cursor.eat("!")) {
            return Ok(Expression::Not(Box::new(self.deeper(Self::unary)?)));
        }
        if self.cursor.eat("(") {
            let inner = self.expression()?;
            self.cursor.expect(")")?;
            return Ok(inner);
        }
        self.primary()
    }

    fn primary(&mut self) -> Parsed<Expression> {
        if let Some(reference) = self.reference()? {
            return Ok(Expression::Reference(reference));
        }
        let line = self.cursor.line();
        match self.cursor.peek() {
            Some('\'') => Ok(Expression::Literal(self.quoted('\'')?.into())),
            Some('"') => {
                let text = self.quoted('"')?;
                let depth = self.depth + 1;
                if depth > MAX_DEPTH {
                    return Err(self.cursor.fault(format!("nested more than {MAX_DEPTH} levels deep")));
                }
                Ok(Expression::Interpolated(part(&text, line, depth)?))
            }
            Some('[') => self.bracketed(),
            Some('{') => self.map(),
            Some(first) if first.is_ascii_digit() || first == '-' => self.number(),
            _ => {
                for (word, value) in [("true", Value::Bool(true)), ("false", Value::Bool(false)), ("null", Value::Null)]
                {
                    if self.cursor.eat_word(word) {
                        return Ok(Expression::Literal(value));
                    }
                }
                Err(self.cursor.fault(format!("expected a value, found {}", self.cursor.found())))
            }
        }
    }

    /// A text in quotes. Velocity has no escapes in it, but a doubled quote is one quote.
    fn quoted(&mut self, quote: char) -> Parsed<String> {
        let start = self.cursor;
        self.cursor.next();
        let mut text = String::new();
        while let Some(letter) = self.cursor.next() {
            if letter != quote {
                text.push(letter);
            } else if self.cursor.peek() == Some(quote) {
                text.extend(self.cursor.next());
            } else {
                return Ok(text);
            }
        }
        Err(start.fault("the text has no closing quote"))
    }

    fn bracketed(&mut self) -> Parsed<Expression> {
        self.cursor.eat("[");
        self.cursor.blanks();
        if self.cursor.eat("]") {
            return Ok(Expression::List(Vec::new()));
        }
        let first = self.expression()?;
        self.cursor.blanks();
        if self.cursor.eat("..") {
            let last = self.expression()?;
            self.cursor.expect("]")?;
            return Ok(Expression::Range(Box::new(first), Box::new(last)));
        }
        let mut items = vec![first];
        if !self.cursor.eat("]") {
            self.cursor.expect(",")?;
            items.extend(self.list("]")?);
        }
        Ok(Expression::List(items))
    }

    fn map(&mut self) -> Parsed<Expression> {
        self.cursor.eat("{");
        let mut entries = Vec::new();
        self.cursor.blanks();
        if self.cursor.eat("}") {
            return Ok(Expression::Map(entries));
        }
        loop {
            let key = self.expression()?;
            self.cursor.expect(":")?;
            entries.push((key, self.expression()?));
            self.cursor.blanks();
            if self.cursor.eat("}") {
                return Ok(Expression::Map(entries));
            }
            self.cursor.expect(",")?;
        }
    }

    fn number(&mut self) -> Parsed<Expression> {
        let start = self.cursor;
        self.cursor.eat("-");
        self.cursor.take(|letter| letter.is_ascii_digit());
        let fraction =
            self.cursor.rest().strip_prefix('.').is_some_and(|rest| rest.starts_with(|c: char| c.is_ascii_digit()));
        if fraction {
            self.cursor.eat(".");
            self.cursor.take(|letter| letter.is_ascii_digit());
        }
        let text = self.cursor.since(start.at());
        let value = if fraction {
            text.parse::<f64>().ok().map(Value::from)
        } else {
            text.parse::<i64>().ok().map(Value::from)
        };
        value.map(Expression::Literal).ok_or_else(|| start.fault(format!("`{text}` is not a number")))
    }
}

/// The operators, from those that bind least. Of two that begin alike, the longer stands first.
const OPERATORS: [&[(&str, Operator)]; 6] = [
    &[("||", Operator::Or), ("or", Operator::Or)],
    &[("&&", Operator::And), ("and", Operator::And)],
    &[("==", Operator::Equal), ("eq", Operator::Equal), ("!=", Operator::Unequal), ("ne", Operator::Unequal)],
    &[
        ("<=", Operator::AtMost),
        ("le", Operator::AtMost),
        (">=", Operator::AtLeast),
        ("ge", Operator::AtLeast),
        ("<", Operator::Less),
        ("lt", Operator::Less),
        (">", Operator::Greater),
        ("gt", Operator::Greater),
    ],
    &[("+", Operator::Add), ("-", Operator::Subtract)],
    &[("*", Operator::Multiply), ("/", Operator::Divide), ("%", Operator::Remainder)],
];

/// What a `#` begins.
enum Directive {
    Block(Block),
    Ends(Terminator),
    Plain(String),
    Nothing,
    /// No directive: it is text.
    None,
}

fn push_text(blocks: &mut Vec<Block>, text: String) {
    if !text.is_empty() {
        blocks.push(Block::Text(text));
    }
}
