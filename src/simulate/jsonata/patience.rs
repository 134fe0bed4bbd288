use std::sync::atomic::{AtomicU32, Ordering};

/// How many evaluations of an execution may run out of time before it is ended.
const EVALUATIONS: u32 = 5;

/// How often an execution's evaluations ran out of time. Each is an error that a state may catch or retry; together they would take hours.
#[derive(Debug, Default)]
pub(in crate::simulate) struct Patience(AtomicU32);

impl Clone for Patience {
    fn clone(&self) -> Self {
        Self(AtomicU32::new(self.0.load(Ordering::Relaxed)))
    }
}

impl Patience {
    /// An evaluation ran out of time.
    pub(super) fn lose(&self) {
        self.0.fetch_add(1, Ordering::Relaxed);
    }

    /// Whether it happened too often.
    pub(in crate::simulate) fn is_lost(&self) -> bool {
        self.0.load(Ordering::Relaxed) >= EVALUATIONS
    }
}
