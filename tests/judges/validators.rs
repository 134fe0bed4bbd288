//! What validators say of the templates.

use std::collections::BTreeSet;
use std::path::Path;
use std::process::Command;

use serde_json::Value;

use crate::tools::{generated, judge, prepared, sam, script, text};
use crate::variants::VARIANTS;

#[test]
#[ignore = "needs the judges that .ci/run installs"]
fn cfn_lint_finds_no_error_and_no_warning() {
    for (name, spec) in VARIANTS {
        let workspace = generated(spec);
        let output = judge("cfn-lint").arg(workspace.path("out/template.yaml")).output().unwrap();
        assert!(output.status.success() && output.stdout.is_empty(), "{name}: {}", text(&output));
    }
}

/// What `cloudformation-validate` remarks as information, and why it stays: docs/judges.md says it at length.
const REMARKS: [&str; 4] = ["I3011", "I4010", "I9001", "I9040"];

#[test]
#[ignore = "needs the judges that .ci/run installs"]
fn cloudformation_validate_finds_no_error_and_no_warning() {
    for (name, spec) in VARIANTS {
        let workspace = generated(spec);
        let output = judge("python")
            .args([&script("validate.py"), workspace.path("out/template.yaml").to_str().unwrap()])
            .output()
            .unwrap();
        assert!(output.status.success(), "{name}: {}", text(&output));
        let findings: Vec<Value> = serde_json::from_slice(&output.stdout).unwrap();
        for finding in findings {
            let known = finding["severity"] == "INFO" && REMARKS.iter().any(|rule| finding["rule"] == *rule);
            // An account in an ARN: the one that the author of the spec wrote.
            let given = finding["rule"] == "W9013" && spec.contains(":123456789012:");
            assert!(known || given, "{name}: {finding}");
        }
    }
}

/// The names that a part of a template refers to.
fn references(node: &Value) -> Vec<String> {
    match node {
        Value::Object(fields) => fields
            .iter()
            .flat_map(|(name, value)| match (name.as_str(), value) {
                ("Ref", Value::String(id)) => vec![id.clone()],
                ("Fn::GetAtt", Value::Array(path)) => vec![path[0].as_str().unwrap().to_owned()],
                ("Fn::Sub", Value::String(text)) => {
                    let names = text.split("${").skip(1).filter_map(|rest| rest.split(['}', '.']).next());
                    names.map(str::to_owned).collect()
                }
                _ => references(value),
            })
            .collect(),
        Value::Array(items) => items.iter().flat_map(references).collect(),
        _ => Vec::new(),
    }
}

/// The resources that cannot be made, because each waits for another of them.
fn circle(template: &Value) -> Vec<String> {
    let mut waiting = template["Resources"].as_object().unwrap().clone();
    loop {
        let is_ready = |resource: &Value| !references(resource).iter().any(|name| waiting.contains_key(name));
        let ready: Vec<String> = waiting.iter().filter(|(_, r)| is_ready(r)).map(|(id, _)| id.clone()).collect();
        if ready.is_empty() {
            return waiting.keys().cloned().collect();
        }
        waiting.retain(|id, _| !ready.contains(id));
    }
}

#[test]
#[ignore = "needs the judges that .ci/run installs"]
fn the_sam_translator_translates() {
    for (name, spec) in VARIANTS {
        let workspace = generated(spec);
        let template = workspace.path("out/template.yaml");
        let output = judge("python").args([&script("translate.py"), template.to_str().unwrap()]).output().unwrap();
        assert!(output.status.success(), "{name}: {}", text(&output));
        let template: Value = serde_json::from_slice(&output.stdout).unwrap();
        assert_eq!(circle(&template), Vec::<String>::new(), "{name}");
        let kinds: Vec<&str> =
            template["Resources"].as_object().unwrap().values().map(|r| r["Type"].as_str().unwrap()).collect();
        for kind in ["AWS::StepFunctions::StateMachine", "AWS::Events::Rule", "AWS::IAM::Role"] {
            assert!(kinds.contains(&kind), "{name}: {kinds:?}");
        }
    }
}

/// The checks that checkov is told to leave out, by resource: docs/judges.md explains each.
const SKIPPED: [(&str, &str); 1] = [("CKV_AWS_18", "AccessLogBucket")];

/// Each kind of API in front of `production`, and what checkov is told to leave out there besides.
const APIS: [(&str, &[(&str, &str)]); 7] = [
    ("", &[]),
    ("api: direct", &[REST_API_SKIPPED]),
    ("api: {auth: api-key}", &[REST_API_SKIPPED]),
    ("api: lambda", &FUNCTION_SKIPPED),
    ("api: {type: lambda, auth: api-key}", &REST_FUNCTION_SKIPPED),
    ("api: {type: lambda, auth: {jwt: {issuer: 'https://a.example.com/', audience: [files]}}}", &FUNCTION_SKIPPED),
    ("api: {type: lambda, auth: none}", &FUNCTION_SKIPPED),
];
const REST_API_SKIPPED: (&str, &str) = ("CKV_AWS_120", "FilesApi");
const REST_FUNCTION_SKIPPED: [(&str, &str); 5] =
    [REST_API_SKIPPED, FUNCTION_SKIPPED[0], FUNCTION_SKIPPED[1], FUNCTION_SKIPPED[2], FUNCTION_SKIPPED[3]];
const FUNCTION_SKIPPED: [(&str, &str); 4] = [
    ("CKV_AWS_115", "FilesFunction"),
    ("CKV_AWS_116", "FilesFunction"),
    ("CKV_AWS_117", "FilesFunction"),
    ("CKV_AWS_173", "FilesFunction"),
];

#[test]
#[ignore = "needs the judges that .ci/run installs"]
fn checkov_finds_nothing_in_production() {
    for (api, skipped) in APIS {
        let workspace = generated(&format!("{}\n{api}\n", include_str!("../../templates/production/bucketbook.yaml")));
        let template = workspace.path("out/template.yaml");
        let translated = judge("python").args([&script("translate.py"), template.to_str().unwrap()]).output().unwrap();
        workspace.write("translated.json", translated.stdout);
        for file in [template, workspace.path("translated.json")] {
            // The translator hands `Metadata` on to functions, and not to REST APIs.
            let lost = file.ends_with("translated.json").then_some(REST_API_SKIPPED.0);
            let expected: BTreeSet<(&str, &str)> =
                SKIPPED.into_iter().chain(skipped.iter().copied()).filter(|(check, _)| Some(*check) != lost).collect();
            assert_eq!(skipped_by_checkov(&file, lost), expected.into_iter().map(owned).collect(), "{api}");
        }
    }
}

fn owned((check, resource): (&str, &str)) -> (String, String) {
    (check.to_owned(), resource.to_owned())
}

/// Which checks checkov leaves out, and of which resource, in a file in which it finds nothing but what is allowed.
fn skipped_by_checkov(file: &Path, allowed: Option<&str>) -> BTreeSet<(String, String)> {
    let mut checkov = Command::new(prepared("BUCKETBOOK_CHECKOV").join("bin/checkov"));
    checkov.args(["--framework", "cloudformation", "--output", "json", "--skip-download", "--file"]).arg(file);
    let output = checkov.output().unwrap();
    let report: Value = serde_json::from_slice(&output.stdout).unwrap_or_else(|_| panic!("{}", text(&output)));
    let failed = report["results"]["failed_checks"].as_array().unwrap();
    let failed: Vec<&Value> = failed.iter().filter(|check| check["check_id"].as_str() != allowed).collect();
    assert!(failed.is_empty(), "{}: {failed:?}", file.display());
    assert!(report["summary"]["passed"].as_u64() > Some(20), "{}", report["summary"]);
    let of_template = |check: &Value| {
        let resource = check["resource"].as_str().unwrap().rsplit('.').next().unwrap();
        owned((check["check_id"].as_str().unwrap(), resource))
    };
    report["results"]["skipped_checks"].as_array().unwrap().iter().map(of_template).collect()
}

#[test]
#[ignore = "needs the judges that .ci/run installs"]
fn sam_validate_is_content() {
    for (name, spec) in VARIANTS {
        let workspace = generated(spec);
        let output = sam(&workspace).args(["validate", "--lint"]).output().unwrap();
        assert!(output.status.success(), "{name}: {}", text(&output));
        assert!(text(&output).contains("is a valid SAM Template"), "{name}: {}", text(&output));
    }
}
