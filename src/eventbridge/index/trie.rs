use std::collections::HashMap;

use super::NodeId;

/// Texts of bytes, found by the longer texts that begin with them.
#[derive(Debug, Clone, Default)]
pub(super) struct Trie {
    edges: HashMap<(usize, u8), usize>,
    ends: HashMap<usize, NodeId>,
}

impl Trie {
    pub(super) fn insert(&mut self, text: impl IntoIterator<Item = u8>, node: NodeId) {
        let mut at = 0;
        for byte in text {
            let fresh = self.edges.len() + 1;
            at = *self.edges.entry((at, byte)).or_insert(fresh);
        }
        self.ends.insert(at, node);
    }

    pub(super) fn is_empty(&self) -> bool {
        self.ends.is_empty()
    }

    /// The texts that this one begins with.
    pub(super) fn lookup(&self, text: impl IntoIterator<Item = u8>, found: &mut impl FnMut(NodeId)) {
        if self.is_empty() {
            return;
        }
        let mut text = text.into_iter();
        let mut at = Some(0);
        while let Some(place) = at {
            if let Some(node) = self.ends.get(&place) {
                found(*node);
            }
            at = text.next().and_then(|byte| self.edges.get(&(place, byte)).copied());
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn beginnings_are_found() {
        let mut trie = Trie::default();
        for (at, text) in ["", "ab", "abc", "b"].iter().enumerate() {
            trie.insert(text.bytes(), NodeId(at));
        }
        let mut found = Vec::new();
        trie.lookup("abd".bytes(), &mut |node| found.push(node.0));
        assert_eq!(found, [0, 1]);
    }
}
