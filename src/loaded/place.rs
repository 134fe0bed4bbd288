use crate::source::Span;

/// A place: a document and a JSON Pointer, and where that is in the document's text.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Place {
    /// The document, of the stack's [`documents`](super::LoadedStack::documents).
    pub document: usize,
    /// The JSON Pointer of the value.
    pub pointer: String,
    /// Where the value, or the key that it is about, stands.
    pub span: Span,
}
