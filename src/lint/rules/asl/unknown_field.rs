use crate::aws::states::StateType;
use crate::lint::near::{nearest, only_near};
use crate::lint::rule::rule;
use crate::lint::schema::{Field, Shape, scope_shape, shapes};
use crate::lint::{Findings, Fix, MachineView};
use crate::loaded::{below, has_placeholder};
use crate::source::Node;

rule! {
    /// Unknown field
    ///
    /// # What it does
    /// Reports fields that this type of state, a retrier, a catcher or another part of a definition does not have. (For choice
    /// rules see [ASL024](#asl024-choice-operator).)
    ///
    /// Source: [the Amazon States Language](https://states-language.net/spec.html).
    ///
    /// # Why is this bad
    /// Step Functions refuses the definition: ``Field 'Foo' is not supported``. This includes custom fields meant as comments; use
    /// `Comment` for them.
    ///
    /// # Example
    /// ```json
    /// "Put": { "Type": "Task", "Resource": "arn:aws:states:::dynamodb:putItem", "Paramters": {}, "End": true }
    /// ```
    ///
    /// # Use instead
    /// ```json
    /// "Put": { "Type": "Task", "Resource": "arn:aws:states:::dynamodb:putItem", "Parameters": {}, "End": true }
    /// ```
    pub(super) static RULE: "ASL005", "unknown-field", Error = Machine(check);
}

fn check(machine: &MachineView<'_>, findings: &mut Findings<'_>) {
    for scope in &machine.scopes {
        look(machine, scope_shape(scope), scope.node, &scope.pointer, findings);
    }
    for state in &machine.states {
        shapes(state, |shape, node, pointer| {
            if shape != Shape::ChoiceRule {
                look(machine, shape, node, pointer, findings);
            }
        });
    }
}

fn look(machine: &MachineView<'_>, shape: Shape, node: &Node, pointer: &str, findings: &mut Findings<'_>) {
    let fields = shape.fields();
    for (key, _) in node.entries() {
        let Some(name) = key.as_str().filter(|name| shape.field(name).is_none() && !has_placeholder(name)) else {
            continue;
        };
        // What is misplaced rather than unknown has a rule of its own.
        if name == "QueryLanguage" && matches!(shape, Shape::Branch | Shape::Processor) {
            continue;
        }
        let meant = missing(fields, node, name).or_else(|| near(fields, name));
        if shape.grows() && meant.is_none() {
            continue;
        }
        let shown: String = name.chars().take(60).collect();
        let message = format!("{} has no field `{shown}`: the definition is refused", shape.describe());
        let finding = findings.add(machine.place(&below(pointer, name), key), message);
        let only = only_near(name, fields.iter().map(|field| field.name)).filter(|name| node.get(name).is_none());
        if let Some(help) = dollar(shape, name) {
            finding.help(help);
        } else if let Some(only) = only {
            finding.help(format!("did you mean `{only}`?"));
            finding.fix(Fix::rename(machine.definition.document, machine.text(), key, only));
        } else if let Some(meant) = meant {
            finding.help(format!("did you mean `{meant}`?"));
        } else if let Some(help) = elsewhere(shape, name) {
            finding.help(help);
        }
    }
}

/// A field that is required and not there, if the name resembles it at all.
fn missing(fields: &'static [Field], node: &Node, name: &str) -> Option<&'static str> {
    let missing = fields.iter().filter(|field| field.required && node.get(field.name).is_none());
    nearest(name, missing.map(|field| field.name))
}

fn near(fields: &'static [Field], name: &str) -> Option<&'static str> {
    nearest(name, fields.iter().map(|field| field.name))
}

/// What is said of a field that only payload templates can have.
fn dollar(shape: Shape, name: &str) -> Option<String> {
    let plain = name.strip_suffix(".$").filter(|plain| shape.field(plain).is_some())?;
    let path = format!("{plain}Path");
    let instead = if shape.field(&path).is_some() { &path } else { plain };
    Some(format!("`.$` belongs to fields of payload templates; the field is called `{instead}`"))
}

/// Where the field would be right.
fn elsewhere(shape: Shape, name: &str) -> Option<String> {
    let Shape::State(_) = shape else { return None };
    let having = StateType::ALL.iter().filter(|known| Shape::State(**known).field(name).is_some());
    let types: Vec<_> = having.map(|known| known.as_str()).collect();
    match types.as_slice() {
        [] => Some("what is said for people stands in `Comment`".to_owned()),
        types => Some(format!("it is a field of {}", types.join(", "))),
    }
}
