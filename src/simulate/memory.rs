//! How much memory the process may hold while it simulates. Memory is the process's own, and so is the ceiling.

use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Mutex, Once, PoisonError};
use std::time::Duration;

use jsonata_core::evaluator::CancelToken;

/// The ceiling of the commands, in bytes, unless somebody says otherwise.
pub const DEFAULT_MEMORY_CEILING: u64 = 512 << 20;

/// The ceiling in bytes; 0 is none.
static CEILING: AtomicU64 = AtomicU64::new(0);

/// The evaluations that are under way.
static WATCHED: Mutex<Vec<CancelToken>> = Mutex::new(Vec::new());

/// How often a watcher looks how much memory there is.
const INTERVAL: Duration = Duration::from_millis(5);

/// Sets how many bytes the process may hold while it simulates: an execution that would take more is ended. Nothing is looked at before
/// this is called.
pub fn set_memory_ceiling(bytes: u64) {
    CEILING.store(bytes, Ordering::Relaxed);
}

/// The ceiling, if there is one.
pub(super) fn ceiling() -> Option<u64> {
    Some(CEILING.load(Ordering::Relaxed)).filter(|ceiling| *ceiling > 0)
}

/// Whether the process is too near to the ceiling to go on with an execution. What is left is for what a single step takes.
pub(crate) fn is_short() -> bool {
    ceiling().is_some_and(|ceiling| held() > ceiling / 8 * 7)
}

/// How many bytes the process holds; 0 where the system does not say.
fn held() -> u64 {
    memory_stats::memory_stats().map_or(0, |stats| stats.physical_mem as u64)
}

/// An evaluation that is stopped when memory runs short.
pub(super) struct Watched(CancelToken);

impl Watched {
    /// Begins to watch; nothing, where there is no ceiling.
    pub(super) fn begin() -> Option<Self> {
        static WATCHER: Once = Once::new();
        ceiling()?;
        WATCHER.call_once(|| {
            // Without a thread nobody watches, and the other limits still hold.
            drop(std::thread::Builder::new().name("memory".to_owned()).spawn(watch));
        });
        let token = CancelToken::new();
        WATCHED.lock().unwrap_or_else(PoisonError::into_inner).push(token.clone());
        Some(Self(token))
    }

    /// What stops the evaluation.
    pub(super) fn token(&self) -> CancelToken {
        self.0.clone()
    }
}

impl Drop for Watched {
    fn drop(&mut self) {
        self.0.cancel();
        WATCHED.lock().unwrap_or_else(PoisonError::into_inner).retain(|token| !token.is_cancelled());
    }
}

fn watch() {
    loop {
        std::thread::sleep(INTERVAL);
        let watched = WATCHED.lock().unwrap_or_else(PoisonError::into_inner);
        if !watched.is_empty() && ceiling().is_some_and(|ceiling| held() > ceiling / 4 * 3) {
            watched.iter().for_each(CancelToken::cancel);
        }
    }
}
