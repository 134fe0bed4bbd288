//! A template as its sections: what this crate made, and after it what somebody added in CloudFormation's own words.

use indexmap::IndexMap;
use serde::de::Error;
use serde::ser::SerializeMap;
use serde::{Deserialize, Deserializer, Serialize, Serializer};
use serde_json::Value;

use super::fragment::Section;
use super::{Fragment, Output, Parameter, Resource, Template};
use crate::name::LogicalId;

/// The version of the template format: a date that YAML readers must not take for one.
const FORMAT_VERSION: &str = "2010-09-09";

/// The transform that makes SAM's resources into CloudFormation's.
const TRANSFORM: &str = "AWS::Serverless-2016-10-31";

impl Serialize for Template {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let extra = &self.extra;
        let mut sections = serializer.serialize_map(None)?;
        sections.serialize_entry("AWSTemplateFormatVersion", FORMAT_VERSION)?;
        sections.serialize_entry("Transform", TRANSFORM)?;
        sections.serialize_entry("Description", &self.description)?;
        entry(&mut sections, "Metadata", &Joined::added(&extra.metadata))?;
        entry(&mut sections, "Parameters", &Joined(Some(&self.parameters), &extra.parameters))?;
        entry(&mut sections, "Rules", &Joined::added(&extra.rules))?;
        entry(&mut sections, "Mappings", &Joined::added(&extra.mappings))?;
        entry(&mut sections, "Conditions", &Joined::added(&extra.conditions))?;
        sections.serialize_entry("Resources", &Joined(Some(&self.resources), &extra.resources))?;
        entry(&mut sections, "Outputs", &Joined(Some(&self.outputs), &extra.outputs))?;
        sections.end()
    }
}

/// Writes a section that has entries.
fn entry<M: SerializeMap, T: Serialize>(sections: &mut M, name: &str, joined: &Joined<'_, T>) -> Result<(), M::Error> {
    if joined.is_empty() { Ok(()) } else { sections.serialize_entry(name, joined) }
}

/// What this crate has in a section, and what was added to it.
struct Joined<'a, T>(Option<&'a IndexMap<LogicalId, T>>, &'a Section);

impl<'a> Joined<'a, Value> {
    /// A section of which this crate has nothing.
    fn added(section: &'a Section) -> Self {
        Self(None, section)
    }
}

impl<T> Joined<'_, T> {
    fn is_empty(&self) -> bool {
        self.0.is_none_or(IndexMap::is_empty) && self.1.is_empty()
    }
}

impl<T: Serialize> Serialize for Joined<'_, T> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut section = serializer.serialize_map(None)?;
        for (id, value) in self.0.into_iter().flatten() {
            section.serialize_entry(id, value)?;
        }
        for (id, value) in self.1 {
            section.serialize_entry(id, value)?;
        }
        section.end()
    }
}

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase", deny_unknown_fields)]
struct Written {
    #[serde(rename = "AWSTemplateFormatVersion")]
    format_version: String,
    transform: String,
    description: String,
    #[serde(default)]
    metadata: Section,
    #[serde(default)]
    parameters: Section,
    #[serde(default)]
    rules: Section,
    #[serde(default)]
    mappings: Section,
    #[serde(default)]
    conditions: Section,
    resources: Section,
    #[serde(default)]
    outputs: Section,
}

impl<'de> Deserialize<'de> for Template {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let written = Written::deserialize(deserializer)?;
        for (found, expected) in [(&written.format_version, FORMAT_VERSION), (&written.transform, TRANSFORM)] {
            if found != expected {
                return Err(D::Error::custom(format!("expected `{expected}`, found `{found}`")));
            }
        }
        let mut extra = Fragment {
            metadata: written.metadata,
            rules: written.rules,
            mappings: written.mappings,
            conditions: written.conditions,
            ..Fragment::default()
        };
        Ok(Self {
            description: written.description,
            parameters: split::<Parameter>(written.parameters, &mut extra.parameters),
            resources: split::<Resource>(written.resources, &mut extra.resources),
            outputs: split::<Output>(written.outputs, &mut extra.outputs),
            extra,
        })
    }
}

/// The entries of a section that this crate writes just so; the others are put to what was added.
fn split<T: Serialize + for<'de> Deserialize<'de>>(section: Section, added: &mut Section) -> IndexMap<LogicalId, T> {
    let mut own = IndexMap::new();
    for (id, value) in section {
        let typed = serde_json::from_value::<T>(value.clone()).ok();
        let same = typed.filter(|typed| serde_json::to_value(typed).is_ok_and(|written| written == value));
        match (LogicalId::parse(id.as_str()), same) {
            (Ok(id), Some(typed)) => _ = own.insert(id, typed),
            _ => _ = added.insert(id, value),
        }
    }
    own
}
