//! A diagram in the language of [Graphviz](https://graphviz.org/doc/info/lang.html).

use std::fmt::Write;

use super::diagram::{ContainerId, ContainerKind, Diagram, EdgeKind, Node, NodeId, NodeKind, Vertex};

/// How deep boxes are in each other at most.
const MAX_DEPTH: usize = 160;

/// A diagram for Graphviz.
pub fn dot(diagram: &Diagram) -> String {
    let mut text = format!("digraph {} {{\n", quoted(&diagram.title));
    text.push_str("  compound=true; rankdir=TB; nodesep=0.5; ranksep=0.6;\n");
    let _ = writeln!(text, "  label={}; labelloc=t; fontname=\"Helvetica\";", quoted(&diagram.title));
    text.push_str("  node [shape=box, style=rounded, fontname=\"Helvetica\"];\n");
    text.push_str("  edge [fontname=\"Helvetica\", fontsize=11];\n");
    let mut inside: Vec<Vec<Vertex>> = vec![Vec::new(); diagram.containers().len() + 1];
    for vertex in diagram.vertices() {
        inside[diagram.parent(*vertex).map_or(diagram.containers().len(), |id| id.0)].push(*vertex);
    }
    members(diagram, &inside, diagram.containers().len(), 1, &mut text);
    let first = stand_ins(diagram);
    for edge in diagram.edges() {
        let mut attributes = Vec::new();
        let mut end = |vertex: Vertex, attribute: &str| match vertex {
            Vertex::Node(NodeId(at)) => format!("n{at}"),
            Vertex::Container(ContainerId(at)) => {
                attributes.push(format!("{attribute}=cluster_{at}"));
                first[at].map_or_else(|| format!("e{at}"), |node| format!("n{node}"))
            }
        };
        let (from, to) = (end(edge.from, "ltail"), end(edge.to, "lhead"));
        let label = joined([edge.label.clone(), edge.tally.shown(diagram)]);
        if !label.is_empty() {
            attributes.push(format!("label={}", quoted(&label)));
        }
        match edge.kind {
            EdgeKind::Relation => attributes.push("style=dotted".to_owned()),
            kind if kind.is_dashed() => attributes.push("style=dashed, color=\"#c23a33\"".to_owned()),
            _ => {}
        }
        if diagram.painted {
            attributes.push(if edge.tally.count > 0 { "penwidth=2" } else { "color=\"#b0b8c0\"" }.to_owned());
        }
        let attributes = if attributes.is_empty() { String::new() } else { format!(" [{}]", attributes.join(", ")) };
        // Writing to a string cannot fail.
        let _ = writeln!(text, "  {from} -> {to}{attributes};");
    }
    text.push_str("}\n");
    text
}

/// Edges lead to nodes; those of a container lead to the first node in it, and end at its border.
fn stand_ins(diagram: &Diagram) -> Vec<Option<usize>> {
    let mut first = vec![None; diagram.containers().len()];
    for (at, node) in diagram.nodes().iter().enumerate() {
        let mut parent = node.parent;
        while let Some(ContainerId(container)) = parent.filter(|id| first.get(id.0).is_some_and(Option::is_none)) {
            first[container] = Some(at);
            parent = diagram.containers()[container].parent;
        }
    }
    first
}

fn members(diagram: &Diagram, inside: &[Vec<Vertex>], parent: usize, depth: usize, text: &mut String) {
    let indent = "  ".repeat(depth.min(16));
    for vertex in &inside[parent] {
        match vertex {
            Vertex::Node(NodeId(at)) => {
                let node = &diagram.nodes()[*at];
                let _ = writeln!(text, "{indent}n{at} [{}];", attributes(diagram, node));
            }
            Vertex::Container(ContainerId(at)) => {
                let container = &diagram.containers()[*at];
                let label = joined([Some(container.label.clone()), container.detail.clone()]);
                let badges = container.badges.join(" ");
                let label = joined([Some(label), Some(badges), container.tally.shown(diagram)]);
                let dashed = matches!(container.kind, ContainerKind::Branch | ContainerKind::DistributedMap);
                let style = if dashed { "rounded,dashed" } else { "rounded" };
                let _ = writeln!(text, "{indent}subgraph cluster_{at} {{");
                let _ = writeln!(text, "{indent}  label={}; labeljust=l; style=\"{style}\";", quoted(&label));
                if inside[*at].is_empty() {
                    let _ = writeln!(text, "{indent}  e{at} [shape=point, style=invis];");
                }
                if depth < MAX_DEPTH {
                    members(diagram, inside, *at, depth + 1, text);
                }
                let _ = writeln!(text, "{indent}}}");
            }
        }
    }
}

fn attributes(diagram: &Diagram, node: &Node) -> String {
    let badges = node.badges.join(" ");
    let label = joined([Some(node.label.clone()), node.detail.clone()]);
    let label = joined([Some(label), Some(badges), node.tally.shown(diagram)]);
    let mut attributes = format!("label={}", quoted(&label));
    attributes.push_str(match node.kind {
        NodeKind::Start | NodeKind::End => ", shape=oval, style=solid",
        NodeKind::Choice => ", shape=diamond, style=solid",
        NodeKind::Succeed => ", color=\"#2f8044\"",
        NodeKind::Fail => ", color=\"#c23a33\"",
        NodeKind::Bucket | NodeKind::Table => ", shape=cylinder, style=solid",
        _ => "",
    });
    if let Some(tooltip) = &node.tooltip {
        let _ = write!(attributes, ", tooltip={}", quoted(tooltip));
    }
    if diagram.painted {
        attributes.push_str(if node.tally.count > 0 { ", penwidth=2" } else { ", fontcolor=\"#b0b8c0\"" });
    }
    attributes
}

/// Lines below each other, without the empty ones.
fn joined<const N: usize>(lines: [Option<String>; N]) -> String {
    lines.into_iter().flatten().filter(|line| !line.is_empty()).collect::<Vec<_>>().join("\n")
}

/// A text between quotes. A backslash would begin one of Graphviz's own escapes, such as `\N`.
fn quoted(text: &str) -> String {
    let mut quoted = String::from("\"");
    for c in text.chars() {
        match c {
            '"' => quoted.push_str("\\\""),
            '\\' => quoted.push_str("\\\\"),
            '\n' => quoted.push_str("\\n"),
            c if c.is_control() => quoted.push(' '),
            c => quoted.push(c),
        }
    }
    quoted.push('"');
    quoted
}
