//! How much the long tests try: a sample, or everything.

use proptest::prelude::ProptestConfig;

/// Names the environment variable that asks for everything. `.ci/run` sets it.
pub(crate) const THOROUGH: &str = "BUCKETBOOK_THOROUGH";

/// Whether everything is tried.
pub(crate) fn thorough() -> bool {
    std::env::var_os(THOROUGH).is_some_and(|value| !value.is_empty())
}

/// How many arbitrary inputs a law is tried with: `all`, or an eighth of them. The inputs differ from run to run.
pub(crate) fn cases(all: u32) -> ProptestConfig {
    ProptestConfig::with_cases(if thorough() { all } else { all.div_ceil(8) })
}

/// Every `nth` of some cases, or all of them. Those that are taken are spread evenly.
pub(crate) fn every<T>(nth: usize, all: impl IntoIterator<Item = T>) -> impl Iterator<Item = T> {
    all.into_iter().step_by(if thorough() { 1 } else { nth })
}
