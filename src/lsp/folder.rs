//! A folder that is open, and what its settings say.

use std::path::{Path, PathBuf};

use crate::lint::{self, Baseline, Config, Linted, Selection};
use crate::loaded::LoadedStack;
use crate::source::Source;

/// A folder of the client, with the settings that `lint` would read there.
#[derive(Debug, Clone, Default)]
pub(super) struct Folder {
    /// Where it is; empty for files that are in none.
    pub(super) root: PathBuf,
    config: Config,
    selection: Selection,
    baseline: Option<Baseline>,
    /// Why settings or baseline could not be read.
    pub(super) trouble: Option<String>,
}

/// The largest baseline that is read.
const MOST: usize = 16 << 20;

impl Folder {
    /// Reads a folder's settings, and the baseline if there is to be one.
    pub(super) fn read(root: PathBuf, baseline: Option<&Path>) -> Self {
        let mut folder = Self { root, ..Self::default() };
        match Config::read(&folder.root) {
            Ok(config) => folder.config = config,
            Err(error) => folder.trouble = Some(error.to_string()),
        }
        let Config { select, extend_select, ignore, .. } = &folder.config;
        match Selection::new(select, extend_select, ignore) {
            Ok(selection) => folder.selection = selection,
            Err(error) => folder.trouble = Some(error.to_string()),
        }
        if let Some(path) = baseline {
            let path = folder.root.join(path);
            let read = Source::read_up_to(&path, MOST).map_err(|(_, fault)| fault.message);
            match read.and_then(|source| Baseline::parse(&source).map_err(|fault| fault.message)) {
                Ok(baseline) => folder.baseline = Some(baseline),
                Err(reason) => folder.trouble = Some(format!("`{}`: {reason}", path.display())),
            }
        }
        folder
    }

    /// What `lint` finds in a stack, run in this folder.
    pub(super) fn judge(&self, stack: LoadedStack) -> Linted {
        let findings = lint::check(&stack, &self.selection);
        let mut linted = [Linted { stack, findings }];
        // A pattern that is none was said when the settings were read.
        let _ = self.config.leave_out(&mut linted);
        if let Some(baseline) = &self.baseline {
            baseline.subtract(&mut linted);
        }
        let [linted] = linted;
        linted
    }

    /// Names the documents of a stack as `lint` does in this folder: by their paths from here.
    pub(super) fn name_documents(&self, stack: &mut LoadedStack) {
        if self.root.as_os_str().is_empty() {
            return;
        }
        for document in &mut stack.documents {
            if let Ok(path) = document.path.strip_prefix(&self.root).map(Path::to_owned) {
                document.source.name = path.display().to_string();
                document.path = path;
            }
        }
        let prefix = format!("{}{}", self.root.display(), std::path::MAIN_SEPARATOR);
        for fault in &mut stack.faults {
            fault.message = fault.message.replace(&prefix, "");
            fault.help = fault.help.as_ref().map(|help| help.replace(&prefix, ""));
        }
    }
}
