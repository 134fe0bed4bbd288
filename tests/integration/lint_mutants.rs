//! One fault at a time is planted in a stack that has none, and has to be found; and stacks of our own have none.

use std::fs;
use std::path::Path;

use bucketbook::catalog;
use bucketbook::lint::{Finding, Selection, check, lint};
use bucketbook::loaded::{LoadedStack, MachineType, load};
use bucketbook::source::Source;
use bucketbook::spec::{Document, STARTERS};
use proptest::prelude::*;

const TEMPLATE: &str = include_str!("../lint/mutants/template.yaml");
const DEFINITION: &str = include_str!("../lint/mutants/definitions/files.asl.json");
const EXPRESSIONS: &str = include_str!("../lint/mutants/definitions/expressions.asl.json");

/// A fault: the document, what stands there, what is put there instead, and the rule that finds it.
type Mutant = (&'static str, &'static str, &'static str);

const OF_DEFINITION: &[Mutant] = &[
    (r#""StartAt": "Query""#, r#""StartAt": "Qurey""#, "ASL010"),
    (r#""StartAt": "Query","#, "", "ASL007"),
    (r#""Type": "Wait""#, r#""Type": "Sleep""#, "ASL004"),
    (r#""Type": "Wait","#, "", "ASL004"),
    (r#""Parameters""#, r#""Paramters""#, "ASL005"),
    (r#""Retry""#, r#""Retries""#, "ASL005"),
    (r#""MaxAttempts""#, r#""MaxAttempt""#, "ASL005"),
    (r#""Comment""#, r#""_comment""#, "ASL005"),
    (r#""Parameters""#, r#""Arguments""#, "ASL006"),
    (r#""ResultPath": "$.found""#, r#""Output": "$.found""#, "ASL006"),
    (r#""Seconds": 5,"#, "", "ASL007"),
    (r#""ErrorEquals": ["States.TaskFailed"],"#, "", "ASL007"),
    (r#""Seconds": 5"#, r#""Seconds": "5""#, "ASL008"),
    (r#""End": true"#, r#""End": "true""#, "ASL008"),
    (r#""ErrorEquals": ["States.TaskFailed"]"#, r#""ErrorEquals": "States.TaskFailed""#, "ASL008"),
    (r#""JitterStrategy": "FULL""#, r#""JitterStrategy": "full""#, "ASL008"),
    (r#""BackoffRate": 2"#, r#""BackoffRate": 0.5"#, "ASL009"),
    (r#""MaxAttempts": 6"#, r#""MaxAttempts": -1"#, "ASL009"),
    (r#""MaxConcurrency": 5"#, r#""MaxConcurrency": -5"#, "ASL009"),
    (r#""HeartbeatSeconds": 10"#, r#""HeartbeatSeconds": 90"#, "ASL009"),
    (r#""Default": "Put""#, r#""Default": "Putt""#, "ASL010"),
    (r#""Next": "Pause""#, r#""Next": "Each""#, "ASL011"),
    (r#""Next": "Which""#, r#""Next": "One""#, "ASL010"),
    (r#""Next": "List""#, r#""Next": "List", "End": true"#, "ASL013"),
    (r#""Type": "Pass", "End": true"#, r#""Type": "Pass""#, "ASL013"),
    (r#""One": { "Type""#, r#""Put": { "Type""#, "ASL014"),
    (r#""Seconds": 5"#, r#""Seconds": 5, "SecondsPath": "$.delay""#, "ASL015"),
    (r#""ErrorEquals": ["States.TaskFailed"]"#, r#""ErrorEquals": ["States.ALL"]"#, "ASL016"),
    (r#"["States.TaskFailed"]"#, r#"["States.TaskFaild"]"#, "ASL017"),
    (r#""$.detail.object.key""#, r#""detail.object.key""#, "ASL020"),
    (r#""$.detail.files""#, r#""$.detail[files""#, "ASL020"),
    (r#""ResultPath": "$.found""#, r#""ResultPath": "$.found[*]""#, "ASL021"),
    (r#""ResultPath": "$.found""#, r#""ResultPath": "$$.found""#, "ASL021"),
    ("States.Format", "States.format", "ASL022"),
    (r#"States.Format('{}', $.detail.object.size)"#, r#"States.Format('{}', $.detail.object.size"#, "ASL022"),
    ("States.UUID()", "States.UUID(1)", "ASL022"),
    ("$$.Execution.Id", "$$.Execution.ID", "ASL023"),
    (r#""NumericGreaterThan""#, r#""NumericGreater""#, "ASL024"),
    (r#""NumericGreaterThan": 0,"#, "", "ASL024"),
    (r#""Variable": "$.found.Count","#, "", "ASL024"),
    (r#""NumericGreaterThan": 0"#, r#""NumericGreaterThan": "0""#, "ASL025"),
    (r#""IsPresent": true }"#, r#""IsPresent": true, "Next": "Put" }"#, "ASL026"),
    (r#""Mode": "DISTRIBUTED""#, r#""Mode": "INLINE""#, "ASL028"),
    (r#""S.$": "$.detail.object.key""#, r#""S": "$.detail.object.key""#, "FLOW107"),
    (r#""S.$": "States.UUID()""#, r#""S": "States.UUID()""#, "FLOW107"),
    ("arn:aws:states:::dynamodb:putItem", "dynamodb:putItem", "ASL034"),
    (r#""N.$": "States.Format"#, r#""N.$": 5, "x.$": "States.Format"#, "ASL035"),
    (r#""fileName.$": "$.detail"#, r#""file name.$": "$.detail"#, "ASL037"),
    (r#""$fileName""#, r#""$filename""#, "ASL041"),
    (r#""$.detail.object.key""#, r#""$detail.object.key""#, "ASL041"),
    (r#"{ "token.$": "$$.Task.Token" }"#, r#""please""#, "ASL040"),
    (r#""${TableName}""#, r#""<<TABLE_NAME>>""#, "CFN407"),
    (r#""${TableName}""#, "<<TABLE_NAME>>", "ASL001"),
    (r#""${TableName}""#, r#""${Tablename}""#, "CFN402"),
    (r#""Comment": "waits","#, r#""Comment": "waits", "Type": "Wait","#, "ASL002"),
    (r#""Seconds": 5,"#, r#""Seconds": 5,,"#, "ASL001"),
    (r#""Seconds": 5,"#, r#""Seconds": 5"#, "ASL001"),
];

const OF_EXPRESSIONS: &[Mutant] = &[
    ("{% $states.input.size > 0 %}", "{% $states.input.size > %}", "ASL029"),
    ("{% $states.input.size > 0 %}", "{% $states.input.size > 0", "ASL029"),
    ("$uppercase(", "$upper(", "ASL030"),
    ("$states.input.size", "$states.inputs.size", "ASL030"),
    ("$states.result.Item", "$states.errorOutput.Item", "ASL030"),
    ("$states.context.Execution.Id", "$states.context.Execution.ID", "ASL030"),
    (r#""Arguments""#, r#""Parameters""#, "ASL006"),
    ("$key", "$kez", "ASL041"),
    (r#""Condition": "{% $states.input.size > 0 %}""#, r#""Condition": "big""#, "ASL024"),
];

const OF_TEMPLATE: &[Mutant] = &[
    ("definitions/files.asl.json", "definition/files.asl.json", "CFN401"),
    ("TableName: !Ref FilesTable", "Table: !Ref FilesTable", "CFN402"),
    ("TableName: !Ref FilesTable", "TableName: !Ref FilesTable\n        Other: x", "CFN403"),
    ("TableName: !Ref FilesTable", "TableName: !Ref FileTable", "CFN404"),
    ("!GetAtt MachineDeadLetters.Arn", "!GetAtt DeadLetters.Arn", "CFN404"),
    ("AttributeName: fileName, KeyType", "AttributeName: filename, KeyType", "CFN405"),
    ("AttributeName: size, KeyType", "AttributeName: fileName, KeyType", "CFN405"),
    ("EventBridgeEnabled: true", "EventBridgeEnabled: false", "CFN406"),
    ("source: [aws.s3]", "source: aws.s3", "EVT501"),
    ("numeric: ['>', 0]", "numeric: ['>', zero]", "EVT501"),
    ("Type: STANDARD", "Type: EXPRESS", "ASL019"),
    ("        Key: files", "        Key: files\n        Key: folders", "ASL002"),
];

fn found(template: &str, definition: &str, expressions: &str) -> Vec<Finding> {
    let directory = tempfile::tempdir().unwrap();
    let at = |path: &str| directory.path().join(path);
    fs::create_dir(at("definitions")).unwrap();
    fs::write(at("template.yaml"), template).unwrap();
    fs::write(at("definitions/files.asl.json"), definition).unwrap();
    fs::write(at("definitions/expressions.asl.json"), expressions).unwrap();
    findings(directory.path())
}

fn findings(directory: &Path) -> Vec<Finding> {
    // The other families have planted faults of their own.
    let families = ["ASL", "CFN", "EVT", "FLOW107"].map(str::to_owned);
    let selection = Selection::new(&families, &[], &[]).unwrap();
    let linted = lint(load(&[directory.to_owned()]).unwrap(), &selection);
    linted.into_iter().flat_map(|one| one.findings).collect()
}

fn said(findings: &[Finding]) -> Vec<String> {
    findings
        .iter()
        .map(|finding| format!("{} {} {}", finding.rule.id, finding.place.pointer, finding.message))
        .collect()
}

#[test]
fn the_stack_without_a_fault_has_none() {
    assert_eq!(said(&found(TEMPLATE, DEFINITION, EXPRESSIONS)), Vec::<String>::new());
}

#[test]
fn every_planted_fault_is_found() {
    let mut missed = Vec::new();
    let mut total = 0;
    for (text, mutants) in [(DEFINITION, OF_DEFINITION), (EXPRESSIONS, OF_EXPRESSIONS), (TEMPLATE, OF_TEMPLATE)] {
        for (from, to, rule) in mutants {
            total += 1;
            assert!(text.contains(from), "there is no {from}");
            let mutant = text.replacen(from, to, 1);
            let put = |original: &'static str| if original == text { mutant.as_str() } else { original };
            let findings = found(put(TEMPLATE), put(DEFINITION), put(EXPRESSIONS));
            if !findings.iter().any(|finding| finding.rule.id.0 == *rule) {
                missed.push(format!("{from} -> {to}: {rule}, found {:?}", said(&findings)));
            }
        }
    }
    assert!(missed.is_empty(), "{} of {total} missed\n{}", missed.len(), missed.join("\n"));
}

#[test]
fn stacks_of_our_own_have_no_faults() {
    let options = [
        "state_machine: {query_language: JSONata}",
        "{table: {layout: history}, backfill: {}, api: {}}",
        "{dead_letters: {}, alarms: {}}",
    ];
    for spec in STARTERS.iter().map(|starter| starter.text).chain(options) {
        let document = Document::parse(Source::new("bucketbook.yaml", spec)).map_err(|(_, fault)| fault).unwrap();
        let directory = tempfile::tempdir().unwrap();
        for file in catalog::stack(&document.spec).unwrap().files().unwrap() {
            let path = directory.path().join(&file.path);
            fs::create_dir_all(path.parent().unwrap()).unwrap();
            fs::write(path, &file.text).unwrap();
        }
        assert_eq!(said(&findings(directory.path())), Vec::<String>::new(), "{spec}");
    }
}

proptest! {
    #![proptest_config(crate::sample::cases(200))]

    /// Whatever is cut out of a definition or put into it, there are findings or none, and never a panic.
    #[test]
    fn nothing_makes_it_panic(at in 0..DEFINITION.len(), length in 0..60usize, put in "[\\[\\]{}\",:$.%a0é\n]{0,4}", which in 0..3usize) {
        let text = [DEFINITION, EXPRESSIONS, TEMPLATE][which];
        let start = text.floor_char_boundary(at.min(text.len()));
        let end = text.floor_char_boundary((start + length).min(text.len()));
        let text = format!("{}{put}{}", &text[..start], &text[end..]);
        let everything = Selection::new(&["ALL".to_owned()], &[], &[]).unwrap();
        check(&LoadedStack::from_definition("x.asl.json", text.as_str(), MachineType::Express), &everything);
        let stack = LoadedStack::from_text("x.yaml", text).unwrap_or_else(|stack| *stack);
        for finding in check(&stack, &everything) {
            let span = finding.place.span;
            prop_assert!(stack.documents[finding.place.document].source.text.get(span.start..span.end).is_some());
        }
    }
}
