use std::fmt;
use std::io::IsTerminal;

use crate::catalog::CatalogError;
use crate::diagnostic::{Diagnostic, Format};
use crate::files::FilesError;
use crate::source::{Fault, Source};

use super::output;

/// A command that could not do its work, as a finding that people or programs can be shown.
#[derive(Debug)]
pub(super) struct Failure {
    diagnostic: Box<Diagnostic>,
    format: Format,
}

impl Failure {
    pub(super) fn new(diagnostic: Diagnostic) -> Self {
        Self { diagnostic: Box::new(diagnostic), format: Format::Human }
    }

    /// A fault of a spec, in its text.
    pub(super) fn spec((source, fault): (Source, Fault)) -> Self {
        Self::new(Diagnostic::fault(source, fault))
    }

    /// The same failure, for the reader that the user named.
    pub(super) fn format(self, format: Format) -> Self {
        Self { format, ..self }
    }
}

impl From<FilesError> for Failure {
    fn from(error: FilesError) -> Self {
        Self::new(Diagnostic::error(error.to_string()).help(error.help()))
    }
}

impl From<CatalogError> for Failure {
    fn from(error: CatalogError) -> Self {
        Self::new(Diagnostic::error(error.to_string()))
    }
}

impl fmt::Display for Failure {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.diagnostic.message)
    }
}

impl std::error::Error for Failure {}

/// Shows why a command failed: to people on the error output, to programs where they read results.
pub(super) fn report(error: &anyhow::Error) {
    let (diagnostic, format) = match error.downcast_ref::<Failure>() {
        Some(failure) => ((*failure.diagnostic).clone(), failure.format),
        None => (Diagnostic::error(format!("{error:#}")), Format::Human),
    };
    match format {
        Format::Human => output::complain(&diagnostic.render(format, std::io::stderr().is_terminal())),
        // Where even this cannot be written, the exit code still says it.
        Format::Json | Format::Github => drop(output::print(&diagnostic.render(format, false))),
    }
}
