use annotate_snippets::{AnnotationKind, Element, Level, Renderer, Snippet};

use std::borrow::Cow;

use super::{Diagnostic, Severity, shown, shown_lines};

/// The most of one line that is shown around a place, in characters: a file may be one line of a megabyte.
const WIDTH: usize = 160;

/// The finding with the lines that it is about, as compilers show errors.
pub(super) fn render(diagnostic: &Diagnostic, colour: bool) -> String {
    let level = match diagnostic.severity {
        Severity::Error => Level::ERROR,
        Severity::Warning => Level::WARNING,
        Severity::Info => Level::INFO,
    };
    let message = shown(&diagnostic.message);
    let title = level.primary_title(message.as_ref());
    let title = match diagnostic.rule {
        Some(rule) => title.id(rule),
        None => title,
    };
    let mut group = title.elements(std::iter::empty::<Element<'_>>());
    let excerpt = diagnostic.source.as_ref().and_then(|source| {
        let span = diagnostic.span?;
        Some((source, Excerpt::of(&source.text, span.start, span.end)?))
    });
    if let Some((source, excerpt)) = &excerpt {
        let place = AnnotationKind::Primary.span(excerpt.start..excerpt.end);
        group = group.element(
            Snippet::source(excerpt.line).line_start(excerpt.number).path(located(&source.name)).annotation(place),
        );
    } else if let Some(source) = &diagnostic.source {
        group = group.element(annotate_snippets::Origin::path(located(&source.name)));
    }
    let help = diagnostic.help.as_deref().map(shown_lines);
    if let Some(help) = &help {
        group = group.element(Level::HELP.message(help.as_ref()));
    }
    let note = diagnostic.note.as_deref().map(shown_lines);
    if let Some(note) = &note {
        group = group.element(Level::NOTE.message(note.as_ref()));
    }
    let renderer = if colour { Renderer::styled() } else { Renderer::plain() };
    format!("{}\n", renderer.term_width(WIDTH).render(&[group]))
}

/// A name for a source that has none of its own.
fn located(name: &str) -> Cow<'_, str> {
    if name.is_empty() { Cow::Borrowed("<text>") } else { shown(name) }
}

/// The line that a place begins on, and the place within it.
struct Excerpt<'a> {
    line: &'a str,
    number: usize,
    start: usize,
    end: usize,
}

impl<'a> Excerpt<'a> {
    fn of(text: &'a str, start: usize, end: usize) -> Option<Self> {
        let start = text.floor_char_boundary(start.min(text.len()));
        let line_start = text[..start].rfind('\n').map_or(0, |at| at + 1);
        let line_end = text[start..].find('\n').map_or(text.len(), |at| start + at);
        let number = text[..line_start].bytes().filter(|b| *b == b'\n').count() + 1;
        let line = text.get(line_start..line_end)?.trim_end_matches('\r');
        let start = (start - line_start).min(line.len());
        let end = text.floor_char_boundary(end.min(text.len())).saturating_sub(line_start).clamp(start, line.len());
        // The reader of a very long line is shown its neighbourhood, and so is spared the rest.
        let from = line.floor_char_boundary(start.saturating_sub(WIDTH / 2));
        let to = line.floor_char_boundary((start + WIDTH / 2).min(line.len()));
        Some(Self { line: &line[from..to], number, start: start - from, end: end.min(to) - from })
    }
}

#[cfg(test)]
mod tests {
    use crate::diagnostic::{Diagnostic, Format};
    use crate::source::{Fault, Source, Span};

    #[test]
    fn the_place_is_underlined() {
        let source = Source::new("bucketbook.yaml", "table:\n  layout: histroy\n");
        let fault = Fault::new("unknown value `histroy`").at(Span { start: 17, end: 24 });
        let text = Diagnostic::fault(source, fault.help("did you mean `history`?")).render(Format::Human, false);
        insta::assert_snapshot!(text, @r"
        error: unknown value `histroy`
         --> bucketbook.yaml:2:11
          |
        2 |   layout: histroy
          |           ^^^^^^^
          |
          = help: did you mean `history`?
        ");
    }

    #[test]
    fn a_place_at_the_end_of_the_text_can_be_shown() {
        for text in ["", "a: [", "a: [\n", "é"] {
            let fault = Fault::new("unfinished").at(Span { start: text.len(), end: text.len() + 3 });
            assert!(
                Diagnostic::fault(Source::new("x", text), fault).render(Format::Human, false).contains("unfinished")
            );
        }
    }

    #[test]
    fn a_very_long_line_stays_on_one_screen() {
        let text = format!("{}é{}", "x".repeat(500_000), "y".repeat(500_000));
        let fault = Fault::new("here").at(Span { start: 500_000, end: 500_002 });
        let shown = Diagnostic::fault(Source::new("x", text), fault).render(Format::Human, false);
        assert!(shown.len() < 1_000, "{} bytes", shown.len());
    }
}
