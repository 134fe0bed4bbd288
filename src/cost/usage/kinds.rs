use std::fmt;

use serde::{Serialize, Serializer};

use crate::eventbridge::DetailType;

/// What an event is about, as far as a workflow does different things for it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum EventKind {
    /// A file that has no record.
    New,
    /// A file that has a record.
    Update,
    /// An event that was there already, or is older than what the record says.
    Late,
    /// A deletion.
    Deleted,
    /// Another change of a file.
    Changed(DetailType),
    /// A new file whose execution fails: DynamoDB throttles every attempt.
    Failed,
    /// Any event: the definition alone does not tell them apart.
    Any,
}

impl EventKind {
    /// The changes that are neither creation nor deletion.
    pub(crate) const CHANGES: [DetailType; 8] = [
        DetailType::ObjectTagsAdded,
        DetailType::ObjectTagsDeleted,
        DetailType::ObjectAclUpdated,
        DetailType::ObjectStorageClassChanged,
        DetailType::ObjectAccessTierChanged,
        DetailType::ObjectRestoreInitiated,
        DetailType::ObjectRestoreCompleted,
        DetailType::ObjectRestoreExpired,
    ];
}

impl fmt::Display for EventKind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(match self {
            Self::New => "new file",
            Self::Update => "update of a file",
            Self::Late => "repeated or late event",
            Self::Deleted => "deletion",
            Self::Changed(detail) => detail.as_str(),
            Self::Failed => "failed event (every attempt throttled)",
            Self::Any => "event",
        })
    }
}

impl Serialize for EventKind {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}
