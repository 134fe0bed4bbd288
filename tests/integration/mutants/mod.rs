//! Faults planted in the stacks that the catalogue makes, one at a time: how many of them `lint` finds.
//!
//! The stacks as they are give no finding. A mutant is found if it gives one. `docs/lint-coverage.md` is written from the
//! result, and lists what is missed. A sample of the mutants is held against that page; all of them are, where everything is tried.

mod advice;
mod broken;
mod calls;
mod data_flow;
mod dynamodb;
mod grants;
mod language;
mod operator;
mod report;
mod stack;
mod template;

use std::collections::{HashMap, HashSet};
use std::path::Path;

use crate::variants::VARIANTS;
use bucketbook::lint::{Selection, check};
use bucketbook::loaded::load;
use rayon::prelude::*;

use self::operator::{Family, Operator};
use self::report::{Report, Tally};
use self::stack::{Mutant, Stack};

/// The stacks that faults are planted in.
const STACKS: [(&str, &str); 9] = [
    ("article", "{}"),
    ("history", "{table: {layout: history}, bucket: {versioned: true}, events: {deleted: mark}, dead_letters: {}}"),
    ("removals", "{events: {deleted: remove}, alarms: {}}"),
    ("JSONata", "{state_machine: {query_language: JSONata}, bucket: {versioned: true}, dead_letters: {}}"),
    ("JSONata, history", "{state_machine: {query_language: JSONata}, table: {layout: history}}"),
    ("changes", "events: {deleted: mark, storage_class: record, tags: record, acl: record}"),
    (
        "changes, JSONata, upsert",
        "{events: {deleted: mark, tags: record}, state_machine: {query_language: JSONata, flow: upsert, type: EXPRESS, logging: {}}}",
    ),
    ("backfill", "{backfill: {}, events: {deleted: mark}}"),
    ("production", include_str!("../../../templates/production/bucketbook.yaml")),
];

const OPERATORS: [(Family, &[Operator]); 8] = [
    (Family::Language, language::OPERATORS),
    (Family::DataFlow, data_flow::OPERATORS),
    (Family::ServiceCalls, calls::OPERATORS),
    (Family::DynamoDb, dynamodb::OPERATORS),
    (Family::Resources, template::RESOURCES),
    (Family::Events, template::EVENTS),
    (Family::Permissions, template::PERMISSIONS),
    (Family::Advice, advice::OPERATORS),
];

/// What `lint` finds: rule and place, and the message.
fn findings(mutant: &Mutant, selection: &Selection) -> HashSet<(String, String)> {
    let directory = tempfile::tempdir().unwrap();
    let path = directory.path().join("template.json");
    std::fs::write(&path, &mutant.template).unwrap();
    for (definition, text) in &mutant.definitions {
        let path = directory.path().join(definition);
        std::fs::create_dir_all(path.parent().unwrap_or(Path::new("."))).unwrap();
        std::fs::write(path, text).unwrap();
    }
    let mut found = HashSet::new();
    for stack in load(&[path]).unwrap() {
        for finding in check(&stack, selection) {
            let id = finding.rule.id.to_string();
            found.insert((format!("{id} {}", finding.place.pointer), format!("{id} {}", finding.message)));
        }
    }
    found
}

#[test]
fn stacks_as_they_are_give_no_finding() {
    let wrong: Vec<String> = VARIANTS
        .par_iter()
        .flat_map_iter(|(name, spec)| {
            let found = findings(&Stack::generate(spec).mutant(String::new()), &Selection::default());
            found.into_iter().map(move |(place, message)| format!("{name}: {place}: {message}"))
        })
        .collect();
    assert!(wrong.is_empty(), "{} findings:\n{}", wrong.len(), wrong.join("\n"));
}

/// A mutant to lint, and what it is.
struct Job {
    family: Family,
    operator: &'static Operator,
    stack: &'static str,
    mutant: Mutant,
}

/// Every mutant, or, in a sample, one of each operator, from a stack that differs from operator to operator.
fn jobs(stacks: &[(&'static str, Stack)], everything: bool) -> Vec<Job> {
    let operators =
        OPERATORS.iter().flat_map(|(family, operators)| operators.iter().map(|operator| (*family, operator)));
    let planted = |family: Family, operator: &'static Operator, stack: &(&'static str, Stack)| {
        let job = |mutant| Job { family, operator, stack: stack.0, mutant };
        operator.plant(&stack.1).into_iter().map(job).collect::<Vec<_>>()
    };
    if everything {
        let all =
            stacks.iter().flat_map(|stack| operators.clone().map(move |(family, operator)| (family, operator, stack)));
        return all.flat_map(|(family, operator, stack)| planted(family, operator, stack)).collect();
    }
    let first_of = |(number, (family, operator)): (usize, (Family, &'static Operator))| {
        let (before, from) = stacks.split_at(number % stacks.len());
        from.iter().chain(before).find_map(|stack| planted(family, operator, stack).into_iter().next())
    };
    operators.enumerate().filter_map(first_of).collect()
}

#[test]
fn planted_faults_are_found() {
    let writes = std::env::var("INSTA_UPDATE").is_ok_and(|update| update == "always");
    let everything = writes || crate::sample::thorough();
    let only_default = Selection::default();
    let all = Selection::new(&["REL".to_owned()], &[], &[]).unwrap();
    let stacks = STACKS.map(|(name, spec)| (name, Stack::generate(spec)));
    let whole = |(name, stack): &(&'static str, Stack)| (*name, findings(&stack.mutant(String::new()), &all));
    let whole: HashMap<_, _> = stacks.par_iter().map(whole).collect();
    let jobs = jobs(&stacks, everything);
    let tallies = jobs.par_iter().map(|Job { family, operator, stack, mutant }| {
        let found = match family {
            Family::Advice => findings(mutant, &all).iter().any(|finding| !whole[stack].contains(finding)),
            _ => !findings(mutant, &only_default).is_empty(),
        };
        Tally { family: *family, operator, stack, place: mutant.place.clone(), found }
    });
    let report = Report { tallies: tallies.collect() };
    println!("{}", report.table());
    println!("{}", report.misses());
    if writes {
        report.write();
    }
    match everything {
        true => report.is_on_the_page(),
        false => report.agrees_with_the_page(),
    }
}
