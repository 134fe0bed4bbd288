use crate::diagnostic::Severity;
use crate::lint::Findings;
use crate::lint::rule::rule;
use crate::loaded::{Call, LoadedStack, LoadedTemplate, Place, below};
use crate::source::{Kind, Node};

rule! {
    /// Malformed template
    ///
    /// # What it does
    /// Checks the sections of a template, the entries of `Resources`, their logical ids, and how many values a function is given.
    /// Templates with macros of their own are left out.
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
    for (key, resource) in template.root.get("Resources").map_or(&[][..], Node::entries) {
        entry(template, key, resource, findings);
    }
    for name in ["Conditions", "Resources", "Outputs"] {
        if let Some(section) = template.root.get(name) {
            functions(template, section, &mut below("", name), findings);
        }
    }
}

fn place(template: &LoadedTemplate, pointer: &str, node: &Node) -> Place {
    Place { document: template.document, pointer: pointer.to_owned(), span: node.span }
}

fn entry(template: &LoadedTemplate, key: &Node, resource: &Node, findings: &mut Findings<'_>) {
    let Some(name) = key.as_str().filter(|name| !name.starts_with("Fn::") && *name != "<<") else { return };
    let pointer = below("/Resources", name);
    let shown: String = name.chars().take(80).collect();
    if !name.chars().all(|c| c.is_ascii_alphanumeric()) && !name.contains(['{', '<']) {
        let message = format!("`{shown}` is no logical id, which has letters and digits only: the template is refused");
        findings.add(place(template, &pointer, key), message);
    }
    if !matches!(resource.kind, Kind::Mapping(_)) && resource.tag.is_none() {
        let message = format!(
            "the resource `{shown}` is {}, and has to be a mapping: the template is refused",
            resource.describe()
        );
        findings.add(place(template, &pointer, key), message).help("look whether its lines are indented below it");
    }
    depends(template, resource, &pointer, findings);
}

/// What a resource waits for is named by a text or by several.
fn depends(template: &LoadedTemplate, resource: &Node, pointer: &str, findings: &mut Findings<'_>) {
    let Some(node) = resource.get("DependsOn") else { return };
    let is_text = |node: &Node| node.as_str().is_some();
    let right = is_text(node) || matches!(&node.kind, Kind::Sequence(items) if items.iter().all(is_text));
    if !right && Call::of(node).is_none() {
        let message = "`DependsOn` is the logical id of a resource, or a list of them: the template is refused";
        findings.add(place(template, &format!("{pointer}/DependsOn"), node), message);
    }
}

/// Looks at the number of values of every function.
fn functions(template: &LoadedTemplate, node: &Node, pointer: &mut String, findings: &mut Findings<'_>) {
    if let Some(call) = Call::of(node)
        && let Kind::Sequence(items) = &call.argument.kind
        && (call.short || Call::of(call.argument).is_none())
        && let Some((name, fewest, most)) = VALUES.iter().find(|(name, ..)| *name == call.name)
        && !(*fewest..=*most).contains(&items.len())
    {
        let wanted = if fewest == most { fewest.to_string() } else { format!("{fewest} to {most}") };
        let message = format!("`{name}` takes {wanted} values, not {}: the template is refused", items.len());
        findings.add(place(template, pointer, node), message);
    }
    let length = pointer.len();
    for (at, item) in node.items().iter().enumerate() {
        pointer.push_str(&format!("/{at}"));
        functions(template, item, pointer, findings);
        pointer.truncate(length);
    }
    for (key, value) in node.entries() {
        pointer.push_str(&below("", key.as_str().unwrap_or_default()));
        functions(template, value, pointer, findings);
        pointer.truncate(length);
    }
}
