//! Which row each item is in, so that arrows lead down.

use super::arrange::{Item, Link};

/// The row of each item and which links lead up instead of down.
pub(super) struct Ranks {
    /// The row of each item, from 0: even, as the rows between are for labels.
    pub(super) rank: Vec<usize>,
    /// Links that go around a circle, and are drawn upwards.
    pub(super) reversed: Vec<bool>,
}

/// Items in rows: each two below the lowest that leads to it, links that close a circle excepted.
pub(super) fn ranks(items: &[Item], links: &[Link]) -> Ranks {
    let mut out: Vec<Vec<usize>> = vec![Vec::new(); items.len()];
    for (at, link) in links.iter().enumerate().filter(|(_, link)| link.from != link.to) {
        out[link.from].push(at);
    }
    let (order, reversed) = depth_first(items, links, &out);
    let ends = |at: usize| {
        let Link { from, to, .. } = links[at];
        if reversed[at] { (to, from) } else { (from, to) }
    };
    let mut below: Vec<Vec<usize>> = vec![Vec::new(); items.len()];
    let mut above: Vec<Vec<usize>> = vec![Vec::new(); items.len()];
    for at in (0..links.len()).filter(|at| links[*at].from != links[*at].to) {
        let (upper, lower) = ends(at);
        below[upper].push(lower);
        above[lower].push(upper);
    }
    let mut rank = vec![0_usize; items.len()];
    for &item in &order {
        rank[item] = above[item].iter().map(|upper| rank[*upper] + 2).max().unwrap_or(0);
    }
    // What more leads away from than to is as low as it can be.
    for &item in order.iter().rev() {
        if above[item].len() < below[item].len() && !items[item].first {
            let lowest = below[item].iter().map(|lower| rank[*lower]).min().unwrap_or(0);
            rank[item] = rank[item].max(lowest.saturating_sub(2));
        }
    }
    let lowest = rank.iter().copied().max().unwrap_or(0);
    for item in (0..items.len()).filter(|item| items[*item].last && below[*item].is_empty()) {
        let shared = (0..items.len()).any(|other| other != item && rank[other] == lowest);
        rank[item] = if shared { lowest + 2 } else { lowest };
    }
    Ranks { rank, reversed }
}

/// The items in an order in which each comes before those that it leads to, and the links for which that cannot be.
fn depth_first(items: &[Item], links: &[Link], out: &[Vec<usize>]) -> (Vec<usize>, Vec<bool>) {
    const NEW: u8 = 0;
    const OPEN: u8 = 1;
    const DONE: u8 = 2;
    let mut reversed = vec![false; links.len()];
    let mut state = vec![NEW; items.len()];
    let mut done = Vec::with_capacity(items.len());
    let mut led_to = vec![false; items.len()];
    for link in links.iter().filter(|link| link.from != link.to) {
        led_to[link.to] = true;
    }
    let mut roots: Vec<usize> = (0..items.len()).collect();
    roots.sort_by_key(|item| (!items[*item].first, led_to[*item]));
    for root in roots {
        if state[root] != NEW {
            continue;
        }
        state[root] = OPEN;
        let mut path = vec![(root, 0)];
        while let Some((item, next)) = path.last_mut() {
            let Some(&link) = out[*item].get(*next) else {
                state[*item] = DONE;
                done.push(*item);
                path.pop();
                continue;
            };
            *next += 1;
            let to = links[link].to;
            match state[to] {
                NEW => {
                    state[to] = OPEN;
                    path.push((to, 0));
                }
                OPEN => reversed[link] = true,
                _ => {}
            }
        }
    }
    done.reverse();
    (done, reversed)
}
