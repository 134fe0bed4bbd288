use crate::diagnostic::github_command;

use super::Places;

pub(super) fn render(places: &Places<'_>) -> String {
    let command = |placed: &super::Placed<'_>| {
        let finding = placed.finding;
        let mut message = format!("{}: {}", finding.rule.id, finding.message);
        if let Some(help) = &finding.help {
            message.push_str("\nhelp: ");
            message.push_str(help);
        }
        let (file, start, _) = placed.edited();
        github_command(finding.severity, Some(file), Some(start.line), Some(start.column), &message)
    };
    places.findings.iter().map(command).collect()
}
