//! Other people's texts on a terminal or in a log.

use std::borrow::Cow;

/// A name, key, cause or path of somebody else's as it is shown in a line of text: control characters, line breaks and what turns the
/// direction of writing are written as escapes, and so is what would be a command to a CI system. So no text moves the cursor, hides what stands there, or
/// begins a line of its own.
pub fn shown(text: &str) -> Cow<'_, str> {
    if !text.contains(is_hidden) && !commands(text) {
        return Cow::Borrowed(text);
    }
    let mut shown = String::with_capacity(text.len() + 8);
    for character in text.chars() {
        match character {
            '\n' => shown.push_str("\\n"),
            '\r' => shown.push_str("\\r"),
            '\t' => shown.push_str("\\t"),
            hidden if is_hidden(hidden) => shown.push_str(&format!("\\u{{{:x}}}", hidden as u32)),
            other => shown.push(other),
        }
    }
    let shown = without_commands(&shown);
    match shown.strip_prefix(AT_THE_START) {
        Some(rest) => Cow::Owned(format!("\\u{{3a}}:{rest}")),
        None => Cow::Owned(shown),
    }
}

/// What begins a [workflow command](https://docs.github.com/en/actions/reference/workflows-and-actions/workflow-commands) of GitHub at the start of
/// a line.
const AT_THE_START: &str = "::";

/// What begins a command wherever it stands: of Azure Pipelines and of older runners of GitHub
/// ([logging commands](https://learn.microsoft.com/en-us/azure/devops/pipelines/scripts/logging-commands)), and of TeamCity
/// ([service messages](https://www.jetbrains.com/help/teamcity/service-messages.html)).
const ANYWHERE: [&str; 3] = ["##[", "##vso[", "##teamcity["];

/// Whether a line would be a command to a CI system.
fn commands(line: &str) -> bool {
    line.starts_with(AT_THE_START) || ANYWHERE.iter().any(|command| line.contains(command))
}

fn is_hidden(character: char) -> bool {
    let turns =
        matches!(character, '\u{61c}' | '\u{200e}' | '\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}');
    character.is_control() || turns || matches!(character, '\u{2028}' | '\u{2029}' | '\u{feff}')
}

/// A text of several lines for people: of each line what [`shown`] says, but for the colours that this program writes itself.
pub fn shown_lines(text: &str) -> Cow<'_, str> {
    let harmless = |line: &str| !line.contains(is_hidden) && !commands(line.trim_start());
    if text.split('\n').all(harmless) {
        return Cow::Borrowed(text);
    }
    let lines: Vec<Cow<'_, str>> = text.split('\n').map(line).collect();
    Cow::Owned(lines.join("\n"))
}

/// One line, in which tabs and the escapes of colours stay.
fn line(text: &str) -> Cow<'_, str> {
    let spaces = text.len() - text.trim_start().len();
    if text[spaces..].starts_with(AT_THE_START) {
        return Cow::Owned(format!("{}{}", &text[..spaces], shown(&text[spaces..])));
    }
    let mut pieces = String::new();
    let mut rest = text;
    while let Some(at) = rest.find(is_hidden) {
        let (before, from) = rest.split_at(at);
        pieces.push_str(&without_commands(before));
        let length = colour(from).or(from.starts_with('\t').then_some(1));
        let taken = length.unwrap_or_else(|| from.chars().next().map_or(1, char::len_utf8));
        let (piece, behind) = from.split_at(taken);
        match length {
            Some(_) => pieces.push_str(piece),
            None => pieces.push_str(&shown(piece)),
        }
        rest = behind;
    }
    pieces.push_str(&without_commands(rest));
    Cow::Owned(pieces)
}

/// A piece of a line without what begins a command anywhere.
fn without_commands(piece: &str) -> String {
    let written_out = |text: String, command: &&str| text.replace(command, &command.replacen('#', "\\u{23}", 1));
    ANYWHERE.iter().fold(piece.to_owned(), written_out)
}

/// The length of the escape of a colour that stands here.
fn colour(text: &str) -> Option<usize> {
    let codes = text.strip_prefix("\u{1b}[")?;
    let length = codes.bytes().take_while(|byte| byte.is_ascii_digit() || *byte == b';').count();
    (codes.as_bytes().get(length) == Some(&b'm')).then_some(length + 3)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_hidden_is_written_out() {
        for (text, expected) in [
            ("Übung 1", "Übung 1"),
            ("a\u{1b}[2J\n::error::b", "a\\u{1b}[2J\\n::error::b"),
            ("::warning::x", "\\u{3a}:warning::x"),
            ("a ##vso[task.x]##[error]b", "a \\u{23}#vso[task.x]\\u{23}#[error]b"),
            ("# a ## b ###", "# a ## b ###"),
            ("a\u{202e}b\u{9b}31m\u{7}\r", "a\\u{202e}b\\u{9b}31m\\u{7}\\r"),
        ] {
            assert_eq!(shown(text), expected);
            assert!(!shown(text).contains(is_hidden));
        }
    }

    #[test]
    fn lines_and_colours_stay() {
        for text in ["a\n  b\n\tc\n", "\u{1b}[1m\u{1b}[31merror\u{1b}[0m: x\n"] {
            assert_eq!(shown_lines(text), text);
        }
        assert_eq!(shown_lines("a\n  ::error::b\n\u{1b}[2Jc"), "a\n  \\u{3a}:error::b\n\\u{1b}[2Jc");
        assert_eq!(shown_lines("a\n- ##[debug]\u{1b}[1mb"), "a\n- \\u{23}#[debug]\u{1b}[1mb");
    }
}
