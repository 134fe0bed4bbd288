//! Randomness that a seed decides.

use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use rand::{RngExt, SeedableRng};
use rand_chacha::ChaCha8Rng;

/// The source of everything random in an execution.
pub(super) type Random = ChaCha8Rng;

/// The same, for functions within JSONata, which borrow nothing.
pub(super) type SharedRandom = Arc<Mutex<Random>>;

/// The source itself.
pub(super) fn lock(random: &SharedRandom) -> MutexGuard<'_, Random> {
    random.lock().unwrap_or_else(PoisonError::into_inner)
}

/// A source that gives the same for the same seed.
pub(super) fn seeded(seed: u64) -> Random {
    ChaCha8Rng::seed_from_u64(seed)
}

/// A version 4 UUID.
pub(super) fn uuid(random: &mut Random) -> String {
    let bits = (random.random::<u128>() & !(0xf000_c000 << 48)) | (0x4000_8000 << 48);
    let hex = format!("{bits:032x}");
    [&hex[..8], &hex[8..12], &hex[12..16], &hex[16..20], &hex[20..]].join("-")
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
