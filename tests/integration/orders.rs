//! The promise as a law of the rendered definitions: whatever the order of the events, however often each comes, wherever their
//! executions overlap or break off, the table is a function of the set of events.
//!
//! The definitions are run here state by state, by as little of an interpreter as they take, so that executions can be stopped
//! between any two calls. That services do the same is what the judges' tests show.

use std::collections::BTreeMap;

use bucketbook::catalog;
use bucketbook::eventbridge::{CompiledPattern, DetailType};
use bucketbook::source::Source;
use bucketbook::spec::Document;
use jsonata_core::evaluator::{Context, Evaluator};
use jsonata_core::value::JValue;
use proptest::prelude::*;
use serde_json::{Map, Value, json};

type Item = BTreeMap<String, Value>;

/// A table, by the key of each item.
type Table = BTreeMap<String, Item>;

/// The state machines of a stack: the pattern that starts each, and its definition.
struct Machines {
    all: Vec<(CompiledPattern, Value)>,
    keys: Vec<String>,
}

impl Machines {
    fn of(spec: &str) -> Self {
        let document = Document::parse(Source::new("spec", spec)).map_err(|(_, fault)| fault).unwrap();
        let stack = catalog::stack(&document.spec).unwrap();
        let template: Value = serde_json::to_value(stack.template()).unwrap();
        let all = stack.template().state_machines().filter(|(_, machine)| !machine.events.is_empty());
        let all = all.map(|(_, machine)| {
            let event = serde_json::to_value(machine.events.values().next().unwrap()).unwrap();
            let pattern = event["Properties"]["Pattern"].to_string().replace(r#"{"Ref":"FilesBucket"}"#, r#""bucket""#);
            let definition = serde_json::to_value(&stack.definitions()[&machine.definition_uri]).unwrap();
            (CompiledPattern::parse(&pattern).unwrap(), definition)
        });
        let all = all.collect();
        let keys = template["Resources"]["FilesTable"]["Properties"]["KeySchema"].as_array().unwrap();
        let keys = keys.iter().map(|key| key["AttributeName"].as_str().unwrap().to_owned()).collect();
        Self { all, keys }
    }

    /// The executions that an event starts.
    fn started(&self, event: &Value) -> Vec<Execution<'_>> {
        let text = event.to_string();
        let matching = self.all.iter().filter(|(pattern, _)| pattern.matches(&text).unwrap());
        let started = matching.map(|(_, definition)| Execution {
            definition,
            state: definition["StartAt"].as_str().map(str::to_owned),
            input: event.clone(),
            variables: Map::new(),
            keys: &self.keys,
        });
        started.collect()
    }
}

/// An execution between two states.
struct Execution<'a> {
    definition: &'a Value,
    /// The state that comes next; none at the end.
    state: Option<String>,
    input: Value,
    variables: Map<String, Value>,
    keys: &'a [String],
}

impl Execution<'_> {
    /// Runs one state. A Query may miss what was written a moment ago.
    fn step(&mut self, table: &mut Table, stale: bool) {
        let Some(name) = self.state.take() else { return };
        let state = &self.definition["States"][&name];
        match state["Type"].as_str().unwrap() {
            "Task" => self.task(state, table, stale),
            "Choice" => {
                let chosen = state["Choices"].as_array().unwrap().iter().find(|rule| self.holds(rule));
                self.state = chosen.map_or(&state["Default"], |rule| &rule["Next"]).as_str().map(str::to_owned);
            }
            "Succeed" => {}
            other => panic!("no execution ends well in a {other}"),
        }
    }

    fn task(&mut self, state: &Value, table: &mut Table, stale: bool) {
        let request = self.value(state.get("Parameters").unwrap_or(&state["Arguments"]));
        let resource = state["Resource"].as_str().unwrap();
        let answer = match resource.rsplit(':').next().unwrap() {
            "query" => Ok(json!({"Count": if stale { 0 } else { found(&request, table) }})),
            "putItem" => write(&request, table, self.keys, &request["Item"]),
            "updateItem" => write(&request, table, self.keys, &request["Key"]),
            other => panic!("{other}"),
        };
        match answer {
            Ok(answer) => {
                for (name, value) in state["Assign"].as_object().into_iter().flatten() {
                    let value = evaluate(value.as_str().unwrap(), &self.states(Some(&answer)), &self.variables);
                    self.variables.insert(name.clone(), value);
                }
                if let Some(path) = state["ResultPath"].as_str() {
                    self.input[path.strip_prefix("$.").unwrap()] = answer;
                } else if state.get("Output").is_none() {
                    self.input = answer;
                }
                self.state = state["Next"].as_str().map(str::to_owned);
            }
            Err(ConditionFailed) => {
                let catcher = &state["Catch"][0];
                assert!(catcher["ErrorEquals"][0].as_str().unwrap().ends_with("ConditionalCheckFailedException"));
                if let Some(path) = catcher["ResultPath"].as_str() {
                    self.input[path.strip_prefix("$.").unwrap()] = json!({"Error": "x"});
                }
                self.state = catcher["Next"].as_str().map(str::to_owned);
            }
        }
    }

    fn holds(&self, rule: &Value) -> bool {
        if let Some(condition) = rule["Condition"].as_str() {
            return evaluate(condition, &self.states(None), &self.variables) == json!(true);
        }
        let value = at(&self.input, rule["Variable"].as_str().unwrap());
        match (rule["NumericGreaterThan"].as_i64(), rule["StringEquals"].as_str()) {
            (Some(than), _) => value.as_i64().unwrap() > than,
            (_, Some(text)) => value == text,
            _ => panic!("{rule}"),
        }
    }

    fn states(&self, result: Option<&Value>) -> Value {
        json!({"input": self.input, "result": result})
    }

    /// A template with its values.
    fn value(&self, template: &Value) -> Value {
        match template {
            Value::Object(fields) => {
                let field = |(name, value): (&String, &Value)| match name.strip_suffix(".$") {
                    Some(name) => (name.to_owned(), self.json_path(value.as_str().unwrap())),
                    None => (name.clone(), self.value(value)),
                };
                Value::Object(fields.iter().map(field).collect())
            }
            Value::String(text) if text.starts_with("{%") => evaluate(text, &self.states(None), &self.variables),
            other => other.clone(),
        }
    }

    /// A path, or `States.Format` of paths.
    fn json_path(&self, text: &str) -> Value {
        let Some(arguments) = text.strip_prefix("States.Format(").and_then(|rest| rest.strip_suffix(')')) else {
            return at(&self.input, text).clone();
        };
        let mut arguments = arguments.split(", ");
        let template = arguments.next().unwrap().trim_matches('\'');
        let mut pieces = template.split("{}");
        let mut formatted = pieces.next().unwrap().to_owned();
        for (piece, path) in pieces.zip(arguments) {
            let value = at(&self.input, path);
            formatted.push_str(&value.as_str().map_or_else(|| value.to_string(), str::to_owned));
            formatted.push_str(piece);
        }
        formatted.into()
    }
}

/// The value at a reference path. One that is not there fails an execution.
fn at<'a>(input: &'a Value, path: &str) -> &'a Value {
    let steps = path.strip_prefix('$').unwrap().replace("['", ".").replace("']", "");
    let value = steps.split('.').skip(1).try_fold(input, |value, step| value.get(step));
    value.unwrap_or_else(|| panic!("{path} is not there"))
}

/// A JSONata expression in its `{% %}`.
fn evaluate(text: &str, states: &Value, variables: &Map<String, Value>) -> Value {
    let source = text.strip_prefix("{%").unwrap().strip_suffix("%}").unwrap();
    let mut context = Context::new();
    context.bind("states".to_owned(), JValue::from(states.clone()));
    for (name, value) in variables {
        context.bind(name.clone(), JValue::from(value.clone()));
    }
    let ast = jsonata_core::parser::parse(source).unwrap();
    let value = Evaluator::with_context(context).evaluate(&ast, &JValue::from(json!({}))).unwrap();
    serde_json::to_value(&value).unwrap()
}

struct ConditionFailed;

/// How many items a Query finds; of items with a sort key, those above a value if it says so.
fn found(request: &Value, table: &Table) -> usize {
    let values = &request["ExpressionAttributeValues"];
    let above = values.get(":lastModified").map(|value| value["S"].as_str().unwrap());
    let is_found = |item: &&Item| {
        let above = above.is_none_or(|above| item["lastModified"]["S"].as_str().unwrap() > above);
        item["fileName"] == values[":fileName"] && above
    };
    table.values().filter(is_found).count().min(1)
}

/// A conditional write: it takes place whole, or not at all.
fn write(request: &Value, table: &mut Table, keys: &[String], holds_key: &Value) -> Result<Value, ConditionFailed> {
    let key: Vec<&str> = keys.iter().map(|name| holds_key[name]["S"].as_str().unwrap()).collect();
    let key = key.join("\u{0}");
    let there = table.get(&key).cloned().unwrap_or_default();
    if !condition(request["ConditionExpression"].as_str().unwrap(), request, &there) {
        return Err(ConditionFailed);
    }
    let fields = |value: &Value| value.as_object().unwrap().clone().into_iter().collect::<Item>();
    if request.get("Item").is_some() {
        table.insert(key, fields(&request["Item"]));
        return Ok(json!({}));
    }
    let mut item = there;
    item.extend(fields(&request["Key"]));
    let expression = request["UpdateExpression"].as_str().unwrap().strip_prefix("SET ").unwrap();
    let (set, remove) = expression.split_once(" REMOVE ").unwrap_or((expression, ""));
    for assignment in set.split(", ") {
        let (name, value) = assignment.split_once(" = ").unwrap();
        item.insert(named(name, request), request["ExpressionAttributeValues"][value].clone());
    }
    for name in remove.split(", ") {
        item.remove(&named(name, request));
    }
    table.insert(key, item);
    Ok(json!({}))
}

fn named(name: &str, request: &Value) -> String {
    request["ExpressionAttributeNames"][name].as_str().unwrap_or(name).to_owned()
}

/// `AND` binds closer than `OR`; parentheses stand only around the operands of an `AND`.
fn condition(text: &str, request: &Value, item: &Item) -> bool {
    if let Some((left, right)) = text.split_once(" AND ") {
        return condition(left, request, item) && condition(right, request, item);
    }
    let text = text.strip_prefix('(').and_then(|text| text.strip_suffix(')')).unwrap_or(text);
    if let Some((left, right)) = text.split_once(" OR ") {
        return condition(left, request, item) || condition(right, request, item);
    }
    if let Some(name) = text.strip_prefix("attribute_not_exists(").and_then(|text| text.strip_suffix(')')) {
        return !item.contains_key(&named(name, request));
    }
    let (name, value) = text.split_once(" < ").unwrap();
    let held = item.get(&named(name, request)).map(|value| value["S"].as_str().unwrap().to_owned());
    held.is_some_and(|held| held.as_str() < request["ExpressionAttributeValues"][value]["S"].as_str().unwrap())
}

/// Any event about one of two objects, within a few seconds, so that ties are common. The sequencer orders the creations and
/// deletions of an object; their times need not be in the same order, and no two have one sequencer.
fn event() -> impl Strategy<Value = Value> {
    let kinds = prop::sample::select(DetailType::ALL.to_vec());
    let class = prop::sample::select(vec!["GLACIER", "STANDARD_IA"]);
    (kinds, prop::bool::ANY, 0..4u32, 0..6u32, class).prop_map(|(kind, other, second, sequencer, class)| {
        let ordered = matches!(kind, DetailType::ObjectCreated | DetailType::ObjectDeleted);
        // What has one sequencer is one event.
        let kind = match sequencer % 2 {
            _ if !ordered => kind,
            0 => DetailType::ObjectCreated,
            _ => DetailType::ObjectDeleted,
        };
        let second = if ordered { (sequencer + 1) % 4 } else { second };
        let mut object = json!({"key": if other { "b" } else { "a" }, "etag": "e", "version-id": format!("v{second}")});
        if ordered {
            object["sequencer"] = format!("A{sequencer}").into();
            object["size"] = sequencer.into();
        }
        json!({
            "source": "aws.s3", "detail-type": kind.as_str(), "time": format!("2024-05-01T10:00:0{second}Z"),
            "detail": {
                "bucket": {"name": "bucket"}, "object": object, "requester": "123456789012",
                "deletion-type": "Delete Marker Created", "destination-storage-class": class,
                "destination-access-tier": class, "restore-expiry-time": format!("2024-05-02T00:00:0{second}Z"),
            },
        })
    })
}

/// One event after the other, to the end.
fn one_by_one<'a>(machines: &Machines, events: impl IntoIterator<Item = &'a Value>) -> Table {
    let mut table = Table::new();
    for mut execution in events.into_iter().flat_map(|event| machines.started(event)) {
        while execution.state.is_some() {
            execution.step(&mut table, false);
        }
    }
    table
}

/// All at once: `schedule` says whose turn it is, and what is left over is finished in the end.
fn overlapping(
    machines: &Machines,
    events: &[Value],
    schedule: &[(prop::sample::Index, bool)],
    broken: usize,
) -> Table {
    let mut table = Table::new();
    let mut executions: Vec<Execution<'_>> = events.iter().flat_map(|event| machines.started(event)).collect();
    for (turn, stale) in schedule {
        if !executions.is_empty() {
            turn.get_mut(&mut executions).step(&mut table, *stale);
        }
    }
    // Some break off wherever they are, and their events are sent again.
    let again: Vec<Execution<'_>> = events.iter().take(broken).flat_map(|event| machines.started(event)).collect();
    let rest = executions.into_iter().skip(broken);
    for mut execution in rest.chain(again) {
        while execution.state.is_some() {
            execution.step(&mut table, false);
        }
    }
    table
}

const EVENTS: &str =
    "deleted: mark, storage_class: record, access_tier: record, restore: record, tags: record, acl: record";

/// A table is the same after every order, with repetitions and overlaps.
fn law(layout: &str, flow: &str, language: &str, versioned: bool) {
    let machines = Machines::of(&format!(
        "{{events: {{{EVENTS}}}, table: {{layout: {layout}}}, bucket: {{versioned: {versioned}}}, state_machine: {{flow: {flow}, \
         query_language: {language}}}}}"
    ));
    let events = prop::collection::vec(event(), 1..8);
    let orders = events.prop_flat_map(|events| {
        let again = prop::collection::vec(prop::sample::select(events.clone()), 0..4);
        let shuffled = again.prop_map({
            let events = events.clone();
            move |again| [events.clone(), again].concat()
        });
        let schedule = prop::collection::vec((any::<prop::sample::Index>(), any::<bool>()), 0..60);
        (Just(events), shuffled.prop_shuffle(), schedule, 0..3usize)
    });
    let config = ProptestConfig { cases: 150, ..ProptestConfig::default() };
    proptest!(config, |((events, shuffled, schedule, broken) in orders)| {
        let promised = one_by_one(&machines, &events);
        prop_assert_eq!(&one_by_one(&machines, &shuffled), &promised);
        prop_assert_eq!(&overlapping(&machines, &shuffled, &schedule, broken), &promised);
    });
}

#[test]
fn a_table_of_latest_records_is_a_function_of_the_events() {
    law("latest", "query-then-write", "JSONPath", false);
    law("latest", "upsert", "JSONPath", true);
}

#[test]
fn a_table_of_latest_records_is_a_function_of_the_events_in_jsonata() {
    law("latest", "query-then-write", "JSONata", true);
}

#[test]
fn a_history_is_a_function_of_the_events() {
    law("history", "query-then-write", "JSONPath", true);
    law("history", "upsert", "JSONata", false);
}
