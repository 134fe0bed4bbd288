//! A schedule as a picture of text: a column for each execution and one for the tables, a row for each call.

use std::fmt::{self, Write as _};

use serde_json::Value;
use unicode_width::UnicodeWidthStr;

use super::touch::TableKey;
use super::worlds::World;
use crate::simulate::scenario;

/// A schedule, call by call.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Sequence {
    /// What each execution is.
    pub executions: Vec<String>,
    /// What happens.
    pub rows: Vec<Row>,
    /// The row that decides: the last one that changes a table.
    pub decides: Option<usize>,
}

/// A call, or something else that happens.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Row {
    /// The execution whose turn it is, counted from 0.
    pub column: usize,
    /// The state that calls; empty where no call is made.
    pub state: String,
    /// What the answer says.
    pub says: String,
    /// What goes wrong with it.
    pub fault: Option<String>,
    /// How the tables change, in words.
    pub changes: Vec<String>,
}

impl Row {
    /// A turn of something that happens outside the executions.
    pub(super) fn deed(what: String) -> Self {
        Self { column: usize::MAX, says: what, ..Self::default() }
    }
}

impl Sequence {
    pub(super) fn new(executions: Vec<String>, rows: Vec<Row>) -> Self {
        let decides = rows.iter().rposition(|row| !row.changes.is_empty());
        Self { executions, rows, decides }
    }
}

/// As many columns as a terminal has room for; with more executions, rows are listed.
const MAX_COLUMNS: usize = 6;

impl fmt::Display for Sequence {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (at, execution) in self.executions.iter().enumerate() {
            writeln!(f, "  #{}  {execution}", at + 1)?;
        }
        writeln!(f)?;
        let columns = if self.executions.len() > MAX_COLUMNS { 1 } else { self.executions.len() };
        let cell = |row: &Row| match (&row.state, columns) {
            (state, 1) if self.executions.len() > 1 => format!("#{} {state}", row.column + 1),
            (state, _) if state.is_empty() => "(itself)".to_owned(),
            (state, _) => state.clone(),
        };
        let widths: Vec<usize> = (0..columns)
            .map(|column| {
                let mine = self.rows.iter().filter(|row| columns == 1 || row.column == column);
                mine.map(|row| cell(row).width()).max().unwrap_or(0).max(3)
            })
            .collect();
        let mut head = "     ".to_owned();
        for (at, width) in widths.iter().enumerate() {
            let name = if columns == 1 && self.executions.len() > 1 { String::new() } else { format!("#{}", at + 1) };
            let _ = write!(head, "{name:<width$}  ");
        }
        writeln!(f, "{head}tables")?;
        for (number, row) in self.rows.iter().enumerate() {
            let mut line = format!("{:>3}  ", number + 1);
            for (at, width) in widths.iter().enumerate() {
                let text = if row.column != usize::MAX && (columns == 1 || row.column == at) {
                    cell(row)
                } else {
                    String::new()
                };
                line.push_str(&text);
                line.push_str(&" ".repeat(width.saturating_sub(text.width()) + 2));
            }
            let mut said: Vec<&str> = row.fault.iter().map(String::as_str).collect();
            said.extend(Some(row.says.as_str()).filter(|says| !says.is_empty() && row.fault.is_none()));
            let mut table = said.join(", ");
            for change in &row.changes {
                table.push_str(if table.is_empty() { "" } else { "; " });
                table.push_str(change);
            }
            if self.decides == Some(number) {
                table.push_str("   <- decides");
            }
            writeln!(f, "{}", format!("{line}{table}").trim_end())?;
        }
        Ok(())
    }
}

/// How tables differ, item by item, in words.
pub(super) fn changed(tables: &[TableKey], before: &World, after: &World) -> Vec<String> {
    let mut changes = Vec::new();
    for (at, table) in tables.iter().enumerate() {
        let same = |one: &Value, other: &Value| table.key.iter().all(|name| one[name] == other[name]);
        let (old, new) = (&before.tables[at], &after.tables[at]);
        for item in new.iter() {
            let old = old.iter().find(|other| same(other, item));
            changes.extend(scenario::changed(&table.key, old, Some(item)));
        }
        for item in old.iter().filter(|item| !new.iter().any(|other| same(other, item))) {
            changes.extend(scenario::changed(&table.key, Some(item), None));
        }
    }
    changes
}
