//! Mock files in the [format of AWS Step Functions Local](https://docs.aws.amazon.com/step-functions/latest/dg/sfn-local-mock-cfg-file.html),
//! `MockConfigFile.json`.

use std::collections::HashMap;

use indexmap::IndexMap;
use serde_json::{Map, Value};

use super::TaskError;
use crate::aws::states::error;
use crate::source::{Fault, Kind, Node, Source, parse};

/// A mock file: per state machine the test cases, and per test case the answers of its states.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct MockFile {
    machines: IndexMap<String, IndexMap<String, TestCase>>,
}

/// A test case: which states are mocked, and how often each was called already.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct TestCase {
    states: IndexMap<String, MockedResponse>,
    calls: HashMap<(String, String), u64>,
}

/// What a state's calls get, one after the other.
#[derive(Debug, Clone, PartialEq)]
struct MockedResponse {
    name: String,
    /// From the first call to the last one, counted from 0, and the answer; in order, without overlaps.
    answers: Vec<(u64, u64, Answer)>,
}

type Answer = Result<Value, TaskError>;

/// What a mock file may say at its top.
const SECTIONS: [&str; 2] = ["StateMachines", "MockedResponses"];

/// The test cases of one execution are told apart up to so many: after that the counting starts anew.
const MAX_COUNTED: usize = 100_000;

impl MockFile {
    /// Reads a mock file.
    ///
    /// # Errors
    /// Every fault that it has, each in its place.
    pub fn read(source: &Source) -> Result<Self, Vec<Fault>> {
        let root = parse(source).map_err(|fault| vec![fault])?;
        let root = root.ok_or_else(|| vec![Fault::new("the mock file is empty; expected a JSON object")])?;
        let mut faults = Vec::new();
        for (key, _) in entries(&root, "a mock file", &mut faults) {
            only(key, &SECTIONS, &mut faults);
        }
        let mut responses = IndexMap::new();
        if let Some(section) = root.get("MockedResponses") {
            for (name, node) in entries(section, "MockedResponses", &mut faults) {
                let text = name.as_str().unwrap_or_default();
                responses.insert(text.to_owned(), response(text, node, &mut faults));
            }
        }
        let mut file = Self::default();
        match root.get("StateMachines") {
            None => faults.push(Fault::new("the mock file needs `StateMachines`").at(root.span)),
            Some(section) => {
                for (name, node) in entries(section, "StateMachines", &mut faults) {
                    let cases = cases(node, &responses, &mut faults);
                    file.machines.insert(name.as_str().unwrap_or_default().to_owned(), cases);
                }
            }
        }
        if faults.is_empty() { Ok(file) } else { Err(faults) }
    }

    /// The test case of this name, for each state machine that has one.
    ///
    /// # Errors
    /// No state machine has one. The text says which there are.
    pub fn test_case(&self, name: &str) -> Result<Vec<(&str, TestCase)>, String> {
        let found: Vec<_> = self
            .machines
            .iter()
            .filter_map(|(machine, cases)| Some((machine.as_str(), cases.get(name)?.clone())))
            .collect();
        if found.is_empty() {
            let known: Vec<&str> = self.machines.values().flat_map(IndexMap::keys).map(String::as_str).collect();
            let help = help(name, &known);
            return Err(format!("the mock file has no test case `{name}`: {help}"));
        }
        Ok(found)
    }

    /// The names of the state machines that it mocks.
    pub fn state_machines(&self) -> impl Iterator<Item = &str> {
        self.machines.keys().map(String::as_str)
    }
}

impl TestCase {
    /// Whether a state is mocked.
    pub(super) fn answers(&self, state: &str) -> bool {
        self.states.contains_key(state)
    }

    /// What the next call of a state gets, if the state is mocked.
    pub(super) fn answer(&mut self, execution: &str, state: &str) -> Option<Answer> {
        let response = self.states.get(state)?;
        if self.calls.len() >= MAX_COUNTED {
            self.calls.clear();
        }
        let count = self.calls.entry((execution.to_owned(), state.to_owned())).or_default();
        let call = *count;
        *count += 1;
        let answer = response.answers.iter().find(|(from, to, _)| (*from..=*to).contains(&call));
        Some(answer.map(|(_, _, answer)| answer.clone()).unwrap_or_else(|| {
            let name = &response.name;
            let cause = format!("the mocked response `{name}` of the state `{state}` has no entry for call {call}");
            Err(TaskError::new(error::RUNTIME, cause))
        }))
    }

    /// The names of the states that it mocks, for those who must say that one does not exist.
    pub fn states(&self) -> impl Iterator<Item = &str> {
        self.states.keys().map(String::as_str)
    }
}

/// The entries of a mapping; anything else is a fault.
fn entries<'a>(node: &'a Node, what: &str, faults: &mut Vec<Fault>) -> &'a [(Node, Node)] {
    match &node.kind {
        Kind::Mapping(entries) => entries,
        _ => {
            faults.push(Fault::new(format!("{what} must be a JSON object, not {}", node.describe())).at(node.span));
            &[]
        }
    }
}

fn help(typed: &str, known: &[&str]) -> String {
    let nearest = known
        .iter()
        .map(|name| (strsim::jaro_winkler(&typed.to_lowercase(), &name.to_lowercase()), name))
        .filter(|(score, _)| *score > 0.8)
        .max_by(|a, b| a.0.total_cmp(&b.0));
    match nearest {
        Some((_, name)) => format!("did you mean `{name}`?"),
        None if known.is_empty() => "there are none".to_owned(),
        None => {
            format!("expected one of {}", known.iter().map(|name| format!("`{name}`")).collect::<Vec<_>>().join(", "))
        }
    }
}

fn only(key: &Node, known: &[&str], faults: &mut Vec<Fault>) -> bool {
    let name = key.as_str().unwrap_or_default();
    if known.contains(&name) {
        return true;
    }
    faults.push(Fault::new(format!("unknown key `{name}`")).at(key.span).help(help(name, known)));
    false
}

fn cases(
    machine: &Node,
    responses: &IndexMap<String, MockedResponse>,
    faults: &mut Vec<Fault>,
) -> IndexMap<String, TestCase> {
    let mut read = IndexMap::new();
    for (key, node) in entries(machine, "a state machine", faults) {
        if !only(key, &["TestCases"], faults) {
            continue;
        }
        for (name, states) in entries(node, "TestCases", faults) {
            let mut case = TestCase::default();
            for (state, response) in entries(states, "a test case", faults) {
                let name = response.as_str().unwrap_or_default();
                match responses.get(name) {
                    Some(found) => {
                        case.states.insert(state.as_str().unwrap_or_default().to_owned(), found.clone());
                    }
                    None => {
                        let known: Vec<&str> = responses.keys().map(String::as_str).collect();
                        let message = match response.as_str() {
                            Some(name) => format!("there is no mocked response `{name}`"),
                            None => format!("expected the name of a mocked response, not {}", response.describe()),
                        };
                        faults.push(Fault::new(message).at(response.span).help(help(name, &known)));
                    }
                }
            }
            read.insert(name.as_str().unwrap_or_default().to_owned(), case);
        }
    }
    read
}

fn response(name: &str, node: &Node, faults: &mut Vec<Fault>) -> MockedResponse {
    let mut answers: Vec<(u64, u64, Answer)> = Vec::new();
    for (key, node) in entries(node, "a mocked response", faults) {
        let text = match &key.kind {
            Kind::Integer(number) => number.to_string(),
            _ => key.as_str().unwrap_or_default().to_owned(),
        };
        let Some((from, to)) = range(&text) else {
            let fault = Fault::new(format!("`{text}` is neither a number nor a range of numbers")).at(key.span);
            faults.push(fault.help("calls are counted from 0, for example \"0\" or \"1-2\""));
            continue;
        };
        if answers.iter().any(|(a, b, _)| from <= *b && *a <= to) {
            faults.push(Fault::new(format!("the calls `{text}` already have a response")).at(key.span));
        }
        if let Some(answer) = answer(node, faults) {
            answers.push((from, to, answer));
        }
    }
    if answers.is_empty() && faults.is_empty() {
        faults.push(Fault::new(format!("the mocked response `{name}` is empty")).at(node.span));
    }
    answers.sort_by_key(|(from, ..)| *from);
    MockedResponse { name: name.to_owned(), answers }
}

fn range(text: &str) -> Option<(u64, u64)> {
    let number = |text: &str| text.parse::<u64>().ok().filter(|_| text.bytes().all(|byte| byte.is_ascii_digit()));
    match text.split_once('-') {
        Some((from, to)) => Some((number(from)?, number(to)?)).filter(|(from, to)| from <= to),
        None => number(text).map(|call| (call, call)),
    }
}

fn answer(node: &Node, faults: &mut Vec<Fault>) -> Option<Answer> {
    let fields = entries(node, "an answer", faults);
    let mut read = None;
    for (key, value) in fields {
        if !only(key, &["Return", "Throw"], faults) {
            continue;
        }
        if read.is_some() {
            faults.push(Fault::new("a response has either `Return` or `Throw`, not both").at(key.span));
        }
        read = Some(if key.as_str() == Some("Return") { Ok(json(value)) } else { Err(thrown(value, faults)) });
    }
    if read.is_none() && faults.is_empty() {
        faults.push(Fault::new("a response needs `Return` or `Throw`").at(node.span));
    }
    read
}

fn thrown(node: &Node, faults: &mut Vec<Fault>) -> TaskError {
    for (key, value) in entries(node, "`Throw`", faults) {
        if only(key, &["Error", "Cause"], faults) && value.as_str().is_none() {
            faults.push(Fault::new(format!("expected a string, not {}", value.describe())).at(value.span));
        }
    }
    let text = |field: &str| node.get(field).and_then(Node::as_str).unwrap_or_default().to_owned();
    if node.get("Error").is_none() {
        faults.push(Fault::new("`Throw` needs an `Error`").at(node.span));
    }
    TaskError::new(text("Error"), text("Cause"))
}

/// The value that a node says. How deep it goes is bounded by the reader of the file.
fn json(node: &Node) -> Value {
    match &node.kind {
        Kind::Null => Value::Null,
        Kind::Bool(flag) => (*flag).into(),
        Kind::Integer(number) => (*number).into(),
        Kind::Float(number) => (*number).into(),
        Kind::String(text) => text.as_str().into(),
        Kind::Sequence(items) => items.iter().map(json).collect(),
        Kind::Mapping(entries) => entries
            .iter()
            .map(|(key, value)| {
                let name = key.as_str().map_or_else(|| json(key).to_string(), str::to_owned);
                (name, json(value))
            })
            .collect::<Map<_, _>>()
            .into(),
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    const FILE: &str = r#"{
  "StateMachines": {
    "Order": {
      "TestCases": {
        "Happy": {"Pay": "PaidAtLast", "Approve": "Approved"},
        "Bare": {}
      }
    }
  },
  "MockedResponses": {
    "PaidAtLast": {
      "0": {"Throw": {"Error": "Busy", "Cause": "too many"}},
      "1-2": {"Throw": {"Error": "Down"}},
      "3": {"Return": {"StatusCode": 200, "Rate": 0.5}}
    },
    "Approved": {"0": {"Return": [null, true]}}
  }
}"#;

    fn read(text: &str) -> Result<MockFile, Vec<String>> {
        let source = Source::new("mocks.json", text);
        MockFile::read(&source).map_err(|faults| {
            let place = |fault: &Fault| fault.span.map_or(0, |span| source.position(span.start).line);
            let help = |fault: &Fault| fault.help.clone().unwrap_or_default();
            faults.iter().map(|fault| format!("{}: {} ({})", place(fault), fault.message, help(fault))).collect()
        })
    }

    #[test]
    fn calls_get_their_answers_in_turn_and_each_execution_its_own() {
        let file = read(FILE).unwrap();
        let mut cases = file.test_case("Happy").unwrap();
        let (machine, case) = &mut cases[0];
        assert_eq!(*machine, "Order");
        let errors: Vec<_> = (0..3).map(|_| case.answer("one", "Pay").unwrap().unwrap_err().error).collect();
        assert_eq!(errors, ["Busy", "Down", "Down"]);
        assert_eq!(case.answer("one", "Pay").unwrap().unwrap(), json!({"StatusCode": 200, "Rate": 0.5}));
        let over = case.answer("one", "Pay").unwrap().unwrap_err();
        assert_eq!(over.cause, "the mocked response `PaidAtLast` of the state `Pay` has no entry for call 4");
        assert_eq!(case.answer("two", "Pay").unwrap().unwrap_err().error, "Busy");
        assert_eq!(case.answer("two", "Approve").unwrap().unwrap(), json!([null, true]));
        assert_eq!(case.answer("two", "Other"), None);
    }

    #[test]
    fn a_test_case_is_found_by_name_or_the_nearest_is_named() {
        let file = read(FILE).unwrap();
        assert_eq!(file.test_case("Hapy").unwrap_err(), "the mock file has no test case `Hapy`: did you mean `Happy`?");
        assert!(file.test_case("zzz").unwrap_err().ends_with("expected one of `Happy`, `Bare`"));
    }

    #[test]
    fn faults_have_places() {
        let swap = |from: &str, to: &str| read(&FILE.replacen(from, to, 1)).unwrap_err();
        let cases = [
            ("\"MockedResponses\"", "\"MockedResponse\"", "10: unknown key `MockedResponse`"),
            ("\"TestCases\"", "\"Testcases\"", "4: unknown key `Testcases` (did you mean `TestCases`?)"),
            (
                "\"PaidAtLast\"",
                "\"PaidLast\"",
                "5: there is no mocked response `PaidLast` (did you mean `PaidAtLast`?)",
            ),
            ("\"1-2\"", "\"2-1\"", "13: `2-1` is neither a number nor a range of numbers"),
            ("\"1-2\"", "\"0-2\"", "13: the calls `0-2` already have a response"),
            ("\"Return\"", "\"Retrun\"", "14: unknown key `Retrun` (did you mean `Return`?)"),
            ("{\"Error\": \"Down\"}", "{}", "13: `Throw` needs an `Error`"),
            ("{\"Error\": \"Down\"}", "{\"Error\": 5}", "13: expected a string, not the number 5"),
        ];
        for (from, to, expected) in cases {
            let faults = swap(from, to);
            assert!(faults.iter().any(|fault| fault.starts_with(expected)), "{to}: {faults:?}");
        }
        for text in ["", "[]", "{}", "{\"StateMachines\": 5}", "{"] {
            assert!(read(text).is_err(), "{text}");
        }
    }
}
