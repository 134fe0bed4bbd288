use super::{Breach, Rule, name_type};

name_type! {
    /// The name of a CloudFormation stack.
    StackName
}

name_type! {
    /// The name of a resource (or output) within its template.
    LogicalId
}

impl Rule for StackName {
    const KIND: &'static str = "stack name";
    const RULE: &'static str = "a stack name has 1 to 128 letters, digits and hyphens, and begins with a letter";
    const URL: &'static str =
        "https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/cfn-using-console-create-stack-parameters.html";
    const LENGTH: (usize, usize) = (1, 128);
    const PATTERN: Option<&'static str> = Some("^[a-zA-Z][a-zA-Z0-9-]*$");
    const EXAMPLE: &'static str = "event-driven-files";

    fn breach(text: &str) -> Option<Breach> {
        Breach::first_character(text, |c| c.is_ascii_alphanumeric() || c == '-').or_else(|| {
            let first = text.chars().next().filter(|c| !c.is_ascii_alphabetic())?;
            Some(Breach::Character { character: first, position: 1, why: "cannot come first" })
        })
    }
}

impl Rule for LogicalId {
    const KIND: &'static str = "logical id";
    const RULE: &'static str = "a logical id has 1 to 255 letters and digits";
    const URL: &'static str =
        "https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/resources-section-structure.html";
    const LENGTH: (usize, usize) = (1, 255);
    const PATTERN: Option<&'static str> = Some("^[a-zA-Z0-9]+$");
    const EXAMPLE: &'static str = "Stage";

    fn breach(text: &str) -> Option<Breach> {
        Breach::first_character(text, |c| c.is_ascii_alphanumeric())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn stack_names() {
        assert!(StackName::parse("My-Stack-9").is_ok());
        let error = StackName::parse("9-lives").unwrap_err();
        assert!(error.to_string().starts_with("`9-lives` is not a stack name: `9` (character 1) cannot come first\n"));
        for name in ["", "a_b", "a.b", "-a", "é", &"s".repeat(129)] {
            assert!(StackName::parse(name).is_err(), "{name}");
        }
    }

    #[test]
    fn logical_ids() {
        assert!(LogicalId::parse("FilesTable2").is_ok());
        for name in ["", "Files-Table", "Files Table", "Files.Table"] {
            assert!(LogicalId::parse(name).is_err(), "{name}");
        }
    }
}
