use std::fmt;

use crate::diagnostic::Severity;
use crate::loaded::LoadedStack;

use super::finding::Findings;
use super::view::{MachineView, StateView};

/// The stable name of a rule: its family and a number, such as `ASL012`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, serde::Serialize)]
#[serde(transparent)]
pub struct RuleId(pub &'static str);

impl RuleId {
    /// The letters that the rule's id begins with: `ASL`.
    pub fn family(self) -> &'static str {
        self.0.trim_end_matches(|c: char| c.is_ascii_digit())
    }
}

impl fmt::Display for RuleId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.0)
    }
}

/// What a rule looks at.
#[derive(Clone, Copy)]
pub enum Check {
    /// The whole stack: the template, and what it says of its machines.
    Stack(fn(&LoadedStack, &mut Findings<'_>)),
    /// One state machine with its definition.
    Machine(fn(&MachineView<'_>, &mut Findings<'_>)),
    /// One state of a definition.
    State(fn(&StateView<'_>, &MachineView<'_>, &mut Findings<'_>)),
}

/// A rule. Rules are made by the macro `rule!`, from their doc comment.
pub struct LintRule {
    /// The id of the rule, as in settings and comments: `FLOW101`.
    pub id: RuleId,
    /// Its name in words: `unknown-field`.
    pub name: &'static str,
    /// How bad its findings are, unless they say otherwise themselves.
    pub severity: Severity,
    /// Whether it is on unless somebody switches it off. Advice that is a matter of taste is not.
    pub on: bool,
    /// Its doc comment: a title, and the sections of its page.
    pub documentation: &'static str,
    /// What it does.
    pub check: Check,
}

impl LintRule {
    /// What it is about, in one line: the first of its documentation.
    pub fn title(&self) -> &'static str {
        self.documentation.lines().next().unwrap_or_default().trim()
    }
}

impl fmt::Debug for LintRule {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Rule({})", self.id)
    }
}

/// Declares a rule; its doc comment becomes [`LintRule::documentation`].
///
/// ```ignore
/// rule! {
///     /// A title in one line
///     ///
///     /// # What it does
///     /// ...
///     pub(crate) static RULE: "ASL012", "unknown-field", Error = State(check);
/// }
/// ```
/// `off` behind the severity makes a rule that has to be selected.
macro_rules! rule {
    ($(#[doc = $doc:literal])* $visibility:vis static $name:ident: $id:literal, $words:literal, $severity:ident $(, $off:ident)? = $kind:ident($check:path);) => {
        $(#[doc = $doc])*
        $visibility static $name: $crate::lint::LintRule = $crate::lint::LintRule {
            id: $crate::lint::RuleId($id),
            name: $words,
            severity: $crate::diagnostic::Severity::$severity,
            on: true $(&& stringify!($off).is_empty())?,
            documentation: concat!($($doc, "\n"),*),
            check: $crate::lint::Check::$kind($check),
        };
    };
}
pub(crate) use rule;
