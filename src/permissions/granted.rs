//! What a role may do, as far as its template says.

use super::allowed::{Allowed, Principal};

/// What a state machine's role may do.
pub(crate) struct Granted {
    /// The statements that allow something.
    pub(crate) statements: Vec<Allowed>,
    /// The statements that deny something, whatever others allow.
    pub(crate) denied: Vec<Allowed>,
    /// Whether there may be more: what cannot be read before the stack is deployed.
    pub(crate) open: bool,
    /// Whether the role is this state machine's alone.
    pub(crate) alone: bool,
}

impl Granted {
    /// Whether something lets a service do this for the resource of the ARN `source`, or may let it.
    pub(crate) fn allows_service(&self, service: &str, action: &str, resource: Option<&str>, source: &str) -> bool {
        self.open
            || self.statements.iter().any(|statement| {
                statement.speaks_of(service) && statement.allows(action, resource) && statement.holds_for(source)
            })
    }

    /// Whether, as a policy that says who may take on a role, it lets a service do so, or may let it.
    pub(crate) fn may_be_taken_by(&self, service: &str) -> bool {
        self.open
            || self
                .statements
                .iter()
                .any(|statement| statement.covers("sts:AssumeRole") && statement.speaks_of(service))
    }

    /// Whether something allows an action to anybody who is no service.
    pub(crate) fn allows_somebody(&self, action: &str) -> bool {
        let is_service = |principal: &Principal| matches!(principal, Principal::Service(_));
        self.open
            || self
                .statements
                .iter()
                .any(|statement| statement.covers(action) && !statement.principals.iter().all(is_service))
    }

    /// Whether a statement surely denies an action on a resource; on whatever, where none is named.
    pub(crate) fn denies(&self, action: &str, resource: Option<&str>) -> bool {
        self.denied.iter().any(|statement| statement.denies(action, resource))
    }

    /// Whether something allows an action on a resource; on any, where none is named.
    pub(crate) fn allows(&self, action: &str, resource: Option<&str>) -> bool {
        self.statements.iter().any(|statement| statement.allows(action, resource))
    }
}
