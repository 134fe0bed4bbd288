use crate::source::parsed::MAX_FAULTS;
use crate::source::{Fault, Span};

/// Where reading is in a JSON text, and what was wrong before.
pub(super) struct Cursor<'a> {
    pub(super) text: &'a str,
    pub(super) at: usize,
    pub(super) faults: Vec<Fault>,
}

impl Cursor<'_> {
    pub(super) fn peek(&self) -> Option<u8> {
        self.text.as_bytes().get(self.at).copied()
    }

    pub(super) fn fault(&self, message: impl Into<String>, length: usize) -> Fault {
        let end = self.text.ceil_char_boundary((self.at + length).min(self.text.len()));
        Fault::new(message).at(Span { start: self.at, end })
    }

    pub(super) fn note(&mut self, fault: Fault) -> Result<(), Fault> {
        if self.faults.len() >= MAX_FAULTS {
            return Err(
                Fault::new("there is more wrong with this JSON than is listed").at(fault.span.unwrap_or_default())
            );
        }
        self.faults.push(fault);
        Ok(())
    }

    /// Passes white space, and comments, which are a fault.
    pub(super) fn space(&mut self) -> Result<(), Fault> {
        loop {
            while matches!(self.peek(), Some(b' ' | b'\t' | b'\n' | b'\r')) {
                self.at += 1;
            }
            let rest = &self.text[self.at..];
            let length = if rest.starts_with("//") || rest.starts_with('#') {
                rest.find('\n').unwrap_or(rest.len())
            } else if rest.starts_with("/*") {
                rest.find("*/").map_or(rest.len(), |at| at + 2)
            } else {
                return Ok(());
            };
            let fault = self.fault("JSON has no comments", length).help("a state's `Comment` field can hold it");
            self.note(fault)?;
            self.at += length;
        }
    }
}
