use super::{Breach, Rule, name_type};

name_type! {
    /// The name of a DynamoDB table.
    TableName
}

name_type! {
    /// The name of an index of a DynamoDB table.
    IndexName
}

/// Whether a character may stand in the name of a table or an index.
fn is_allowed(c: char) -> bool {
    c.is_ascii_alphanumeric() || matches!(c, '_' | '-' | '.')
}

impl Rule for IndexName {
    const KIND: &'static str = "index name";
    const RULE: &'static str = "an index name has 3 to 255 characters out of a-z, A-Z, 0-9, `_`, `-` and `.`";
    const URL: &'static str = TableName::URL;
    const LENGTH: (usize, usize) = TableName::LENGTH;
    const PATTERN: Option<&'static str> = TableName::PATTERN;
    const EXAMPLE: &'static str = "by-size";

    fn breach(text: &str) -> Option<Breach> {
        Breach::first_character(text, is_allowed)
    }
}

impl Rule for TableName {
    const KIND: &'static str = "table name";
    const RULE: &'static str = "a table name has 3 to 255 characters out of a-z, A-Z, 0-9, `_`, `-` and `.`";
    const URL: &'static str =
        "https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/HowItWorks.NamingRulesDataTypes.html";
    const LENGTH: (usize, usize) = (3, 255);
    const PATTERN: Option<&'static str> = Some("^[a-zA-Z0-9_.-]+$");
    const EXAMPLE: &'static str = "my-file-catalogue";

    fn breach(text: &str) -> Option<Breach> {
        Breach::first_character(text, is_allowed)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_articles_placeholder_is_no_table_name() {
        let error = TableName::parse("<<TABLE_NAME>>").unwrap_err();
        let (message, rule) = error.to_string().split_once('\n').map(|(a, b)| (a.to_owned(), b.to_owned())).unwrap();
        assert_eq!(message, "`<<TABLE_NAME>>` is not a table name: `<` (character 1) is not allowed");
        assert!(
            rule.starts_with(
                "a table name has 3 to 255 characters out of a-z, A-Z, 0-9, `_`, `-` and `.`; see https://"
            )
        );
    }

    #[test]
    fn length_and_characters() {
        for name in ["abc", "A_b-c.9", &"t".repeat(255)] {
            assert!(TableName::parse(name).is_ok(), "{name}");
        }
        for name in ["", "ab", "a b", "a:b", "tablé", &"t".repeat(256)] {
            assert!(TableName::parse(name).is_err(), "{name}");
        }
    }
}
