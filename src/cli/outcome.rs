/// What a command found, for its exit code.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Outcome {
    /// Exit code 0.
    Fine,
    /// Exit code 1: findings, or drift.
    Findings,
    /// Exit code 2: nothing could be judged, and what was shown says why.
    Unable,
}
