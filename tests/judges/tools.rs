//! What CI has prepared, and how it is called.

use std::env;
use std::path::PathBuf;
use std::process::{Command, Output};
use std::sync::{Mutex, PoisonError};

use serde_json::Value;

use crate::common::Workspace;

/// What CI has prepared.
pub(crate) fn prepared(variable: &str) -> PathBuf {
    let value = env::var_os(variable).unwrap_or_else(|| panic!("{variable} is not set: run these tests with .ci/run"));
    PathBuf::from(value)
}

/// A program of the judges' environment.
pub(crate) fn judge(program: &str) -> Command {
    let path = prepared("BUCKETBOOK_JUDGES").join("bin").join(program);
    assert!(path.exists(), "a judge is missing: {}", path.display());
    Command::new(path)
}

pub(crate) fn script(name: &str) -> String {
    format!("{}/tests/judges/{name}", env!("CARGO_MANIFEST_DIR"))
}

pub(crate) fn text(output: &Output) -> String {
    format!("{}{}", String::from_utf8_lossy(&output.stdout), String::from_utf8_lossy(&output.stderr))
}

/// A directory with the generated stack of a variant.
pub(crate) fn generated(spec: &str) -> Workspace {
    let workspace = Workspace::new();
    workspace.write("bucketbook.yaml", spec);
    let (code, _, err) = workspace.run(&["generate"]);
    assert_eq!(code, 0, "{err}");
    workspace
}

/// The SAM CLI, pointed at the mock.
pub(crate) fn sam(workspace: &Workspace) -> Command {
    let mut command = Command::new(prepared("BUCKETBOOK_AWS").join("sam/bin/sam"));
    command.current_dir(workspace.path("out")).env("SAM_CLI_TELEMETRY", "0");
    mock_environment(&mut command);
    command
}

pub(crate) fn mock_environment(command: &mut Command) {
    for (key, value) in [
        ("ACCESS_KEY_ID", "test"),
        ("SECRET_ACCESS_KEY", "test"),
        ("REGION", "us-east-1"),
        ("DEFAULT_REGION", "us-east-1"),
    ] {
        command.env(format!("AWS_{key}"), value);
    }
    command.env("AWS_ENDPOINT_URL", prepared("BUCKETBOOK_AWS_MOCK"));
}

/// Deploys a stack as the README tells users to. One at a time: the client makes a bucket of its own for all stacks, and two that
/// make it at once are in each other's way.
pub(crate) fn deploy(workspace: &Workspace, stack: &str) {
    static ONE_AT_A_TIME: Mutex<()> = Mutex::new(());
    let _turn = ONE_AT_A_TIME.lock().unwrap_or_else(PoisonError::into_inner);
    let output = sam(workspace).args(["deploy", "--stack-name", stack]).output().unwrap();
    assert!(output.status.success(), "{}", text(&output));
}

/// Deploys a stack as the README tells users to, and runs a script of this folder against it.
pub(crate) fn deploy_and(workspace: &Workspace, stack: &str, name: &str) -> Value {
    deploy(workspace, stack);
    let mut python = Command::new(prepared("BUCKETBOOK_AWS").join("mock/bin/python"));
    mock_environment(&mut python);
    let output = python.args([&script(name), stack]).output().unwrap();
    assert!(output.status.success(), "{}", text(&output));
    serde_json::from_slice(&output.stdout).unwrap()
}
