use super::{place, shown};
use crate::aws::cloudformation::OF_OUTPUTS;
use crate::lint::Findings;
use crate::lint::near::only_near;
use crate::loaded::{Call, LoadedTemplate, below};
use crate::source::{Kind, Node};

/// Looks at an entry of `Outputs`.
pub(super) fn check(template: &LoadedTemplate, key: &Node, output: &Node, findings: &mut Findings<'_>) {
    let Some(name) = key.as_str().filter(|name| !name.starts_with("Fn::") && *name != "<<") else { return };
    if !matches!(output.kind, Kind::Mapping(_)) || Call::of(output).is_some() {
        return;
    }
    let pointer = below("/Outputs", name);
    let by_tool =
        output.entries().iter().any(|(key, _)| key.as_str().is_none_or(|key| key.contains("::") || key == "<<"));
    if output.get("Value").is_none() && !by_tool {
        let message = format!("the output `{}` has no `Value`: the template is refused", shown(name));
        findings.add(place(template, &pointer, key), message);
    }
    for (key, _) in output.entries() {
        let Some(field) = key.as_str().filter(|field| !OF_OUTPUTS.contains(field)) else { continue };
        let Some(near) = only_near(field, OF_OUTPUTS) else { continue };
        let message = format!("an output has no `{}`: the template is refused", shown(field));
        findings.add(place(template, &below(&pointer, field), key), message).help(format!("did you mean `{near}`?"));
    }
}
