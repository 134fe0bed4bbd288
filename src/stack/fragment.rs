use indexmap::IndexMap;
use schemars::{JsonSchema, Schema, SchemaGenerator, json_schema};
use serde::{Deserialize, Serialize};
use serde_json::Value;

/// The entries of a section of a template, by their names.
pub type Section = IndexMap<String, Value>;

/// Parts of a [template](https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/template-anatomy.html) that somebody wrote
/// in CloudFormation's own words, with its functions in the long form. Nothing is known of what they hold.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "PascalCase", deny_unknown_fields, default)]
pub struct Fragment {
    /// What other tools are told about the template.
    #[serde(skip_serializing_if = "IndexMap::is_empty")]
    pub metadata: Section,
    /// What is asked for when the stack is deployed.
    #[serde(skip_serializing_if = "IndexMap::is_empty")]
    pub parameters: Section,
    /// What the values of parameters have to fulfil.
    #[serde(skip_serializing_if = "IndexMap::is_empty")]
    pub rules: Section,
    /// Tables of values to look up.
    #[serde(skip_serializing_if = "IndexMap::is_empty")]
    pub mappings: Section,
    /// What decides whether a resource or an output is there.
    #[serde(skip_serializing_if = "IndexMap::is_empty")]
    pub conditions: Section,
    /// The resources.
    #[serde(skip_serializing_if = "IndexMap::is_empty")]
    pub resources: Section,
    /// The values that the stack shows.
    #[serde(skip_serializing_if = "IndexMap::is_empty")]
    pub outputs: Section,
}

impl Fragment {
    /// Whether there is nothing in it.
    pub fn is_empty(&self) -> bool {
        self.sections().all(|(_, section)| section.is_empty())
    }

    /// Its sections by their names, in the order in which a template has them.
    pub fn sections(&self) -> impl Iterator<Item = (&'static str, &Section)> {
        [
            ("Metadata", &self.metadata),
            ("Parameters", &self.parameters),
            ("Rules", &self.rules),
            ("Mappings", &self.mappings),
            ("Conditions", &self.conditions),
            ("Resources", &self.resources),
            ("Outputs", &self.outputs),
        ]
        .into_iter()
    }
}

impl JsonSchema for Fragment {
    fn schema_name() -> std::borrow::Cow<'static, str> {
        "Fragment".into()
    }

    fn json_schema(_: &mut SchemaGenerator) -> Schema {
        let section = |description: &str, entry: Value| serde_json::json!({ "type": "object", "description": description, "additionalProperties": entry });
        let object = || serde_json::json!({ "type": "object" });
        let needing = |key: &str| serde_json::json!({ "type": "object", "required": [key] });
        json_schema!({
            "type": "object",
            "description": "Parts of a CloudFormation template, in CloudFormation's own words; see https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/template-anatomy.html",
            "properties": {
                "Metadata": section("What other tools are told about the template.", Value::Bool(true)),
                "Parameters": section("What is asked for when the stack is deployed.", needing("Type")),
                "Rules": section("What the values of parameters have to fulfil.", object()),
                "Mappings": section("Tables of values to look up.", object()),
                "Conditions": section("What decides whether a resource or an output is there.", Value::Bool(true)),
                "Resources": section("Resources beside the generated ones.", needing("Type")),
                "Outputs": section("Values that the stack shows.", needing("Value")),
            },
            "additionalProperties": false,
        })
    }
}
