use crate::aws::ResourceType;
use crate::eventbridge::CompiledPattern;
use crate::lint::Findings;
use crate::lint::rule::rule;
use crate::loaded::{Call, Certainty, LoadedStack};
use crate::source::Node;

rule! {
    /// Invalid event pattern
    ///
    /// # What it does
    /// Parses the pattern of every rule, and every filter of a pipe, as EventBridge does.
    ///
    /// Sources: [event patterns](https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-event-patterns.html) and [filters of
    /// pipes](https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-pipes-event-filtering.html).
    ///
    /// # Why is this bad
    /// EventBridge refuses the rule or the pipe, and the deployment fails.
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
    pipes(stack, findings);
}

/// The filters of pipes, which are texts.
fn pipes(stack: &LoadedStack, findings: &mut Findings<'_>) {
    let Some(template) = stack.template.as_ref() else { return };
    for resource in template.of_type(ResourceType::PipesPipe) {
        let id = &resource.logical_id;
        let parameters = template.properties(id).and_then(|properties| properties.get("SourceParameters"));
        let filters = parameters.and_then(|node| node.get("FilterCriteria")).and_then(|node| node.get("Filters"));
        for (at, filter) in filters.map_or(&[][..], Node::items).iter().enumerate() {
            let Some(node) = filter.get("Pattern").filter(|node| Call::of(node).is_none()) else { continue };
            let Some(Err(error)) = node.as_str().filter(|text| !text.contains("${")).map(CompiledPattern::parse) else {
                continue;
            };
            let pointer = format!("/SourceParameters/FilterCriteria/Filters/{at}/Pattern");
            let message = format!("EventBridge refuses this filter, and the deployment fails: {error}");
            findings.add(template.place(id, &pointer, node), message);
        }
    }
}
