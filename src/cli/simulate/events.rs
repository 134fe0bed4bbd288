//! Events out of files.

use std::io::{BufRead, BufReader, Read};
use std::path::Path;

use serde_json::Value;

use crate::diagnostic::Diagnostic;
use crate::source::{Fault, Source, open_regular, plain};

use super::super::failure::Failure;
use super::super::json;

/// The longest line that is read: four times the largest event that EventBridge takes.
const MAX_LINE: u64 = 4 << 20;

/// What is wrong with what should be an event.
pub(super) fn fault(event: &Value) -> Option<(&'static str, &'static str)> {
    const HELP: &str = "an event needs `source`, `detail-type` and `detail`";
    if event.get("Records").is_some_and(Value::is_array) {
        return Some((
            "this is a notification that S3 sends to queues, topics and functions, not an event of EventBridge",
            HELP,
        ));
    }
    if !event.is_object() {
        return Some(("an event is a JSON object", HELP));
    }
    let missing = [("source", "the event has no `source`"), ("detail-type", "the event has no `detail-type`")];
    if let Some((_, message)) = missing.iter().find(|(field, _)| !event[*field].is_string()) {
        return Some((message, HELP));
    }
    (!event["detail"].is_object()).then_some(("the event has no `detail`, which is an object", HELP))
}

/// The event of a file, or the events of a list in it.
pub(super) fn file(path: &Path) -> Result<Vec<Value>, Failure> {
    let source = Source::read_up_to(path, MAX_LINE as usize).map_err(Failure::spec)?;
    let value = json::value(&source)?;
    let events = match value {
        Value::Array(events) => events,
        event => vec![event],
    };
    match events.iter().find_map(fault) {
        None => Ok(events),
        Some((message, help)) => Err(Failure::spec((source, Fault::new(message).help(help)))),
    }
}

/// A line of a file of events.
pub(super) struct Line {
    /// Its number, from 1.
    pub(super) number: u64,
    /// Its event, or why it has none.
    pub(super) event: Result<Value, String>,
    /// How many bytes were read up to its end.
    pub(super) read: u64,
}

/// The lines of a file of events, one after the other: only one is in memory.
pub(super) struct Lines {
    reader: Box<dyn BufRead>,
    number: u64,
    read: u64,
    buffer: Vec<u8>,
}

impl Lines {
    /// Opens a file, or the standard input for `-`; with its length, if that is known.
    pub(super) fn open(path: &Path) -> Result<(Self, Option<u64>), Failure> {
        let (reader, length): (Box<dyn BufRead>, _) = if path.as_os_str() == "-" {
            (Box::new(BufReader::new(std::io::stdin())), None)
        } else {
            let opened = open_regular(path).and_then(|file| Ok((file.metadata()?.len(), file)));
            let (length, file) = opened.map_err(|error| unreadable(path, &error))?;
            (Box::new(BufReader::with_capacity(1 << 16, file)), Some(length))
        };
        Ok((Self { reader, number: 0, read: 0, buffer: Vec::new() }, length))
    }

    /// The next line that is not empty.
    pub(super) fn next(&mut self) -> Result<Option<Line>, std::io::Error> {
        loop {
            self.buffer.clear();
            let read = (&mut self.reader).take(MAX_LINE).read_until(b'\n', &mut self.buffer)?;
            if read == 0 {
                return Ok(None);
            }
            self.number += 1;
            self.read += read as u64;
            if read as u64 == MAX_LINE && self.buffer.last() != Some(&b'\n') {
                self.skip_rest()?;
                let event = Err(format!("the line is longer than the limit of {MAX_LINE} bytes"));
                return Ok(Some(Line { number: self.number, event, read: self.read }));
            }
            let text = self.buffer.trim_ascii();
            let text = if self.number == 1 { text.strip_prefix(b"\xef\xbb\xbf").unwrap_or(text) } else { text };
            if !text.is_empty() {
                return Ok(Some(Line { number: self.number, event: parsed(text), read: self.read }));
            }
        }
    }

    fn skip_rest(&mut self) -> Result<(), std::io::Error> {
        loop {
            let available = self.reader.fill_buf()?;
            let (skipped, done) = match available.iter().position(|byte| *byte == b'\n') {
                Some(at) => (at + 1, true),
                None => (available.len(), available.is_empty()),
            };
            self.reader.consume(skipped);
            self.read += skipped as u64;
            if done {
                return Ok(());
            }
        }
    }
}

fn parsed(text: &[u8]) -> Result<Value, String> {
    let event: Value = serde_json::from_slice(text).map_err(|error| {
        let text = error.to_string();
        let reason = text.split(" at line ").next().unwrap_or_default();
        format!("column {}: not JSON: {reason}", error.column())
    })?;
    match fault(&event) {
        None => Ok(event),
        Some((message, _)) => Err(message.to_owned()),
    }
}

pub(super) fn unreadable(path: &Path, error: &std::io::Error) -> Failure {
    let diagnostic = Diagnostic::error(format!("cannot read `{}`: {}", path.display(), plain(error)));
    let is_pipe = std::fs::metadata(path).is_ok_and(|metadata| !metadata.is_file() && !metadata.is_dir());
    Failure::new(if is_pipe {
        diagnostic.help("`-` reads the standard input, which may be a pipe")
    } else {
        diagnostic
    })
}
