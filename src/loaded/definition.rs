//! The definition of a state machine, from wherever its resource has it.

use std::path::{Component, Path, PathBuf};
use std::sync::Arc;

use indexmap::IndexMap;
use serde_json::Value;

use crate::asl::program::{Unknown, Unknowns};
use crate::source::{BARE, Kind, Limits, Node, Pointer, Schema, parse_all, parse_json};

use super::embedded::Embedded;
use super::intrinsic::Call;
use super::placeholder::{placeholders, replace};
use super::resolve::{Assumed, Resolved, Resolver};
use super::template::Resource;
use super::value::{key, text, value};
use super::{Document, FaultKind, Joined, LoadFault, Overlay, Place, is_definition, uploaded};

/// The longest definition that substitutions may make.
const MAX_DEFINITION: usize = 4 << 20;

/// Where a definition was found.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum DefinitionSource {
    /// In a file of its own: `DefinitionUri`, or a bare ASL file.
    File,
    /// As a value in the template: `Definition`.
    Inline,
    /// As JSON in a text in the template: `DefinitionString`.
    Text,
}

/// The definition of a state machine as it is written: `${Name}` stands wherever something is put in later.
#[derive(Debug, Clone)]
pub struct Definition {
    /// How it was given.
    pub source: DefinitionSource,
    /// The document that holds it.
    pub document: usize,
    /// The JSON Pointer of the definition in that document; empty if the document is the definition.
    pub pointer: String,
    /// The definition. Its spans are places in the document. A [`BARE`] text stands for any value.
    pub root: Arc<Node>,
}

impl Definition {
    /// The place of a node of the definition; `pointer` is below the definition.
    pub fn place(&self, pointer: &str, node: &Node) -> Place {
        Place { document: self.document, pointer: format!("{}{pointer}", self.pointer), span: node.span }
    }
}

/// What is put in for a `${Name}` in a definition.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Substitution {
    /// The value, as far as it is known before the stack is deployed.
    pub value: Value,
    /// What the value rests on.
    pub assumed: Vec<Assumed>,
    /// The logical id of the resource that the value refers to, if it does.
    pub logical_id: Option<String>,
    /// Where `DefinitionSubstitutions` gives it (the key). `None` if a function of the template within the definition does.
    pub given: Option<Place>,
}

/// Makes the substitutions of a definition, and notes where values stand that only a deployment says.
pub(super) struct Substituting<'a> {
    pub(super) substitutions: &'a IndexMap<String, Substitution>,
    /// Whether the `${Name}` that nothing is given for will have a value all the same: that of a definition on its own.
    pub(super) more: bool,
    /// Whether all that a deployment may decide otherwise stays a `${Name}`, parameters with defaults too. Without it, a text
    /// stands in where there is one.
    pub(super) open: bool,
    pub(super) unknowns: Unknowns,
}

impl Substituting<'_> {
    /// The definition with its substitutions made.
    pub(super) fn value(&mut self, node: &Node, pointer: &Pointer) -> Value {
        match &node.kind {
            Kind::String(from) => self.text(from, node.tag.as_deref() == Some(BARE), pointer),
            Kind::Sequence(items) => {
                let items = items.iter().enumerate();
                items.map(|(at, item)| self.value(item, &pointer.index(at))).collect()
            }
            Kind::Mapping(entries) => {
                let mut fields = serde_json::Map::new();
                for (name, value) in entries {
                    let name = self.put(&key(name), None);
                    let value = self.value(value, &pointer.child(&name));
                    fields.insert(name, value);
                }
                Value::Object(fields)
            }
            _ => value(node),
        }
    }

    fn text(&mut self, from: &str, bare: bool, pointer: &Pointer) -> Value {
        // A function that stands alone in the definition gives its value as it is, not as a text.
        let alone = from.strip_prefix("${").and_then(|rest| rest.strip_suffix('}'));
        if let Some(substitution) = alone.and_then(|name| self.substitutions.get(name))
            && substitution.given.is_none()
            && !substitution.value.is_string()
            && !self.leaves(substitution)
        {
            return substitution.value.clone();
        }
        let put = self.put(from, Some(pointer));
        if bare { serde_json::from_str(&put).unwrap_or(Value::String(put)) } else { Value::String(put) }
    }

    /// Whether the `${Name}` stays.
    fn leaves(&self, substitution: &Substitution) -> bool {
        let is_unknown = |assumed: &Assumed| matches!(assumed, Assumed::Unknown(_) | Assumed::Missing(_));
        match self.open {
            true => !substitution.assumed.is_empty(),
            false => !substitution.value.is_string() && substitution.assumed.iter().any(is_unknown),
        }
    }

    fn put(&mut self, from: &str, pointer: Option<&Pointer>) -> String {
        let mut found = Vec::new();
        let put = replace(from, MAX_DEFINITION, |name| {
            let Some(substitution) = self.substitutions.get(name) else {
                if self.more {
                    found.push((name.to_owned(), false, false));
                }
                return None;
            };
            let leaves = self.leaves(substitution);
            let asked = substitution.assumed.iter().find_map(|assumed| match assumed {
                Assumed::Missing(name) => Some((name.clone(), true)),
                Assumed::Unknown(what) => Some((what.clone(), false)),
                Assumed::Parameter(name) if self.open => Some((name.clone(), true)),
                Assumed::Condition(name) if self.open => Some((name.clone(), false)),
                _ => None,
            });
            if let Some((asked, parameter)) = asked {
                let asked = if asked.starts_with("Fn::") { name.to_owned() } else { asked };
                found.push((asked, parameter, !leaves));
            }
            (!leaves).then(|| text(&substitution.value))
        });
        for (name, parameter, stands_in) in found {
            if let Some(pointer) = pointer {
                self.unknowns.add(Unknown { pointer: pointer.clone(), name, parameter, stands_in });
            }
        }
        put
    }
}

/// A tree out of YAML in which a `${Name}` that stands alone without quotes is [`BARE`]: what is put in for it is YAML too.
fn with_bare(node: &Node, document: &str) -> Node {
    let kind = match &node.kind {
        Kind::String(text) if document.get(node.span.start..).is_some_and(|rest| rest.starts_with("${")) => {
            let alone =
                text.strip_prefix("${").and_then(|rest| rest.strip_suffix('}')).is_some_and(|name| !name.contains('$'));
            let tag = if alone { Some(BARE.to_owned()) } else { node.tag.clone() };
            return Node { kind: node.kind.clone(), span: node.span, tag };
        }
        Kind::Sequence(items) => Kind::Sequence(items.iter().map(|item| with_bare(item, document)).collect()),
        Kind::Mapping(entries) => {
            Kind::Mapping(entries.iter().map(|(key, value)| (key.clone(), with_bare(value, document))).collect())
        }
        other => other.clone(),
    };
    Node { kind, span: node.span, tag: node.tag.clone() }
}

/// Reads definitions out of a template.
pub(super) struct Definitions<'a, 'b> {
    pub(super) resolver: &'a Resolver<'a>,
    pub(super) resources: &'a IndexMap<String, Resource>,
    pub(super) documents: &'b mut Vec<Document>,
    pub(super) faults: &'b mut Vec<LoadFault>,
    pub(super) overlay: &'b Overlay,
    /// What is known of a template that was joined or synthesized.
    pub(super) joined: Option<&'b Joined>,
}

impl Definitions<'_, '_> {
    /// The `DefinitionSubstitutions` of a state machine.
    pub(super) fn given(&self, node: &Node, place: impl Fn(&str, &Node) -> Place) -> IndexMap<String, Substitution> {
        let entries = node.entries().iter();
        let given = entries.filter(|_| Call::of(node).is_none()).map(|(name_node, value)| {
            let name = key(name_node);
            let place = place(&name, name_node);
            (name, Substitution { given: Some(place), ..self.substitution(value) })
        });
        given.collect()
    }

    fn substitution(&self, node: &Node) -> Substitution {
        let logical_id = super::references::references(node)
            .into_iter()
            .find_map(|reference| self.resources.contains_key(&reference.name).then_some(reference.name));
        let Resolved { value, assumed } = self.resolver.resolve(node);
        Substitution { value, assumed, logical_id, given: None }
    }

    /// A definition in a file beside the template.
    pub(super) fn file(&mut self, template: usize, node: &Node, place: &Place) -> Option<Definition> {
        let here = &self.documents.get(template)?.path;
        let (uri, path) = match node.as_str().filter(|_| Call::of(node).is_none()) {
            Some(uri) if !uri.starts_with("s3://") && !uri.contains("${") => (uri.to_owned(), beside(here, uri)),
            _ => self.uploaded(template, node)?,
        };
        let uri = uri.as_str();
        let document = match self.documents.iter().position(|document| document.path == path) {
            Some(document) => document,
            None => {
                let document = self.read(&path, uri, place)?;
                self.documents.push(document);
                self.documents.len() - 1
            }
        };
        let Document { root, source, json, .. } = &self.documents[document];
        let root = match root.clone()? {
            root if !json && source.text.contains("${") => Arc::new(with_bare(&root, &source.text)),
            root => root,
        };
        Some(Definition { source: DefinitionSource::File, document, pointer: String::new(), root })
    }

    /// A definition in a file that a service reads itself, and may be a part of: `machines.yml#/stateMachines/a`. Its functions are the service's.
    pub(super) fn part(
        &mut self,
        template: usize,
        node: &Node,
        made: &mut IndexMap<String, Substitution>,
    ) -> Option<Definition> {
        let (uri, pointer) = node.as_str()?.split_once('#')?;
        let path = beside(&self.documents.get(template)?.path, uri);
        let document = self.documents.iter().position(|known| known.path == path)?;
        let root = self.documents.get(document)?.root.as_ref()?.pointer(pointer)?.clone();
        let place = Place { document, pointer: pointer.to_owned(), span: root.span };
        let definition = self.inline(&root, &place, made)?;
        Some(Definition { source: DefinitionSource::File, ..definition })
    }

    /// The file that was, or will be, uploaded as an object: its name, and where it is here.
    fn uploaded(&self, template: usize, node: &Node) -> Option<(String, PathBuf)> {
        let key = match node.as_str().filter(|_| Call::of(node).is_none()) {
            Some(uri) => uri.rsplit('/').next()?.to_owned(),
            None => self.resolver.text(node.get("Key")?),
        };
        let asset = self.joined.and_then(|joined| joined.asset(&key)).cloned();
        let here = &self.documents.get(template)?.path;
        let path = asset.or_else(|| uploaded::file(here, &key, self.overlay))?;
        Some((key, path))
    }

    /// Reads the file that `DefinitionUri` names, if it holds a definition. Whatever else it may hold is nobody's business here, so
    /// none of it is kept.
    fn read(&mut self, path: &Path, uri: &str, place: &Place) -> Option<Document> {
        let mut faults = Vec::new();
        let refused = match Document::read(path, self.documents.len(), &mut faults, self.overlay) {
            Ok(mut document) if is_readable_definition(&document) => {
                as_yaml(&mut document, &mut faults);
                self.faults.extend(faults);
                return Some(document);
            }
            Ok(_) => format!("`{uri}` is not a state machine definition: it needs `StartAt` and `States`"),
            Err(fault) if !self.overlay.has(path) => format!("`{uri}` does not exist: {}", fault.message),
            Err(fault) => {
                let reason = fault.message.strip_prefix("cannot read the file: ").unwrap_or(&fault.message);
                format!("`{uri}` cannot be read: {reason}")
            }
        };
        let help = Some(format!("the path is relative to the template: `{}`", path.display()));
        self.faults.push(LoadFault { kind: FaultKind::NoDefinition, place: place.clone(), message: refused, help });
        None
    }

    /// A definition that is a value in the template; its functions become substitutions, as SAM makes them.
    pub(super) fn inline(
        &self,
        node: &Node,
        place: &Place,
        made: &mut IndexMap<String, Substitution>,
    ) -> Option<Definition> {
        if Call::of(node).is_some_and(|call| call.name != "ToJsonString") {
            return None;
        }
        let root = Arc::new(self.without_functions(node, made));
        let (document, pointer) = (place.document, place.pointer.clone());
        Some(Definition { source: DefinitionSource::Inline, document, pointer, root })
    }

    fn without_functions(&self, node: &Node, made: &mut IndexMap<String, Substitution>) -> Node {
        if let Some(call) = Call::of(node).filter(|call| call.name != "Condition") {
            let text = self.function_text(call, node, made);
            return Node { kind: Kind::String(text), span: node.span, tag: None };
        }
        let kind = match &node.kind {
            Kind::Sequence(items) => {
                Kind::Sequence(items.iter().map(|item| self.without_functions(item, made)).collect())
            }
            Kind::Mapping(entries) => {
                let entries = entries.iter().map(|(key, value)| (key.clone(), self.without_functions(value, made)));
                Kind::Mapping(entries.collect())
            }
            other => other.clone(),
        };
        Node { kind, span: node.span, tag: None }
    }

    /// A function as a text with `${Name}` for what it puts in.
    fn function_text(&self, call: Call<'_>, node: &Node, made: &mut IndexMap<String, Substitution>) -> String {
        let name = match call.name {
            "Sub" => {
                let Some((template, given)) = call.sub() else { return String::new() };
                let text = template.as_str().unwrap_or_default();
                self.sub_variables(text, given, made);
                return text.replace("${!", "${");
            }
            "Ref" => call.text().map(str::to_owned),
            "GetAtt" => call.attribute().map(|(id, attribute)| format!("{id}.{attribute}")),
            _ => None,
        };
        // An import is called by its name, so that it can be given.
        let name = name.or_else(|| {
            let import = call.text().filter(|_| call.name == "ImportValue")?;
            let named = placeholders(&format!("${{{import}}}")).any(|placeholder| placeholder.name == import);
            (named && !self.resources.contains_key(import)).then(|| import.to_owned())
        });
        let name = name.unwrap_or_else(|| format!("{}{}", call.name, made.len() + 1));
        made.entry(name.clone()).or_insert_with(|| self.substitution(node));
        format!("${{{name}}}")
    }

    fn sub_variables(&self, text: &str, given: &[(Node, Node)], made: &mut IndexMap<String, Substitution>) {
        for placeholder in placeholders(text).filter(|placeholder| !placeholder.name.starts_with('!')) {
            let name = placeholder.name;
            if made.contains_key(name) {
                continue;
            }
            let substitution = match given.iter().find(|(key, _)| key.as_str() == Some(name)) {
                Some((_, value)) => self.substitution(value),
                None => {
                    let id = name.split('.').next().unwrap_or(name);
                    let logical_id = self.resources.contains_key(id).then(|| id.to_owned());
                    let Resolved { value, assumed } = self.resolver.resolve_variable(name);
                    Substitution { value, assumed, logical_id, given: None }
                }
            };
            made.insert(name.to_owned(), substitution);
        }
    }

    /// A definition that is JSON in a text: as it stands, through `Fn::Sub`, or put together by `Fn::Join`.
    pub(super) fn text(
        &mut self,
        node: &Node,
        place: &Place,
        made: &mut IndexMap<String, Substitution>,
    ) -> Option<Definition> {
        let mut embedded = Embedded::default();
        match Call::of(node) {
            None => self.piece(node, place.document, &mut embedded),
            Some(call) if call.name == "ToJsonString" => return self.inline(call.argument, place, made),
            Some(call) if call.name == "Sub" => {
                let (template, given) = call.sub()?;
                self.sub_variables(template.as_str()?, given, made);
                self.piece(template, place.document, &mut embedded);
                embedded.unescape();
            }
            Some(call) if call.name == "Join" => self.join(call, place.document, &mut embedded, made)?,
            Some(_) => return None,
        }
        let parsed = parse_json(&embedded.text, Limits::TEMPLATE);
        let faults = parsed.faults.into_iter().map(|fault| (FaultKind::NotJson, fault));
        let duplicates = parsed.duplicates.into_iter().map(|fault| (FaultKind::DuplicateKey, fault));
        for (kind, fault) in faults.chain(duplicates) {
            let fault = embedded.placed_fault(fault);
            let place = Place { span: fault.span.unwrap_or(node.span), ..place.clone() };
            self.faults.push(LoadFault { kind, place, message: fault.message, help: fault.help });
        }
        let root = Arc::new(embedded.placed(parsed.root?));
        Some(Definition {
            source: DefinitionSource::Text,
            document: place.document,
            pointer: place.pointer.clone(),
            root,
        })
    }

    fn piece(&self, node: &Node, document: usize, embedded: &mut Embedded) {
        let said = node.as_str().unwrap_or_default();
        let text = self.documents.get(document).map_or("", |document| document.source.text.as_str());
        let raw = text.get(node.span.start..node.span.end).unwrap_or_default();
        embedded.scalar(said, raw, node.span.start);
    }

    fn join(
        &self,
        call: Call<'_>,
        document: usize,
        embedded: &mut Embedded,
        made: &mut IndexMap<String, Substitution>,
    ) -> Option<()> {
        let [separator, pieces] = call.argument.items() else { return None };
        let separator = separator.as_str()?;
        if Call::of(pieces).is_some() {
            return None;
        }
        for (at, piece) in pieces.items().iter().enumerate() {
            if at > 0 {
                embedded.stand_in(separator, piece.span);
            }
            match Call::of(piece) {
                Some(call) => embedded.stand_in(&self.function_text(call, piece, made), piece.span),
                None if piece.as_str().is_some() => self.piece(piece, document, embedded),
                None => embedded.stand_in(&text(&value(piece)), piece.span),
            }
        }
        Some(())
    }
}

/// Whether a file holds a definition, or what is left of one. An empty file has nothing to hide.
fn is_readable_definition(document: &Document) -> bool {
    match &document.root {
        Some(root) => is_definition(root),
        None => document.source.text.trim().is_empty() || document.source.text.contains("StartAt"),
    }
}

/// SAM uploads the file to S3, and Step Functions' resource handler reads that as JSON or else as YAML: a comma too many is no fault
/// then ([`DefinitionProcessor`](https://github.com/aws-cloudformation/aws-cloudformation-resource-providers-stepfunctions), read
/// 2026-11-28).
fn as_yaml(document: &mut Document, faults: &mut [LoadFault]) {
    if !faults.iter().any(|fault| fault.kind == FaultKind::NotJson) {
        return;
    }
    let parsed = parse_all(&document.source.text, Limits::TEMPLATE, Schema::Core);
    let Some(root) = parsed.root.filter(|root| parsed.faults.is_empty() && is_definition(root)) else { return };
    faults.iter_mut().filter(|f| f.kind == FaultKind::NotJson).for_each(|f| f.kind = FaultKind::JsonAsYaml);
    document.root.get_or_insert_with(|| Arc::new(root));
}

/// The path that a template's relative path leads to, without the `.` and `..` that can be worked out.
pub(super) fn beside(template: &Path, uri: &str) -> PathBuf {
    let joined = template.parent().unwrap_or(Path::new("")).join(uri);
    let mut path = PathBuf::new();
    for component in joined.components() {
        match component {
            Component::CurDir => {}
            Component::ParentDir if matches!(path.components().next_back(), Some(Component::Normal(_))) => {
                path.pop();
            }
            other => path.push(other),
        }
    }
    path
}
