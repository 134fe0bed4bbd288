use super::ast::{DocumentPath, Element, ValueRef};
use super::lexer::{Token, TokenKind, tokens};
use super::references::{Reference, References};
use super::{ExpressionError, ExpressionFault, ExpressionKind, MAX_BYTES, MAX_DEPTH, MAX_OPERATORS, MAX_PATH_DEPTH};
use crate::source::Span;

/// The highest index that a list can have in a path: as DynamoDB's own message has it.
const MAX_INDEX_DIGITS: usize = 10;

/// A place in an expression's tokens, and what was referred to before it.
pub(super) struct Cursor<'t> {
    kind: ExpressionKind,
    text: &'t str,
    tokens: Vec<Token<'t>>,
    at: usize,
    operators: usize,
    depth: usize,
    references: References,
}

impl<'t> Cursor<'t> {
    pub(super) fn new(kind: ExpressionKind, text: &'t str) -> Result<Self, ExpressionError> {
        let whole = Span { start: 0, end: text.len() };
        if text.len() > MAX_BYTES {
            return Err(ExpressionError { kind, fault: ExpressionFault::TooLong(text.len()), span: whole });
        }
        let tokens = tokens(text);
        if tokens.is_empty() {
            return Err(ExpressionError { kind, fault: ExpressionFault::Empty, span: whole });
        }
        Ok(Self { kind, text, tokens, at: 0, operators: 0, depth: 0, references: References::default() })
    }

    /// The text of the whole expression.
    pub(super) fn text(&self) -> &'t str {
        self.text
    }

    /// The token that comes next.
    pub(super) fn peek(&self) -> Option<Token<'t>> {
        self.tokens.get(self.at).copied()
    }

    /// The token after that.
    pub(super) fn peek_second(&self) -> Option<Token<'t>> {
        self.tokens.get(self.at + 1).copied()
    }

    /// Takes the next token.
    pub(super) fn advance(&mut self) {
        self.at += 1;
    }

    /// Where the next token starts.
    pub(super) fn start(&self) -> usize {
        self.peek().map_or(self.text.len(), |token| token.start)
    }

    /// From `start` to the end of the token before the next.
    pub(super) fn since(&self, start: usize) -> Span {
        let last = self.at.checked_sub(1).and_then(|at| self.tokens.get(at));
        Span { start, end: last.map_or(start, Token::end) }
    }

    /// Whether `sign` comes next.
    pub(super) fn at_sign(&self, sign: &str) -> bool {
        self.peek().is_some_and(|token| token.kind == TokenKind::Sign && token.text == sign)
    }

    /// Whether the keyword comes next, in letters of any case.
    pub(super) fn at_keyword(&self, keyword: &str) -> bool {
        self.peek().is_some_and(|token| token.kind == TokenKind::Word && token.text.eq_ignore_ascii_case(keyword))
    }

    /// Takes the sign if it comes next.
    pub(super) fn take(&mut self, sign: &str) -> bool {
        let found = self.at_sign(sign);
        self.at += usize::from(found);
        found
    }

    /// Takes the keyword if it comes next.
    pub(super) fn take_keyword(&mut self, keyword: &str) -> bool {
        let found = self.at_keyword(keyword);
        self.at += usize::from(found);
        found
    }

    /// Takes the sign, which must come next.
    pub(super) fn expect(&mut self, sign: &str, expected: &'static str) -> Result<(), ExpressionError> {
        if self.take(sign) { Ok(()) } else { Err(self.unexpected(expected)) }
    }

    /// The fault that the next token is not `expected`.
    pub(super) fn unexpected(&self, expected: &'static str) -> ExpressionError {
        let token = self.peek();
        let first = self.tokens.get(self.at.saturating_sub(1)).map_or(0, |token| token.start);
        let last = self.tokens.get(self.at + 1).or(self.tokens.last()).map_or(self.text.len(), Token::end);
        let end = self.text.len();
        ExpressionError {
            kind: self.kind,
            fault: ExpressionFault::Syntax {
                token: token.map(|token| token.text.to_owned()).unwrap_or_default(),
                near: self.text.get(first..last).unwrap_or_default().to_owned(),
                expected,
            },
            span: token.map_or(Span { start: end, end }, |token| token.span()),
        }
    }

    /// A fault in a place.
    pub(super) fn fault(&self, fault: ExpressionFault, span: Span) -> ExpressionError {
        ExpressionError { kind: self.kind, fault, span }
    }

    /// Counts an operator or a function.
    pub(super) fn count(&mut self, span: Span) -> Result<(), ExpressionError> {
        self.operators += 1;
        if self.operators > MAX_OPERATORS {
            return Err(self.fault(ExpressionFault::TooManyOperators(self.operators), span));
        }
        Ok(())
    }

    /// Reads what parentheses, a `NOT` or a function's operands hold, if it isn't too deep in others.
    pub(super) fn within<T>(
        &mut self,
        read: impl FnOnce(&mut Self) -> Result<T, ExpressionError>,
    ) -> Result<T, ExpressionError> {
        if self.depth == MAX_DEPTH {
            let span = self.peek().map_or(Span { start: self.text.len(), end: self.text.len() }, |token| token.span());
            return Err(self.fault(ExpressionFault::TooDeep(MAX_DEPTH), span));
        }
        self.depth += 1;
        let found = read(self);
        self.depth -= 1;
        found
    }

    /// What the expression refers to, if nothing is left of it.
    pub(super) fn finish(self) -> Result<References, ExpressionError> {
        match self.peek() {
            Some(_) => Err(self.unexpected("the end of the expression")),
            None => Ok(self.references),
        }
    }

    /// Whether a document path comes next.
    pub(super) fn at_path(&self) -> bool {
        self.peek().is_some_and(|token| matches!(token.kind, TokenKind::Word | TokenKind::Name))
    }

    /// Reads a document path: `a.b[0].#c`.
    pub(super) fn path(&mut self) -> Result<DocumentPath, ExpressionError> {
        let start = self.start();
        let mut elements = vec![self.name()?];
        loop {
            if self.take(".") {
                elements.push(self.name()?);
            } else if self.take("[") {
                elements.push(self.index()?);
                self.expect("]", "`]`")?;
            } else {
                break;
            }
        }
        let span = self.since(start);
        if elements.len() > MAX_PATH_DEPTH {
            return Err(self.fault(ExpressionFault::PathTooDeep(elements.len()), span));
        }
        Ok(DocumentPath { elements, span })
    }

    fn name(&mut self) -> Result<Element, ExpressionError> {
        let token = self.peek().filter(|token| matches!(token.kind, TokenKind::Word | TokenKind::Name));
        let Some(token) = token else { return Err(self.unexpected("the name of an attribute, or a #name")) };
        self.advance();
        let text = token.text.to_owned();
        let reference = Reference { name: text.clone(), span: token.span() };
        if token.kind == TokenKind::Word {
            self.references.attributes.push(reference);
            return Ok(Element::Attribute(text));
        }
        self.references.names.push(reference);
        Ok(Element::Name(text))
    }

    fn index(&mut self) -> Result<Element, ExpressionError> {
        let token = self.peek().filter(|token| token.kind == TokenKind::Number);
        let Some(token) = token else { return Err(self.unexpected("the number of an element")) };
        self.advance();
        match token.text.parse() {
            Ok(index) if token.text.len() <= MAX_INDEX_DIGITS => Ok(Element::Index(index)),
            _ => Err(self.fault(ExpressionFault::Index(token.text.to_owned()), token.span())),
        }
    }

    /// Reads a `:value`.
    pub(super) fn value(&mut self) -> Result<ValueRef, ExpressionError> {
        let token = self.peek().filter(|token| token.kind == TokenKind::Value);
        let Some(token) = token else { return Err(self.unexpected("a :value")) };
        self.advance();
        let reference = Reference { name: token.text.to_owned(), span: token.span() };
        self.references.values.push(reference.clone());
        Ok(ValueRef { name: reference.name, span: reference.span })
    }
}
