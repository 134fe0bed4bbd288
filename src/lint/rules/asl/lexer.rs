//! A light reading of JSONata: its names, without what stands in texts, comments and regular expressions.

/// A `$name` in an expression.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Name<'a> {
    /// Where it begins, behind its `$`.
    pub(super) at: usize,
    /// The name without `$`; empty for `$`, and `$` for `$$`.
    pub(super) name: &'a str,
    /// The fields that follow: `input.detail` of `$states.input.detail`, as far as they are plain names.
    pub(super) path: &'a str,
    /// Whether it is called.
    pub(super) called: bool,
    /// Whether it is set: `$name :=`.
    pub(super) set: bool,
}

/// The names of an expression: where each begins, behind its `$`, and whether it is set there.
pub(crate) fn names_in_expression(text: &str) -> Vec<(usize, &str, bool)> {
    names(text).into_iter().map(|name| (name.at, name.name, name.set)).collect()
}

/// The names of an expression, in order.
pub(super) fn names(text: &str) -> Vec<Name<'_>> {
    let bytes = text.as_bytes();
    let mut names = Vec::new();
    let mut at = 0;
    while at < bytes.len() {
        match bytes[at] {
            quote @ (b'"' | b'\'' | b'`') => at = behind_quote(bytes, at, quote),
            b'/' if bytes.get(at + 1) == Some(&b'*') => {
                at = text[at + 2..].find("*/").map_or(bytes.len(), |end| at + 2 + end + 2)
            }
            b'/' if begins_pattern(&text[..at]) => at = behind_quote(bytes, at, b'/'),
            b'$' => {
                let (name, end) = name(text, at);
                names.push(name);
                at = end;
            }
            _ => at += 1,
        }
    }
    names
}

fn behind_quote(bytes: &[u8], at: usize, quote: u8) -> usize {
    let mut at = at + 1;
    while at < bytes.len() && bytes[at] != quote {
        at += if bytes[at] == b'\\' { 2 } else { 1 };
    }
    at + 1
}

/// Whether a `/` here begins a regular expression rather than a division.
fn begins_pattern(before: &str) -> bool {
    before.trim_end().chars().next_back().is_none_or(|c| "(,=:[?&|~>".contains(c))
}

fn word(text: &str, at: usize) -> usize {
    let rest = &text[at..];
    at + rest.find(|c: char| !(c.is_alphanumeric() || c == '_')).unwrap_or(rest.len())
}

fn name(text: &str, at: usize) -> (Name<'_>, usize) {
    let start = at + 1;
    let end = if text[start..].starts_with('$') { start + 1 } else { word(text, start) };
    let mut path_end = end;
    while text[path_end..].starts_with('.') {
        let next = word(text, path_end + 1);
        if next == path_end + 1 {
            break;
        }
        path_end = next;
    }
    let path = text[end..path_end].trim_start_matches('.');
    let rest = text[path_end..].trim_start();
    let called = path.is_empty() && rest.starts_with('(');
    let set = path.is_empty() && rest.starts_with(":=");
    (Name { at: start, name: &text[start..end], path, called, set }, path_end)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_found() {
        let text = r#"$states.input.a & "$not" & $f('$no', /\$x/) + ($v := 1; $v / $w) /* $c */ & `$d`.x[$$.y]"#;
        let found: Vec<_> = names(text).iter().map(|n| (n.name, n.path, n.called, n.set)).collect();
        assert_eq!(
            found,
            [
                ("states", "input.a", false, false),
                ("f", "", true, false),
                ("v", "", false, true),
                ("v", "", false, false),
                ("w", "", false, false),
                ("$", "y", false, false),
            ]
        );
    }

    #[test]
    fn nonsense_ends() {
        for text in ["$", "$$", "\"", "/", "$a.", "/*", "'\\", "é$é.é"] {
            names(text);
        }
    }
}
