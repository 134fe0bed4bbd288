//! What every role of the stack may do: of the key, and at the most.

use super::Parts;
use super::key::{bucket_by_key, by_key, dead_letters_by_key};
use crate::spec::Spec;
use crate::stack::{Deferred, Handle, PolicyDocument, Queue, Value, objects_of};

/// The policy that says the most that the roles of the stack may do.
pub(super) fn boundary(spec: &Spec) -> Option<Value> {
    spec.permissions_boundary.as_ref().map(Deferred::text)
}

/// The policy with what its role needs of the key, for the table, the queue and the objects if they are encrypted with it.
pub(super) fn with_key(parts: &Parts<'_>, policy: PolicyDocument) -> PolicyDocument {
    let Some(key) = parts.key else { return policy };
    let table = by_key(parts.spec.table.encryption).then(|| parts.table.arn());
    let queue = parts.dead_letters.filter(|_| dead_letters_by_key(parts.spec)).map(Handle::<Queue>::arn);
    let objects = bucket_by_key(parts.spec).then(|| objects_of(&parts.bucket.arn()));
    let encrypted: Vec<Value> = table.into_iter().chain(queue).chain(objects).collect();
    policy.with_key(key, &encrypted)
}
