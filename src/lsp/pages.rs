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
}

impl Known {
    /// What was found when it was last judged.
    pub(super) fn faults(&self) -> &[Fault] {
        self.faults.as_deref().unwrap_or_default()
    }
}

/// The pages by their files.
#[derive(Debug, Default)]
pub(super) struct Pages {
    known: BTreeMap<PathBuf, Known>,
}

/// The most of a file on disk that is read to see whether it is a page.
const LONGEST: u64 = 1 << 20;

impl Pages {
    /// Takes in a text, which may have become a page or be none any more.
    pub(super) fn set(&mut self, path: &Path, text: &str) {
        match Page::of(path, text) {
            Some(page) => drop(self.known.insert(path.to_owned(), Known { page, text: text.to_owned(), faults: None })),
            None => drop(self.known.remove(path)),
        }
    }

    /// Takes in a file as it is on disk.
    pub(super) fn read(&mut self, path: &Path) {
        let short = std::fs::metadata(path).is_ok_and(|file| file.is_file() && file.len() <= LONGEST);
        let text = if short { std::fs::read_to_string(path).ok() } else { None };
        match text {
            Some(text) => self.set(path, text.trim_start_matches('\u{feff}')),
            None => drop(self.known.remove(path)),
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
        let mut any = false;
        for known in self.known.values_mut().filter(|known| known.faults.is_none()) {
            known.faults = Some(known.page.faults(&known.text));
            any = true;
        }
        any
    }
}
