use serde::{Deserialize, Serialize};

use crate::name::LogicalId;

/// A property's value: a text, or an [intrinsic function](https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/intrinsic-function-reference.html)
/// that CloudFormation evaluates.
///
/// There is no way to write a reference by hand: it comes from the [`Handle`](super::Handle) of a resource.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(untagged)]
pub enum Value {
    /// A text.
    Text(String),
    /// A function.
    Intrinsic(Intrinsic),
}

/// An intrinsic function, in its long form (`{"Ref": "FilesTable"}`); YAML has short forms for them.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Intrinsic(pub(super) Function);

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub(super) enum Function {
    Ref(LogicalId),
    #[serde(rename = "Fn::GetAtt")]
    GetAtt(LogicalId, String),
}

impl Intrinsic {
    pub(super) fn reference(id: LogicalId) -> Self {
        Self(Function::Ref(id))
    }

    pub(super) fn attribute(id: LogicalId, attribute: &str) -> Self {
        Self(Function::GetAtt(id, attribute.to_owned()))
    }

    /// The resource that it refers to.
    pub fn target(&self) -> &LogicalId {
        match &self.0 {
            Function::Ref(id) | Function::GetAtt(id, _) => id,
        }
    }
}

impl From<String> for Value {
    fn from(text: String) -> Self {
        Self::Text(text)
    }
}

impl From<Intrinsic> for Value {
    fn from(intrinsic: Intrinsic) -> Self {
        Self::Intrinsic(intrinsic)
    }
}
