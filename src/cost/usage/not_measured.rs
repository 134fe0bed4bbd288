use crate::cost::CostError;

/// Why a stack is not measured.
pub(super) enum NotMeasured {
    /// It cannot be run here, for this reason. The ways through its definitions can still be counted.
    CannotRun(String),
    /// It has no bill at all.
    NoBill(CostError),
}

impl From<CostError> for NotMeasured {
    fn from(error: CostError) -> Self {
        Self::NoBill(error)
    }
}

impl NotMeasured {
    pub(super) fn cannot_run(reason: &str) -> Self {
        Self::CannotRun(reason.to_owned())
    }
}
