use std::collections::HashMap;
use std::path::PathBuf;

use indexmap::IndexMap;

use crate::loaded::{LoadedTemplate, Place};

/// What is known of a stack that was joined from several templates, or synthesized by a framework.
#[derive(Debug, Clone, Default)]
pub struct Joined {
    /// What it is called: the directory of a cloud assembly, or the template that names the others.
    pub name: PathBuf,
    /// The stage of the app that it is.
    pub stage: Option<String>,
    /// The stacks that it is made of, by the paths of their constructs.
    pub stacks: Vec<String>,
    /// Whether a framework wrote the templates: what is wrong in them is mended elsewhere.
    pub synthesized: bool,
    /// The templates as they are written.
    pub written: Vec<LoadedTemplate>,
    /// Where each resource of the joined template comes from.
    pub origins: IndexMap<String, Origin>,
    /// The files that are uploaded, by the keys of their objects.
    pub(in crate::loaded) assets: HashMap<String, PathBuf>,
}

impl Joined {
    /// The file that is uploaded under a key.
    pub(in crate::loaded) fn asset(&self, key: &str) -> Option<&PathBuf> {
        self.assets.get(key)
    }

    /// Puts the resources of a template in their places.
    pub(in crate::loaded) fn place(&self, template: &mut LoadedTemplate) {
        for resource in template.resources.values_mut() {
            if let Some(origin) = self.origins.get(&resource.logical_id) {
                resource.place = origin.place.clone();
            }
        }
    }
}

/// A line of a program.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Frame {
    /// Its file, as it is found from here.
    pub path: PathBuf,
    /// The line, counted from 1.
    pub line: usize,
    /// The column, counted from 1.
    pub column: usize,
}

/// Where a resource comes from.
#[derive(Debug, Clone, PartialEq)]
pub struct Origin {
    /// Its logical id as its own template has it.
    pub written: String,
    /// Where it stands.
    pub place: Place,
    /// The path of the construct that made it: `Data/Files`.
    pub construct: Option<String>,
    /// The lines of the program that made it: first the innermost.
    pub frames: Vec<Frame>,
}
