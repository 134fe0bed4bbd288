//! Boxes of one container and the links between them, put into rows and columns.

use super::geometry::{Point, Rect, Segment};
use super::layers::{Layers, Standing};
use super::order;
use super::place::place;
use super::rank::ranks;
use super::route;

/// A box to be placed.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct Item {
    pub(super) width: f64,
    pub(super) height: f64,
    /// How much of its upper border is taken, from the right.
    pub(super) taken: f64,
    /// It wants to be at the top.
    pub(super) first: bool,
    /// It wants to be at the bottom.
    pub(super) last: bool,
}

/// A line between two boxes.
#[derive(Debug, Clone, Copy)]
pub(super) struct Link {
    pub(super) from: usize,
    pub(super) to: usize,
    /// How large its label is.
    pub(super) label: Option<Point>,
    /// How much a straight line is wanted.
    pub(super) weight: f64,
}

/// Where a line runs.
#[derive(Debug, Clone, Default, PartialEq)]
pub(super) struct Line {
    pub(super) start: Point,
    pub(super) segments: Vec<Segment>,
    /// The middle of its label.
    pub(super) label: Option<Point>,
}

/// Boxes and lines in their places, from the top left.
#[derive(Debug, Default)]
pub(super) struct Arranged {
    pub(super) size: Point,
    /// The upper left corner of each item.
    pub(super) items: Vec<Point>,
    pub(super) lines: Vec<Line>,
    /// How many lines cross, as counted between rows.
    pub(super) crossings: usize,
}

impl Line {
    fn moved(self, by: Point) -> Self {
        Self {
            start: self.start.moved(by),
            segments: self.segments.into_iter().map(|segment| segment.moved(by)).collect(),
            label: self.label.map(|label| label.moved(by)),
        }
    }
}

/// How far below the top of its row a box is at most.
const LOWER: f64 = 28.0;
/// Between parts that no line joins.
const BETWEEN: f64 = 32.0;

/// Puts boxes in their places. Parts that no line joins are beside each other, in rows if there are many.
pub(super) fn arrange(items: &[Item], links: &[Link]) -> Arranged {
    let parts = parts(items.len(), links);
    let mut arranged = Arranged {
        items: vec![Point::default(); items.len()],
        lines: vec![Line::default(); links.len()],
        ..Arranged::default()
    };
    let placed: Vec<(Part, Arranged)> = parts
        .into_iter()
        .map(|part| {
            let own: Vec<Item> = part.items.iter().map(|at| items[*at]).collect();
            let links: Vec<Link> = part.links.iter().map(|(_, link)| *link).collect();
            let placed = layered(&own, &links);
            (part, placed)
        })
        .collect();
    let sizes: Vec<Point> = placed.iter().map(|(_, placed)| placed.size).collect();
    let (corners, size) = shelves(&sizes);
    arranged.size = size;
    for ((part, placed), corner) in placed.into_iter().zip(corners) {
        for (at, place) in part.items.iter().zip(&placed.items) {
            arranged.items[*at] = place.moved(corner);
        }
        for ((at, _), line) in part.links.iter().zip(placed.lines) {
            arranged.lines[*at] = line.moved(corner);
        }
        arranged.crossings += placed.crossings;
    }
    arranged
}

/// Items and links that hang together.
#[derive(Default)]
struct Part {
    items: Vec<usize>,
    /// The links with their ends numbered within the part, and their own numbers.
    links: Vec<(usize, Link)>,
}

fn parts(count: usize, links: &[Link]) -> Vec<Part> {
    let mut parent: Vec<usize> = (0..count).collect();
    fn root(parent: &mut [usize], mut at: usize) -> usize {
        while parent[at] != at {
            parent[at] = parent[parent[at]];
            at = parent[at];
        }
        at
    }
    for link in links {
        let (a, b) = (root(&mut parent, link.from), root(&mut parent, link.to));
        parent[a.max(b)] = a.min(b);
    }
    let mut parts: Vec<Part> = Vec::new();
    let mut part_of = vec![usize::MAX; count];
    let mut number = vec![0; count];
    for at in 0..count {
        let root = root(&mut parent, at);
        if part_of[root] == usize::MAX {
            part_of[root] = parts.len();
            parts.push(Part::default());
        }
        part_of[at] = part_of[root];
        number[at] = parts[part_of[at]].items.len();
        parts[part_of[at]].items.push(at);
    }
    for (at, link) in links.iter().enumerate() {
        let own = Link { from: number[link.from], to: number[link.to], ..*link };
        parts[part_of[link.from]].links.push((at, own));
    }
    parts
}

/// Parts beside each other, in rows that are not much wider than all of it is high.
fn shelves(sizes: &[Point]) -> (Vec<Point>, Point) {
    let widest = sizes.iter().map(|size| size.x).fold(0.0, f64::max);
    let area: f64 = sizes.iter().map(|size| (size.x + BETWEEN) * (size.y + BETWEEN)).sum();
    let most = (area.sqrt() * 1.3).max(widest).max(720.0);
    let mut rows: Vec<(Vec<usize>, Point)> = Vec::new();
    for (at, size) in sizes.iter().enumerate() {
        match rows.last_mut() {
            Some((row, taken)) if taken.x + BETWEEN + size.x <= most => {
                row.push(at);
                *taken = Point { x: taken.x + BETWEEN + size.x, y: taken.y.max(size.y) };
            }
            _ => rows.push((vec![at], *size)),
        }
    }
    let width = rows.iter().map(|(_, size)| size.x).fold(0.0, f64::max);
    let mut corners = vec![Point::default(); sizes.len()];
    let mut y = 0.0;
    for (row, size) in &rows {
        let mut x = (width - size.x) / 2.0;
        for at in row {
            corners[*at] = Point { x, y };
            x += sizes[*at].x + BETWEEN;
        }
        y += size.y + BETWEEN;
    }
    (corners, Point { x: width, y: (y - BETWEEN).max(0.0) })
}

/// One part, in layers: [Sugiyama's method](https://en.wikipedia.org/wiki/Layered_graph_drawing).
fn layered(items: &[Item], links: &[Link]) -> Arranged {
    let ranks = ranks(items, links);
    let widened = route::with_room_for_loops(items, links);
    let mut layers = Layers::new(&widened, links, &ranks);
    order::order(&mut layers);
    let x = place(&layers);
    let rows = route::rows(&layers, &x);
    let mut arranged = Arranged { crossings: order::count(&layers), ..Arranged::default() };
    let mut boxes = vec![Rect::default(); items.len()];
    for (vertex, standing) in layers.vertices.iter().enumerate() {
        if let Standing::Item(at) = standing.standing {
            let Item { width, height, .. } = items[at];
            let row = rows[layers.row_of[vertex]];
            // In a row with something far higher, near the top.
            let room = widened[at].height;
            let below = ((row.bottom - row.top - room) / 2.0).min(LOWER) + (room - height) / 2.0;
            let (x, y) = (x[vertex] - width / 2.0, row.top + below);
            boxes[at] = Rect { x, y, width, height };
        }
    }
    let taken: Vec<f64> = items.iter().map(|item| item.taken).collect();
    let places = route::Places { x: &x, rows: &rows, boxes: &boxes, taken: &taken };
    arranged.lines = route::lines(&layers, links, &ranks, &places);
    arranged.items = boxes.iter().map(|rect| Point { x: rect.x, y: rect.y }).collect();
    shift(&mut arranged, &boxes, links);
    arranged
}

/// Moves everything so that nothing is left of or above the origin, and measures it.
fn shift(arranged: &mut Arranged, boxes: &[Rect], links: &[Link]) {
    let mut low = Point { x: f64::INFINITY, y: f64::INFINITY };
    let mut high = Point { x: f64::NEG_INFINITY, y: f64::NEG_INFINITY };
    let mut take = |x: f64, y: f64| {
        low = Point { x: low.x.min(x), y: low.y.min(y) };
        high = Point { x: high.x.max(x), y: high.y.max(y) };
    };
    for rect in boxes {
        take(rect.x, rect.y);
        take(rect.right(), rect.bottom());
    }
    for (line, link) in arranged.lines.iter().zip(links) {
        if let (Some(middle), Some(size)) = (line.label, link.label) {
            take(middle.x - size.x / 2.0, middle.y - size.y / 2.0);
            take(middle.x + size.x / 2.0, middle.y + size.y / 2.0);
        }
        for segment in &line.segments {
            take(segment.end().x, segment.end().y);
        }
    }
    if low.x.is_finite() {
        let by = Point { x: -low.x, y: -low.y };
        arranged.items.iter_mut().for_each(|item| *item = item.moved(by));
        arranged.lines = std::mem::take(&mut arranged.lines).into_iter().map(|line| line.moved(by)).collect();
        arranged.size = high.moved(by);
    }
}
