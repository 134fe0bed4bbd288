//! Pictures: locked as text, laws of the layout over arbitrary workflows, and the command.

use crate::common::Workspace;
use bucketbook::asl::program::Program;
use bucketbook::catalog;
use bucketbook::graph::{self, Diagram, SvgOptions, Trace};
use bucketbook::source::Source;
use bucketbook::spec::{Document, STARTERS};
use proptest::prelude::*;
use serde_json::{Value, json};

/// The pictures of a starter's stack.
fn starter(name: &str) -> Vec<(String, Diagram)> {
    let starter = STARTERS.iter().find(|starter| starter.name == name).unwrap();
    let document = Document::parse(Source::new("bucketbook.yaml", starter.text)).map_err(|(_, fault)| fault).unwrap();
    let stack = catalog::stack(&document.spec).unwrap();
    let definitions = stack.files().unwrap().into_iter().filter(|file| file.path.ends_with(".asl.json"));
    let drawn = definitions.map(|file| {
        let program = Program::read(&serde_json::from_str(&file.text).unwrap()).unwrap();
        (file.path.clone(), graph::workflow(&file.path, &program))
    });
    drawn.collect()
}

/// A definition with a Map, a Parallel, errors caught, loops, and conditions of every sort.
fn branches() -> Value {
    let pass = |next: &str| json!({"Type": "Pass", "Next": next});
    json!({"StartAt": "Each", "States": {
        "Each": {
            "Type": "Map", "ItemsPath": "$.files", "MaxConcurrency": 5,
            "ItemProcessor": {"StartAt": "Resize", "States": {
                "Resize": {"Type": "Task", "Resource": "arn:aws:lambda:us-east-1:123456789012:function:resize",
                    "Retry": [{"ErrorEquals": ["States.ALL"], "MaxAttempts": 4}],
                    "Catch": [{"ErrorEquals": ["TooLarge", "States.Timeout"], "Next": "Skip"}], "Next": "Done"},
                "Skip": pass("Done"), "Done": {"Type": "Succeed"}
            }},
            "Catch": [{"ErrorEquals": ["States.ALL"], "Next": "Broken"}], "Next": "Both"
        },
        "Both": {"Type": "Parallel", "Next": "Which", "Branches": [
            {"StartAt": "Tell", "States": {"Tell": {"Type": "Task", "End": true,
                "Resource": "arn:aws:states:::sns:publish.waitForTaskToken"}}},
            {"StartAt": "Far", "States": {"Far": {"Type": "Map", "End": true,
                "ItemReader": {"Resource": "arn:aws:states:::s3:getObject", "ReaderConfig": {"InputType": "CSV"}},
                "ItemBatcher": {"MaxItemsPerBatch": 100},
                "ItemProcessor": {"ProcessorConfig": {"Mode": "DISTRIBUTED", "ExecutionType": "EXPRESS"},
                    "StartAt": "One", "States": {"One": {"Type": "Succeed"}}}}}}
        ]},
        "Which": {"Type": "Choice", "Default": "Broken", "Choices": [
            {"And": [{"Variable": "$.size", "NumericGreaterThanEquals": 10},
                {"Or": [{"Variable": "$.kind", "StringMatches": "*.jp*g"}, {"Variable": "$.a", "IsPresent": false}]}],
                "Next": "Later"},
            {"Not": {"Variable": "$.name", "StringEquals": "x"}, "Next": "Which"},
            {"Not": {"Variable": "$.b", "IsNull": true}, "Next": "Later"},
            {"Variable": "$.since", "TimestampLessThanPath": "$.until", "Next": "Asked"}
        ]},
        "Asked": {"Type": "Choice", "QueryLanguage": "JSONata", "Choices": [
            {"Condition": "{% $count($states.input.items[price > 3]) >= 2 %}", "Next": "Each"}], "Default": "Later"},
        "Later": {"Type": "Wait", "Seconds": 86400, "End": true},
        "Broken": {"Type": "Fail", "Error": "Files.Broken", "Cause": "They are"}
    }})
}

/// Names as nobody should choose them, and may.
fn odd() -> Value {
    let names = [
        "end",
        "\"quoted\" <b>&amp;</b>",
        "subgraph",
        "漢字と絵文字 👩‍👩‍👧",
        "back\\slash `tick` #35; 1. list",
        "- [x] {y} | z",
        &"Very long name without any blank in it at all "[..45].replace(' ', ""),
        &"M".repeat(80),
        "a\u{202e}b e\u{301}",
    ];
    let mut states = serde_json::Map::new();
    for (at, name) in names.iter().enumerate() {
        let state = match names.get(at + 1) {
            Some(next) => json!({"Type": "Pass", "Comment": "<!-- ]]> -->", "Next": next}),
            None => json!({"Type": "Fail", "Error": "A\"B<C>"}),
        };
        states.insert((*name).to_owned(), state);
    }
    json!({"StartAt": names[0], "States": states})
}

fn drawn(title: &str, definition: &Value) -> Diagram {
    graph::workflow(title, &Program::read(definition).unwrap())
}

fn locked(name: &str, diagram: &Diagram) {
    insta::assert_snapshot!(format!("graph-{name}-text"), graph::text(diagram));
    insta::assert_snapshot!(format!("graph-{name}-mermaid"), graph::mermaid(diagram));
    insta::assert_snapshot!(format!("graph-{name}-dot"), graph::dot(diagram));
    let svg = graph::svg(diagram, &SvgOptions { style: false, ..SvgOptions::default() });
    insta::assert_snapshot!(format!("graph-{name}-svg"), svg);
}

#[test]
fn starters() {
    for name in ["article", "production"] {
        for (path, diagram) in starter(name) {
            let stem = path.trim_start_matches("definitions/").trim_end_matches(".asl.json");
            locked(&format!("{name}-{stem}"), &diagram);
        }
    }
}

#[test]
fn branches_loops_and_errors() {
    locked("branches", &drawn("Branches", &branches()));
}

#[test]
fn odd_names() {
    locked("odd-names", &drawn("Odd \"names\" -- <end>", &odd()));
}

/// The name of every state is in the SVG, once, and no `id` is there twice.
fn sound(svg: &str, program: &Program) {
    let document = roxmltree::Document::parse(svg).unwrap_or_else(|error| panic!("{error}\n{svg}"));
    let mut ids: Vec<&str> = document.descendants().filter_map(|node| node.attribute("id")).collect();
    let count = ids.len();
    ids.sort_unstable();
    ids.dedup();
    assert_eq!(ids.len(), count, "an id is there twice");
    let mut shown: Vec<&str> = document.descendants().filter_map(|node| node.attribute("data-state")).collect();
    let plain = |text: &str| text.chars().map(|c| if c < ' ' && c != '\n' { '?' } else { c }).collect::<String>();
    let mut states: Vec<String> = program.states().map(|(_, state)| plain(&state.name)).collect();
    shown.sort_unstable();
    states.sort_unstable();
    assert_eq!(shown.len(), states.len());
    for part in ["title", "desc"] {
        assert!(
            document.descendants().any(|node| node.has_tag_name(("http://www.w3.org/2000/svg", part))),
            "no {part}"
        );
    }
}

#[test]
fn every_picture_is_xml_with_its_states() {
    for definition in [branches(), odd()] {
        let program = Program::read(&definition).unwrap();
        let diagram = graph::workflow("A & <B> \"C\"", &program);
        for interactive in [false, true] {
            let options = SvgOptions {
                id_prefix: "m1-".to_owned(),
                interactive,
                comment: Some("a -- b -->".to_owned()),
                ..SvgOptions::default()
            };
            sound(&graph::svg(&diagram, &options), &program);
        }
    }
}

/// Arbitrary workflows, made of a list of numbers.
struct Maker<'a> {
    choices: std::iter::Cycle<std::slice::Iter<'a, u32>>,
    made: usize,
}

impl Maker<'_> {
    fn below(&mut self, limit: usize) -> usize {
        *self.choices.next().unwrap() as usize % limit
    }

    fn name(&mut self) -> String {
        self.made += 1;
        let bases =
            ["Query", "Put the file's record", "E\u{301}x 漢字", "<&>\"'", "VeryLongNameOfAStateThatDoesSomething"];
        format!("{} {}", bases[self.below(bases.len())], self.made)
    }

    fn machine(&mut self, depth: usize) -> Value {
        let count = 1 + self.below(if depth == 0 { 14 } else { 5 });
        let names: Vec<String> = (0..count).map(|_| self.name()).collect();
        let mut states = serde_json::Map::new();
        for (at, name) in names.iter().enumerate() {
            let state = self.state(at, &names, depth);
            states.insert(name.clone(), state);
        }
        json!({"StartAt": names[0], "States": states})
    }

    fn state(&mut self, at: usize, names: &[String], depth: usize) -> Value {
        let any = |maker: &mut Self| names[maker.below(names.len())].clone();
        let mut state = match self.below(if depth < 3 && self.made < 60 { 9 } else { 6 }) {
            0 => return json!({"Type": "Succeed"}),
            1 => return json!({"Type": "Fail", "Error": "A.B"}),
            2 => {
                let rules = 1 + self.below(4);
                let rule =
                    |maker: &mut Self| json!({"Variable": "$.some.path[0]", "NumericEquals": 3, "Next": any(maker)});
                let rules: Vec<Value> = (0..rules).map(|_| rule(self)).collect();
                return json!({"Type": "Choice", "Choices": rules, "Default": any(self)});
            }
            3 => json!({"Type": "Wait", "Seconds": 3}),
            4 | 5 => {
                let mut task = json!({"Type": "Task", "Resource": "arn:aws:states:::dynamodb:putItem"});
                if self.below(2) == 0 {
                    task["Catch"] = json!([{"ErrorEquals": ["DynamoDB.SomeException", "B"], "Next": any(self)}]);
                }
                if self.below(2) == 0 {
                    task["Retry"] = json!([{"ErrorEquals": ["States.ALL"], "MaxAttempts": self.below(200)}]);
                }
                task
            }
            6 => {
                let branches = 1 + self.below(4);
                let branches: Vec<Value> = (0..branches).map(|_| self.machine(depth + 1)).collect();
                json!({"Type": "Parallel", "Branches": branches})
            }
            _ => json!({"Type": "Map", "ItemProcessor": self.machine(depth + 1)}),
        };
        match (self.below(4), names.get(at + 1)) {
            (0, _) => state["End"] = true.into(),
            (1, _) | (_, None) => state["Next"] = any(self).into(),
            (_, Some(next)) => state["Next"] = next.as_str().into(),
        }
        state
    }
}

proptest! {
    #![proptest_config(crate::sample::cases(96))]

    #[test]
    fn whatever_a_workflow_is_like_its_picture_is_clean(choices in prop::collection::vec(any::<u32>(), 1..400)) {
        let definition = Maker { choices: choices.iter().cycle(), made: 0 }.machine(0);
        let program = Program::read(&definition).unwrap();
        let diagram = graph::workflow("Any", &program);
        let found = crate::common_pictures::faults(&diagram, &graph::layout(&diagram));
        prop_assert!(found.none(), "{found:?}\n{definition:#}");
        sound(&graph::svg(&diagram, &SvgOptions::default()), &program);
    }

    #[test]
    fn any_name_can_be_drawn(name in "\\PC{1,80}", error in "\\PC{0,20}") {
        let definition = json!({"StartAt": name, "States": {
            name.clone(): {"Type": "Choice", "Choices": [{"Variable": "$.x", "StringEquals": error, "Next": "Other"}]},
            "Other": {"Type": "Fail", "Error": error}
        }});
        prop_assume!(name != "Other");
        let program = Program::read(&definition).unwrap();
        let diagram = graph::workflow(&name, &program);
        sound(&graph::svg(&diagram, &SvgOptions::default()), &program);
        for text in [graph::mermaid(&diagram), graph::dot(&diagram), graph::text(&diagram)] {
            prop_assert!(text.lines().count() < 60);
        }
        // Nothing of a name is left to end Mermaid's quotes: each line has two or none, or begins with the title.
        for line in graph::mermaid(&diagram).lines().skip(2) {
            prop_assert!(matches!(line.matches('"').count(), 0 | 2), "{line}");
        }
    }
}

#[test]
fn large_workflows_take_no_long_time() {
    let count = 10_000;
    let mut states = serde_json::Map::new();
    for at in 0..count {
        // Each may go on, go far back, or far on.
        let rule = |next: usize| json!({"Variable": "$.x", "NumericEquals": at, "Next": format!("S{}", next % count)});
        let rules = [rule(at + 1), rule(at * 7 + 13), rule(at * 31 + 5)];
        states.insert(format!("S{at}"), json!({"Type": "Choice", "Choices": rules}));
    }
    let diagram = drawn("Large", &json!({"StartAt": "S0", "States": states}));
    let begun = std::time::Instant::now();
    let layout = graph::layout(&diagram);
    // Ten seconds at most without optimization, on a machine with other work to do six times that.
    assert!(begun.elapsed().as_secs() < 60, "{:?}", begun.elapsed());
    assert!(layout.edges.iter().all(|edge| edge.as_ref().is_some_and(|path| !path.segments.is_empty())));
}

/// A stack in its own directory, with a run of it in two files.
fn ran() -> Workspace {
    let workspace = Workspace::new();
    assert_eq!(workspace.run(&["init"]).0, 0);
    assert_eq!(workspace.run(&["generate"]).0, 0);
    for format in ["json", "jsonl"] {
        let (code, out, err) = workspace.run(&["simulate", "--put", "a", "--put", "a", "--format", format]);
        assert_eq!(code, 0, "{err}");
        workspace.write(&format!("run.{format}"), out);
    }
    workspace
}

#[test]
fn the_command_draws_in_every_format() {
    let workspace = ran();
    let begins = [("svg", "<svg "), ("mermaid", "---\n"), ("dot", "digraph "), ("text", "ObjectCreated")];
    for (format, begin) in begins {
        let (code, out, err) = workspace.run(&["graph", "--format", format]);
        assert_eq!((code, err.as_str()), (0, ""));
        assert!(out.starts_with(begin), "{out}");
        let (code, _, err) = workspace.run(&["graph", "--view", "architecture", "--format", format]);
        assert_eq!((code, err.as_str()), (0, ""));
    }
    for (file, begin) in [("a.svg", "<svg "), ("c.mmd", "---\n"), ("d.gv", "digraph "), ("e.txt", "ObjectCreated")] {
        let (code, out, _) = workspace.run(&["graph", "--output", file]);
        assert_eq!((code, out.as_str()), (0, ""));
        let text = workspace.read(file);
        let (comment, rest): (Vec<&str>, Vec<&str>) =
            text.split_inclusive('\n').partition(|line| line.contains("Run `bucketbook graph` instead of editing"));
        assert_eq!(comment.len(), 1, "{text}");
        assert!(rest.concat().starts_with(begin), "{text}");
    }
    let definition = workspace.read("out/definitions/object_created.asl.json");
    let output = workspace.command(&["graph", "-"]).write_stdin(definition).output().unwrap();
    assert!(output.status.success() && String::from_utf8(output.stdout).unwrap().contains("● Start"));
}

#[test]
fn a_trace_is_painted() {
    let workspace = ran();
    for run in ["run.json", "run.jsonl"] {
        let (code, out, err) = workspace.run(&["graph", "--trace", run]);
        assert_eq!((code, err.as_str()), (0, ""));
        assert!(out.contains("DynamoDB: PutItem  ×6 retries  1×\n") && out.contains("Succeed  not passed\n"), "{out}");
    }
    let (_, out, _) = workspace.run(&["graph", "--trace", "run.json", "--trace", "run.jsonl", "--format", "svg"]);
    assert!(out.contains(">4×</tspan>") && out.contains("bb-untaken"), "{out}");
}

#[test]
fn failures_are_told_by_the_trace() {
    let definition = json!({"StartAt": "P", "States": {
        "P": {"Type": "Parallel", "Next": "N", "Catch": [{"ErrorEquals": ["X"], "Next": "N"}], "Branches": [
            {"StartAt": "A", "States": {"A": {"Type": "Fail", "Error": "X"}}},
            {"StartAt": "B", "States": {"B": {"Type": "Wait", "Seconds": 5, "End": true}}}]},
        "N": {"Type": "Fail", "Error": "Y"}
    }});
    let workspace = Workspace::new();
    workspace.write("m.asl.json", definition.to_string());
    let (code, out, err) = workspace.run(&["simulate", "m.asl.json", "--input", "{}", "--format", "json"]);
    assert_eq!(code, 1, "{err}");
    let mut diagram = drawn("M", &definition);
    assert_eq!(Trace::read(&out).unwrap().paint(&mut diagram, None), Ok(1));
    insta::assert_snapshot!("graph-trace-failed", graph::text(&diagram));
}

#[test]
fn what_cannot_be_drawn_is_said_on_one_screen() {
    let workspace = ran();
    workspace.write("notes.txt", "nothing");
    workspace.write("empty.json", "{}");
    workspace.write(
        "other.json",
        json!({"events": [{"id": 1, "type": "TaskStateEntered",
        "stateEnteredEventDetails": {"name": "Elsewhere"}}]})
        .to_string(),
    );
    workspace.write("broken.asl.json", "{\"StartAt\": \"A\", \"States\": {\"A\": {\"Type\": \"Walk\"}}}");
    workspace.write("none/template.yaml", "Resources: {Q: {Type: 'AWS::SQS::Queue'}}");
    workspace.write("two/a.asl.json", branches().to_string());
    workspace.write("two/b.asl.json", branches().to_string());
    let cases: [(&[&str], &str); 12] = [
        (&["nowhere.yaml"], "cannot read `nowhere.yaml`"),
        (&["empty.json"], "neither a template nor a state machine's definition"),
        (&["broken.asl.json"], "The field 'Type' should have one of these values"),
        (&["none"], "the stack has no state machine"),
        (&["two"], "`two` contains several stacks and definitions"),
        (&["--machine", "ObjectCreatedStateMachin"], "did you mean `ObjectCreatedStateMachine`?"),
        (&["--machine", "x"], "its state machines are ObjectCreatedStateMachine"),
        (&["--trace", "notes.txt"], "`notes.txt` is not a trace: it is not JSON"),
        (&["--trace", "empty.json"], "`empty.json` is not a trace: there is no execution history in it"),
        (&["--trace", "other.json"], "there is no state `Elsewhere` here"),
        (&["--trace", "run.json", "--view", "architecture"], "--machine and --trace need --view workflow"),
        (&["--output", "notes.txt/a.svg"], "cannot"),
    ];
    for (arguments, message) in cases {
        let arguments: Vec<&str> = std::iter::once("graph").chain(arguments.iter().copied()).collect();
        let (code, out, err) = workspace.run(&arguments);
        assert_eq!((code, out.as_str()), (2, ""), "{arguments:?}: {err}");
        assert!(err.contains(message), "{arguments:?}: {err}");
        assert!(err.lines().count() < 24, "{err}");
    }
}

#[test]
fn pictures_are_kept_in_step() {
    let workspace = ran();
    let picture = "out/pictures/object_created.svg";
    let whole = workspace.read(picture);
    assert!(whole.starts_with("<!-- Generated by Bucketbook."), "{whole}");
    assert_eq!(workspace.run(&["check"]).0, 0);
    workspace.write(picture, whole.replace("Query", "Kweri"));
    workspace.write("out/pictures/mine.svg", &whole);
    let (code, out, _) = workspace.run(&["check"]);
    assert_eq!(code, 1);
    assert!(out.contains("edited  out/pictures/object_created.svg\n1 of 5"), "{out}");
    assert_eq!(workspace.run(&["generate", "--force"]).0, 0);
    assert_eq!(workspace.read(picture), whole);
    assert!(workspace.path("out/pictures/mine.svg").exists());
}
