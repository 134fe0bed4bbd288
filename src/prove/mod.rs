//! Whether a table survives every delivery and overlap: tries every order of a few events, or finds the one that breaks it.
//!
//! A [`Story`] is a list of events in a bucket, in order. They are delivered in any order, and repeatedly if asked; their executions overlap in
//! every way, calls are throttled, responses get lost, executions stop. [`prove`] tries all of this on the interpreter and the embedded engine.
//! Its result is that nothing breaks, or the cheapest schedule that breaks something: fewest events first, then fewest faults, fewest repeated events
//! and fewest calls. A schedule is replayed as a scenario, as by `test`, before it is shown. Nothing is random: every run gives the same result.

mod counterexample;
mod end;
mod explore;
mod histories;
mod limits;
mod masks;
mod promise;
mod runs;
mod scenario_file;
mod sequence;
mod story;
mod touch;
mod worlds;

use std::sync::Arc;
use std::time::Instant;

use rayon::prelude::*;
use thiserror::Error;

use crate::simulate::scenario::PlayError;
use crate::simulate::services::dynamodb::TableError;
use crate::simulate::stack::RunnableStack;

pub use counterexample::Counterexample;
pub use end::{End, Judge};
pub use explore::{Bounds, Explored, FaultKind};
pub use histories::{Histories, MAX_STORIES, histories};
pub use promise::Promise;
pub use scenario_file::{Written, story_of};
pub use sequence::{Row, Sequence};
pub use story::{DEED, Deed, Story, numbered_upload};

use explore::{Explorer, Found};
use limits::Limits;
use masks::Masks;

/// What has to be so at every end.
#[derive(Default)]
pub struct Question<'a> {
    /// Whether the tables have to be the same at every end as if everything had come in order, one after the other.
    pub converges: bool,
    /// What else has to be so.
    pub judge: Option<Box<Judge<'a>>>,
    /// Whether that looks at executions: how they ended, what they called, where they went. It makes the search longer.
    pub watches: bool,
    /// What is kept in the schedules that are written of it.
    pub written: Written,
}

impl Question<'_> {
    /// Whether it asks for what the tables hold in order, and not for what somebody wrote.
    fn asks_for_tables(&self) -> bool {
        self.converges || self.written.then.is_none()
    }
}

/// What came of it.
#[derive(Debug)]
pub enum Verdict {
    /// Nothing breaks.
    Holds,
    /// This does.
    Broken(Box<Counterexample>),
    /// The bounds were reached first: why.
    Undecided(String),
    /// An execution fails after a Lambda function returned its input, which it may not do on AWS: what fails, and after which state.
    Unmocked {
        /// What fails.
        what: String,
        /// The state that calls the function.
        state: String,
    },
}

/// A verdict, and how much it is about.
#[derive(Debug)]
pub struct Proof {
    /// The verdict.
    pub verdict: Verdict,
    /// How many stories were told to their end.
    pub stories: usize,
    /// How much was explored, all stories together.
    pub explored: Explored,
}

/// Why there is no verdict.
#[derive(Debug, Error)]
pub enum ProveError {
    /// The tables cannot be had.
    #[error(transparent)]
    Table(#[from] TableError),
    /// A counterexample cannot be played.
    #[error(transparent)]
    Play(#[from] PlayError),
    /// An execution needs what only a deployment has.
    #[error("an execution needs a value that is not known here: {0}")]
    Asks(String),
    /// Nothing starts an execution.
    #[error("none of the events starts an execution")]
    Nothing,
    /// Executions go on for ever.
    #[error("executions start each other endlessly: more than {0} run at once")]
    Endless(usize),
    /// There are so many executions that nobody can try all their orders.
    #[error("this starts {executions} executions; at most {most} can be tried in every order")]
    TooMany {
        /// How many there are.
        executions: usize,
        /// How many there may be.
        most: usize,
    },
    /// Executions take too many steps.
    #[error("the executions make more than {0} calls, which is too many to try every order of")]
    TooLong(usize),
    /// A bound was reached: which.
    #[error("{0}")]
    Stopped(String),
    /// A scenario that cannot be proved.
    #[error("{0}")]
    Scenario(String),
}

/// Tries every story, the shorter ones first, all cores at once: first without faults, then with them, so that a fault is only blamed for what
/// does not break without. `told` hears of each story that is done, with and without.
///
/// # Errors
/// The stack cannot be run as far as that.
pub fn prove(
    stack: &Arc<RunnableStack>,
    stories: &[Story],
    bounds: &Bounds,
    question: &Question<'_>,
    told: &(dyn Fn() + Sync),
) -> Result<Proof, ProveError> {
    if !bounds.faults.is_empty() && !bounds.naive {
        let without = Bounds { faults: Vec::new(), ..bounds.clone() };
        let first = all(stack, stories, &without, question, told)?;
        let is_late = bounds.deadline.is_some_and(|end| Instant::now() >= end);
        let is_told = match first.verdict {
            // Nor can more be said with faults.
            Verdict::Broken(_) | Verdict::Unmocked { .. } => true,
            Verdict::Undecided(_) => is_late,
            Verdict::Holds => false,
        };
        if is_told {
            return Ok(first);
        }
        let mut proof = all(stack, stories, bounds, question, told)?;
        if let (Verdict::Holds, Verdict::Undecided(why)) = (&first.verdict, &mut proof.verdict) {
            why.push_str("; without faults, it holds");
        }
        return Ok(proof);
    }
    all(stack, stories, bounds, question, told)
}

fn all(
    stack: &Arc<RunnableStack>,
    stories: &[Story],
    bounds: &Bounds,
    question: &Question<'_>,
    told: &(dyn Fn() + Sync),
) -> Result<Proof, ProveError> {
    let mut proof = Proof { verdict: Verdict::Holds, stories: 0, explored: Explored::default() };
    let mut undecided = None;
    for same_length in stories.chunk_by(|one, other| one.deeds.len() == other.deeds.len()) {
        let proofs: Vec<Result<(Verdict, Explored), ProveError>> = same_length
            .par_iter()
            .map(|story| {
                let proof = prove_one(stack, story, bounds, question);
                told();
                proof
            })
            .collect();
        let mut broken: Option<Box<Counterexample>> = None;
        for one in proofs {
            let (verdict, explored) = one?;
            proof.explored.add(&explored);
            match verdict {
                Verdict::Holds => proof.stories += 1,
                open @ (Verdict::Undecided(_) | Verdict::Unmocked { .. }) => {
                    undecided.get_or_insert(open);
                }
                Verdict::Broken(new) if broken.as_ref().is_none_or(|known| new.cost() < known.cost()) => {
                    broken = Some(new);
                }
                Verdict::Broken(_) => {}
            }
        }
        if let Some(broken) = broken {
            proof.verdict = Verdict::Broken(broken);
            return Ok(proof);
        }
    }
    if let Some(undecided) = undecided {
        proof.verdict = undecided;
    }
    Ok(proof)
}

/// Tries one story.
///
/// # Errors
/// The stack cannot be run as far as that.
pub fn prove_one(
    stack: &Arc<RunnableStack>,
    story: &Story,
    bounds: &Bounds,
    question: &Question<'_>,
) -> Result<(Verdict, Explored), ProveError> {
    let mut explorer = match Explorer::new(stack, story, bounds, question.watches) {
        Err(ProveError::Stopped(why)) => return Ok((Verdict::Undecided(why), Explored::default())),
        explorer => explorer?,
    };
    let verdict = match decide(&mut explorer, stack, question) {
        Err(ProveError::Stopped(why)) => Verdict::Undecided(why),
        verdict => verdict?,
    };
    Ok((verdict, explorer.explored))
}

fn decide(
    explorer: &mut Explorer<'_>,
    stack: &Arc<RunnableStack>,
    question: &Question<'_>,
) -> Result<Verdict, ProveError> {
    let masks = Masks::of_events(explorer.done.iter().map(|done| done.event.as_ref()));
    let (in_order, last) = explorer.in_order()?;
    if explorer.story().told_without_expiry && !explorer.expires(&in_order) {
        return Ok(Verdict::Holds);
    }
    let expected = explorer.end(&last, &masks);
    let judge = |end: &End| {
        if let Some(judge) = &question.judge {
            judge(end)?;
        }
        if question.converges && end.text != expected.text {
            return Err("the table depends on the order in which events and executions come".to_owned());
        }
        Ok(())
    };
    let Found::Broken { what, way } = explorer.explore(&judge, &masks)? else { return Ok(Verdict::Holds) };
    let fails = way.last().is_some_and(|taken| taken.after.failed.is_some());
    // What was found is told, however long that takes.
    explorer.worlds.limits = Limits::default();
    let found = Counterexample::of(explorer, what, &way, (&in_order, &expected), &masks, question)?;
    Ok(match found.confirmed(stack, question, explorer.fails())? {
        true => match found.state_of_a_function(stack)?.filter(|_| fails) {
            Some(state) => Verdict::Unmocked { what: found.what, state },
            None => Verdict::Broken(Box::new(found)),
        },
        false => Verdict::Undecided(format!(
            "a schedule was found that breaks it ({}), but replaying it did not: this is a bug in bucketbook, please report it",
            found.what
        )),
    })
}

impl Explored {
    fn add(&mut self, other: &Self) {
        self.states += other.states;
        self.schedules += other.schedules;
        self.ways += other.ways;
        self.ends += other.ends;
    }
}
