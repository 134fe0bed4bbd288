//! The language server as editors drive it: a client library that is not ours, and Neovim and Emacs without a screen. Ignored unless
//! asked for; `.ci/run` installs them.

use std::process::Command;

use crate::common::Workspace;
use crate::tools::{prepared, script, text};

#[test]
#[ignore = "needs pytest-lsp: run it with .ci/run"]
fn editors_are_answered() {
    let python = prepared("BUCKETBOOK_EDITOR").join("bin/python");
    let workspace = Workspace::new();
    let output = Command::new(python)
        .args(["-m", "pytest", "-q", "-p", "no:cacheprovider", "--confcutdir"])
        .arg(workspace.path(""))
        .arg("--rootdir")
        .arg(workspace.path(""))
        .arg(script("editor.py"))
        .current_dir(workspace.path(""))
        .env("BUCKETBOOK", env!("CARGO_BIN_EXE_bucketbook"))
        .env("PYTHONDONTWRITEBYTECODE", "1")
        .output()
        .unwrap();
    assert!(output.status.success(), "{}", text(&output));
    assert!(text(&output).contains("9 passed"), "{}", text(&output));
}

/// A fault is shown, its fix applied, a state renamed and the file written, by the script of an editor.
fn fixed_and_renamed_by(editor: &str, arguments: &[&str]) {
    let workspace = Workspace::new();
    let definition = "{\n  \"StartAt\": \"A\",\n  \"States\": {\n    \"A\": { \"Type\": \"Pass\", \"Coment\": \"x\", \"Next\": \"B\" },\n    \"B\": { \"Type\": \"Succeed\" }\n  }\n}\n";
    workspace.write("m.asl.json", definition);
    let output = Command::new(editor)
        .args(arguments)
        .current_dir(workspace.path(""))
        .env("BUCKETBOOK", env!("CARGO_BIN_EXE_bucketbook"))
        .env("HOME", workspace.path(""))
        .output()
        .unwrap();
    let after = workspace.read("m.asl.json");
    let expected = definition.replace("Coment", "Comment").replace("\"B\"", "\"Last\"");
    assert_eq!(after, expected, "{}", text(&output));
}

#[test]
#[ignore = "needs Neovim: run it with .ci/run"]
fn neovim_shows_a_fault_fixes_it_and_renames_a_state() {
    let script = format!("luafile {}", script("editor.lua"));
    fixed_and_renamed_by("nvim", &["--headless", "-u", "NONE", "-c", &script]);
}

/// Debian's eglot lies where its site files say, so those are read: `-q`, not `-Q`.
#[test]
#[ignore = "needs Emacs with eglot: run it with .ci/run"]
fn emacs_shows_a_fault_fixes_it_and_renames_a_state() {
    fixed_and_renamed_by("emacs", &["-q", "--batch", "-l", &script("editor.el")]);
}
