//! `${Name}` in a text: what `Fn::Sub` and `DefinitionSubstitutions` replace.

use std::ops::Range;

/// A `${Name}` in a text.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Placeholder<'a> {
    /// Where it stands in the text, in bytes, with `${` and `}`.
    pub range: Range<usize>,
    /// The name. That of `${!Literal}`, which `Fn::Sub` makes `${Literal}`, begins with `!`.
    pub name: &'a str,
}

/// The placeholders of a text, in order. What could not be a name (as in JSONata's `${"a": b}`) is none.
pub fn placeholders(text: &str) -> impl Iterator<Item = Placeholder<'_>> {
    let mut at = 0;
    std::iter::from_fn(move || {
        loop {
            let start = at + text.get(at..)?.find("${")?;
            at = start + 2;
            let rest = &text[at..];
            let length =
                rest.find(|c: char| !(c.is_ascii_alphanumeric() || "_-.:! ".contains(c))).unwrap_or(rest.len());
            let name = rest[..length].trim();
            if rest[length..].starts_with('}') && is_name(name) {
                at += length + 1;
                return Some(Placeholder { range: start..at, name });
            }
        }
    })
}

/// Whether a text holds a placeholder.
pub fn has_placeholder(text: &str) -> bool {
    placeholders(text).next().is_some()
}

/// A name, with a `!` before it at most, and no colon but those of `AWS::Region`.
fn is_name(name: &str) -> bool {
    let name = name.strip_prefix('!').unwrap_or(name);
    !name.is_empty() && !name.contains(['!', ' ']) && !name.replace("::", "").contains(':')
}

/// The text with every placeholder replaced that `value` knows, at most `most` bytes of it.
pub fn replace(text: &str, most: usize, mut value: impl FnMut(&str) -> Option<String>) -> String {
    let mut done = String::with_capacity(text.len());
    let mut from = 0;
    for Placeholder { range, name } in placeholders(text) {
        done.push_str(&text[from..range.start]);
        match value(name) {
            Some(value) => done.push_str(&value),
            None => done.push_str(&text[range.clone()]),
        }
        from = range.end;
        if done.len() > most {
            done.truncate(done.floor_char_boundary(most));
            return done;
        }
    }
    done.push_str(&text[from..]);
    done
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_found_and_other_braces_left_alone() {
        for (text, names) in [
            ("${A}", vec!["A"]),
            ("arn:${AWS::Partition}:x:${F.Arn}", vec!["AWS::Partition", "F.Arn"]),
            ("${!A} ${ B }", vec!["!A", "B"]),
            (r#"$.x.${"a": b} ${a:b} ${} $A {A}"#, vec![]),
            ("${A", vec![]),
            ("${${A}}", vec!["A"]),
        ] {
            assert_eq!(placeholders(text).map(|p| p.name).collect::<Vec<_>>(), names, "{text}");
        }
    }

    #[test]
    fn replacing_is_bounded() {
        assert_eq!(replace("a${B}c${D}", 100, |name| (name == "B").then(|| "x".into())), "axc${D}");
        assert_eq!(replace("${B}${B}${B}", 5, |_| Some("xyz".into())), "xyzxy");
    }
}
