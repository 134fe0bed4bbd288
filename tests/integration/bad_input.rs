//! Bad input of every kind: a short message that says what and where, exit code 2, and the disk as it was.

use crate::common::Workspace;

/// Runs `generate` over a spec that cannot be, in a directory that has a good stack, and gives the message.
fn refused(spec: &[u8]) -> String {
    let workspace = Workspace::with_spec();
    assert_eq!(workspace.run(&["generate"]).0, 0);
    workspace.write("bucketbook.yaml", spec);
    let before = workspace.files();
    let (code, out, err) = workspace.run(&["generate"]);
    assert_eq!((code, out.as_str()), (2, ""), "{err}");
    assert_eq!(workspace.run(&["check"]).0, 2);
    assert_eq!(workspace.files(), before, "the disk is as it was");
    one_screen(&err);
    err
}

fn one_screen(message: &str) {
    assert!(message.lines().count() <= 24 && message.chars().count() < 2_000, "{message}");
    assert!(message.starts_with("error: "), "{message}");
    assert!(!message.contains("panicked"), "{message}");
}

#[test]
fn a_rule_that_has_a_name_needs_a_stack_with_a_short_one() {
    let workspace = Workspace::with_spec();
    let name = "s".repeat(51);
    workspace.write("bucketbook.yaml", format!("stack:\n  name: {name}\ndead_letters: {{}}\n"));
    let (code, _, err) = workspace.run(&["generate"]);
    assert_eq!(code, 2);
    assert!(err.contains("bucketbook.yaml:2:9") && err.contains("allows 50 characters of it"), "{err}");
    workspace.write("bucketbook.yaml", format!("stack: {{name: {}}}\ndead_letters: {{}}\n", &name[1..]));
    assert_eq!(workspace.run(&["generate"]).0, 0);
}

#[test]
fn numbers_outside_their_bounds_say_what_is_inside() {
    for (spec, place, help) in [
        ("dead_letters: {max_attempts: 186}", "1:30", "expected a whole number from 0 to 185"),
        ("state_machine: {logging: {retention_days: 360}}", "1:43", "the nearest value is 365"),
        ("tags: {aws:x: y}", "1:8", "it begins with `aws:`"),
        ("alarms: {email: nobody}", "1:17", "one @ between a name and a domain"),
        ("table: {encryption: SSE-KMS}", "1:21", "expected `KMS`"),
    ] {
        let workspace = Workspace::with_spec();
        workspace.write("bucketbook.yaml", spec);
        let (code, _, err) = workspace.run(&["generate"]);
        assert_eq!(code, 2);
        assert!(err.contains(place) && err.contains(help), "{spec}: {err}");
    }
}

#[test]
fn an_api_that_cannot_be_says_where_and_what_to_write_instead() {
    const POOL: &str = "user_pool: 'arn:aws:cognito-idp:us-east-1:123456789012:userpool/us-east-1_aB3'";
    let jwt = "jwt: {issuer: 'https://a.example.com/', audience: [files]}";
    for (api, place, help) in [
        (format!("{{auth: {{{jwt}}}}}"), "1:19", "add `type: lambda`, whose HTTP API takes them"),
        (format!("{{auth: {{cognito: {{{POOL}, clients: [a]}}}}}}"), "1:81", "leave it out, or add `type: lambda`"),
        (format!("{{type: lambda, auth: {{cognito: {{{POOL}}}}}}}"), "1:37", "`clients: [ID]`"),
        ("{access_logs: none, logs: {}}".to_owned(), "1:32", "or write `access_logs: json`"),
        ("{auth: {jwt: {issuer: 'http://a', audience: [files]}}}".to_owned(), "1:28", "begin with https://"),
        ("{auth: {jwt: {issuer: 'https://a', audience: []}}}".to_owned(), "1:51", "name at least one"),
        ("{auth: {jwt: {issuer: 'https://a', audience: ['a b']}}}".to_owned(), "1:51", "is not a valid audience"),
        ("{auth: {jwt: {issuer: 'https://a'}}}".to_owned(), "1:19", "audience"),
        ("{auth: jwt}".to_owned(), "1:13", "write them below it: `jwt: {...}`"),
        ("{auth: {jwt: {isuer: 'https://a', audience: [a]}}}".to_owned(), "1:20", "did you mean `issuer`?"),
        ("{logs: {retention_days: 29}}".to_owned(), "1:30", "the nearest value is 30"),
    ] {
        let err = refused(format!("api: {api}").as_bytes());
        assert!(err.contains(&format!("bucketbook.yaml:{place}")) && err.contains(help), "{api}: {err}");
    }
}

#[test]
fn specs_that_cannot_be() {
    let alias_bomb = {
        let mut text = "a0: &a0 [x, x, x, x, x, x, x, x, x, x]\n".to_owned();
        for level in 1..30 {
            text.push_str(&format!("a{level}: &a{level} [{}]\n", vec![format!("*a{}", level - 1); 10].join(", ")));
        }
        text.into_bytes()
    };
    let cases: Vec<(&str, Vec<u8>, &str, &str)> = vec![
        ("broken YAML", b"table:\n  layout: [latest\n".to_vec(), "`]` is missing", "bucketbook.yaml:2:11"),
        ("a tab as indentation", b"table:\n\tlayout: latest\n".to_vec(), "this is not YAML", "bucketbook.yaml:2:"),
        ("a list", b"- table\n".to_vec(), "expected a mapping, found a list", "bucketbook.yaml:1:1"),
        ("a text", b"hello\n".to_vec(), "expected a mapping, found a string", "bucketbook.yaml:1:1"),
        ("a number", b"table: 5\n".to_vec(), "expected a mapping, found the number 5", "bucketbook.yaml:1:8"),
        (
            "a wrong type",
            b"bucket:\n  versioned: 'yes'\n".to_vec(),
            "expected a boolean, found a string",
            "bucketbook.yaml:2:14",
        ),
        ("an unknown key", b"tabel: {}\n".to_vec(), "did you mean `table`?", "bucketbook.yaml:1:1"),
        (
            "a key twice",
            b"table: {}\ntable: {}\n".to_vec(),
            "the key `table` occurs a second time",
            "bucketbook.yaml:2:1",
        ),
        (
            "a taken attribute name",
            b"table:\n  attribute_names:\n    file_name: size\n".to_vec(),
            "the attribute name `size` is taken",
            "bucketbook.yaml:3:16",
        ),
        (
            "an attribute name that a chosen attribute takes",
            b"attributes: [requester]\ntable:\n  attribute_names:\n    last_modified: requester\n".to_vec(),
            "the record holds who sent the request under it",
            "bucketbook.yaml:4:20",
        ),
        (
            "an attribute that no event has",
            b"attributes:\n  - size\n  - sourceIPAddress\n".to_vec(),
            "did you mean `sourceIpAddress`?",
            "bucketbook.yaml:3:5",
        ),
        ("an attribute twice", b"enrich: [tags, tags]\n".to_vec(), "`tags` is listed twice", "bucketbook.yaml:1:9"),
        (
            "an index of what records do not hold",
            b"indexes:\n  - name: by-type\n    partition: contentType\n".to_vec(),
            "`attributes` and `enrich` add others",
            "bucketbook.yaml:3:16",
        ),
        (
            "an index by a map",
            b"enrich: [tags]\nindexes: [{name: by-tags, partition: tags}]\n".to_vec(),
            "the attribute `tags` is a map",
            "bucketbook.yaml:2:38",
        ),
        (
            "two indexes with one name",
            b"indexes: [{name: one, partition: etag}, {name: one, partition: size}]\n".to_vec(),
            "there are two indexes `one`",
            "bucketbook.yaml:1:48",
        ),
        (
            "a path as attribute name",
            b"table: {attribute_names: {file_name: 'x.$'}}\n".to_vec(),
            "it ends with `.$`",
            "bucketbook.yaml:1:38",
        ),
        (
            "binary junk",
            vec![0x7f, b'E', b'L', b'F', 2, 1, 0, 0xff, 0xfe],
            "the file is not text",
            "bucketbook.yaml:1:1",
        ),
        ("UTF-16", b"\xff\xfet\0a\0".to_vec(), "the file is not", "bucketbook.yaml:1:1"),
        ("an empty file", Vec::new(), "the spec is empty", "bucketbook.yaml"),
        ("only comments", b"# nothing\n".to_vec(), "the spec is empty", "bucketbook.yaml"),
        ("10 MB", b"# comment\n".repeat(1 << 20), "larger than 1 MiB", "bucketbook.yaml"),
        (
            "just under 1 MB on one line",
            [b"x: ".to_vec(), vec![b'y'; 1_000_000]].concat(),
            "unknown key `x`",
            "bucketbook.yaml:1:1",
        ),
        ("deep lists", b"[".repeat(500_000), "nested more than 100 deep", "bucketbook.yaml:1:"),
        ("deep mappings", b"{a: ".repeat(200_000), "nested more than 100 deep", "bucketbook.yaml:1:"),
        (
            "deep blocks",
            (0..900).map(|i| format!("{}a:\n", " ".repeat(i))).collect::<String>().into_bytes(),
            "nested more than 100 deep",
            "bucketbook.yaml:101:",
        ),
        ("an alias bomb", alias_bomb, "more than 100000 values", "bucketbook.yaml:"),
        (
            "an alias to itself",
            b"table: &t\n  layout: *t\n".to_vec(),
            "stands within the very value",
            "bucketbook.yaml:2:11",
        ),
        ("two documents", b"table: {}\n---\ntable: {}\n".to_vec(), "a second document", "bucketbook.yaml:2:1"),
        (
            "a very long name",
            format!("bucket: {{name: {}}}\n", "a".repeat(100_000)).into_bytes(),
            "is not a bucket name",
            "bucketbook.yaml:1:16",
        ),
    ];
    for (name, spec, message, place) in cases {
        let shown = refused(&spec);
        assert!(shown.contains(message), "{name}:\n{shown}");
        assert!(shown.contains(place), "{name}:\n{shown}");
    }
}

#[test]
fn choices_that_do_not_go_together_are_all_named_at_once() {
    let message = refused(
        b"bucket: {existing: photos, tls_only: true}\nindexes: [{name: byA, partition: nothing}]\n\
          routes: [{name: A, wildcard: 'a*', prefix: b}]\n",
    );
    let expected = ["`bucket.tls_only`", "`wildcard` covers the whole key", "no attribute `nothing`"];
    for part in expected {
        assert!(message.contains(part), "{part}: {message}");
    }
    assert_eq!(message.matches("error: ").count(), expected.len(), "{message}");
}

#[test]
fn a_spec_that_is_not_there() {
    let workspace = Workspace::new();
    let (code, _, err) = workspace.run(&["generate", "--spec", "nope.yaml"]);
    assert_eq!(code, 2);
    one_screen(&err);
    assert!(err.contains("nope.yaml") && err.contains("cannot read the file"), "{err}");
    assert!(workspace.files().is_empty());
}

#[test]
fn a_spec_that_is_a_directory() {
    let workspace = Workspace::new();
    workspace.write("bucketbook.yaml/x", "");
    let (code, _, err) = workspace.run(&["generate"]);
    assert_eq!(code, 2);
    assert!(err.contains("it is a directory"), "{err}");
}

#[test]
fn an_output_that_is_a_file() {
    let workspace = Workspace::with_spec();
    workspace.write("out", "mine");
    for command in ["generate", "check"] {
        let (code, _, err) = workspace.run(&[command]);
        assert_eq!(code, 2);
        assert!(err.contains("`out` is a file; expected a directory"), "{err}");
    }
    assert_eq!(workspace.read("out"), "mine");
}

#[test]
fn an_output_in_which_a_directory_has_the_name_of_a_file() {
    let workspace = Workspace::with_spec();
    workspace.write("out/samconfig.toml/x", "mine");
    for command in ["generate", "check"] {
        let (code, _, err) = workspace.run(&[command]);
        assert_eq!(code, 2);
        assert!(err.contains("samconfig.toml` is a directory; expected a file"), "{err}");
    }
    assert!(!workspace.path("out/template.yaml").exists(), "not even the others are written");
}

#[test]
fn a_file_in_place_of_a_folder_of_the_output() {
    let workspace = Workspace::with_spec();
    workspace.write("out/definitions", "mine");
    let (code, _, err) = workspace.run(&["generate"]);
    assert_eq!(code, 2);
    one_screen(&err);
    assert_eq!(workspace.read("out/definitions"), "mine");
    assert!(!workspace.path("out/template.yaml").exists(), "{err}");
}

#[test]
fn files_that_others_made() {
    let workspace = Workspace::with_spec();
    workspace.write("out/template.yaml", "Resources: {}\n");
    let before = workspace.files();
    let (code, _, err) = workspace.run(&["generate"]);
    assert_eq!(code, 2);
    assert!(err.contains("was not generated by Bucketbook") && err.contains("--force"), "{err}");
    assert_eq!(workspace.files(), before);
    assert_eq!(workspace.run(&["check"]).0, 1);
    assert_eq!(workspace.run(&["generate", "--force"]).0, 0);
    assert_eq!(workspace.run(&["check"]).0, 0);
}

#[test]
fn a_generated_file_that_became_junk() {
    for junk in [vec![0xff, 0xfe, 0x00], b"# Generated by Bucketbook.\n".repeat(100_000)] {
        let workspace = Workspace::with_spec();
        assert_eq!(workspace.run(&["generate"]).0, 0);
        workspace.write("out/template.yaml", &junk);
        let (code, out, _) = workspace.run(&["check"]);
        assert_eq!(code, 1);
        assert!(out.len() < 1_000 && out.contains("edited  out/template.yaml"), "{out}");
        assert_eq!(workspace.run(&["generate", "--force"]).0, 0);
    }
}

#[cfg(unix)]
mod unix {
    use std::os::unix::fs::symlink;
    use std::process::{Command, Stdio};

    use super::*;

    #[test]
    fn links_that_lead_to_themselves() {
        let workspace = Workspace::with_spec();
        symlink("loop", workspace.path("loop")).unwrap();
        for arguments in [
            ["generate", "--out", "loop"],
            ["check", "--out", "loop"],
            ["generate", "--spec", "loop"],
            ["init", "loop", "--force"],
        ] {
            let (code, _, err) = workspace.run(&arguments);
            assert_eq!(code, 2, "{arguments:?}");
            one_screen(&err);
            assert!(err.contains("symbolic links"), "{err}");
        }
        let workspace = Workspace::with_spec();
        assert_eq!(workspace.run(&["generate"]).0, 0);
        std::fs::remove_file(workspace.path("out/template.yaml")).unwrap();
        symlink("template.yaml", workspace.path("out/template.yaml")).unwrap();
        assert_eq!(workspace.run(&["generate"]).0, 2);
        assert_eq!(workspace.run(&["check"]).0, 2);
    }

    #[test]
    fn a_link_to_nowhere_as_output() {
        let workspace = Workspace::with_spec();
        symlink("nowhere", workspace.path("out")).unwrap();
        let (code, _, err) = workspace.run(&["check"]);
        assert_eq!(code, 2, "{err}");
        assert_eq!(workspace.run(&["generate"]).0, 2);
    }

    #[test]
    fn a_reader_that_goes_away_is_no_error() {
        let workspace = Workspace::with_spec();
        let mut child = Command::new(env!("CARGO_BIN_EXE_bucketbook"))
            .args(["generate", "--stdout"])
            .current_dir(workspace.path(""))
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .unwrap();
        drop(child.stdout.take());
        let output = child.wait_with_output().unwrap();
        assert!(!String::from_utf8_lossy(&output.stderr).contains("panicked"));
        assert_eq!(output.status.code(), Some(0));
    }

    #[cfg(target_os = "linux")]
    #[test]
    fn an_output_that_cannot_be_written() {
        let workspace = Workspace::with_spec();
        let full = std::fs::OpenOptions::new().write(true).open("/dev/full").unwrap();
        let output = Command::new(env!("CARGO_BIN_EXE_bucketbook"))
            .args(["generate", "--stdout"])
            .current_dir(workspace.path(""))
            .stdout(full)
            .output()
            .unwrap();
        assert_eq!(output.status.code(), Some(2));
        let message = String::from_utf8_lossy(&output.stderr);
        assert!(message.contains("no space left on device"), "{message}");

        let (code, _, err) = workspace.run(&["generate", "--out", "/proc/bucketbook/out"]);
        assert_eq!(code, 2);
        one_screen(&err);
        assert!(err.contains("cannot create the directory"), "{err}");
    }

    #[cfg(target_os = "linux")]
    #[test]
    fn a_spec_that_never_ends() {
        let (code, _, err) = Workspace::with_spec().run(&["generate", "--spec", "/dev/zero"]);
        assert_eq!(code, 2);
        one_screen(&err);
    }
}
