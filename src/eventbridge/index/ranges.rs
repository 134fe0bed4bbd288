use super::NodeId;
use crate::eventbridge::number::{Comparable, NumberRange};

/// Ranges of numbers, found by the numbers that they hold: an interval tree, laid out in one list that is sorted by where
/// the ranges begin. The middle of each stretch is the root of its subtree.
#[derive(Debug, Clone, Default)]
pub(super) struct Ranges {
    ranges: Vec<(NumberRange, NodeId)>,
    /// How far the ranges of the subtree reach whose root stands at the same place.
    reach: Vec<Comparable>,
}

impl Ranges {
    pub(super) fn new(mut ranges: Vec<(NumberRange, NodeId)>) -> Self {
        ranges.sort_by_key(|(range, _)| range.low);
        let mut tree = Self { reach: vec![Comparable::MIN; ranges.len()], ranges };
        tree.measure(0, tree.ranges.len());
        tree
    }

    fn measure(&mut self, start: usize, end: usize) -> Comparable {
        if start == end {
            return Comparable::MIN;
        }
        let root = usize::midpoint(start, end);
        let within = self.measure(start, root).max(self.measure(root + 1, end));
        self.reach[root] = within.max(self.ranges[root].0.high);
        self.reach[root]
    }

    pub(super) fn lookup(&self, number: Comparable, found: &mut impl FnMut(NodeId)) {
        self.search(0, self.ranges.len(), number, found);
    }

    fn search(&self, start: usize, end: usize, number: Comparable, found: &mut impl FnMut(NodeId)) {
        let root = usize::midpoint(start, end);
        if start == end || self.reach[root] < number {
            return;
        }
        self.search(start, root, number, found);
        let (range, node) = &self.ranges[root];
        if range.low <= number {
            if range.contains(number) {
                found(*node);
            }
            self.search(root + 1, end, number, found);
        }
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    proptest! {
        #[test]
        fn it_agrees_with_asking_each(bounds in prop::collection::vec((-9_i32..9, 1_i32..9, any::<[bool; 2]>()), 0..30), number in -12_i32..20) {
            let comparable = |number: i32| Comparable::parse(&number.to_string()).unwrap();
            let ranges: Vec<_> = bounds.into_iter().enumerate().map(|(at, (low, length, [a, b]))| {
                (NumberRange::new((comparable(low), a), (comparable(low + length), b)).unwrap(), NodeId(at))
            }).collect();
            let expected: Vec<_> = ranges.iter().filter(|(range, _)| range.contains(comparable(number))).map(|(_, node)| node.0).collect();
            let mut found = Vec::new();
            Ranges::new(ranges).lookup(comparable(number), &mut |node| found.push(node.0));
            found.sort_unstable();
            prop_assert_eq!(found, expected);
        }
    }
}
