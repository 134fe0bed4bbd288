//! What was probably meant.

/// The one name among `known` that `typed` was most likely meant to be; `None` if none is near.
pub(crate) fn nearest<'a>(typed: &str, known: impl IntoIterator<Item = &'a str>) -> Option<&'a str> {
    let typed_folded = folded(typed);
    let scored = known.into_iter().filter(|name| *name != typed).map(|name| {
        let known = folded(name);
        let score = if known == typed_folded { 2.0 } else { score(&typed_folded, &known) };
        (score, name)
    });
    scored.filter(|(score, _)| *score > 0.0).max_by(|a, b| a.0.total_cmp(&b.0)).map(|(_, name)| name)
}

/// The one name that `typed` is a slip of the pen away from: the case of a letter, or one letter in four at most.
/// `None` if there are several.
pub(crate) fn only_near<'a>(typed: &str, known: impl IntoIterator<Item = &'a str>) -> Option<&'a str> {
    let folded_typed = folded(typed);
    let mut near = known.into_iter().filter(|name| *name != typed && close(&folded_typed, &folded(name)));
    let first = near.next()?;
    near.next().is_none().then_some(first)
}

fn folded(text: &str) -> String {
    text.chars().filter(|c| c.is_alphanumeric()).flat_map(char::to_lowercase).collect()
}

fn close(a: &str, b: &str) -> bool {
    let slips = strsim::damerau_levenshtein(a, b);
    slips == 0 || slips <= 2.min(a.chars().count().max(b.chars().count()) / 4)
}

/// How near two words are, from 0 (not at all) to 1.
fn score(a: &str, b: &str) -> f64 {
    let score = strsim::jaro_winkler(a, b);
    if score > 0.87 || close(a, b) { score } else { 0.0 }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn slips_are_seen_through() {
        let known = ["Resource", "ResultPath", "ResultSelector", "Retry", "Result"];
        for (typed, name) in [
            ("resource", Some("Resource")),
            ("ResltPath", Some("ResultPath")),
            ("Result_Path", Some("ResultPath")),
            ("Banana", None),
        ] {
            assert_eq!(nearest(typed, known), name, "{typed}");
        }
        assert_eq!(only_near("Retrry", known), Some("Retry"));
        assert_eq!(only_near("Resultt", known), Some("Result"));
    }
}
