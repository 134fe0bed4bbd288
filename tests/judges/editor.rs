//! The language server as editors drive it: a client library that is not ours, Neovim and Emacs without a screen, and Visual
//! Studio Code in a browser. Ignored unless asked for; `.ci/run` installs them.

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

/// What `typed_with_completion` of the integration tests does, by a real editor.
#[test]
#[ignore = "needs Neovim: run it with .ci/run"]
fn neovim_types_a_stack_with_completion() {
    let workspace = Workspace::new();
    let typed = format!("{}/tests/typed", env!("CARGO_MANIFEST_DIR"));
    let output = Command::new("nvim")
        .args(["--headless", "-u", "NONE", "-c", &format!("luafile {}", script("typed.lua"))])
        .current_dir(workspace.path(""))
        .env("BUCKETBOOK", env!("CARGO_BIN_EXE_bucketbook"))
        .env("TYPED", &typed)
        .env("HOME", workspace.path(""))
        .output()
        .unwrap();
    assert!(output.status.success() && text(&output).contains("typed"), "{}", text(&output));
    let expected = std::fs::read_to_string(format!("{typed}/template.txt")).unwrap().replace(['«', '»'], "");
    assert_eq!(workspace.read("template.yaml").trim_end(), expected.trim_end());
}

/// Debian's eglot lies where its site files say, so those are read: `-q`, not `-Q`.
#[test]
#[ignore = "needs Emacs with eglot: run it with .ci/run"]
fn emacs_shows_a_fault_fixes_it_and_renames_a_state() {
    fixed_and_renamed_by("emacs", &["-q", "--batch", "-l", &script("editor.el")]);
}

#[test]
#[ignore = "needs a Visual Studio Code and Chromium: run it with .ci/run"]
fn visual_studio_code_underlines_a_fault_and_draws_the_workflow() {
    let workspace = Workspace::new();
    let output = Command::new(prepared("BUCKETBOOK_BROWSER").join("bin/python"))
        .arg(script("code.py"))
        .args([prepared("BUCKETBOOK_CODE"), prepared("BUCKETBOOK_VSIX"), workspace.path("")])
        .env("BUCKETBOOK", env!("CARGO_BIN_EXE_bucketbook"))
        .env("PYTHONDONTWRITEBYTECODE", "1")
        .output()
        .unwrap();
    assert!(output.status.success() && text(&output).contains("drawn"), "{}", text(&output));
}
