//! The pages of the open folders, open or not: specs and scenarios.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use crate::pages::Page;
use crate::source::Fault;

/// A page, and what is wrong with it.
#[derive(Debug)]
pub(super) struct Known {
    pub(super) page: Page,
    pub(super) text: String,
    /// `None` until it is judged.
    faults: Option<Vec<Fault>>,
    /// Whether that was not told yet.
    untold: bool,
}

impl Known {
    fn new(page: Page, text: &str) -> Self {
        Self { page, text: text.to_owned(), faults: None, untold: false }
    }

    /// What was found when it was last judged.
    pub(super) fn faults(&self) -> &[Fault] {
        self.faults.as_deref().unwrap_or_default()
    }
}

/// The pages by their files.
#[derive(Debug, Default)]
pub(super) struct Pages {
    known: BTreeMap<PathBuf, Known>,
    /// Files that are no pages any more, which was not told yet.
    gone: Vec<PathBuf>,
}

/// The most of a file on disk that is read to see whether it is a page.
const LONGEST: u64 = 1 << 20;

impl Pages {
    /// Takes in a text, which may have become a page or be none any more.
    pub(super) fn set(&mut self, path: &Path, text: &str) {
        match Page::of(path, text) {
            Some(page) => drop(self.known.insert(path.to_owned(), Known::new(page, text))),
            None => self.remove(path),
        }
    }

    fn remove(&mut self, path: &Path) {
        if self.known.remove(path).is_some() {
            self.gone.push(path.to_owned());
        }
    }

    /// Takes in a file as it is on disk.
    pub(super) fn read(&mut self, path: &Path) {
        let short = std::fs::metadata(path).is_ok_and(|file| file.is_file() && file.len() <= LONGEST);
        let text = if short { std::fs::read_to_string(path).ok() } else { None };
        match text {
            Some(text) => self.set(path, text.trim_start_matches('\u{feff}')),
            None => self.remove(path),
        }
    }

    pub(super) fn get(&self, path: &Path) -> Option<&Known> {
        self.known.get(path)
    }

    pub(super) fn iter(&self) -> impl Iterator<Item = (&Path, &Known)> {
        self.known.iter().map(|(path, known)| (path.as_path(), known))
    }

    /// Judges what has changed. Whether there was anything.
    pub(super) fn judge(&mut self) -> bool {
        let mut any = !self.gone.is_empty();
        for known in self.known.values_mut().filter(|known| known.faults.is_none()) {
            known.faults = Some(known.page.faults(&known.text));
            known.untold = true;
            any = true;
        }
        any
    }

    /// The pages whose verdict has changed since this was last asked.
    pub(super) fn take_untold(&mut self) -> Vec<PathBuf> {
        let untold =
            self.known.iter_mut().filter_map(|(path, known)| std::mem::take(&mut known.untold).then_some(path));
        untold.cloned().chain(std::mem::take(&mut self.gone)).collect()
    }
}
