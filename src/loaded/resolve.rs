//! What a template's values will be, as far as that is known before anything is deployed.

use std::cell::RefCell;
use std::collections::HashMap;

use serde_json::{Map, Value};

use crate::aws::ResourceType;
use crate::source::{Kind, Node};

use super::intrinsic::Call;
use super::placeholder::replace;
use super::stand_in;
use super::template::LoadedTemplate;
use super::value::{key, text, value};

/// How far functions may lead to each other: a name that is made of names, a condition of conditions.
const MAX_STEPS: usize = 160;
/// The longest text that functions may make.
const MAX_TEXT: usize = 1 << 16;
/// The longest name that a resource may have here, so that names made of names cannot grow without bound.
const MAX_NAME: usize = 1 << 10;

/// Evaluates intrinsic functions. Parameters have their defaults, resources the names and ARNs of [`stand_in`], conditions
/// are computed from these.
pub struct Resolver<'a> {
    template: &'a LoadedTemplate,
    names: RefCell<HashMap<String, String>>,
    conditions: RefCell<HashMap<String, bool>>,
    /// What the value that is being evaluated rests on.
    assumed: RefCell<Vec<Assumed>>,
}

/// A value, and what had to be assumed to have it before the stack is deployed.
#[derive(Debug, Clone, PartialEq)]
pub struct Resolved {
    /// The value under these assumptions.
    pub value: Value,
    /// The assumptions. Names and ARNs of the template's own resources are none: they stand for themselves.
    pub assumed: Vec<Assumed>,
}

/// Something that only the deployment of a stack decides.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Assumed {
    /// A parameter has its default, or a value that somebody gave.
    Parameter(String),
    /// A parameter has no default.
    Missing(String),
    /// Nothing says what a value is: an import, an attribute of a resource. The text says what is asked for.
    Unknown(String),
    /// A condition holds, or does not.
    Condition(String),
}

impl<'a> Resolver<'a> {
    /// A resolver of the values of a template.
    pub fn new(template: &'a LoadedTemplate) -> Self {
        Self { template, names: RefCell::default(), conditions: RefCell::default(), assumed: RefCell::default() }
    }

    /// The value of a node, with every function in it evaluated.
    pub fn value(&self, node: &Node) -> Value {
        self.at(node, MAX_STEPS)
    }

    /// The value of a node, and what it rests on.
    pub fn resolve(&self, node: &Node) -> Resolved {
        self.assumed.take();
        let value = self.value(node);
        Resolved { value, assumed: self.assumed.take() }
    }

    /// What `${name}` in an `Fn::Sub` is, and what that rests on.
    pub fn resolve_variable(&self, name: &str) -> Resolved {
        self.assumed.take();
        let value = match name.contains('.') {
            true => self.variable(name).into(),
            false => self.reference(name, MAX_STEPS),
        };
        Resolved { value, assumed: self.assumed.take() }
    }

    fn assume(&self, assumed: Assumed) {
        let mut all = self.assumed.borrow_mut();
        if !all.contains(&assumed) {
            all.push(assumed);
        }
    }

    /// The value of a function that leads nowhere before the stack is deployed.
    fn unknown(&self, what: impl Into<String>) -> Value {
        self.assume(Assumed::Unknown(what.into()));
        Value::Null
    }

    /// The value of a node as a text.
    pub fn text(&self, node: &Node) -> String {
        text(&self.value(node))
    }

    /// What `${name}` in an `Fn::Sub` is: a parameter, a resource, an attribute of one.
    pub fn variable(&self, name: &str) -> String {
        self.variable_at(name, MAX_STEPS)
    }

    fn at(&self, node: &Node, steps: usize) -> Value {
        self.present(node, steps).unwrap_or(Value::Null)
    }

    /// The value of a node; `None` where `AWS::NoValue` takes it away, by itself or as what an `Fn::If` comes to.
    fn present(&self, node: &Node, steps: usize) -> Option<Value> {
        let Some(steps) = steps.checked_sub(1) else { return Some(Value::Null) };
        match Call::of(node) {
            Some(call) if call.is_no_value() => None,
            Some(call) if call.name == "If" => match self.chosen(call, steps) {
                Some(chosen) => self.present(chosen, steps),
                None => Some(self.unknown("Fn::If")),
            },
            Some(call) if call.name != "Condition" => Some(self.call(call, steps)),
            _ => Some(self.plain(node, steps)),
        }
    }

    /// What an `Fn::If` comes to.
    fn chosen<'n>(&self, call: Call<'n>, steps: usize) -> Option<&'n Node> {
        let items = call.argument.items();
        let holds = items.first().and_then(Node::as_str).is_none_or(|name| {
            self.assume(Assumed::Condition(name.to_owned()));
            self.condition(name, steps)
        });
        items.get(if holds { 1 } else { 2 })
    }

    /// A value whose own tag does not count.
    fn plain(&self, node: &Node, steps: usize) -> Value {
        match &node.kind {
            Kind::Sequence(items) => Value::Array(items.iter().filter_map(|item| self.present(item, steps)).collect()),
            Kind::Mapping(entries) => {
                let entries = entries.iter().filter_map(|(k, v)| Some((key(k), self.present(v, steps)?)));
                Value::Object(entries.collect::<Map<_, _>>())
            }
            _ => value(node),
        }
    }

    fn argument(&self, call: Call<'_>, steps: usize) -> Value {
        if call.short { self.plain(call.argument, steps) } else { self.at(call.argument, steps) }
    }

    fn call(&self, call: Call<'_>, steps: usize) -> Value {
        let items = call.argument.items();
        let item = |at: usize| items.get(at).map(|node| self.at(node, steps));
        match call.name {
            "Ref" => call.text().map_or(Value::Null, |name| self.reference(name, steps)),
            "GetAtt" => call.attribute().map_or(Value::Null, |(id, name)| self.attribute(id, name, steps).into()),
            "Sub" => self.sub(call, steps).into(),
            "Join" => match (item(0), item(1)) {
                (Some(separator), Some(Value::Array(values))) => {
                    let mut joined = values.iter().map(text).collect::<Vec<_>>().join(&text(&separator));
                    joined.truncate(joined.floor_char_boundary(MAX_TEXT));
                    joined.into()
                }
                _ => self.unknown("Fn::Join"),
            },
            "Select" => match (item(0).and_then(|at| text(&at).parse::<usize>().ok()), item(1)) {
                (Some(at), Some(Value::Array(values))) => {
                    values.get(at).cloned().unwrap_or_else(|| self.unknown("Fn::Select"))
                }
                _ => self.unknown("Fn::Select"),
            },
            "Split" => match (item(0), item(1)) {
                (Some(Value::String(by)), Some(Value::String(text))) if !by.is_empty() => {
                    text.split(&by).map(Value::from).collect()
                }
                _ => self.unknown("Fn::Split"),
            },
            "If" => self.chosen(call, steps).map_or(Value::Null, |chosen| self.at(chosen, steps)),
            "FindInMap" => self.find_in_map(items, steps),
            "ImportValue" => {
                let name = text(&self.argument(call, steps));
                self.assume(Assumed::Unknown(name.clone()));
                Value::String(format!("imported-{name}"))
            }
            "GetAZs" => ["a", "b", "c"].iter().map(|zone| format!("{}{zone}", stand_in::REGION)).collect(),
            "Base64" => self.argument(call, steps),
            "ToJsonString" => self.argument(call, steps).to_string().into(),
            "Length" => match self.argument(call, steps) {
                Value::Array(values) => values.len().into(),
                _ => self.unknown("Fn::Length"),
            },
            "Equals" | "Not" | "And" | "Or" => self.holds(call, steps).into(),
            name => self.unknown(format!("Fn::{name}")),
        }
    }

    fn reference(&self, name: &str, steps: usize) -> Value {
        if let Some(pseudo) = stand_in::pseudo(name) {
            return pseudo.into();
        }
        if let Some(parameter) = self.template.section("Parameters", name) {
            return self.parameter(name, parameter);
        }
        if !self.template.resources.contains_key(name) {
            self.assume(Assumed::Unknown(name.to_owned()));
        }
        self.resource(name, steps).into()
    }

    fn parameter(&self, name: &str, parameter: &Node) -> Value {
        let of_type = parameter.get("Type").and_then(Node::as_str).unwrap_or_default();
        let list = of_type.contains("List");
        let given = self.template.parameters.get(name).map(|text| Value::from(text.as_str()));
        let given = given.or_else(|| parameter.get("Default").map(value));
        self.assume(match given {
            Some(_) => Assumed::Parameter(name.to_owned()),
            None => Assumed::Missing(name.to_owned()),
        });
        match given.or_else(|| Some(value(parameter.get("AllowedValues")?.items().first()?))) {
            Some(Value::String(text)) if list => text.split(',').map(|item| Value::from(item.trim())).collect(),
            Some(Value::String(text)) if of_type == "Number" => {
                text.trim().parse().map_or(Value::String(text), Value::Number)
            }
            Some(value) => value,
            None if list => Value::Array(vec![name.into()]),
            // Only a number can stand in for one.
            None if of_type == "Number" => parameter.get("MinValue").map_or(Value::from(1), value),
            None => stand_in::parameter(name).into(),
        }
    }

    /// What `Ref` of a resource is.
    fn resource(&self, logical_id: &str, steps: usize) -> String {
        let resource_type = self.type_of(logical_id);
        let name = self.name(logical_id, steps);
        match ResourceType::of(resource_type) {
            Some(ResourceType::SqsQueue) => {
                format!("https://sqs.{}.amazonaws.com/{}/{name}", stand_in::REGION, stand_in::ACCOUNT)
            }
            Some(known) if known.ref_is_arn() => stand_in::resource_arn(resource_type, &name),
            _ => name,
        }
    }

    fn type_of(&self, logical_id: &str) -> &'a str {
        match self.template.resources.get(logical_id) {
            Some(resource) => &resource.resource_type,
            // SAM makes a role of this name for each function and state machine.
            None if logical_id.ends_with("Role") => ResourceType::IamRole.as_str(),
            None => "",
        }
    }

    /// The name of a resource: the one that it gives itself, or else one made of its logical id.
    pub fn physical_name(&self, logical_id: &str) -> String {
        self.name(logical_id, MAX_STEPS)
    }

    /// The ARN of a resource.
    pub fn arn(&self, logical_id: &str) -> String {
        stand_in::resource_arn(self.type_of(logical_id), &self.physical_name(logical_id))
    }

    fn name(&self, logical_id: &str, steps: usize) -> String {
        if let Some(name) = self.names.borrow().get(logical_id) {
            return name.clone();
        }
        let resource_type = self.type_of(logical_id);
        let default = stand_in::name(resource_type, logical_id);
        // Whoever asks for the name while it is being made (a circle) gets the default.
        self.names.borrow_mut().insert(logical_id.to_owned(), default.clone());
        // A name stands for itself, whatever it is made of.
        let assumed = self.assumed.take();
        let given = ResourceType::of(resource_type)
            .and_then(ResourceType::name_property)
            .and_then(|property| self.template.properties(logical_id)?.get(property))
            .map(|node| text(&self.at(node, steps)));
        self.assumed.replace(assumed);
        let mut name = given.filter(|name| !name.is_empty() && name != "null").unwrap_or(default);
        name.truncate(name.floor_char_boundary(MAX_NAME));
        self.names.borrow_mut().insert(logical_id.to_owned(), name.clone());
        name
    }

    fn attribute(&self, logical_id: &str, attribute: &str, steps: usize) -> String {
        let resource_type = self.type_of(logical_id);
        let name = self.name(logical_id, steps);
        match attribute {
            "Arn" | "TopicArn" | "Ref" => stand_in::resource_arn(resource_type, &name),
            "Name" | "QueueName" | "TopicName" | "RoleName" => name,
            "QueueUrl" => self.resource(logical_id, steps),
            "StreamArn" => format!("{}/stream/2020-01-01T00:00:00.000", stand_in::resource_arn(resource_type, &name)),
            _ => {
                self.assume(Assumed::Unknown(format!("{logical_id}.{attribute}")));
                format!("{logical_id}.{attribute}")
            }
        }
    }

    fn variable_at(&self, name: &str, steps: usize) -> String {
        match name.split_once('.') {
            Some((id, attribute)) if self.template.resources.contains_key(id) => self.attribute(id, attribute, steps),
            _ => text(&self.reference(name, steps)),
        }
    }

    fn sub(&self, call: Call<'_>, steps: usize) -> String {
        let Some((template, given)) = call.sub() else { return String::new() };
        replace(template.as_str().unwrap_or_default(), MAX_TEXT, |name| {
            if let Some(literal) = name.strip_prefix('!') {
                return Some(format!("${{{literal}}}"));
            }
            match given.iter().find(|(key, _)| key.as_str() == Some(name)) {
                Some((_, value)) => Some(text(&self.at(value, steps))),
                None => Some(self.variable_at(name, steps)),
            }
        })
    }

    fn find_in_map(&self, items: &[Node], steps: usize) -> Value {
        let keys: Vec<String> = items.iter().take(3).map(|node| text(&self.at(node, steps))).collect();
        let [map, first, second] = keys.as_slice() else { return Value::Null };
        let found = self.template.section("Mappings", map).and_then(|map| map.get(first)?.get(second));
        found.map_or_else(|| self.unknown("Fn::FindInMap"), value)
    }

    /// Whether a condition of the template holds. One that is not declared does.
    pub fn condition_holds(&self, name: &str) -> bool {
        self.condition(name, MAX_STEPS)
    }

    fn condition(&self, name: &str, steps: usize) -> bool {
        if let Some(known) = self.conditions.borrow().get(name) {
            return *known;
        }
        self.conditions.borrow_mut().insert(name.to_owned(), true);
        let holds = self.template.section("Conditions", name).is_none_or(|node| self.holds_node(node, steps));
        self.conditions.borrow_mut().insert(name.to_owned(), holds);
        holds
    }

    fn holds_node(&self, node: &Node, steps: usize) -> bool {
        let Some(steps) = steps.checked_sub(1) else { return true };
        match Call::of(node) {
            Some(call) if call.name == "Condition" => call.text().is_none_or(|name| self.condition(name, steps)),
            Some(call) => self.holds(call, steps),
            None => true,
        }
    }

    fn holds(&self, call: Call<'_>, steps: usize) -> bool {
        let items = call.argument.items();
        match call.name {
            "Equals" => match items {
                [a, b] => text(&self.at(a, steps)) == text(&self.at(b, steps)),
                _ => true,
            },
            "Not" => items.first().is_none_or(|item| !self.holds_node(item, steps)),
            "And" => items.iter().all(|item| self.holds_node(item, steps)),
            "Or" => items.iter().any(|item| self.holds_node(item, steps)),
            _ => true,
        }
    }
}
