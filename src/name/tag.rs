use super::{Breach, Rule, name_type};

name_type! {
    /// The key of a tag.
    TagKey
}

name_type! {
    /// The value of a tag.
    TagValue
}

const URL: &str = "https://docs.aws.amazon.com/tag-editor/latest/userguide/best-practices-and-strats.html#id_tags_naming_best_practices";

fn is_allowed(c: char) -> bool {
    c.is_alphanumeric() || " +-=._:/@".contains(c)
}

impl Rule for TagKey {
    const KIND: &'static str = "tag key";
    const RULE: &'static str =
        "a tag key has 1 to 128 letters, digits, spaces and + - = . _ : / @, and does not begin with `aws:`";
    const URL: &'static str = URL;
    const LENGTH: (usize, usize) = (1, 128);
    const PATTERN: Option<&'static str> = None;
    const EXAMPLE: &'static str = "team";

    fn breach(text: &str) -> Option<Breach> {
        if text.to_lowercase().starts_with("aws:") {
            return Some(Breach::ReservedPrefix("aws:"));
        }
        Breach::first_character(text, is_allowed)
    }
}

impl Rule for TagValue {
    const KIND: &'static str = "tag value";
    const RULE: &'static str = "a tag value has 1 to 256 letters, digits, spaces and + - = . _ : / @";
    const URL: &'static str = URL;
    const LENGTH: (usize, usize) = (1, 256);
    const PATTERN: Option<&'static str> = None;
    const EXAMPLE: &'static str = "files";

    fn breach(text: &str) -> Option<Breach> {
        Breach::first_character(text, is_allowed)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tags() {
        assert!(TagKey::parse("cost centre/2").is_ok() && TagValue::parse("müller@example.com").is_ok());
        for key in ["", "aws:x", "AWS:x", "a,b", &"k".repeat(129)] {
            assert!(TagKey::parse(key).is_err(), "{key}");
        }
    }
}
