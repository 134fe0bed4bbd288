//! JSONata as the reference implementation has it: every expression of its own test suite and some of ours, both evaluated under the limit of depth that
//! Step Functions sets, have to come to the same.

use std::collections::BTreeMap;
use std::process::Command;

use bucketbook::simulate::jsonata;
use serde::Deserialize;
use serde_json::{Map, Value};

use crate::tools::{prepared, script};

/// How many expressions of the suite and of ours may come to something else. They are in the output of this test.
const MISSES: (usize, usize) = (27, 2);

#[derive(Deserialize)]
struct Case {
    id: String,
    group: String,
    expression: String,
    data: Option<Value>,
    bindings: Map<String, Value>,
    outcome: Outcome,
}

#[derive(Deserialize, Debug, PartialEq)]
#[serde(rename_all = "lowercase")]
enum Outcome {
    Value(Value),
    Nothing(bool),
    Error(String),
}

/// A message's code: `T2001` of `T2001: The left side ...`.
fn code(message: &str) -> String {
    message.split(':').next().unwrap_or_default().to_owned()
}

impl Outcome {
    fn is(&self, other: &Self) -> bool {
        match (self, other) {
            (Self::Value(one), Self::Value(other)) => same(one, other),
            (Self::Nothing(_), Self::Nothing(_)) => true,
            // Our parser has no codes.
            (Self::Error(one), Self::Error(other)) => one == other || !is_code(one) || other == "Parse error",
            _ => false,
        }
    }
}

/// Whether it is a code that a message of ours has: not one of a limit, nor an error that the reference implementation does not number.
fn is_code(text: &str) -> bool {
    text.len() == 5 && text[1..].bytes().all(|byte| byte.is_ascii_digit()) && text != "U1001"
}

fn same(one: &Value, other: &Value) -> bool {
    match (one, other) {
        (Value::Number(one), Value::Number(other)) => one.as_f64() == other.as_f64(),
        (Value::Array(one), Value::Array(other)) => {
            one.len() == other.len() && one.iter().zip(other).all(|(one, other)| same(one, other))
        }
        (Value::Object(one), Value::Object(other)) => {
            one.len() == other.len() && one.iter().all(|(name, v)| other.get(name).is_some_and(|w| same(v, w)))
        }
        (one, other) => one == other,
    }
}

#[test]
#[ignore = "needs the reference implementation; run by .ci/run"]
fn expressions_come_to_what_the_reference_implementation_says() {
    let reference = prepared("BUCKETBOOK_JSONATA");
    let output = Command::new("node")
        .args([script("jsonata.js").into(), reference.clone(), reference.join("suite/test/test-suite")])
        .arg(script("jsonata.json"))
        .output()
        .expect("node runs");
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    let cases: Vec<Case> = serde_json::from_slice(&output.stdout).expect("a list of cases");
    let mut groups: BTreeMap<&str, (usize, usize)> = BTreeMap::new();
    let mut same = 0;
    for case in &cases {
        let ours = match jsonata::evaluate(&case.expression, case.data.as_ref(), &case.bindings) {
            Ok(Some(value)) => Outcome::Value(value),
            Ok(None) => Outcome::Nothing(true),
            Err(message) => Outcome::Error(code(&message)),
        };
        let counts = groups.entry(&case.group).or_default();
        counts.1 += 1;
        if case.outcome.is(&ours) {
            counts.0 += 1;
            same += 1;
        } else {
            let short = |text: String| text.chars().take(160).collect::<String>();
            let (expected, found) = (short(format!("{:?}", case.outcome)), short(format!("{ours:?}")));
            println!(
                "{}: {}\n    expected {expected}\n    found    {found}",
                case.id,
                short(case.expression.replace('\n', " "))
            );
        }
    }
    for (group, (same, all)) in groups.iter().filter(|(_, (same, all))| same != all) {
        println!("{group}: {same} of {all}");
    }
    println!("{same} of {} expressions", cases.len());
    let (own, all_own) = groups.get("own").copied().unwrap_or_default();
    assert!(all_own > 0, "there are expressions of our own");
    if cases.len() == all_own {
        println!("NOT RUN: JSONata's own test suite is not there; only our own expressions were judged");
    }
    assert!(all_own - own <= MISSES.1, "{own} of {all_own} of our own expressions come to the same");
    assert!(cases.len() - same <= MISSES.0, "{} expressions come to something else", cases.len() - same);
}
