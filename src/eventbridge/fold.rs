//! `equals-ignore-case`: texts whose characters may be in upper or lower case.

/// A text of which every character may be written in two ways: as its lower and as its upper case form, which may be
/// several characters (`ß` and `SS`). A character that is neither (`ǅ`) does not match itself, and one beyond the basic
/// plane is compared as two question marks: EventBridge takes the text apart into 16-bit units first.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub(super) struct Folded {
    units: Vec<[String; 2]>,
}

impl Folded {
    pub(super) fn new(text: &str) -> Self {
        let mut units = Vec::new();
        for c in text.chars() {
            if c.len_utf16() == 2 {
                units.extend(std::iter::repeat_n(["?".to_owned(), "?".to_owned()], 2));
            } else {
                units.push([c.to_lowercase().collect(), c.to_uppercase().collect()]);
            }
        }
        Self { units }
    }

    pub(super) fn matches_all(&self, text: &str) -> bool {
        self.strip_prefix(text).is_some_and(str::is_empty)
    }

    /// What follows this text in another one. Neither form of a character is the beginning of the other, so there is
    /// never a choice to make.
    pub(super) fn strip_prefix<'a>(&self, text: &'a str) -> Option<&'a str> {
        self.units.iter().try_fold(text, |rest, forms| forms.iter().find_map(|form| rest.strip_prefix(form.as_str())))
    }

    /// What precedes this text in another one.
    pub(super) fn strip_suffix<'a>(&self, text: &'a str) -> Option<&'a str> {
        let mut reversed = self.units.iter().rev();
        reversed.try_fold(text, |rest, forms| forms.iter().find_map(|form| rest.strip_suffix(form.as_str())))
    }

    /// One text for all that this matches, if there is one: see [`fold`].
    pub(super) fn key(&self) -> Option<String> {
        self.units.iter().map(|[lower, upper]| Some(fold(lower)).filter(|key| *key == fold(upper))).collect()
    }
}

/// A text from which the case is taken: two texts that [`Folded`] takes for equal have the same one.
pub(super) fn fold(text: &str) -> String {
    text.chars().flat_map(char::to_uppercase).flat_map(char::to_lowercase).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn case_is_ignored_one_character_at_a_time() {
        for (pattern, text, expected) in [
            ("Ab-1", "aB-1", true),
            ("ab", "abc", false),
            ("straße", "STRASSE", true),
            ("straße", "STRAẞE", false),
            ("σας", "ΣΑΣ", true),
            ("ǅ", "ǅ", false),
            ("ǅ", "ǆ", true),
            ("Ⱥ", "ⱥ", true),
            ("😀", "😀", false),
            ("😀", "??", true),
        ] {
            assert_eq!(Folded::new(pattern).matches_all(text), expected, "{pattern} {text}");
        }
    }

    #[test]
    fn what_matches_has_the_same_key() {
        for c in ('\0'..='\u{ffff}').filter(|c| c.is_alphabetic()) {
            let folded = Folded::new(&c.to_string());
            let Some(key) = folded.key() else { continue };
            for form in folded.units.iter().flatten() {
                assert_eq!(fold(form), key, "{c}");
            }
        }
    }

    #[test]
    fn both_ends_can_be_asked_for() {
        assert_eq!(Folded::new("TH").strip_prefix("three"), Some("ree"));
        assert_eq!(Folded::new("ßE").strip_suffix("STRASSE"), Some("STRA"));
        assert_eq!(Folded::new("a").strip_suffix("b"), None);
    }
}
