//! Branches and iterations: how they start, how they end, and how they are ended.

use std::collections::BTreeSet;
use std::sync::Arc;

use serde_json::Value;

use super::flow::{Flow, FlowId, Stage};
use super::joint::Joint;
use super::states::{self, Start};
use super::variables::VariableScope;
use super::{Execution, Failure};
use crate::asl::program::{Mode, StateKind};

impl Execution {
    /// Starts branches or iterations, and lets their state wait for them.
    pub(super) fn fork(&mut self, id: FlowId, mut flow: Flow, mut joint: Box<Joint>, starts: Vec<Start>) {
        for start in starts {
            let child = self.start(id, &flow, start);
            joint.running.insert(child);
        }
        // With nothing to wait for, the state has to look at once that it is done.
        let done = joint.running.is_empty();
        flow.stage = Stage::Joining(joint);
        flow.alarm = 0;
        if done {
            self.schedule.again(id, flow, self.world.now);
        } else {
            self.schedule.put_back(id, flow);
        }
    }

    fn start(&mut self, parent: FlowId, around: &Flow, start: Start) -> FlowId {
        let start_at = self.world.program[start.machine].start_at;
        let (history, previous) = match &start.child {
            Some(_) => (self.world.new_history(), 0),
            None => (around.history, start.previous),
        };
        let mut flow = Flow {
            parent: Some((parent, start.place)),
            state: start_at,
            stage: Stage::Enter,
            input: start.input,
            variables: Arc::new(if start.child.is_some() {
                VariableScope::default()
            } else {
                around.variables.within()
            }),
            retries: Vec::new(),
            entered_at: self.world.now,
            entered: 0,
            previous,
            history,
            item: start.item.or_else(|| around.item.clone()),
            child: start.child.or_else(|| around.child.clone()),
            token: None,
            alarm: 0,
            inspection: None,
        };
        if history != around.history {
            self.started(&mut flow);
        }
        let id = self.schedule.put(flow);
        self.schedule.wake(id, self.world.now);
        id
    }

    /// Ends a flow, and with it the execution, or tells the state that waits for it.
    pub(super) fn end(&mut self, id: FlowId, mut flow: Flow, ended: Result<Value, Failure>) {
        self.schedule.free(id);
        let Some((parent, place)) = flow.parent else {
            self.outcome = Some(states::execution_ended(&mut self.world, &mut flow, ended));
            return;
        };
        let Some(waiting) = self.schedule.get_mut(parent) else { return };
        let owner = &self.world.program[waiting.state];
        let is_map = matches!(owner.kind, StateKind::Map(_));
        let name = if is_map { owner.name.clone() } else { String::new() };
        if !is_map && ended.is_err() {
            states::aborted(&mut self.world, &mut flow);
        }
        let same_history = waiting.history == flow.history;
        if let Stage::Joining(joint) = &mut waiting.stage {
            let failed = ended.is_err();
            joint.take(id, place, self.world.now, ended);
            if is_map && same_history {
                states::iteration_ended(&mut self.world, &mut flow, &name, place, failed);
            }
            waiting.previous = waiting.previous.max(if same_history { flow.previous } else { 0 });
            // Only what changes something wakes it: room for one more, a failure, or the end.
            let waits_for_more = joint.map.as_ref().is_some_and(|map| !map.pending.is_empty());
            if joint.unfinished == 0 || joint.failure.is_some() || waits_for_more {
                self.schedule.wake(parent, self.world.now);
            }
        }
    }

    /// Ends flows that nobody waits for any more, with all that they wait for.
    pub(super) fn abort(&mut self, waiting: &mut Flow, flows: &BTreeSet<FlowId>) {
        let owner = &self.world.program[waiting.state];
        let map = match &owner.kind {
            StateKind::Map(map) if map.mode == Mode::Inline => Some(owner.name.clone()),
            _ => None,
        };
        let mut rest: Vec<FlowId> = flows.iter().rev().copied().collect();
        while let Some(id) = rest.pop() {
            if let Some(mut flow) = self.schedule.take(id) {
                if let Stage::Joining(joint) = &flow.stage {
                    rest.extend(&joint.running);
                }
                if flow.history == waiting.history {
                    if !matches!(flow.stage, Stage::Enter) {
                        states::aborted(&mut self.world, &mut flow);
                    }
                    let place = flow.parent.map(|(_, place)| place);
                    if let (Some(map), Some(place), true) = (&map, place, flows.contains(&id)) {
                        states::iteration_aborted(&mut self.world, &mut flow, map, place);
                    }
                    waiting.previous = waiting.previous.max(flow.previous);
                }
                self.schedule.free(id);
            }
        }
    }
}
