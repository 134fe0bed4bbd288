use std::collections::{BTreeMap, HashMap};

use super::NodeId;
use super::key::Key;
use super::ranges::Ranges;
use super::trie::Trie;
use crate::eventbridge::fold::fold;
use crate::eventbridge::matcher::{Leaf, Matcher};
use crate::eventbridge::number::Comparable;

/// Nodes by what one field must be to lead there.
#[derive(Debug, Clone, Default)]
pub(super) struct FieldIndex {
    raw: HashMap<String, NodeId>,
    numbers: HashMap<Comparable, NodeId>,
    /// By the number of leading bits, then by the bits.
    networks: BTreeMap<u32, HashMap<u128, NodeId>>,
    prefixes: Trie,
    /// From the end to the beginning.
    suffixes: Trie,
    pieces: Trie,
    folded: HashMap<String, NodeId>,
    folded_prefixes: Trie,
    folded_suffixes: Trie,
    ranges: Ranges,
    asked: Vec<(Matcher, NodeId)>,
    present: Option<NodeId>,
}

impl FieldIndex {
    pub(super) fn new(keys: impl IntoIterator<Item = (Key, NodeId)>) -> Self {
        let mut index = Self::default();
        let mut ranges = Vec::new();
        for (key, node) in keys {
            match key {
                Key::Raw(raw) => drop(index.raw.insert(raw, node)),
                Key::Number(number) => drop(index.numbers.insert(number, node)),
                Key::Network(mask, bits) => drop(index.networks.entry(mask).or_default().insert(bits, node)),
                Key::Prefix(text) => index.prefixes.insert(text.bytes(), node),
                Key::Suffix(text) => index.suffixes.insert(text.bytes().rev(), node),
                Key::Piece(bytes) => index.pieces.insert(bytes, node),
                Key::Folded(text) => drop(index.folded.insert(text, node)),
                Key::FoldedPrefix(text) => index.folded_prefixes.insert(text.bytes(), node),
                Key::FoldedSuffix(text) => index.folded_suffixes.insert(text.bytes().rev(), node),
                Key::Range(range) => ranges.push((range, node)),
                Key::Asked(matcher) => index.asked.push((matcher, node)),
                Key::Present => index.present = Some(node),
                // Filed where no value is needed.
                Key::Absent => {}
            }
        }
        index.ranges = Ranges::new(ranges);
        index
    }

    /// The nodes that a value leads to.
    pub(super) fn lookup(&self, leaf: &Leaf, found: &mut impl FnMut(NodeId)) {
        self.raw.get(leaf.raw()).copied().into_iter().for_each(&mut *found);
        self.present.into_iter().for_each(&mut *found);
        self.asked.iter().filter(|(matcher, _)| matcher.matches(leaf)).for_each(|(_, node)| found(*node));
        if let Some(number) = leaf.comparable() {
            self.numbers.get(&number).copied().into_iter().for_each(&mut *found);
            self.ranges.lookup(number, found);
        }
        if let Some(address) = leaf.address() {
            let nodes = self.networks.iter().filter_map(|(mask, nodes)| nodes.get(&address.leading(*mask)));
            nodes.copied().for_each(&mut *found);
        }
        if leaf.unquoted().is_some() {
            self.lookup_text(leaf, found);
        }
    }

    fn lookup_text(&self, leaf: &Leaf, found: &mut impl FnMut(NodeId)) {
        let raw = leaf.raw().as_bytes();
        self.prefixes.lookup(raw.iter().copied(), found);
        self.suffixes.lookup(raw.iter().rev().copied(), found);
        if !self.pieces.is_empty() {
            (0..raw.len()).for_each(|at| self.pieces.lookup(raw[at..].iter().copied(), found));
        }
        if !self.folded.is_empty() {
            let text = leaf.unquoted().map(fold);
            text.and_then(|text| self.folded.get(&text)).copied().into_iter().for_each(&mut *found);
        }
        if !self.folded_prefixes.is_empty() {
            leaf.opened().map(fold).into_iter().for_each(|text| self.folded_prefixes.lookup(text.bytes(), found));
        }
        if !self.folded_suffixes.is_empty() {
            leaf.closed().map(fold).into_iter().for_each(|text| self.folded_suffixes.lookup(text.bytes().rev(), found));
        }
    }
}
