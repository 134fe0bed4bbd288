use super::{Breach, Rule, name_type};

name_type! {
    /// The name of a route: a part of the names of its resources.
    RouteName
}

name_type! {
    /// What the keys of some objects end with.
    KeySuffix
}

name_type! {
    /// What the keys of some objects look like, with an asterisk for any text.
    KeyWildcard
}

impl Rule for RouteName {
    const KIND: &'static str = "route name";
    const RULE: &'static str = "a route name has 1 to 24 letters and digits, a capital letter first";
    const URL: &'static str =
        "https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/resources-section-structure.html";
    const LENGTH: (usize, usize) = (1, 24);
    const PATTERN: Option<&'static str> = Some("^[A-Z][A-Za-z0-9]*$");
    const EXAMPLE: &'static str = "Photos";

    fn breach(text: &str) -> Option<Breach> {
        let first = text.chars().next().filter(|c| c.is_ascii_alphanumeric() && !c.is_ascii_uppercase());
        Breach::first_character(text, |c| c.is_ascii_alphanumeric()).or_else(|| {
            let character = first?;
            Some(Breach::Character { character, position: 1, why: "cannot come first" })
        })
    }
}

impl Rule for KeySuffix {
    const KIND: &'static str = "key suffix";
    const RULE: &'static str = "a key suffix has 1 to 1024 bytes of UTF-8, as an object's key has";
    const URL: &'static str = "https://docs.aws.amazon.com/AmazonS3/latest/userguide/object-keys.html";
    const LENGTH: (usize, usize) = (1, 1024);
    const PATTERN: Option<&'static str> = None;
    const EXAMPLE: &'static str = ".jpg";

    fn length(text: &str) -> usize {
        text.len()
    }

    fn breach(_: &str) -> Option<Breach> {
        None
    }
}

impl Rule for KeyWildcard {
    const KIND: &'static str = "key wildcard";
    const RULE: &'static str = "a key wildcard has 1 to 1024 bytes of UTF-8, no two asterisks in a row, and a backslash only before an asterisk or a backslash";
    const URL: &'static str =
        "https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-create-pattern-operators.html";
    const LENGTH: (usize, usize) = (1, 1024);
    const PATTERN: Option<&'static str> = Some(r"^(?!\*\*)([^*\\]|\\[*\\]|\*(?!\*))*$");
    const EXAMPLE: &'static str = "*/raw/*.jpg";

    fn length(text: &str) -> usize {
        text.len()
    }

    fn breach(text: &str) -> Option<Breach> {
        let mut escaped = false;
        let mut asterisk = false;
        for (index, character) in text.chars().enumerate() {
            let at = |character, why| Some(Breach::Character { character, position: index + 1, why });
            match character {
                '*' | '\\' if escaped => (escaped, asterisk) = (false, false),
                _ if escaped => return at(character, "follows a backslash"),
                '\\' => (escaped, asterisk) = (true, false),
                '*' if asterisk => return at(character, "follows another asterisk"),
                _ => asterisk = character == '*',
            }
        }
        escaped.then_some(Breach::ReservedSuffix("\\"))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn route_names_begin_with_a_capital() {
        for name in ["A", "Photos", "Photos2024", &"A".repeat(24)] {
            assert!(RouteName::parse(name).is_ok(), "{name}");
        }
        for (name, why) in [
            ("photos", "`p` (character 1) cannot come first"),
            ("2024", "`2` (character 1) cannot come first"),
            ("Pho-tos", "`-` (character 4) is not allowed"),
            (&"A".repeat(25), "it is 25 long, and the longest is 24"),
        ] {
            assert_eq!(RouteName::parse(name).unwrap_err().breach.to_string(), why);
        }
    }

    #[test]
    fn wildcards_are_those_of_eventbridge() {
        for text in ["*", "a*b", r"a\*b", r"\\*", "*a*", r"\**"] {
            assert!(KeyWildcard::parse(text).is_ok(), "{text}");
        }
        for (text, why) in [
            ("a**", "`*` (character 3) follows another asterisk"),
            (r"a\b", "`b` (character 3) follows a backslash"),
            (r"a\", r"it ends with `\`, which is reserved"),
        ] {
            assert_eq!(KeyWildcard::parse(text).unwrap_err().breach.to_string(), why, "{text}");
        }
    }
}
