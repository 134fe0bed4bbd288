//! How far a search goes, and how far it went.

use std::collections::BTreeSet;
use std::time::Instant;

/// What can go wrong.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum FaultKind {
    /// A call is throttled.
    Throttle,
    /// A call is made, and its answer is lost.
    Lost,
    /// An execution stops where it is, and its input starts another.
    Crash,
    /// A read that does not ask for more finds what was there before the last call that changed a table.
    Stale,
    /// An event is still on its way, in a queue of dead letters, when items expire.
    Redrive,
}

impl FaultKind {
    /// Its name, for programs and the command line.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Throttle => "throttle",
            Self::Lost => "lost",
            Self::Crash => "crash",
            Self::Stale => "stale",
            Self::Redrive => "redrive",
        }
    }
}

/// How far a search goes.
#[derive(Debug, Clone)]
pub struct Bounds {
    /// How often the event of a deed may come again.
    pub repeats: usize,
    /// What can go wrong.
    pub faults: Vec<FaultKind>,
    /// How many things go wrong at most on one way.
    pub faults_at_once: usize,
    /// How many schedules of a story are tried at most.
    pub max_schedules: usize,
    /// When it has to be at its end.
    pub deadline: Option<Instant>,
    /// Whether executions may fail.
    pub failures: bool,
    /// Every schedule is tried by itself, none is left out as equivalent: to compare with.
    pub naive: bool,
}

impl Default for Bounds {
    fn default() -> Self {
        Self {
            repeats: 1,
            faults: vec![FaultKind::Throttle, FaultKind::Lost, FaultKind::Crash, FaultKind::Stale],
            faults_at_once: 1,
            max_schedules: 2_000_000,
            deadline: None,
            failures: false,
            naive: false,
        }
    }
}

/// How much was explored.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Explored {
    /// How many different states there were.
    pub states: usize,
    /// How many schedules were tried, each until it came to its end or to a state that was known.
    pub schedules: usize,
    /// How many schedules those stand for: at least so many ways lead from the beginning to an end.
    pub ways: f64,
    /// How many of the states were ends.
    pub ends: usize,
    /// What the tables held at the ends, as text, with names and ids that differ by chance made alike.
    pub tables: BTreeSet<String>,
}
