//! How far to the right each vertex is.
//!
//! Each wants to be where its neighbours above and below are (their weighted median, so that what matters most runs
//! straight), and none may touch the next. A row that wants is given what is nearest to its wishes: an isotonic regression.

use super::align::align;
use super::layers::{Layers, Neighbour, Standing};

/// How much work is put into it, in vertices looked at.
const EFFORT: usize = 3_000_000;

/// The middle of every vertex.
pub(super) fn place(layers: &Layers) -> Vec<f64> {
    let mut x = vec![0.0; layers.vertices.len()];
    for row in &layers.rows {
        let offsets = offsets(layers, row);
        let middle = offsets.last().copied().unwrap_or(0.0) / 2.0;
        for (vertex, offset) in row.iter().zip(offsets) {
            x[*vertex] = offset - middle;
        }
    }
    let rounds = (EFFORT / (8 * layers.vertices.len().max(1))).clamp(2, 24);
    for round in 0..rounds {
        let both = round * 3 >= rounds * 2;
        for row in 1..layers.rows.len() {
            settle(layers, row, &mut x, |vertex| wish(layers, vertex, true, both));
        }
        for row in (0..layers.rows.len().saturating_sub(1)).rev() {
            settle(layers, row, &mut x, |vertex| wish(layers, vertex, false, both));
        }
    }
    align(layers, &mut x);
    straighten(layers, &mut x);
    x
}

/// The neighbours that a vertex wants to be at.
fn wish(layers: &Layers, vertex: usize, above: bool, both: bool) -> [&[Neighbour]; 2] {
    let (up, down): (&[Neighbour], &[Neighbour]) = (&layers.up[vertex], &layers.down[vertex]);
    match (above, both) {
        (_, true) => [up, down],
        // Without any on that side, those on the other.
        (true, false) => [if up.is_empty() { down } else { up }, &[]],
        (false, false) => [if down.is_empty() { up } else { down }, &[]],
    }
}

/// How far the middles of neighbours in a row have to be from that of the first.
fn offsets(layers: &Layers, row: &[usize]) -> Vec<f64> {
    let mut at = 0.0;
    let mut offsets = Vec::with_capacity(row.len());
    for (index, vertex) in row.iter().enumerate() {
        if index > 0 {
            at += apart(layers, row[index - 1], *vertex);
        }
        offsets.push(at);
    }
    offsets
}

/// How far the middles of two neighbours are apart at least.
pub(super) fn apart(layers: &Layers, left: usize, right: usize) -> f64 {
    let (left, right) = (layers.vertices[left], layers.vertices[right]);
    let gap = match (left.standing, right.standing) {
        (Standing::Item(_), Standing::Item(_)) => 36.0,
        (Standing::Label(_), Standing::Label(_)) => 12.0,
        (Standing::Bend, Standing::Bend) => 14.0,
        _ => 18.0,
    };
    (left.width + right.width) / 2.0 + gap
}

/// Vertices side by side that move as one.
struct Block {
    wanted: f64,
    weight: f64,
    count: usize,
}

/// Moves a row to where it wants to be, as near as it can.
fn settle<'a>(layers: &'a Layers, row: usize, x: &mut [f64], wish: impl Fn(usize) -> [&'a [Neighbour]; 2]) {
    let row = &layers.rows[row];
    let offsets = offsets(layers, row);
    let mut blocks: Vec<Block> = Vec::with_capacity(row.len());
    for (vertex, offset) in row.iter().zip(&offsets) {
        let (wanted, weight) = median(wish(*vertex), x).unwrap_or((x[*vertex], 0.05));
        let mut block = Block { wanted: wanted - offset, weight, count: 1 };
        while let Some(before) = blocks.pop_if(|before| before.wanted > block.wanted) {
            let weight = before.weight + block.weight;
            let wanted = (before.wanted * before.weight + block.wanted * block.weight) / weight;
            block = Block { wanted, weight, count: before.count + block.count };
        }
        blocks.push(block);
    }
    let mut at = 0;
    for block in blocks {
        for index in at..at + block.count {
            x[row[index]] = block.wanted + offsets[index];
        }
        at += block.count;
    }
}

/// The weighted median of where neighbours are, and their weight; the middle where two are as good.
pub(super) fn median(neighbours: [&[Neighbour]; 2], x: &[f64]) -> Option<(f64, f64)> {
    let mut at: Vec<(f64, f64)> =
        neighbours.into_iter().flatten().map(|neighbour| (x[neighbour.vertex], neighbour.weight)).collect();
    at.sort_by(|a, b| a.0.total_cmp(&b.0));
    let total: f64 = at.iter().map(|(_, weight)| weight).sum();
    let mut sum = 0.0;
    for (index, (place, weight)) in at.iter().enumerate() {
        sum += weight;
        if sum * 2.0 > total + 1e-9 {
            return Some((*place, total));
        }
        if sum * 2.0 > total - 1e-9 {
            let next = at.get(index + 1).map_or(*place, |(next, _)| *next);
            return Some(((place + next) / 2.0, total));
        }
    }
    None
}

/// Gives the bends and labels of each link one place, where nothing is in the way.
fn straighten(layers: &Layers, x: &mut [f64]) {
    let mut position = vec![0; layers.vertices.len()];
    for row in &layers.rows {
        row.iter().enumerate().for_each(|(at, vertex)| position[*vertex] = at);
    }
    for chain in layers.chains.iter().filter(|chain| chain.vertices.len() > 3 && !chain.outside) {
        let inner = &chain.vertices[1..chain.vertices.len() - 1];
        let mut start = 0;
        while start < inner.len() {
            // As far as there is a place that all can have.
            let (mut low, mut high) = (f64::NEG_INFINITY, f64::INFINITY);
            let mut end = start;
            while end < inner.len() {
                let (left, right) = room(layers, inner[end], &position, x);
                if left.max(low) > right.min(high) {
                    break;
                }
                (low, high) = (low.max(left), high.min(right));
                end += 1;
            }
            if end == start {
                start += 1;
                continue;
            }
            let mut places: Vec<f64> = inner[start..end].iter().map(|vertex| x[*vertex]).collect();
            places.sort_by(f64::total_cmp);
            let place = places[places.len() / 2].clamp(low, high);
            inner[start..end].iter().for_each(|vertex| x[*vertex] = place);
            start = end;
        }
    }
}

/// How far to the left and to the right a vertex can go.
fn room(layers: &Layers, vertex: usize, position: &[usize], x: &[f64]) -> (f64, f64) {
    let row = &layers.rows[layers.row_of[vertex]];
    let at = position[vertex];
    let left = at.checked_sub(1).map(|left| x[row[left]] + apart(layers, row[left], vertex));
    let right = row.get(at + 1).map(|right| x[*right] - apart(layers, vertex, *right));
    let left = left.unwrap_or(f64::NEG_INFINITY);
    (left, right.unwrap_or(f64::INFINITY).max(left))
}
