//! A rename changes a name wherever it stands, and nothing else: `lint` says the same before and after.

use std::path::PathBuf;

use bucketbook::ide::{Named, occurrences, rename};
use bucketbook::lint::{Selection, check};
use bucketbook::loaded::{LoadedStack, load};

use crate::common::Workspace;

/// What lint says, without the names and places that a rename changes.
fn verdict(stack: &LoadedStack, from: &str, to: &str) -> Vec<String> {
    let findings = check(stack, &Selection::default());
    let words = findings.iter().map(|one| format!("{} {}", one.rule.id, one.message.replace(to, from)));
    let mut words: Vec<String> = words.collect();
    words.sort();
    words
}

/// The stack after edits, from texts of the same paths.
fn after(stack: &LoadedStack, edits: &[bucketbook::lint::Edit]) -> Option<LoadedStack> {
    let mut texts: Vec<String> = stack.documents.iter().map(|document| document.source.text.clone()).collect();
    let mut edits = edits.to_vec();
    edits.sort_by_key(|edit| std::cmp::Reverse((edit.document, edit.span.start)));
    for edit in &edits {
        texts[edit.document].replace_range(edit.span.start..edit.span.end, &edit.text);
    }
    let name = |at: usize| stack.documents[at].path.to_str().unwrap();
    if stack.template.is_none() {
        return LoadedStack::from_text(name(0), texts[0].clone()).ok();
    }
    let others = (1..texts.len()).map(|at| (name(at), texts[at].as_str()));
    LoadedStack::from_texts((name(0), texts[0].as_str()), others).ok()
}

/// Renames everything in a stack that can be, one after the other.
fn hold(stack: &LoadedStack) -> usize {
    let (all, unclear) = occurrences(stack);
    let before_names = all.len();
    let mut count = 0;
    for one in all.iter().filter(|one| one.declares && !unclear.contains(&one.named)) {
        let (from, to) = match &one.named {
            Named::State { name, .. } => (name.clone(), "ZzRenamedZz".to_owned()),
            Named::Variable { name, .. } | Named::Substitution { name, .. } => (name.clone(), "zzRenamedZz".to_owned()),
            Named::Logical { .. } => continue,
        };
        let edits = rename(stack, one.document, one.span.start, &to).unwrap_or_else(|error| panic!("{from}: {error}"));
        let path = stack.documents[0].path.display().to_string();
        let renamed = after(stack, &edits).unwrap_or_else(|| panic!("{path}: `{from}` renamed cannot be read"));
        assert_eq!(verdict(stack, &from, &to), verdict(&renamed, &from, &to), "{path}: `{from}`");
        let (names, _) = occurrences(&renamed);
        assert_eq!(names.len(), before_names, "{path}: `{from}`");
        assert!(!names.iter().any(|other| other.named == one.named), "{path}: `{from}` is still there");
        count += 1;
    }
    count
}

#[test]
fn renames_in_the_generated_stack_change_names_only() {
    let stacks = load(&[PathBuf::from("out")]).unwrap();
    assert!(stacks.iter().map(hold).sum::<usize>() >= 5);
}

#[test]
fn renames_in_every_starter_change_names_only() {
    for starter in bucketbook::spec::STARTERS {
        let workspace = Workspace::new();
        workspace.run(&["init", "--template", starter.name]);
        assert_eq!(workspace.run(&["generate"]).0, 0);
        let stacks = load(&[workspace.path("out")]).unwrap();
        assert!(stacks.iter().map(hold).sum::<usize>() >= 5, "{}", starter.name);
    }
}

#[test]
fn renames_in_the_samples_change_names_only() {
    let Some(corpus) = std::env::var_os("BUCKETBOOK_CORPUS").map(PathBuf::from) else { return };
    let stacks = load(&[corpus.join("samples")]).unwrap();
    assert!(stacks.iter().map(hold).sum::<usize>() > 50);
}
