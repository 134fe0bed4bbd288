//! Who has its turn when, as a picture: a column for each execution, a row for each turn, and beside it what it finds and changes.

use crate::diagnostic::wrapped;
use std::fmt::Write;

use super::svg::escape;

/// Turns in their order.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Sequence {
    /// What it shows.
    pub title: String,
    /// Those who have turns.
    pub columns: Vec<String>,
    /// The turns.
    pub rows: Vec<Turn>,
}

/// A turn of an execution, or something that happens outside.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Turn {
    /// The column of the execution whose turn it is.
    pub column: usize,
    /// What it does.
    pub label: String,
    /// What comes of it.
    pub notes: Vec<String>,
    /// Whether something goes wrong in it on purpose.
    pub wrong: bool,
    /// Whether it is the one that decides.
    pub decides: bool,
}

const MARGIN: usize = 16;
const COLUMN: usize = 176;
const BOX: usize = 160;
const HEAD: usize = 64;
const ROW: usize = 26;
const LINE: usize = 17;
/// How many letters fit in a column, and in a line that says what comes of a turn.
const LETTERS: usize = 22;
const NOTE_LETTERS: usize = 76;
const NOTES: usize = 500;

impl Sequence {
    /// The picture. Every `id` in it begins with a prefix, so that several can be on one page; its looks are those of
    /// [`stylesheet`](super::stylesheet).
    pub fn svg(&self, id_prefix: &str) -> String {
        let notes: Vec<Vec<String>> = self
            .rows
            .iter()
            .map(|row| row.notes.iter().flat_map(|note| wrapped(note, NOTE_LETTERS)).collect())
            .collect();
        let height = |notes: &Vec<String>| ROW + LINE * notes.len().saturating_sub(1) + 8;
        let right = MARGIN + COLUMN * self.columns.len();
        let (whole_width, whole_height) = (right + NOTES, HEAD + notes.iter().map(height).sum::<usize>() + MARGIN);
        let mut text = String::new();
        // Writing to a string cannot fail.
        let mut put = |line: String| {
            let _ = writeln!(text, "{line}");
        };
        let prefix = escape(id_prefix);
        put(format!(
            "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 {whole_width} {whole_height}\" width=\"{whole_width}\" \
             height=\"{whole_height}\" style=\"max-width:100%;height:auto\" class=\"bb-graph\" role=\"img\" aria-labelledby=\"{prefix}title\">"
        ));
        put(format!("<title id=\"{prefix}title\">{}</title>", escape(&self.title)));
        put(format!("<rect class=\"bb-canvas\" width=\"{whole_width}\" height=\"{whole_height}\" rx=\"12\"/>"));
        for (at, name) in self.columns.iter().enumerate() {
            let middle = MARGIN + COLUMN * at + BOX / 2;
            put(format!(
                "<g class=\"bb-end-line\"><path class=\"bb-line\" d=\"M{middle} {HEAD}V{}\"/></g>",
                whole_height - MARGIN
            ));
            put(format!("<text class=\"bb-label bb-centred\" x=\"{middle}\" y=\"30\">#{}</text>", at + 1));
            put(format!(
                "<text class=\"bb-detail bb-centred\" x=\"{middle}\" y=\"48\"><title>{}</title>{}</text>",
                escape(name),
                escape(&shortened(name))
            ));
        }
        put(format!("<text class=\"bb-label\" x=\"{right}\" y=\"30\">tables</text>"));
        let mut top = HEAD;
        for (row, lines) in self.rows.iter().zip(&notes) {
            let left = MARGIN + COLUMN * row.column;
            let class = match (row.wrong, row.decides) {
                (true, _) => "bb-dashed",
                (false, true) => "bb-taken",
                (false, false) => "bb-turn",
            };
            put(format!("<g class=\"{class}\">"));
            let middle = top + ROW / 2;
            put(format!("<path class=\"bb-line\" d=\"M{} {middle}H{}\"/>", left + BOX, right - 8));
            put(format!("<rect class=\"bb-box\" x=\"{left}\" y=\"{top}\" width=\"{BOX}\" height=\"{ROW}\" rx=\"6\"/>"));
            put(format!(
                "<text class=\"bb-detail bb-centred\" x=\"{}\" y=\"{}\"><title>{}</title>{}</text>",
                left + BOX / 2,
                middle + 4,
                escape(&row.label),
                escape(&shortened(&row.label))
            ));
            for (at, line) in lines.iter().enumerate() {
                let y = middle + 4 + LINE * at;
                put(format!("<text class=\"bb-detail\" x=\"{right}\" y=\"{y}\">{}</text>", escape(line)));
            }
            put("</g>".to_owned());
            top += height(lines);
        }
        put("</svg>".to_owned());
        text
    }
}

fn shortened(text: &str) -> String {
    match text.char_indices().nth(LETTERS) {
        Some((at, _)) => format!("{}…", text[..at].trim_end()),
        None => text.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_sequence_is_a_picture() {
        let turn = |column, label: &str, note: &str| Turn {
            column,
            label: label.to_owned(),
            notes: vec![note.to_owned()],
            ..Turn::default()
        };
        let sequence = Sequence {
            title: "Two <uploads>".to_owned(),
            columns: vec!["Machine".to_owned(), "A machine with a very long name".to_owned()],
            rows: vec![
                turn(0, "Look", "finds nothing"),
                Turn { wrong: true, ..turn(1, "Look", "is throttled") },
                Turn { decides: true, ..turn(1, "Write", "photos/cat.jpg is new") },
            ],
        };
        let svg = sequence.svg("s-");
        let document = roxmltree::Document::parse(&svg).unwrap();
        let texts: Vec<&str> = document.descendants().filter_map(|node| node.text()).map(str::trim).collect();
        assert!(texts.contains(&"photos/cat.jpg is new") && texts.contains(&"A machine with a very…"), "{texts:?}");
        assert_eq!(svg.matches("bb-dashed").count() + svg.matches("bb-taken").count(), 2);
    }

    #[test]
    fn long_notes_are_broken_between_words() {
        let lines = wrapped(&"word ".repeat(40), NOTE_LETTERS);
        assert!(lines.len() > 1 && lines.iter().all(|line| line.chars().count() <= NOTE_LETTERS), "{lines:?}");
        assert_eq!(wrapped("", NOTE_LETTERS), [""]);
    }
}
