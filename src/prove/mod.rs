//! Whether a table survives everything that deliveries and overlaps can do to it: every order of a few events, or the one that breaks it.
//!
//! A [`Story`] says what happens to a bucket, in its order. The events of it come whenever it is their turn, more than once if that is asked for;
//! their executions overlap in every way, calls are throttled, answers get lost, executions stop. [`prove`] tries all of that on the
//! interpreter and the embedded engine, and says that nothing breaks, or shows the cheapest schedule that does: fewest events first, then
//! fewest faults, then fewest events that come twice, then fewest calls. A schedule is only shown after it was played as a scenario, as `test`
//! would play it. Nothing in here is random, and no two runs differ.

mod counterexample;
mod end;
mod explore;
mod histories;
mod masks;
mod promise;
mod runs;
mod scenario_file;
mod sequence;
mod story;
mod touch;
mod worlds;

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use rayon::prelude::*;
use thiserror::Error;

use crate::simulate::scenario::PlayError;
use crate::simulate::services::dynamodb::TableError;
use crate::simulate::stack::LocalStack;

pub use counterexample::Counterexample;
pub use end::{End, Judge};
pub use explore::{Bounds, Explored, FaultKind};
pub use histories::{Histories, MAX_STORIES, histories};
pub use promise::Promise;
pub use scenario_file::story_of;
pub use sequence::{Row, Sequence};
pub use story::{DEED, Deed, Story};

use explore::{Explorer, Found};
use masks::Masks;

/// What has to be so at every end.
#[derive(Default)]
pub struct Question<'a> {
    /// Whether the tables have to be the same at every end as if everything had come in order, one after the other.
    pub converges: bool,
    /// What else has to be so.
    pub judge: Option<Box<Judge<'a>>>,
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
    #[error("an execution needs what is not known here: {0}")]
    Asks(String),
    /// Nothing starts an execution.
    #[error("nothing that happens starts an execution")]
    Nothing,
    /// Executions go on for ever.
    #[error("executions start each other, or go round, without end: more than {0} at once")]
    Endless(usize),
    /// A scenario that cannot be proved.
    #[error("{0}")]
    Scenario(String),
}

/// Tries every story, the shorter ones first, all cores at once: first without faults, then with them, so that a fault is only blamed for what
/// does not break without. `told` hears how many stories are done.
///
/// # Errors
/// The stack cannot be run as far as that.
pub fn prove(
    stack: &Arc<LocalStack>,
    stories: &[Story],
    bounds: &Bounds,
    question: &Question<'_>,
    told: &(dyn Fn(usize) + Sync),
) -> Result<Proof, ProveError> {
    if !bounds.faults.is_empty() && !bounds.naive {
        let without = Bounds { faults: Vec::new(), ..bounds.clone() };
        let proof = all(stack, stories, &without, question, &|_| ())?;
        if matches!(proof.verdict, Verdict::Broken(_)) {
            return Ok(proof);
        }
    }
    all(stack, stories, bounds, question, told)
}

fn all(
    stack: &Arc<LocalStack>,
    stories: &[Story],
    bounds: &Bounds,
    question: &Question<'_>,
    told: &(dyn Fn(usize) + Sync),
) -> Result<Proof, ProveError> {
    let done = AtomicUsize::new(0);
    let mut proof = Proof { verdict: Verdict::Holds, stories: 0, explored: Explored::default() };
    let mut undecided = None;
    for same_length in stories.chunk_by(|one, other| one.deeds.len() == other.deeds.len()) {
        let proofs: Vec<Result<(Verdict, Explored), ProveError>> = same_length
            .par_iter()
            .map(|story| {
                let proof = prove_one(stack, story, bounds, question);
                told(done.fetch_add(1, Ordering::Relaxed) + 1);
                proof
            })
            .collect();
        let mut broken: Option<Box<Counterexample>> = None;
        for one in proofs {
            let (verdict, explored) = one?;
            proof.explored.add(&explored);
            match verdict {
                Verdict::Holds => proof.stories += 1,
                Verdict::Undecided(why) => {
                    undecided.get_or_insert(why);
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
    if let Some(why) = undecided {
        proof.verdict = Verdict::Undecided(why);
    }
    Ok(proof)
}

/// Tries one story.
///
/// # Errors
/// The stack cannot be run as far as that.
pub fn prove_one(
    stack: &Arc<LocalStack>,
    story: &Story,
    bounds: &Bounds,
    question: &Question<'_>,
) -> Result<(Verdict, Explored), ProveError> {
    let mut explorer = Explorer::new(stack, story, bounds)?;
    let masks = Masks::of_events(explorer.done.iter().map(|done| done.event.as_ref()));
    let (in_order, last) = explorer.in_order()?;
    let expected = explorer.end(last.world, &masks);
    let judge = |end: &End| {
        if let Some(judge) = &question.judge {
            judge(end)?;
        }
        if question.converges && end.text != expected.text {
            return Err("the table depends on the order in which events and executions come".to_owned());
        }
        Ok(())
    };
    let (found, explored) = explorer.explore(&judge, &masks)?;
    let verdict = match found {
        Found::Holds => Verdict::Holds,
        Found::Undecided(why) => Verdict::Undecided(why),
        Found::Broken { what, way } => {
            let found = Counterexample::of(&mut explorer, what, &way, &in_order, &expected, &masks)?;
            match found.confirmed(stack, question)? {
                true => Verdict::Broken(Box::new(found)),
                false => Verdict::Undecided(format!(
                    "a schedule was found that breaks it ({}), and playing it did not: this is a fault of bucketbook, please report it",
                    found.what
                )),
            }
        }
    };
    Ok((verdict, explored))
}

impl Explored {
    fn add(&mut self, other: &Self) {
        self.states += other.states;
        self.schedules += other.schedules;
        self.ways += other.ways;
        self.ends += other.ends;
        self.failed |= other.failed;
    }
}
