use std::cell::RefCell;
use std::rc::Rc;

use indexmap::IndexMap;

use super::reading::{Miss, Reading};
use super::record::{Record, Recording};
use super::scope::Env;
use super::shape::{Presence, Shape};

/// What goes wrong at a place when an execution comes there.
#[derive(Debug, Clone, PartialEq)]
pub enum Problem {
    /// A path leads nowhere.
    Missing {
        /// The path, or the part of an expression, as written.
        path: String,
        /// Where it ends.
        miss: Miss,
    },
    /// A path leads to what is there in some values only.
    Optional {
        /// The path.
        path: String,
    },
    /// A variable is read that nothing has set.
    NoVariable {
        /// Its name, without the `$`.
        name: String,
    },
    /// A part of an expression gives nothing, and the rest goes on without it.
    Nothing {
        /// The part, as a path.
        path: String,
        /// Where it ends.
        miss: Miss,
    },
    /// A comparison can never hold, because the text is always another, which is spelled nearly the same.
    NeverText {
        /// The path.
        path: String,
        /// What it is compared with.
        text: String,
        /// What it may be.
        near: String,
    },
    /// It is asked whether a value is there that never is, though one is that is spelled nearly the same.
    NeverPresent {
        /// The path.
        path: String,
        /// What is not there.
        wanted: String,
        /// What is there.
        near: String,
    },
    /// A comparison can never hold, because what it is given is of another kind.
    NeverHolds {
        /// The path.
        path: String,
        /// The operator.
        operator: String,
        /// What is there.
        found: String,
    },
    /// An intrinsic function or a field is given what it does not take.
    Kind {
        /// What is given, as written.
        given: String,
        /// Who takes it: `States.ArrayLength`, `ItemsPath`.
        taker: String,
        /// What it takes, in words.
        expected: &'static str,
        /// What is there, in words.
        found: String,
    },
    /// A `ResultPath` goes into what is no object.
    Unwritable {
        /// The path.
        path: String,
        /// What it is written into.
        into: String,
    },
}

/// How bad it is: whether every way to the place ends in the problem.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Extent {
    /// On every way that was found.
    Always,
    /// On some ways, or for some values.
    Sometimes,
}

/// A problem and where it is.
#[derive(Debug, Clone, PartialEq)]
pub struct Fault {
    /// The field, as a JSON Pointer from the definition's root.
    pub pointer: String,
    /// What goes wrong.
    pub problem: Problem,
    /// Whether it always does.
    pub extent: Extent,
}

/// What was seen at every place, over all the ways on which executions come there.
#[derive(Debug, Default)]
pub(super) struct Log {
    seen: IndexMap<(String, String), Seen>,
    /// Where it is noted what can be read, if anybody asks.
    recording: Recording,
}

#[derive(Debug, Default)]
struct Seen {
    problem: Option<Problem>,
    /// Whether some way goes well.
    well: bool,
}

impl Log {
    /// A log that keeps what can be read at each place as well.
    pub(super) fn recording(record: Rc<RefCell<Record>>) -> Self {
        Self { recording: Some(record), ..Self::default() }
    }

    /// Whether what can be read at each place is kept.
    pub(super) fn records(&self) -> bool {
        self.recording.is_some()
    }

    /// What can be read at a place.
    pub(super) fn enter(&self, pointer: &str, data: &Shape, env: &Env, states: Option<Shape>) {
        if let Some(record) = &self.recording {
            record.borrow_mut().enter(pointer, data, env, states);
        }
    }

    /// What a state puts out.
    pub(super) fn leave(&self, pointer: &str, output: &Shape) {
        if let Some(record) = &self.recording {
            record.borrow_mut().leave(pointer, output);
        }
    }

    /// A thing that went well on one way, or did not.
    pub(super) fn note(&mut self, pointer: &str, subject: &str, problem: Option<Problem>) {
        let seen = self.seen.entry((pointer.to_owned(), subject.to_owned())).or_default();
        match problem {
            // The worst comes first: what is missing says more than what is optional.
            Some(problem @ Problem::Optional { .. }) => {
                seen.well = true;
                seen.problem.get_or_insert(problem);
            }
            Some(problem) => seen.problem = Some(problem),
            None => seen.well = true,
        }
    }

    /// What came of a read; gives what was read.
    pub(super) fn read(&mut self, pointer: &str, path: &str, reading: Reading) -> Shape {
        let shape = reading.shape();
        let problem = match reading {
            Reading::Found(_, Presence::Sometimes) => Some(Problem::Optional { path: path.to_owned() }),
            Reading::Found(..) => None,
            Reading::Never(miss) => Some(Problem::Missing { path: path.to_owned(), miss }),
        };
        self.note(pointer, path, problem);
        shape
    }

    /// What was found to be wrong, in the order in which it was first looked at.
    pub(super) fn faults(self) -> Vec<Fault> {
        let fault = |((pointer, _), seen): ((String, String), Seen)| {
            let extent = if seen.well { Extent::Sometimes } else { Extent::Always };
            seen.problem.map(|problem| Fault { pointer, problem, extent })
        };
        self.seen.into_iter().filter_map(fault).collect()
    }
}
