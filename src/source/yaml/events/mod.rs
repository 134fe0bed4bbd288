//! Tokens into events: where scalars, lists and mappings begin and end. The grammar's states are kept on a stack, so depth costs no
//! call stack.

mod block;
mod flow;

use super::cursor::{Result, fault};
use super::scalar::Style;
use super::scan::{Scanner, Token};
use super::schema::CORE;
use crate::source::Span;

/// What stands before a value: its anchor and its tag, the latter in full.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(super) struct Properties {
    pub(super) anchor: Option<String>,
    pub(super) tag: Option<String>,
}

/// What a document is made of.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Event {
    DocumentStart,
    Scalar(String, Style, Properties),
    SequenceStart(Properties),
    MappingStart(Properties),
    /// The end of the list or mapping that was begun last.
    End,
    Alias(String),
}

/// What is expected next.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum State {
    Document {
        explicit: bool,
    },
    DocumentContent,
    DocumentEnd,
    BlockEntryFirst,
    BlockEntry,
    IndentlessEntry,
    BlockKeyFirst,
    BlockKey,
    BlockValue,
    FlowEntryFirst,
    FlowEntry,
    /// A mapping of one key that stands in a list without braces.
    PairKey,
    PairValue,
    PairEnd,
    FlowKeyFirst,
    FlowKey,
    FlowValue,
    FlowEmptyValue,
    Finished,
}

/// Reads a YAML text event by event.
pub(super) struct Events<'a> {
    scanner: Scanner<'a>,
    state: State,
    /// What is expected behind the values that are open.
    after: Vec<State>,
    /// Where the open lists and mappings begin.
    open: Vec<Span>,
    /// What tags' handles stand for.
    handles: Vec<(String, String)>,
}

impl<'a> Events<'a> {
    pub(super) fn new(text: &'a str) -> Self {
        Self {
            scanner: Scanner::new(text),
            state: State::Document { explicit: false },
            after: Vec::new(),
            open: Vec::new(),
            handles: Vec::new(),
        }
    }

    /// The next event; `None` at the end.
    pub(super) fn next(&mut self) -> Result<Option<(Event, Span)>> {
        if self.state == State::Finished {
            return Ok(None);
        }
        match self.state {
            State::Finished => Ok(None),
            State::Document { explicit } => self.document(explicit),
            State::DocumentContent => self.document_content().map(Some),
            State::DocumentEnd => self.document_end(),
            State::BlockEntryFirst => {
                self.begin()?;
                self.block_entry().map(Some)
            }
            State::BlockEntry => self.block_entry().map(Some),
            State::IndentlessEntry => self.indentless_entry().map(Some),
            State::BlockKeyFirst => {
                self.begin()?;
                self.block_key().map(Some)
            }
            State::BlockKey => self.block_key().map(Some),
            State::BlockValue => self.block_value().map(Some),
            State::FlowEntryFirst => {
                self.begin()?;
                self.flow_entry(true).map(Some)
            }
            State::FlowEntry => self.flow_entry(false).map(Some),
            State::PairKey => self.pair_key().map(Some),
            State::PairValue => self.pair_value().map(Some),
            State::PairEnd => {
                self.state = State::FlowEntry;
                let span = self.scanner.peek()?.1;
                Ok(Some((Event::End, Span { start: span.start, end: span.start })))
            }
            State::FlowKeyFirst => {
                self.begin()?;
                self.flow_key(true).map(Some)
            }
            State::FlowKey => self.flow_key(false).map(Some),
            State::FlowValue => self.flow_value().map(Some),
            State::FlowEmptyValue => {
                self.state = State::FlowKey;
                self.empty_here().map(Some)
            }
        }
    }

    fn peek(&mut self) -> Result<&Token> {
        Ok(&self.scanner.peek()?.0)
    }

    fn peek_span(&mut self) -> Result<Span> {
        Ok(self.scanner.peek()?.1)
    }

    /// Takes the token that begins a list or mapping.
    fn begin(&mut self) -> Result<()> {
        let span = self.scanner.next()?.1;
        self.open.push(span);
        Ok(())
    }

    /// Takes the token that ends a list or mapping.
    fn end(&mut self) -> Result<(Event, Span)> {
        let span = self.scanner.next()?.1;
        self.open.pop();
        self.leave();
        Ok((Event::End, span))
    }

    fn leave(&mut self) {
        self.state = self.after.pop().unwrap_or(State::Finished);
    }

    fn empty(at: usize) -> (Event, Span) {
        (Event::Scalar(String::new(), Style::Plain, Properties::default()), Span { start: at, end: at })
    }

    fn empty_here(&mut self) -> Result<(Event, Span)> {
        Ok(Self::empty(self.peek_span()?.start))
    }

    // Documents.

    fn document(&mut self, explicit: bool) -> Result<Option<(Event, Span)>> {
        while explicit && *self.peek()? == Token::DocumentEnd {
            self.scanner.next()?;
        }
        self.handles.clear();
        let mut directed = false;
        while let Token::TagDirective(handle, prefix) = self.peek()?.clone() {
            self.handles.push((handle, prefix));
            self.scanner.next()?;
            directed = true;
        }
        let (token, span) = self.scanner.peek()?.clone();
        match token {
            Token::StreamEnd => {
                self.state = State::Finished;
                Ok(None)
            }
            Token::DocumentStart => {
                self.scanner.next()?;
                self.after.push(State::DocumentEnd);
                self.state = State::DocumentContent;
                Ok(Some((Event::DocumentStart, span)))
            }
            Token::DocumentEnd if !explicit => {
                self.scanner.next()?;
                self.state = State::Document { explicit: true };
                self.document(true)
            }
            _ if directed => Err(fault("`---` was expected behind the directives", span)),
            token if explicit => {
                let message = format!("{} cannot stand here, behind the end of the document", named(&token));
                Err(fault(&message, span).help("what belongs together is indented alike"))
            }
            _ => {
                self.after.push(State::DocumentEnd);
                self.state = State::DocumentContent;
                Ok(Some((Event::DocumentStart, Span { start: span.start, end: span.start })))
            }
        }
    }

    fn document_content(&mut self) -> Result<(Event, Span)> {
        match self.peek()? {
            Token::DocumentStart | Token::DocumentEnd | Token::TagDirective(..) | Token::StreamEnd => {
                self.leave();
                self.empty_here()
            }
            _ => self.block_node(false),
        }
    }

    fn document_end(&mut self) -> Result<Option<(Event, Span)>> {
        self.state = State::Document { explicit: true };
        self.next()
    }

    // Values.

    fn block_node(&mut self, indentless: bool) -> Result<(Event, Span)> {
        self.node(true, indentless)
    }

    fn node(&mut self, block: bool, indentless: bool) -> Result<(Event, Span)> {
        if let Token::Alias(name) = self.peek()? {
            let name = name.clone();
            let span = self.scanner.next()?.1;
            self.leave();
            return Ok((Event::Alias(name), span));
        }
        let first = self.peek_span()?.start;
        let (properties, behind) = self.properties()?;
        let span = self.peek_span()?;
        let empty = Span { start: span.start, end: span.start };
        let (event, state) = match self.peek()? {
            Token::BlockEntry if indentless => {
                self.state = State::IndentlessEntry;
                return Ok((Event::SequenceStart(properties), empty));
            }
            Token::Scalar(..) => {
                let (Token::Scalar(text, style), span) = self.scanner.next()? else {
                    return Err(fault("a value was expected here", span));
                };
                self.leave();
                return Ok((Event::Scalar(text, style, properties), Span { start: first, ..span }));
            }
            Token::FlowSequenceStart => (Event::SequenceStart(properties), State::FlowEntryFirst),
            Token::FlowMappingStart => (Event::MappingStart(properties), State::FlowKeyFirst),
            Token::BlockSequenceStart if block => (Event::SequenceStart(properties), State::BlockEntryFirst),
            Token::BlockMappingStart if block => (Event::MappingStart(properties), State::BlockKeyFirst),
            token => {
                // A tag or an anchor without a value stands for an empty one.
                if let Some(end) = behind {
                    self.leave();
                    let span = Span { start: first, end };
                    return Ok((Event::Scalar(String::new(), Style::Plain, properties), span));
                }
                let message = format!("a value was expected here, found {}", named(token));
                return Err(fault(&message, span));
            }
        };
        self.state = state;
        Ok((event, span))
    }

    /// The anchor and the tag of the next value, and where they end.
    fn properties(&mut self) -> Result<(Properties, Option<usize>)> {
        let mut properties = Properties::default();
        let mut end = None;
        loop {
            let span = self.peek_span()?;
            match self.peek()?.clone() {
                Token::Anchor(name) if properties.anchor.is_none() => properties.anchor = Some(name),
                Token::Tag(handle, suffix) if properties.tag.is_none() => {
                    properties.tag = Some(self.full(&handle, &suffix, span)?);
                }
                _ => return Ok((properties, end)),
            }
            end = Some(span.end);
            self.scanner.next()?;
        }
    }

    fn full(&self, handle: &str, suffix: &str, span: Span) -> Result<String> {
        if let Some((_, prefix)) = self.handles.iter().find(|(known, _)| known == handle) {
            return Ok(format!("{prefix}{suffix}"));
        }
        match handle {
            "" => Ok(suffix.to_owned()),
            "!" => Ok(format!("!{suffix}")),
            "!!" => Ok(format!("{CORE}{suffix}")),
            other => Err(fault(&format!("no `%TAG` says what `{other}` stands for"), span)),
        }
    }

    /// The next token cannot stand in the list or mapping that is open.
    fn misplaced(&mut self, expected: &str) -> Result<(Event, Span)> {
        let (token, span) = self.scanner.peek()?.clone();
        Err(fault(&format!("{expected} was expected here, found {}", named(&token)), span)
            .help("what belongs together is indented alike"))
    }
}

/// What a token is, in words.
fn named(token: &Token) -> &'static str {
    match token {
        Token::StreamEnd => "the end of the file",
        Token::DocumentStart | Token::DocumentEnd | Token::TagDirective(..) => "the end of the document",
        Token::BlockSequenceStart | Token::BlockEntry => "a list",
        Token::BlockMappingStart | Token::Key => "a key",
        Token::BlockEnd => "the end of the indented lines",
        Token::FlowSequenceStart => "`[`",
        Token::FlowSequenceEnd => "`]`",
        Token::FlowMappingStart => "`{`",
        Token::FlowMappingEnd => "`}`",
        Token::FlowEntry => "a comma",
        Token::Value => "a colon",
        Token::Alias(_) => "an alias",
        Token::Anchor(_) => "an anchor",
        Token::Tag(..) => "a tag",
        Token::Scalar(..) => "a value",
    }
}
