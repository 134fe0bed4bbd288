//! Sections that are there or not: an option is on where its section is, even if that says nothing.

use serde::de::{Deserialize, Deserializer};

/// Reads a section where its key is. One that says nothing (`backfill:`) is all defaults, as any other section is.
pub(super) fn present<'de, D: Deserializer<'de>, T: Deserialize<'de>>(deserializer: D) -> Result<Option<T>, D::Error> {
    T::deserialize(deserializer).map(Some)
}
