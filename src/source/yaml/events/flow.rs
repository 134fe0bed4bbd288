//! Lists and mappings in brackets.

use super::{Event, Events, Properties, State, named};
use crate::source::Span;
use crate::source::yaml::cursor::{Result, fault};
use crate::source::yaml::scan::Token;

impl Events<'_> {
    pub(super) fn flow_entry(&mut self, first: bool) -> Result<(Event, Span)> {
        if *self.peek()? == Token::FlowSequenceEnd {
            return self.end();
        }
        if !first {
            self.separator("`]`")?;
        }
        match self.peek()? {
            Token::FlowSequenceEnd => self.end(),
            Token::Key => {
                let span = self.scanner.next()?.1;
                self.state = State::PairKey;
                Ok((Event::MappingStart(Properties::default()), span))
            }
            // A value without a key.
            Token::Value => {
                let span = self.peek_span()?;
                self.state = State::PairKey;
                Ok((Event::MappingStart(Properties::default()), Span { start: span.start, end: span.start }))
            }
            _ => {
                self.after.push(State::FlowEntry);
                self.node(false, false)
            }
        }
    }

    pub(super) fn pair_key(&mut self) -> Result<(Event, Span)> {
        if matches!(self.peek()?, Token::Value | Token::FlowEntry | Token::FlowSequenceEnd) {
            self.state = State::PairValue;
            return self.empty_here();
        }
        self.after.push(State::PairValue);
        self.node(false, false)
    }

    pub(super) fn pair_value(&mut self) -> Result<(Event, Span)> {
        self.state = State::PairEnd;
        if *self.peek()? != Token::Value {
            return self.empty_here();
        }
        self.scanner.next()?;
        if matches!(self.peek()?, Token::FlowEntry | Token::FlowSequenceEnd) {
            return self.empty_here();
        }
        self.after.push(State::PairEnd);
        self.node(false, false)
    }

    pub(super) fn flow_key(&mut self, first: bool) -> Result<(Event, Span)> {
        if *self.peek()? == Token::FlowMappingEnd {
            return self.end();
        }
        if !first {
            self.separator("`}`")?;
        }
        match self.peek()? {
            Token::FlowMappingEnd => self.end(),
            Token::Key => {
                self.scanner.next()?;
                if matches!(self.peek()?, Token::Value | Token::FlowEntry | Token::FlowMappingEnd) {
                    self.state = State::FlowValue;
                    return self.empty_here();
                }
                self.after.push(State::FlowValue);
                self.node(false, false)
            }
            // A value without a key.
            Token::Value => {
                self.state = State::FlowValue;
                self.empty_here()
            }
            // A key without a value.
            _ => {
                self.after.push(State::FlowEmptyValue);
                self.node(false, false)
            }
        }
    }

    pub(super) fn flow_value(&mut self) -> Result<(Event, Span)> {
        self.state = State::FlowKey;
        if *self.peek()? != Token::Value {
            return self.empty_here();
        }
        self.scanner.next()?;
        if matches!(self.peek()?, Token::FlowEntry | Token::FlowMappingEnd) {
            return self.empty_here();
        }
        self.after.push(State::FlowKey);
        self.node(false, false)
    }

    /// Takes the comma between two values in brackets.
    pub(super) fn separator(&mut self, end: &str) -> Result<()> {
        if *self.peek()? == Token::FlowEntry {
            self.scanner.next()?;
            return Ok(());
        }
        let (token, span) = self.scanner.peek()?.clone();
        let open = self.open.last().copied().unwrap_or(span);
        Err(match token {
            Token::StreamEnd => fault(&format!("{end} is missing"), open),
            token => fault(&format!("a comma or {end} was expected here, found {}", named(&token)), span),
        })
    }
}
