//! The stack of a spec, generated or held against its files, for the lenses of `bucketbook.yaml`.

use std::path::{Path, PathBuf};

use crate::catalog;
use crate::files::{Allowed, Done, Status, compare, update};
use crate::graph;
use crate::loaded::LoadedStack;
use crate::source::Source;
use crate::spec::Document;
use crate::stack::{self, GeneratedFiles};

/// The stack of a spec, and where its files are.
pub(super) struct Generated {
    files: GeneratedFiles,
    out: PathBuf,
}

impl Generated {
    /// The stack of the spec in a file.
    pub(super) fn of(path: &Path, text: &str) -> Result<Self, String> {
        let document = Document::parse(Source::new("", text)).map_err(|(_, fault)| fault.message)?;
        let stack = catalog::stack(&document.spec).map_err(|error| error.to_string())?;
        let mut files = stack.files().map_err(|error| error.to_string())?;
        for picture in graph::pictures(&files) {
            files.add(picture).map_err(|error| error.to_string())?;
        }
        let name = path.file_name().and_then(|name| name.to_str()).unwrap_or_default();
        let out = path.parent().unwrap_or(Path::new("")).join("out");
        Ok(Self { files: stack::made_from(files, name, None), out })
    }

    /// The stack as if its files were read.
    pub(super) fn loaded(&self) -> LoadedStack {
        LoadedStack::from_rendered(self.files.iter().map(|file| (file.path.as_str(), file.text.as_str())))
    }

    fn differing(&self) -> Vec<String> {
        let Ok(compared) = compare(&self.out, &self.files) else { return Vec::new() };
        let differs = |status: &Status| matches!(status, Status::Missing | Status::Changed { .. });
        compared.files.into_iter().filter(|file| differs(&file.status)).map(|file| file.path).collect()
    }

    /// Whether the files are those of the spec, in a few words.
    pub(super) fn in_step(&self) -> String {
        match self.differing().len() {
            0 => "check: in step".to_owned(),
            1 => "check: 1 file differs".to_owned(),
            more => format!("check: {more} files differ"),
        }
    }

    /// The files that are not those of the spec, a line each.
    pub(super) fn differences(&self) -> String {
        let lines: Vec<String> = self.differing().iter().map(|path| format!("differs  {path}\n")).collect();
        if lines.is_empty() { "every file is in step\n".to_owned() } else { lines.concat() }
    }

    /// Writes the files, but over none that was edited.
    pub(super) fn generate(&self) -> Result<String, String> {
        let done = update(&self.out, &self.files, Allowed::default()).map_err(|error| error.to_string())?;
        let line = |(path, done): (String, Done)| {
            let word = match done {
                Done::Created => "created",
                Done::Updated | Done::Overwritten(..) => "updated",
                Done::Unchanged => "unchanged",
                Done::Removed => "removed",
                Done::Kept(_) => "left alone",
            };
            format!("{word:<10} {path}\n")
        };
        Ok(done.into_iter().map(line).collect())
    }
}
