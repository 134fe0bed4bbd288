//! What runs straight: vertices that follow each other on the main way are one block, which moves as a whole.
//!
//! The idea of a block is that of [Brandes and Köpf](https://doi.org/10.1007/3-540-45848-4_3): of two links that would cross only
//! one makes a block, so the blocks have an order from left to right.

use super::layers::{Layers, Neighbour};
use super::place::{apart, median};

/// How much work is put into it, in vertices looked at.
const EFFORT: usize = 3_000_000;

/// Vertices below each other that have one place.
struct Blocks {
    /// The block of each vertex.
    of: Vec<usize>,
    members: Vec<Vec<usize>>,
    /// The blocks from left to right: none is right of a later one.
    order: Vec<usize>,
}

/// Moves vertices so that the main ways are straight, beginning with where they are.
pub(super) fn align(layers: &Layers, x: &mut [f64]) {
    let Some(blocks) = Blocks::of(layers) else { return };
    let mut position = vec![0; layers.vertices.len()];
    for row in &layers.rows {
        row.iter().enumerate().for_each(|(at, vertex)| position[*vertex] = at);
    }
    let wished: Vec<f64> = blocks.members.iter().map(|block| mean(block.iter().map(|vertex| x[*vertex]))).collect();
    // Two ways to make room, pushing to the right and to the left; what is between them has room too.
    let mut right = vec![f64::NAN; layers.vertices.len()];
    for &block in &blocks.order {
        let low = blocks.members[block].iter().filter_map(|v| left_limit(layers, *v, &position, &right));
        let place = low.fold(wished[block], f64::max);
        blocks.members[block].iter().for_each(|vertex| right[*vertex] = place);
    }
    let mut left = vec![f64::NAN; layers.vertices.len()];
    for &block in blocks.order.iter().rev() {
        let high = blocks.members[block].iter().filter_map(|v| right_limit(layers, *v, &position, &left));
        let place = high.fold(wished[block], f64::min);
        blocks.members[block].iter().for_each(|vertex| left[*vertex] = place);
    }
    for vertex in 0..x.len() {
        x[vertex] = (left[vertex] + right[vertex]) / 2.0;
    }
    relax(layers, &blocks, &position, x);
}

/// Lets each block go where its neighbours are, as far as there is room.
fn relax(layers: &Layers, blocks: &Blocks, position: &[usize], x: &mut [f64]) {
    let rounds = (EFFORT / (6 * layers.vertices.len().max(1))).clamp(2, 40);
    for round in 0..rounds {
        let mut moved = 0.0_f64;
        for index in 0..blocks.order.len() {
            let at = if round % 2 == 0 { index } else { blocks.order.len() - 1 - index };
            let block = blocks.order[at];
            let members = &blocks.members[block];
            let outside = |links: &[Neighbour]| -> Vec<Neighbour> {
                links.iter().copied().filter(|link| blocks.of[link.vertex] != block).collect()
            };
            let around: Vec<Neighbour> = members
                .iter()
                .flat_map(|vertex| [outside(&layers.up[*vertex]), outside(&layers.down[*vertex])])
                .flatten()
                .collect();
            let Some((wish, _)) = median([&around, &[]], x) else { continue };
            let low =
                members.iter().filter_map(|v| left_limit(layers, *v, position, x)).fold(f64::NEG_INFINITY, f64::max);
            let high =
                members.iter().filter_map(|v| right_limit(layers, *v, position, x)).fold(f64::INFINITY, f64::min);
            if low > high {
                continue;
            }
            let place = wish.clamp(low, high);
            moved = moved.max((place - x[members[0]]).abs());
            members.iter().for_each(|vertex| x[*vertex] = place);
        }
        if moved < 0.25 {
            return;
        }
    }
}

fn mean(values: impl Iterator<Item = f64>) -> f64 {
    let (sum, count) = values.fold((0.0, 0.0), |(sum, count), value| (sum + value, count + 1.0));
    if count > 0.0 { sum / count } else { 0.0 }
}

/// How far to the left a vertex can go.
fn left_limit(layers: &Layers, vertex: usize, position: &[usize], x: &[f64]) -> Option<f64> {
    let row = &layers.rows[layers.row_of[vertex]];
    let left = row[position[vertex].checked_sub(1)?];
    Some(x[left] + apart(layers, left, vertex))
}

/// How far to the right a vertex can go.
fn right_limit(layers: &Layers, vertex: usize, position: &[usize], x: &[f64]) -> Option<f64> {
    let row = &layers.rows[layers.row_of[vertex]];
    let right = *row.get(position[vertex] + 1)?;
    Some(x[right] - apart(layers, vertex, right))
}

impl Blocks {
    /// The blocks; `None` if they have no order, which cannot be.
    fn of(layers: &Layers) -> Option<Self> {
        let count = layers.vertices.len();
        let mut position = vec![0; count];
        for row in &layers.rows {
            row.iter().enumerate().for_each(|(at, vertex)| position[*vertex] = at);
        }
        let below: Vec<Option<(usize, f64)>> = (0..count).map(|v| main(&layers.down[v], &position)).collect();
        let above: Vec<Option<(usize, f64)>> = (0..count).map(|v| main(&layers.up[v], &position)).collect();
        let mut joined = vec![None; count];
        for row in &layers.rows {
            let pairs = row.iter().filter_map(|&upper| {
                let (lower, weight) = below[upper]?;
                (above[lower]?.0 == upper).then_some((upper, lower, weight))
            });
            // Of two that cross, the heavier.
            let mut kept: Vec<(usize, usize, f64)> = Vec::new();
            for pair in pairs {
                let heavier = kept.iter().rev().take_while(|before| position[before.1] > position[pair.1]);
                if heavier.clone().any(|before| before.2 >= pair.2) {
                    continue;
                }
                let crossed = heavier.count();
                kept.truncate(kept.len() - crossed);
                kept.push(pair);
            }
            kept.into_iter().for_each(|(upper, lower, _)| joined[upper] = Some(lower));
        }
        let mut of = vec![usize::MAX; count];
        let mut members: Vec<Vec<usize>> = Vec::new();
        for vertex in layers.rows.iter().flatten() {
            if of[*vertex] != usize::MAX {
                continue;
            }
            let mut block = Vec::new();
            let mut next = Some(*vertex);
            while let Some(vertex) = next {
                of[vertex] = members.len();
                block.push(vertex);
                next = joined[vertex];
            }
            members.push(block);
        }
        let order = left_to_right(layers, &of, members.len())?;
        Some(Self { of, members, order })
    }
}

/// The heaviest link; of several that are as heavy the middle one, if there is one.
fn main(links: &[Neighbour], position: &[usize]) -> Option<(usize, f64)> {
    let most = links.iter().map(|link| link.weight).fold(0.0, f64::max);
    let mut heaviest: Vec<usize> = links.iter().filter(|link| link.weight >= most).map(|link| link.vertex).collect();
    heaviest.sort_by_key(|vertex| position[*vertex]);
    (heaviest.len() % 2 == 1).then(|| (heaviest[heaviest.len() / 2], most))
}

fn left_to_right(layers: &Layers, of: &[usize], count: usize) -> Option<Vec<usize>> {
    let mut right_of: Vec<Vec<usize>> = vec![Vec::new(); count];
    let mut waiting = vec![0_usize; count];
    for row in &layers.rows {
        for pair in row.windows(2) {
            let &[left, right] = pair else { continue };
            right_of[of[left]].push(of[right]);
            waiting[of[right]] += 1;
        }
    }
    let mut order: Vec<usize> = (0..count).filter(|block| waiting[*block] == 0).collect();
    let mut at = 0;
    while let Some(&block) = order.get(at) {
        for &next in &right_of[block] {
            waiting[next] -= 1;
            if waiting[next] == 0 {
                order.push(next);
            }
        }
        at += 1;
    }
    (order.len() == count).then_some(order)
}
