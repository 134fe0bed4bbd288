//! The connection to an editor over the standard input and output.

use std::io::{self, BufRead, Read, Write};
use std::thread::{self, JoinHandle};

use lsp_server::{Connection, Message};
use serde::de::IgnoredAny;

/// The longest message that is read, in bytes. A file of 1 MB that is sent as a whole is far below it.
const LONGEST: u64 = 64 << 20;

/// The longest header of a message, in bytes.
const LONGEST_HEADER: u64 = 8 << 10;

/// The threads that read and write for a [`stdio`] connection.
#[derive(Debug)]
pub struct Threads {
    reader: JoinHandle<io::Result<()>>,
    writer: JoinHandle<io::Result<()>>,
}

impl Threads {
    /// Waits until everything is written, after the editor has asked the server to exit.
    ///
    /// # Errors
    /// A message could not be read or written.
    pub fn join(self) -> io::Result<()> {
        ended(self.reader)?;
        ended(self.writer)
    }

    /// What was wrong with the input, if that is why it ended. Does not wait for an editor that says nothing more.
    ///
    /// # Errors
    /// A message could not be read.
    pub fn fault(self) -> io::Result<()> {
        if self.reader.is_finished() { ended(self.reader) } else { Ok(()) }
    }
}

fn ended(thread: JoinHandle<io::Result<()>>) -> io::Result<()> {
    thread.join().unwrap_or_else(|_| Err(io::Error::other("a thread of the connection ended unexpectedly")))
}

/// Connects to the editor that started this process. Unlike [`Connection::stdio`], it reserves no memory for a message that has not
/// come yet, and refuses one of more than 64 MiB.
pub fn stdio() -> (Connection, Threads) {
    let (server, editor) = Connection::memory();
    let Connection { sender, receiver } = editor;
    let reader = thread::spawn(move || {
        let mut input = io::stdin().lock();
        while let Some(message) = read(&mut input)? {
            let last = matches!(&message, Message::Notification(note) if note.method == "exit");
            if sender.send(message).is_err() || last {
                break;
            }
        }
        Ok(())
    });
    let writer = thread::spawn(move || {
        let mut output = io::stdout().lock();
        receiver.into_iter().try_for_each(|message| message.write(&mut output))?;
        output.flush()
    });
    (server, Threads { reader, writer })
}

/// The next message; none at the end of the input.
fn read(input: &mut impl BufRead) -> io::Result<Option<Message>> {
    let mut text = Vec::new();
    let mut length = None;
    loop {
        let start = text.len();
        let left = LONGEST_HEADER.saturating_sub(start as u64);
        if input.take(left).read_until(b'\n', &mut text)? == 0 {
            return if text.is_empty() { Ok(None) } else { Err(refused("the header of a message does not end")) };
        }
        let line = String::from_utf8_lossy(&text[start..]);
        let line = line.trim_end();
        if line.is_empty() {
            break;
        }
        let Some((name, value)) = line.split_once(':') else {
            return Err(refused(
                "expected a message of the Language Server Protocol, which starts with `Content-Length: `",
            ));
        };
        if name.eq_ignore_ascii_case("Content-Length") {
            length =
                Some(value.trim().parse::<u64>().map_err(|_| refused("`Content-Length` must be a number of bytes"))?);
        }
    }
    let length = length.ok_or_else(|| refused("a message has no `Content-Length`"))?;
    if length > LONGEST {
        return Err(refused(&format!("a message of {length} bytes is longer than the limit of {LONGEST}")));
    }
    let start = text.len();
    input.take(length).read_to_end(&mut text)?;
    if ((text.len() - start) as u64) < length {
        return Err(refused("the input ends within a message"));
    }
    message(&text[start..]).map(Some)
}

fn message(body: &[u8]) -> io::Result<Message> {
    serde_json::from_slice(body).map_err(|_| match serde_json::from_slice::<IgnoredAny>(body) {
        Err(error) => refused(&format!("a message is not JSON: {error}")),
        Ok(_) => refused(
            "a message is neither a request (`id`, `method`), nor a notification (`method`), nor an answer (`id`)",
        ),
    })
}

fn refused(why: &str) -> io::Error {
    io::Error::new(io::ErrorKind::InvalidData, why)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn said(text: &str) -> String {
        match read(&mut text.as_bytes()) {
            Ok(Some(Message::Notification(note))) => note.method,
            Ok(other) => format!("{}", other.is_some()),
            Err(error) => error.to_string(),
        }
    }

    #[test]
    fn messages_are_read_one_by_one() {
        let body = r#"{"jsonrpc":"2.0","method":"exit"}"#;
        let text = format!("Content-Length: {}\r\n\r\n{body}", body.len());
        assert_eq!(said(&text), "exit");
        assert_eq!(said(&format!("Content-Type: x\r\ncontent-length: {}\r\n\r\n{body}", body.len())), "exit");
        assert_eq!(said(""), "false");
    }

    #[test]
    fn what_is_no_message_is_refused_before_memory_is_taken() {
        assert_eq!(
            said("Content-Length: 99999999999\r\n\r\n{}"),
            "a message of 99999999999 bytes is longer than the limit of 67108864"
        );
        assert_eq!(said("Content-Length: 60000000\r\n\r\n{}"), "the input ends within a message");
        assert_eq!(said("Content-Length: many\r\n\r\n{}"), "`Content-Length` must be a number of bytes");
        assert_eq!(said("Content-Type: x\r\n\r\n{}"), "a message has no `Content-Length`");
        assert!(said("hello\n").starts_with("expected a message of the Language Server Protocol"));
        assert_eq!(said(&"a".repeat(9000)), said("hello"));
        assert_eq!(
            said("Content-Length: 3\r\n\r\n{\"a"),
            "a message is not JSON: EOF while parsing a string at line 1 column 3"
        );
        assert!(said("Content-Length: 8\r\n\r\n{\"a\": 1}").starts_with("a message is neither a request"));
        assert_eq!(said("Content-Length: 2\r\n"), "the header of a message does not end");
    }
}
