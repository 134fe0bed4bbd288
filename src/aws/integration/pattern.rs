use std::fmt;

/// The two ways in which Step Functions calls a service.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Style {
    /// [Optimized](https://docs.aws.amazon.com/step-functions/latest/dg/integrate-optimized.html): made for Step Functions.
    Optimized,
    /// [AWS SDK](https://docs.aws.amazon.com/step-functions/latest/dg/supported-services-awssdk.html): any call of any API.
    Sdk,
}

/// What a task waits for, the
/// [integration pattern](https://docs.aws.amazon.com/step-functions/latest/dg/connect-to-resource.html).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
pub enum Pattern {
    /// The service's answer.
    #[default]
    RequestResponse,
    /// The end of the job that the call started: `.sync`.
    Sync,
    /// The same, with the job's output as JSON: `.sync:2`.
    Sync2,
    /// Somebody who returns the task's token: `.waitForTaskToken`.
    WaitForTaskToken,
}

impl Pattern {
    /// All patterns.
    pub const ALL: [Self; 4] = [Self::RequestResponse, Self::Sync, Self::Sync2, Self::WaitForTaskToken];

    /// What follows the action in a `Resource`: `.sync:2`.
    pub fn suffix(self) -> &'static str {
        match self {
            Self::RequestResponse => "",
            Self::Sync => ".sync",
            Self::Sync2 => ".sync:2",
            Self::WaitForTaskToken => ".waitForTaskToken",
        }
    }

    /// The pattern with this suffix.
    pub fn with_suffix(suffix: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|pattern| pattern.suffix() == suffix)
    }

    /// Whether the task waits for the end of a job, in either form.
    pub fn is_sync(self) -> bool {
        matches!(self, Self::Sync | Self::Sync2)
    }
}

impl fmt::Display for Pattern {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.suffix())
    }
}
