use std::path::{Path, PathBuf};
use std::sync::Arc;

use crate::source::{Fault, Limits, Node, Parsed, Schema, Source, parse_all, parse_json};

use super::{FaultKind, LoadFault, Overlay, Place};

/// A file that a stack is made of.
#[derive(Debug, Clone)]
pub struct Document {
    /// Its path, as the user or the template gave it.
    pub path: PathBuf,
    /// The text of the document, which knows lines and columns.
    pub source: Source,
    /// What it holds; `None` if no sense can be made of it.
    pub root: Option<Arc<Node>>,
    /// Whether it is read as JSON.
    pub json: bool,
}

impl Document {
    /// Reads a file; what is wrong with its text goes to `faults`.
    pub(super) fn read(
        path: &Path,
        index: usize,
        faults: &mut Vec<LoadFault>,
        overlay: &Overlay,
    ) -> Result<Self, Fault> {
        match overlay.read(path) {
            Ok(source) => Ok(Self::parse(path.to_owned(), source, index, faults)),
            // It is there, and it is not text.
            Err((source, fault)) if !source.text.is_empty() => {
                push(faults, index, FaultKind::NotText, fault);
                Ok(Self { path: path.to_owned(), source, root: None, json: false })
            }
            Err((_, fault)) => Err(fault),
        }
    }

    /// Makes a document of a text: JSON if its name or its first character says so, else YAML.
    pub(super) fn parse(path: PathBuf, source: Source, index: usize, faults: &mut Vec<LoadFault>) -> Self {
        let json = is_json(&path, &source.text);
        let Parsed { root, faults: found, duplicates, .. } =
            if json { parse_json(&source.text, Limits::TEMPLATE) } else { parse_yaml(&source.text) };
        let kind = if json { FaultKind::NotJson } else { FaultKind::NotYaml };
        found.into_iter().for_each(|fault| push(faults, index, kind, fault));
        duplicates.into_iter().for_each(|fault| push(faults, index, FaultKind::DuplicateKey, fault));
        Self { path, source, root: root.map(Arc::new), json }
    }
}

pub(super) fn push(faults: &mut Vec<LoadFault>, document: usize, kind: FaultKind, fault: Fault) {
    let place = Place { document, pointer: String::new(), span: fault.span.unwrap_or_default() };
    faults.push(LoadFault { kind, place, message: fault.message, help: fault.help });
}

/// Whether a document is a template: it declares resources that have types.
pub(crate) fn is_template(root: &Node) -> bool {
    root.get("AWSTemplateFormatVersion").is_some()
        || root.get("Resources").is_some_and(|resources| {
            let typed = |node: &Node| node.get("Type").and_then(Node::as_str).is_some_and(|t| t.contains("::"));
            resources.entries().iter().any(|(key, value)| typed(value) || key.as_str() == Some("Fn::Transform"))
        })
}

/// Whether a document is a definition.
pub(crate) fn is_definition(root: &Node) -> bool {
    root.get("States").is_some() || root.get("StartAt").is_some()
}

/// Reads a template by the rules of YAML 1.1, and a definition by those of YAML 1.2.
fn parse_yaml(text: &str) -> Parsed {
    let parsed = parse_all(text, Limits::TEMPLATE, Schema::Core);
    if parsed.schema_matters && parsed.root.as_ref().is_some_and(is_template) {
        return parse_all(text, Limits::TEMPLATE, Schema::Yaml11);
    }
    parsed
}

fn is_json(path: &Path, text: &str) -> bool {
    match path.extension().and_then(|extension| extension.to_str()) {
        Some("json") => true,
        Some("yaml" | "yml") => false,
        _ => text.trim_start().starts_with(['{', '"']),
    }
}
