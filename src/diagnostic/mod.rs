//! Findings: what is wrong, how severe it is, where it is, and what to do; and how people and programs are shown them.

mod finding;
mod human;
mod machine;
mod shown;
mod wrap;

pub use finding::{Diagnostic, Format, Severity};
pub use machine::github_command;
pub use shown::{shown, shown_lines};
pub(crate) use wrap::wrapped;

impl Diagnostic {
    /// The finding as text in `format`, ending in a line break; `colour` is for people only.
    pub fn render(&self, format: Format, colour: bool) -> String {
        match format {
            Format::Human => human::render(self, colour),
            Format::Json => machine::json(self),
            Format::Github => machine::github(self),
        }
    }
}

/// A number and what it counts: `1 error`, `2 errors`.
pub fn counted(count: usize, what: &str) -> String {
    if count == 1 { format!("1 {what}") } else { format!("{count} {what}s") }
}
