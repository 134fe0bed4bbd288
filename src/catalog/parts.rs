//! What the resources of a stack refer to: each other.

use super::bucket::Source;
use crate::spec::Spec;
use crate::stack::{EncryptionKey, Handle, Queue, ServerlessStateMachine, TableReference};

/// What the resources of a stack refer to.
#[derive(Clone, Copy)]
pub(super) struct Parts<'a> {
    /// What was chosen.
    pub(super) spec: &'a Spec,
    /// The key, if anything is encrypted with it.
    pub(super) key: Option<&'a EncryptionKey>,
    /// The bucket whose objects are recorded.
    pub(super) bucket: &'a Source,
    /// The table that holds the records.
    pub(super) table: &'a TableReference,
    /// The queue of what could not be recorded, if there is one.
    pub(super) dead_letters: Option<&'a Handle<Queue>>,
}

/// The state machines that events start, by the name of their route.
pub(super) type Machines = Vec<(String, Handle<ServerlessStateMachine>)>;

/// The tables of routes' own, by the name of the route.
pub(super) type Tables = Vec<(String, TableReference)>;
