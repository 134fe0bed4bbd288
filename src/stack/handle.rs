use std::marker::PhantomData;

use super::{Intrinsic, Sub, Value};
use crate::name::LogicalId;

/// A resource that is in a template: the only source of references to it.
///
/// ```
/// # use bucketbook::stack::*;
/// # use bucketbook::name::LogicalId;
/// let mut builder = TemplateBuilder::new("A bucket");
/// let bucket = builder.add(LogicalId::parse("FilesBucket").unwrap(), Bucket::sending_events(None, false)).unwrap();
/// assert_eq!(serde_json::to_string(&bucket.reference()).unwrap(), r#"{"Ref":"FilesBucket"}"#);
/// ```
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Handle<R> {
    id: LogicalId,
    of: PhantomData<R>,
}

impl<R> Handle<R> {
    /// The handle of a resource that was added under this id.
    pub(super) fn new(id: LogicalId) -> Self {
        Self { id, of: PhantomData }
    }

    /// The id under which it was added.
    pub(super) fn id(&self) -> &LogicalId {
        &self.id
    }

    /// `!Ref`: the resource's name, or whatever its type documents.
    pub fn reference(&self) -> Value {
        Intrinsic::reference(&self.id).into()
    }

    /// `!GetAtt` of an attribute that the resource's type documents.
    pub(super) fn attribute(&self, attribute: &str) -> Value {
        Intrinsic::attribute(&self.id, attribute).into()
    }

    /// The same as [`Handle::reference`], as a part of a longer text.
    pub fn within(&self, text: Sub) -> Sub {
        text.resource(&self.id)
    }
}
