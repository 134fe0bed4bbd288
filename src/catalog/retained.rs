use super::{CatalogError, id};
use crate::spec::Spec;
use crate::stack::{Handle, ResourceKind, TemplateBuilder};

/// Adds a resource that holds what cannot be made again: it outlives the stack if the spec says so.
pub(super) fn add<R: Into<ResourceKind>>(
    spec: &Spec,
    template: &mut TemplateBuilder,
    name: &str,
    resource: R,
) -> Result<Handle<R>, CatalogError> {
    let id = id(name)?;
    Ok(if spec.retain { template.add_retained(id, resource)? } else { template.add(id, resource)? })
}
