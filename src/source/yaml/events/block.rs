//! Lists and mappings by indentation.

use super::{Event, Events, State};
use crate::source::Span;
use crate::source::yaml::cursor::Result;
use crate::source::yaml::scan::Token;

impl Events<'_> {
    pub(super) fn block_entry(&mut self) -> Result<(Event, Span)> {
        match self.peek()? {
            Token::BlockEntry => {
                let end = self.scanner.next()?.1.end;
                if matches!(self.peek()?, Token::BlockEntry | Token::BlockEnd) {
                    self.state = State::BlockEntry;
                    return Ok(Self::empty(end));
                }
                self.after.push(State::BlockEntry);
                self.block_node(false)
            }
            Token::BlockEnd => self.end(),
            _ => self.misplaced("a list's next value (`- `)"),
        }
    }

    pub(super) fn indentless_entry(&mut self) -> Result<(Event, Span)> {
        if *self.peek()? != Token::BlockEntry {
            let span = self.peek_span()?;
            self.leave();
            return Ok((Event::End, Span { start: span.start, end: span.start }));
        }
        let end = self.scanner.next()?.1.end;
        if matches!(self.peek()?, Token::BlockEntry | Token::Key | Token::Value | Token::BlockEnd) {
            self.state = State::IndentlessEntry;
            return Ok(Self::empty(end));
        }
        self.after.push(State::IndentlessEntry);
        self.block_node(false)
    }

    pub(super) fn block_key(&mut self) -> Result<(Event, Span)> {
        match self.peek()? {
            Token::Key => {
                let end = self.scanner.next()?.1.end;
                if matches!(self.peek()?, Token::Key | Token::Value | Token::BlockEnd) {
                    self.state = State::BlockValue;
                    return Ok(Self::empty(end));
                }
                self.after.push(State::BlockValue);
                self.block_node(true)
            }
            // A value without a key.
            Token::Value => {
                self.state = State::BlockValue;
                self.empty_here()
            }
            Token::BlockEnd => self.end(),
            _ => self.misplaced("a key"),
        }
    }

    pub(super) fn block_value(&mut self) -> Result<(Event, Span)> {
        if *self.peek()? != Token::Value {
            self.state = State::BlockKey;
            return self.empty_here();
        }
        let end = self.scanner.next()?.1.end;
        if matches!(self.peek()?, Token::Key | Token::Value | Token::BlockEnd) {
            self.state = State::BlockKey;
            return Ok(Self::empty(end));
        }
        self.after.push(State::BlockKey);
        self.block_node(true)
    }
}
