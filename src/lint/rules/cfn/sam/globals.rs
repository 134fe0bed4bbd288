//! The section `Globals`.

use crate::aws::sam::GLOBALS;
use crate::lint::Findings;
use crate::lint::near::nearest;
use crate::loaded::{Call, LoadedTemplate, Place, below};
use crate::source::{Kind, Node};

pub(super) fn check(template: &LoadedTemplate, findings: &mut Findings<'_>) {
    let Some(globals) = template.root.get("Globals") else { return };
    let place = |pointer: &str, node: &Node| Place {
        document: template.document,
        pointer: format!("/Globals{pointer}"),
        span: node.span,
    };
    if !matches!(globals.kind, Kind::Mapping(_)) {
        findings.add(place("", globals), "SAM refuses the template: `Globals` must be a mapping");
        return;
    }
    for (key, properties) in globals.entries() {
        let Some(section) = key.as_str().filter(|section| !section.contains("::")) else { continue };
        let sections = GLOBALS.iter().map(|(name, _)| *name);
        let pointer = below("", section);
        let Some((_, known)) = GLOBALS.iter().find(|(name, _)| *name == section) else {
            let message = format!("SAM refuses the template: `Globals` has no section `{}`", shown(section));
            said(findings.add(place(&pointer, key), message), section, sections);
            continue;
        };
        for (key, _) in properties.entries().iter().filter(|_| Call::of(properties).is_none()) {
            let Some(name) = key.as_str().filter(|name| !known.contains(name) && !name.contains("::")) else {
                continue;
            };
            let message = format!("SAM refuses the template: `Globals` takes no `{}` for `{section}`", shown(name));
            said(findings.add(place(&below(&pointer, name), key), message), name, known.iter().copied());
        }
    }
}

fn shown(name: &str) -> String {
    name.chars().take(80).collect()
}

fn said<'a>(finding: &mut crate::lint::Finding, name: &str, known: impl Iterator<Item = &'a str>) {
    if let Some(near) = nearest(name, known) {
        finding.help(format!("did you mean `{near}`?"));
    }
}
