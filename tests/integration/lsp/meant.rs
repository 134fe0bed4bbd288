//! Where a rule asks "did you mean", there is an action that says yes; and actions that add something leave a definition that is sound.

use std::path::{Path, PathBuf};

use bucketbook::ide::{Action, ActionKind, actions};
use bucketbook::lint::{Finding, Linted, Selection, check};
use bucketbook::loaded::{LoadedStack, load};

fn linted(stack: LoadedStack) -> Linted {
    let findings = check(&stack, &Selection::default());
    Linted { stack, findings }
}

/// The text of an action's document afterwards.
fn after(linted: &Linted, action: &Action, document: usize) -> String {
    let mut text = linted.stack.documents[document].source.text.clone();
    let mut edits: Vec<_> = action.edits.iter().filter(|edit| edit.document == document).collect();
    edits.sort_by_key(|edit| std::cmp::Reverse(edit.span.start));
    edits.iter().for_each(|edit| text.replace_range(edit.span.start..edit.span.end, &edit.text));
    text
}

fn fixtures() -> Vec<PathBuf> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/lint");
    let files = std::fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path());
    let mut files: Vec<PathBuf> = files
        .filter(|path| path.is_file() && path.file_name().unwrap().to_str().unwrap().contains("_fail"))
        .filter(|path| path.extension().is_some_and(|extension| extension == "json" || extension == "yaml"))
        .collect();
    files.sort();
    files
}

#[test]
fn what_a_rule_suggests_can_be_taken() {
    let asks = |finding: &Finding| {
        finding.help.as_deref().is_some_and(|help| help.contains("did you mean `"))
            || finding.message.contains("did you mean `")
    };
    let mut taken = 0;
    for path in fixtures() {
        for before in load(std::slice::from_ref(&path)).unwrap_or_default().into_iter().map(linted) {
            for finding in before.findings.iter().filter(|finding| asks(finding)) {
                let place = &finding.place;
                let found = actions(&before, place.document, place.span);
                let fixes = |action: &&Action| {
                    action.kind == ActionKind::Fix
                        && action.finding.is_some_and(|at| std::ptr::eq(&before.findings[at], finding))
                };
                let action = found.iter().find(fixes);
                let action = action.unwrap_or_else(|| panic!("{}: {}", path.display(), finding.message));
                let text = after(&before, action, place.document);
                assert_ne!(text, before.stack.documents[place.document].source.text, "{}", path.display());
                taken += 1;
            }
        }
    }
    assert!(taken > 40, "{taken}");
}

#[test]
fn a_catch_is_added_with_the_state_that_it_leads_to() {
    for (name, ending, definition) in [
        (
            "m.asl.json",
            "\n",
            "{\"StartAt\": \"A\", \"States\": {\n  \"A\": {\"Type\": \"Task\", \"Resource\": \"arn:aws:states:::dynamodb:getItem\", \"Parameters\": {\"TableName\": \"t\", \"Key\": {\"k\": {\"S\": \"x\"}}}, \"End\": true}\n}}\n",
        ),
        (
            "m.asl.yaml",
            "\r\n",
            "StartAt: A\nQueryLanguage: JSONata\nStates:\n  A:\n    Type: Task\n    Resource: arn:aws:states:::dynamodb:getItem\n    Arguments: {TableName: t, Key: {k: {S: x}}}\n    End: true\n",
        ),
    ] {
        let text = definition.replace('\n', ending);
        let before = linted(LoadedStack::from_text(name, text.clone()).unwrap());
        let at = text.find("Type").unwrap();
        let found = actions(&before, 0, bucketbook::source::Span { start: at, end: at });
        let catch = found.iter().find(|action| action.title.contains("the new state `Failed`")).unwrap();
        let text = after(&before, catch, 0);
        assert!(!text.replace("\r\n", "").contains('\n') || ending == "\n", "{text:?}");
        let again = linted(LoadedStack::from_text(name, text.clone()).unwrap());
        let errors: Vec<_> = again
            .findings
            .iter()
            .filter(|one| one.rule.id.0.starts_with("ASL") || one.rule.id.0.starts_with("FLOW"))
            .collect();
        assert!(errors.is_empty() && text.contains("\"Next\": \"Failed\""), "{text}\n{errors:?}");
    }
}
