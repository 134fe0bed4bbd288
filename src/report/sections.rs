//! What the page shows before its script runs, and where it does not.

use std::fmt::Write;

use super::bill;
use super::escape::{html, prose};
use super::findings::{FindingReport, PlaceReport};
use super::told::{ExecutionReport, ScenarioReport};
use super::{PermissionsReport, Report};
use crate::diagnostic::{Severity, counted};

/// The sections that there are: id and name.
const SECTIONS: [(&str, &str); 5] = [
    ("architecture", "Architecture"),
    ("workflows", "Workflows"),
    ("findings", "Findings"),
    ("permissions", "Permissions"),
    ("cost", "Cost"),
];

// Writing to a string cannot fail.
macro_rules! put {
    ($to:expr, $($text:tt)*) => { { let _ = writeln!($to, $($text)*); } };
}

/// The body of the page up to its data.
pub(super) fn body(report: &Report) -> String {
    let mut page = String::new();
    put!(page, "<a class=\"skip\" href=\"#main\">Skip to the content</a>");
    header(report, &mut page);
    put!(page, "<main id=\"main\" tabindex=\"-1\">");
    put!(page, "<section id=\"architecture\" aria-labelledby=\"architecture-heading\">");
    put!(page, "<h2 id=\"architecture-heading\">Architecture</h2>");
    put!(
        page,
        "<p class=\"lead\">What starts what, and what each resource calls. An action on an arrow is an IAM permission.</p>"
    );
    put!(
        page,
        "<div class=\"picture scroll\" role=\"region\" aria-label=\"Picture of the architecture\" tabindex=\"0\">"
    );
    put!(page, "{}</div>\n</section>", report.architecture.trim_end());
    workflows(report, &mut page);
    findings(report, &mut page);
    permissions(report, &mut page);
    bill::section(report, &mut page);
    put!(page, "</main>");
    put!(
        page,
        "<footer><p>Made by <code>bucketbook report</code> {} from {}. This file loads nothing from the network.</p></footer>",
        env!("CARGO_PKG_VERSION"),
        files(report)
    );
    page
}

fn files(report: &Report) -> String {
    report.files.iter().map(|file| format!("<code>{}</code>", html(file))).collect::<Vec<_>>().join(", ")
}

fn header(report: &Report, page: &mut String) {
    put!(page, "<header>\n<p class=\"kicker\">Bucketbook report</p>\n<h1>{}</h1>", html(&report.title));
    if let Some(description) = &report.description {
        put!(page, "<p class=\"lead\">{}</p>", html(description));
    }
    let count = |severity| report.findings.iter().filter(|finding| finding.severity == severity).count();
    let (errors, warnings) = (count(Severity::Error), count(Severity::Warning));
    let (class, found) = match (errors, warnings) {
        (0, 0) => ("good", "no errors, no warnings".to_owned()),
        (0, warnings) => ("warning", counted(warnings, "warning")),
        (errors, 0) => ("error", counted(errors, "error")),
        (errors, warnings) => ("error", format!("{}, {}", counted(errors, "error"), counted(warnings, "warning"))),
    };
    let cost = report.cost.as_ref().map(|cost| cost.bill.per_million_events.money());
    let executions: usize = report.scenarios.iter().map(|scenario| scenario.executions.len()).sum();
    put!(page, "<ul class=\"facts\">");
    put!(page, "<li>{}</li>", counted(report.machines.len(), "workflow"));
    put!(
        page,
        "<li>{}, {} simulated</li>",
        counted(report.scenarios.len(), "scenario"),
        counted(executions, "execution")
    );
    put!(page, "<li class=\"{class}\"><a href=\"#findings\">{found}</a></li>");
    if let Some(cost) = cost {
        put!(page, "<li><a href=\"#cost\">{cost} USD per million events</a></li>");
    }
    put!(page, "</ul>\n</header>");
    put!(page, "<nav aria-label=\"Sections\"><ul>");
    for (id, name) in SECTIONS {
        put!(page, "<li><a href=\"#{id}\">{name}</a></li>");
    }
    put!(page, "</ul></nav>");
}

fn workflows(report: &Report, page: &mut String) {
    put!(page, "<section id=\"workflows\" aria-labelledby=\"workflows-heading\">");
    put!(page, "<h2 id=\"workflows-heading\">Workflows</h2>");
    if let Some(why) = &report.not_run {
        put!(page, "<p class=\"notice error\">The stack could not be simulated: {}</p>", prose(why));
    }
    put!(page, "<div class=\"workbench\" id=\"workbench\">\n<div class=\"pictures\">");
    for (number, machine) in report.machines.iter().enumerate() {
        put!(page, "<article class=\"machine\" id=\"machine-{number}\" aria-labelledby=\"machine-{number}-heading\">");
        put!(page, "<h3 id=\"machine-{number}-heading\">{}</h3>", html(&machine.name));
        let comment = machine.comment.as_deref().map(|text| format!(". {}", html(text))).unwrap_or_default();
        put!(page, "<p class=\"quiet\">{}, {}{comment}</p>", machine.kind, counted(machine.states.len(), "state"));
        if machine.picture.is_empty() {
            put!(page, "<p class=\"notice\">There is no picture, because the definition cannot be read.</p>");
        } else {
            let name = html(&machine.name);
            put!(
                page,
                "<div class=\"picture scroll\" role=\"region\" aria-label=\"Picture of {name}\" tabindex=\"0\">"
            );
            put!(page, "{}</div>", machine.picture.trim_end());
        }
        put!(page, "</article>");
    }
    put!(page, "</div>\n<div class=\"stepper\" id=\"stepper\" hidden></div>\n</div>");
    if !report.scenarios.is_empty() {
        put!(page, "<details class=\"told\" id=\"told\" open><summary>All scenarios as text</summary>");
        report.scenarios.iter().for_each(|scenario| told(scenario, report, page));
        put!(page, "</details>");
    }
    put!(page, "</section>");
}

/// A scenario in words.
fn told(scenario: &ScenarioReport, report: &Report, page: &mut String) {
    put!(page, "<article class=\"scenario\"><h3>{}</h3>", html(&scenario.name));
    if let Some(file) = &scenario.file {
        put!(page, "<p class=\"quiet\">from <code>{}</code></p>", html(file));
    }
    put!(page, "<ol>");
    scenario.happens.iter().for_each(|line| put!(page, "<li>{}</li>", html(line)));
    put!(page, "</ol>");
    for line in scenario.error.iter().chain(&scenario.mismatches) {
        put!(page, "<p class=\"notice error\">{}</p>", html(line));
    }
    scenario.notes.iter().for_each(|note| put!(page, "<p class=\"notice\">{}</p>", html(note.trim())));
    if !scenario.executions.is_empty() {
        put!(page, "<ul>");
        scenario.executions.iter().for_each(|one| put!(page, "<li>{}</li>", path(one, report)));
        put!(page, "</ul>");
    }
    if let Some(schedule) = &scenario.schedule {
        put!(page, "<div class=\"picture scroll\" role=\"region\" aria-label=\"Order of the calls\" tabindex=\"0\">");
        put!(page, "{}</div>", schedule.trim_end());
    }
    for table in &scenario.tables {
        put!(page, "<p>Afterwards, {} has {}.</p>", html(&table.name), counted(table.items.len(), "item"));
    }
    put!(page, "</article>");
}

fn path(execution: &ExecutionReport, report: &Report) -> String {
    let machine = report.machines.get(execution.machine).map_or("", |machine| machine.name.as_str());
    let steps: Vec<String> = execution.steps.iter().take(30).map(|step| html(&step.state)).collect();
    let more = if execution.steps.len() > 30 { " → …" } else { "" };
    let error = execution.error.as_deref().map(|error| format!(": {}", html(error))).unwrap_or_default();
    format!(
        "Execution {} of {}: {}{more}; <strong>{}</strong>{error}",
        execution.number,
        html(machine),
        steps.join(" → "),
        execution.status
    )
}

fn findings(report: &Report, page: &mut String) {
    put!(page, "<section id=\"findings\" aria-labelledby=\"findings-heading\">");
    put!(page, "<h2 id=\"findings-heading\">Findings</h2>");
    if report.findings.is_empty() {
        put!(page, "<p class=\"notice good\"><code>bucketbook lint</code> has no findings for this stack.</p>");
    } else {
        put!(page, "<ol class=\"findings\">");
        // The worst come first; within that, the order of the files.
        for severity in [Severity::Error, Severity::Warning, Severity::Info] {
            let found = report.findings.iter().filter(|one| one.severity == severity);
            found.for_each(|one| finding(one, page));
        }
        put!(page, "</ol>");
    }
    put!(page, "</section>");
}

fn finding(finding: &FindingReport, page: &mut String) {
    let (class, word) = match finding.severity {
        Severity::Error => ("error", "Error"),
        Severity::Warning => ("warning", "Warning"),
        Severity::Info => ("info", "Advice"),
    };
    put!(page, "<li><article class=\"finding {class}\">");
    put!(page, "<h3><span class=\"chip {class}\">{word}</span> {}</h3>", prose(&finding.message));
    let fixable = if finding.fixable { "; <code>bucketbook lint --fix</code> fixes it" } else { "" };
    put!(
        page,
        "<p class=\"quiet\"><code>{}</code> {}: {}{fixable}</p>",
        finding.rule,
        html(finding.name),
        prose(finding.title)
    );
    if let Some(help) = &finding.help {
        put!(page, "<p><strong>What to do:</strong> {}</p>", prose(help));
    }
    excerpt(&finding.at, page);
    put!(page, "</article></li>");
}

fn excerpt(at: &PlaceReport, page: &mut String) {
    let place = format!("{}:{}:{}", html(&at.file), at.line, at.column);
    put!(page, "<figure class=\"excerpt\"><figcaption><code>{place}</code>");
    if !at.pointer.is_empty() {
        put!(page, "<code class=\"pointer\">{}</code>", html(&at.pointer));
    }
    put!(page, "</figcaption>");
    let _ = write!(page, "<pre class=\"scroll\" tabindex=\"0\" role=\"region\" aria-label=\"Source at {place}\">");
    for line in &at.excerpt {
        let marked =
            if line.marked.is_empty() { String::new() } else { format!("<mark>{}</mark>", html(&line.marked)) };
        let here = if line.marked.is_empty() { "" } else { " here" };
        put!(
            page,
            "<span class=\"line{here}\"><span class=\"number\">{:>4}</span> {}{marked}{}</span>",
            line.line,
            html(&line.before),
            html(&line.after)
        );
    }
    put!(page, "</pre></figure>");
}

fn permissions(report: &Report, page: &mut String) {
    put!(page, "<section id=\"permissions\" aria-labelledby=\"permissions-heading\">");
    put!(page, "<h2 id=\"permissions-heading\">Permissions</h2>");
    put!(page, "<p class=\"lead\">Each action that a role must allow, and the states that need it.</p>");
    report.permissions.iter().for_each(|one| role(one, report, page));
    put!(page, "</section>");
}

fn role(permissions: &PermissionsReport, report: &Report, page: &mut String) {
    let machine = report.machines.get(permissions.machine).map_or("", |machine| machine.name.as_str());
    put!(page, "<article class=\"role\"><h3>{}</h3>", html(machine));
    let role = match &permissions.role {
        Some(role) => format!("Its role is <code>{}</code>.", html(role)),
        None => "Its role is not in the template, so its permissions are not known.".to_owned(),
    };
    put!(page, "<p class=\"quiet\">{role}</p>");
    if permissions.needed.is_empty() {
        put!(page, "<p>Its states need no permissions.</p>");
    } else {
        let name = html(machine);
        put!(page, "<div class=\"scroll\" role=\"region\" aria-label=\"Permissions of {name}\" tabindex=\"0\"><table>");
        put!(
            page,
            "<thead><tr><th scope=\"col\">Action</th><th scope=\"col\">On</th><th scope=\"col\">Needed by</th><th scope=\"col\">Allowed at</th></tr></thead><tbody>"
        );
        for need in &permissions.needed {
            let states: Vec<String> = need
                .states
                .iter()
                .map(|state| {
                    let (machine, state) = (permissions.machine, html(state));
                    format!("<button type=\"button\" class=\"link\" data-machine=\"{machine}\" data-goto=\"{state}\">{state}</button>")
                })
                .collect();
            let allowed = match (need.allowed.as_slice(), need.missing) {
                ([], None) => "<span class=\"quiet\">not known</span>".to_owned(),
                ([], Some(severity)) => {
                    let chip = if severity == Severity::Error { "error" } else { "warning" };
                    format!("<span class=\"chip {chip}\">missing</span>")
                }
                (places, _) => {
                    places.iter().map(|at| format!("<code>{}</code>", html(at))).collect::<Vec<_>>().join(", ")
                }
            };
            let by =
                states.into_iter().chain(need.why.map(|why| format!("<span class=\"quiet\">{}</span>", html(why))));
            let by: Vec<String> = by.collect();
            let on = need
                .resource
                .as_deref()
                .map_or("<span class=\"quiet\">not a resource of the template</span>".to_owned(), |on| {
                    format!("<code>{}</code>", html(on))
                });
            put!(
                page,
                "<tr><th scope=\"row\"><code>{}</code></th><td>{on}</td><td>{}</td><td>{allowed}</td></tr>",
                html(&need.action),
                by.join(", ")
            );
        }
        put!(page, "</tbody></table></div>");
    }
    if permissions.more_needed {
        put!(
            page,
            "<p class=\"notice\">It may need more permissions: some of its calls are known only after the deployment.</p>"
        );
    }
    others(permissions, page);
    put!(page, "</article>");
}

/// What is allowed, and no task needs.
fn others(permissions: &PermissionsReport, page: &mut String) {
    if permissions.others.is_empty() {
        return;
    }
    put!(page, "<h4>Allowed, but not used by any task</h4>\n<ul class=\"others\">");
    for other in &permissions.others {
        let codes = |texts: &[String]| {
            texts.iter().map(|text| format!("<code>{}</code>", html(text))).collect::<Vec<_>>().join(", ")
        };
        let why = other.why.map_or_else(|| "nothing in the workflow needs it".to_owned(), html);
        let at = other.at.as_deref().map(|at| format!(", at <code>{}</code>", html(at))).unwrap_or_default();
        put!(page, "<li>{} on {}{at}: {why}</li>", codes(&other.actions), codes(&other.resources));
    }
    put!(page, "</ul>");
}
