//! Patterns with `*` and `?`, as policies have them.

/// Whether an action's pattern covers an action: letters of any case are the same.
pub(crate) fn covers(pattern: &str, action: &str) -> bool {
    meet(&pattern.to_ascii_lowercase(), &action.to_ascii_lowercase())
}

/// Stands in a pattern for a part of a name that is not known yet: any text without `/` and `:`.
pub(crate) const NAME_PART: char = '\0';

/// Whether there is a text that both patterns match. A [`NAME_PART`] is taken in the second.
pub(crate) fn meet(one: &str, two: &str) -> bool {
    let (one, two) = (one.as_bytes(), two.as_bytes());
    // `reach[j]`: whether the part of `one` so far and the first `j` bytes of `two` can match the same text.
    let mut reach = vec![false; two.len() + 1];
    reach[0] = true;
    for j in 0..two.len() {
        reach[j + 1] = reach[j] && (two[j] == b'*' || two[j] == NAME_PART as u8);
    }
    for a in one {
        let mut diagonal = reach[0];
        reach[0] = reach[0] && *a == b'*';
        for (j, b) in two.iter().enumerate() {
            let above = reach[j + 1];
            let same = a == b || *a == b'?' || *b == b'?';
            let part = *b == NAME_PART as u8;
            let many = *a == b'*' || *b == b'*' || (part && !matches!(a, b'/' | b':'));
            // A `*` takes nothing (from its own side) or one more byte of the other.
            let star = (many && (above || reach[j])) || (part && reach[j]);
            reach[j + 1] = (diagonal && (same || many)) || star;
            diagonal = above;
        }
    }
    reach[two.len()]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn patterns_meet_where_one_text_matches_both() {
        for (one, two, expected) in [
            ("a", "a", true),
            ("a", "b", false),
            ("*", "", true),
            ("*", "abc", true),
            ("a*", "*c", true),
            ("a*c", "ab", false),
            ("a?c", "abc", true),
            ("a?c", "ac", false),
            ("table/Files*", "table/FilesTable", true),
            ("table/FilesTable/index/*", "table/FilesTable", false),
            ("bucket/images/*", "bucket/*", true),
            ("bucket/*", "bucket", false),
            ("x*y*z", "x*", true),
            ("", "", true),
            ("", "a", false),
        ] {
            assert_eq!(meet(one, two), expected, "{one} {two}");
            assert_eq!(meet(two, one), expected, "{two} {one}");
        }
        for (one, two, expected) in [
            ("table/photos-*", "table/\0-T-\0", true),
            ("table/*", "table/\0-T-\0", true),
            ("*", "table/\0-T-\0/index/I", true),
            ("table/*/index/*", "table/\0-T-\0/index/I", true),
            ("table/a-T-???", "table/\0-T-\0", true),
            ("table/Other/index/*", "table/\0-T-\0", false),
            ("table/Other/index/*", "table/\0-T-\0/index/I", false),
            ("table/Other", "table/\0-T-\0", false),
            ("stateMachine:a-M-*", "stateMachine:M-\0", false),
        ] {
            assert_eq!(meet(one, two), expected, "{one} {two}");
        }
        assert!(covers("DynamoDB:put*", "dynamodb:PutItem"));
    }
}
