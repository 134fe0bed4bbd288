//! A diagram as SVG: one file that needs nothing else, in light and in dark, its texts texts.

mod icons;
mod style;

use std::collections::HashMap;
use std::fmt::Write;

use super::diagram::{ContainerKind, Diagram, EdgeKind, NodeKind, Tally, Vertex};
use super::layout::{Layout, Path, Placed, Point, Rect, Segment, TextLine, layout};

pub use style::{Scheme, stylesheet};

/// How an SVG is written.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SvgOptions {
    /// What every `id` begins with, so that several can be on one page.
    pub id_prefix: String,
    /// Whether the rules of its looks are in it. A page with several pictures has them [once](stylesheet).
    pub style: bool,
    /// For which light it is.
    pub scheme: Scheme,
    /// Whether states can be given the focus, as buttons that a script listens to.
    pub interactive: bool,
    /// A comment on its first line.
    pub comment: Option<String>,
}

impl Default for SvgOptions {
    fn default() -> Self {
        Self { id_prefix: String::new(), style: true, scheme: Scheme::Auto, interactive: false, comment: None }
    }
}

/// A diagram as SVG. Each state is a group with its name as `data-state`, and an `id` of the prefix, `state-` and the name
/// with anything but letters and digits as `_`.
pub fn svg(diagram: &Diagram, options: &SvgOptions) -> String {
    let layout = layout(diagram);
    let mut writer = Writer { diagram, options, ids: HashMap::new(), text: String::new() };
    writer.document(&layout);
    writer.text
}

/// A number as short as it can be with one decimal.
fn number(value: f64) -> String {
    let rounded = (value * 10.0).round() / 10.0;
    // No `-0`.
    format!("{}", rounded + 0.0)
}

/// A text within an element or an attribute. Characters that XML cannot have are replaced.
pub(super) fn escape(text: &str) -> String {
    let mut escaped = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            '&' => escaped.push_str("&amp;"),
            '<' => escaped.push_str("&lt;"),
            '>' => escaped.push_str("&gt;"),
            '"' => escaped.push_str("&quot;"),
            '\t' | '\r' => escaped.push(' '),
            '\n' => escaped.push(c),
            c if c < ' ' || matches!(c, '\u{fffe}' | '\u{ffff}') => escaped.push('\u{fffd}'),
            c => escaped.push(c),
        }
    }
    escaped
}

struct Writer<'a> {
    diagram: &'a Diagram,
    options: &'a SvgOptions,
    ids: HashMap<String, usize>,
    text: String,
}

/// What of a node and of a container is written alike.
struct Boxed<'a> {
    class: String,
    tooltip: Option<&'a str>,
    label: &'a str,
    state: Option<&'a str>,
    tally: Tally,
    icon: Option<&'static str>,
    radius: f64,
    groups: bool,
}

impl Writer<'_> {
    // Writing to a string cannot fail.
    fn line(&mut self, text: std::fmt::Arguments<'_>) {
        let _ = writeln!(self.text, "{text}");
    }

    fn document(&mut self, layout: &Layout) {
        let (diagram, options) = (self.diagram, self.options);
        let prefix = escape(&options.id_prefix);
        if let Some(comment) = &options.comment {
            // Two hyphens end a comment.
            self.line(format_args!("<!-- {} -->", comment.replace("--", "- -").replace('>', ")")));
        }
        let (width, height) = (number(layout.width), number(layout.height));
        let role = if options.interactive { "group" } else { "img" };
        let painted = if diagram.painted { " bb-painted" } else { "" };
        self.line(format_args!(
            "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 {width} {height}\" width=\"{width}\" \
             height=\"{height}\" style=\"max-width:100%;height:auto\" class=\"bb-graph{painted}\" role=\"{role}\" \
             aria-labelledby=\"{prefix}title {prefix}desc\">"
        ));
        self.line(format_args!("<title id=\"{prefix}title\">{}</title>", escape(&diagram.title)));
        self.line(format_args!("<desc id=\"{prefix}desc\">{}</desc>", escape(&diagram.description)));
        if options.style {
            self.line(format_args!("<style>\n{}</style>", style::stylesheet(options.scheme)));
        }
        self.line(format_args!("<rect class=\"bb-canvas\" width=\"{width}\" height=\"{height}\" rx=\"12\"/>"));
        self.containers(layout);
        self.edges(layout);
        self.nodes(layout);
        self.lines("bb-legend", &layout.legend);
        self.line(format_args!("</svg>"));
    }

    fn containers(&mut self, layout: &Layout) {
        for (container, placed) in self.diagram.containers().iter().zip(&layout.containers) {
            let class = match container.kind {
                ContainerKind::Map => "bb-container bb-map",
                ContainerKind::DistributedMap => "bb-container bb-map bb-distributed",
                ContainerKind::Parallel => "bb-container bb-parallel",
                ContainerKind::Branch => "bb-container bb-branch",
                ContainerKind::Group => "bb-container bb-group",
            };
            let boxed = Boxed {
                class: class.to_owned(),
                tooltip: container.tooltip.as_deref(),
                label: &container.label,
                state: container.state.as_deref(),
                tally: container.tally,
                icon: Some(icons::of_container(container.kind)),
                radius: 12.0,
                groups: container.state.is_none(),
            };
            self.boxed(&boxed, placed);
        }
    }

    fn nodes(&mut self, layout: &Layout) {
        for (node, placed) in self.diagram.nodes().iter().zip(&layout.nodes) {
            let round = matches!(node.kind, NodeKind::Start | NodeKind::End);
            let boxed = Boxed {
                class: format!("bb-node bb-{}", class(node.kind)),
                tooltip: node.tooltip.as_deref(),
                label: &node.label,
                state: node.state.as_deref(),
                tally: node.tally,
                icon: icons::of_node(node.icon.unwrap_or(node.kind)),
                radius: if round { placed.rect.height / 2.0 } else { 10.0 },
                groups: false,
            };
            self.boxed(&boxed, placed);
        }
    }

    fn boxed(&mut self, boxed: &Boxed<'_>, placed: &Placed) {
        // What groups others is not passed itself.
        let painted = if boxed.groups { "" } else { paint(self.diagram.painted, boxed.tally) };
        let mut attributes = format!("class=\"{}{painted}\"", boxed.class);
        if let Some(state) = boxed.state {
            let id = self.id(state);
            let _ = write!(attributes, " id=\"{id}\" data-state=\"{}\"", escape(state));
            if self.options.interactive {
                let label = escape(boxed.tooltip.unwrap_or(boxed.label));
                let _ = write!(attributes, " tabindex=\"0\" role=\"button\" aria-label=\"{label}\"");
            }
        }
        self.line(format_args!("<g {attributes}>"));
        if let Some(tooltip) = boxed.tooltip {
            self.line(format_args!("<title>{}</title>", escape(tooltip)));
        }
        self.line(format_args!("<rect class=\"bb-box\" {}/>", rectangle(&placed.rect, boxed.radius)));
        if let (Some(icon), Some(rect)) = (boxed.icon, placed.icon) {
            self.line(format_args!("<rect class=\"bb-tile\" {}/>", rectangle(&rect, rect.width / 4.0)));
            let scale = rect.width * 0.72 / 24.0;
            let (x, y) = (rect.x + rect.width * 0.14, rect.y + rect.height * 0.14);
            let at = format!("translate({} {}) scale({scale:.3})", number(x), number(y));
            self.line(format_args!("<path class=\"bb-icon\" transform=\"{at}\" d=\"{icon}\"/>"));
        }
        self.lines("bb-label", &placed.label);
        self.lines("bb-detail", &placed.detail);
        for badge in &placed.badges {
            self.badge("bb-badge", badge);
        }
        if let Some(tally) = &placed.tally {
            self.badge("bb-badge bb-tally", tally);
        }
        self.line(format_args!("</g>"));
    }

    /// An `id` that no other group has.
    fn id(&mut self, state: &str) -> String {
        let plain: String = state.chars().map(|c| if c.is_alphanumeric() || c == '-' { c } else { '_' }).collect();
        let id = format!("{}state-{plain}", self.options.id_prefix);
        let count = self.ids.entry(id.clone()).or_default();
        *count += 1;
        escape(&if *count > 1 { format!("{id}.{count}") } else { id })
    }

    fn lines(&mut self, class: &str, lines: &[TextLine]) {
        let Some(first) = lines.first() else { return };
        let centred = if first.centred { " bb-centred" } else { "" };
        let span = |line: &TextLine| {
            format!("<tspan x=\"{}\" y=\"{}\">{}</tspan>", number(line.at.x), number(line.at.y), escape(&line.text))
        };
        let spans: String = lines.iter().map(span).collect();
        self.line(format_args!("<text class=\"{class}{centred}\">{spans}</text>"));
    }

    fn badge(&mut self, class: &str, (rect, line): &(Rect, TextLine)) {
        let (x, y) = (number(line.at.x), number(line.at.y));
        let rectangle = rectangle(rect, rect.height / 2.0);
        let text = escape(&line.text);
        self.line(format_args!("<g class=\"{class}\"><rect {rectangle}/><text x=\"{x}\" y=\"{y}\">{text}</text></g>"));
    }

    fn edges(&mut self, layout: &Layout) {
        let edges = || self.diagram.edges().iter().zip(&layout.edges);
        let drawn: Vec<_> = edges().filter_map(|(edge, path)| Some((edge, path.as_ref()?))).collect();
        for (edge, path) in &drawn {
            let mut class = match edge.kind {
                EdgeKind::Relation => "bb-edge bb-relation".to_owned(),
                EdgeKind::End => "bb-edge bb-end-line".to_owned(),
                kind if kind.is_dashed() => "bb-edge bb-dashed".to_owned(),
                _ => "bb-edge".to_owned(),
            };
            class.push_str(paint(self.diagram.painted, edge.tally));
            let ends = [("from", edge.from), ("to", edge.to)];
            let ends: String = ends
                .into_iter()
                .filter_map(|(name, vertex)| Some(format!(" data-{name}=\"{}\"", escape(self.state(vertex)?))))
                .collect();
            let (line, arrow) = drawn_path(path);
            self.line(format_args!(
                "<g class=\"{class}\"{ends}><path class=\"bb-line\" d=\"{line}\"/><path class=\"bb-arrow\" d=\"{arrow}\"/></g>"
            ));
        }
        for (edge, path) in &drawn {
            let Some((rect, lines)) = &path.label else { continue };
            let untaken = if paint(self.diagram.painted, edge.tally) == " bb-untaken" { " bb-untaken" } else { "" };
            let title = edge.tooltip.as_deref().map(|text| format!("<title>{}</title>", escape(text)));
            let title = title.unwrap_or_default();
            self.line(format_args!("<g class=\"bb-edge-label{untaken}\">{title}<rect {}/>", rectangle(rect, 6.0)));
            self.lines("bb-edge-text", lines);
            self.line(format_args!("</g>"));
        }
    }

    fn state(&self, vertex: Vertex) -> Option<&str> {
        match vertex {
            Vertex::Node(id) => self.diagram.nodes().get(id.0)?.state.as_deref(),
            Vertex::Container(id) => self.diagram.containers().get(id.0)?.state.as_deref(),
        }
    }
}

fn rectangle(rect: &Rect, radius: f64) -> String {
    let Rect { x, y, width, height } = *rect;
    let [x, y, width, height, radius] = [x, y, width, height, radius].map(number);
    format!("x=\"{x}\" y=\"{y}\" width=\"{width}\" height=\"{height}\" rx=\"{radius}\"")
}

/// The classes that a tally gives.
fn paint(painted: bool, tally: Tally) -> &'static str {
    match tally {
        _ if !painted => "",
        Tally { count: 0, .. } => " bb-untaken",
        Tally { failed: 0, .. } => " bb-taken",
        _ => " bb-taken bb-failed",
    }
}

/// How long an arrow's head is.
const HEAD: f64 = 8.0;

/// The line of a path, up to its arrow, and the arrow.
fn drawn_path(path: &Path) -> (String, String) {
    let mut line = format!("M{} {}", number(path.start.x), number(path.start.y));
    let mut at = path.start;
    let mut arrow = String::new();
    for (index, segment) in path.segments.iter().enumerate() {
        let end = segment.end();
        let before = match segment {
            Segment::Line(_) => at,
            Segment::Curve(_, control, _) => *control,
        };
        let last = index + 1 == path.segments.len();
        let shown = if last { towards(end, before, HEAD - 1.0) } else { end };
        match segment {
            Segment::Line(_) => drop(write!(line, "L{} {}", number(shown.x), number(shown.y))),
            Segment::Curve(a, b, _) => {
                let points = [a.x, a.y, b.x, b.y, shown.x, shown.y].map(number);
                let _ = write!(line, "C{}", points.join(" "));
            }
        }
        if last {
            arrow = head(end, before);
        }
        at = end;
    }
    (line, arrow)
}

/// A point so far from another in the direction of a third.
fn towards(from: Point, to: Point, by: f64) -> Point {
    let (dx, dy) = (to.x - from.x, to.y - from.y);
    let length = dx.hypot(dy).max(0.001);
    Point { x: from.x + dx / length * by, y: from.y + dy / length * by }
}

/// An arrow's head, whose tip and direction are given.
fn head(tip: Point, from: Point) -> String {
    let base = towards(tip, from, HEAD);
    let (dx, dy) = ((tip.x - base.x) / HEAD * 4.2, (tip.y - base.y) / HEAD * 4.2);
    let points = [tip.x, tip.y, base.x - dy, base.y + dx, base.x + dy, base.y - dx].map(number);
    format!("M{} {}L{} {}L{} {}z", points[0], points[1], points[2], points[3], points[4], points[5])
}

/// What a node's kind is called in the style's rules.
fn class(kind: NodeKind) -> &'static str {
    match kind {
        NodeKind::Start => "start",
        NodeKind::End => "end",
        NodeKind::Task => "task",
        NodeKind::Pass => "pass",
        NodeKind::Choice => "choice",
        NodeKind::Wait => "wait",
        NodeKind::Succeed => "succeed",
        NodeKind::Fail => "fail",
        NodeKind::Parallel => "parallel",
        NodeKind::Map => "map",
        NodeKind::Bucket => "bucket",
        NodeKind::EventBus => "event-bus",
        NodeKind::Rule => "rule",
        NodeKind::Schedule => "schedule",
        NodeKind::StateMachine => "state-machine",
        NodeKind::Table => "table",
        NodeKind::Queue => "queue",
        NodeKind::Topic => "topic",
        NodeKind::Api => "api",
        NodeKind::Function => "function",
        NodeKind::Alarm => "alarm",
        NodeKind::Log => "log",
        NodeKind::Key => "key",
        NodeKind::Client => "client",
        NodeKind::Compute => "compute",
        NodeKind::Query => "query",
        NodeKind::Model => "model",
        NodeKind::Mail => "mail",
        NodeKind::Other => "other",
    }
}
