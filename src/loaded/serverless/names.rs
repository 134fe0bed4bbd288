//! The logical ids that the framework gives what a service declares, and that resources and definitions refer to it by.

use std::collections::HashMap;

use crate::loaded::intrinsic::Call;
use crate::source::{Kind, Node};

/// What the framework calls things, and what the service calls them.
#[derive(Debug, Default)]
pub(super) struct Names(HashMap<String, String>);

impl Names {
    /// A function: `resize-image` is `ResizeDashimageLambdaFunction`
    /// ([naming](https://www.serverless.com/framework/docs/providers/aws/guide/resources)).
    pub(super) fn function(&mut self, key: &str) {
        self.0.insert(format!("{}LambdaFunction", normal(key)), key.to_owned());
    }

    /// A state machine: by its `id` or its name, or else `recordStepFunctionsStateMachine`, as serverless-step-functions names it.
    pub(super) fn machine(&mut self, key: &str, named: Option<&str>) {
        let id = named.map_or_else(|| format!("{}StepFunctionsStateMachine", normal(key)), normal);
        self.0.insert(id, key.to_owned());
    }

    /// A value in which references name things as the service does.
    pub(super) fn own(&self, node: Node) -> Node {
        if let Some(renamed) = self.reference(&node) {
            return renamed;
        }
        let kind = match node.kind {
            Kind::Sequence(items) => Kind::Sequence(items.into_iter().map(|item| self.own(item)).collect()),
            Kind::Mapping(entries) => {
                Kind::Mapping(entries.into_iter().map(|(key, value)| (key, self.own(value))).collect())
            }
            other => other,
        };
        Node { kind, ..node }
    }

    /// `Ref`, `Fn::GetAtt` or `Fn::Sub` with the names of the service.
    fn reference(&self, node: &Node) -> Option<Node> {
        let call = Call::of(node)?;
        let argument = match (call.name, &call.argument.kind) {
            ("Ref", Kind::String(id)) => Kind::String(self.0.get(id)?.clone()),
            ("GetAtt", Kind::String(path)) => {
                let (id, attribute) = path.split_once('.')?;
                Kind::String(format!("{}.{attribute}", self.0.get(id)?))
            }
            ("GetAtt", Kind::Sequence(items)) => {
                let name = self.0.get(items.first()?.as_str()?)?;
                let first = Node { kind: Kind::String(name.clone()), ..items.first()?.clone() };
                Kind::Sequence(std::iter::once(first).chain(items.iter().skip(1).cloned()).collect())
            }
            ("Sub", Kind::String(text)) => Kind::String(self.in_text(text)),
            _ => return None,
        };
        let argument = Node { kind: argument, ..call.argument.clone() };
        if call.short {
            return Some(argument);
        }
        let (key, _) = node.entries().first()?;
        Some(Node { kind: Kind::Mapping(vec![(key.clone(), argument)]), ..node.clone() })
    }

    fn in_text(&self, text: &str) -> String {
        self.0.iter().fold(text.to_owned(), |text, (id, name)| {
            text.replace(&format!("${{{id}}}"), &format!("${{{name}}}"))
                .replace(&format!("${{{id}."), &format!("${{{name}."))
        })
    }
}

/// A name as the framework writes it in logical ids.
fn normal(name: &str) -> String {
    let name = name.replace('-', "Dash").replace('_', "Underscore");
    let mut letters = name.chars();
    let first: String = letters.next().into_iter().flat_map(char::to_uppercase).collect();
    first + letters.as_str()
}
