//! What the unit tests of the blueprint have in common.

use crate::source::Source;
use crate::spec::{Document, Spec};

/// The spec that a text is.
pub(super) fn parsed(text: &str) -> Spec {
    Document::parse(Source::new("bucketbook.yaml", text)).map_err(|(_, fault)| fault).unwrap().spec
}
