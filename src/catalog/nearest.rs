use strsim::damerau_levenshtein;

/// The known name that a typed one was most likely meant to be.
pub(super) fn nearest<'n>(typed: &str, known: impl IntoIterator<Item = &'n str>) -> Option<&'n str> {
    let folded = typed.to_lowercase();
    let most = (typed.chars().count() / 3).clamp(1, 3);
    let distances = known.into_iter().map(|name| (damerau_levenshtein(&name.to_lowercase(), &folded), name));
    distances.filter(|(distance, _)| *distance <= most).min().map(|(_, name)| name)
}

/// What to do about a name that is none: the nearest one, or else `otherwise`.
pub(super) fn did_you_mean<'n>(typed: &str, known: impl IntoIterator<Item = &'n str>, otherwise: &str) -> String {
    nearest(typed, known).map_or_else(|| otherwise.to_owned(), |name| format!("did you mean `{name}`?"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_a_near_name_was_meant() {
        let known = ["Stage", "Retention"];
        assert_eq!(nearest("stage", known), Some("Stage"));
        assert_eq!(nearest("Retenton", known), Some("Retention"));
        assert_eq!(nearest("Topic", known), None);
        assert_eq!(did_you_mean("Topic", known, "name another"), "name another");
    }
}
