//! Randomness that a seed decides.

use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use rand::{RngExt, SeedableRng};
use rand_chacha::ChaCha8Rng;

/// The source of everything random in an execution.
pub(super) type Random = ChaCha8Rng;

/// The same, for functions within JSONata, which borrow nothing.
pub(super) type SharedRandom = Arc<Mutex<Random>>;

/// Locks the source of randomness for one use.
pub(super) fn lock(random: &SharedRandom) -> MutexGuard<'_, Random> {
    random.lock().unwrap_or_else(PoisonError::into_inner)
}

/// A source that gives the same for the same seed.
pub(super) fn seeded(seed: u64) -> Random {
    ChaCha8Rng::seed_from_u64(seed)
}

/// A version 4 UUID.
pub(super) fn uuid(random: &mut Random) -> String {
    uuid::Builder::from_random_bytes(random.random::<u128>().to_be_bytes()).into_uuid().to_string()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn uuids_are_of_version_four_and_a_seed_decides_them() {
        let mut random = seeded(7);
        let first = uuid(&mut random);
        assert_eq!(first.len(), 36);
        assert_eq!(&first[14..15], "4");
        assert!(matches!(&first[19..20], "8" | "9" | "a" | "b"), "{first}");
        assert_ne!(first, uuid(&mut random));
        assert_eq!(first, uuid(&mut seeded(7)));
    }
}
