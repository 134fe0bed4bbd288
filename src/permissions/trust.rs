//! Who may take on a role.

use crate::aws::ResourceType;
use crate::loaded::{LoadedTemplate, Place, below};

use super::granted::Granted;

/// Where the policy of a role stands that does not let a service take it on; `None` if it does, or may do, or the role is not the
/// template's.
pub(crate) fn refuses(template: &LoadedTemplate, role: &str, service: &str) -> Option<Place> {
    template.resources.get(role).filter(|role| role.resource_type == ResourceType::IamRole)?;
    let document = template.properties(role)?.get("AssumeRolePolicyDocument")?;
    let statements = document.get("Statement")?;
    let pointer = "/AssumeRolePolicyDocument";
    let trusted = Granted::of_document(template, role, document, pointer);
    if trusted.may_be_taken_by(service) {
        return None;
    }
    Some(template.place(role, &below(pointer, "Statement"), statements))
}
