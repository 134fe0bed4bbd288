use std::borrow::Cow;

/// The candidate that `word` was most likely meant to be: the same in other letters' case, or one or two slips away.
pub fn closest<'c>(word: &str, candidates: impl IntoIterator<Item = &'c str>) -> Option<&'c str> {
    let folded = |text: &str| text.replace(['_', '-', ' '], "").to_ascii_lowercase();
    let typed = folded(word);
    let allowed = match typed.len() {
        0..=3 => 0,
        4..=8 => 1,
        _ => 2,
    };
    candidates
        .into_iter()
        .map(|candidate| (strsim::osa_distance(&typed, &folded(candidate)), candidate))
        .filter(|(distance, _)| *distance <= allowed)
        .min_by_key(|(distance, candidate)| (*distance, usize::from(*candidate != word)))
        .map(|(_, candidate)| candidate)
}

/// A member of a shape as Step Functions' `aws-sdk:` calls spell it: `SSEKMSKeyId` is `SsekmsKeyId`, after the Java SDK, whose
/// names begin with as many small letters as the shape's has capital ones before its second word.
pub(in crate::aws) fn sdk_member(name: &str) -> Cow<'_, str> {
    let bytes = name.as_bytes();
    let upper = |at: usize| bytes.get(at).is_some_and(u8::is_ascii_uppercase);
    let lower = |at: usize| bytes.get(at).is_some_and(u8::is_ascii_lowercase);
    let mut end = 1;
    while upper(end) && !lower(end + 1) {
        end += 1;
    }
    // The one place where the Java SDK has another name than the shape, for `null` cannot be one.
    if name == "NULL" {
        return Cow::Borrowed("Nul");
    }
    if end == 1 {
        return capital(name);
    }
    let mut spelled = name.to_owned();
    if let Some(acronym) = spelled.get_mut(1..end) {
        acronym.make_ascii_lowercase();
    }
    Cow::Owned(capital(&spelled).into_owned())
}

/// The same with a capital first letter: how the optimized integrations spell a member.
pub(in crate::aws) fn capital(name: &str) -> Cow<'_, str> {
    if !name.starts_with(|c: char| c.is_ascii_lowercase()) {
        return Cow::Borrowed(name);
    }
    let mut spelled = name.to_owned();
    if let Some(first) = spelled.get_mut(..1) {
        first.make_ascii_uppercase();
    }
    Cow::Owned(spelled)
}

/// Whether a text is a name with a capital first letter.
pub(super) fn is_capital(text: &str, name: &str) -> bool {
    let first = |text: &str| text.bytes().next().map(|first| first.to_ascii_uppercase());
    text.len() == name.len()
        && !text.starts_with(|c: char| c.is_ascii_lowercase())
        && text.as_bytes().get(1..) == name.as_bytes().get(1..)
        && first(text) == first(name)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_capital_name_is_known_without_making_it() {
        for (text, name) in [
            ("Count", "count"),
            ("Count", "Count"),
            ("count", "count"),
            ("Counts", "count"),
            ("", ""),
            ("É", "É"),
            ("A", "a"),
        ] {
            assert_eq!(is_capital(text, name), capital(name) == text, "{text} {name}");
        }
    }

    #[test]
    fn slips_are_seen() {
        let names = ["putItem", "getItem", "updateItem", "batchGetItem"];
        for (word, expected) in [
            ("PutItem", Some("putItem")),
            ("put_item", Some("putItem")),
            ("putItme", Some("putItem")),
            ("udpateItem", Some("updateItem")),
            ("scan", None),
            ("", None),
        ] {
            assert_eq!(closest(word, names), expected, "{word}");
        }
    }

    #[test]
    fn members_are_spelled_as_the_java_sdk_does() {
        for (name, expected) in [
            ("TableName", "TableName"),
            ("DBInstanceIdentifier", "DbInstanceIdentifier"),
            ("SSEKMSKeyId", "SsekmsKeyId"),
            ("SSECustomerAlgorithm", "SseCustomerAlgorithm"),
            ("ContentMD5", "ContentMD5"),
            ("ETag", "ETag"),
            ("ACL", "Acl"),
            ("BOOL", "Bool"),
            ("NULL", "Nul"),
            ("S", "S"),
            ("jobName", "JobName"),
            ("é", "é"),
        ] {
            assert_eq!(sdk_member(name), expected);
        }
    }
}
