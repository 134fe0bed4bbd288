//! Which flow goes on when.

use std::cmp::Reverse;
use std::collections::BinaryHeap;

use super::Timestamp;
use super::flow::{Flow, FlowId};

/// The flows of an execution, and a queue of when each goes on. Of those that go on at the same time, the one that was put
/// there first comes first.
#[derive(Debug, Default, Clone)]
pub(super) struct Schedule {
    flows: Vec<Option<Flow>>,
    free: Vec<FlowId>,
    queue: BinaryHeap<Reverse<(Timestamp, u64, FlowId)>>,
    alarms: u64,
}

impl Schedule {
    /// A new flow, which sleeps.
    pub(super) fn put(&mut self, flow: Flow) -> FlowId {
        if let Some(id) = self.free.pop() {
            self.flows[id] = Some(flow);
            return id;
        }
        self.flows.push(Some(flow));
        self.flows.len() - 1
    }

    /// A flow that was taken comes back, and sleeps until it is woken.
    pub(super) fn put_back(&mut self, id: FlowId, flow: Flow) {
        self.flows[id] = Some(flow);
    }

    /// A flow that was taken comes back, and goes on at this time.
    pub(super) fn again(&mut self, id: FlowId, flow: Flow, time: Timestamp) {
        self.put_back(id, flow);
        self.wake(id, time);
    }

    /// A flow goes on at this time, and at no other that was said before.
    pub(super) fn wake(&mut self, id: FlowId, time: Timestamp) {
        self.alarms += 1;
        if let Some(Some(flow)) = self.flows.get_mut(id) {
            flow.alarm = self.alarms;
            self.queue.push(Reverse((time, self.alarms, id)));
        }
    }

    /// The flow that goes on next, taken, and when it does.
    pub(super) fn next(&mut self) -> Option<(Timestamp, FlowId, Flow)> {
        while let Some(Reverse((time, alarm, id))) = self.queue.pop() {
            let flow = self.flows.get_mut(id).and_then(|flow| flow.take_if(|flow| flow.alarm == alarm));
            if let Some(flow) = flow {
                return Some((time, id, flow));
            }
        }
        None
    }

    /// When the next flow goes on.
    pub(super) fn due(&mut self) -> Option<Timestamp> {
        self.coming().map(|(time, _)| time)
    }

    /// The flow that goes on next, left where it is.
    pub(super) fn next_flow(&mut self) -> Option<&Flow> {
        let (_, id) = self.coming()?;
        self.flows[id].as_ref()
    }

    fn coming(&mut self) -> Option<(Timestamp, FlowId)> {
        while let Some(Reverse((time, alarm, id))) = self.queue.peek() {
            if self.flows[*id].as_ref().is_some_and(|flow| flow.alarm == *alarm) {
                return Some((*time, *id));
            }
            self.queue.pop();
        }
        None
    }

    /// Takes a flow, wherever it is.
    pub(super) fn take(&mut self, id: FlowId) -> Option<Flow> {
        self.flows.get_mut(id).and_then(Option::take)
    }

    /// The number of a flow that ended can be given again.
    pub(super) fn free(&mut self, id: FlowId) {
        self.free.push(id);
    }

    pub(super) fn get_mut(&mut self, id: FlowId) -> Option<&mut Flow> {
        self.flows.get_mut(id).and_then(Option::as_mut)
    }

    pub(super) fn flows(&self) -> impl Iterator<Item = &Flow> {
        self.flows.iter().flatten()
    }

    pub(super) fn flows_mut(&mut self) -> impl Iterator<Item = &mut Flow> {
        self.flows.iter_mut().flatten()
    }
}
