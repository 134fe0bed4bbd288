use crate::lint::Edit;

/// What an action is for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ActionKind {
    /// It mends what is wrong.
    Fix,
    /// It mends everything in the file that has one right answer.
    FixAll,
    /// It adds what would be good to have.
    Add,
    /// It makes a finding silent.
    Suppress,
}

/// Something that can be done at a place.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Action {
    /// What it does, in a few words.
    pub title: String,
    /// What it is for.
    pub kind: ActionKind,
    /// The finding that it is about, of the stack's.
    pub finding: Option<usize>,
    /// What changes in the stack's documents. They do not overlap.
    pub edits: Vec<Edit>,
    /// The rule that the settings leave out from now on: the file with the settings is not one of the stack's.
    pub ignore: Option<&'static str>,
}
