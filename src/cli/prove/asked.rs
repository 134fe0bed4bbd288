use std::time::Duration;

use crate::prove::FaultKind;

/// What was asked, for those who tell what came of it.
pub(super) struct Asked {
    /// What is proved: the file or the stack.
    pub(super) name: String,
    /// The kinds of events.
    pub(super) kinds: Vec<String>,
    /// How many histories there are.
    pub(super) stories: usize,
    /// How many events the longest has.
    pub(super) events: usize,
    pub(super) repeats: usize,
    pub(super) keys: usize,
    pub(super) faults: Vec<FaultKind>,
    pub(super) faults_at_once: usize,
    /// What has to be so.
    pub(super) checks: Vec<&'static str>,
    pub(super) took: Duration,
}

impl Asked {
    /// How many events, of which kinds, as people say it.
    pub(super) fn scope(&self) -> String {
        let events = self.events;
        let mut text = if events == 1 { "1 event".to_owned() } else { format!("{events} events") };
        match self.kinds.as_slice() {
            [] => {}
            [one] => text.push_str(&format!(" ({one})")),
            kinds => text.push_str(&format!(" of {} kinds", kinds.len())),
        }
        if self.keys > 1 {
            text.push_str(&format!(" about {} keys", self.keys));
        }
        match self.repeats {
            0 => {}
            1 => text.push_str(", each up to twice"),
            more => text.push_str(&format!(", each up to {} times", more + 1)),
        }
        text
    }
}
