//! Every statement that the generator writes into a role, or into the policy of a queue, topic, bucket or key, is taken out, one at a
//! time, and so is each of its actions: `lint` finds every one of them.

use std::collections::HashSet;

use bucketbook::lint::Selection;
use rayon::prelude::*;
use serde_json::Value;

use crate::sample;

use super::findings;
use super::stack::{Mutant, Stack, all};

/// Specs that between them write every kind of statement.
const STACKS: [(&str, &str); 5] = [
    (
        "everything encrypted",
        "{events: {deleted: mark}, enrich: [contentType, tags], bucket: {access_logs: {}, tls_only: true, encryption: {type: SSE-KMS}}, backfill: {}, dead_letters: {encryption: KMS}, alarms: {}, api: {}, state_machine: {logging: {encryption: KMS}, tracing: true}, table: {encryption: KMS}}",
    ),
    (
        "a function, history",
        "{table: {layout: history, encryption: KMS}, api: {type: lambda}, state_machine: {query_language: JSONata, logging: {encryption: KMS}, tracing: true}, dead_letters: {}}",
    ),
    ("an API over history", "{table: {layout: history}, api: {}, alarms: {}}"),
    (
        "versions",
        "{bucket: {versioned: true}, enrich: [metadata, tags], events: {deleted: mark}, state_machine: {type: EXPRESS, logging: {}}}",
    ),
    (
        "routes",
        "{routes: [{name: Photos, prefix: photos/, table: {name: photos}}, {name: Rest, pattern: {detail: {object: {key: [{anything-but: {prefix: photos/}}]}}}}], dead_letters: {encryption: KMS}}",
    ),
];

/// What a role of a function has to allow for its code, which nobody but the code says.
fn is_for_code(stack: &Stack, pointer: &str, statement: &Value) -> bool {
    let role = pointer.split('/').nth(2).unwrap_or_default();
    let trusted = stack.template.pointer(&format!("/Resources/{role}/Properties/AssumeRolePolicyDocument"));
    let of_function = role == "FilesFunction" || trusted.is_some_and(|policy| policy.to_string().contains("lambda."));
    let actions = statement["Action"].to_string();
    of_function && (actions.contains("dynamodb:") || actions.contains("kms:"))
}

/// The stack with one statement less, or one action less.
fn plant(stack: &Stack) -> Vec<Mutant> {
    let mut planted = Vec::new();
    for (pointer, _, value) in all(&stack.template) {
        let Some((list, at)) = pointer.rsplit_once('/').filter(|(list, _)| list.ends_with("/Statement")) else {
            continue;
        };
        if value["Effect"] != "Allow" || is_for_code(stack, &pointer, value) {
            continue;
        }
        let at: usize = at.parse().unwrap();
        let mut without = stack.clone();
        without.template.pointer_mut(list).unwrap().as_array_mut().unwrap().remove(at);
        planted.push(without.mutant(format!("{pointer}: {value}")));
        let actions = value["Action"].as_array().map_or(0, Vec::len);
        for action in (0..actions).filter(|_| actions > 1) {
            let mut without = stack.clone();
            let pointer = format!("{pointer}/Action");
            let removed = without.template.pointer_mut(&pointer).unwrap().as_array_mut().unwrap().remove(action);
            planted.push(without.mutant(format!("{pointer}: {removed}")));
        }
    }
    planted
}

#[test]
fn every_statement_and_action_that_is_taken_out_is_missed() {
    let selection = Selection::new(&["IAM".to_owned()], &[], &[]).unwrap();
    let mut wrong = Vec::new();
    let mut total = 0;
    for (name, spec) in STACKS {
        let stack = Stack::generate(spec);
        assert_eq!(findings(&stack.mutant(String::new()), &selection), HashSet::new(), "{name}");
        let mutants: Vec<Mutant> = sample::every(4, plant(&stack)).collect();
        total += mutants.len();
        let silent = mutants.par_iter().filter(|mutant| findings(mutant, &selection).is_empty());
        wrong.extend(silent.map(|mutant| format!("{name}: {}", mutant.place)).collect::<Vec<_>>());
    }
    println!("{} of {total} found", total - wrong.len());
    assert!(wrong.is_empty(), "{} of {total} are not found:\n{}", wrong.len(), wrong.join("\n"));
}
