//! What a layout must not do, looked for on its own rectangles and lines.
#![allow(dead_code, reason = "each test file uses its own part of this")]

use bucketbook::graph::{Diagram, Layout, Placed, Point, Rect, Segment, Vertex};

/// What is wrong with a layout, in words.
#[derive(Debug, Default)]
pub(crate) struct Faults {
    /// Boxes over boxes that are not around them, or outside those that are.
    pub(crate) boxes: Vec<String>,
    /// Texts that do not fit, or that something stands on.
    pub(crate) texts: Vec<String>,
    /// Labels of edges over boxes or over each other.
    pub(crate) labels: Vec<String>,
    /// Edges through boxes that are not their ends, nor around them.
    pub(crate) edges: Vec<String>,
}

impl Faults {
    pub(crate) fn none(&self) -> bool {
        self.boxes.is_empty() && self.texts.is_empty() && self.labels.is_empty() && self.edges.is_empty()
    }
}

/// A box with what is around it.
struct Boxed<'a> {
    name: String,
    vertex: Vertex,
    placed: &'a Placed,
    around: Vec<Vertex>,
}

pub(crate) fn faults(diagram: &Diagram, layout: &Layout) -> Faults {
    let boxes = boxes(diagram, layout);
    let picture = Rect { x: 0.0, y: 0.0, width: layout.width, height: layout.height };
    let mut faults = Faults::default();
    for (at, one) in boxes.iter().enumerate() {
        if !picture.holds(&one.placed.rect) {
            faults.boxes.push(format!("{} is not in the picture", one.name));
        }
        for other in &boxes[at + 1..] {
            let (a, b) = (&one.placed.rect, &other.placed.rect);
            let fine = if other.around.contains(&one.vertex) {
                a.holds(b)
            } else if one.around.contains(&other.vertex) {
                b.holds(a)
            } else {
                !a.overlaps(b)
            };
            if !fine {
                faults.boxes.push(format!("{} and {}", one.name, other.name));
            }
        }
        texts(one, &mut faults.texts);
    }
    legend(layout, &boxes, picture, &mut faults.texts);
    labels(diagram, layout, &boxes, &mut faults.labels);
    edges(diagram, layout, &boxes, &mut faults.edges);
    faults
}

fn boxes<'a>(diagram: &Diagram, layout: &'a Layout) -> Vec<Boxed<'a>> {
    let around = |vertex: Vertex| {
        let parent = |vertex: &Vertex| diagram.parent(*vertex).map(Vertex::Container);
        std::iter::successors(Some(vertex), parent).skip(1).collect()
    };
    let (mut nodes, mut containers) = (0, 0);
    let boxed = |vertex: &Vertex| match vertex {
        Vertex::Node(_) => {
            nodes += 1;
            let (node, placed) = (&diagram.nodes()[nodes - 1], &layout.nodes[nodes - 1]);
            Boxed { name: node.label.clone(), vertex: *vertex, placed, around: around(*vertex) }
        }
        Vertex::Container(_) => {
            containers += 1;
            let (container, placed) = (&diagram.containers()[containers - 1], &layout.containers[containers - 1]);
            Boxed { name: container.label.clone(), vertex: *vertex, placed, around: around(*vertex) }
        }
    };
    diagram.vertices().iter().map(boxed).collect()
}

fn texts(one: &Boxed<'_>, faults: &mut Vec<String>) {
    let placed = one.placed;
    let mut lines: Vec<Rect> = Vec::new();
    for line in placed.label.iter().chain(&placed.detail) {
        let rect = line.rect();
        if !placed.rect.holds(&rect) {
            faults.push(format!("`{}` in {}", line.text, one.name));
        }
        if lines.iter().any(|other| other.overlaps(&Rect { y: rect.y + 1.5, height: rect.height - 3.0, ..rect })) {
            faults.push(format!("`{}` on another line of {}", line.text, one.name));
        }
        lines.push(rect);
    }
    if let Some(icon) = placed.icon
        && (!placed.rect.holds(&icon) || lines.iter().any(|line| line.overlaps(&icon)))
    {
        faults.push(format!("the icon of {}", one.name));
    }
    for (rect, line) in placed.badges.iter().chain(&placed.tally) {
        let covers = lines.iter().any(|line| line.overlaps(&Rect { height: rect.height - 1.0, ..*rect }));
        if !rect.holds(&line.rect()) || covers {
            faults.push(format!("the badge `{}` of {}", line.text, one.name));
        }
    }
}

/// The legend is in the picture, below everything.
fn legend(layout: &Layout, boxes: &[Boxed<'_>], picture: Rect, faults: &mut Vec<String>) {
    for line in &layout.legend {
        let rect = line.rect();
        if !picture.holds(&rect) || boxes.iter().any(|one| one.placed.rect.overlaps(&rect)) {
            faults.push(format!("`{}` of the legend", line.text));
        }
        let labels = layout.edges.iter().flatten().filter_map(|path| path.label.as_ref());
        if labels.into_iter().any(|(label, _)| label.overlaps(&rect)) {
            faults.push(format!("`{}` of the legend, on a label", line.text));
        }
    }
}

fn labels(diagram: &Diagram, layout: &Layout, boxes: &[Boxed<'_>], faults: &mut Vec<String>) {
    let mut seen: Vec<(&Rect, &str)> = Vec::new();
    for (edge, path) in diagram.edges().iter().zip(&layout.edges) {
        let Some((rect, lines)) = path.as_ref().and_then(|path| path.label.as_ref()) else { continue };
        let text = edge.label.as_deref().unwrap_or("a count");
        if lines.iter().any(|line| !rect.holds(&line.rect())) {
            faults.push(format!("`{text}` does not fit its box"));
        }
        for one in boxes {
            let is_around =
                boxes.iter().any(|end| [edge.from, edge.to].contains(&end.vertex) && end.around.contains(&one.vertex));
            let fine = if is_around { one.placed.rect.holds(rect) } else { !one.placed.rect.overlaps(rect) };
            if !fine {
                faults.push(format!("`{text}` and {}", one.name));
            }
        }
        if let Some((_, other)) = seen.iter().find(|(other, _)| other.overlaps(rect)) {
            faults.push(format!("`{text}` and `{other}`"));
        }
        seen.push((rect, text));
    }
}

fn edges(diagram: &Diagram, layout: &Layout, boxes: &[Boxed<'_>], faults: &mut Vec<String>) {
    for (edge, path) in diagram.edges().iter().zip(&layout.edges) {
        let Some(path) = path else { continue };
        let ends = [edge.from, edge.to];
        let around: Vec<Vertex> = boxes
            .iter()
            .filter(|one| ends.contains(&one.vertex))
            .flat_map(|one| std::iter::once(one.vertex).chain(one.around.iter().copied()))
            .collect();
        let points = points(path.start, &path.segments);
        for one in boxes.iter().filter(|one| !around.contains(&one.vertex)) {
            let Rect { x, y, width, height } = one.placed.rect;
            let inner = Rect { x: x + 0.5, y: y + 0.5, width: width - 1.0, height: height - 1.0 };
            let within = |point: &Point| inner.holds(&Rect { x: point.x, y: point.y, ..Rect::default() });
            if points.iter().any(within) {
                faults.push(format!("an edge through {}", one.name));
            }
        }
    }
}

/// Points along a line, no two farther from each other than three pixels.
fn points(start: Point, segments: &[Segment]) -> Vec<Point> {
    let mut points = vec![start];
    let mut at = start;
    for segment in segments {
        let end = segment.end();
        let (a, b) = match segment {
            Segment::Line(end) => (at, *end),
            Segment::Curve(a, b, _) => (*a, *b),
        };
        let steps = (((end.x - at.x).abs() + (end.y - at.y).abs()) / 2.0).ceil().clamp(1.0, 4_000.0);
        for step in 1..=steps as usize {
            let t = step as f64 / steps;
            let u = 1.0 - t;
            let of = |p0: f64, p1: f64, p2: f64, p3: f64| {
                u * u * u * p0 + 3.0 * u * u * t * p1 + 3.0 * u * t * t * p2 + t * t * t * p3
            };
            points.push(Point { x: of(at.x, a.x, b.x, end.x), y: of(at.y, a.y, b.y, end.y) });
        }
        at = end;
    }
    points
}
