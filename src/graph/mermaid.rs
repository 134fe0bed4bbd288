//! A diagram as a [Mermaid](https://mermaid.js.org/syntax/flowchart.html) flowchart, as GitHub draws it in Markdown.

use std::fmt::Write;

use super::diagram::{ContainerId, ContainerKind, Diagram, EdgeKind, Node, NodeId, NodeKind, Vertex};

/// How deep boxes are in each other at most: as deep as a definition may be.
const MAX_DEPTH: usize = 160;

/// A diagram as Mermaid. Every name is quoted and stands for a made-up one, so nothing in it is taken for a word of Mermaid's.
pub fn mermaid(diagram: &Diagram) -> String {
    let mut text = format!("---\ntitle: {}\n---\nflowchart TD\n", serde_json::Value::from(plain(&diagram.title)));
    let mut inside: Vec<Vec<Vertex>> = vec![Vec::new(); diagram.containers().len() + 1];
    for vertex in diagram.vertices() {
        let parent = diagram.parent(*vertex).map_or(diagram.containers().len(), |id| id.0);
        inside[parent].push(*vertex);
    }
    members(diagram, &inside, diagram.containers().len(), 1, &mut text);
    for edge in diagram.edges() {
        let (from, to) = (name(edge.from), name(edge.to));
        let arrow = match edge.kind {
            EdgeKind::Relation => "-.-",
            kind if kind.is_dashed() => "-.->",
            _ if diagram.painted && edge.tally.count > 0 => "==>",
            _ => "-->",
        };
        let count = edge.tally.shown(diagram);
        let label = match (&edge.label, count) {
            (Some(label), Some(count)) => Some(format!("{label}\n{count}")),
            (Some(label), None) => Some(label.clone()),
            (None, count) => count,
        };
        // Writing to a string cannot fail.
        let _ = match label {
            Some(label) => writeln!(text, "    {from} {arrow}|\"{}\"| {to}", escape(&label)),
            None => writeln!(text, "    {from} {arrow} {to}"),
        };
    }
    styles(diagram, &mut text);
    text
}

fn name(vertex: Vertex) -> String {
    match vertex {
        Vertex::Node(NodeId(at)) => format!("n{at}"),
        Vertex::Container(ContainerId(at)) => format!("c{at}"),
    }
}

fn members(diagram: &Diagram, inside: &[Vec<Vertex>], parent: usize, depth: usize, text: &mut String) {
    let indent = "    ".repeat(depth.min(8));
    for vertex in &inside[parent] {
        let name = name(*vertex);
        match vertex {
            Vertex::Node(NodeId(at)) => {
                let _ = writeln!(text, "{indent}{name}{}", shape(diagram, &diagram.nodes()[*at]));
            }
            Vertex::Container(ContainerId(at)) => {
                let container = &diagram.containers()[*at];
                let parts = [Some(&container.label), container.detail.as_ref()];
                // There is room for one line only.
                let label = label(parts, &container.badges, container.tally.shown(diagram)).replace("<br>", " · ");
                let _ = writeln!(text, "{indent}subgraph {name}[\"{label}\"]\n{indent}    direction TB");
                if depth < MAX_DEPTH {
                    members(diagram, inside, *at, depth + 1, text);
                }
                let _ = writeln!(text, "{indent}end");
            }
        }
    }
}

fn shape(diagram: &Diagram, node: &Node) -> String {
    let label = label([Some(&node.label), node.detail.as_ref()], &node.badges, node.tally.shown(diagram));
    let (open, close) = match node.kind {
        NodeKind::Start | NodeKind::End | NodeKind::Succeed | NodeKind::Fail => ("([", "])"),
        NodeKind::Choice => ("{{", "}}"),
        NodeKind::Bucket | NodeKind::Table => ("[(", ")]"),
        NodeKind::Wait | NodeKind::Schedule => ("(", ")"),
        _ => ("[", "]"),
    };
    format!("{open}\"{label}\"{close}")
}

/// The lines of a box. An empty one is a blank, as Mermaid wants some text.
fn label(parts: [Option<&String>; 2], badges: &[String], count: Option<String>) -> String {
    let parts = parts.into_iter().flatten().filter(|part| !part.is_empty()).map(|part| escape(part));
    let badges = badges.iter().map(|badge| escape(badge));
    let lines: Vec<String> = parts.chain(badges).chain(count).collect();
    if lines.is_empty() { " ".to_owned() } else { lines.join("<br>") }
}

/// A title, which knows no entities: without what would end its line or be taken for HTML.
fn plain(text: &str) -> String {
    let plain = |c| match c {
        '<' => '‹',
        '>' => '›',
        c if char::is_control(c) => ' ',
        c => c,
    };
    text.chars().map(plain).collect()
}

/// A text within quotes: what Mermaid, Markdown or HTML would read as something else is an entity.
fn escape(text: &str) -> String {
    let lines = text.split('\n').map(|line| {
        let mut escaped = String::with_capacity(line.len());
        // `1.` and `-` begin a list in Markdown.
        let number = line.chars().take_while(char::is_ascii_digit).count();
        for (at, c) in line.chars().enumerate() {
            match c {
                '#' => escaped.push_str("#35;"),
                '"' => escaped.push_str("#quot;"),
                '<' => escaped.push_str("#lt;"),
                '>' => escaped.push_str("#gt;"),
                '&' => escaped.push_str("#amp;"),
                '`' => escaped.push_str("#96;"),
                '\\' => escaped.push_str("#92;"),
                '*' | '_' | '[' | ']' | '{' | '}' | '|' | '~' | '$' | '%' | ';' => {
                    let _ = write!(escaped, "#{};", u32::from(c));
                }
                '.' | ')' if at == number && number > 0 => drop(write!(escaped, "#{};", u32::from(c))),
                '-' | '+' if at == 0 => drop(write!(escaped, "#{};", u32::from(c))),
                c if c.is_control() => escaped.push(' '),
                c => escaped.push(c),
            }
        }
        escaped
    });
    lines.collect::<Vec<_>>().join("<br>")
}

/// Colours that can be read on white and on black: of borders only.
fn styles(diagram: &Diagram, text: &mut String) {
    let classes: [(&str, &str, &[NodeKind]); 5] = [
        ("work", "stroke:#c7641a", &[NodeKind::Task, NodeKind::Function]),
        ("choice", "stroke:#b4387a", &[NodeKind::Choice, NodeKind::Rule, NodeKind::EventBus, NodeKind::Schedule]),
        ("good", "stroke:#2f8044", &[NodeKind::Succeed, NodeKind::Bucket]),
        ("bad", "stroke:#c23a33", &[NodeKind::Fail, NodeKind::Alarm]),
        ("store", "stroke:#3361c9", &[NodeKind::Table, NodeKind::Queue, NodeKind::Topic]),
    ];
    for (class, style, kinds) in classes {
        let of: Vec<String> = (0..diagram.nodes().len())
            .filter(|at| kinds.contains(&diagram.nodes()[*at].kind))
            .map(|at| format!("n{at}"))
            .collect();
        if !of.is_empty() {
            let _ = writeln!(text, "    classDef {class} {style},stroke-width:2px\n    class {} {class}", of.join(","));
        }
    }
    let dashed: Vec<String> = (0..diagram.containers().len())
        .filter(|at| matches!(diagram.containers()[*at].kind, ContainerKind::Branch | ContainerKind::DistributedMap))
        .map(|at| format!("c{at}"))
        .collect();
    if !dashed.is_empty() {
        let _ = writeln!(text, "    classDef dashed stroke-dasharray:6 4\n    class {} dashed", dashed.join(","));
    }
    if diagram.painted {
        let untaken = (0..diagram.nodes().len()).filter(|at| diagram.nodes()[*at].tally.count == 0);
        let untaken: Vec<String> = untaken.map(|at| format!("n{at}")).collect();
        if !untaken.is_empty() {
            let _ = writeln!(text, "    classDef untaken opacity:0.4\n    class {} untaken", untaken.join(","));
        }
    }
}
