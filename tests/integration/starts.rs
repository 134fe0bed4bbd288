//! What starts state machines and is no event: pipes, schedules, APIs and other state machines, in every command that knows them.

use crate::common::Workspace;

/// The stack of `tests/starts`, and scenarios.
fn workspace(scenarios: &[(&str, &str)]) -> Workspace {
    let workspace = Workspace::new();
    workspace.write("template.yaml", std::fs::read_to_string("tests/starts/template.yaml").unwrap());
    for (name, text) in scenarios {
        workspace.write(&format!("scenarios/{name}.yaml"), text);
    }
    workspace
}

fn passes(scenario: &str) {
    let workspace = workspace(&[("one", scenario)]);
    let (code, out, err) = workspace.run(&["test"]);
    assert_eq!((code, err.as_str()), (0, ""), "{out}");
}

#[test]
fn a_pipe_filters_batches_and_transforms() {
    passes(
        r#"
when:
  - pipe:
      - {messageId: one, body: {kind: order, order: a}}
      - {messageId: two, body: {kind: other, order: b}}
      - {messageId: three, body: {kind: order, order: c}}
      - {messageId: four, body: {kind: order, order: d}}
then:
  executions: 2
  items: [{id: one, body: a}, {id: three, body: c}, {id: four, body: d}]
"#,
    );
}

#[test]
fn what_fails_comes_again_as_often_as_the_queue_allows() {
    let scenario = r#"
when:
  - pipe: {name: Pipe, records: [{messageId: one, body: {kind: order, order: 5}}]}
then: {executions: 2, status: FAILED}
"#;
    passes(scenario);
    let workspace = workspace(&[("one", &scenario.replace("FAILED", "SUCCEEDED"))]);
    let (code, out, _) = workspace.run(&["test"]);
    assert_eq!(code, 1);
    assert!(out.contains("Pipe: 1 of 1 records failed, and come again after 60s"), "{out}");
    assert!(out.contains("failed 2 times: the pipe gives up on them"), "{out}");
}

#[test]
fn schedules_fire_with_their_input_or_the_event_that_aws_sends() {
    passes("when: [{schedule: Nightly}]\nthen: {items: [{id: n, body: '2026-01-01T00:00:00Z'}]}");
    // The rule hands on `$.resources`, a list of its own ARN, of which the state machine can make nothing.
    passes("when: [{schedule: Hourly}]\nthen: {executions: 1, error: States.Runtime}");
}

#[test]
fn what_is_not_there_is_said() {
    for (step, expected) in [
        ("pipe: {name: Gone, records: []}", "the stack has no pipe `Gone`; it has Pipe"),
        ("pipe: [{boddy: 1}]", "`pipe`: a record of a SQS queue has no `boddy`: it has messageId, receiptHandle, body"),
        ("schedule: Daily", "the stack has no schedule `Daily`; it has Hourly, Nightly"),
    ] {
        let (code, _, err) = workspace(&[("one", &format!("when: [{{{step}}}]"))]).run(&["test"]);
        assert_eq!(code, 2, "{step}");
        assert!(err.contains(expected), "{step}: {err}");
    }
}

#[test]
fn simulate_takes_records_and_schedules_as_flags() {
    let workspace = workspace(&[]);
    let records = r#"[{"messageId": "one", "body": {"kind": "order", "order": "a"}}, {"body": "other"}]"#;
    let (code, out, err) = workspace.run(&["simulate", "--records", records, "--schedule", "Nightly"]);
    assert_eq!((code, err.as_str()), (0, ""));
    insta::assert_snapshot!("simulate-records-and-a-schedule", out);
    let (code, _, err) = workspace.run(&["simulate", "--schedule"]);
    assert_eq!(code, 2);
    assert!(err.contains("the stack has several schedules: Hourly, Nightly"), "{err}");
    let (code, _, err) = workspace.run(&["simulate", "--records", "[5,"]);
    assert_eq!(code, 2, "{err}");
}

#[test]
fn the_architecture_shows_which_way_records_go() {
    let (code, out, _) = workspace(&[]).run(&["graph", "--view", "architecture", "--format", "text"]);
    assert_eq!(code, 0);
    insta::assert_snapshot!("graph-of-pipes-and-schedules", out);
}
