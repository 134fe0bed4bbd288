use serde_json::json;

use super::*;
use crate::loaded::LoadedStack;
use crate::simulate::Outcome;
use crate::simulate::stack::likely_event;

const TEMPLATE: &str = r#"
Resources:
  Files: {Type: AWS::S3::Bucket, Properties: {NotificationConfiguration: {EventBridgeConfiguration: {}}}}
  Copier:
    Type: AWS::Serverless::StateMachine
    Properties:
      Definition:
        StartAt: Copy
        States:
          Copy:
            Type: Task
            Resource: arn:aws:states:::aws-sdk:s3:putObject
            Parameters: {Bucket: !Ref Files, Key: ax, Body: hello}
            End: true
      Events:
        Made:
          Type: EventBridgeRule
          Properties: {Pattern: {source: [aws.s3], detail: {object: {key: [{wildcard: PATTERN}]}}}}
  Caller:
    Type: AWS::Serverless::StateMachine
    Properties:
      Definition:
        StartAt: Call
        States:
          Call:
            Type: Task
            Resource: arn:aws:states:::states:startExecution.sync:2
            Parameters: {StateMachineArn: !Ref Sleeper, Input: {n: 1}}
            OutputPath: $.Output
            End: true
  Sleeper:
    Type: AWS::Serverless::StateMachine
    Properties:
      Definition: {StartAt: Rest, States: {Rest: {Type: Wait, Seconds: 60, End: true}}}
"#;

fn simulation(pattern: &str) -> Simulation {
    let loaded = LoadedStack::from_text("template.yaml", TEMPLATE.replace("PATTERN", pattern)).unwrap();
    let stack = Arc::new(RunnableStack::new(&loaded).unwrap());
    let mut services = LocalServices::in_memory(1).unwrap();
    stack.furnish(&mut services).unwrap();
    Simulation::new(stack, services, SimulationOptions { inspections: true, ..SimulationOptions::default() })
}

#[test]
fn what_a_workflow_writes_makes_events() {
    let mut simulation = simulation("a*x");
    simulation.options.max_follow_ups = 50;
    let event = simulation.put("files", "ax", None);
    assert_eq!(simulation.deliver(&event).unwrap().executions, [1]);
    let mut ended = Vec::new();
    // Each copy starts the next one: that has no end.
    let settled = simulation.settle(&mut |finished| ended.push(finished.outcome.status()));
    assert_eq!(settled, Err(SimulationError::Endless(50)));
    assert!(ended.iter().all(|status| *status == "SUCCEEDED") && ended.len() == 51);
}

#[test]
fn an_event_that_no_rule_takes_starts_nothing() {
    let mut simulation = simulation("only");
    let event = simulation.put("files", "a", None);
    assert_eq!(simulation.deliver(&event), Ok(Delivery::default()));
    assert_eq!(simulation.misses(&event)[0].field.as_ref().unwrap().path, "detail.object.key");
}

#[test]
fn machines_start_machines_and_wait_in_virtual_time() {
    let mut simulation = simulation("only");
    let machine = simulation.stack().machine("Caller").unwrap();
    let begun = simulation.now();
    simulation.start(machine, json!({}));
    let mut ended = Vec::new();
    simulation.settle(&mut |finished| ended.push(finished)).unwrap();
    assert_eq!(ended[0].outcome, Outcome::Succeeded(json!({"n": 1})));
    assert_eq!(simulation.now().since(begun), Duration::from_secs(60));
    assert_eq!(ended[0].path().collect::<Vec<_>>(), ["Call"]);
}

#[test]
fn what_nobody_asks_for_is_not_kept() {
    let mut simulation = simulation("ax");
    let options = simulation.options;
    simulation.options = SimulationOptions { inspections: false, path: true, calls: false, objects: false, ..options };
    let event = likely_event(crate::eventbridge::DetailType::ObjectCreated, "files", "ax", 1);
    simulation.options.max_follow_ups = 0;
    assert_eq!(simulation.deliver(&event).unwrap().executions, [1]);
    let mut ended = Vec::new();
    // It is known all the same that a call was made.
    assert!(simulation.advance(1, &mut |finished| ended.push(finished)).is_err());
    let [only] = ended.as_slice() else { panic!("{ended:?}") };
    assert_eq!((only.path().collect::<Vec<_>>(), only.calls.len(), only.state_runs().len()), (vec!["Copy"], 0, 0));
    assert_eq!(only.input()["detail"]["object"]["key"], "ax");
}

#[test]
fn executions_take_turns() {
    let mut simulation = simulation("only");
    let sleeper = simulation.stack().machine("Sleeper").unwrap();
    simulation.start(sleeper, json!(1));
    let half = simulation.now().after(Duration::from_secs(30));
    let mut ended = Vec::new();
    simulation.settle_until(half, &mut |finished| ended.push(finished.number)).unwrap();
    assert_eq!((simulation.now(), ended.len()), (half, 0));
    simulation.start(sleeper, json!(2));
    simulation.settle(&mut |finished| ended.push(finished.number)).unwrap();
    assert_eq!(ended, [1, 2]);
    assert_eq!(simulation.now(), half.after(Duration::from_secs(60)));
}

/// A machine that puts an event on a bus, and one rule each on the default bus and on the stack's own.
const BUSES: &str = r#"
Transform: AWS::Serverless-2016-10-31
Resources:
  Own: {Type: AWS::Events::EventBus, Properties: {Name: own}}
  Putter:
    Type: AWS::Serverless::StateMachine
    Properties:
      Definition:
        StartAt: Put
        States:
          Put:
            Type: Task
            Resource: arn:aws:states:::events:putEvents
            Parameters: {Entries: [{BUS Source: shop, DetailType: sold, Detail: {}}]}
            End: true
  OfDefault: {Type: AWS::Serverless::StateMachine, Properties: {Definition: {StartAt: A, States: {A: {Type: Succeed}}},
    Events: {E: {Type: EventBridgeRule, Properties: {Pattern: {source: [shop]}}}}}}
  OfOwn: {Type: AWS::Serverless::StateMachine, Properties: {Definition: {StartAt: A, States: {A: {Type: Succeed}}},
    Events: {E: {Type: EventBridgeRule, Properties: {EventBusName: !Ref Own, Pattern: {source: [shop]}}}}}}
"#;

#[test]
fn an_event_reaches_the_rules_of_its_bus() {
    for (bus, expected) in [
        ("", "OfDefault"),
        ("EventBusName: default,", "OfDefault"),
        ("EventBusName: own,", "OfOwn"),
        ("EventBusName: !GetAtt Own.Arn,", "OfOwn"),
    ] {
        let loaded = LoadedStack::from_text("template.yaml", BUSES.replace("BUS", bus)).unwrap();
        let stack = Arc::new(RunnableStack::new(&loaded).unwrap());
        let services = LocalServices::in_memory(1).unwrap();
        let mut simulation = Simulation::new(stack, services, SimulationOptions::default());
        simulation.start(simulation.stack.machine("Putter").unwrap(), json!({}));
        let mut ended = Vec::new();
        simulation.settle(&mut |finished| ended.push(finished.machine.clone())).unwrap();
        ended.sort_unstable();
        assert_eq!(ended, [expected, "Putter"], "{bus}");
    }
}
