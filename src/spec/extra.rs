//! What a user adds to the stack in CloudFormation's own words.

use std::fmt;

use schemars::JsonSchema;
use serde::de::value::MapAccessDeserializer;
use serde::de::{Error, MapAccess, Visitor};
use serde::{Deserialize, Deserializer, Serialize};

use crate::stack::Fragment;

/// What is added to the stack: the sections themselves, or the file that holds them.
#[derive(Debug, Clone, PartialEq, Serialize, JsonSchema)]
#[serde(untagged)]
#[schemars(inline)]
pub enum ExtraSpec {
    /// The path of a file with these sections, from the spec.
    #[schemars(extend("examples" = ["extra.yaml"]))]
    File(String),
    /// The sections.
    Sections(Box<Fragment>),
}

impl<'de> Deserialize<'de> for ExtraSpec {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(FileOrSections)
    }
}

struct FileOrSections;

impl<'de> Visitor<'de> for FileOrSections {
    type Value = ExtraSpec;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("the path of a file, or a mapping with the sections of a template")
    }

    fn visit_unit<E: Error>(self) -> Result<ExtraSpec, E> {
        Ok(ExtraSpec::Sections(Box::default()))
    }

    fn visit_str<E: Error>(self, path: &str) -> Result<ExtraSpec, E> {
        Ok(ExtraSpec::File(path.to_owned()))
    }

    fn visit_map<A: MapAccess<'de>>(self, map: A) -> Result<ExtraSpec, A::Error> {
        Fragment::deserialize(MapAccessDeserializer::new(map)).map(|fragment| ExtraSpec::Sections(Box::new(fragment)))
    }
}
