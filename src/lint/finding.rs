use crate::diagnostic::Severity;
use crate::loaded::Place;
use crate::source::{Node, Span};

use super::rule::LintRule;

/// One thing that is wrong.
#[derive(Debug, Clone)]
pub struct Finding {
    /// The rule that found it.
    pub rule: &'static LintRule,
    /// How bad it is.
    pub severity: Severity,
    /// Where it is.
    pub place: Place,
    /// What will happen, in one line.
    pub message: String,
    /// What to do about it.
    pub help: Option<String>,
    /// The edit that mends it, if there is one right answer.
    pub fix: Option<Fix>,
}

/// Edits that mend something without changing anything else.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Fix {
    /// What is replaced by what; the edits do not overlap.
    pub edits: Vec<Edit>,
}

/// A stretch of a document that is replaced.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Edit {
    /// The index of the document among those of the stack.
    pub document: usize,
    /// What is replaced; an empty span is where something is put in.
    pub span: Span,
    /// What stands there then.
    pub text: String,
}

impl Fix {
    /// A fix of one edit.
    pub fn replace(document: usize, span: Span, text: impl Into<String>) -> Self {
        Self { edits: vec![Edit { document, span, text: text.into() }] }
    }

    /// A fix that renames a key, which stays in its quotes if it has any.
    pub fn rename(document: usize, text: &str, key: &Node, name: &str) -> Option<Self> {
        let spelled = text.get(key.span.start..key.span.end)?;
        let inner = match spelled.as_bytes().first()? {
            b'"' | b'\'' => 1,
            _ => 0,
        };
        let span = Span { start: key.span.start + inner, end: key.span.end.checked_sub(inner)? };
        // Where the spelling is not the name (an escape, a text within a text), nothing is changed.
        (text.get(span.start..span.end) == key.as_str()).then(|| Self::replace(document, span, name))
    }
}

/// Where rules put what they find.
pub struct Findings<'a> {
    /// The rule that is looking.
    pub(super) rule: &'static LintRule,
    pub(super) found: &'a mut Vec<Finding>,
}

impl Findings<'_> {
    /// Adds a finding with the rule's own severity. What it gives back may be completed with [`help`](Finding::help),
    /// [`fix`](Finding::fix) or another severity.
    pub fn add(&mut self, place: Place, message: impl Into<String>) -> &mut Finding {
        let at = self.found.len();
        self.found.push(Finding {
            rule: self.rule,
            severity: self.rule.severity,
            place,
            message: message.into(),
            help: None,
            fix: None,
        });
        &mut self.found[at]
    }
}

impl Finding {
    /// Says what to do about it.
    pub fn help(&mut self, help: impl Into<String>) -> &mut Self {
        self.help = Some(help.into());
        self
    }

    /// Gives the edit that mends it.
    pub fn fix(&mut self, fix: Option<Fix>) -> &mut Self {
        self.fix = fix;
        self
    }

    /// Makes it as bad as `severity`.
    pub fn severity(&mut self, severity: Severity) -> &mut Self {
        self.severity = severity;
        self
    }
}
