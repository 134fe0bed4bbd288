//! `prove`: what it has to find, what it has to prove, and that the search leaves nothing out.

use std::collections::BTreeMap;
use std::fs;
use std::sync::Arc;

use bucketbook::loaded::{LoadedStack, load};
use bucketbook::prove::{
    Bounds, Counterexample, Explored, FaultKind, Promise, Question, Story, Verdict, histories, prove, prove_one,
};
use bucketbook::simulate::stack::RunnableStack;
use bucketbook::source::Source;
use bucketbook::spec::Document;

use crate::common::Workspace;
use crate::promise::local;
use crate::variants::VARIANTS;

const CREATED: &str = "[Object Created]";
const ALL: FaultsOf = &[FaultKind::Throttle, FaultKind::Lost, FaultKind::Crash, FaultKind::Stale];

type FaultsOf = &'static [FaultKind];

/// The stack of a definition in `tests/prove`, whose rule takes these kinds of events.
fn of_definition(name: &str, kinds: &str) -> Arc<RunnableStack> {
    let definition = fs::read_to_string(format!("tests/prove/{name}.asl.json")).unwrap();
    of_text(&definition, kinds, false)
}

/// The stack of a definition; items of its table may expire.
fn of_text(definition: &str, kinds: &str, expires: bool) -> Arc<RunnableStack> {
    let directory = tempfile::tempdir().unwrap();
    let mut template = fs::read_to_string("tests/prove/stack.yaml").unwrap().replace("KINDS", kinds);
    if expires {
        let ttl = "TimeToLiveSpecification: {AttributeName: expires, Enabled: true}";
        template = template.replace("      KeySchema:", &format!("      {ttl}\n      KeySchema:"));
    }
    fs::write(directory.path().join("template.yaml"), template).unwrap();
    fs::write(directory.path().join("definition.asl.json"), definition).unwrap();
    let loaded: LoadedStack = load(&[directory.path().join("template.yaml")]).unwrap().pop().unwrap();
    Arc::new(RunnableStack::new(&loaded).unwrap())
}

fn bounds(repeats: usize, faults: FaultsOf) -> Bounds {
    Bounds { repeats, faults: faults.to_vec(), ..Bounds::default() }
}

fn verdict(stack: &Arc<RunnableStack>, events: usize, bounds: &Bounds) -> Verdict {
    let stories = histories(stack, events, 1, &[]).stories;
    let question = Question { converges: true, ..Question::default() };
    prove(stack, &stories, bounds, &question, &|| ()).unwrap().verdict
}

fn broken(stack: &Arc<RunnableStack>, events: usize, bounds: &Bounds) -> Box<Counterexample> {
    match verdict(stack, events, bounds) {
        Verdict::Broken(found) => found,
        other => panic!("{other:?}"),
    }
}

fn holds(stack: &Arc<RunnableStack>, events: usize, bounds: &Bounds) {
    match verdict(stack, events, bounds) {
        Verdict::Holds => {}
        Verdict::Broken(found) => panic!("{}\n{}\n{}\n{}", found.what, found.sequence, found.expected, found.is),
        other => panic!("{other:?}"),
    }
}

#[test]
fn two_uploads_that_both_look_first_leave_the_older_one() {
    let stack = of_definition("look_then_write", CREATED);
    let found = broken(&stack, 3, &bounds(1, ALL));
    assert_eq!((found.sequence.executions.len(), found.story.deeds.len()), (2, 2), "{}", found.sequence);
    insta::assert_snapshot!(format!(
        "{}\nis\n{}in order\n{}\n{}",
        found.sequence, found.is, found.expected, found.text
    ));
}

#[test]
fn a_removal_without_a_mark_lets_a_late_creation_bring_the_file_back() {
    let stack = of_definition("remove_without_marks", "[Object Created, Object Deleted]");
    let found = broken(&stack, 3, &bounds(0, ALL));
    assert_eq!(found.story.deeds.len(), 2, "{}", found.sequence);
    assert!(found.is.contains("photos/cat.jpg") && found.expected.is_empty(), "{}", found.sequence);
}

#[test]
fn a_counter_that_is_read_and_written_loses_an_event() {
    let stack = of_definition("counter", CREATED);
    let found = broken(&stack, 2, &bounds(0, &[]));
    assert!(found.expected.contains(r#""N":"2""#) && found.is.contains(r#""N":"1""#), "{}{}", found.expected, found.is);
}

#[test]
fn a_lock_that_is_looked_at_first_is_taken_twice() {
    let stack = of_definition("lock", CREATED);
    holds(&stack, 2, &bounds(0, &[]));
    let found = broken(&stack, 1, &bounds(1, &[]));
    assert_eq!(found.sequence.executions.len(), 2, "{}", found.sequence);
    assert!(found.is.contains(r#""N":"2""#), "{}", found.is);
}

#[test]
fn a_lost_answer_charges_twice_unless_there_is_a_token() {
    let lost = bounds(0, &[FaultKind::Lost]);
    let found = broken(&of_definition("saga", CREATED), 1, &lost);
    assert!(found.text.contains("lose 1") && found.is.contains(r#""N":"20""#), "{}\n{}", found.text, found.is);
    holds(&of_definition("saga_with_a_token", CREATED), 2, &bounds(1, ALL));
    holds(&of_definition("saga_with_a_client_token", CREATED), 2, &bounds(1, ALL));
}

#[test]
fn a_conditional_write_holds() {
    holds(&of_definition("write_once", CREATED), 3, &bounds(1, ALL));
}

/// The stories of a spec of ours.
fn of_spec(spec: &str, events: usize) -> (Arc<RunnableStack>, Vec<Story>, Promise) {
    let (stack, _) = local(spec);
    let parsed = Document::parse(Source::new("spec", spec)).unwrap().spec;
    let backfill = parsed.backfill.as_ref().map(|_| bucketbook::catalog::BACKFILL.to_owned());
    let stories = histories(&stack, events, 1, &backfill.into_iter().collect::<Vec<_>>()).stories;
    (stack, stories, Promise::of(&parsed))
}

/// Whether a backfill leaves a record beside that of an upload whose event comes later: in a history it does, as `docs/backfill.md` says.
fn doubles(spec: &str) -> bool {
    let spec = Document::parse(Source::new("spec", spec)).unwrap().spec;
    spec.backfill.is_some() && spec.table.layout == bucketbook::spec::Layout::History
}

fn keeps(name: &str, spec: &str, events: usize, bounds: &Bounds) {
    let (stack, stories, promise) = of_spec(spec, events);
    let question = Question {
        converges: promise.converges(),
        judge: Some(Box::new(move |end| promise.check(end))),
        ..Question::default()
    };
    match prove(&stack, &stories, bounds, &question, &|| ()).unwrap().verdict {
        Verdict::Broken(found) if doubles(spec) => {
            assert!([&found.is, &found.expected].iter().any(|text| text.contains("Z#\"}")), "{name}: {}", found.is);
        }
        Verdict::Holds => {}
        Verdict::Broken(found) => {
            panic!("{name}: {}\n{}\n{}\n{}", found.what, found.sequence, found.expected, found.is)
        }
        other => panic!("{name}: {other:?}"),
    }
}

#[test]
fn every_starter_and_every_option_keeps_the_promise() {
    for (name, spec) in VARIANTS {
        // Where an event starts several executions, two events have enough of them.
        let routes = Document::parse(Source::new("spec", *spec)).unwrap().spec.routes.len();
        keeps(name, spec, 2, &bounds(usize::from(routes < 2), &[]));
    }
}

#[test]
fn the_default_stack_keeps_the_promise_whatever_goes_wrong() {
    keeps("article", "{}", 2, &bounds(1, ALL));
    keeps("upsert", "{state_machine: {flow: upsert}, events: {deleted: mark}}", 2, &bounds(1, ALL));
}

/// What options there are, each with its values.
const OPTIONS: [(&str, &[&str]); 9] = [
    ("table.layout", &["latest", "history"]),
    ("state_machine.flow", &["query-then-write", "upsert"]),
    ("state_machine.query_language", &["JSONPath", "JSONata"]),
    ("events.deleted", &["ignore", "mark", "remove"]),
    ("events.tags", &["ignore", "record"]),
    ("bucket.versioned", &["false", "true"]),
    ("enrich", &["", "[metadata, tags]"]),
    ("backfill", &["", "{}"]),
    ("routes", &["", "[{name: Photos, prefix: photos/}, {name: Docs, prefix: docs/}]"]),
];

/// The spec of some choices, a number for each option.
fn chosen(choices: &[usize]) -> String {
    let mut sections: BTreeMap<&str, Vec<String>> = BTreeMap::new();
    for ((name, values), choice) in OPTIONS.iter().zip(choices) {
        let value = values[*choice];
        match name.split_once('.') {
            _ if value.is_empty() => {}
            Some((section, field)) => sections.entry(section).or_default().push(format!("{field}: {value}")),
            None => sections.entry(name).or_default().push(value.to_owned()),
        }
    }
    let sections = sections.iter().map(|(name, fields)| match fields.as_slice() {
        [only] if !OPTIONS.iter().any(|(option, _)| option.starts_with(&format!("{name}."))) => {
            format!("{name}: {only}")
        }
        fields => format!("{name}: {{{}}}", fields.join(", ")),
    });
    format!("{{{}}}", sections.collect::<Vec<_>>().join(", "))
}

/// Choices among which every two values of any two options come together, if a stack can have both.
fn pairwise() -> Vec<Vec<usize>> {
    let is_a_stack = |choices: &Vec<usize>| {
        let spec = Document::parse(Source::new("spec", chosen(choices))).map_err(|(_, fault)| fault).unwrap().spec;
        bucketbook::catalog::stack(&spec).is_ok()
    };
    let mut all: Vec<Vec<usize>> = vec![Vec::new()];
    for (_, values) in OPTIONS {
        all = all.iter().flat_map(|one| (0..values.len()).map(|at| [one.clone(), vec![at]].concat())).collect();
    }
    all.retain(is_a_stack);
    let pairs = |choices: &[usize]| -> Vec<(usize, usize, usize, usize)> {
        let at = 0..choices.len();
        at.clone()
            .flat_map(|a| (a + 1..choices.len()).map(move |b| (a, b)))
            .map(|(a, b)| (a, choices[a], b, choices[b]))
            .collect()
    };
    let mut left: std::collections::BTreeSet<_> = all.iter().flat_map(|one| pairs(one)).collect();
    let mut taken = Vec::new();
    while !left.is_empty() {
        let best = all.iter().max_by_key(|one| pairs(one).iter().filter(|pair| left.contains(pair)).count()).unwrap();
        for pair in pairs(best) {
            left.remove(&pair);
        }
        taken.push(best.clone());
    }
    taken
}

#[test]
fn any_two_options_keep_the_promise_together() {
    let chosen_pairs = pairwise();
    assert!((6..40).contains(&chosen_pairs.len()), "{}", chosen_pairs.len());
    for choices in chosen_pairs {
        let spec = chosen(&choices);
        keeps(&spec, &spec, 2, &bounds(0, &[FaultKind::Crash]));
    }
}

/// How a story is explored, with everything that is equivalent left out, and with nothing left out.
fn both_ways(stack: &Arc<RunnableStack>, story: &Story, bounds: &Bounds) -> [(bool, Explored); 2] {
    [false, true].map(|naive| {
        let question = Question { converges: true, ..Question::default() };
        let bounds = Bounds { naive, ..bounds.clone() };
        let (verdict, explored) = prove_one(stack, story, &bounds, &question).unwrap();
        assert!(!matches!(verdict, Verdict::Undecided(_)), "{verdict:?}");
        (matches!(verdict, Verdict::Holds), explored)
    })
}

#[test]
fn what_the_search_leaves_out_changes_no_verdict_and_no_table() {
    let cases = [
        (of_definition("write_once", CREATED), 1, ALL),
        (of_definition("lock", CREATED), 0, &[][..]),
        (local("{}").0, 0, ALL),
        (local("{state_machine: {flow: upsert}, events: {deleted: mark}}").0, 0, ALL),
        (local("{table: {layout: history}}").0, 1, &[FaultKind::Crash][..]),
    ];
    for (stack, repeats, faults) in cases {
        for keys in [1, 2] {
            for story in histories(&stack, 2, keys, &[]).stories {
                let [(holds, few), (also, all)] = both_ways(&stack, &story, &bounds(repeats, faults));
                assert!(holds && also, "{story:?}");
                assert_eq!(few.tables, all.tables, "{story:?}");
                assert!(few.schedules <= all.schedules && few.ways <= all.ways, "{few:?} {all:?}");
            }
        }
    }
    for name in ["look_then_write", "counter"] {
        let stack = of_definition(name, CREATED);
        for story in histories(&stack, 2, 1, &[]).stories.iter().filter(|story| story.deeds.len() == 2) {
            let [(holds, _), (also, _)] = both_ways(&stack, story, &bounds(0, &[]));
            assert!(!holds && !also, "{name}");
        }
    }
}

#[test]
fn three_executions_need_a_fiftieth_of_the_schedules() {
    let (stack, stories, _) = of_spec("{}", 3);
    let story = stories.last().unwrap();
    let question = Question { converges: true, ..Question::default() };
    let (_, explored) = prove_one(&stack, story, &bounds(1, &[]), &question).unwrap();
    println!("{} schedules stand for {}", explored.schedules, explored.ways);
    assert!(explored.ways > 50.0 * explored.schedules as f64, "{explored:?}");
}

fn workspace(definition: &str) -> Workspace {
    let workspace = Workspace::new();
    let template = fs::read_to_string("tests/prove/stack.yaml").unwrap().replace("KINDS", CREATED);
    workspace.write("template.yaml", &template);
    workspace.write("definition.asl.json", fs::read_to_string(format!("tests/prove/{definition}.asl.json")).unwrap());
    workspace
}

#[test]
fn a_counterexample_is_a_scenario_that_fails_until_the_stack_is_mended() {
    let workspace = workspace("look_then_write");
    let (code, out, _) = workspace.run(&["prove", "template.yaml", "--events", "2", "--save", "broken.yaml"]);
    assert_eq!(code, 1, "{out}");
    assert!(out.starts_with("broken: the table depends on the order") && out.contains("<- decides"), "{out}");
    let (code, out, err) = workspace.run(&["test", "broken.yaml"]);
    assert_eq!(code, 1, "{out}{err}");
    assert!(out.contains("items of") && out.contains("size"), "{out}");
    // Nothing is replaced unasked: the user may have written the file, or changed the one that was saved.
    workspace.write("broken.yaml", "name: mine\nschedule: [step]\n");
    let again = ["prove", "template.yaml", "--events", "2", "--save", "broken.yaml"];
    let (code, _, err) = workspace.run(&again);
    assert_eq!(code, 2);
    assert!(err.contains("broken.yaml") && err.contains("--force"), "{err}");
    assert!(workspace.read("broken.yaml").starts_with("name: mine"));
    assert_eq!(workspace.run(&[&again[..], &["--force"]].concat()).0, 1);
    assert!(!workspace.read("broken.yaml").starts_with("name: mine"));
}

#[test]
fn verdicts_are_exit_codes_and_formats() {
    let holding = workspace("write_once");
    let (code, out, _) = holding.run(&["prove", "template.yaml", "--events", "2"]);
    assert_eq!(code, 0, "{out}");
    assert!(out.starts_with("holds: 2 events (Object Created), each up to twice: "), "{out}");
    let (code, out, _) = holding.run(&["prove", "template.yaml", "--max-schedules", "3"]);
    assert_eq!(code, 2, "{out}");
    assert!(out.starts_with("not decided: there are more than 3 schedules"), "{out}");
    let breaking = workspace("counter");
    let (code, out, _) = breaking.run(&["prove", "template.yaml", "--events", "2", "--format", "json"]);
    let report: serde_json::Value = serde_json::from_str(&out).unwrap();
    assert_eq!((code, report["verdict"].as_str()), (1, Some("broken")), "{out}");
    assert!(report["counterexample"]["scenario"].as_str().unwrap().contains("schedule:"), "{out}");
    let (code, out, _) = breaking.run(&["prove", "template.yaml", "--events", "2", "--format", "junit"]);
    assert_eq!(code, 1);
    assert!(out.contains("<testsuite name=\"prove\" tests=\"1\" skipped=\"0\" errors=\"0\" failures=\"1\""), "{out}");
    let (code, _, err) = breaking.run(&["prove", "definition.asl.json"]);
    assert_eq!(code, 2);
    assert!(err.contains("there is nothing to prove") && err.contains("--scenario FILE"), "{err}");
}

#[test]
fn what_a_scenario_wants_has_to_hold_in_every_order() {
    let workspace = workspace("counter");
    let scenario =
        |n: u32| format!("when:\n  - put: a.jpg\n  - put: b.jpg\nthen:\n  items:\n    - {{id: uploads, n: {n}}}\n");
    workspace.write("two.yaml", scenario(2));
    assert_eq!(workspace.run(&["test", "two.yaml"]).0, 0);
    let arguments = ["prove", "--scenario", "two.yaml", "--faults", "none"];
    let (code, out, err) = workspace.run(&arguments);
    assert_eq!(code, 1, "{out}{err}");
    assert!(out.contains("not what `then` expects"), "{out}");
    workspace.write("once.yaml", "when:\n  - put: a.jpg\nthen:\n  items:\n    - {id: uploads, n: 1}\n");
    let (code, out, err) = workspace.run(&["prove", "--scenario", "once.yaml", "--faults", "none"]);
    assert_eq!(code, 0, "{out}{err}");
    workspace.write("fault.yaml", "when:\n  - fault: throttle Write once\n  - put: a.jpg\n");
    let (code, _, err) = workspace.run(&["prove", "--scenario", "fault.yaml"]);
    assert_eq!(code, 2);
    assert!(err.contains("choose them with --faults"), "{err}");
}

#[test]
fn a_schedule_that_cannot_be_played_is_refused() {
    let workspace = workspace("counter");
    for (schedule, message) in [
        ("[step, 2]", "the turn of execution 2, which is not running"),
        ("[step, step]", "more steps than `when`"),
        ("[step, again 7]", "no execution 7 to start again"),
        ("[step, wait]", "is not a valid turn"),
    ] {
        workspace.write("odd.yaml", format!("when:\n  - put: a.jpg\nschedule: {schedule}\n"));
        let (code, out, err) = workspace.run(&["test", "odd.yaml"]);
        assert_eq!(code, 2, "{schedule}: {out}");
        assert!(err.contains(message), "{schedule}: {err}");
    }
    workspace.write("right.yaml", "when:\n  - put: a.jpg\n  - again: 1\nschedule: [step, step, 1, 2, 2, 1]\nthen:\n  items:\n    - {id: uploads, n: 1}\n");
    assert_eq!(workspace.run(&["test", "right.yaml"]).0, 0);
}

#[test]
fn a_read_that_does_not_ask_for_more_may_find_what_was_there_before() {
    let definition = fs::read_to_string("tests/prove/read_back.asl.json").unwrap();
    let stack = of_text(&definition, CREATED, false);
    let without = [FaultKind::Throttle, FaultKind::Lost, FaultKind::Crash];
    let bounds = |faults: &[FaultKind]| Bounds { repeats: 0, faults: faults.to_vec(), ..Bounds::default() };
    holds(&stack, 2, &bounds(&without));
    let found = broken(&stack, 2, &bounds(&[FaultKind::Stale]));
    assert!(found.text.contains("- stale 1") && found.what.contains("NotThere"), "{}\n{}", found.what, found.text);
    let consistent = definition.replace("\"ConsistentRead\": false", "\"ConsistentRead\": true");
    holds(&of_text(&consistent, CREATED, false), 2, &bounds(ALL));
}

#[test]
fn a_stale_read_changes_no_verdict_of_the_reduction() {
    let definition =
        fs::read_to_string("tests/prove/look_then_write.asl.json").unwrap().replace("\"ConsistentRead\": true, ", "");
    let stack = of_text(&definition, CREATED, false);
    for story in histories(&stack, 2, 2, &[]).stories {
        let [(holds, _), (also, _)] = both_ways(&stack, &story, &bounds(0, &[FaultKind::Stale]));
        assert_eq!(holds, also, "{story:?}");
    }
    let definition = fs::read_to_string("tests/prove/write_once.asl.json").unwrap();
    let look = r#""Look": {"Type": "Task", "Resource": "arn:aws:states:::dynamodb:getItem", "Arguments": {"TableName": "${Table}", "Key": {"id": {"S": "x"}}},
        "Output": "{% $states.input %}", "Next": "WriteOnce"}, "WriteOnce": {"#;
    let definition =
        definition.replace("\"StartAt\": \"WriteOnce\"", "\"StartAt\": \"Look\"").replacen("\"WriteOnce\": {", look, 1);
    let stack = of_text(&definition, CREATED, false);
    for story in histories(&stack, 2, 2, &[]).stories {
        let [(holds, few), (also, all)] = both_ways(&stack, &story, &bounds(0, &[FaultKind::Stale]));
        assert!(holds && also && few.tables == all.tables, "{story:?}");
    }
}

#[test]
fn an_event_that_comes_after_what_was_remembered_is_counted_twice() {
    let definition = fs::read_to_string("tests/prove/seen_once.asl.json").unwrap();
    let stack = of_text(&definition, CREATED, true);
    holds(&stack, 2, &bounds(1, &[]));
    let found = broken(&stack, 1, &bounds(1, &[FaultKind::Redrive]));
    assert!(
        found.text.contains("- expire: Records") && found.is.contains(r#""N":"2""#),
        "{}\n{}",
        found.text,
        found.is
    );
}

#[test]
fn the_histories_of_routes_have_a_key_of_each_kind() {
    let (stack, _) = local("{routes: [{name: Texts, suffix: .txt}, {name: Photos, prefix: photos/}]}");
    let stories = histories(&stack, 1, 1, &[]).stories;
    let mut started: Vec<usize> = stories.iter().map(|story| story.executions(&stack)).collect();
    started.sort_unstable();
    assert_eq!(started, [1, 1, 2], "{stories:?}");
}

#[test]
fn an_event_starts_the_rules_of_its_bus_only() {
    let template = |bus: &str| {
        format!(
            r#"
Resources:
  Files: {{Type: AWS::S3::Bucket, Properties: {{NotificationConfiguration: {{EventBridgeConfiguration: {{EventBridgeEnabled: true}}}}}}}}
  Own: {{Type: AWS::Events::EventBus, Properties: {{Name: own}}}}
  Tell:
    Type: AWS::Serverless::StateMachine
    Properties:
      Definition:
        StartAt: Put
        States:
          Put:
            Type: Task
            Resource: arn:aws:states:::events:putEvents
            Parameters: {{Entries: [{{Source: app, DetailType: told, Detail: {{}}, EventBusName: {bus}}}]}}
            End: true
      Events:
        Made:
          Type: EventBridgeRule
          Properties: {{Pattern: {{source: [aws.s3], detail-type: [Object Created]}}}}
  OfDefault:
    Type: AWS::Serverless::StateMachine
    Properties:
      Definition: {{StartAt: F, States: {{F: {{Type: Fail, Error: Heard}}}}}}
      Events: {{Told: {{Type: EventBridgeRule, Properties: {{Pattern: {{source: [app], detail-type: [told]}}}}}}}}
  OfOwn:
    Type: AWS::Serverless::StateMachine
    Properties:
      Definition: {{StartAt: S, States: {{S: {{Type: Succeed}}}}}}
      Events: {{Told: {{Type: EventBridgeRule, Properties: {{EventBusName: !Ref Own, Pattern: {{source: [app], detail-type: [told]}}}}}}}}
"#
        )
    };
    for (bus, expected) in [("own", "holds"), ("default", "broken")] {
        let workspace = Workspace::new();
        workspace.write("template.yaml", template(bus));
        workspace
            .write("put.yaml", "stack: template.yaml\ngiven: {}\nwhen:\n  - put: a.jpg\nthen: {status: SUCCEEDED}\n");
        let (_, out, err) = workspace.run(&["prove", "--scenario", "put.yaml"]);
        let told = format!("{out}{err}");
        assert!(told.contains(&format!("{expected}: ")), "{bus}: {told}");
    }
}

#[test]
fn a_failure_after_a_function_without_a_mock_is_not_decided() {
    let calls = |resource: &str, arguments: &str, next: &str| {
        format!(
            r#"{{"StartAt": "Measure", "States": {{
                "Measure": {{"Type": "Task", "Resource": "{resource}", {arguments} "Next": "Use"}},
                "Use": {next}
            }}}}"#
        )
    };
    let invoke = r#""Parameters": {"FunctionName": "measure", "Payload.$": "$"},"#;
    let uses = r#"{"Type": "Pass", "Parameters": {"width.$": "$.Payload.width"}, "End": true}"#;
    let fails = r#"{"Type": "Fail", "Error": "Always"}"#;
    let direct = "arn:aws:lambda:us-east-1:123456789012:function:measure";
    for (resource, arguments, next) in [
        ("arn:aws:states:::lambda:invoke", invoke, uses),
        (direct, "", fails),
        ("arn:aws:states:::lambda:invoke", invoke, fails),
    ] {
        let stack = of_text(&calls(resource, arguments, next), CREATED, false);
        let Verdict::Unmocked { what, state } = verdict(&stack, 1, &bounds(0, ALL)) else {
            panic!("{resource} {next}")
        };
        assert_eq!(state, "Measure");
        assert!(what.starts_with("an execution of Machine fails: "), "{what}");
    }
    // It is decided where nothing calls a function.
    let stack = of_text(&format!(r#"{{"StartAt": "F", "States": {{"F": {fails}}}}}"#), CREATED, false);
    broken(&stack, 1, &bounds(0, &[]));

    let workspace = workspace("counter");
    workspace.write("definition.asl.json", calls("arn:aws:states:::lambda:invoke", invoke, uses));
    let (code, out, _) = workspace.run(&["prove", "template.yaml", "--events", "1"]);
    assert_eq!(code, 2, "{out}");
    for part in
        ["not decided: an execution of Machine fails: ", "after `Measure` called a Lambda function", "mock `Measure`"]
    {
        assert!(out.contains(part), "{out}");
    }
}

#[test]
fn time_and_memory_are_bounds_that_are_kept() {
    let stack = of_definition("map", CREATED);
    let now = std::time::Instant::now();
    let late = Bounds { deadline: Some(now + std::time::Duration::from_millis(300)), ..Bounds::default() };
    let Verdict::Undecided(why) = verdict(&stack, 3, &late) else { panic!("it was decided") };
    assert_eq!(why, "the time limit was reached");
    assert!(now.elapsed().as_secs() < 20, "{:?}", now.elapsed());
}

#[test]
fn what_is_too_much_is_refused_with_the_reason() {
    let workspace = workspace("counter");
    let puts = |n: usize| (0..n).map(|at| format!("  - put: {at}.jpg\n")).collect::<String>();
    workspace.write("many.yaml", format!("when:\n{}", puts(300)));
    let (code, _, err) = workspace.run(&["prove", "--scenario", "many.yaml"]);
    assert_eq!(code, 2);
    assert!(err.contains("this starts 300 executions; at most 64 can be tried in every order"), "{err}");
    let (code, out, _) = workspace.run(&["prove", "template.yaml", "--max-schedules", "1"]);
    assert_eq!(code, 2);
    assert!(out.contains("there are more than 1 schedule\n"), "{out}");
    for (arguments, message) in [
        (&["--faults", "none,lost"][..], "`--faults none` cannot be combined"),
        (&["--scenario", "many.yaml", "--events", "2"], "cannot be used with"),
        (&["--scenario", "many.yaml", "--repeats", "0"], "cannot be used with"),
    ] {
        let (code, _, err) = workspace.run(&[&["prove"], arguments].concat());
        assert_eq!(code, 2, "{arguments:?}");
        assert!(err.contains(message), "{err}");
    }
}

#[test]
fn whatever_test_checks_has_to_hold_in_every_order() {
    let workspace = workspace("counter");
    let prove = |then: &str, when: &str, more: &[&str]| {
        workspace.write("s.yaml", format!("when:\n{when}then:\n{then}"));
        let (code, _, _) = workspace.run(&["test", "s.yaml"]);
        let arguments = [&["prove", "--scenario", "s.yaml"], more].concat();
        let (proved, out, err) = workspace.run(&arguments);
        (code, proved, format!("{out}{err}"))
    };
    let (one, two) = ("  - put: a.jpg\n", "  - put: a.jpg\n  - put: b.jpg\n");
    let none = ["--faults", "none"];
    // As `test` has it, where there is only one order.
    for (then, code) in [
        ("  executions: 1\n", 0),
        ("  executions: 2\n", 1),
        ("  status: SUCCEEDED\n", 0),
        ("  status: FAILED\n", 1),
        ("  path: [Read, Write]\n", 0),
        ("  path: [Write]\n", 1),
        ("  calls: [{call: 'dynamodb:putItem', times: 1}]\n", 0),
        ("  calls: [{call: 'dynamodb:putItem', times: 2}]\n", 1),
        ("  error: Some.Error\n", 1),
        ("  items: [{id: uploads, n: 1}]\n  executions: 1\n", 0),
    ] {
        let (tested, proved, out) = prove(then, one, &none);
        assert_eq!((tested, proved), (code, code), "{then}{out}");
    }
    // A call more is made where one is throttled, and `then` says how many there are.
    assert_eq!(prove("  calls: [{call: 'dynamodb:putItem', times: 2}]\n", two, &none).1, 1);
    let (_, code, out) = prove("  executions: 2\n  items: [{id: uploads}]\n", two, &none);
    assert_eq!(code, 0, "{out}");
    let (_, code, out) = prove("  path: [Read, Write]\n", two, &none);
    assert_eq!(code, 2);
    assert!(out.contains("`then.path` is about the execution that starts last, and this scenario starts 2"), "{out}");
    let (_, code, out) = prove("  tables: {Nowhere: []}\n", one, &none);
    assert_eq!(code, 2, "{out}");
    assert!(out.contains("the stack has no table `Nowhere`"), "{out}");
    // What happens between events decides when they happened, as in `test`.
    let waits =
        "  - put: {key: a.jpg, size: 5}\n  - wait: 3 days\n  - put: {key: b.jpg, tags: {colour: red}}\n  - again: 1\n";
    let (tested, proved, out) = prove("  executions: 3\n  items: [{id: uploads}]\n", waits, &none);
    assert_eq!((tested, proved), (0, 0), "{out}");
}

#[test]
fn a_scenario_that_fails_as_it_stands_never_holds() {
    let workspace = workspace("write_once");
    workspace.write(
        "s.yaml",
        "when:\n  - put: a.jpg\nschedule: [step, throttle 1]\nthen:\n  calls: [{call: 'dynamodb:putItem', times: 1}]\n",
    );
    assert_eq!(workspace.run(&["test", "s.yaml"]).0, 1);
    let (code, out, _) = workspace.run(&["prove", "--scenario", "s.yaml", "--faults", "none"]);
    assert_eq!(code, 2, "{out}");
    assert!(out.contains("as it stands, the scenario fails") && out.contains("choose them with --faults"), "{out}");
    assert_eq!(workspace.run(&["prove", "--scenario", "s.yaml"]).0, 1);
}

#[test]
fn a_counterexample_keeps_its_stack_and_the_values_of_its_parameters() {
    let workspace = workspace("look_then_write");
    let template = workspace.read("template.yaml").replacen(
        "Resources:",
        "Parameters:\n  Name: {Type: String, Default: one-table}\nResources:",
        1,
    );
    let template = template.replace("BillingMode: PAY", "TableName: !Ref Name\n      BillingMode: PAY");
    workspace.write("stacks/template.yaml", &template);
    workspace.write("stacks/definition.asl.json", workspace.read("definition.asl.json"));
    let arguments = [
        "prove",
        "stacks/template.yaml",
        "--events",
        "2",
        "--parameter",
        "Name=two-table",
        "--save",
        "found/broken.yaml",
    ];
    fs::create_dir_all(workspace.path("found")).unwrap();
    let (code, out, err) = workspace.run(&arguments);
    assert_eq!(code, 1, "{out}{err}");
    assert!(out.contains("`bucketbook test found/broken.yaml` replays it"), "{out}");
    let saved = workspace.read("found/broken.yaml");
    assert!(saved.contains("../stacks/template.yaml") && saved.contains("Name: two-table"), "{saved}");
    let (code, out, err) = workspace.run(&["test", "found/broken.yaml"]);
    assert_eq!((code, out.contains("items of two-table")), (1, true), "{out}{err}");
    // Its own file is a scenario like any other.
    let (code, out, err) = workspace.run(&["prove", "--scenario", "found/broken.yaml"]);
    assert_eq!((code, out.contains("not what `then` expects")), (1, true), "{out}{err}");
    // A report draws it.
    let (code, page, err) = workspace.run(&["report", "stacks/template.yaml", "--scenarios", "found", "--output", "-"]);
    assert_eq!(code, 0, "{err}");
    assert!(page.contains("schedule-0-title"), "{page}");
    // Mended, it passes.
    let mended = fs::read_to_string("tests/prove/look_then_write.asl.json").unwrap();
    let condition = r#""ConditionExpression": "attribute_not_exists(id) OR lastModified < :time","#;
    let mended = mended.replace(
        r#""Type": "Task", "Resource": "arn:aws:states:::dynamodb:putItem",
      "Parameters": {"#,
        &format!(
            r#""Type": "Task", "Resource": "arn:aws:states:::dynamodb:putItem",
      "Catch": [{{"ErrorEquals": ["DynamoDB.ConditionalCheckFailedException"], "Next": "Old"}}],
      "Parameters": {{ {condition} "ExpressionAttributeValues": {{":time": {{"S.$": "$.time"}}}},"#
        ),
    );
    let mended = mended.replacen("\"States\": {", "\"States\": {\n    \"Old\": {\"Type\": \"Succeed\"},", 1);
    workspace.write("stacks/definition.asl.json", mended);
    let (code, out, err) = workspace.run(&["test", "found/broken.yaml"]);
    assert_eq!(code, 0, "{out}{err}");
}

#[test]
fn a_verdict_is_the_same_on_any_number_of_cores() {
    let workspace = workspace("look_then_write");
    let run = |cores: &str| {
        let arguments = ["prove", "template.yaml", "--events", "2", "--format", "json"];
        let output = workspace.command(&arguments).env("RAYON_NUM_THREADS", cores).output().unwrap();
        String::from_utf8(output.stdout).unwrap()
    };
    assert_eq!(run("1"), run("3"));
}
