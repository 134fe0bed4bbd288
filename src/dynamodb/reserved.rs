use std::collections::HashSet;
use std::sync::LazyLock;

/// The [reserved words](https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/ReservedWords.html), one a line.
const WORDS: &str = include_str!("reserved_words.txt");

static RESERVED: LazyLock<HashSet<&'static str>> = LazyLock::new(|| WORDS.lines().collect());

/// Whether DynamoDB refuses `name` in an expression; it looks at letters, not at their case.
pub fn is_reserved(name: &str) -> bool {
    RESERVED.contains(name.to_ascii_uppercase().as_str())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reserved_in_any_case() {
        for name in ["size", "SIZE", "Name", "timestamp", "zone", "abort"] {
            assert!(is_reserved(name), "{name}");
        }
        for name in ["fileName", "lastModified", "etag", "sequencer", "versionId", "sizes", ""] {
            assert!(!is_reserved(name), "{name}");
        }
        assert_eq!(RESERVED.len(), 573);
    }
}
