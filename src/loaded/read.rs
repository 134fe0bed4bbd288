//! A stack from a text, or from texts that belong together.

use std::path::PathBuf;
use std::sync::Arc;

use indexmap::IndexMap;

use super::{
    Document, LoadFault, LoadedMachine, LoadedStack, MachineType, Overlay, include, is_definition, is_template,
    serverless,
};
use crate::source::Source;

impl LoadedStack {
    /// Reads a stack from a text: a template, or a definition. Files that a template names are looked for beside `name`.
    ///
    /// # Errors
    /// The text is neither; the stack that comes back holds its faults.
    pub fn from_text(name: impl Into<PathBuf>, text: impl Into<String>) -> Result<Self, Box<Self>> {
        let path = name.into();
        let source = Source::new(path.display().to_string(), text);
        let mut faults = Vec::new();
        let document = Document::parse(path, source, 0, &mut faults);
        Self::from_document(document, faults, &Overlay::default(), false)
    }

    /// Reads a stack from texts that are nowhere on disk: a template, and the files that it names, each with its path from
    /// the template's directory.
    ///
    /// # Errors
    /// The first is no template; the stack that comes back holds its faults.
    pub fn from_texts<'a>(
        template: (&'a str, &'a str),
        others: impl IntoIterator<Item = (&'a str, &'a str)>,
    ) -> Result<Self, Box<Self>> {
        let mut stack = Self::default();
        let Self { documents, faults, .. } = &mut stack;
        for (path, text) in std::iter::once(template).chain(others) {
            let source = Source::new(path, text);
            documents.push(Document::parse(PathBuf::from(path), source, documents.len(), faults));
        }
        let root = stack.documents.first().and_then(|document| document.root.clone());
        match root.filter(|root| is_template(root)) {
            Some(root) => stack.read_template(root, IndexMap::new(), &Overlay::default()),
            None => return Err(Box::new(stack)),
        }
        Ok(stack)
    }

    /// The stack that files make which were rendered and are not on disk: `template.yaml` and its definitions, by path.
    pub fn from_rendered<'a>(files: impl IntoIterator<Item = (&'a str, &'a str)>) -> Self {
        let (templates, others): (Vec<_>, Vec<_>) = files.into_iter().partition(|(path, _)| *path == "template.yaml");
        let template = templates.first().copied().unwrap_or(("template.yaml", ""));
        let definitions = others.into_iter().filter(|(path, _)| path.ends_with(".asl.json"));
        Self::from_texts(template, definitions).unwrap_or_else(|broken| *broken)
    }

    /// Makes a stack of a definition on its own, whose machine is of a known type.
    pub fn from_definition(name: impl Into<PathBuf>, text: impl Into<String>, machine_type: MachineType) -> Self {
        let path = name.into();
        let source = Source::new(path.display().to_string(), text);
        let mut faults = Vec::new();
        let document = Document::parse(path, source, 0, &mut faults);
        let mut stack = Self::from_definition_document(document, faults);
        stack.machines.iter_mut().for_each(|machine| machine.machine_type = machine_type);
        stack
    }

    pub(super) fn from_definition_document(document: Document, faults: Vec<LoadFault>) -> Self {
        let machines = document.root.clone().map(LoadedMachine::alone).into_iter().collect();
        Self { machines, documents: vec![document], faults, ..Self::default() }
    }

    pub(super) fn from_document(
        document: Document,
        faults: Vec<LoadFault>,
        overlay: &Overlay,
        join: bool,
    ) -> Result<Self, Box<Self>> {
        let mut stack = Self { faults, ..Self::default() };
        let root = document.root.clone();
        stack.documents.push(document);
        let Some(root) = root else { return Err(Box::new(stack)) };
        let path = stack.documents.first().map(|document| document.path.clone()).unwrap_or_default();
        if let Some((template, files)) = serverless::template(&path, &root, overlay) {
            let template = Arc::new(template);
            if let Some(document) = stack.documents.first_mut() {
                document.root = Some(Arc::clone(&template));
            }
            stack.documents.extend(files);
            stack.read_template(template, IndexMap::new(), overlay);
            return Ok(stack);
        }
        if is_template(&root) {
            let root = include::included(&root, &path, overlay).unwrap_or(root);
            if let Some(document) = stack.documents.first_mut() {
                document.root = Some(Arc::clone(&root));
            }
            if join {
                return Ok(stack.with_nested(root, overlay));
            }
            stack.read_template(root, IndexMap::new(), overlay);
            return Ok(stack);
        }
        if !is_definition(&root) {
            return Err(Box::new(stack));
        }
        stack.machines.push(LoadedMachine::alone(root));
        Ok(stack)
    }
}
