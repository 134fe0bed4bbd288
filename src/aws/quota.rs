//! How much AWS takes: quotas that more than one room knows.

use std::time::Duration;

/// How many bytes the input or output of a task, a state or an execution may have: 256 KiB, as UTF-8
/// ([quotas](https://docs.aws.amazon.com/step-functions/latest/dg/service-quotas.html), 2026).
pub const PAYLOAD_BYTES: usize = 256 * 1024;

/// How many events the history of an execution of a Standard workflow may have
/// ([quotas](https://docs.aws.amazon.com/step-functions/latest/dg/service-quotas.html#service-limits-state-machine-executions), 2026).
pub const HISTORY_EVENTS: u64 = 25_000;

/// How long an execution of an Express workflow may last
/// ([quotas](https://docs.aws.amazon.com/step-functions/latest/dg/service-quotas.html#service-limits-state-machine-executions), 2026).
pub const EXPRESS_DURATION: Duration = Duration::from_secs(300);

/// The most that a definition may say: seconds of a [Wait](https://docs.aws.amazon.com/step-functions/latest/dg/state-wait.html) or a
/// timeout, [attempts](https://docs.aws.amazon.com/step-functions/latest/dg/concepts-error-handling.html), iterations at a time.
pub const NUMBER: u32 = 99_999_999;
