use crate::source::{Fault, Position, Source, Span};

/// How bad a finding is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, serde::Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Severity {
    /// Worth knowing.
    Info,
    /// Likely to bite.
    Warning,
    /// Broken.
    Error,
}

/// How findings are written.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
#[cfg_attr(feature = "cli", derive(clap::ValueEnum))]
pub enum Format {
    /// For people: the place in its text, in colour on a terminal.
    #[default]
    Human,
    /// For programs: one JSON object.
    Json,
    /// For GitHub Actions: workflow commands, which become annotations on the changed lines.
    Github,
}

/// A finding with its place, for people and programs.
#[derive(Debug, Clone)]
pub struct Diagnostic {
    /// How bad it is.
    pub severity: Severity,
    /// What is wrong, in one line.
    pub message: String,
    /// The file that it is about, and its text where the place can be shown.
    pub source: Option<Source>,
    /// The place in that file.
    pub span: Option<Span>,
    /// What to do about it.
    pub help: Option<String>,
    /// What else is known of the place.
    pub note: Option<String>,
    /// The id of the rule that found it.
    pub rule: Option<&'static str>,
}

impl Diagnostic {
    /// An error that is about no file.
    pub fn error(message: impl Into<String>) -> Self {
        Self {
            severity: Severity::Error,
            message: message.into(),
            source: None,
            span: None,
            help: None,
            note: None,
            rule: None,
        }
    }

    /// An error in a source.
    pub fn fault(source: Source, fault: Fault) -> Self {
        let Fault { message, span, help } = fault;
        Self { severity: Severity::Error, message, source: Some(source), span, help, note: None, rule: None }
    }

    /// The same finding, about a file.
    pub fn about(self, source: Source) -> Self {
        Self { source: Some(source), ..self }
    }

    /// The same finding, with what to do about it.
    pub fn help(self, help: impl Into<String>) -> Self {
        Self { help: Some(help.into()), ..self }
    }

    /// The line and column where it begins.
    pub fn position(&self) -> Option<Position> {
        Some(self.source.as_ref()?.position(self.span?.start))
    }
}
