use super::{Breach, Rule, name_type};

name_type! {
    /// The name of an environment: of its folder, and of its sections in `samconfig.toml`.
    EnvironmentName
}

/// Names that mean something else there: folders of a generated stack, and the sections that SAM takes by itself.
const TAKEN: [&str; 4] = ["default", "definitions", "functions", "pictures"];

impl Rule for EnvironmentName {
    const KIND: &'static str = "environment name";
    const RULE: &'static str = "an environment name has 1 to 32 letters, digits, `-` and `_`, begins with a letter, and is none of `default`, \
         `definitions`, `functions` and `pictures`";
    const URL: &'static str =
        "https://docs.aws.amazon.com/serverless-application-model/latest/developerguide/serverless-sam-cli-config.html";
    const LENGTH: (usize, usize) = (1, 32);
    const PATTERN: Option<&'static str> = Some("^(?!(default|definitions|functions|pictures)$)[a-zA-Z][a-zA-Z0-9_-]*$");
    const EXAMPLE: &'static str = "prod";

    fn breach(text: &str) -> Option<Breach> {
        if TAKEN.contains(&text.to_ascii_lowercase().as_str()) {
            return Some(Breach::Whole("this name is taken"));
        }
        Breach::first_character(text, |c| c.is_ascii_alphanumeric() || c == '-' || c == '_').or_else(|| {
            let first = text.chars().next().filter(|c| !c.is_ascii_alphabetic())?;
            Some(Breach::Character { character: first, position: 1, why: "cannot come first" })
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn environments_are_folders() {
        for name in ["dev", "eu-prod_2"] {
            assert!(EnvironmentName::parse(name).is_ok(), "{name}");
        }
        for name in ["", "..", "a/b", "default", "Pictures", "1st", &"e".repeat(33)] {
            assert!(EnvironmentName::parse(name).is_err(), "{name}");
        }
    }
}
