//! What is asked for when the stack is deployed, and what it shows then.

use crate::aws::cloudformation::is_parameter_type;
use schemars::{JsonSchema, Schema, SchemaGenerator, json_schema};
use serde::{Deserialize, Serialize};
use serde_json::Value;

use crate::stack::{Deferred, Parameter};

/// A parameter of the template, which gets its value when the stack is deployed. Use `!Ref` with its name, or `${NAME}` in a
/// `!Sub`, for a name, a retention, an address or the value of a tag.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub struct ParameterSpec {
    /// Its CloudFormation type. `AWS::SSM::Parameter::Value<String>` reads the value from Parameter Store.
    #[serde(rename = "type")]
    #[schemars(extend("examples" = ["String", "Number", "CommaDelimitedList", "AWS::SSM::Parameter::Value<String>"]))]
    pub kind: ParameterType,
    /// Its purpose. SAM shows it when it asks for the value.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schemars(extend("examples" = ["The stage of the stack"]))]
    pub description: Option<String>,
    /// The default value. Without one, a value is required when the stack is deployed.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schemars(extend("examples" = ["dev"]))]
    pub default: Option<Scalar>,
    /// The allowed values. By default, any.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    #[schemars(extend("examples" = [["dev", "prod"]]))]
    pub allowed_values: Vec<Scalar>,
    /// The regular expression that the whole value must match.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schemars(extend("examples" = ["[a-z][a-z0-9-]*"]))]
    pub allowed_pattern: Option<String>,
    /// CloudFormation's message for a refused value.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schemars(extend("examples" = ["a stage consists of lowercase letters, digits and hyphens"]))]
    pub constraint_description: Option<String>,
    /// The minimum length of a string.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schemars(extend("examples" = [1]))]
    pub min_length: Option<u32>,
    /// The maximum length of a string.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schemars(extend("examples" = [20]))]
    pub max_length: Option<u32>,
    /// The minimum of a number.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schemars(extend("examples" = [1]))]
    pub min_value: Option<i64>,
    /// The maximum of a number.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schemars(extend("examples" = [365]))]
    pub max_value: Option<i64>,
    /// Whether CloudFormation hides the value.
    pub no_echo: bool,
}

/// The [type](https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/cloudformation-supplied-parameter-types.html) of a
/// parameter.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct ParameterType(String);

impl ParameterType {
    /// Whether its values are numbers.
    pub fn is_number(&self) -> bool {
        self.0 == "Number"
    }

    /// Whether the value itself is given, and not the name of something that holds it.
    pub fn is_plain(&self) -> bool {
        matches!(self.0.as_str(), "String" | "Number")
    }
}

impl Default for ParameterType {
    fn default() -> Self {
        Self("String".to_owned())
    }
}

impl TryFrom<String> for ParameterType {
    type Error = String;

    fn try_from(text: String) -> Result<Self, String> {
        if is_parameter_type(&text) {
            return Ok(Self(text));
        }
        let shown: String = text.chars().take(60).collect();
        Err(format!(
            "unknown parameter type `{shown}`\nexpected `String`, `Number`, `CommaDelimitedList`, `List<Number>` or a type of \
             AWS such as `AWS::SSM::Parameter::Value<String>`"
        ))
    }
}

impl From<ParameterType> for String {
    fn from(ParameterType(text): ParameterType) -> Self {
        text
    }
}

impl JsonSchema for ParameterType {
    fn inline_schema() -> bool {
        true
    }

    fn schema_name() -> std::borrow::Cow<'static, str> {
        "ParameterType".into()
    }

    fn json_schema(_: &mut SchemaGenerator) -> Schema {
        json_schema!({
            "type": "string",
            "pattern": "^(String|Number|CommaDelimitedList|List<(Number|AWS::.+)>|AWS::.+)$",
        })
    }
}

/// A text, a number or a boolean, as a parameter takes one.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(untagged, expecting = "expected a string, a number or a boolean")]
#[schemars(inline)]
pub enum Scalar {
    /// A boolean, which CloudFormation takes for a text.
    Bool(bool),
    /// A whole number.
    Integer(i64),
    /// Any other number.
    Float(f64),
    /// A text.
    Text(String),
}

impl Scalar {
    /// The value as CloudFormation compares it.
    pub fn text(&self) -> String {
        match self {
            Self::Bool(value) => value.to_string(),
            Self::Integer(value) => value.to_string(),
            Self::Float(value) => value.to_string(),
            Self::Text(text) => text.clone(),
        }
    }

    /// The value as a template has it.
    fn value(&self) -> Value {
        match self {
            Self::Bool(value) => Value::from(*value),
            Self::Integer(value) => Value::from(*value),
            Self::Float(value) => Value::from(*value),
            Self::Text(text) => Value::from(text.as_str()),
        }
    }
}

impl From<&ParameterSpec> for Parameter {
    fn from(spec: &ParameterSpec) -> Self {
        Self {
            kind: spec.kind.clone().into(),
            description: spec.description.clone(),
            default: spec.default.as_ref().map(Scalar::value),
            allowed_values: spec.allowed_values.iter().map(Scalar::value).collect(),
            allowed_pattern: spec.allowed_pattern.clone(),
            constraint_description: spec.constraint_description.clone(),
            min_length: spec.min_length,
            max_length: spec.max_length,
            min_value: spec.min_value,
            max_value: spec.max_value,
            no_echo: spec.no_echo.then_some(true),
        }
    }
}

/// Settings of an output.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub struct OutputSpec {
    /// The export name, by which other stacks of the account and region import the value with `!ImportValue`. It must be unique
    /// there.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schemars(extend("examples" = ["files-table"]))]
    pub export: Option<Deferred<String>>,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn types_are_cloudformations() {
        for known in
            ["String", "Number", "List<Number>", "List<AWS::EC2::Subnet::Id>", "AWS::SSM::Parameter::Value<String>"]
        {
            assert!(ParameterType::try_from(known.to_owned()).is_ok(), "{known}");
        }
        for unknown in ["string", "Integer", "List<String>", ""] {
            assert!(ParameterType::try_from(unknown.to_owned()).is_err(), "{unknown}");
        }
    }
}
