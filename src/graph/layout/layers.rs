//! A graph in rows, where every line leads from one row to the next.

use super::arrange::{Item, Link};
use super::rank::Ranks;

/// What stands in a row.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) enum Standing {
    /// An item.
    Item(usize),
    /// The label of a link.
    Label(usize),
    /// A link passes here.
    Bend,
}

/// Something that takes room in a row.
#[derive(Debug, Clone, Copy)]
pub(super) struct Vertex {
    pub(super) standing: Standing,
    pub(super) width: f64,
    pub(super) height: f64,
}

/// A vertex in the next row.
#[derive(Debug, Clone, Copy)]
pub(super) struct Neighbour {
    pub(super) vertex: usize,
    /// How much a straight line to it is wanted.
    pub(super) weight: f64,
}

/// A graph in rows.
#[derive(Debug, Default)]
pub(super) struct Layers {
    pub(super) vertices: Vec<Vertex>,
    pub(super) row_of: Vec<usize>,
    /// The vertices of each row from left to right.
    pub(super) rows: Vec<Vec<usize>>,
    pub(super) up: Vec<Vec<Neighbour>>,
    pub(super) down: Vec<Vec<Neighbour>>,
    /// Each link from its upper to its lower end; a link that leads around the outside only has its label, if any.
    pub(super) chains: Vec<Chain>,
    /// How many of the vertices are items: the first ones.
    items: usize,
}

/// The way of a link.
#[derive(Debug, Clone, Default)]
pub(super) struct Chain {
    /// From its upper item to its lower one; empty if it leads from an item to itself.
    pub(super) vertices: Vec<usize>,
    /// It is too long to pass between the others: it leads around the outside. Its vertices are the ends, and its label.
    pub(super) outside: bool,
}

/// How many bends there may be beside four a link. More would take more time than a picture is worth.
const BENDS: usize = 40_000;

impl Layers {
    /// Items in rows, with labels in rows of their own, and a bend in each row that a link passes.
    pub(super) fn new(items: &[Item], links: &[Link], ranks: &Ranks) -> Self {
        let rows = Rows::new(links, ranks);
        let mut layers = Self { rows: vec![Vec::new(); rows.count], items: items.len(), ..Self::default() };
        for (at, item) in items.iter().enumerate() {
            layers.add(Standing::Item(at), item.width, item.height, rows.of[ranks.rank[at]]);
        }
        let outside = outside(links, ranks, &rows);
        for (at, link) in links.iter().enumerate() {
            let chain = match link.from == link.to {
                true => Chain::default(),
                false => layers.chain(at, link, ranks, &rows, outside[at]),
            };
            layers.chains.push(chain);
        }
        layers.first_order(items, ranks);
        layers
    }

    fn add(&mut self, standing: Standing, width: f64, height: f64, row: usize) -> usize {
        self.vertices.push(Vertex { standing, width, height });
        self.row_of.push(row);
        self.up.push(Vec::new());
        self.down.push(Vec::new());
        self.vertices.len() - 1
    }

    fn chain(&mut self, at: usize, link: &Link, ranks: &Ranks, rows: &Rows, outside: bool) -> Chain {
        let (upper, lower) = if ranks.reversed[at] { (link.to, link.from) } else { (link.from, link.to) };
        let (top, bottom) = (rows.of[ranks.rank[upper]], rows.of[ranks.rank[lower]]);
        let label_row = link.label.map(|_| rows.of[label_rank(link, ranks, at)]);
        let mut vertices = vec![upper];
        for row in top + 1..bottom {
            match link.label.filter(|_| label_row == Some(row)) {
                Some(size) => vertices.push(self.add(Standing::Label(at), size.x, size.y, row)),
                None if !outside => vertices.push(self.add(Standing::Bend, 0.0, 0.0, row)),
                None => {}
            }
        }
        vertices.push(lower);
        for pair in vertices.windows(2) {
            let &[above, below] = pair else { continue };
            if self.row_of[above] + 1 != self.row_of[below] {
                continue;
            }
            let inner = usize::from(above >= self.items) + usize::from(below >= self.items);
            // A label is in line with where its link leads rather than with where it begins, and what leads on matters
            // more than what leads back.
            let near = if ranks.reversed[at] { below } else { above };
            let weight = match inner {
                2 => 8.0,
                1 if ranks.reversed[at] || (link.label.is_some() && near < self.items) => 0.5,
                _ => 1.0,
            };
            let weight = link.weight * weight;
            self.down[above].push(Neighbour { vertex: below, weight });
            self.up[below].push(Neighbour { vertex: above, weight });
        }
        Chain { vertices, outside }
    }

    /// Vertices in their rows, in the order in which one comes to them from the top, the links in the order of the text.
    fn first_order(&mut self, items: &[Item], ranks: &Ranks) {
        let mut seen = vec![false; self.vertices.len()];
        let mut roots: Vec<usize> = (0..items.len()).collect();
        roots.sort_by_key(|item| (ranks.rank[*item], !items[*item].first));
        for root in roots.into_iter().chain(items.len()..self.vertices.len()) {
            let mut waiting = vec![root];
            while let Some(vertex) = waiting.pop() {
                if std::mem::replace(&mut seen[vertex], true) {
                    continue;
                }
                self.rows[self.row_of[vertex]].push(vertex);
                waiting.extend(self.down[vertex].iter().rev().map(|link| link.vertex));
            }
        }
    }
}

/// Which rank is which row: ranks between items are rows only where there are labels.
struct Rows {
    of: Vec<usize>,
    count: usize,
}

impl Rows {
    fn new(links: &[Link], ranks: &Ranks) -> Self {
        let lowest = ranks.rank.iter().copied().max().unwrap_or(0);
        let mut used: Vec<bool> = (0..=lowest).map(|rank| rank % 2 == 0).collect();
        for (at, link) in links.iter().enumerate() {
            if link.label.is_some() && link.from != link.to {
                used[label_rank(link, ranks, at)] = true;
            }
        }
        let mut of = Vec::with_capacity(used.len());
        let mut count = 0;
        for used in used {
            of.push(count);
            count += usize::from(used);
        }
        Self { of, count }
    }
}

/// A label is next to where its link begins.
fn label_rank(link: &Link, ranks: &Ranks, at: usize) -> usize {
    if ranks.reversed[at] { ranks.rank[link.from] - 1 } else { ranks.rank[link.from] + 1 }
}

/// The links that lead around the outside, since there would be too many bends: the longest.
fn outside(links: &[Link], ranks: &Ranks, rows: &Rows) -> Vec<bool> {
    let span = |link: &Link| rows.of[ranks.rank[link.from]].abs_diff(rows.of[ranks.rank[link.to]]).saturating_sub(1);
    let mut order: Vec<usize> = (0..links.len()).collect();
    order.sort_by_key(|at| span(&links[*at]));
    let mut left = BENDS + 4 * links.len();
    let mut outside = vec![false; links.len()];
    for at in order {
        let span = span(&links[at]);
        match left.checked_sub(span) {
            Some(rest) => left = rest,
            None => outside[at] = true,
        }
    }
    outside
}
