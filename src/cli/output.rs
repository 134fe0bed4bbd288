use std::io::{self, Write};
use std::path::Path;
use std::sync::atomic::{AtomicBool, Ordering};

use anyhow::Context;

use crate::diagnostic::{shown, shown_lines};

/// Whether only what is wrong is said.
static QUIET: AtomicBool = AtomicBool::new(false);

/// Says from now on only what is wrong or asked for.
pub(super) fn be_quiet() {
    QUIET.store(true, Ordering::Relaxed);
}

/// Writes what was done to the standard output, unless only what is wrong is to be said.
pub(super) fn tell(text: &str) -> anyhow::Result<()> {
    if QUIET.load(Ordering::Relaxed) { Ok(()) } else { show(text) }
}

/// Writes a remark to the error output, unless only what is wrong is to be said.
pub(super) fn remark(text: &str) {
    if !QUIET.load(Ordering::Relaxed) {
        complain(text);
    }
}

/// Writes to the standard output. A reader that has gone away (`| head`) has had enough, and that is no error.
pub(super) fn print(text: &str) -> anyhow::Result<()> {
    let mut stdout = anstream::stdout().lock();
    let written = stdout.write_all(text.as_bytes()).and_then(|()| stdout.flush());
    match written {
        Err(error) if error.kind() == io::ErrorKind::BrokenPipe => Ok(()),
        other => {
            other.map_err(|error| anyhow::anyhow!(crate::source::plain(&error))).context("cannot write the output")
        }
    }
}

/// Writes what people read to the standard output: whatever other people's texts stand in it, only this program writes colours and lines
/// that begin a command of a CI system.
pub(super) fn show(text: &str) -> anyhow::Result<()> {
    print(&shown_lines(text))
}

/// A path as it is shown in a line of its own, also if its name contains line breaks.
pub(super) fn named(path: &Path) -> String {
    shown(&path.display().to_string()).into_owned()
}

/// Writes to the error output, where nothing can be done if that fails.
pub(super) fn complain(text: &str) {
    let text = shown_lines(text);
    let mut stderr = anstream::stderr().lock();
    let _ = stderr.write_all(text.as_bytes()).and_then(|()| stderr.flush());
}
