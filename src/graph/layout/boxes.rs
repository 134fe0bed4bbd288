//! How large boxes are, and where in them their texts stand.

use super::geometry::{Point, Rect};
use super::text::{BADGE, DETAIL, EDGE, Font, LABEL};
use crate::graph::diagram::{Container, ContainerKind, Node, NodeKind, Tally};

/// A line of text.
#[derive(Debug, Clone, PartialEq)]
pub struct TextLine {
    /// The text of one line of the label.
    pub text: String,
    /// Where it begins on its baseline; its middle if it is centred.
    pub at: Point,
    /// How it is written.
    pub font: Font,
    /// Whether it is centred.
    pub centred: bool,
}

/// A box with its texts.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Placed {
    /// The box.
    pub rect: Rect,
    /// The lines of its label.
    pub label: Vec<TextLine>,
    /// The lines of its detail.
    pub detail: Vec<TextLine>,
    /// Where its icon is drawn.
    pub icon: Option<Rect>,
    /// What is in its upper corner, and around it.
    pub badges: Vec<(Rect, TextLine)>,
    /// How often it was passed, in its lower corner.
    pub tally: Option<(Rect, TextLine)>,
}

/// The widest text in a box.
const TEXT: f64 = 172.0;
/// The widest text at a container's top.
const HEADER: f64 = 260.0;
/// The widest text on an edge.
const EDGE_TEXT: f64 = 208.0;
/// Between a box's side and what is in it.
const PAD: f64 = 10.0;
/// The side of an icon.
const ICON: f64 = 28.0;
/// Above and below the text in a badge, and at its sides.
const BADGE_PAD: Point = Point { x: 6.0, y: 2.0 };

impl TextLine {
    /// The rectangle that the box covers.
    pub fn rect(&self) -> Rect {
        let width = self.font.width(&self.text);
        let x = if self.centred { self.at.x - width / 2.0 } else { self.at.x };
        // From the top of capitals and accents to the bottom of descenders.
        Rect { x, y: self.at.y - self.font.size * 0.9, width, height: self.font.size * 1.15 }
    }

    fn moved(self, by: Point) -> Self {
        Self { at: self.at.moved(by), ..self }
    }
}

impl Placed {
    /// The same, moved.
    pub(super) fn moved(self, by: Point) -> Self {
        let lines = |lines: Vec<TextLine>| lines.into_iter().map(|line| line.moved(by)).collect();
        let badge = |(rect, line): (Rect, TextLine)| (rect.moved(by), line.moved(by));
        Self {
            rect: self.rect.moved(by),
            label: lines(self.label),
            detail: lines(self.detail),
            icon: self.icon.map(|icon| icon.moved(by)),
            badges: self.badges.into_iter().map(badge).collect(),
            tally: self.tally.map(badge),
        }
    }
}

/// Lines below each other from `top` on; and where they end.
fn lines(texts: Vec<String>, font: Font, x: f64, top: f64, centred: bool) -> (Vec<TextLine>, f64) {
    let baseline = |at: usize| top + font.line * at as f64 + (font.line + font.size * 0.72) / 2.0;
    let end = top + font.line * texts.len() as f64;
    let made = |(at, text): (usize, String)| TextLine { text, at: Point { x, y: baseline(at) }, font, centred };
    (texts.into_iter().enumerate().map(made).collect(), end)
}

/// A node's box, at the origin.
pub(super) fn node(node: &Node, painted: bool) -> Placed {
    let mut placed = match node.kind {
        NodeKind::Start | NodeKind::End => pill(node),
        _ => card(node, painted),
    };
    // How often all of it began is on the edge.
    let round = matches!(node.kind, NodeKind::Start | NodeKind::End);
    corners(&mut placed, &node.badges, node.tally, painted && !round);
    placed
}

fn pill(node: &Node) -> Placed {
    let texts = LABEL.wrap(&node.label, TEXT);
    let widest = texts.iter().map(|text| LABEL.width(text)).fold(24.0, f64::max);
    let width = (widest + 36.0).ceil();
    let (label, end) = lines(texts, LABEL, width / 2.0, 7.0, true);
    Placed { rect: Rect { width, height: (end + 7.0).max(32.0), ..Rect::default() }, label, ..Placed::default() }
}

fn card(node: &Node, painted: bool) -> Placed {
    let label = LABEL.wrap(&node.label, TEXT);
    let detail = node.detail.as_deref().map(|detail| DETAIL.wrap(detail, TEXT)).unwrap_or_default();
    let widest = label.iter().map(|text| LABEL.width(text)).fold(64.0, f64::max);
    let widest = detail.iter().map(|text| DETAIL.width(text)).fold(widest, f64::max);
    let left = PAD + ICON + PAD;
    let width = (left + widest + PAD + 4.0).ceil();
    let text = LABEL.line * label.len() as f64 + DETAIL.line * detail.len() as f64;
    // The tally stands on the lower border.
    let below = if painted { 6.0 } else { 0.0 };
    let height = (text + 2.0 * PAD).max(ICON + 2.0 * PAD) + below;
    let (label, end) = lines(label, LABEL, left, (height - below - text) / 2.0, false);
    let (detail, _) = lines(detail, DETAIL, left, end, false);
    let icon = Rect { x: PAD, y: (height - ICON) / 2.0, width: ICON, height: ICON };
    Placed { rect: Rect { width, height, ..Rect::default() }, label, detail, icon: Some(icon), ..Placed::default() }
}

/// A container's box around a content of some size, at the origin; and where the content begins.
pub(super) fn container(container: &Container, inner: Point, painted: bool) -> (Placed, Point) {
    let pad = if container.kind == ContainerKind::Branch { 14.0 } else { 18.0 };
    let icon_side = 22.0;
    let has_header = !container.label.is_empty() || container.detail.is_some();
    let left = pad - 4.0 + icon_side + 8.0;
    let label = if container.label.is_empty() { Vec::new() } else { LABEL.wrap(&container.label, HEADER) };
    let detail = container.detail.as_deref().map(|detail| DETAIL.wrap(detail, HEADER)).unwrap_or_default();
    let widest = label.iter().map(|text| LABEL.width(text)).fold(0.0, f64::max);
    let widest = detail.iter().map(|text| DETAIL.width(text)).fold(widest, f64::max);
    let (label, end) = lines(label, LABEL, left, 12.0, false);
    let (detail, end) = lines(detail, DETAIL, left, end, false);
    let top = if has_header { end.max(12.0 + icon_side) + 14.0 } else { pad };
    let header = if has_header { left + widest + pad } else { 0.0 };
    let width = header.max(inner.x + 2.0 * pad).ceil();
    let rect = Rect { width, height: top + inner.y + pad, ..Rect::default() };
    let icon = has_header.then_some(Rect { x: pad - 4.0, y: 11.0, width: icon_side, height: icon_side });
    let mut placed = Placed { rect, label, detail, icon, ..Placed::default() };
    corners(&mut placed, &container.badges, container.tally, painted);
    (placed, Point { x: (width - inner.x) / 2.0, y: top })
}

/// What is in the corners: badges on the upper border, the tally on the lower one.
fn corners(placed: &mut Placed, badges: &[String], tally: Tally, painted: bool) {
    let rect = placed.rect;
    let mut right = rect.right() - 10.0;
    for text in badges.iter().rev() {
        let badge = badge(text, right, rect.y);
        right = badge.0.x - 4.0;
        placed.badges.insert(0, badge);
    }
    if painted && tally.count > 0 {
        let text = match tally {
            Tally { count, failed: 0 } => format!("{count}×"),
            Tally { count, failed } if failed == count => format!("{count}× failed"),
            Tally { count, failed } => format!("{count}×, {failed} failed"),
        };
        placed.tally = Some(badge(&text, rect.right() - 10.0, rect.bottom()));
    }
    // A box is never narrower than what is on its border.
    let least = placed.badges.first().map_or(0.0, |(first, _)| rect.right() - first.x + 10.0);
    let least = placed.tally.as_ref().map_or(least, |(tally, _)| least.max(tally.width + 20.0));
    if least > rect.width {
        let by = Point { x: least - rect.width, y: 0.0 };
        placed.rect.width = least;
        for (rect, line) in placed.badges.iter_mut().chain(placed.tally.as_mut()) {
            *rect = rect.moved(by);
            line.at = line.at.moved(by);
        }
    }
}

/// A badge whose right end and middle line are given.
fn badge(text: &str, right: f64, middle: f64) -> (Rect, TextLine) {
    let width = BADGE.width(text) + 2.0 * BADGE_PAD.x;
    let height = BADGE.line + 2.0 * BADGE_PAD.y;
    let rect = Rect { x: right - width, y: middle - height / 2.0, width, height };
    let (mut line, _) = lines(vec![text.to_owned()], BADGE, rect.centre().x, rect.y + BADGE_PAD.y, true);
    (rect, line.remove(0))
}

/// The lines of a legend whose corner is given, none wider than `most`; and where they end.
pub(super) fn legend(texts: &[&str], most: f64, corner: Point) -> (Vec<TextLine>, f64) {
    let texts = texts.iter().flat_map(|text| DETAIL.wrap(text, most)).collect();
    lines(texts, DETAIL, corner.x, corner.y, false)
}

/// The label of an edge around the origin: its box and its lines.
pub(super) fn edge_label(text: &str) -> (Rect, Vec<TextLine>) {
    let texts = EDGE.wrap_evenly(text, EDGE_TEXT);
    let widest = texts.iter().map(|text| EDGE.width(text)).fold(0.0, f64::max);
    let (width, height) = (widest + 14.0, EDGE.line * texts.len() as f64 + 6.0);
    let rect = Rect { x: -width / 2.0, y: -height / 2.0, width, height };
    let (lines, _) = lines(texts, EDGE, 0.0, rect.y + 3.0, true);
    (rect, lines)
}
