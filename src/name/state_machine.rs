use super::{Breach, Rule, name_type};

name_type! {
    /// The name of a Step Functions state machine.
    StateMachineName
}

name_type! {
    /// The name of a state within its state machine.
    StateName
}

/// Punctuation that Step Functions keeps out of the names of its resources.
const REFUSED: &str = "<>{}[]?*\"#%\\^|~`$&,;:/";

impl Rule for StateMachineName {
    const KIND: &'static str = "state machine name";
    const RULE: &'static str = "a state machine name has 1 to 80 characters, with no white space, no control characters and none of < > { } [ ] ? * \" # % \\ ^ | ~ ` $ & , ; : /";
    const URL: &'static str =
        "https://docs.aws.amazon.com/step-functions/latest/apireference/API_CreateStateMachine.html";
    const LENGTH: (usize, usize) = (1, 80);
    const PATTERN: Option<&'static str> =
        Some(r##"^[^\s\u0000-\u001f\u007f-\u009f<>{}\[\]?*"#%\\^|~`$&,;:/\ufffe\uffff]+$"##);
    const EXAMPLE: &'static str = "record-files";

    fn breach(text: &str) -> Option<Breach> {
        Breach::first_character(text, |c| {
            !c.is_whitespace()
                && !c.is_control()
                && !REFUSED.contains(c)
                && !matches!(c, '\u{fffe}' | '\u{ffff}' | '\u{feff}' | '\u{10ffff}')
        })
    }
}

impl Rule for StateName {
    const KIND: &'static str = "state name";
    const RULE: &'static str = "a state name has 1 to 80 characters";
    const URL: &'static str = "https://docs.aws.amazon.com/step-functions/latest/dg/statemachine-structure.html";
    const LENGTH: (usize, usize) = (1, 80);
    const PATTERN: Option<&'static str> = None;
    const EXAMPLE: &'static str = "RecordObject";

    fn breach(_: &str) -> Option<Breach> {
        None
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_that_step_functions_takes() {
        for name in ["a", "ObjectCreated", "files-2.0_(beta)!", "catálogo", &"m".repeat(80)] {
            assert!(StateMachineName::parse(name).is_ok(), "{name}");
        }
    }

    #[test]
    fn every_refused_character_is_named() {
        for c in REFUSED.chars().chain([' ', '\t', '\n', '\u{7f}', '\u{85}', '\u{2003}']) {
            let error = StateMachineName::parse(format!("a{c}")).unwrap_err();
            assert_eq!(error.breach, Breach::Character { character: c, position: 2, why: "is not allowed" });
        }
        assert!(StateMachineName::parse("m".repeat(81)).is_err());
    }
}
