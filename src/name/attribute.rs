use super::{Breach, Rule, name_type};

name_type! {
    /// The name of an attribute of a DynamoDB item, as a workflow can write it.
    ///
    /// DynamoDB takes nearly any text. Three kinds of text are refused here all the same, because the workflow definition in
    /// which the name has to stand would read them as something else: a name that ends in `.$` (Step Functions takes such a
    /// field's value for a path), one that begins with `{%` (JSONata) and one with `${` in it (CloudFormation substitutes there).
    AttributeName
}

impl Rule for AttributeName {
    const KIND: &'static str = "attribute name";
    const RULE: &'static str = "an attribute name has 1 to 255 bytes of UTF-8; in a workflow definition it cannot end in `.$` (a path), begin with `{%` (an expression) or hold `${` (a substitution)";
    const URL: &'static str =
        "https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/HowItWorks.NamingRulesDataTypes.html";
    const LENGTH: (usize, usize) = (1, 255);
    const PATTERN: Option<&'static str> = Some(r"^(?!\{%)(?![\s\S]*\.\$$)(?![\s\S]*\$\{)[\s\S]+$");
    const EXAMPLE: &'static str = "fileName";

    fn length(text: &str) -> usize {
        text.len()
    }

    fn breach(text: &str) -> Option<Breach> {
        if text.ends_with(".$") {
            return Some(Breach::ReservedSuffix(".$"));
        }
        if text.starts_with("{%") {
            return Some(Breach::ReservedPrefix("{%"));
        }
        let at = text.find("${")?;
        let position = text[..at].chars().count() + 1;
        Some(Breach::Character { character: '$', position, why: "begins a substitution (`${`)" })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn dynamodb_takes_nearly_anything() {
        for name in ["fileName", "name", "file name", "a.b", "#x", "日本", "\"", "it's", "- a: b", "$", "a\nb", "null"]
        {
            assert!(AttributeName::parse(name).is_ok(), "{name}");
        }
    }

    #[test]
    fn names_that_a_definition_would_misread() {
        for (name, why) in [
            ("name.$", "it ends with `.$`, which is reserved"),
            ("{% 1 %}", "it begins with `{%`, which is reserved"),
            ("a${TableName}", "`$` (character 2) begins a substitution (`${`)"),
            (&"é".repeat(128), "it is 256 long, and the longest is 255"),
        ] {
            assert_eq!(AttributeName::parse(name).unwrap_err().breach.to_string(), why);
        }
    }
}
