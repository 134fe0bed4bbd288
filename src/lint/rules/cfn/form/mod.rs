//! The form of a template, before anybody looks at what its resources are.

mod function;
mod output;
mod resource;

use crate::aws::cloudformation;
use crate::diagnostic::Severity;
use crate::lint::Findings;
use crate::lint::near::nearest;
use crate::lint::rule::rule;
use crate::loaded::{LoadedStack, LoadedTemplate, Place, below};
use crate::source::{Kind, Node};

rule! {
    /// Malformed template
    ///
    /// # What it does
    /// Checks the sections of a template, the entries of `Resources` and `Outputs`, logical ids, deletion policies, the names of
    /// functions, how many values a function is given, and the names in `Fn::Sub`. Templates with macros of their own are left out.
    ///
    /// Source: [template sections](https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/template-anatomy.html) and
    /// [functions](https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/intrinsic-function-reference.html) of CloudFormation.
    ///
    /// # Why is this bad
    /// CloudFormation refuses the template before it looks at any resource.
    ///
    /// # Example
    /// ```yaml
    /// Role: !If [IsProduction, !GetAtt ProductionRole.Arn]
    /// ```
    ///
    /// # Use instead
    /// ```yaml
    /// Role: !If [IsProduction, !GetAtt ProductionRole.Arn, !GetAtt TestRole.Arn]
    /// ```
    pub(super) static RULE: "CFN413", "template-form", Error = Stack(check);
}

/// The sections that are mappings.
const SECTIONS: [&str; 5] = ["Parameters", "Mappings", "Conditions", "Resources", "Outputs"];

fn check(stack: &LoadedStack, findings: &mut Findings<'_>) {
    for written in stack.written().iter().filter(|written| !written.other_transforms) {
        template(written, findings);
    }
}

fn template(template: &LoadedTemplate, findings: &mut Findings<'_>) {
    for name in SECTIONS {
        let Some(section) = template.root.get(name) else { continue };
        if matches!(section.kind, Kind::Mapping(_)) {
            continue;
        }
        let message = format!("`{name}` is {}, and has to be a mapping: the template is refused", section.describe());
        let finding = findings.add(place(template, &below("", name), section), message);
        finding.help("leave out a section that is empty");
        // SAM's transform may leave out what is empty.
        if section.kind == Kind::Null && !["Mappings", "Resources"].contains(&name) {
            finding.severity(Severity::Warning);
        }
    }
    if template.root.get("Resources").is_none() {
        findings.add(place(template, "", &template.root), "the template has no `Resources`, and is refused");
    }
    for (key, _) in template.root.entries() {
        section(template, key, findings);
    }
    for (key, resource) in template.root.get("Resources").map_or(&[][..], Node::entries) {
        resource::check(template, key, resource, findings);
    }
    for (key, output) in template.root.get("Outputs").map_or(&[][..], Node::entries) {
        output::check(template, key, output, findings);
    }
    for name in ["Conditions", "Resources", "Outputs"] {
        if let Some(section) = template.root.get(name) {
            function::check(template, section, &below("", name), findings);
        }
    }
}

/// A section that CloudFormation does not have. What is no misspelling may be another tool's, which takes it out.
fn section(template: &LoadedTemplate, key: &Node, findings: &mut Findings<'_>) {
    let known = cloudformation::SECTIONS;
    let Some(name) = key.as_str().filter(|name| !known.contains(name) && !name.contains(['{', ':'])) else { return };
    let near = nearest(name, known);
    let message = format!("a template has no section `{}`, and is refused", shown(name));
    let finding = findings.add(place(template, &below("", name), key), message);
    match near {
        Some(near) => _ = finding.help(format!("did you mean `{near}`?")),
        None => _ = finding.severity(Severity::Warning).help("move it below `Metadata`, unless a tool takes it out"),
    }
}

fn shown(text: &str) -> String {
    text.chars().take(80).collect()
}

fn place(template: &LoadedTemplate, pointer: &str, node: &Node) -> Place {
    Place { document: template.document, pointer: pointer.to_owned(), span: node.span }
}
