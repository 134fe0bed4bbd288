//! A template as its sections: what this crate made, and after it what somebody added in CloudFormation's own words.

use indexmap::IndexMap;
use serde::ser::SerializeMap;
use serde::{Serialize, Serializer};
use serde_json::Value;

use super::Template;
use super::fragment::Section;
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
