use indexmap::IndexMap;
use serde::{Deserialize, Serialize};

use crate::aws::cloudformation::Pseudo;
use crate::name::LogicalId;

/// A property's value: a text, or an [intrinsic function](https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/intrinsic-function-reference.html)
/// that CloudFormation evaluates.
///
/// There is no way to write a reference by hand: it comes from the [`Handle`](super::Handle) of a resource.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(untagged)]
pub enum Value {
    /// A text.
    Text(String),
    /// A function.
    Intrinsic(Intrinsic),
}

/// An intrinsic function, in its long form (`{"Ref": "FilesTable"}`); YAML has short forms for them.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Intrinsic(Function);

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
enum Function {
    Ref(String),
    #[serde(rename = "Fn::GetAtt")]
    GetAtt(String, String),
    #[serde(rename = "Fn::Sub")]
    Sub(Substituted),
    #[serde(rename = "Fn::ImportValue")]
    ImportValue(Box<Value>),
}

/// What `Fn::Sub` takes: a text, or a text and the values of names that only it knows.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(untagged, expecting = "expected a text, or a list of a text and its variables")]
enum Substituted {
    Text(String),
    With(String, IndexMap<String, Value>),
}

/// A text with values in it (`Fn::Sub`), made piece by piece.
///
/// ```
/// use bucketbook::aws::cloudformation::Pseudo;
/// use bucketbook::stack::{Sub, Value};
/// let text = Sub::default().text("arn:").pseudo(Pseudo::Partition).text(":s3:::${literally}");
/// let written = serde_json::to_string(&Value::from(text)).unwrap();
/// assert_eq!(written, r#"{"Fn::Sub":"arn:${AWS::Partition}:s3:::${!literally}"}"#);
/// ```
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Sub {
    text: String,
    /// Values that `${...}` cannot name, by the names that they have in this text.
    variables: IndexMap<String, Value>,
}

impl Sub {
    /// Goes on with this text.
    pub fn text(mut self, text: &str) -> Self {
        self.text.push_str(&text.replace("${", "${!"));
        self
    }

    /// Goes on with a pseudo parameter's value.
    pub fn pseudo(mut self, pseudo: Pseudo) -> Self {
        self.text.push_str(&format!("${{{}}}", pseudo.as_str()));
        self
    }

    /// Goes on with what a value gives.
    pub fn value(mut self, value: &Value) -> Self {
        match value {
            Value::Text(text) => return self.text(text),
            Value::Intrinsic(Intrinsic(Function::Ref(name))) => self.text.push_str(&format!("${{{name}}}")),
            Value::Intrinsic(Intrinsic(Function::GetAtt(name, attribute))) => {
                self.text.push_str(&format!("${{{name}.{attribute}}}"));
            }
            Value::Intrinsic(Intrinsic(Function::Sub(Substituted::Text(text)))) => self.text.push_str(text),
            Value::Intrinsic(Intrinsic(Function::Sub(Substituted::With(..)) | Function::ImportValue(_))) => {
                let variable = self.variable(value);
                self.text.push_str(&format!("${{{variable}}}"));
            }
        }
        self
    }

    /// The name of a value that `${...}` cannot name: the same value has the same one.
    fn variable(&mut self, value: &Value) -> String {
        let known = self.variables.iter().find(|(_, known)| *known == value).map(|(name, _)| name.clone());
        known.unwrap_or_else(|| {
            let name = format!("Value{}", self.variables.len() + 1);
            self.variables.insert(name.clone(), value.clone());
            name
        })
    }

    /// Goes on with what `!Ref` of a resource gives.
    pub(super) fn resource(mut self, id: &LogicalId) -> Self {
        self.text.push_str(&format!("${{{id}}}"));
        self
    }

    /// Goes on with what `!GetAtt` of a resource gives.
    pub(super) fn attribute(mut self, id: &LogicalId, attribute: &str) -> Self {
        self.text.push_str(&format!("${{{id}.{attribute}}}"));
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
            Function::Ref(name) | Function::GetAtt(name, _) => vec![name.clone()],
            Function::Sub(Substituted::Text(text)) => placeholders(text).map(str::to_owned).collect(),
            Function::Sub(Substituted::With(text, variables)) => {
                let own = placeholders(text).filter(|name| !variables.contains_key(*name)).map(str::to_owned);
                own.chain(variables.values().flat_map(Value::targets)).collect()
            }
            Function::ImportValue(name) => name.targets(),
        };
        names.into_iter().filter(|name| !name.starts_with("AWS::")).collect()
    }
}

/// The resources and parameters that a text of `Fn::Sub` names.
fn placeholders(text: &str) -> impl Iterator<Item = &str> {
    let names = text.split("${").skip(1).filter_map(|rest| rest.split_once('}')).map(|(name, _)| name);
    names.filter(|name| !name.starts_with('!')).map(|name| name.split('.').next().unwrap_or(name))
}

impl Value {
    /// Whether it takes what another stack exports. An output that only shows such a value says nothing new.
    pub fn imports(&self) -> bool {
        match self {
            Self::Intrinsic(Intrinsic(Function::ImportValue(_))) => true,
            Self::Intrinsic(Intrinsic(Function::Sub(Substituted::With(_, variables)))) => {
                variables.values().any(Self::imports)
            }
            _ => false,
        }
    }

    /// The names of the resources and parameters that it refers to.
    pub fn targets(&self) -> Vec<String> {
        match self {
            Self::Text(_) => Vec::new(),
            Self::Intrinsic(intrinsic) => intrinsic.targets(),
        }
    }
}

impl From<Pseudo> for Value {
    fn from(pseudo: Pseudo) -> Self {
        Intrinsic(Function::Ref(pseudo.as_str().to_owned())).into()
    }
}

impl From<Sub> for Value {
    fn from(Sub { text, variables }: Sub) -> Self {
        let argument = match variables.is_empty() {
            true => Substituted::Text(text),
            false => Substituted::With(text, variables),
        };
        Intrinsic(Function::Sub(argument)).into()
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

#[cfg(test)]
mod tests {
    use super::*;

    fn json(value: impl Into<Value>) -> String {
        serde_json::to_string(&value.into()).unwrap()
    }

    #[test]
    fn an_imported_value_goes_into_a_text_by_a_name_of_its_own() {
        let imported: Value = serde_json::from_str(r#"{"Fn::ImportValue": {"Fn::Sub": "${Stage}-bucket"}}"#).unwrap();
        let text = Sub::default().text("arn:").pseudo(Pseudo::Partition).text(":s3:::").value(&imported).text("/");
        let text = Sub::default().value(&text.value(&imported).into()).text("*");
        assert_eq!(
            json(text.clone()),
            r#"{"Fn::Sub":["${Value1}*",{"Value1":{"Fn::Sub":["arn:${AWS::Partition}:s3:::${Value1}/${Value1}",{"Value1":{"Fn::ImportValue":{"Fn::Sub":"${Stage}-bucket"}}}]}}]}"#
        );
        assert_eq!(Value::from(text).targets(), ["Stage"]);
    }
}
