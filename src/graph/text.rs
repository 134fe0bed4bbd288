//! A diagram as plain text, for a terminal: each box on a line, and below it where it leads.

use std::fmt::Write;

use unicode_width::UnicodeWidthStr;

use super::diagram::{ContainerId, Diagram, Edge, EdgeKind, NodeId, NodeKind, Tally, Vertex};

/// How deep boxes are in each other at most.
const MAX_DEPTH: usize = 160;
/// The widest column of names, in cells of a terminal.
const COLUMN: usize = 40;

/// A diagram as text.
pub fn text(diagram: &Diagram) -> String {
    let count = diagram.containers().len();
    let mut inside: Vec<Vec<Vertex>> = vec![Vec::new(); count + 1];
    for vertex in diagram.vertices() {
        inside[diagram.parent(*vertex).map_or(count, |id| id.0)].push(*vertex);
    }
    let mut ways: Vec<Vec<usize>> = vec![Vec::new(); diagram.nodes().len() + count];
    let number = |vertex: Vertex| match vertex {
        Vertex::Node(NodeId(at)) => at,
        Vertex::Container(ContainerId(at)) => diagram.nodes().len() + at,
    };
    for (at, edge) in diagram.edges().iter().enumerate() {
        if let Some(ways) = ways.get_mut(number(edge.from)) {
            ways.push(at);
        }
    }
    let mut outline = Outline { diagram, inside, text: format!("{}\n\n", shown(&diagram.title)) };
    let ways_of = |vertex: Vertex| ways.get(number(vertex)).map(Vec::as_slice).unwrap_or_default();
    outline.members(count, "", 0, &ways_of);
    outline.text
}

struct Outline<'a> {
    diagram: &'a Diagram,
    inside: Vec<Vec<Vertex>>,
    text: String,
}

/// What of a node or a container is on its line.
struct Entry<'a> {
    sign: &'static str,
    label: &'a str,
    detail: Option<&'a str>,
    badges: &'a [String],
    tally: Tally,
    /// Whether it only groups others, and is not passed itself.
    groups: bool,
}

impl<'a> Outline<'a> {
    fn entry(&self, vertex: Vertex) -> Entry<'a> {
        match vertex {
            Vertex::Node(NodeId(at)) => {
                let node = &self.diagram.nodes()[at];
                Entry {
                    sign: sign(node.kind),
                    label: &node.label,
                    detail: node.detail.as_deref(),
                    badges: &node.badges,
                    tally: node.tally,
                    groups: false,
                }
            }
            Vertex::Container(ContainerId(at)) => {
                let container = &self.diagram.containers()[at];
                Entry {
                    sign: "▣",
                    label: if container.label.is_empty() { "branch" } else { &container.label },
                    detail: container.detail.as_deref(),
                    badges: &container.badges,
                    tally: container.tally,
                    groups: container.state.is_none(),
                }
            }
        }
    }

    fn members<'w>(&mut self, parent: usize, indent: &str, depth: usize, ways_of: &impl Fn(Vertex) -> &'w [usize]) {
        let mut members = self.inside[parent].clone();
        members.sort_by_key(|vertex| self.place(*vertex));
        let widest = members.iter().map(|vertex| shown(self.entry(*vertex).label).width()).max().unwrap_or(0);
        let column = widest.min(COLUMN);
        for vertex in members {
            let entry = self.entry(vertex);
            let name = shown(entry.label);
            let mut line = format!("{indent}{} {name}", entry.sign);
            let rest = self.rest(&entry);
            if !rest.is_empty() {
                line.push_str(&" ".repeat(column.saturating_sub(name.width())));
                line.push_str("  ");
                line.push_str(&rest);
            }
            // Writing to a string cannot fail.
            let _ = writeln!(self.text, "{line}");
            if let Vertex::Container(ContainerId(at)) = vertex
                && depth < MAX_DEPTH
            {
                self.members(at, &format!("{indent}│ "), depth + 1, ways_of);
                let _ = writeln!(self.text, "{indent}└");
            }
            self.ways(indent, ways_of(vertex));
        }
    }

    /// Where it begins is first, where it ends last.
    fn place(&self, vertex: Vertex) -> u8 {
        match vertex {
            Vertex::Node(NodeId(at)) => match self.diagram.nodes()[at].kind {
                NodeKind::Start => 0,
                NodeKind::End => 2,
                _ => 1,
            },
            Vertex::Container(_) => 1,
        }
    }

    /// What is right of a name.
    fn rest(&self, entry: &Entry<'_>) -> String {
        let mut parts: Vec<String> = entry.detail.map(shown).into_iter().collect();
        parts.extend(entry.badges.iter().map(|badge| shown(badge)));
        if self.diagram.painted && !entry.groups {
            parts.push(match entry.tally {
                Tally { count: 0, .. } => "not passed".to_owned(),
                Tally { count, failed: 0 } => format!("{count}×"),
                Tally { count, failed } => format!("{count}×, {failed} failed"),
            });
        }
        parts.join("  ")
    }

    fn ways(&mut self, indent: &str, ways: &[usize]) {
        let edges: Vec<&Edge> = ways.iter().map(|at| &self.diagram.edges()[*at]).collect();
        let labels: Vec<String> = edges.iter().map(|edge| self.way(edge)).collect();
        let widest = labels.iter().map(|label| label.width()).filter(|width| *width <= COLUMN).max().unwrap_or(0);
        for (edge, label) in edges.iter().zip(labels) {
            let to = shown(self.entry(edge.to).label);
            let gap = if widest == 0 && label.is_empty() { "" } else { " " };
            let pad = " ".repeat(widest.saturating_sub(label.width()));
            let _ = writeln!(self.text, "{indent}    {label}{pad}{gap}→ {to}");
        }
    }

    fn way(&self, edge: &Edge) -> String {
        // The names of errors stand below each other in a picture.
        let catches = edge.kind == EdgeKind::Catch;
        let label = edge
            .label
            .as_deref()
            .map(|label| shown(&if catches { label.replace('\n', ", ") } else { label.to_owned() }));
        let label = label.unwrap_or_default();
        let label = match edge.kind {
            EdgeKind::Catch | EdgeKind::Failure => format!("! {label}"),
            _ => label,
        };
        match edge.tally.count {
            count if self.diagram.painted && count > 0 => format!("{label} {count}×").trim_start().to_owned(),
            _ => label,
        }
    }
}

/// A text on one line, without what a terminal would take for more than text.
fn shown(text: &str) -> String {
    crate::diagnostic::shown(text.replace(['\n', '\u{a0}'], " ").trim()).into_owned()
}

fn sign(kind: NodeKind) -> &'static str {
    match kind {
        NodeKind::Start => "●",
        NodeKind::End => "○",
        NodeKind::Choice | NodeKind::Rule => "◆",
        NodeKind::Succeed => "✓",
        NodeKind::Fail => "✗",
        NodeKind::Wait | NodeKind::Schedule => "◷",
        NodeKind::Pass => "▷",
        NodeKind::Parallel | NodeKind::Map | NodeKind::StateMachine => "▣",
        _ => "■",
    }
}
