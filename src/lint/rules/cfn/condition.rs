use crate::lint::near::nearest;
use crate::lint::rule::rule;
use crate::lint::{Finding, Findings};
use crate::loaded::{Call, LoadedStack, LoadedTemplate, Place, below};
use crate::source::{Node, Visit};

rule! {
    /// Condition or mapping that does not exist
    ///
    /// # What it does
    /// Checks that the conditions of resources and outputs, those in `Fn::If` and those that other conditions name are in
    /// `Conditions`, and that the map and the keys in `Fn::FindInMap` are in `Mappings`. Templates with custom macros are skipped.
    ///
    /// Source: [conditions](https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/conditions-section-structure.html) and
    /// [mappings](https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/mappings-section-structure.html).
    ///
    /// # Why is this bad
    /// CloudFormation refuses the template.
    ///
    /// # Example
    /// ```yaml
    /// Conditions:
    ///   IsProduction: !Equals [!Ref Stage, production]
    /// Resources:
    ///   Alarm: {Type: AWS::CloudWatch::Alarm, Condition: IsProd}
    /// ```
    ///
    /// # Use instead
    /// ```yaml
    /// Conditions:
    ///   IsProduction: !Equals [!Ref Stage, production]
    /// Resources:
    ///   Alarm: {Type: AWS::CloudWatch::Alarm, Condition: IsProduction}
    /// ```
    pub(super) static RULE: "CFN414", "undefined-condition", Error = Stack(check);
}

fn check(stack: &LoadedStack, findings: &mut Findings<'_>) {
    for written in stack.written().iter().filter(|written| !written.other_transforms) {
        template(written, findings);
    }
}

fn template(template: &LoadedTemplate, findings: &mut Findings<'_>) {
    let mut judge = Judge { template, findings };
    for section in ["Resources", "Outputs"] {
        for (key, entry) in template.root.get(section).map_or(&[][..], Node::entries) {
            let pointer = below(&format!("/{section}"), key.as_str().unwrap_or_default());
            if let Some(node) = entry.get("Condition").filter(|node| Call::of(node).is_none()) {
                judge.condition(node, &format!("{pointer}/Condition"));
            }
            judge.functions(entry, &pointer, false);
        }
    }
    if let Some(conditions) = template.root.get("Conditions") {
        judge.functions(conditions, "/Conditions", true);
    }
}

struct Judge<'a, 'b, 'c> {
    template: &'a LoadedTemplate,
    findings: &'b mut Findings<'c>,
}

impl<'a> Judge<'a, '_, '_> {
    fn say(&mut self, pointer: &str, node: &Node, message: String) -> &mut Finding {
        let place = Place { document: self.template.document, pointer: pointer.to_owned(), span: node.span };
        self.findings.add(place, format!("{message}: the template is refused"))
    }

    /// The names in a section; `None` where something else may add to them.
    fn names(&self, section: &str) -> Option<Vec<&'a str>> {
        let entries = self.template.root.get(section).map_or(&[][..], Node::entries);
        let names: Vec<&str> = entries.iter().filter_map(|(key, _)| key.as_str()).collect();
        let whole = names.len() == entries.len() && !names.iter().any(|name| name.contains("::") || *name == "<<");
        whole.then_some(names)
    }

    /// A name of a condition.
    fn condition(&mut self, node: &Node, pointer: &str) {
        let Some(name) = node.as_str().filter(|name| !name.contains(['{', '<'])) else { return };
        let Some(known) = self.names("Conditions").filter(|known| !known.contains(&name)) else { return };
        let finding = self.say(pointer, node, format!("there is no condition `{}`", shown(name)));
        if let Some(near) = nearest(name, known) {
            finding.help(format!("did you mean `{near}`?"));
        }
    }

    /// Looks at the functions within a value that name conditions and maps.
    fn functions(&mut self, root: &'a Node, pointer: &str, among_conditions: bool) {
        root.visit(pointer, |Visit { node, pointer, .. }| {
            if let Some(call) = Call::of(node) {
                match (call.name, call.argument.items()) {
                    ("If", [condition, _, _]) if Call::of(condition).is_none() => self.condition(condition, pointer),
                    ("FindInMap", [map, first, second]) => self.map([map, first, second], pointer),
                    ("Condition", _) if among_conditions => self.condition(call.argument, pointer),
                    _ => {}
                }
            }
            true
        });
    }

    /// What `FindInMap` names, as far as it says it itself.
    fn map(&mut self, [map, first, second]: [&'a Node; 3], pointer: &str) {
        let said = |node: &'a Node| node.as_str().filter(|text| Call::of(node).is_none() && !text.contains(['{', '<']));
        let (Some(name), Some(known)) = (said(map), self.names("Mappings")) else { return };
        let Some(found) = self.template.section("Mappings", name) else {
            let finding = self.say(pointer, map, format!("there is no mapping `{}`", shown(name)));
            if let Some(near) = nearest(name, known) {
                finding.help(format!("did you mean `{near}`?"));
            }
            return;
        };
        let entries = found.entries();
        if entries.iter().any(|(key, _)| key.as_str().is_none_or(|key| key.contains("::") || key == "<<")) {
            return;
        }
        let chosen: Vec<&Node> = match said(first) {
            Some(key) => match found.get(key) {
                Some(entry) => vec![entry],
                None => {
                    self.say(pointer, first, format!("the mapping `{}` has no `{}`", shown(name), shown(key)));
                    return;
                }
            },
            None => entries.iter().map(|(_, entry)| entry).collect(),
        };
        let Some(key) = said(second) else { return };
        if !chosen.is_empty() && chosen.iter().all(|entry| entry.get(key).is_none() && !entry.entries().is_empty()) {
            self.say(pointer, second, format!("the mapping `{}` has no `{}` there", shown(name), shown(key)));
        }
    }
}

fn shown(text: &str) -> String {
    text.chars().take(80).collect()
}
