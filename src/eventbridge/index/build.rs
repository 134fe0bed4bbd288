use std::cmp::Reverse;
use std::collections::HashMap;

use super::key::Key;
use super::{FieldIndex, Node, NodeId};
use crate::eventbridge::branch::Branch;
use crate::eventbridge::matcher::Matcher;
use crate::eventbridge::path::PathId;

/// Up to this many branches are not worth telling apart.
const FEW: usize = 4;

/// How many places a branch may be filed in, when it is filed under more than one field that has several alternatives.
const MAX_COPIES: usize = 64;

/// How many fields a branch may be filed under.
const MAX_DEPTH: usize = 16;

/// How many wildcards of a path have each piece.
type SharedPieces<'a> = HashMap<(PathId, &'a [u8]), usize>;

fn shared_pieces(branches: &[Branch]) -> SharedPieces<'_> {
    let mut shared = HashMap::new();
    for (path, matchers) in branches.iter().flat_map(|branch| &branch.fields) {
        for matcher in matchers.iter() {
            let Matcher::Wildcard(wildcard) = matcher else { continue };
            wildcard.pieces().iter().for_each(|piece| *shared.entry((*path, piece.as_slice())).or_default() += 1);
        }
    }
    shared
}

/// The piece that the fewest wildcards share, so that a value which has it leads to few of them; of several, the longest, which the
/// fewest values have.
fn rarest<'p>(pieces: &'p [Vec<u8>], path: PathId, shared: &SharedPieces<'_>) -> Option<&'p Vec<u8>> {
    let count = |piece: &Vec<u8>| shared.get(&(path, piece.as_slice())).copied().unwrap_or(0);
    pieces.iter().min_by_key(|piece| (count(piece), Reverse(piece.len())))
}

/// Sorts branches into a tree.
pub(super) struct Builder {
    /// By branch: its fields, and the keys of their alternatives.
    fields: Vec<Vec<(PathId, Vec<KeyId>)>>,
    keys: Vec<Key>,
    nodes: Vec<Node>,
}

/// A key of one path, by its place in [`Builder::keys`].
type KeyId = usize;

/// A branch on its way down the tree.
#[derive(Clone)]
struct Slot {
    branch: usize,
    /// Which of its fields it was filed under.
    used: Vec<usize>,
    /// How many of it there are.
    copies: usize,
}

impl Builder {
    pub(super) fn new(branches: &[Branch]) -> Self {
        let shared = shared_pieces(branches);
        let mut known: HashMap<(PathId, Key), KeyId> = HashMap::new();
        let mut keys = Vec::new();
        let mut key_of = |path, key: Key| {
            *known.entry((path, key.clone())).or_insert_with(|| {
                keys.push(key);
                keys.len() - 1
            })
        };
        let mut fields_of = |branch: &Branch| {
            let fields = branch.fields.iter().map(|(path, matchers)| {
                let key = |matcher: &Matcher| Key::of(matcher, |pieces| rarest(pieces, *path, &shared));
                let mut ids: Vec<_> = matchers.iter().map(|matcher| key_of(*path, key(matcher))).collect();
                ids.sort_unstable();
                ids.dedup();
                (*path, ids)
            });
            fields.collect()
        };
        let fields = branches.iter().map(&mut fields_of).collect();
        Self { fields, keys, nodes: Vec::new() }
    }

    /// The tree, its root first.
    pub(super) fn build(mut self) -> Vec<Node> {
        let slots = (0..self.fields.len()).map(|branch| Slot { branch, used: Vec::new(), copies: 1 }).collect();
        self.node(slots);
        self.nodes
    }

    fn node(&mut self, slots: Vec<Slot>) -> NodeId {
        let id = NodeId(self.nodes.len());
        self.nodes.push(Node::default());
        let mut branches = Vec::new();
        let mut filed: HashMap<(PathId, KeyId), Vec<Slot>> = HashMap::new();
        let counts = self.counts(&slots);
        let few = slots.len() <= FEW;
        for slot in slots {
            let best = if few { None } else { self.most_telling_field(&slot, &counts) };
            let Some(field) = best else {
                branches.push(slot.branch);
                continue;
            };
            let (path, keys) = &self.fields[slot.branch][field];
            let used: Vec<_> = slot.used.iter().copied().chain([field]).collect();
            for key in keys {
                let copy = Slot { branch: slot.branch, used: used.clone(), copies: slot.copies * keys.len() };
                filed.entry((*path, *key)).or_default().push(copy);
            }
        }
        let mut values: HashMap<PathId, Vec<(Key, NodeId)>> = HashMap::new();
        let mut absent = Vec::new();
        for ((path, key), slots) in filed {
            let next = self.node(slots);
            match &self.keys[key] {
                Key::Absent => absent.push((path, next)),
                key => values.entry(path).or_default().push((key.clone(), next)),
            }
        }
        let fields = values.into_iter().map(|(path, keys)| (path, FieldIndex::new(keys))).collect();
        self.nodes[id.0] = Node { branches, fields, absent };
        id
    }

    /// How many of the branches have each key.
    fn counts(&self, slots: &[Slot]) -> HashMap<KeyId, usize> {
        let mut counts = HashMap::new();
        for key in slots.iter().flat_map(|slot| &self.fields[slot.branch]).flat_map(|(_, keys)| keys) {
            *counts.entry(*key).or_default() += 1;
        }
        counts
    }

    /// The field that tells a branch from the most others: that whose keys the fewest share.
    fn most_telling_field(&self, slot: &Slot, counts: &HashMap<KeyId, usize>) -> Option<usize> {
        if slot.used.len() == MAX_DEPTH {
            return None;
        }
        let weight = |key: &KeyId| match (self.keys[*key].is_selective(), counts.get(key)) {
            (true, Some(count)) => *count,
            _ => usize::MAX / MAX_COPIES,
        };
        let fields = self.fields[slot.branch].iter().enumerate();
        let open = fields.filter(|(at, (_, keys))| {
            !slot.used.contains(at) && (slot.copies == 1 || slot.copies * keys.len() <= MAX_COPIES)
        });
        open.min_by_key(|(_, (_, keys))| keys.iter().map(weight).fold(0, usize::saturating_add)).map(|(at, _)| at)
    }
}
