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
pub struct Intrinsic(Function);

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
enum Function {
    Ref(String),
    #[serde(rename = "Fn::GetAtt")]
    GetAtt(String, String),
    #[serde(rename = "Fn::Sub")]
    Sub(String),
}

/// A [pseudo parameter](https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/pseudo-parameter-reference.html): what
/// CloudFormation knows of the stack that it deploys.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Pseudo {
    /// The account's id.
    AccountId,
    /// `aws`, `aws-cn` or `aws-us-gov`: the second part of every ARN.
    Partition,
    /// The region.
    Region,
    /// The stack's name.
    StackName,
    /// `amazonaws.com`, or what the partition has in its place: the end of every host.
    UrlSuffix,
}

impl Pseudo {
    fn name(self) -> &'static str {
        match self {
            Self::AccountId => "AWS::AccountId",
            Self::Partition => "AWS::Partition",
            Self::Region => "AWS::Region",
            Self::StackName => "AWS::StackName",
            Self::UrlSuffix => "AWS::URLSuffix",
        }
    }
}

/// A text with values in it (`Fn::Sub`), made piece by piece.
///
/// ```
/// use bucketbook::stack::{Pseudo, Sub, Value};
/// let text = Sub::default().text("arn:").pseudo(Pseudo::Partition).text(":s3:::${literally}");
/// let written = serde_json::to_string(&Value::from(text)).unwrap();
/// assert_eq!(written, r#"{"Fn::Sub":"arn:${AWS::Partition}:s3:::${!literally}"}"#);
/// ```
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Sub(String);

impl Sub {
    /// Goes on with this text.
    pub fn text(mut self, text: &str) -> Self {
        self.0.push_str(&text.replace("${", "${!"));
        self
    }

    /// Goes on with a pseudo parameter's value.
    pub fn pseudo(mut self, pseudo: Pseudo) -> Self {
        self.0.push_str(&format!("${{{}}}", pseudo.name()));
        self
    }

    /// Goes on with what a value gives.
    pub fn value(self, value: &Value) -> Self {
        match value {
            Value::Text(text) => self.text(text),
            Value::Intrinsic(Intrinsic(Function::Ref(name))) => Self(format!("{}${{{name}}}", self.0)),
            Value::Intrinsic(Intrinsic(Function::GetAtt(name, attribute))) => {
                Self(format!("{}${{{name}.{attribute}}}", self.0))
            }
            Value::Intrinsic(Intrinsic(Function::Sub(text))) => Self(self.0 + text),
        }
    }

    /// Goes on with what `!Ref` of a resource gives.
    pub(super) fn resource(mut self, id: &LogicalId) -> Self {
        self.0.push_str(&format!("${{{id}}}"));
        self
    }

    /// Goes on with what `!GetAtt` of a resource gives.
    pub(super) fn attribute(mut self, id: &LogicalId, attribute: &str) -> Self {
        self.0.push_str(&format!("${{{id}.{attribute}}}"));
        self
    }
}

impl Intrinsic {
    pub(super) fn reference(id: &LogicalId) -> Self {
        Self(Function::Ref(id.to_string()))
    }

    pub(super) fn attribute(id: &LogicalId, attribute: &str) -> Self {
        Self(Function::GetAtt(id.to_string(), attribute.to_owned()))
    }

    /// The names of the resources that it refers to.
    pub fn targets(&self) -> Vec<String> {
        let names = match &self.0 {
            Function::Ref(name) | Function::GetAtt(name, _) => vec![name.as_str()],
            Function::Sub(text) => {
                let names = text.split("${").skip(1).filter_map(|rest| rest.split_once('}')).map(|(name, _)| name);
                names.filter(|name| !name.starts_with('!')).map(|name| name.split('.').next().unwrap_or(name)).collect()
            }
        };
        names.into_iter().filter(|name| !name.starts_with("AWS::")).map(str::to_owned).collect()
    }
}

impl From<Pseudo> for Value {
    fn from(pseudo: Pseudo) -> Self {
        Intrinsic(Function::Ref(pseudo.name().to_owned())).into()
    }
}

impl From<Sub> for Value {
    fn from(Sub(text): Sub) -> Self {
        Intrinsic(Function::Sub(text)).into()
    }
}

impl From<String> for Value {
    fn from(text: String) -> Self {
        Self::Text(text)
    }
}

impl From<&str> for Value {
    fn from(text: &str) -> Self {
        Self::Text(text.to_owned())
    }
}

impl From<Intrinsic> for Value {
    fn from(intrinsic: Intrinsic) -> Self {
        Self::Intrinsic(intrinsic)
    }
}
