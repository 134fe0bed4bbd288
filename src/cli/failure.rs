use std::fmt;
use std::io::IsTerminal;

use crate::catalog::CatalogError;
use crate::diagnostic::{Diagnostic, Format};
use crate::files::FilesError;
use crate::loaded::LoadError;
use crate::source::{Fault, Source};

use super::output;

/// The number of errors that fit on one screen.
const MOST_SHOWN: usize = 3;

/// A command that could not do its work, as a finding that people or programs can be shown.
#[derive(Debug)]
pub(super) struct Failure {
    diagnostic: Box<Diagnostic>,
    /// What else is wrong.
    others: Vec<Diagnostic>,
    format: Format,
}

impl Failure {
    pub(super) fn new(diagnostic: Diagnostic) -> Self {
        Self { diagnostic: Box::new(diagnostic), others: Vec::new(), format: Format::Human }
    }

    /// A fault of a spec, in its text.
    pub(super) fn spec((source, fault): (Source, Fault)) -> Self {
        Self::new(Diagnostic::fault(source, fault))
    }

    /// All faults of a spec, in its text.
    pub(super) fn faults((source, faults): (Source, Vec<Fault>)) -> Self {
        let mut all = faults.into_iter().map(|fault| Diagnostic::fault(source.clone(), fault));
        let first = all.next().unwrap_or_else(|| Diagnostic::error("it cannot be read"));
        Self { others: all.collect(), ..Self::new(first) }
    }

    /// Several failures, as one.
    pub(super) fn all(failures: Vec<Self>) -> Self {
        let mut all = failures.into_iter();
        let first = all.next().unwrap_or_else(|| Self::new(Diagnostic::error("it cannot be read")));
        let others = all.flat_map(|one| std::iter::once(*one.diagnostic).chain(one.others));
        let others = first.others.into_iter().chain(others).collect();
        Self { diagnostic: first.diagnostic, others, format: first.format }
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

/// Why there is no stack, in its place.
impl From<LoadError> for Failure {
    fn from(error: LoadError) -> Self {
        match error {
            LoadError::Senseless { text, fault } => Self::spec((*text, *fault)),
            LoadError::NoStack { ref known, .. } => {
                let known: Vec<&str> = known.iter().take(20).map(String::as_str).collect();
                let help = format!("there are {}", known.join(", "));
                Self::new(Diagnostic::error(error.to_string()).help(help))
            }
            LoadError::Neither { .. } => {
                let help = "a template has `Resources`, a definition has `StartAt` and `States`";
                Self::new(Diagnostic::error(error.to_string()).help(help))
            }
            other => Self::new(Diagnostic::error(other.to_string())),
        }
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
    let (mut all, format) = match error.downcast_ref::<Failure>() {
        Some(failure) => (vec![(*failure.diagnostic).clone()], failure.format),
        None => (vec![Diagnostic::error(format!("{error:#}"))], Format::Human),
    };
    all.extend(error.downcast_ref::<Failure>().into_iter().flat_map(|failure| failure.others.iter().cloned()));
    let render = |diagnostic: &Diagnostic, colour| diagnostic.render(format, colour);
    match format {
        Format::Human => {
            let colour = std::io::stderr().is_terminal();
            let mut text: String = all.iter().take(MOST_SHOWN).map(|one| render(one, colour)).collect();
            if all.len() > MOST_SHOWN {
                text.push_str(&format!("... and {} more errors\n", all.len() - MOST_SHOWN));
            }
            output::complain(&text);
        }
        // Where even this cannot be written, the exit code still says it.
        Format::Github => drop(output::print(&all.iter().map(|one| render(one, false)).collect::<String>())),
        Format::Json => drop(output::print(&json(&all.iter().map(|one| render(one, false)).collect::<Vec<_>>()))),
    }
}

/// The first of several objects, with the others in its field `also`.
fn json(objects: &[String]) -> String {
    let Some((first, others)) = objects.split_first() else { return String::new() };
    let read = |text: &String| serde_json::from_str::<serde_json::Value>(text).ok();
    match read(first) {
        Some(serde_json::Value::Object(mut fields)) if !others.is_empty() => {
            fields.insert("also".to_owned(), others.iter().filter_map(read).collect());
            format!("{:#}\n", serde_json::Value::Object(fields))
        }
        _ => first.clone(),
    }
}
