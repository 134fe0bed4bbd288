//! Generated stacks as trees that faults can be planted in.

use bucketbook::catalog;
use bucketbook::source::{Kind, Node, Source, parse};
use bucketbook::spec::Document;
use serde_json::{Map, Value, json};

/// A generated stack.
#[derive(Clone)]
pub(crate) struct Stack {
    /// The template, with its functions in the long form.
    pub(crate) template: Value,
    /// The definitions, by path.
    pub(crate) definitions: Vec<(String, Value)>,
}

/// A stack with one fault in it, as texts.
pub(crate) struct Mutant {
    /// Where the fault is.
    pub(crate) place: String,
    pub(crate) template: String,
    pub(crate) definitions: Vec<(String, String)>,
}

impl Stack {
    /// The stack of a spec.
    pub(crate) fn generate(spec: &str) -> Self {
        let document = Document::parse(Source::new("bucketbook.yaml", spec)).map_err(|(_, fault)| fault).unwrap();
        let files = catalog::stack(&document.spec).unwrap().files().unwrap();
        let template = files.iter().find(|file| file.path == "template.yaml").unwrap();
        let template = json(&parse(&Source::new("template.yaml", template.text.clone())).unwrap().unwrap());
        let definitions = files.iter().filter(|file| file.path.ends_with(".asl.json"));
        let definitions = definitions.map(|file| (file.path.clone(), serde_json::from_str(&file.text).unwrap()));
        Self { template, definitions: definitions.collect() }
    }

    /// As texts.
    pub(crate) fn mutant(&self, place: String) -> Mutant {
        let text = |value: &Value| serde_json::to_string_pretty(value).unwrap();
        Mutant {
            place,
            template: text(&self.template),
            definitions: self.definitions.iter().map(|(path, value)| (path.clone(), text(value))).collect(),
        }
    }
}

/// A YAML tree as JSON, with CloudFormation's tags in the long form.
fn json(node: &Node) -> Value {
    let value = match &node.kind {
        Kind::Null => Value::Null,
        Kind::Bool(value) => json!(value),
        Kind::Integer(value) => json!(value),
        Kind::Float(value) => json!(value),
        Kind::String(text) => json!(text),
        Kind::Sequence(items) => items.iter().map(json).collect(),
        Kind::Mapping(entries) => {
            let entries = entries.iter().map(|(key, value)| (key.as_str().unwrap().to_owned(), json(value)));
            Value::Object(entries.collect())
        }
    };
    match (node.tag.as_deref(), &value) {
        (None, _) => value,
        (Some("Ref"), _) => json!({"Ref": value}),
        (Some("Condition"), _) => json!({"Condition": value}),
        (Some("GetAtt"), Value::String(text)) => {
            let (resource, attribute) = text.split_once('.').unwrap();
            json!({"Fn::GetAtt": [resource, attribute]})
        }
        (Some(tag), _) => json!({format!("Fn::{tag}"): value}),
    }
}

/// Every value below a value with its pointer and the key that it stands under, outermost first.
pub(crate) fn all(root: &Value) -> Vec<(String, String, &Value)> {
    let mut found = Vec::new();
    let mut rest = vec![(String::new(), String::new(), root)];
    while let Some((pointer, key, value)) = rest.pop() {
        match value {
            Value::Object(fields) => {
                for (name, value) in fields.iter().rev() {
                    let token = name.replace('~', "~0").replace('/', "~1");
                    rest.push((format!("{pointer}/{token}"), name.clone(), value));
                }
            }
            Value::Array(items) => {
                for (at, value) in items.iter().enumerate().rev() {
                    rest.push((format!("{pointer}/{at}"), key.clone(), value));
                }
            }
            _ => {}
        }
        found.push((pointer, key, value));
    }
    found
}

/// A copy without a field, if it was there.
pub(crate) fn without(fields: &Map<String, Value>, name: &str) -> Option<Value> {
    let mut copy = fields.clone();
    copy.shift_remove(name).map(|_| Value::Object(copy))
}

/// A copy with a field set.
pub(crate) fn with(fields: &Map<String, Value>, name: &str, value: Value) -> Value {
    let mut copy = fields.clone();
    copy.insert(name.to_owned(), value);
    Value::Object(copy)
}

/// A copy in which a field that was there has another value.
pub(crate) fn changed(fields: &Map<String, Value>, name: &str, value: Value) -> Option<Value> {
    fields.contains_key(name).then(|| with(fields, name, value))
}

/// A copy in which a field has another name, in the same place.
pub(crate) fn renamed(fields: &Map<String, Value>, from: &str, to: &str) -> Option<Value> {
    fields.contains_key(from).then(|| {
        let entry = |(name, value): (&String, &Value)| (if name == from { to } else { name }.to_owned(), value.clone());
        Value::Object(fields.iter().map(entry).collect())
    })
}

/// A word with two letters swapped, or one doubled where that is all it has.
pub(crate) fn misspelt(word: &str) -> String {
    let letters: Vec<char> = word.chars().collect();
    let middle = letters.len() / 2;
    match (middle..letters.len().saturating_sub(1)).find(|at| letters[*at] != letters[at + 1]) {
        Some(at) => {
            let mut letters = letters;
            letters.swap(at, at + 1);
            letters.into_iter().collect()
        }
        None => format!("{word}{}", letters.last().unwrap_or(&'x')),
    }
}
