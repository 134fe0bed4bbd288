//! Sections that are there or not: an option is on where its section is, even if that says nothing.

use std::fmt;

use serde::de::value::{MapAccessDeserializer, StrDeserializer};
use serde::de::{Deserialize, Deserializer, Error, MapAccess, Visitor};

use super::{ApiSpec, ApiType};

/// Reads a section where its key is. One that says nothing (`backfill:`) is all defaults, as any other section is.
pub(super) fn present<'de, D: Deserializer<'de>, T: Deserialize<'de>>(deserializer: D) -> Result<Option<T>, D::Error> {
    T::deserialize(deserializer).map(Some)
}

/// Reads the section of the API, for which its type can stand: `api: direct`.
pub(super) fn api<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<ApiSpec>, D::Error> {
    deserializer.deserialize_any(ApiSection).map(Some)
}

struct ApiSection;

impl<'de> Visitor<'de> for ApiSection {
    type Value = ApiSpec;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("`direct`, `lambda` or a mapping")
    }

    fn visit_unit<E: Error>(self) -> Result<ApiSpec, E> {
        Ok(ApiSpec::default())
    }

    fn visit_str<E: Error>(self, text: &str) -> Result<ApiSpec, E> {
        let api_type = ApiType::deserialize(StrDeserializer::new(text))?;
        Ok(ApiSpec { api_type, ..ApiSpec::default() })
    }

    fn visit_map<A: MapAccess<'de>>(self, map: A) -> Result<ApiSpec, A::Error> {
        ApiSpec::deserialize(MapAccessDeserializer::new(map))
    }
}
