//! The [manifest](https://docs.aws.amazon.com/cdk/api/v2/docs/cloud-assembly-schema-readme.html) of a cloud assembly.

use std::collections::HashMap;
use std::path::{Component, Path, PathBuf};

use serde_json::Value;

use crate::loaded::LoadError;
use crate::source::Source;

/// The name of the file.
const MANIFEST: &str = "manifest.json";
/// The largest manifest, or list of metadata, that is read.
const MAX_SIZE: usize = 64 << 20;
/// How deep assemblies may stand in each other.
const MAX_DEPTH: usize = 8;

/// An assembly: that of the app, or that of a stage.
#[derive(Debug, Clone)]
pub(super) struct Assembly {
    pub(super) directory: PathBuf,
    /// The name of the stage.
    pub(super) stage: Option<String>,
    pub(super) stacks: Vec<Stack>,
}

/// A stack of an assembly.
#[derive(Debug, Clone)]
pub(super) struct Stack {
    /// What the manifest calls it.
    pub(super) id: String,
    /// What it is deployed as.
    pub(super) name: String,
    /// The path of its construct.
    pub(super) display: String,
    pub(super) template: String,
    /// The account and the Region.
    pub(super) environment: String,
    /// The stacks and other artifacts that it depends on.
    pub(super) dependencies: Vec<String>,
    /// The lists of the files that it uploads.
    pub(super) asset_manifests: Vec<String>,
    /// What is known of its constructs.
    pub(super) metadata: Vec<Value>,
}

impl Stack {
    pub(super) fn answers_to(&self, name: &str) -> bool {
        [&self.id, &self.name, &self.display, &self.template].into_iter().any(|own| own == name)
    }
}

/// Whether a directory is a cloud assembly.
pub fn is_assembly(directory: &Path) -> bool {
    let path = directory.join(MANIFEST);
    let read = || Source::read_up_to(&path, MAX_SIZE).ok();
    path.is_file()
        && read().is_some_and(|source| source.text.contains("\"artifacts\"") && source.text.contains("\"version\""))
}

/// The assembly in a directory, and those of its stages, which stand behind it.
pub(super) fn read(directory: &Path) -> Result<Vec<Assembly>, LoadError> {
    let mut assemblies = Vec::new();
    let mut rest = vec![(directory.to_owned(), None, 0)];
    while let Some((directory, stage, depth)) = rest.pop() {
        let manifest = json(&directory.join(MANIFEST))?;
        let artifacts = manifest.get("artifacts").and_then(Value::as_object).into_iter().flatten();
        let mut assembly = Assembly { stage, stacks: Vec::new(), directory };
        let mut inner = Vec::new();
        for (id, artifact) in artifacts {
            let properties = &artifact["properties"];
            match artifact["type"].as_str() {
                Some("aws:cloudformation:stack") => assembly.stacks.extend(stack(id, artifact, &assembly.directory)),
                Some("cdk:cloud-assembly") if depth < MAX_DEPTH => {
                    let Some(name) = properties["directoryName"].as_str().filter(|name| is_inside(name)) else {
                        continue;
                    };
                    let stage = properties["displayName"].as_str().or(id.strip_prefix("assembly-")).unwrap_or(id);
                    inner.push((assembly.directory.join(name), Some(stage.to_owned()), depth + 1));
                }
                _ => {}
            }
        }
        // The first that is put in is the last that is taken out.
        rest.extend(inner.into_iter().rev());
        assemblies.push(assembly);
    }
    Ok(assemblies)
}

fn stack(id: &str, artifact: &Value, directory: &Path) -> Option<Stack> {
    let properties = &artifact["properties"];
    let template = properties["templateFile"].as_str().filter(|name| is_inside(name))?;
    let texts = |value: &Value| -> Vec<String> {
        value.as_array().into_iter().flatten().filter_map(Value::as_str).map(str::to_owned).collect()
    };
    let mut metadata: Vec<Value> = artifact.get("metadata").cloned().into_iter().collect();
    if let Some(file) = artifact["additionalMetadataFile"].as_str().filter(|name| is_inside(name)) {
        // Without it the lines of the program are not known, and nothing else.
        metadata.extend(json(&directory.join(file)));
    }
    let dependencies = texts(&artifact["dependencies"]);
    let lists = dependencies.iter().filter_map(|id| id.strip_suffix(".assets").map(|_| format!("{id}.json")));
    Some(Stack {
        id: id.to_owned(),
        name: properties["stackName"].as_str().unwrap_or(id).to_owned(),
        display: artifact["displayName"].as_str().unwrap_or(id).to_owned(),
        template: template.to_owned(),
        environment: artifact["environment"].as_str().unwrap_or_default().to_owned(),
        asset_manifests: lists.collect(),
        dependencies,
        metadata,
    })
}

/// The files that a stack uploads, by the keys of their objects.
pub(super) fn assets(directory: &Path, stack: &Stack) -> HashMap<String, PathBuf> {
    let mut assets = HashMap::new();
    for list in stack.asset_manifests.iter().filter(|name| is_inside(name)) {
        // Without it definitions are not known, and nothing else.
        let Ok(list) = json(&directory.join(list)) else { continue };
        for (_, file) in list.get("files").and_then(Value::as_object).into_iter().flatten() {
            let path = file["source"]["path"].as_str().filter(|_| file["source"]["packaging"] != "zip");
            let Some(path) = path else { continue };
            for (_, destination) in file["destinations"].as_object().into_iter().flatten() {
                if let Some(key) = destination["objectKey"].as_str() {
                    assets.insert(key.to_owned(), plain(&directory.join(path)));
                }
            }
        }
    }
    assets
}

/// A path without the `..` that can be worked out: the assets of stages lie in the app's directory.
fn plain(path: &Path) -> PathBuf {
    let mut plain = PathBuf::new();
    for component in path.components() {
        match component {
            Component::ParentDir if matches!(plain.components().next_back(), Some(Component::Normal(_))) => {
                plain.pop();
            }
            other => plain.push(other),
        }
    }
    plain
}

/// Whether a name leads to a file in the same directory or below it.
fn is_inside(name: &str) -> bool {
    Path::new(name).components().all(|component| matches!(component, Component::Normal(_) | Component::CurDir))
}

fn json(path: &Path) -> Result<Value, LoadError> {
    let unreadable = |reason: String| LoadError::Unreadable { path: path.to_owned(), reason };
    let source = Source::read_up_to(path, MAX_SIZE).map_err(|(_, fault)| {
        unreadable(fault.message.strip_prefix("cannot read the file: ").unwrap_or(&fault.message).to_owned())
    })?;
    serde_json::from_str(&source.text).map_err(|error| unreadable(format!("it is not JSON: {error}")))
}
