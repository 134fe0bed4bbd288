//! How wide texts are, and where their lines break.
//!
//! Nobody knows which font a reader has. Widths are those of DejaVu Sans, which is wider than the fonts that browsers have by
//! default on the usual systems; so what fits here fits there.

use unicode_width::UnicodeWidthChar;

/// The size and the weight of a text.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Font {
    /// In pixels.
    pub size: f64,
    /// From one line's baseline to the next one's, in pixels.
    pub line: f64,
    /// Whether it is bold.
    pub bold: bool,
}

/// Names of states and resources.
pub(super) const LABEL: Font = Font { size: 14.0, line: 18.0, bold: true };
/// What is below a name.
pub(super) const DETAIL: Font = Font { size: 12.0, line: 16.0, bold: false };
/// What is on an edge.
pub(super) const EDGE: Font = Font { size: 12.0, line: 16.0, bold: false };
/// What is in a corner.
pub(super) const BADGE: Font = Font { size: 11.0, line: 14.0, bold: true };

/// Advances of U+0020 to U+007E in thousandths of the font's size.
const REGULAR: [u16; 95] = [
    318, 401, 460, 838, 636, 950, 780, 275, 390, 390, 500, 838, 318, 361, 318, 337, 636, 636, 636, 636, 636, 636, 636,
    636, 636, 636, 337, 337, 838, 838, 838, 531, 1000, 684, 686, 698, 770, 632, 575, 775, 752, 295, 295, 656, 557, 863,
    748, 787, 603, 787, 695, 635, 611, 732, 684, 989, 685, 611, 685, 390, 337, 390, 838, 500, 500, 613, 635, 550, 635,
    615, 352, 635, 634, 278, 278, 579, 278, 974, 634, 612, 635, 635, 411, 521, 392, 634, 592, 818, 592, 592, 525, 636,
    337, 636, 838,
];

/// The same in bold.
const BOLD: [u16; 95] = [
    348, 456, 521, 838, 696, 1002, 872, 306, 457, 457, 523, 838, 380, 415, 380, 365, 696, 696, 696, 696, 696, 696, 696,
    696, 696, 696, 400, 400, 838, 838, 838, 580, 1000, 774, 762, 734, 830, 683, 683, 821, 837, 372, 372, 775, 637, 995,
    837, 850, 733, 850, 770, 720, 682, 812, 774, 1103, 771, 724, 725, 457, 365, 457, 838, 500, 500, 675, 716, 593, 716,
    678, 435, 716, 712, 343, 343, 665, 343, 1042, 712, 687, 716, 716, 493, 595, 478, 712, 652, 924, 645, 652, 582, 712,
    365, 712, 838,
];

impl Font {
    /// How wide a character is, in pixels.
    fn advance(self, c: char) -> f64 {
        let table = if self.bold { &BOLD } else { &REGULAR };
        let known = (c as usize).checked_sub(0x20).and_then(|at| table.get(at)).copied();
        let thousandths = known.map_or_else(
            || match c.width() {
                _ if c == '\u{a0}' => f64::from(table[0]),
                None | Some(0) => 0.0,
                // Latin, Greek, punctuation; Cyrillic and others have wider ones.
                Some(1) if c < '\u{400}' => 800.0,
                Some(1) => 1000.0,
                _ => 1350.0,
            },
            f64::from,
        );
        thousandths * self.size / 1000.0
    }

    /// How wide a line is, in pixels.
    pub fn width(self, text: &str) -> f64 {
        text.chars().map(|c| self.advance(c)).sum()
    }

    /// A text's lines, none wider than `most` pixels, unless a single character is. Nothing but blanks at the breaks is lost.
    pub fn wrap(self, text: &str, most: f64) -> Vec<String> {
        let mut lines = Vec::new();
        for paragraph in text.split('\n') {
            self.wrap_paragraph(paragraph, most, &mut lines);
        }
        lines
    }

    /// The same number of lines, about as wide as each other.
    pub(super) fn wrap_evenly(self, text: &str, most: f64) -> Vec<String> {
        let mut lines = self.wrap(text, most);
        let (mut low, mut high) = (0.0, most);
        for _ in 0..5 {
            let middle = (low + high) / 2.0;
            let narrower = self.wrap(text, middle);
            if narrower.len() == lines.len() {
                (high, lines) = (middle, narrower);
            } else {
                low = middle;
            }
        }
        lines
    }

    fn wrap_paragraph(self, text: &str, most: f64, lines: &mut Vec<String>) {
        let (mut line, mut width) = (String::new(), 0.0);
        for word in text.split_ascii_whitespace() {
            let gap = if line.is_empty() { 0.0 } else { self.advance(' ') };
            let wide = self.width(word);
            if width + gap + wide <= most {
                if gap > 0.0 {
                    line.push(' ');
                }
                line.push_str(word);
                width += gap + wide;
                continue;
            }
            if !line.is_empty() {
                lines.push(std::mem::take(&mut line));
                width = 0.0;
            }
            for piece in pieces(word) {
                let wide = self.width(piece);
                if width + wide > most && !line.is_empty() {
                    lines.push(std::mem::take(&mut line));
                    width = 0.0;
                }
                if wide <= most {
                    line.push_str(piece);
                    width += wide;
                    continue;
                }
                for c in piece.chars() {
                    let wide = self.advance(c);
                    if wide > 0.0 && width + wide > most && !line.is_empty() {
                        lines.push(std::mem::take(&mut line));
                        width = 0.0;
                    }
                    line.push(c);
                    width += wide;
                }
            }
        }
        if !line.is_empty() {
            lines.push(line);
        }
    }
}

/// The parts between which a word may be broken: after punctuation, and before a capital within a word.
fn pieces(word: &str) -> Vec<&str> {
    let mut pieces = Vec::new();
    let (mut start, mut before) = (0, None::<char>);
    for (at, c) in word.char_indices() {
        let breaks = before.is_some_and(|before| {
            (matches!(before, '.' | '/' | '-' | '_' | ':' | ',' | '|' | ')' | ']' | '}' | '&' | '=') && c != before)
                || (before.is_lowercase() && c.is_uppercase())
        });
        if breaks && at > start {
            pieces.push(&word[start..at]);
            start = at;
        }
        before = Some(c);
    }
    pieces.push(&word[start..]);
    pieces
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines_break_where_a_reader_would() {
        let cases: [(&str, f64, &[&str]); 6] = [
            ("Look it up", 200.0, &["Look it up"]),
            ("Look it up", 50.0, &["Look it", "up"]),
            ("ExtractMetadataFromImage", 130.0, &["ExtractMetadata", "FromImage"]),
            ("$.result.items.Count", 80.0, &["$.result.", "items.Count"]),
            ("aaaaaaaaaaaa", 40.0, &["aaaaa", "aaaaa", "aa"]),
            ("a\n\nb", 40.0, &["a", "b"]),
        ];
        for (text, most, lines) in cases {
            assert_eq!(EDGE.wrap(text, most), lines, "{text}");
        }
    }

    #[test]
    fn no_line_is_too_wide_and_nothing_is_lost() {
        let texts = ["x".repeat(300), "漢字".repeat(40), "e\u{301}".repeat(50), "Ab Cd".repeat(30), "👩‍👩‍👧".repeat(9)];
        for text in texts {
            let lines = LABEL.wrap(&text, 100.0);
            assert!(lines.iter().all(|line| LABEL.width(line) <= 100.0), "{lines:?}");
            assert_eq!(lines.concat().replace(' ', ""), text.replace(' ', ""));
        }
    }
}
