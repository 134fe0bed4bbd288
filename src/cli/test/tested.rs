use std::time::Duration;

use crate::simulate::scenario::{Mismatch, Played};

/// A scenario that was played.
pub(super) struct Tested {
    pub(super) path: String,
    pub(super) name: String,
    pub(super) played: Played,
    pub(super) mismatches: Vec<Mismatch>,
    pub(super) took: Duration,
}

/// A scenario that could not be played.
pub(super) struct Broken {
    pub(super) path: String,
    pub(super) why: String,
}
