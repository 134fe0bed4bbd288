//! A place for everything in a diagram: boxes in rows with arrows downwards, labels in rows of their own between them,
//! containers from the inside out.
//!
//! Written here rather than taken: the layered layouts that crates.io has place boxes, but neither labels nor lines, or draw
//! in time that grows with the square of the graph. This one takes time about linear in the picture's size.

mod align;
mod arrange;
mod boxes;
mod geometry;
mod layers;
mod order;
mod place;
mod rank;
mod route;
mod text;

use super::diagram::{ContainerId, Diagram, Edge, EdgeKind, NodeId, NodeKind, Vertex};
use arrange::{Arranged, Item, Link, arrange};

pub use boxes::{Placed, TextLine};
pub use geometry::{Point, Rect, Segment};
pub use text::Font;

/// A diagram with everything in its place.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Layout {
    /// How wide it is, in pixels.
    pub width: f64,
    /// How high it is.
    pub height: f64,
    /// The nodes, as the diagram numbers them.
    pub nodes: Vec<Placed>,
    /// The containers, as the diagram numbers them.
    pub containers: Vec<Placed>,
    /// The edges, as the diagram numbers them; `None` where there is nothing to draw, as from a container to what is in it.
    pub edges: Vec<Option<Path>>,
    /// What the signs mean, below everything.
    pub legend: Vec<TextLine>,
    /// How many lines cross between rows.
    pub crossings: usize,
}

/// Where an edge runs.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Path {
    /// Where it begins.
    pub start: Point,
    /// How it goes on; the last ends at the tip of the arrow.
    pub segments: Vec<Segment>,
    /// The box of its label, and the label's lines.
    pub label: Option<(Rect, Vec<TextLine>)>,
}

/// The space around the whole picture.
const MARGIN: f64 = 20.0;

/// What one container, or the picture itself, holds directly.
#[derive(Default)]
struct Group {
    members: Vec<Vertex>,
    /// The edges between its members, with their ends as positions among them.
    links: Vec<(usize, usize, usize)>,
}

/// Gives everything in a diagram its place.
pub fn layout(diagram: &Diagram) -> Layout {
    let count = diagram.containers().len();
    let mut groups = groups(diagram);
    let labels: Vec<_> = diagram.edges().iter().map(|edge| shown_label(edge, diagram.painted)).collect();
    let labels: Vec<_> = labels.iter().map(|label| label.as_deref().map(boxes::edge_label)).collect();
    let nodes = diagram.nodes().iter().map(|node| boxes::node(node, diagram.painted)).collect();
    let mut all = Layout { nodes, containers: vec![Placed::default(); count], ..Layout::default() };
    all.edges = vec![None; diagram.edges().len()];
    // Those inside come after those around them, so from the end on every box is there when it is needed.
    let mut contents: Vec<(Arranged, Point)> = Vec::with_capacity(count);
    for at in (0..count).rev() {
        let inner = arrange_group(diagram, &groups[at], &all, &labels);
        let (placed, corner) = boxes::container(&diagram.containers()[at], inner.size, diagram.painted);
        all.containers[at] = placed;
        all.crossings += inner.crossings;
        contents.push((inner, corner));
    }
    contents.reverse();
    let whole = groups.pop().unwrap_or_default();
    let top = arrange_group(diagram, &whole, &all, &labels);
    all.crossings += top.crossings;
    all.width = (top.size.x + 2.0 * MARGIN).ceil();
    all.height = (top.size.y + 2.0 * MARGIN).ceil();
    put(&mut all, &whole, top, Point { x: MARGIN, y: MARGIN }, &labels);
    for (at, ((inner, corner), group)) in contents.into_iter().zip(groups).enumerate() {
        let rect = all.containers[at].rect;
        put(&mut all, &group, inner, Point { x: rect.x, y: rect.y }.moved(corner), &labels);
    }
    add_legend(&mut all, &diagram.legend());
    all
}

/// The least width of a legend, below a picture that is narrower.
const LEGEND: f64 = 240.0;

/// Puts the legend below the picture, which becomes as much higher.
fn add_legend(all: &mut Layout, texts: &[&str]) {
    if texts.is_empty() {
        return;
    }
    let top = all.height - MARGIN / 2.0;
    let (lines, end) = boxes::legend(texts, (all.width - 2.0 * MARGIN).max(LEGEND), Point { x: MARGIN, y: top });
    let right = lines.iter().map(|line| line.rect().right()).fold(0.0, f64::max);
    all.width = all.width.max((right + MARGIN).ceil());
    all.height = (end + MARGIN).ceil();
    all.legend = lines;
}

/// An edge's label, with how often it was passed.
fn shown_label(edge: &Edge, painted: bool) -> Option<String> {
    let count = Some(edge.tally.count).filter(|count| painted && *count > 0).map(|count| format!("{count}×"));
    match (&edge.label, count) {
        (Some(label), Some(count)) => Some(format!("{label}\n{count}")),
        (Some(label), None) => Some(label.clone()),
        (None, count) => count,
    }
    .filter(|label| !label.trim().is_empty())
}

/// What each container holds, and at the end what the picture holds itself.
fn groups(diagram: &Diagram) -> Vec<Group> {
    let count = diagram.containers().len();
    let mut groups: Vec<Group> = (0..=count).map(|_| Group::default()).collect();
    let place = |parent: Option<ContainerId>| parent.map_or(count, |ContainerId(at)| at.min(count));
    let mut position = (vec![0; diagram.nodes().len()], vec![0; count]);
    for vertex in diagram.vertices() {
        let members = &mut groups[place(diagram.parent(*vertex))].members;
        match vertex {
            Vertex::Node(NodeId(at)) => position.0[*at] = members.len(),
            Vertex::Container(ContainerId(at)) => position.1[*at] = members.len(),
        }
        members.push(*vertex);
    }
    let of = |vertex: Vertex| match vertex {
        Vertex::Node(NodeId(at)) => position.0.get(at).copied(),
        Vertex::Container(ContainerId(at)) => position.1.get(at).copied(),
    };
    for (at, edge) in diagram.edges().iter().enumerate() {
        if let Some((from, to)) = lifted(diagram, edge)
            && let (Some(a), Some(b)) = (of(from), of(to))
        {
            groups[place(diagram.parent(from))].links.push((at, a, b));
        }
    }
    groups
}

/// The boxes that an edge is drawn between: those around its ends that are in one container.
fn lifted(diagram: &Diagram, edge: &Edge) -> Option<(Vertex, Vertex)> {
    if edge.from == edge.to {
        return Some((edge.from, edge.to));
    }
    let around = |vertex: Vertex| {
        let parent = |inner: &Vertex| diagram.parent(*inner).map(Vertex::Container);
        let mut path: Vec<Vertex> = std::iter::successors(Some(vertex), parent).collect();
        path.reverse();
        path
    };
    let (from, to) = (around(edge.from), around(edge.to));
    from.into_iter().zip(to).find(|(from, to)| from != to)
}

type Label = Option<(Rect, Vec<TextLine>)>;

fn arrange_group(diagram: &Diagram, group: &Group, all: &Layout, labels: &[Label]) -> Arranged {
    let item = |vertex: &Vertex| {
        let (placed, kind) = match vertex {
            Vertex::Node(NodeId(at)) => (&all.nodes[*at], diagram.nodes()[*at].kind),
            Vertex::Container(ContainerId(at)) => (&all.containers[*at], NodeKind::Other),
        };
        let Rect { width, height, .. } = placed.rect;
        let taken = placed.badges.first().map_or(0.0, |(first, _)| placed.rect.right() - first.x);
        Item { width, height, taken, first: kind == NodeKind::Start, last: kind == NodeKind::End }
    };
    let items: Vec<Item> = group.members.iter().map(item).collect();
    let link = |(at, from, to): &(usize, usize, usize)| {
        let label = labels[*at].as_ref().map(|(rect, _)| Point { x: rect.width, y: rect.height });
        Link { from: *from, to: *to, label, weight: weight(diagram.edges()[*at].kind) }
    };
    let links: Vec<Link> = group.links.iter().map(link).collect();
    arrange(&items, &links)
}

/// How much an edge of a kind is to run straight.
fn weight(kind: EdgeKind) -> f64 {
    match kind {
        EdgeKind::Next | EdgeKind::Event => 4.0,
        EdgeKind::Choice | EdgeKind::Default | EdgeKind::Call => 2.0,
        _ => 1.0,
    }
}

/// Takes over what was arranged, at its place.
fn put(all: &mut Layout, group: &Group, arranged: Arranged, corner: Point, labels: &[Label]) {
    for (vertex, place) in group.members.iter().zip(arranged.items) {
        let placed = match vertex {
            Vertex::Node(NodeId(at)) => &mut all.nodes[*at],
            Vertex::Container(ContainerId(at)) => &mut all.containers[*at],
        };
        *placed = std::mem::take(placed).moved(place.moved(corner));
    }
    for ((at, ..), line) in group.links.iter().zip(arranged.lines) {
        let middle = line.label.map(|middle| middle.moved(corner));
        let label = middle.zip(labels[*at].clone()).map(|(middle, (rect, lines))| {
            let lines = lines.into_iter().map(|line| TextLine { at: line.at.moved(middle), ..line }).collect();
            (rect.moved(middle), lines)
        });
        let segments = line.segments.into_iter().map(|segment| segment.moved(corner)).collect();
        all.edges[*at] = Some(Path { start: line.start.moved(corner), segments, label });
    }
}
