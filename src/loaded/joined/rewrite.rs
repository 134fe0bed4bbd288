//! A part in the words of the joined template: ids as they are there, and in place of what another part gives, what that is.

use crate::aws::cloudformation::Pseudo;
use std::cell::Cell;
use std::collections::HashMap;

use crate::loaded::intrinsic::Call;
use crate::loaded::placeholder::placeholders;
use crate::loaded::resolve::Resolver;
use crate::loaded::template::LoadedTemplate;
use crate::source::{Kind, Node, Span};

use super::Part;
use super::names::Names;

/// How far values may lead from part to part.
const MAX_STEPS: usize = 40;
/// How many values all parts together may come to.
const MAX_VALUES: usize = 2_000_000;

/// Rewrites the parts of a joined template: names, and values that one hands to another.
pub(super) struct Rewriter<'a> {
    parts: &'a [Part],
    names: &'a Names,
    /// Which part exports what under a name.
    exports: HashMap<String, (usize, &'a Node)>,
    /// The parts that are nested, by the part and the id that they are nested as.
    nested: HashMap<(usize, &'a str), usize>,
    left: Cell<usize>,
}

impl<'a> Rewriter<'a> {
    pub(super) fn new(parts: &'a [Part], names: &'a Names) -> Self {
        let nested = parts.iter().enumerate().filter_map(|(at, part)| {
            let (parent, id) = part.inside.as_ref()?;
            Some(((*parent, id.as_str()), at))
        });
        let nested = nested.collect();
        let mut made = Self { parts, names, exports: HashMap::new(), nested, left: Cell::new(MAX_VALUES) };
        made.exports = made.exports();
        made
    }

    fn exports(&self) -> HashMap<String, (usize, &'a Node)> {
        let mut exports = HashMap::new();
        for (at, part) in self.parts.iter().enumerate() {
            let template = LoadedTemplate::read(part.document, part.root.clone());
            let resolver = Resolver::new(&template);
            for (_, output) in part.root.get("Outputs").map_or(&[][..], Node::entries) {
                let name = output.get("Export").and_then(|export| export.get("Name"));
                if let (Some(name), Some(value)) = (name, output.get("Value")) {
                    exports.entry(resolver.text(&self.node(name, at, MAX_STEPS))).or_insert((at, value));
                }
            }
        }
        exports
    }

    /// A whole part: what it declares, without the stacks that are nested in it and joined.
    pub(super) fn part(&self, at: usize) -> Node {
        let Some(part) = self.parts.get(at) else { return empty() };
        let Kind::Mapping(sections) = &part.root.kind else { return empty() };
        let mut kept = Vec::new();
        for (key, section) in sections {
            let name = key.as_str().unwrap_or_default();
            let entries = match name {
                "Resources" => self.resources(at, section),
                "Parameters" => {
                    let open = section.entries().iter().filter(|(key, _)| self.given(at, key).is_none());
                    self.renamed(at, "Parameters", open)
                }
                "Mappings" => self.renamed(at, "Mappings", section.entries().iter()),
                "Conditions" => self.renamed(at, "Conditions", section.entries().iter()),
                _ => continue,
            };
            kept.push((key.clone(), Node { kind: Kind::Mapping(entries), span: section.span, tag: None }));
        }
        Node { kind: Kind::Mapping(kept), span: part.root.span, tag: None }
    }

    fn renamed<'n>(
        &self,
        at: usize,
        section: &'static str,
        entries: impl Iterator<Item = &'n (Node, Node)>,
    ) -> Vec<(Node, Node)> {
        let entries = entries.map(|(key, value)| {
            let name = self.names.other(at, section, key.as_str().unwrap_or_default());
            // What a mapping holds is no function.
            let value = if section == "Conditions" { self.node(value, at, MAX_STEPS) } else { value.clone() };
            (Node { kind: Kind::String(name), ..key.clone() }, value)
        });
        entries.collect()
    }

    fn resources(&self, at: usize, section: &Node) -> Vec<(Node, Node)> {
        let mut resources = Vec::new();
        for (key, body) in section.entries() {
            let id = key.as_str().unwrap_or_default();
            if self.nested.contains_key(&(at, id)) {
                continue;
            }
            let Some(name) = self.names.resource(at, id) else { continue };
            let key = Node { kind: Kind::String(name.to_owned()), ..key.clone() };
            resources.push((key, self.resource(at, body)));
        }
        resources
    }

    fn resource(&self, at: usize, body: &Node) -> Node {
        let Kind::Mapping(entries) = &body.kind else { return body.clone() };
        let mut kept: Vec<(Node, Node)> = entries
            .iter()
            .map(|(key, value)| {
                let value = match key.as_str() {
                    Some("Condition") => self.text(value, |name| self.names.other(at, "Conditions", name)),
                    Some("DependsOn") => self.depends_on(at, value),
                    _ => self.node(value, at, MAX_STEPS),
                };
                (key.clone(), value)
            })
            .collect();
        // A stack that is nested under a condition is there if that holds.
        if body.get("Condition").is_none()
            && let Some(condition) = self.condition_of(at)
        {
            kept.push((string("Condition".to_owned(), body.span), string(condition, body.span)));
        }
        Node { kind: Kind::Mapping(kept), span: body.span, tag: body.tag.clone() }
    }

    /// The condition that a nested part is there under.
    fn condition_of(&self, at: usize) -> Option<String> {
        let mut at = at;
        for _ in 0..MAX_STEPS {
            let (parent, id) = self.parts.get(at)?.inside.as_ref()?;
            let condition = self.parts.get(*parent)?.resource(id)?.get("Condition");
            if let Some(name) = condition.and_then(Node::as_str) {
                return Some(self.names.other(*parent, "Conditions", name));
            }
            at = *parent;
        }
        None
    }

    fn depends_on(&self, at: usize, node: &Node) -> Node {
        let renamed = |node: &Node| {
            let id = node.as_str().unwrap_or_default();
            let joined = self.nested.contains_key(&(at, id));
            let name = self.names.resource(at, id).filter(|_| !joined);
            name.map(|name| Node { kind: Kind::String(name.to_owned()), ..node.clone() })
        };
        let items = match &node.kind {
            Kind::Sequence(items) => items.iter().filter_map(renamed).collect(),
            _ => renamed(node).into_iter().collect(),
        };
        Node { kind: Kind::Sequence(items), span: node.span, tag: None }
    }

    fn text(&self, node: &Node, name: impl Fn(&str) -> String) -> Node {
        match node.as_str() {
            Some(text) => Node { kind: Kind::String(name(text)), ..node.clone() },
            None => node.clone(),
        }
    }

    /// What the part that a part is nested in gives for one of its parameters.
    fn given(&self, at: usize, key: &Node) -> Option<(usize, &'a Node)> {
        let (parent, id) = self.parts.get(at)?.inside.as_ref()?;
        let properties = self.parts.get(*parent)?.resource(id)?.get("Properties")?;
        Some((*parent, properties.get("Parameters")?.get(key.as_str()?)?))
    }

    /// A value of a part in the words of the joined template.
    fn node(&self, node: &Node, at: usize, steps: usize) -> Node {
        let Some(left) = self.left.get().checked_sub(1) else { return node.clone() };
        self.left.set(left);
        if let Some(call) = Call::of(node)
            && let Some(rewritten) = self.call(call, node, at, steps)
        {
            return rewritten;
        }
        let kind = match &node.kind {
            Kind::Sequence(items) => Kind::Sequence(items.iter().map(|item| self.node(item, at, steps)).collect()),
            Kind::Mapping(entries) => {
                let entries = entries.iter().map(|(key, value)| (key.clone(), self.node(value, at, steps)));
                Kind::Mapping(entries.collect())
            }
            other => other.clone(),
        };
        Node { kind, span: node.span, tag: node.tag.clone() }
    }

    /// A function that names something of its part; `None` for one that does not.
    fn call(&self, call: Call<'_>, node: &Node, at: usize, steps: usize) -> Option<Node> {
        let span = node.span;
        match call.name {
            "Ref" => self.reference(call.text()?, at, span, steps),
            "GetAtt" => {
                let (id, attribute) = call.attribute()?;
                self.attribute(id, attribute, at, span, steps)
            }
            "Sub" => self.sub(call, span, at, steps),
            "ImportValue" => {
                let name = match call.text() {
                    Some(name) => name.to_owned(),
                    None => {
                        let template = LoadedTemplate::read(0, self.parts.get(at)?.root.clone());
                        Resolver::new(&template).text(&self.node(call.argument, at, steps))
                    }
                };
                let (part, value) = self.exports.get(&name)?;
                self.elsewhere(value, *part, span, steps)
            }
            // What the CDK writes for references that the producer's stack may drop.
            "GetStackOutput" => {
                let field = |name: &str| call.argument.get(name).and_then(Node::as_str);
                let (stack, output) = (field("StackName")?, field("OutputName")?);
                let part = self.parts.iter().position(|part| part.stack_name.as_deref() == Some(stack))?;
                self.output(part, output, span, steps)
            }
            "If" => {
                let items = call.argument.items();
                let condition = self.text(items.first()?, |name| self.names.other(at, "Conditions", name));
                let rest = items.iter().skip(1).map(|item| self.node(item, at, steps));
                let items = std::iter::once(condition).chain(rest).collect();
                Some(function("Fn::If", Node { kind: Kind::Sequence(items), span, tag: None }))
            }
            "Condition" => {
                let name = self.names.other(at, "Conditions", call.text()?);
                Some(function("Condition", string(name, span)))
            }
            "FindInMap" => {
                let items = call.argument.items();
                let map = self.text(items.first()?, |name| self.names.other(at, "Mappings", name));
                let rest = items.iter().skip(1).map(|item| self.node(item, at, steps));
                let items = std::iter::once(map).chain(rest).collect();
                Some(function("Fn::FindInMap", Node { kind: Kind::Sequence(items), span, tag: None }))
            }
            _ => None,
        }
    }

    fn reference(&self, name: &str, at: usize, span: Span, steps: usize) -> Option<Node> {
        let part = self.parts.get(at)?;
        if name == Pseudo::StackName.as_str() {
            return Some(string(part.stack_name.clone()?, span));
        }
        if let Some(parameter) = part.root.get("Parameters").and_then(|parameters| parameters.get(name)) {
            let Some((parent, value)) = self.given(at, &string(name.to_owned(), span)) else {
                return Some(function("Ref", string(self.names.other(at, "Parameters", name), span)));
            };
            let value = self.elsewhere(value, parent, span, steps)?;
            let of_type = parameter.get("Type").and_then(Node::as_str).unwrap_or_default();
            // A list is handed over as one text.
            let is_list = of_type.contains("List") && !matches!(value.kind, Kind::Sequence(_));
            return Some(match is_list {
                true => {
                    let items = vec![string(",".to_owned(), span), value];
                    function("Fn::Split", Node { kind: Kind::Sequence(items), span, tag: None })
                }
                false => value,
            });
        }
        Some(function("Ref", string(self.names.resource(at, name)?.to_owned(), span)))
    }

    fn attribute(&self, id: &str, attribute: &str, at: usize, span: Span, steps: usize) -> Option<Node> {
        if let (Some(output), Some(nested)) = (attribute.strip_prefix("Outputs."), self.nested_at(at, id)) {
            return self.output(nested, output, span, steps);
        }
        let items = vec![string(self.names.resource(at, id)?.to_owned(), span), string(attribute.to_owned(), span)];
        Some(function("Fn::GetAtt", Node { kind: Kind::Sequence(items), span, tag: None }))
    }

    fn nested_at(&self, at: usize, id: &str) -> Option<usize> {
        self.nested.get(&(at, id)).copied()
    }

    fn output(&self, part: usize, output: &str, span: Span, steps: usize) -> Option<Node> {
        let value = self.parts.get(part)?.root.get("Outputs")?.get(output)?.get("Value")?;
        self.elsewhere(value, part, span, steps)
    }

    /// A value of another part, at the place of whoever asks for it.
    fn elsewhere(&self, value: &Node, part: usize, span: Span, steps: usize) -> Option<Node> {
        Some(self.node(value, part, steps.checked_sub(1)?).moved(span))
    }

    /// A text with `${Name}`: the text stays as it is written, and what its names stand for is given beside it.
    fn sub(&self, call: Call<'_>, span: Span, at: usize, steps: usize) -> Option<Node> {
        let (text, given) = call.sub()?;
        let mut values: Vec<(Node, Node)> =
            given.iter().map(|(key, value)| (key.clone(), self.node(value, at, steps))).collect();
        for placeholder in placeholders(text.as_str().unwrap_or_default()) {
            let name = placeholder.name;
            if name.starts_with('!') || values.iter().any(|(key, _)| key.as_str() == Some(name)) {
                continue;
            }
            let value = match name.split_once('.') {
                Some((id, attribute)) => self.attribute(id, attribute, at, text.span, steps),
                None => self.reference(name, at, text.span, steps),
            };
            // What is called the same in the joined template needs no value of its own.
            if let Some(value) = value.filter(|value| !says(value, name)) {
                values.push((string(name.to_owned(), text.span), value));
            }
        }
        let text = Node { tag: None, ..text.clone() };
        if values.is_empty() {
            return Some(function("Fn::Sub", text));
        }
        let values = Node { kind: Kind::Mapping(values), span, tag: None };
        Some(function("Fn::Sub", Node { kind: Kind::Sequence(vec![text, values]), span, tag: None }))
    }
}

/// Whether a function is what a `${Name}` stands for.
fn says(node: &Node, name: &str) -> bool {
    match Call::of(node) {
        Some(call) if call.name == "Ref" => call.text() == Some(name),
        Some(call) if call.name == "GetAtt" => {
            call.attribute().is_some_and(|(id, attribute)| name.split_once('.') == Some((id, attribute)))
        }
        _ => false,
    }
}

fn string(text: String, span: Span) -> Node {
    Node { kind: Kind::String(text), span, tag: None }
}

fn empty() -> Node {
    Node { kind: Kind::Mapping(Vec::new()), span: Span::default(), tag: None }
}

fn function(name: &str, argument: Node) -> Node {
    let span = argument.span;
    Node { kind: Kind::Mapping(vec![(string(name.to_owned(), span), argument)]), span, tag: None }
}
