//! Words of commands that are printed for the user to run.

use std::path::Path;

/// A word as a shell reads it.
pub(super) fn quoted(word: &str) -> String {
    // A backslash separates the parts of a path on Windows, and escapes a character everywhere else.
    let plain = |c: char| c.is_alphanumeric() || "/._-+=:@%,".contains(c) || (cfg!(windows) && c == '\\');
    if !word.is_empty() && word.chars().all(plain) {
        return word.to_owned();
    }
    if word.contains(char::is_control) {
        // A line break would end the line that the command is printed on.
        return format!("$'{}'", word.chars().map(escaped).collect::<String>());
    }
    format!("'{}'", word.replace('\'', r"'\''"))
}

/// A path as a shell takes it for one word.
pub(super) fn quoted_path(path: &Path) -> String {
    quoted(&path.display().to_string())
}

/// A character between `$'` and `'`.
fn escaped(character: char) -> String {
    match character {
        '\n' => "\\n".to_owned(),
        '\t' => "\\t".to_owned(),
        '\r' => "\\r".to_owned(),
        '\\' | '\'' => format!("\\{character}"),
        control if control.is_ascii_control() => format!("\\x{:02x}", control as u32),
        control if control.is_control() => format!("\\u{:04x}", control as u32),
        other => other.to_string(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_are_quoted_for_a_shell() {
        assert_eq!(quoted("a-b.yaml"), "a-b.yaml");
        assert_eq!(quoted("it's"), r"'it'\''s'");
        assert_eq!(quoted("my stack"), "'my stack'");
        assert_eq!(quoted(""), "''");
        assert_eq!(quoted("ü/日本"), "ü/日本");
        assert_eq!(quoted("$HOME"), "'$HOME'");
    }

    #[test]
    fn line_breaks_stay_in_their_line() {
        assert_eq!(quoted("my\nstack's"), r"$'my\nstack\'s'");
        assert_eq!(quoted("a\u{1b}\u{85}\\"), r"$'a\x1b\u0085\\'");
    }

    #[cfg(unix)]
    #[test]
    fn a_backslash_is_quoted_where_it_would_escape() {
        assert_eq!(quoted(r"a\b"), r"'a\b'");
    }
}
