use serde::Serialize;

use super::{JsonataTemplate, QueryLanguage, Transition};

/// A [state](https://states-language.net/spec.html#pass-state) that computes, and calls nothing. It computes with JSONata,
/// which can do what no intrinsic function can, such as writing a time.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[serde(rename_all = "PascalCase")]
pub struct Pass {
    /// What it is for.
    #[serde(skip_serializing_if = "Option::is_none")]
    comment: Option<String>,
    query_language: QueryLanguage,
    output: JsonataTemplate,
    #[serde(flatten)]
    next: Transition,
}

impl Pass {
    /// Gives out `output`, and goes on.
    pub fn new(comment: &str, output: impl Into<JsonataTemplate>, next: Transition) -> Self {
        let comment = Some(comment.to_owned());
        Self { comment, query_language: QueryLanguage::Jsonata, output: output.into(), next }
    }

    /// What it gives out.
    pub fn output(&self) -> &JsonataTemplate {
        &self.output
    }

    /// The state that follows, or the end.
    pub fn next(&self) -> &Transition {
        &self.next
    }
}
