//! How the lines run: straight down through a row, in a curve from row to row, so that they meet boxes only at their ends.

use super::arrange::{Item, Line, Link};
use super::geometry::{Point, Rect, Segment};
use super::layers::{Layers, Standing};
use super::rank::Ranks;

/// The upper and the lower side of a row.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct Row {
    pub(super) top: f64,
    pub(super) bottom: f64,
}

/// Where the boxes and the turns of the lines are.
pub(super) struct Places<'a> {
    pub(super) x: &'a [f64],
    pub(super) rows: &'a [Row],
    pub(super) boxes: &'a [Rect],
    /// How much of each box's upper border is taken, from the right.
    pub(super) taken: &'a [f64],
}

/// The room beside a box for a line from it to itself, without its label.
const LOOP: f64 = 26.0;
/// Between two lines at a box's side.
const PORTS: f64 = 20.0;
/// Between lines that lead around the outside.
const LANES: f64 = 10.0;
/// How many of those have a lane of their own.
const MOST_LANES: usize = 24;

/// Items that lead to themselves are as wide and as high as they need to be with those lines and their labels.
pub(super) fn with_room_for_loops(items: &[Item], links: &[Link]) -> Vec<Item> {
    let mut widened = items.to_vec();
    let mut heights = vec![0.0; items.len()];
    for link in links.iter().filter(|link| link.from == link.to) {
        let label = link.label.map_or(0.0, |size| size.x + 4.0);
        heights[link.from] += loop_height(link);
        let item = &mut widened[link.from];
        item.width = item.width.max(items[link.from].width + 2.0 * (LOOP + label));
        item.height = item.height.max(heights[link.from]);
    }
    widened
}

/// How much of a box's side a line to itself takes.
fn loop_height(link: &Link) -> f64 {
    link.label.map_or(0.0, |size| size.y + 4.0).max(26.0)
}

/// The rows below each other, with more room between them where lines go far to the side.
pub(super) fn rows(layers: &Layers, x: &[f64]) -> Vec<Row> {
    let mut rows = Vec::with_capacity(layers.rows.len());
    let mut top = 0.0;
    for row in &layers.rows {
        let height = row.iter().map(|vertex| layers.vertices[*vertex].height).fold(0.0, f64::max);
        rows.push(Row { top, bottom: top + height });
        let mut farthest = 0.0_f64;
        for vertex in row {
            let sideways = layers.down[*vertex].iter().map(|link| (x[link.vertex] - x[*vertex]).abs());
            farthest = sideways.fold(farthest, f64::max);
        }
        let has_labels = |row: &[usize]| row.iter().any(|v| matches!(layers.vertices[*v].standing, Standing::Label(_)));
        let next_has_labels = layers.rows.get(rows.len()).is_some_and(|next| has_labels(next));
        let least = if next_has_labels || has_labels(row) { 20.0 } else { 38.0 };
        top += height + (farthest * 0.17).clamp(least, 84.0);
    }
    rows
}

/// Where each link touches its two boxes.
struct Ports {
    upper: Vec<f64>,
    lower: Vec<f64>,
}

/// An end of a link at a side of a box.
#[derive(Clone, Copy)]
struct Touch {
    link: usize,
    /// Where it comes from.
    x: f64,
    /// Whether that is no box, so that the line can run straight.
    free: bool,
}

/// Spreads the ends of links along the sides of boxes, in the order of where they come from.
fn ports(layers: &Layers, places: &Places<'_>, tops: &[f64]) -> Ports {
    let mut below: Vec<Vec<Touch>> = vec![Vec::new(); places.boxes.len()];
    let mut above: Vec<Vec<Touch>> = vec![Vec::new(); places.boxes.len()];
    let touch = |link: usize, vertex: usize| {
        let free = !matches!(layers.vertices[vertex].standing, Standing::Item(_));
        Touch { link, x: places.x[vertex], free }
    };
    for (at, chain) in layers.chains.iter().enumerate() {
        let [upper, second, ..] = chain.vertices[..] else { continue };
        let [.., before, lower] = chain.vertices[..] else { continue };
        below[upper].push(touch(at, second));
        above[lower].push(touch(at, before));
    }
    let mut ports = Ports { upper: vec![0.0; layers.chains.len()], lower: vec![0.0; layers.chains.len()] };
    for (item, touches) in below.into_iter().enumerate() {
        spread(places.boxes[item], 0.0, touches, &mut ports.upper);
    }
    for (item, touches) in above.into_iter().enumerate() {
        spread(places.boxes[item], tops[item], touches, &mut ports.lower);
    }
    ports
}

/// Gives each end its place on a side: straight on where that can be, else around the middle.
fn spread(rect: Rect, taken: f64, mut touches: Vec<Touch>, found: &mut [f64]) {
    touches.sort_by(|a, b| a.x.total_cmp(&b.x));
    let (low, high) = (rect.x + 16.0, (rect.right() - taken - 16.0).max(rect.centre().x));
    let count = touches.len() as f64;
    let step = ((high - low) / (count - 1.0).max(1.0)).min(PORTS);
    let middle = (count - 1.0) / 2.0;
    let straight = |touch: &Touch| {
        let below = (touch.x - rect.centre().x).abs() < 1.0;
        (below || (touch.free && (low..=high).contains(&touch.x))).then_some(touch.x)
    };
    let anchors: Vec<(usize, f64)> =
        touches.iter().enumerate().filter_map(|(at, touch)| Some((at, straight(touch)?))).collect();
    let wish = |at: usize| match anchors.iter().min_by_key(|(anchor, _)| anchor.abs_diff(at)) {
        Some((anchor, x)) => x + (at as f64 - *anchor as f64) * step,
        None => rect.centre().x + (at as f64 - middle) * step,
    };
    let mut places: Vec<f64> = (0..touches.len()).map(wish).collect();
    // Apart from each other: from the left, and then back from the right border.
    let mut least = low;
    for place in &mut places {
        *place = place.max(least);
        least = *place + step;
    }
    let mut most = high;
    for place in places.iter_mut().rev() {
        *place = place.min(most);
        most = *place - step;
    }
    touches.iter().zip(places).for_each(|(touch, place)| found[touch.link] = place);
}

/// The way of every link, from where it begins to where its arrow is.
pub(super) fn lines(layers: &Layers, links: &[Link], ranks: &Ranks, places: &Places<'_>) -> Vec<Line> {
    let ports = ports(layers, places, places.taken);
    let right = places.boxes.iter().map(Rect::right).fold(f64::NEG_INFINITY, f64::max);
    let right = layers.vertices.iter().zip(places.x).map(|(v, x)| x + v.width / 2.0).fold(right, f64::max);
    let mut loops = Loops::new(links, places);
    let mut lanes = 0;
    let mut lines = Vec::with_capacity(links.len());
    for (at, (chain, link)) in layers.chains.iter().zip(links).enumerate() {
        let line = if chain.vertices.is_empty() {
            loops.draw(link, places)
        } else {
            let lane = chain.outside.then(|| {
                lanes += 1;
                right + 16.0 + LANES * ((lanes - 1) % MOST_LANES) as f64
            });
            let points = passes(layers, &chain.vertices, (ports.upper[at], ports.lower[at]), places);
            let mut line = drawn(&points, lane, places);
            line.label = chain.vertices.iter().find_map(|vertex| label(layers, *vertex, places));
            if ranks.reversed[at] { turned(line) } else { line }
        };
        lines.push(line);
    }
    lines
}

/// The middle of a label.
fn label(layers: &Layers, vertex: usize, places: &Places<'_>) -> Option<Point> {
    let row = places.rows[layers.row_of[vertex]];
    let is_label = matches!(layers.vertices[vertex].standing, Standing::Label(_));
    is_label.then_some(Point { x: places.x[vertex], y: (row.top + row.bottom) / 2.0 })
}

/// Where a line runs straight down: the side, and from where to where.
#[derive(Clone, Copy)]
struct Pass {
    x: f64,
    row: usize,
    top: f64,
    bottom: f64,
}

fn passes(layers: &Layers, chain: &[usize], ports: (f64, f64), places: &Places<'_>) -> Vec<Pass> {
    let last = chain.len() - 1;
    let pass = |(at, vertex): (usize, &usize)| {
        let row = layers.row_of[*vertex];
        let Row { top, bottom } = places.rows[row];
        match at {
            0 => Pass { x: ports.0, row, top: places.boxes[*vertex].bottom(), bottom },
            _ if at == last => Pass { x: ports.1, row, top, bottom: places.boxes[*vertex].y },
            _ => Pass { x: places.x[*vertex], row, top, bottom },
        }
    };
    chain.iter().enumerate().map(pass).collect()
}

/// A line through its passes, from the top down; where a row is left out, by the lane.
fn drawn(passes: &[Pass], lane: Option<f64>, places: &Places<'_>) -> Line {
    let Some(first) = passes.first() else { return Line::default() };
    let start = Point { x: first.x, y: first.top };
    let mut pen = Pen { at: start, segments: Vec::new() };
    pen.line(Point { x: first.x, y: first.bottom });
    for pair in passes.windows(2) {
        let &[above, below] = pair else { continue };
        match lane.filter(|_| above.row + 1 != below.row) {
            Some(lane) => pen.around(above, below, lane, places),
            None => pen.curve(Point { x: below.x, y: below.top }),
        }
        pen.line(Point { x: below.x, y: below.bottom });
    }
    Line { start, segments: pen.segments, label: None }
}

struct Pen {
    at: Point,
    segments: Vec<Segment>,
}

impl Pen {
    fn line(&mut self, to: Point) {
        if (to.x - self.at.x).abs() + (to.y - self.at.y).abs() < 0.05 {
            return;
        }
        // One line instead of two that go the same way.
        if let Some(Segment::Line(end)) = self.segments.last_mut()
            && (end.x - to.x).abs() < 0.05
        {
            *end = to;
        } else {
            self.segments.push(Segment::Line(to));
        }
        self.at = to;
    }

    /// To a point below, leaving and arriving straight down.
    fn curve(&mut self, to: Point) {
        let from = self.at;
        if (to.x - from.x).abs() < 0.5 {
            return self.line(to);
        }
        let half = (to.y - from.y) / 2.0;
        let (a, b) = (Point { x: from.x, y: from.y + half }, Point { x: to.x, y: to.y - half });
        self.segments.push(Segment::Curve(a, b, to));
        self.at = to;
    }

    /// Out to a lane, along it, and back, between the rows.
    fn around(&mut self, above: Pass, below: Pass, lane: f64, places: &Places<'_>) {
        let next = places.rows.get(above.row + 1).map_or(above.bottom, |row| row.top);
        let before = below.row.checked_sub(1).and_then(|row| places.rows.get(row)).map_or(below.top, |row| row.bottom);
        let (out, back) = ((above.bottom + next) / 2.0, (before + below.top) / 2.0);
        for to in [(above.x, out), (lane, out), (lane, back), (below.x, back), (below.x, below.top)] {
            self.line(Point { x: to.0, y: to.1 });
        }
    }
}

/// Lines from boxes to themselves, below each other on the right.
struct Loops {
    /// Where the next one of each box begins.
    next: Vec<f64>,
}

impl Loops {
    fn new(links: &[Link], places: &Places<'_>) -> Self {
        let mut heights = vec![0.0; places.boxes.len()];
        links.iter().filter(|link| link.from == link.to).for_each(|link| heights[link.from] += loop_height(link));
        let next = places.boxes.iter().zip(heights).map(|(rect, height)| rect.centre().y - height / 2.0);
        Self { next: next.collect() }
    }

    fn draw(&mut self, link: &Link, places: &Places<'_>) -> Line {
        let rect = places.boxes[link.from];
        let height = loop_height(link);
        let y = self.next[link.from] + height / 2.0;
        self.next[link.from] += height;
        let (x, out) = (rect.right(), rect.right() + LOOP);
        // Where the box is lower than its labels, the lines are closer at it.
        let side = |y: f64| y.clamp(rect.y + 8.0, rect.bottom() - 8.0);
        let (top, bottom) = (Point { x, y: side(y - 9.0) }, Point { x, y: side(y + 9.0) });
        let curve = Segment::Curve(Point { x: out, y: y - 14.0 }, Point { x: out, y: y + 14.0 }, bottom);
        let label = link.label.map(|size| Point { x: out + size.x / 2.0, y });
        Line { start: top, segments: vec![curve], label }
    }
}

/// The same line from its other end.
fn turned(line: Line) -> Line {
    let mut starts = vec![line.start];
    starts.extend(line.segments.iter().map(|segment| segment.end()));
    let segments = line.segments.iter().zip(&starts).rev().map(|(segment, start)| match segment {
        Segment::Line(_) => Segment::Line(*start),
        Segment::Curve(a, b, _) => Segment::Curve(*b, *a, *start),
    });
    Line { start: starts.last().copied().unwrap_or(line.start), segments: segments.collect(), label: line.label }
}
