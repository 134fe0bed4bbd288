//! What whole commands cost: seconds of a processor and memory, each on a line.
//!
//! Both are what Linux says of a finished process; elsewhere there is nothing to read, and nothing is printed. A short command runs many times,
//! because time is counted in hundredths of a second. `BUCKETBOOK_BINARY` names the program to measure, and an argument picks the lines whose names
//! contain it.

mod support;

use std::fmt::Write as _;
use std::path::Path;
use std::process::{Command, Stdio};
use std::time::Duration;

/// How much of a processor a line is measured for, at least, in hundredths of a second.
const ENOUGH: u64 = 100;

/// How often at most.
const MOST: u32 = 200;

fn main() {
    let picked = std::env::args().skip(1).find(|argument| !argument.starts_with('-')).unwrap_or_default();
    if !Path::new("/proc/self/stat").exists() {
        return println!("NOT RUN: this system has no /proc");
    }
    println!("{:<44} {:>12} {:>10} {:>14}", "", "CPU", "memory", "");
    simulate(&picked);
    rules(&picked);
    tests(&picked);
    cost(&picked);
    lint(&picked);
    line(&picked, "generate", &prepared("{}\n"), &["generate", "--force"], None);
}

fn simulate(picked: &str) {
    let folder = prepared("{}\n");
    for (keys, events) in [("1,000 keys", 100_000), ("distinct keys", 100_000), ("distinct keys", 300_000)] {
        let name = format!("simulate --events, {events}, {keys}");
        if !name.contains(picked) {
            continue;
        }
        let most = if keys == "distinct keys" { events } else { 1_000 };
        let text: String = (0..events).map(|at| event(at, &format!("photos/{}.jpg", at % most))).collect();
        write(&folder.path().join("events.jsonl"), &text);
        line(picked, &name, &folder, &["simulate", "--events", "events.jsonl"], Some((events, "executions")));
    }
}

/// Rules whose wildcards differ in one piece only, and events that match one rule each.
fn rules(picked: &str) {
    let (count, events) = (10_000, 100_000);
    let Ok(folder) = tempfile::tempdir() else { std::process::abort() };
    let mut template = r#"{"Resources": {"Machine": {"Type": "AWS::StepFunctions::StateMachine", "Properties": {"RoleArn": "arn:aws:iam::123456789012:role/own", "Definition": {"StartAt": "A", "States": {"A": {"Type": "Pass", "End": true}}}}}"#.to_owned();
    for at in 0..count {
        let key = format!(r#"{{"wildcard": "documents/*/{at}/*.jpg"}}"#);
        let target = r#"{"Id": "T", "Arn": {"Fn::GetAtt": ["Machine", "Arn"]}, "RoleArn": "arn:aws:iam::123456789012:role/own"}"#;
        _ = write!(
            template,
            r#", "Rule{at}": {{"Type": "AWS::Events::Rule", "Properties": {{"EventPattern": {{"source": ["aws.s3"], "detail": {{"object": {{"key": [{key}]}}}}}}, "Targets": [{target}]}}}}"#
        );
    }
    template.push_str("}}");
    write(&folder.path().join("template.json"), &template);
    let text: String = (0..events).map(|at| event(at, &format!("documents/x/{}/y.jpg", at % count))).collect();
    write(&folder.path().join("events.jsonl"), &text);
    let arguments = ["simulate", "template.json", "--events", "events.jsonl"];
    line(picked, "simulate --events, 100,000, 10,000 wildcards", &folder, &arguments, Some((events, "executions")));
}

/// An event of an upload to the default stack's bucket.
fn event(at: u64, key: &str) -> String {
    let (minute, second) = (at / 60 % 60, at % 60);
    format!(
        r#"{{"version": "0", "id": "17793124-05d4-b198-2fde-{at:012}", "detail-type": "Object Created", "source": "aws.s3", "account": "123456789012", "time": "2026-01-01T00:{minute:02}:{second:02}Z", "region": "us-east-1", "resources": ["arn:aws:s3:::filesbucket"], "detail": {{"version": "0", "bucket": {{"name": "filesbucket"}}, "object": {{"key": "{key}", "size": {at}, "etag": "b1946ac92492d2347c6235b4d2611184", "sequencer": "{:016X}"}}, "request-id": "N4N7GDK58NMKJ12R", "requester": "123456789012", "source-ip-address": "1.2.3.4", "reason": "PutObject"}}}}
"#,
        at + 0x0061_0000_0000
    )
}

fn tests(picked: &str) {
    let folder = prepared("backfill: {}\n");
    let mut text = "given:\n  objects:\n".to_owned();
    (0..10_000).for_each(|at| _ = writeln!(text, "    - photos/{at}.jpg"));
    text.push_str("when:\n  - start: {machine: BackfillStateMachine, input: {}}\nthen: {executions: 1}\n");
    write(&folder.path().join("backfill.yaml"), &text);
    line(picked, "test, a backfill of 10,000 objects", &folder, &["test", "backfill.yaml"], Some((10_000, "objects")));
}

fn cost(picked: &str) {
    line(picked, "cost, the default spec", &prepared("{}\n"), &["cost"], None);
    let mut routes = "routes:\n".to_owned();
    (0..100).for_each(|at| _ = writeln!(routes, "  - {{name: R{at}, prefix: r{at}/}}"));
    line(picked, "cost, 100 routes", &prepared(&routes), &["cost"], None);
}

fn lint(picked: &str) {
    let folder = prepared("{}\n");
    line(picked, "lint, one stack", &folder, &["lint", "out"], None);
    write(&folder.path().join("many.asl.json"), &support::workflow(10_000));
    line(picked, "lint, 10,000 states", &folder, &["lint", "many.asl.json"], Some((10_000, "states")));
    let each = folder.path().join("each");
    drop(std::fs::create_dir(&each));
    (0..170).for_each(|at| write(&each.join(format!("{at}.asl.json")), &support::workflow(20 + at % 40)));
    line(picked, "lint, 170 definitions", &folder, &["lint", "each"], Some((170, "definitions")));
}

/// A folder with a spec and its stack.
fn prepared(spec: &str) -> tempfile::TempDir {
    let Ok(folder) = tempfile::tempdir() else { std::process::abort() };
    write(&folder.path().join("bucketbook.yaml"), spec);
    run(folder.path(), &["generate"]);
    folder
}

fn write(path: &Path, text: &str) {
    if std::fs::write(path, text).is_err() {
        std::process::abort();
    }
}

/// Measures a command, and prints what it took.
fn line(picked: &str, name: &str, folder: &tempfile::TempDir, arguments: &[&str], each: Option<(u64, &str)>) {
    if !name.contains(picked) {
        return;
    }
    let (before, mut runs, mut memory) = (children(), 0, 0);
    while runs < MOST && (runs == 0 || children() - before < ENOUGH) {
        memory = memory.max(run(folder.path(), arguments));
        runs += 1;
    }
    let seconds = (children() - before) as f64 / 100.0 / f64::from(runs);
    let rate = each.map(|(count, what)| format!("{:.0} {what}/s", count as f64 / seconds)).unwrap_or_default();
    println!("{name:<44} {:>9.1} ms {:>7.1} MB  {rate}", seconds * 1000.0, memory as f64 / 1024.0);
}

/// Runs a command to its end; gives the most memory that it was seen to hold, in kB.
fn run(folder: &Path, arguments: &[&str]) -> u64 {
    let program = std::env::var_os("BUCKETBOOK_BINARY").unwrap_or_else(|| env!("CARGO_BIN_EXE_bucketbook").into());
    let mut command = Command::new(program);
    command.current_dir(folder).args(arguments).stdout(Stdio::null()).stderr(Stdio::null());
    let Ok(mut child) = command.spawn() else { std::process::abort() };
    let status = format!("/proc/{}/status", child.id());
    let mut most = 0;
    loop {
        let held = std::fs::read_to_string(&status).unwrap_or_default();
        let held = held.lines().find_map(|line| line.strip_prefix("VmHWM:")?.trim().strip_suffix(" kB")?.parse().ok());
        most = most.max(held.unwrap_or(0));
        if child.try_wait().is_ok_and(|ended| ended.is_some()) {
            return most;
        }
        std::thread::sleep(Duration::from_micros(500));
    }
}

/// How much of a processor the processes took that have ended, in hundredths of a second.
fn children() -> u64 {
    let stat = std::fs::read_to_string("/proc/self/stat").unwrap_or_default();
    let after_name = stat.rsplit_once(')').map_or("", |(_, rest)| rest);
    after_name.split_whitespace().skip(13).take(2).filter_map(|ticks| ticks.parse::<u64>().ok()).sum()
}
