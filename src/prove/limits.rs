//! What a search may take.

use std::cell::Cell;
use std::time::Instant;

use super::ProveError;
use crate::simulate::memory_is_short;

/// After how many looks at the clock it is looked how much memory there is: that takes longer.
const LOOKS_BETWEEN: u32 = 64;

/// What a search may take: time, and the memory of the process.
#[derive(Debug, Default)]
pub(super) struct Limits {
    deadline: Option<Instant>,
    looks: Cell<u32>,
}

impl Limits {
    /// All the time up to a moment.
    pub(super) fn until(deadline: Option<Instant>) -> Self {
        Self { deadline, looks: Cell::new(0) }
    }

    /// Stops the search where it has taken what it may.
    pub(super) fn look(&self) -> Result<(), ProveError> {
        if self.deadline.is_some_and(|end| Instant::now() >= end) {
            return Err(ProveError::Stopped("the time limit was reached".to_owned()));
        }
        self.looks.set(self.looks.get().wrapping_add(1));
        if self.looks.get().is_multiple_of(LOOKS_BETWEEN) && memory_is_short() {
            return Err(short_of_memory());
        }
        Ok(())
    }
}

/// The process holds about as much as it may.
pub(super) fn short_of_memory() -> ProveError {
    ProveError::Stopped(
        "the memory limit was reached: there are too many states, or executions with too much data".to_owned(),
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn time_is_up_when_it_is() {
        assert!(Limits::default().look().is_ok());
        assert!(
            matches!(Limits::until(Some(Instant::now())).look(), Err(ProveError::Stopped(why)) if why.contains("time"))
        );
    }
}
