use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use super::finding::Edit;
use super::run::Linted;

/// The texts of files with the edits of findings made, and how many findings that mends. Where two edits touch the same
/// place, the first one counts; the rest waits for the next time. Everything else stays as it is, byte for byte, and so does every
/// file that `may_write` leaves out.
pub fn apply(linted: &[Linted], may_write: impl Fn(&Path) -> bool) -> (BTreeMap<PathBuf, String>, usize) {
    let mut texts: BTreeMap<PathBuf, (String, Vec<Edit>)> = BTreeMap::new();
    let mut mended = 0;
    for Linted { stack, findings } in linted {
        for fix in findings.iter().filter_map(|finding| finding.fix.as_ref()) {
            let free = fix.edits.iter().all(|edit| {
                let Some(document) = stack.documents.get(edit.document) else { return false };
                let valid = document.source.text.get(edit.span.start..edit.span.end).is_some();
                valid
                    && may_write(&document.path)
                    && texts.get(&document.path).is_none_or(|(_, edits)| !edits.iter().any(|other| touch(other, edit)))
            });
            if !free || fix.edits.is_empty() {
                continue;
            }
            mended += 1;
            for edit in &fix.edits {
                let document = &stack.documents[edit.document];
                let entry = texts.entry(document.path.clone());
                entry.or_insert_with(|| (document.source.text.clone(), Vec::new())).1.push(edit.clone());
            }
        }
    }
    let edited = texts.into_iter().map(|(path, (text, edits))| (path, edited(text, edits))).collect();
    (edited, mended)
}

/// Whether two edits are about the same place. Two that only meet do as well: their order would matter.
fn touch(a: &Edit, b: &Edit) -> bool {
    a.span.start <= b.span.end && b.span.start <= a.span.end
}

fn edited(mut text: String, mut edits: Vec<Edit>) -> String {
    edits.sort_by_key(|edit| std::cmp::Reverse(edit.span.start));
    for edit in edits {
        text.replace_range(edit.span.start..edit.span.end, &edit.text);
    }
    text
}
