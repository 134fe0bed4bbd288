//! In which order the vertices of a row stand, so that few lines cross.

use super::layers::Layers;

/// How much work is put into it, in links looked at.
const EFFORT: usize = 4_000_000;

/// Orders every row, by what stands above and below in turn, and keeps the best order that was seen.
pub(super) fn order(layers: &mut Layers) {
    let size = layers.vertices.len() + layers.down.iter().map(Vec::len).sum::<usize>();
    let rounds = (EFFORT / size.max(1)).clamp(2, 24);
    let mut position = positions(layers);
    let mut best = (crossings(layers, &position), layers.rows.clone());
    for round in 0..rounds {
        if best.0 == 0 {
            break;
        }
        let rows = layers.rows.len();
        if round % 2 == 0 {
            (1..rows).for_each(|row| sort_row(layers, row, true, &mut position, round % 4 < 2));
        } else {
            (0..rows.saturating_sub(1))
                .rev()
                .for_each(|row| sort_row(layers, row, false, &mut position, round % 4 < 2));
        }
        if size < 20_000 {
            transpose(layers, &mut position);
        }
        let count = crossings(layers, &position);
        if count < best.0 {
            best = (count, layers.rows.clone());
        }
    }
    layers.rows = best.1;
}

/// Where in its row each vertex is.
fn positions(layers: &Layers) -> Vec<usize> {
    let mut position = vec![0; layers.vertices.len()];
    for row in &layers.rows {
        for (at, vertex) in row.iter().enumerate() {
            position[*vertex] = at;
        }
    }
    position
}

/// Puts each vertex where its neighbours in the row above or below are on average. Those without any stay where they are.
fn sort_row(layers: &mut Layers, row: usize, by_above: bool, position: &mut [usize], rightmost: bool) {
    let neighbours = if by_above { &layers.up } else { &layers.down };
    let mut wanted: Vec<(f64, usize)> = Vec::with_capacity(layers.rows[row].len());
    let mut before = -1.0_f64;
    for &vertex in &layers.rows[row] {
        let around = &neighbours[vertex];
        let place = if around.is_empty() {
            before
        } else {
            around.iter().map(|link| position[link.vertex] as f64).sum::<f64>() / around.len() as f64
        };
        before = place;
        wanted.push((place, vertex));
    }
    if rightmost {
        wanted.sort_by(|a, b| a.0.total_cmp(&b.0));
    } else {
        // Those that want the same place change places, which gets the order out of a rut.
        wanted.reverse();
        wanted.sort_by(|a, b| a.0.total_cmp(&b.0));
    }
    for (at, (_, vertex)) in wanted.iter().enumerate() {
        position[*vertex] = at;
    }
    layers.rows[row] = wanted.into_iter().map(|(_, vertex)| vertex).collect();
}

/// Changes places of neighbours as long as that gets rid of crossings.
fn transpose(layers: &mut Layers, position: &mut [usize]) {
    for _ in 0..4 {
        let mut better = false;
        for row in 0..layers.rows.len() {
            for at in 1..layers.rows[row].len() {
                let (left, right) = (layers.rows[row][at - 1], layers.rows[row][at]);
                let mut gain = 0_i64;
                for neighbours in [&layers.up, &layers.down] {
                    gain += pair(&neighbours[left], &neighbours[right], position);
                }
                if gain > 0 {
                    layers.rows[row].swap(at - 1, at);
                    position[left] = at;
                    position[right] = at - 1;
                    better = true;
                }
            }
        }
        if !better {
            return;
        }
    }
}

/// How many fewer crossings there are if two neighbours change places.
fn pair(left: &[super::layers::Neighbour], right: &[super::layers::Neighbour], position: &[usize]) -> i64 {
    if left.len() * right.len() > 4_096 {
        return 0;
    }
    let mut gain = 0;
    for a in left {
        for b in right {
            gain += match position[a.vertex].cmp(&position[b.vertex]) {
                std::cmp::Ordering::Greater => 1,
                std::cmp::Ordering::Less => -1,
                std::cmp::Ordering::Equal => 0,
            };
        }
    }
    gain
}

/// How many lines cross between the rows.
pub(super) fn crossings(layers: &Layers, position: &[usize]) -> usize {
    let mut count = 0;
    for pair in layers.rows.windows(2) {
        let [upper, lower] = pair else { continue };
        // Ends in the lower row, in the order of the upper one: each pair that is out of order is a crossing.
        let mut ends = Vec::new();
        for vertex in upper {
            let from = ends.len();
            ends.extend(layers.down[*vertex].iter().map(|link| position[link.vertex]));
            ends[from..].sort_unstable();
        }
        let mut tree = vec![0_usize; lower.len() + 1];
        for (seen, end) in ends.iter().enumerate() {
            let mut at = end + 1;
            let mut not_after = 0;
            while at > 0 {
                not_after += tree[at];
                at &= at - 1;
            }
            count += seen - not_after;
            let mut at = end + 1;
            while at < tree.len() {
                tree[at] += 1;
                at += at & at.wrapping_neg();
            }
        }
    }
    count
}

/// How many lines cross in a finished order.
pub(super) fn count(layers: &Layers) -> usize {
    crossings(layers, &positions(layers))
}
