//! Scenarios for a stack that nobody wrote any for: what its rules take happens.

use serde_json::{Value, json};

use crate::eventbridge::DetailType;
use crate::simulate::samples::like;
use crate::simulate::scenario::{FaultText, Key, Played, Scenario, Start, Step};
use crate::simulate::services::s3::Upload;
use crate::simulate::stack::{Bucket, RunnableStack, TakenEvents, TargetKind, USUAL_SIZE, likely_event};

/// Scenarios of the events that the rules of a stack take, a name each.
pub(super) fn scenarios(stack: &RunnableStack) -> Vec<Scenario> {
    let mut made = Vec::new();
    let mut started = vec![false; stack.machines().len()];
    for bucket in stack.buckets().iter().filter(|bucket| bucket.sends_to_event_bridge) {
        let taken = taken(stack, bucket, &mut started);
        let label = if stack.buckets().iter().filter(|b| b.sends_to_event_bridge).count() > 1 {
            format!(" in {}", bucket.logical_id.as_deref().unwrap_or(&bucket.name))
        } else {
            String::new()
        };
        made.extend(of_bucket(bucket, &taken).into_iter().map(|(name, when)| scenario(format!("{name}{label}"), when)));
    }
    for rule in stack.rules() {
        let event = like(&rule.source);
        let takes = stack.matching(&event).is_ok_and(|mut rules| rules.any(|r| r.logical_id == rule.logical_id));
        let new = rule.targets.iter().any(|target| matches!(target.kind, TargetKind::Machine(at) if !started[at]));
        if takes && new {
            mark(stack, &event, &mut started);
            made.push(scenario(format!("An event that {} matches", rule.name), vec![Step::Event(event)]));
        }
    }
    for (machine, _) in stack.machines().iter().zip(&started).filter(|(_, started)| !**started) {
        let start = Start { machine: machine.name.clone(), input: json!({}) };
        made.push(scenario(format!("{} is started with {{}}", machine.label()), vec![Step::Start(start)]));
    }
    made
}

/// The scenario of a service that refuses twice what another scenario wrote, if that wrote something.
pub(super) fn refused(played: &Played) -> Option<Scenario> {
    let mut calls = played.executions.iter().flat_map(|execution| &execution.calls);
    let wrote = calls.rfind(|call| call.items.iter().any(|item| item.before != item.after))?;
    let fault = format!("throttle \"{}\" twice", wrote.state).parse().ok()?;
    let key = played.delivered.first()?.event.pointer("/detail/object/key")?.as_str()?.to_owned();
    let size = played.delivered.first()?.event.pointer("/detail/object/size").and_then(Value::as_u64);
    let bucket = played.delivered.first()?.event.pointer("/detail/bucket/name")?.as_str()?.to_owned();
    let put = Step::Put(Key { key, bucket: Some(bucket), late: None, object: Upload::of_size(size) });
    Some(scenario("DynamoDB throttles the write twice".to_owned(), vec![Step::Fault(FaultText(fault)), put]))
}

fn scenario(name: String, when: Vec<Step>) -> Scenario {
    Scenario { name: Some(name), when, ..Scenario::default() }
}

/// What of a bucket's events starts state machines; these count as started from then on.
fn taken(stack: &RunnableStack, bucket: &Bucket, started: &mut [bool]) -> TakenEvents {
    let taken = stack.taken_events(bucket);
    for kind in &taken.kinds {
        mark(stack, &likely_event(*kind, &bucket.name, &taken.key, taken.size), started);
    }
    taken
}

fn mark(stack: &RunnableStack, event: &Value, started: &mut [bool]) {
    for rule in stack.matching(event).into_iter().flatten() {
        for target in &rule.targets {
            if let TargetKind::Machine(at) = target.kind {
                started[at] = true;
            }
        }
    }
}

/// What happens in a bucket, by the kinds of events that rules take.
fn of_bucket(bucket: &Bucket, taken: &TakenEvents) -> Vec<(String, Vec<Step>)> {
    let name = bucket.logical_id.clone().unwrap_or_else(|| bucket.name.clone());
    let key = |size: u64, late: Option<&str>| Key {
        key: taken.key.clone(),
        object: Upload::of_size(Some(size)),
        bucket: Some(name.clone()),
        late: late.and_then(|late| serde_json::from_value(late.into()).ok()),
    };
    // Other sizes than the one that rules take might not be taken.
    let another = if taken.size == USUAL_SIZE { 51_077 } else { taken.size };
    let put = |size: u64| Step::Put(key(size, None));
    let mut made = Vec::new();
    let mut add = |name: &str, when: Vec<Step>| made.push((name.to_owned(), when));
    if taken.kinds.contains(&DetailType::ObjectCreated) {
        add("A new file", vec![put(taken.size)]);
        add("The file is uploaded again, changed", vec![put(taken.size), put(another)]);
        add("An event is delivered twice", vec![put(taken.size), Step::Again(1)]);
        add("An older event arrives late", vec![Step::Put(key(taken.size, Some("1 hour"))), put(another)]);
        add("Two concurrent uploads", vec![Step::Together(vec![put(taken.size), put(another)])]);
    }
    if taken.kinds.contains(&DetailType::ObjectDeleted) {
        let delete = || Step::Delete(key(taken.size, None));
        add("A file is deleted", vec![put(taken.size), delete()]);
        if taken.kinds.contains(&DetailType::ObjectCreated) {
            add("A file is deleted and uploaded again", vec![put(taken.size), delete(), put(another)]);
        }
    }
    let others =
        taken.kinds.iter().filter(|kind| !matches!(kind, DetailType::ObjectCreated | DetailType::ObjectDeleted));
    for kind in others {
        let told = Step::Event(likely_event(*kind, &bucket.name, &taken.key, taken.size));
        add(kind.as_str(), vec![put(taken.size), told]);
    }
    made
}

#[cfg(test)]
mod tests {
    use std::path::Path;
    use std::sync::Arc;

    use super::*;
    use crate::loaded::LoadedStack;

    fn names(rules: &str) -> Vec<String> {
        let template = format!(
            "Resources:\n  B: {{Type: AWS::S3::Bucket, Properties: {{NotificationConfiguration: {{EventBridgeConfiguration: {{}}}}}}}}\n  M:\n    Type: AWS::Serverless::StateMachine\n    Properties:\n      Definition: {{StartAt: A, States: {{A: {{Type: Succeed}}}}}}\n      Events:\n        E: {{Type: EventBridgeRule, Properties: {{Pattern: {rules}}}}}\n"
        );
        let stack = RunnableStack::new(&LoadedStack::from_text("t.yaml", template).unwrap()).unwrap();
        let stack = Arc::new(stack);
        let made = scenarios(&stack);
        for one in &made {
            let played = crate::simulate::scenario::play(one, &stack, Path::new("")).unwrap();
            assert!(!played.executions.is_empty(), "{:?}: {:?}", one.name, played.notes);
        }
        made.into_iter().filter_map(|one| one.name).collect()
    }

    #[test]
    fn what_the_rules_take_happens() {
        let created = "{source: [aws.s3], detail-type: [Object Created], detail: {object: {key: [{prefix: in/}]}}}";
        assert_eq!(names(created).len(), 5);
        let all = "{source: [aws.s3], detail-type: [Object Deleted, Object Created, Object Tags Added]}";
        assert_eq!(names(all).last().map(String::as_str), Some("Object Tags Added"));
        assert_eq!(names(all).len(), 8);
        assert_eq!(names("{source: [my.app], detail: {n: [{numeric: ['>', 5]}]}}"), ["An event that ME matches"]);
        assert_eq!(names("{source: [my.app], detail: {n: [{anything-but: [something]}]}}"), ["M is started with {}"]);
    }
}
