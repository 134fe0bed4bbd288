use super::{place, shown};
use crate::aws::cloudformation::{FUNCTIONS, Pseudo};
use crate::diagnostic::Severity;
use crate::lint::Findings;
use crate::lint::near::only_near;
use crate::loaded::{Call, LoadedTemplate};
use crate::source::{Kind, Node, Visit};

/// Functions with the fewest and the most values that each takes.
const VALUES: [(&str, usize, usize); 8] = [
    ("And", 2, 10),
    ("Equals", 2, 2),
    // The fourth is `DefaultValue`, of the language extensions.
    ("FindInMap", 3, 4),
    ("If", 3, 3),
    ("Join", 2, 2),
    ("Not", 1, 1),
    ("Or", 2, 10),
    ("Select", 2, 2),
];

/// Looks at every function within a value.
pub(super) fn check(template: &LoadedTemplate, root: &Node, pointer: &str, findings: &mut Findings<'_>) {
    root.visit(pointer, |Visit { node, pointer, .. }| {
        if let Some(call) = Call::of(node) {
            unknown(template, call, node, pointer, findings);
            select(template, call, pointer, findings);
            substituted(template, call, pointer, findings);
            joined(template, call, pointer, findings);
            count(template, call, node, pointer, findings);
        }
        true
    });
}

/// Whether a function has as many values as it takes.
fn count(template: &LoadedTemplate, call: Call<'_>, node: &Node, pointer: &str, findings: &mut Findings<'_>) {
    let Kind::Sequence(items) = &call.argument.kind else { return };
    let known = VALUES.iter().find(|(name, ..)| *name == call.name);
    let known = known.filter(|_| call.short || Call::of(call.argument).is_none());
    let Some((name, fewest, most)) = known.filter(|(_, fewest, most)| !(*fewest..=*most).contains(&items.len())) else {
        return;
    };
    let wanted = if fewest == most { fewest.to_string() } else { format!("{fewest} to {most}") };
    let message = format!("`{name}` takes {wanted} values, not {}: the template is refused", items.len());
    findings.add(place(template, pointer, node), message);
}

/// A function that CloudFormation does not have. A tool may have functions of its own, which are gone when the template is deployed.
fn unknown(template: &LoadedTemplate, call: Call<'_>, node: &Node, pointer: &str, findings: &mut Findings<'_>) {
    let name = call.name;
    if FUNCTIONS.contains(&name) || name.contains("::") || name.contains('{') {
        return;
    }
    let near = only_near(name, FUNCTIONS);
    if call.short && near.is_none() {
        return;
    }
    let spelled = if call.short { format!("!{}", shown(name)) } else { format!("Fn::{}", shown(name)) };
    let message = format!("CloudFormation has no function `{spelled}`: the template is refused");
    let finding = findings.add(place(template, pointer, node), message);
    match near {
        Some(near) => _ = finding.help(format!("did you mean `{near}`?")),
        None => _ = finding.severity(Severity::Warning),
    }
}

/// The place in a list that `Select` takes is a number.
fn select(template: &LoadedTemplate, call: Call<'_>, pointer: &str, findings: &mut Findings<'_>) {
    let [index, ..] = call.argument.items() else { return };
    if call.name != "Select" || Call::of(index).is_some() {
        return;
    }
    let Some(text) = index.as_str().filter(|text| !text.contains(['{', '<'])) else { return };
    if text.trim().parse::<u32>().is_err() {
        let message = format!("`Select` takes a number and a list, not `{}`: the template is refused", shown(text));
        findings.add(place(template, pointer, index), message);
    }
}

/// `Join` takes a delimiter and a
/// [list](https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/intrinsic-function-reference-join.html): a text is none, nor is a pseudo parameter.
fn joined(template: &LoadedTemplate, call: Call<'_>, pointer: &str, findings: &mut Findings<'_>) {
    let [_, list] = call.argument.items() else { return };
    let is_text = match Call::of(list) {
        None => list.as_str().is_some_and(|text| !text.contains(['{', '<'])),
        Some(inner) => {
            inner.name == "Ref"
                && inner
                    .text()
                    .is_some_and(|name| name.starts_with("AWS::") && name != Pseudo::NotificationArns.as_str())
        }
    };
    if call.name == "Join" && is_text {
        let message = "`Join` takes a delimiter and a list, and this is a text: the template is refused".to_owned();
        findings.add(place(template, pointer, list), message);
    }
}

/// Names in `Sub` have [letters, digits, `_`, `.` and `:`
/// only](https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/intrinsic-function-reference-sub.html).
fn substituted(template: &LoadedTemplate, call: Call<'_>, pointer: &str, findings: &mut Findings<'_>) {
    if call.name != "Sub" {
        return;
    }
    let Some((node, _)) = call.sub() else { return };
    let mut rest = node.as_str().unwrap_or_default();
    while let Some((_, behind)) = rest.split_once("${") {
        let Some((name, after)) = behind.split_once('}') else { return };
        rest = after;
        let allowed = |c: char| c.is_ascii_alphanumeric() || "_.: -".contains(c);
        // `${!Literal}` is no name, and `${{ ... }}` is another tool's.
        if name.starts_with(['!', '{']) || !name.trim().is_empty() && name.chars().all(allowed) {
            continue;
        }
        let message = format!("`${{{}}}` names no parameter or resource: the template is refused", shown(name));
        findings
            .add(place(template, pointer, node), message)
            .help("names in `Sub` have letters, digits, `_`, `.` and `:` only; `${!...}` leaves a text as it is");
    }
}
