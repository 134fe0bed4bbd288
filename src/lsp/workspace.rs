//! The stacks of the open folders, as they are in the editor: what is open counts before what is on disk.

use std::collections::{BTreeMap, BTreeSet, HashMap, HashSet};
use std::path::{Path, PathBuf};

use rayon::prelude::*;

use crate::lint::{Finding, Linted};
use crate::loaded::{FaultKind, LoadedStack, Overlay, files, read_over};

use super::folder::Folder;
use super::pages::Pages;
use super::text::Buffer;

/// A stack, and what `lint` says of it.
#[derive(Debug)]
pub(super) struct Entry {
    /// The folder that it is in, of [`Workspace::folders`].
    pub(super) folder: usize,
    /// The template, or the definition that stands alone.
    pub(super) root: PathBuf,
    /// The files of its documents, in their order.
    pub(super) files: Vec<PathBuf>,
    /// The stack. Its findings count if `judged`.
    pub(super) linted: Linted,
    /// Whether it was judged since it was last read.
    pub(super) judged: bool,
    /// Whether its verdict was not told yet.
    untold: bool,
}

impl Entry {
    /// Which of its documents a file is.
    pub(super) fn document(&self, path: &Path) -> Option<usize> {
        self.files.iter().position(|file| file == path)
    }
}

/// What is open, and what lies in the open folders.
#[derive(Debug, Default)]
pub(super) struct Workspace {
    /// The folders; the first stands for files that are in none.
    pub(super) folders: Vec<Folder>,
    /// The open texts by their files.
    pub(super) buffers: HashMap<PathBuf, Buffer>,
    /// The specs and scenarios, open or not.
    pub(super) pages: Pages,
    overlay: Overlay,
    /// The stacks by the path of their first file.
    entries: BTreeMap<PathBuf, Entry>,
    /// Files of stacks that were read again or are gone: they may belong to none any more.
    left: Vec<PathBuf>,
}

/// How many files of the open folders are read. What is opened is read in any case.
const MOST_FILES: usize = 10_000;

impl Workspace {
    pub(super) fn new(roots: &[PathBuf], baseline: Option<&Path>) -> Self {
        let folders = roots.iter().map(|root| Folder::read(root.clone(), baseline));
        Self { folders: std::iter::once(Folder::default()).chain(folders).collect(), ..Self::default() }
    }

    /// Reads the settings again, and judges everything anew.
    pub(super) fn read_settings(&mut self, baseline: Option<&Path>) {
        for folder in self.folders.iter_mut().skip(1) {
            *folder = Folder::read(folder.root.clone(), baseline);
        }
        self.entries.values_mut().for_each(|entry| entry.judged = false);
    }

    /// The files that may hold stacks, in the order in which they are best read: templates say which definitions are theirs.
    pub(super) fn candidates(&self) -> Vec<PathBuf> {
        let mut found: Vec<PathBuf> = Vec::new();
        for folder in self.folders.iter().skip(1) {
            found.extend(files(&folder.root).unwrap_or_default());
        }
        found.truncate(MOST_FILES);
        found
    }

    /// Reads some files, but those that belong to a stack that was read.
    pub(super) fn read_files(&mut self, paths: &[PathBuf]) {
        let known: HashSet<&PathBuf> = self.entries.values().flat_map(|entry| &entry.files).collect();
        let fresh: Vec<&PathBuf> = paths.iter().filter(|path| !known.contains(path)).collect();
        let overlay = &self.overlay;
        let read = fresh.into_par_iter().map(|path| (path.clone(), read_over(path, overlay)));
        for (path, stack) in read.collect::<Vec<_>>() {
            match stack {
                Some(stack) => self.put(path, stack),
                None if self.buffers.contains_key(&path) => {}
                None => self.pages.read(&path),
            }
        }
        self.settle();
    }

    /// Opens a text, or changes one that is open.
    pub(super) fn set(&mut self, path: &Path, buffer: Buffer) {
        self.overlay.insert(path, buffer.text.clone());
        self.pages.set(path, &buffer.text);
        self.buffers.insert(path.to_owned(), buffer);
        self.refresh(path);
    }

    /// Closes a text: what is on disk counts again.
    pub(super) fn close(&mut self, path: &Path) {
        self.overlay.remove(path);
        self.buffers.remove(path);
        self.changed_on_disk(path);
    }

    /// Reads again what a file that is not open is a part of.
    pub(super) fn changed_on_disk(&mut self, path: &Path) {
        self.pages.read(path);
        self.refresh(path);
    }

    /// Reads the stacks again that a file is a part of, or may have become one of.
    fn refresh(&mut self, path: &Path) {
        let lacks_a_file =
            |entry: &Entry| entry.linted.stack.faults.iter().any(|fault| fault.kind == FaultKind::NoDefinition);
        let known = self.entries.values().any(|entry| entry.document(path).is_some());
        // A template that lacks a definition may have meant this file, before it was one.
        let is_touched = |entry: &&Entry| entry.document(path).is_some() || lacks_a_file(entry);
        let mut roots: BTreeSet<PathBuf> = self.entries.values().filter(is_touched).map(|e| e.root.clone()).collect();
        if !known {
            roots.insert(path.to_owned());
        }
        let before: BTreeSet<PathBuf> = self.claimed();
        for root in roots {
            match read_over(&root, &self.overlay) {
                Some(stack) => self.put(root, stack),
                None => self.remove(&root),
            }
        }
        // A definition that no template names any more stands alone.
        for freed in before.difference(&self.claimed()).cloned().collect::<Vec<_>>() {
            if let Some(stack) = read_over(&freed, &self.overlay) {
                self.put(freed, stack);
            }
        }
        self.settle();
    }

    fn remove(&mut self, root: &Path) {
        self.left.extend(self.entries.remove(root).into_iter().flat_map(|entry| entry.files));
    }

    fn put(&mut self, root: PathBuf, mut stack: LoadedStack) {
        let files: Vec<PathBuf> = stack.documents.iter().map(|document| document.path.clone()).collect();
        let folder = self.folder_of(&root);
        self.folders[folder].name_documents(&mut stack);
        let linted = Linted { stack, findings: Vec::new() };
        self.remove(&root);
        self.entries.insert(root.clone(), Entry { folder, root, files, linted, judged: false, untold: false });
    }

    /// The folder that a file is in: the innermost one.
    fn folder_of(&self, path: &Path) -> usize {
        let holds = |(_, folder): &(usize, &Folder)| path.starts_with(&folder.root);
        let found = self.folders.iter().enumerate().skip(1).filter(holds);
        found.max_by_key(|(_, folder)| folder.root.components().count()).map_or(0, |(at, _)| at)
    }

    /// The definitions that belong to templates.
    fn claimed(&self) -> BTreeSet<PathBuf> {
        let templates = self.entries.values().filter(|entry| entry.linted.stack.template.is_some());
        templates.flat_map(|entry| entry.files.iter().skip(1).cloned()).collect()
    }

    /// Takes out the definitions on their own that belong to a template.
    fn settle(&mut self) {
        let claimed = self.claimed();
        let alone = |entry: &Entry| entry.linted.stack.template.is_none();
        let owned = self.entries.iter().filter(|(root, entry)| alone(entry) && claimed.contains(*root));
        for root in owned.map(|(root, _)| root.clone()).collect::<Vec<_>>() {
            self.remove(&root);
        }
    }

    /// Judges what was read since it was last judged. Whether there was anything.
    pub(super) fn judge(&mut self) -> bool {
        let folders = &self.folders;
        let waiting: Vec<&mut Entry> = self.entries.values_mut().filter(|entry| !entry.judged).collect();
        let any = !waiting.is_empty() | self.pages.judge() | !self.left.is_empty();
        waiting.into_par_iter().for_each(|entry| {
            let stack = std::mem::take(&mut entry.linted.stack);
            entry.linted = folders[entry.folder].judge(stack);
            (entry.judged, entry.untold) = (true, true);
        });
        any
    }

    /// The stacks of the workspace, each with what was found in it.
    pub(super) fn entries(&self) -> impl Iterator<Item = &Entry> {
        self.entries.values()
    }

    /// The stacks that a file is a part of, and which document it is there.
    pub(super) fn stacks_of<'a>(&'a self, path: &'a Path) -> impl Iterator<Item = (&'a Entry, usize)> {
        self.entries().filter_map(move |entry| Some((entry, entry.document(path)?)))
    }

    /// The stack that a scenario is about: the one that it names, or else the nearest one in the directories above it.
    pub(super) fn stack_above(&self, path: &Path, text: &str) -> Option<&LoadedStack> {
        let folder = path.parent()?;
        let named =
            text.lines().find_map(|line| line.strip_prefix("stack:")).map(|name| name.trim().trim_matches(['"', '\'']));
        let stack = |path: &Path| self.entries.get(path).map(|entry| &entry.linted.stack);
        if let Some(named) = named.filter(|named| !named.is_empty()) {
            return stack(&std::fs::canonicalize(folder.join(named)).ok()?);
        }
        const TEMPLATES: [&str; 4] = ["out/template.yaml", "template.yaml", "template.yml", "template.json"];
        folder.ancestors().find_map(|above| TEMPLATES.iter().find_map(|name| stack(&above.join(name))))
    }

    /// The files whose verdict may have changed since this was last asked.
    pub(super) fn take_untold(&mut self) -> BTreeSet<PathBuf> {
        let mut files: BTreeSet<PathBuf> = std::mem::take(&mut self.left).into_iter().collect();
        for entry in self.entries.values_mut() {
            if std::mem::take(&mut entry.untold) {
                files.extend(entry.files.iter().cloned());
            }
        }
        files.extend(self.pages.take_untold());
        files
    }

    /// Every file of a stack, and every page.
    pub(super) fn known(&self) -> HashSet<&Path> {
        let files = self.entries.values().flat_map(|entry| &entry.files).map(PathBuf::as_path);
        files.chain(self.pages.iter().map(|(path, _)| path)).collect()
    }

    /// What was found in a file: each finding once, however many stacks the file belongs to.
    pub(super) fn findings<'a>(&'a self, path: &'a Path) -> Vec<(&'a Entry, &'a Finding)> {
        let mut found: Vec<(&Entry, &Finding)> = Vec::new();
        for (entry, document) in self.stacks_of(path) {
            for finding in entry.linted.findings.iter().filter(|finding| finding.place.document == document) {
                let same = |other: &Finding| {
                    (other.rule.id, other.place.span, &other.message)
                        == (finding.rule.id, finding.place.span, &finding.message)
                };
                if !found.iter().any(|(_, other)| same(other)) {
                    found.push((entry, finding));
                }
            }
        }
        found
    }

    /// The stack as it was read over a text of one of its files that is mended.
    pub(super) fn read_mended(&self, entry: &Entry, path: &Path, text: String) -> Option<LoadedStack> {
        let mut overlay = self.overlay.clone();
        overlay.insert(path, text);
        let mut stack = read_over(&entry.root, &overlay)?;
        self.folders[entry.folder].name_documents(&mut stack);
        Some(stack)
    }
}
