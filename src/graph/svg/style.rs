//! How a picture looks, in light and in dark.

/// For which light a picture is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Scheme {
    /// For that which its reader prefers.
    #[default]
    Auto,
    /// For light.
    Light,
    /// For dark.
    Dark,
}

/// What is the same in both.
const SAME: &str = "\
.bb-graph{font-family:system-ui,-apple-system,\"Segoe UI\",Roboto,\"Helvetica Neue\",Arial,sans-serif}
.bb-graph text{white-space:pre}
.bb-label{font-size:14px;font-weight:600}
.bb-detail,.bb-legend,.bb-edge-label{font-size:12px}
.bb-badge text{font-size:11px;font-weight:600}
.bb-centred,.bb-badge text,.bb-edge-label text{text-anchor:middle}
.bb-box{stroke-width:1.25}
.bb-icon{fill:none;stroke-width:2;stroke-linecap:round;stroke-linejoin:round}
.bb-line{fill:none;stroke-width:1.5}
.bb-dashed .bb-line{stroke-dasharray:5 4}
.bb-relation .bb-line{stroke-dasharray:1.5 4;stroke-linecap:round}
.bb-branch>.bb-box,.bb-distributed>.bb-box{stroke-dasharray:6 4}
.bb-painted .bb-untaken{opacity:.38}
.bb-painted .bb-edge-label.bb-untaken{opacity:1}
.bb-edge-label.bb-untaken text{opacity:.5}
.bb-taken>.bb-line{stroke-width:2.5}
.bb-taken>.bb-box{stroke-width:2}
[data-state][tabindex]{cursor:pointer}
[data-state]:focus{outline:none}
[data-state]:focus-visible>.bb-box,[data-state][aria-pressed=true]>.bb-box{stroke-width:3}
";

/// Selectors, the property, and its value in light and in dark.
const COLOURS: &[(&str, &str, &str, &str)] = &[
    (".bb-canvas", "fill", "#ffffff", "#0f141b"),
    (".bb-label", "fill", "#16202e", "#eef2f7"),
    (".bb-detail,.bb-legend", "fill", "#566376", "#9fb0c3"),
    (".bb-edge-label text", "fill", "#3c4858", "#c3cfdb"),
    (".bb-edge-label rect", "fill", "#ffffff", "#0f141b"),
    (".bb-box", "fill", "#ffffff", "#18202a"),
    (".bb-box", "stroke", "#c9d3df", "#3a4757"),
    (".bb-container>.bb-box", "fill", "#f6f8fb", "#141b24"),
    (".bb-map>.bb-box,.bb-parallel>.bb-box", "stroke", "#7fb8ba", "#2f6f72"),
    (".bb-branch>.bb-box", "fill", "#fbfcfe", "#11181f"),
    (".bb-line", "stroke", "#7b8a9c", "#8394a8"),
    (".bb-arrow", "fill", "#7b8a9c", "#8394a8"),
    (".bb-dashed .bb-line", "stroke", "#c4574b", "#e2837a"),
    (".bb-dashed .bb-arrow", "fill", "#c4574b", "#e2837a"),
    (".bb-relation .bb-line", "stroke", "#7b8a9c", "#8394a8"),
    (".bb-relation .bb-arrow", "fill", "#7b8a9c", "#8394a8"),
    (".bb-end-line .bb-line", "stroke", "#bcc7d3", "#4a586a"),
    (".bb-end-line .bb-arrow", "fill", "#bcc7d3", "#4a586a"),
    (".bb-tile", "fill", "#5b6b7f", "#5d6f85"),
    (".bb-icon", "stroke", "#ffffff", "#ffffff"),
    (".bb-task .bb-tile,.bb-function .bb-tile", "fill", "#c7641a", "#c7641a"),
    (
        ".bb-choice .bb-tile,.bb-rule .bb-tile,.bb-event-bus .bb-tile,.bb-schedule .bb-tile",
        "fill",
        "#b4387a",
        "#b4387a",
    ),
    (".bb-wait .bb-tile,.bb-api .bb-tile,.bb-state-machine .bb-tile", "fill", "#7a54c7", "#7a54c7"),
    (".bb-succeed .bb-tile,.bb-bucket .bb-tile", "fill", "#2f8044", "#2f8a49"),
    (".bb-fail .bb-tile,.bb-alarm .bb-tile", "fill", "#c23a33", "#c9453d"),
    (".bb-map>.bb-tile,.bb-parallel>.bb-tile", "fill", "#147d82", "#147d82"),
    (".bb-table .bb-tile", "fill", "#3361c9", "#3f6fd8"),
    (".bb-queue .bb-tile,.bb-topic .bb-tile", "fill", "#c2366b", "#c2366b"),
    (".bb-start>.bb-box,.bb-end>.bb-box", "fill", "#e8eef6", "#253142"),
    (".bb-badge rect", "fill", "#e8eef6", "#2a3646"),
    (".bb-badge rect", "stroke", "#c9d3df", "#3f4e61"),
    (".bb-badge text", "fill", "#36465a", "#cfdae6"),
    (".bb-taken>.bb-box", "stroke", "#2f8044", "#4caf6a"),
    (".bb-taken>.bb-line", "stroke", "#2f8044", "#4caf6a"),
    (".bb-taken>.bb-arrow", "fill", "#2f8044", "#4caf6a"),
    (".bb-failed>.bb-box", "stroke", "#c23a33", "#ee6a60"),
    (".bb-failed>.bb-tally rect", "fill", "#fde8e6", "#4a201d"),
    (".bb-failed>.bb-tally text", "fill", "#9c231c", "#ffb4ad"),
    ("[data-state]:focus-visible>.bb-box,[data-state][aria-pressed=true]>.bb-box", "stroke", "#1f6feb", "#6cb0ff"),
];

/// The rules for pictures, for a page that shows several; with [`Scheme::Auto`] those for dark are in a media query.
pub fn stylesheet(scheme: Scheme) -> String {
    let rules = |indent: &str, dark: bool| -> String {
        let rule = |(selector, property, light, night): &(&str, &str, &str, &str)| {
            format!("{indent}{selector}{{{property}:{}}}\n", if dark { night } else { light })
        };
        COLOURS.iter().map(rule).collect()
    };
    match scheme {
        Scheme::Light => format!("{SAME}{}", rules("", false)),
        Scheme::Dark => format!("{SAME}{}", rules("", true)),
        Scheme::Auto => {
            format!("{SAME}{}@media (prefers-color-scheme:dark){{\n{}}}\n", rules("", false), rules("", true))
        }
    }
}
