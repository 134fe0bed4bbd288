use serde::{Deserialize, Serialize};

use super::Output;
use super::jsonata::QueryLanguage;
use crate::name::StateName;

/// A [state](https://states-language.net/spec.html#pass-state) that computes, and calls nothing. It computes with JSONata,
/// which can do what no intrinsic function can, such as writing a time.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "PascalCase")]
pub struct Pass {
    /// What it is for.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    comment: Option<String>,
    query_language: QueryLanguage,
    output: Output,
    #[serde(flatten)]
    transition: Transition,
}

/// What follows a state.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
enum Transition {
    /// A state.
    Next(StateName),
    /// Nothing: `true`, always.
    End(bool),
}

impl Pass {
    /// Gives out `output`, and goes on to `next`.
    pub fn to(next: StateName, comment: &str, output: Output) -> Self {
        Self::new(Transition::Next(next), comment, output)
    }

    /// Gives out `output` as the last state.
    pub fn end(comment: &str, output: Output) -> Self {
        Self::new(Transition::End(true), comment, output)
    }

    fn new(transition: Transition, comment: &str, output: Output) -> Self {
        Self { comment: Some(comment.to_owned()), query_language: QueryLanguage::Jsonata, output, transition }
    }

    /// What it gives out.
    pub fn output(&self) -> &Output {
        &self.output
    }

    /// The state that follows, if one does.
    pub fn next(&self) -> Option<&StateName> {
        match &self.transition {
            Transition::Next(next) => Some(next),
            Transition::End(_) => None,
        }
    }
}
