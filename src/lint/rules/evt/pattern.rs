use crate::eventbridge::CompiledPattern;
use crate::lint::Findings;
use crate::lint::rule::rule;
use crate::loaded::{Certainty, LoadedStack};

rule! {
    /// Invalid event pattern
    ///
    /// # What it does
    /// Parses the pattern of every rule as EventBridge does.
    ///
    /// Source: [event patterns](https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-event-patterns.html).
    ///
    /// # Why is this bad
    /// EventBridge refuses the rule, and the deployment fails.
    ///
    /// # Example
    /// ```yaml
    /// Pattern:
    ///   source: aws.s3
    /// ```
    ///
    /// # Use instead
    /// ```yaml
    /// Pattern:
    ///   source: [aws.s3]
    /// ```
    pub(super) static RULE: "EVT501", "pattern-syntax", Error = Stack(check);
}

fn check(stack: &LoadedStack, findings: &mut Findings<'_>) {
    for rule in &stack.rules {
        let Some((pattern, place)) = &rule.pattern else { continue };
        let text = match pattern {
            serde_json::Value::String(text) => text.clone(),
            other => other.to_string(),
        };
        // What is decided only when the stack is deployed is not judged.
        if pattern.is_null() || rule.certainty == Certainty::Unknown {
            continue;
        }
        if let Err(error) = CompiledPattern::parse(&text) {
            findings
                .add(place.clone(), format!("EventBridge refuses this pattern, and the deployment fails: {error}"))
                .help("https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-create-pattern.html");
        }
    }
}
