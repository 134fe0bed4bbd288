//! [Cloud assemblies](https://docs.aws.amazon.com/cdk/v2/guide/deploy.html#deploy-how-synth-assemblies): what the CDK synthesizes,
//! a directory with `manifest.json`. The stacks of one that are deployed to the same place become one stack; so do those of each stage.

mod manifest;
mod metadata;
mod sources;

use std::collections::HashMap;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use indexmap::IndexMap;

use super::document::Document;
use super::joined::{Joined, Part, add_nested};
use super::{LoadError, LoadedStack, Overlay};

use manifest::{Assembly, Stack};

pub use manifest::is_assembly;

/// Reads the stacks of a cloud assembly: those that are deployed to one place are one. With a name, the stack or the stage that is
/// called so, with the stacks that it depends on.
///
/// # Errors
/// The manifest, or a template that it names, cannot be read; there is nothing of that name.
pub fn read_assembly(directory: &Path, name: Option<&str>) -> Result<Vec<LoadedStack>, LoadError> {
    let assemblies = manifest::read(directory)?;
    let chosen = match name {
        None => assemblies,
        Some(name) => chosen(assemblies, name, directory)?,
    };
    let mut stacks = Vec::new();
    for assembly in &chosen {
        // What is deployed elsewhere neither hears nor reaches the rest.
        let mut places: IndexMap<&str, Vec<&Stack>> = IndexMap::new();
        for stack in &assembly.stacks {
            places.entry(&stack.environment).or_default().push(stack);
        }
        for together in places.values() {
            stacks.push(joined(assembly, together, directory)?);
        }
    }
    Ok(stacks)
}

/// What is called so: a stage as a whole, or a stack and those that it depends on.
fn chosen(assemblies: Vec<Assembly>, name: &str, directory: &Path) -> Result<Vec<Assembly>, LoadError> {
    let mut known = Vec::new();
    let mut found = Vec::new();
    for mut assembly in assemblies {
        known.extend(assembly.stage.clone());
        known.extend(assembly.stacks.iter().map(|stack| stack.display.clone()));
        if assembly.stage.as_deref() == Some(name) {
            found.push(assembly);
            continue;
        }
        let mut wanted: Vec<String> =
            assembly.stacks.iter().filter(|stack| stack.answers_to(name)).map(|stack| stack.id.clone()).collect();
        let mut at = 0;
        while let Some(id) = wanted.get(at).cloned() {
            let needs = assembly.stacks.iter().find(|stack| stack.id == id).map(|stack| &stack.dependencies);
            let new: Vec<String> = needs.into_iter().flatten().filter(|id| !wanted.contains(id)).cloned().collect();
            wanted.extend(new);
            at += 1;
        }
        assembly.stacks.retain(|stack| wanted.contains(&stack.id));
        if !assembly.stacks.is_empty() {
            found.push(assembly);
        }
    }
    if found.is_empty() {
        return Err(LoadError::NoStack { path: directory.to_owned(), name: name.to_owned(), known });
    }
    Ok(found)
}

fn joined(assembly: &Assembly, stacks: &[&Stack], whole: &Path) -> Result<LoadedStack, LoadError> {
    let (mut documents, mut parts, mut faults) = (Vec::new(), Vec::new(), Vec::new());
    let mut assets: HashMap<String, PathBuf> = HashMap::new();
    for stack in stacks {
        let path = assembly.directory.join(&stack.template);
        let document = Document::read(&path, documents.len(), &mut faults, &Overlay::default())
            .map_err(|fault| LoadError::Unreadable { path: path.clone(), reason: fault.message })?;
        assets.extend(manifest::assets(&assembly.directory, stack));
        if let Some(root) = document.root.clone() {
            parts.push(Part {
                document: documents.len(),
                root,
                stack_name: Some(stack.name.clone()),
                prefix: stack.display.chars().filter(char::is_ascii_alphanumeric).collect(),
                inside: None,
                construct: Some(stack.display.clone()),
                frames: Arc::new(metadata::frames(&assembly.directory, stack)),
            });
        }
        documents.push(document);
    }
    sources::originals(&mut assets, whole);
    let about = Joined {
        name: assembly.directory.clone(),
        stage: assembly.stage.clone(),
        stacks: stacks.iter().map(|stack| stack.display.clone()).collect(),
        synthesized: true,
        assets,
        ..Joined::default()
    };
    let overlay = Overlay::default();
    add_nested(&mut documents, &mut parts, &mut faults, &about, &overlay);
    Ok(LoadedStack::from_parts(documents, &parts, faults, about, &overlay))
}
