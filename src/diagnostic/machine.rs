use super::{Diagnostic, Severity};

/// The finding as one line of JSON.
pub(super) fn json(diagnostic: &Diagnostic) -> String {
    let position = diagnostic.position();
    let value = serde_json::json!({
        "severity": diagnostic.severity,
        "message": diagnostic.message,
        "file": diagnostic.source.as_ref().map(|source| &source.name),
        "line": position.map(|p| p.line),
        "column": position.map(|p| p.column),
        "help": diagnostic.help,
    });
    format!("{value}\n")
}

/// The finding as a GitHub workflow command.
pub(super) fn github(diagnostic: &Diagnostic) -> String {
    let position = diagnostic.position();
    let file = diagnostic.source.as_ref().map(|source| source.name.as_str());
    let message = match &diagnostic.help {
        Some(help) => format!("{}\nhelp: {help}", diagnostic.message),
        None => diagnostic.message.clone(),
    };
    github_command(diagnostic.severity, file, position.map(|p| p.line), position.map(|p| p.column), &message)
}

/// A [workflow command](https://docs.github.com/en/actions/reference/workflows-and-actions/workflow-commands) that puts an
/// annotation on a line of a file.
pub fn github_command(
    severity: Severity,
    file: Option<&str>,
    line: Option<usize>,
    column: Option<usize>,
    message: &str,
) -> String {
    let command = match severity {
        Severity::Error => "error",
        Severity::Warning => "warning",
        Severity::Info => "notice",
    };
    let mut properties = Vec::new();
    if let Some(file) = file {
        properties.push(format!("file={}", escaped(file).replace(':', "%3A").replace(',', "%2C")));
    }
    properties.extend(line.map(|line| format!("line={line}")));
    properties.extend(column.map(|column| format!("col={column}")));
    let properties = if properties.is_empty() { String::new() } else { format!(" {}", properties.join(",")) };
    format!("::{command}{properties}::{}\n", escaped(message))
}

/// The three characters that would end a workflow command or begin another.
fn escaped(text: &str) -> String {
    text.replace('%', "%25").replace('\r', "%0D").replace('\n', "%0A")
}

#[cfg(test)]
mod tests {
    use crate::diagnostic::{Diagnostic, Format};
    use crate::source::{Fault, Source, Span};

    fn sample() -> Diagnostic {
        let source = Source::new("a,b:c.yaml", "x: 1\ny: 2\n");
        Diagnostic::fault(source, Fault::new("100%\nwrong").at(Span { start: 5, end: 6 }).help("mend it"))
    }

    #[test]
    fn github_commands_are_escaped() {
        let text = sample().render(Format::Github, false);
        assert_eq!(text, "::error file=a%2Cb%3Ac.yaml,line=2,col=1::100%25%0Awrong%0Ahelp: mend it\n");
    }

    #[test]
    fn json_has_the_place() {
        let value: serde_json::Value = serde_json::from_str(&sample().render(Format::Json, false)).unwrap();
        assert_eq!(value["line"], 2);
        assert_eq!(value["column"], 1);
        assert_eq!(value["file"], "a,b:c.yaml");
    }
}
