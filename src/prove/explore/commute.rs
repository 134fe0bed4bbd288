//! Which executions can wait, because what they do commutes with what another does next.

use std::collections::{BTreeSet, HashSet};

use super::{Explorer, FaultKind, State};
use crate::prove::runs::{BirthId, RunId};
use crate::prove::touch::Touch;
use crate::prove::worlds::CallId;

/// Calls that somebody made alone, and the executions on which that relied; and whether reads could be stale then.
pub(super) type Relied = HashSet<(CallId, BirthId, bool)>;

impl Explorer<'_> {
    /// The execution, if whatever others still do commutes with what it does next. What that relies on is noted.
    pub(super) fn goes_alone(&self, run: RunId, state: &State, relied: &mut Relied) -> Option<RunId> {
        let call = self.runs.run(run).call?;
        let mut others = state.runs.clone();
        others.remove(others.iter().position(|other| *other == run)?);
        let stale = self.stale_reads && state.left > 0;
        let births: BTreeSet<BirthId> = others.iter().map(|other| self.runs.run(*other).birth).collect();
        let commutes = |birth: &BirthId| {
            self.called.get(birth).is_none_or(|called| called.iter().all(|other| !self.conflict(call, *other, stale)))
        };
        if !births.iter().all(commutes) {
            return None;
        }
        relied.extend(births.into_iter().map(|birth| (call, birth, stale)));
        Some(run)
    }

    /// Whether the order of two calls can make a difference. Where reads can be stale, what is read depends on which call wrote last.
    fn conflict(&self, one: CallId, other: CallId, stale: bool) -> bool {
        let touches = |call: CallId| self.worlds.calls[call as usize].touches.as_slice();
        let writes = |call: CallId| touches(call).iter().any(|touch| touch.writes);
        let both = |conflict: fn(&Touch, &Touch) -> bool| {
            touches(one).iter().any(|touch| touches(other).iter().any(|other| conflict(touch, other)))
        };
        match stale {
            true => (writes(one) || writes(other)) && both(|_, _| true),
            false => both(Touch::conflicts),
        }
    }

    /// Learns what executions call, and says whether somebody relied on that they do not.
    pub(super) fn has_wrong_reliance(&mut self, state: &State, relied: &Relied) -> bool {
        let mut wrong = false;
        for run in &state.runs {
            let one = self.runs.run(*run);
            let (birth, Some(call)) = (one.birth, one.call) else { continue };
            if self.called.entry(birth).or_default().insert(call) {
                wrong |= relied.iter().any(|(other, of, stale)| *of == birth && self.conflict(*other, call, *stale));
                let asks = self.bounds.faults.contains(&FaultKind::Stale);
                if asks && !self.stale_reads && self.worlds.calls[call as usize].can_be_stale {
                    // From the beginning it has to be known what was there before.
                    self.stale_reads = true;
                    wrong = true;
                }
            }
        }
        wrong || (self.follow_ups && !relied.is_empty())
    }
}
