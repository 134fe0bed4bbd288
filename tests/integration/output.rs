//! What is on disk already: which files the commands replace or remove, which they leave alone, and what they say of them.

use std::fs;

use crate::common::Workspace;
use serde_json::Value;

const MANIFEST: &str = "out/.bucketbook-manifest.json";
const TEMPLATE: &str = "out/template.yaml";
const QUEUE: &str = "dead_letters: {}\n";
const TWO_FLOWS: &str =
    "routes:\n  - {name: Photos, prefix: photos/}\n  - {name: Logs, prefix: logs/, state_machine: {flow: upsert}}\n";

/// A directory with a generated stack of this spec.
fn generated(spec: &str) -> Workspace {
    let workspace = Workspace::new();
    workspace.write("bucketbook.yaml", spec);
    let (code, out, err) = workspace.run(&["generate"]);
    assert_eq!((code, err.as_str()), (0, ""), "{out}");
    workspace
}

/// Everything below a directory, as text by path.
fn texts(workspace: &Workspace) -> Vec<(String, String)> {
    let root = workspace.path("");
    let text = |(path, bytes, _): (std::path::PathBuf, Vec<u8>, _)| {
        let path = path.strip_prefix(&root).unwrap().display().to_string();
        (path, String::from_utf8_lossy(&bytes).into_owned())
    };
    workspace.files().into_iter().map(text).collect()
}

fn append(workspace: &Workspace, path: &str, text: &str) {
    workspace.write(path, workspace.read(path) + text);
}

#[test]
fn the_manifest_lists_every_file_with_its_hash() {
    let workspace = generated("table: {}\n");
    let manifest: Value = serde_json::from_str(&workspace.read(MANIFEST)).unwrap();
    let files = manifest["files"].as_object().unwrap();
    let paths: Vec<&str> = files.keys().map(String::as_str).collect();
    assert_eq!(
        paths,
        [
            "definitions/object_created.asl.json",
            "pictures/architecture.svg",
            "pictures/object_created.svg",
            "samconfig.toml",
            "template.yaml"
        ]
    );
    assert!(files.values().all(|hash| hash.as_str().is_some_and(|hash| hash.len() == 64)));
    assert_eq!(workspace.read(MANIFEST), generated("table: {}\n").read(MANIFEST), "there is no clock in it");
}

/// What is done to a generated stack, and what `generate` then says and leaves.
struct Case {
    what: &'static str,
    /// The spec that it was generated from, and the one that it is now.
    specs: [&'static str; 2],
    before: fn(&Workspace),
    arguments: &'static [&'static str],
    code: i32,
    /// What is said somewhere.
    says: &'static [&'static str],
    /// Files that are as they were.
    kept: &'static [&'static str],
    /// Files that are gone.
    gone: &'static [&'static str],
    /// Whether `check` is content afterwards.
    in_step: bool,
}

fn nothing(_: &Workspace) {}

fn edit(workspace: &Workspace) {
    append(workspace, TEMPLATE, "# mine\n");
}

const UPSERT: &str = "out/definitions/object_created_upsert.asl.json";

#[test]
fn nothing_of_the_users_is_lost() {
    let cases = [
        Case {
            what: "a copy of a generated file",
            specs: ["table: {}\n", QUEUE],
            before: |workspace| {
                for copy in ["out/template.prod.yaml", "out/packaged.yaml"] {
                    workspace.write(copy, workspace.read(TEMPLATE) + "# mine\n");
                }
                let definition = workspace.read("out/definitions/object_created.asl.json");
                workspace.write("out/definitions/old.asl.json", definition);
                workspace.write("out/notes.md", "mine");
            },
            arguments: &["generate"],
            code: 0,
            says: &["left alone  out/template.prod.yaml (a copy", "out/packaged.yaml", "out/definitions/old.asl.json"],
            kept: &["out/template.prod.yaml", "out/packaged.yaml", "out/definitions/old.asl.json", "out/notes.md"],
            gone: &[],
            in_step: true,
        },
        Case {
            what: "the same, when copies are to go",
            specs: ["table: {}\n", QUEUE],
            before: |workspace| {
                workspace.write("out/template.prod.yaml", workspace.read(TEMPLATE));
                workspace.write("out/notes.md", "mine");
            },
            arguments: &["generate", "--prune"],
            code: 0,
            says: &["removed    out/template.prod.yaml"],
            kept: &["out/notes.md"],
            gone: &["out/template.prod.yaml"],
            in_step: true,
        },
        Case {
            what: "an edited file that the spec changes",
            specs: ["table: {}\n", QUEUE],
            before: edit,
            arguments: &["generate"],
            code: 2,
            says: &["\n-# mine\n", "error: `out/template.yaml` was edited since it was generated", "--force"],
            kept: &[TEMPLATE, MANIFEST, "out/samconfig.toml"],
            gone: &[],
            in_step: false,
        },
        Case {
            what: "an edited file, overwritten as was asked for",
            specs: ["table: {}\n", "table: {}\n"],
            before: edit,
            arguments: &["generate", "--force"],
            code: 0,
            says: &["overwritten  out/template.yaml (it was edited)", "\n-# mine\n"],
            kept: &[],
            gone: &[],
            in_step: true,
        },
        Case {
            what: "a dry run over an edited file",
            specs: ["table: {}\n", "table: {}\n"],
            before: edit,
            arguments: &["generate", "--dry-run"],
            code: 2,
            says: &["was edited since it was generated"],
            kept: &[TEMPLATE],
            gone: &[],
            in_step: false,
        },
        Case {
            what: "a removed route",
            specs: [TWO_FLOWS, "table: {}\n"],
            before: nothing,
            arguments: &["generate"],
            code: 0,
            says: &["removed    out/definitions/object_created_upsert.asl.json"],
            kept: &[],
            gone: &[UPSERT, "out/pictures/object_created_upsert.svg"],
            in_step: true,
        },
        Case {
            what: "a removed route whose definition was edited",
            specs: [TWO_FLOWS, "table: {}\n"],
            before: |workspace| append(workspace, UPSERT, " "),
            arguments: &["generate"],
            code: 0,
            says: &[
                "left alone  out/definitions/object_created_upsert.asl.json (no longer part of the stack, but edited",
            ],
            kept: &[UPSERT],
            gone: &["out/pictures/object_created_upsert.svg"],
            in_step: false,
        },
        Case {
            what: "the same, when edited files are to go",
            specs: [TWO_FLOWS, "table: {}\n"],
            before: |workspace| append(workspace, UPSERT, " "),
            arguments: &["generate", "--prune"],
            code: 0,
            says: &["removed"],
            kept: &[],
            gone: &[UPSERT],
            in_step: true,
        },
        Case {
            what: "a renamed state machine",
            specs: ["state_machine: {name: Old}\n", "state_machine: {name: New}\n"],
            before: nothing,
            arguments: &["generate"],
            code: 0,
            says: &["updated    out/template.yaml"],
            kept: &[],
            gone: &[],
            in_step: true,
        },
        Case {
            what: "a moved output folder",
            specs: ["table: {}\n", QUEUE],
            before: |workspace| {
                fs::rename(workspace.path("out"), workspace.path("stack")).unwrap();
                workspace.write("out/notes.md", "mine");
            },
            arguments: &["generate", "--out", "stack"],
            code: 0,
            says: &["updated    stack/template.yaml"],
            kept: &["out/notes.md"],
            gone: &[TEMPLATE],
            in_step: false,
        },
        Case {
            what: "a folder of the version before, in step",
            specs: ["table: {}\n", "table: {}\n"],
            before: |workspace| fs::remove_file(workspace.path(MANIFEST)).unwrap(),
            arguments: &["generate"],
            code: 0,
            says: &["created    out/.bucketbook-manifest.json"],
            kept: &[TEMPLATE],
            gone: &[],
            in_step: true,
        },
        Case {
            what: "a folder of the version before, which may have been edited",
            specs: ["table: {}\n", QUEUE],
            before: |workspace| fs::remove_file(workspace.path(MANIFEST)).unwrap(),
            arguments: &["generate"],
            code: 2,
            says: &["not listed in the manifest", "--force", "+++ out/template.yaml (from the spec)"],
            kept: &[TEMPLATE],
            gone: &[],
            in_step: false,
        },
        Case {
            what: "a merge conflict in the manifest",
            specs: ["table: {}\n", "table: {}\n"],
            before: |workspace| append(workspace, MANIFEST, "<<<<<<< HEAD\n"),
            arguments: &["generate"],
            code: 2,
            says: &["the manifest `out/.bucketbook-manifest.json` cannot be read", "--force"],
            kept: &[TEMPLATE, MANIFEST],
            gone: &[],
            in_step: false,
        },
        Case {
            what: "a manifest that names files elsewhere",
            specs: ["table: {}\n", "table: {}\n"],
            before: |workspace| {
                workspace.write("mine.txt", "mine");
                workspace.write(MANIFEST, r#"{"files": {"../mine.txt": "ab"}}"#);
            },
            arguments: &["generate"],
            code: 2,
            says: &["`../mine.txt` is not a path below this directory"],
            kept: &["mine.txt"],
            gone: &[],
            in_step: false,
        },
    ];
    for Case { what, specs: [old, new], before, arguments, code, says, kept, gone, in_step } in cases {
        let workspace = generated(old);
        before(&workspace);
        workspace.write("bucketbook.yaml", new);
        let was = texts(&workspace);
        let (found, out, err) = workspace.run(arguments);
        assert_eq!(found, code, "{what}: {out}{err}");
        let said = format!("{out}{err}");
        for words in says {
            assert!(said.contains(words), "{what}: {words}\n{said}");
        }
        for path in kept {
            let before = was.iter().find(|(other, _)| other == path);
            assert_eq!(before.map(|(_, text)| text.as_str()), Some(workspace.read(path).as_str()), "{what}: {path}");
        }
        for path in gone {
            assert!(!workspace.path(path).exists(), "{what}: {path}");
        }
        assert_eq!(workspace.run(&["check"]).0 == 0, in_step, "{what}");
        let staged = texts(&workspace).into_iter().any(|(path, _)| path.contains("bucketbook-staged"));
        assert!(!staged, "{what}");
    }
}

#[test]
fn the_stack_may_stand_beside_its_spec() {
    let workspace = Workspace::new();
    assert_eq!(workspace.run(&["init"]).0, 0);
    let of_init = texts(&workspace);
    let (code, out, _) = workspace.run(&["generate", "--out", "."]);
    assert_eq!(code, 0);
    assert!(!out.contains("left alone") && !out.contains("removed"), "{out}");
    assert_eq!(workspace.run(&["check", "--out", "."]), (0, "5 files in step\n".to_owned(), String::new()));
    for (path, text) in &of_init {
        assert_eq!(&workspace.read(path), text, "{path}");
    }
    // And again, with files of the user's that say that they were generated.
    workspace.write("template.prod.yaml", workspace.read("template.yaml"));
    assert_eq!(workspace.run(&["generate", "--out", ".", "--workflow-type", "EXPRESS"]).0, 0);
    assert!(workspace.path("template.prod.yaml").exists() && workspace.path("bucketbook.schema.json").exists());
    assert_eq!(workspace.run(&["check", "--out", ".", "--workflow-type", "EXPRESS"]).0, 0);
}

#[test]
fn check_tells_what_was_edited_from_what_is_old() {
    let workspace = generated("table: {}\n");
    workspace.write("bucketbook.yaml", QUEUE);
    edit(&workspace);
    let (code, out, _) = workspace.run(&["check", "--format", "json"]);
    assert_eq!(code, 1);
    let report: Value = serde_json::from_str(&out).unwrap();
    let statuses: Vec<(&str, &str)> = report["files"]
        .as_array()
        .unwrap()
        .iter()
        .map(|file| (file["path"].as_str().unwrap(), file["status"].as_str().unwrap()))
        .collect();
    assert!(statuses.contains(&("out/template.yaml", "edited")), "{statuses:?}");
    assert!(statuses.contains(&("out/definitions/object_created.asl.json", "changed")), "{statuses:?}");
}

#[test]
fn check_compares_the_manifest_too() {
    let workspace = generated("table: {}\n");
    let wrong = workspace.read(MANIFEST).replacen(": \"", ": \"0", 2);
    workspace.write(MANIFEST, wrong);
    let (code, out, _) = workspace.run(&["check"]);
    assert_eq!(code, 1);
    assert!(out.starts_with("changed  out/.bucketbook-manifest.json\n"), "{out}");
    assert_eq!(workspace.run(&["generate"]).0, 0);
    assert_eq!(workspace.run(&["check"]).0, 0);
    fs::remove_file(workspace.path(MANIFEST)).unwrap();
    let (code, out, err) = workspace.run(&["check"]);
    assert_eq!((code, out.as_str()), (0, "5 files in step\n"));
    assert!(err.contains("there is no `out/.bucketbook-manifest.json` yet"), "{err}");
}

/// Starts a command, and gives it to wait for.
fn start(workspace: &Workspace, arguments: &[&str]) -> std::process::Child {
    std::process::Command::new(env!("CARGO_BIN_EXE_bucketbook"))
        .current_dir(workspace.path(""))
        .args(arguments)
        .stdout(std::process::Stdio::piped())
        .stderr(std::process::Stdio::piped())
        .spawn()
        .unwrap()
}

#[test]
fn runs_at_the_same_time_wait_for_each_other() {
    let workspace = Workspace::new();
    workspace.write("a.yaml", "table: {}\n");
    workspace.write("b.yaml", format!("{TWO_FLOWS}{QUEUE}"));
    for _ in 0..12 {
        let specs = ["a.yaml", "b.yaml", "a.yaml", "b.yaml"];
        let running = specs.map(|spec| start(&workspace, &["generate", "--spec", spec]));
        for child in running {
            let output = child.wait_with_output().unwrap();
            assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
        }
        let in_step = ["a.yaml", "b.yaml"].map(|spec| workspace.run(&["check", "--spec", spec]).0);
        assert!(in_step.contains(&0), "the folder holds one of the two stacks, whole: {in_step:?}");
        assert!(!texts(&workspace).iter().any(|(path, _)| path.contains("bucketbook-staged")));
    }
}

#[test]
fn a_run_that_is_killed_leaves_nothing_that_is_in_the_way() {
    let workspace = Workspace::new();
    workspace.write("a.yaml", "table: {}\n");
    workspace.write("b.yaml", format!("{TWO_FLOWS}{QUEUE}"));
    for round in 0..24 {
        let spec = if round % 2 == 0 { "a.yaml" } else { "b.yaml" };
        let mut child = start(&workspace, &["generate", "--spec", spec]);
        std::thread::sleep(std::time::Duration::from_millis(round * 2));
        child.kill().unwrap();
        child.wait().unwrap();
        if round % 3 == 0 {
            let (code, out, err) = workspace.run(&["generate", "--spec", "a.yaml"]);
            assert_eq!(code, 0, "{round}: {out}{err}");
            assert_eq!(workspace.run(&["check", "--spec", "a.yaml"]).0, 0);
            assert!(!texts(&workspace).iter().any(|(path, _)| path.contains("bucketbook-staged")), "{round}");
        }
    }
}

#[test]
fn single_files_are_overwritten_by_the_command_that_wrote_them() {
    let workspace = generated("table: {}\n");
    for name in ["x.svg", "x.mmd", "x.dot", "x.txt"] {
        assert_eq!(workspace.run(&["graph", "-o", name]).0, 0, "{name}");
        assert_eq!(workspace.run(&["graph", "-o", name, "--view", "architecture"]).0, 0, "its own: {name}");
        workspace.write(name, "mine");
        let (code, _, err) = workspace.run(&["graph", "-o", name]);
        assert_eq!(code, 2);
        assert!(err.contains("was not generated by Bucketbook") && err.contains("--force"), "{err}");
        assert_eq!(workspace.read(name), "mine");
        assert_eq!(workspace.run(&["graph", "-o", name, "--force"]).0, 0);
    }
    // Another command's file is somebody else's.
    let picture = workspace.read("out/pictures/object_created.svg");
    assert_eq!(workspace.run(&["graph", "-o", "out/pictures/object_created.svg"]).0, 2);
    assert_eq!(workspace.read("out/pictures/object_created.svg"), picture);

    workspace.write("baseline.json", "{\"mine\": 1}");
    assert_eq!(workspace.run(&["lint", "out", "--write-baseline", "baseline.json"]).0, 2);
    assert_eq!(workspace.read("baseline.json"), "{\"mine\": 1}");
    assert_eq!(workspace.run(&["lint", "out", "--write-baseline", "baseline.json", "--force"]).0, 0);
    assert_eq!(workspace.run(&["lint", "out", "--write-baseline", "baseline.json"]).0, 0);
}

#[test]
fn the_format_follows_the_name() {
    let workspace = generated("table: {}\n");
    for arguments in [
        &["graph", "-o", "x.png"][..],
        &["graph", "-o", "x"],
        &["graph", "-o", "x.png", "--format", "svg"],
        &["graph", "-o", "x.svg", "--format", "dot"],
        &["report", "-o", "x.pdf"],
        &["report", "-o", "x"],
    ] {
        let before = workspace.files();
        let (code, out, err) = workspace.run(arguments);
        assert_eq!((code, out.as_str()), (2, ""), "{arguments:?}");
        assert!(
            err.contains("does not match --format")
                || err.contains("the extension of a picture")
                || err.contains("does not end in .html or .htm"),
            "{err}"
        );
        assert_eq!(workspace.files(), before);
    }
    assert_eq!(workspace.run(&["graph", "-o", "-"]), workspace.run(&["graph"]));
    assert_eq!(workspace.run(&["graph", "-o", "x", "--format", "dot"]).0, 0);
    assert!(workspace.read("x").contains("digraph"));
}

#[test]
fn a_named_file_needs_its_directory_and_is_no_pipe() {
    let workspace = generated("table: {}\n");
    let commands =
        [&["report", "-o", "x/r.html"][..], &["graph", "-o", "x/g.svg"], &["lint", "--write-baseline", "x/b.json"]];
    for arguments in commands {
        let (code, out, err) = workspace.run(arguments);
        assert_eq!((code, out.as_str()), (2, ""), "{arguments:?}");
        assert!(err.contains("there is no directory `x`"), "{err}");
        assert!(!workspace.path("x").exists());
    }
    #[cfg(unix)]
    {
        assert!(std::process::Command::new("mkfifo").arg(workspace.path("r.html")).status().unwrap().success());
        let (code, _, err) = workspace.run(&["report", "-o", "r.html", "--force"]);
        assert_eq!(code, 2);
        assert!(err.contains("`r.html` is a named pipe; expected a file"), "{err}");
    }
}

#[test]
fn what_to_look_at_next_can_be_run_as_it_is_printed() {
    let workspace = Workspace::new();
    for arguments in
        [&["generate", "--starter", "article"][..], &["generate", "--starter", "article", "--out", "my stack"]]
    {
        let (code, out, _) = workspace.run(arguments);
        assert_eq!(code, 0);
        let next: Vec<&str> = out.lines().skip_while(|line| !line.starts_with("next: ")).collect();
        let [simulate, report, deploy] = next.as_slice() else { panic!("{out}") };
        assert!(deploy.contains("sam deploy"), "{out}");
        for line in [simulate, report] {
            let command = line.trim_start_matches("next: ").trim().split("  #").next().unwrap().trim();
            let words = command.replace("'my stack'", "my-stack");
            let words: Vec<&str> =
                words.split(' ').map(|word| if word == "my-stack" { "my stack" } else { word }).collect();
            let (code, _, err) = workspace.run(&words[1..]);
            assert_eq!((code, err.as_str()), (0, ""), "{command}");
        }
    }
    let (_, out, _) = workspace.run(&["generate", "--starter", "article", "--dry-run"]);
    assert!(!out.contains("next:"), "{out}");
}

/// A path with a line break is one word of one line, and a shell reads it back.
#[cfg(unix)]
#[test]
fn what_to_look_at_next_stays_in_its_line() {
    let workspace = Workspace::new();
    let (code, out, _) = workspace.run(&["generate", "--starter", "article", "--out", "my\nstack"]);
    assert_eq!(code, 0);
    assert!(out.contains("bucketbook report $'my\\nstack'") && out.contains("cd $'my\\nstack' && sam deploy"), "{out}");
    let (code, out, _) = workspace.run(&["init", "its\nown"]);
    assert_eq!(code, 0);
    let next = out.lines().last().unwrap();
    assert_eq!(next, "next: bucketbook generate --spec $'its\\nown/bucketbook.yaml' --out $'its\\nown/out'");
}

/// A limit on the size of files stands in for a full disk.
#[cfg(target_os = "linux")]
#[test]
fn nothing_stays_of_what_does_not_fit_on_the_disk() {
    let workspace = Workspace::new();
    for arguments in [&["init", "new/spec"][..], &["generate", "--starter", "article", "--out", "new/out"]] {
        let mut command = std::process::Command::new("sh");
        command.args(["-c", "trap '' XFSZ; ulimit -f 8; exec \"$0\" \"$@\"", env!("CARGO_BIN_EXE_bucketbook")]);
        let output = command.args(arguments).current_dir(workspace.path("")).output().unwrap();
        let err = String::from_utf8_lossy(&output.stderr);
        assert_eq!(output.status.code(), Some(2), "{err}");
        assert!(err.contains("error: cannot write `new/") && err.contains("nothing was changed"), "{err}");
        assert_eq!(workspace.files(), []);
        assert!(!workspace.path("new").exists(), "{arguments:?}");
    }
}
