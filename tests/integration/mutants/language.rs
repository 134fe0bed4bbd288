//! Faults of the language: AWS refuses each definition, or an execution fails at that place.

use serde_json::{Map, Value, json};

use super::operator::{On, Operator};
use super::stack::{changed, misspelt, renamed, with, without};

type State = Map<String, Value>;

fn is(state: &State, types: &[&str]) -> bool {
    state.get("Type").and_then(Value::as_str).is_some_and(|kind| types.contains(&kind))
}

fn text<'a>(state: &'a State, field: &str) -> Option<&'a str> {
    state.get(field)?.as_str()
}

fn rename(state: &State, field: &str) -> Vec<Value> {
    renamed(state, field, &misspelt(field)).into_iter().collect()
}

/// The elements of a state's list, each in turn replaced.
fn elements(state: &State, field: &str, edit: impl Fn(&State) -> Option<Value>) -> Vec<Value> {
    let Some(items) = state.get(field).and_then(Value::as_array) else { return Vec::new() };
    let edited = items.iter().enumerate().filter_map(|(at, item)| {
        let mut items = items.clone();
        items[at] = edit(item.as_object()?)?;
        Some(with(state, field, Value::Array(items)))
    });
    edited.collect()
}

/// A text in a template or a query, if it holds an intrinsic function.
fn function(value: &Value, edit: impl Fn(&str) -> Option<String>) -> Vec<Value> {
    let call = value.as_str().filter(|text| text.starts_with("States.") && text.contains('('));
    call.and_then(edit).map(Value::from).into_iter().collect()
}

fn path(key: &str, value: &Value, edit: impl Fn(&str) -> String) -> Vec<Value> {
    let is_path = key.ends_with(".$") || key == "Variable" || key == "InputPath";
    let path = value.as_str().filter(|text| is_path && text.starts_with("$."));
    path.map(|path| Value::from(edit(path))).into_iter().collect()
}

fn expression(value: &Value, edit: impl Fn(&str) -> Option<String>) -> Vec<Value> {
    let inner = value.as_str().and_then(|text| text.strip_prefix("{%")?.strip_suffix("%}"));
    inner.and_then(edit).map(|inner| Value::from(format!("{{%{inner}%}}"))).into_iter().collect()
}

pub(crate) const OPERATORS: &[Operator] = &[
    Operator {
        name: "drop Next",
        why: "the state has neither Next nor End",
        on: On::State(|state, _| without(state, "Next").into_iter().collect()),
    },
    Operator {
        name: "drop End",
        why: "the state has neither Next nor End",
        on: On::State(|state, _| without(state, "End").into_iter().collect()),
    },
    Operator {
        name: "Next and End",
        why: "a state cannot have both",
        on: On::State(|state, _| {
            let next = state.contains_key("Next");
            next.then(|| with(state, "End", json!(true))).into_iter().collect()
        }),
    },
    Operator {
        name: "Next of a Succeed",
        why: "Succeed and Fail have no Next",
        on: On::State(|state, _| {
            let end = is(state, &["Succeed", "Fail"]);
            end.then(|| with(state, "Next", json!("X"))).into_iter().collect()
        }),
    },
    Operator {
        name: "misspell Type",
        why: "the type does not exist",
        on: On::State(|state, _| {
            text(state, "Type").map(|kind| with(state, "Type", json!(misspelt(kind)))).into_iter().collect()
        }),
    },
    Operator {
        name: "Type in lower case",
        why: "state types are capitalized",
        on: On::State(|state, _| {
            text(state, "Type").map(|kind| with(state, "Type", json!(kind.to_lowercase()))).into_iter().collect()
        }),
    },
    Operator {
        name: "drop Type",
        why: "every state has a type",
        on: On::State(|state, _| without(state, "Type").into_iter().collect()),
    },
    Operator {
        name: "misspell Next",
        why: "the state does not exist",
        on: On::State(|state, _| {
            text(state, "Next").map(|next| with(state, "Next", json!(misspelt(next)))).into_iter().collect()
        }),
    },
    Operator {
        name: "misspell Default",
        why: "the state does not exist",
        on: On::State(|state, _| {
            text(state, "Default").map(|next| with(state, "Default", json!(misspelt(next)))).into_iter().collect()
        }),
    },
    Operator {
        name: "misspell a Choice's Next",
        why: "the state does not exist",
        on: On::State(|state, _| {
            elements(state, "Choices", |rule| Some(with(rule, "Next", json!(misspelt(text(rule, "Next")?)))))
        }),
    },
    Operator {
        name: "misspell a Catch's Next",
        why: "the state does not exist",
        on: On::State(|state, _| {
            elements(state, "Catch", |rule| Some(with(rule, "Next", json!(misspelt(text(rule, "Next")?)))))
        }),
    },
    Operator {
        name: "misspell StartAt",
        why: "the state does not exist",
        on: On::Definition(|key, value| match value.as_str() {
            Some(name) if key == "StartAt" => vec![json!(misspelt(name))],
            _ => Vec::new(),
        }),
    },
    Operator {
        name: "drop StartAt",
        why: "a definition must have StartAt",
        on: On::Definition(|_, value| {
            value.as_object().and_then(|fields| without(fields, "StartAt")).into_iter().collect()
        }),
    },
    Operator {
        name: "an unreachable state",
        why: "AWS refuses an unreachable state",
        on: On::Definition(|key, value| match value.as_object() {
            Some(states) if key == "States" => vec![with(states, "Lost", json!({"Type": "Succeed"}))],
            _ => Vec::new(),
        }),
    },
    Operator {
        name: "misspell `Resource`",
        why: "the required field is missing, and the other is unknown",
        on: On::State(|state, _| rename(state, "Resource")),
    },
    Operator {
        name: "misspell `ResultPath`",
        why: "the field does not exist",
        on: On::State(|state, _| rename(state, "ResultPath")),
    },
    Operator {
        name: "misspell `Parameters`",
        why: "the field does not exist",
        on: On::State(|state, _| rename(state, "Parameters")),
    },
    Operator {
        name: "misspell `Arguments`",
        why: "the field does not exist",
        on: On::State(|state, _| rename(state, "Arguments")),
    },
    Operator {
        name: "misspell `Retry`",
        why: "the field does not exist",
        on: On::State(|state, _| rename(state, "Retry")),
    },
    Operator {
        name: "misspell `Catch`",
        why: "the field does not exist",
        on: On::State(|state, _| rename(state, "Catch")),
    },
    Operator {
        name: "misspell `Default` itself",
        why: "the field does not exist",
        on: On::State(|state, _| rename(state, "Default")),
    },
    Operator {
        name: "misspell `Choices`",
        why: "the field does not exist",
        on: On::State(|state, _| rename(state, "Choices")),
    },
    Operator {
        name: "misspell `ItemProcessor`",
        why: "the field does not exist",
        on: On::State(|state, _| rename(state, "ItemProcessor")),
    },
    Operator {
        name: "drop `Resource`",
        why: "a Task must have one",
        on: On::State(|state, _| without(state, "Resource").filter(|_| is(state, &["Task"])).into_iter().collect()),
    },
    Operator {
        name: "drop `Choices`",
        why: "a Choice must have rules",
        on: On::State(|state, _| without(state, "Choices").into_iter().collect()),
    },
    Operator {
        name: "empty `Choices`",
        why: "a Choice must have at least one rule",
        on: On::State(|state, _| changed(state, "Choices", json!([])).into_iter().collect()),
    },
    Operator {
        name: "drop `ItemProcessor`",
        why: "a Map must have one",
        on: On::State(|state, _| without(state, "ItemProcessor").into_iter().collect()),
    },
    Operator {
        name: "Retry without ErrorEquals",
        why: "a retrier must name the errors it retries",
        on: On::State(|state, _| elements(state, "Retry", |rule| without(rule, "ErrorEquals"))),
    },
    Operator {
        name: "negative MaxAttempts",
        why: "AWS refuses it",
        on: On::State(|state, _| elements(state, "Retry", |rule| Some(with(rule, "MaxAttempts", json!(-1))))),
    },
    Operator {
        name: "IntervalSeconds of 0",
        why: "AWS requires at least 1",
        on: On::State(|state, _| elements(state, "Retry", |rule| Some(with(rule, "IntervalSeconds", json!(0))))),
    },
    Operator {
        name: "BackoffRate below 1",
        why: "AWS requires at least 1",
        on: On::State(|state, _| elements(state, "Retry", |rule| Some(with(rule, "BackoffRate", json!(0.5))))),
    },
    Operator {
        name: "misspell MaxAttempts",
        why: "the field does not exist",
        on: On::State(|state, _| elements(state, "Retry", |rule| renamed(rule, "MaxAttempts", "MaxAttemps"))),
    },
    Operator {
        name: "JitterStrategy `Full`",
        why: "it must be `FULL` or `NONE`",
        on: On::State(|state, _| elements(state, "Retry", |rule| changed(rule, "JitterStrategy", json!("Full")))),
    },
    Operator {
        name: "States.ALL with other names",
        why: "it must be alone",
        on: On::State(|state, _| {
            elements(state, "Retry", |rule| Some(with(rule, "ErrorEquals", json!(["States.ALL", "States.Timeout"]))))
        }),
    },
    Operator {
        name: "States.ALL before other retriers",
        why: "it must be in the last retrier",
        on: On::State(|state, _| match state.get("Retry").and_then(Value::as_array) {
            Some(retry) => {
                let mut retry = retry.clone();
                retry.insert(0, json!({"ErrorEquals": ["States.ALL"]}));
                vec![with(state, "Retry", Value::Array(retry))]
            }
            None => Vec::new(),
        }),
    },
    Operator {
        name: "an unknown reserved error name",
        why: "no error is called States.Timeuot, so nothing is caught",
        on: On::State(|state, _| {
            elements(state, "Catch", |rule| Some(with(rule, "ErrorEquals", json!(["States.Timeuot"]))))
        }),
    },
    Operator {
        name: "an error name of the other integration type",
        why: "optimized integrations report `DynamoDB.`, `aws-sdk:` ones `DynamoDb.`: the wrong one catches nothing",
        on: On::State(|state, _| {
            elements(state, "Catch", |rule| {
                let name = rule.get("ErrorEquals")?.get(0)?.as_str()?;
                let other = match name.strip_prefix("DynamoDB.") {
                    Some(rest) => format!("DynamoDb.{rest}"),
                    None => format!("DynamoDB.{}", name.strip_prefix("DynamoDb.")?),
                };
                Some(with(rule, "ErrorEquals", json!([other])))
            })
        }),
    },
    Operator {
        name: "Catch without Next",
        why: "a catcher must name the next state",
        on: On::State(|state, _| elements(state, "Catch", |rule| without(rule, "Next"))),
    },
    Operator {
        name: "Catch without ErrorEquals",
        why: "a catcher must name the errors it catches",
        on: On::State(|state, _| elements(state, "Catch", |rule| without(rule, "ErrorEquals"))),
    },
    Operator {
        name: "Retry is an object",
        why: "it must be a list",
        on: On::State(|state, _| {
            let first = state.get("Retry").and_then(|retry| retry.get(0)).cloned();
            first.map(|first| with(state, "Retry", first)).into_iter().collect()
        }),
    },
    Operator {
        name: "a field of the other query language",
        why: "JSONPath does not support Arguments, JSONata does not support Parameters",
        on: On::State(|state, jsonata| {
            let (from, to) = if jsonata { ("Arguments", "Parameters") } else { ("Parameters", "Arguments") };
            renamed(state, from, to).into_iter().collect()
        }),
    },
    Operator {
        name: "an additional field of the other query language",
        why: "JSONPath does not support Output, JSONata does not support ResultPath",
        on: On::State(|state, jsonata| {
            let task = is(state, &["Task", "Map", "Pass"]);
            let (field, value) = if jsonata { ("ResultPath", "$.x") } else { ("Output", "x") };
            task.then(|| with(state, field, json!(value))).into_iter().collect()
        }),
    },
    Operator {
        name: "misspell QueryLanguage's value",
        why: "it must be JSONPath or JSONata",
        on: On::Definition(|key, value| match value.as_str() {
            Some("JSONata") if key == "QueryLanguage" => vec![json!("JSONAta")],
            _ => Vec::new(),
        }),
    },
    Operator {
        name: "misspell a comparison operator",
        why: "the operator does not exist",
        on: On::State(|state, _| {
            elements(state, "Choices", |rule| {
                let operator = ["NumericGreaterThan", "StringEquals", "IsPresent"]
                    .into_iter()
                    .find(|name| rule.contains_key(*name))?;
                renamed(rule, operator, &misspelt(operator))
            })
        }),
    },
    Operator {
        name: "a comparison value of the wrong type",
        why: "numeric operators compare numbers, string operators strings",
        on: On::State(|state, _| {
            elements(state, "Choices", |rule| {
                changed(rule, "NumericGreaterThan", json!("0")).or_else(|| changed(rule, "StringEquals", json!(0)))
            })
        }),
    },
    Operator {
        name: "two comparisons",
        why: "a choice rule has exactly one operator",
        on: On::State(|state, jsonata| {
            if jsonata {
                return Vec::new();
            }
            elements(state, "Choices", |rule| rule.contains_key("Variable").then(|| with(rule, "IsNull", json!(false))))
        }),
    },
    Operator {
        name: "a choice rule without Variable",
        why: "a comparison needs a variable",
        on: On::State(|state, _| elements(state, "Choices", |rule| without(rule, "Variable"))),
    },
    Operator {
        name: "a choice rule without Condition",
        why: "a JSONata choice rule needs a condition",
        on: On::State(|state, _| elements(state, "Choices", |rule| without(rule, "Condition"))),
    },
    Operator {
        name: "a choice rule without Next",
        why: "a choice rule must name the next state",
        on: On::State(|state, _| elements(state, "Choices", |rule| without(rule, "Next"))),
    },
    Operator {
        name: "misspell a function",
        why: "the intrinsic function does not exist",
        on: On::Definition(|_, value| {
            function(value, |call| {
                let (name, rest) = call.split_once('(')?;
                Some(format!("{}({rest}", misspelt(name)))
            })
        }),
    },
    Operator {
        name: "one argument too few",
        why: "`States.Format` takes one for each `{}`, other functions a fixed number",
        on: On::Definition(|_, value| {
            function(value, |call| {
                let start = call.strip_prefix("States.Format('")?.split_once("',")?.0;
                Some(format!("States.Format('{start}')")).filter(|_| start.contains("{}"))
            })
        }),
    },
    Operator {
        name: "one argument too many",
        why: "`States.Format` takes one for each `{}`, other functions a fixed number",
        on: On::Definition(|_, value| {
            function(value, |call| {
                call.strip_suffix(')')
                    .filter(|call| call.starts_with("States.Format("))
                    .map(|call| format!("{call}, 1)"))
            })
        }),
    },
    Operator {
        name: "a function without its closing bracket",
        why: "AWS cannot parse the call",
        on: On::Definition(|_, value| function(value, |call| call.strip_suffix(')').map(str::to_owned))),
    },
    Operator {
        name: "a path without its closing bracket",
        why: "AWS cannot parse the path",
        on: On::Definition(|key, value| path(key, value, |path| format!("{path}["))),
    },
    Operator {
        name: "a path that ends in two dots",
        why: "AWS cannot parse the path",
        on: On::Definition(|key, value| path(key, value, |path| format!("{path}.."))),
    },
    Operator {
        name: "a path without `$`",
        why: "a field that ends in `.$` needs a path or a function",
        on: On::Definition(|key, value| {
            if key.ends_with(".$") { path(key, value, |path| path[2..].to_owned()) } else { Vec::new() }
        }),
    },
    Operator {
        name: "a ResultPath to several values",
        why: "it must be a reference path",
        on: On::State(|state, _| {
            changed(state, "ResultPath", json!("$.result[*]"))
                .filter(|_| state["ResultPath"].is_string())
                .into_iter()
                .collect()
        }),
    },
    Operator {
        name: "a ResultPath into the context object",
        why: "the context object is read-only",
        on: On::State(|state, _| {
            changed(state, "ResultPath", json!("$$.result"))
                .filter(|_| state["ResultPath"].is_string())
                .into_iter()
                .collect()
        }),
    },
    Operator {
        name: "an expression without its closing bracket",
        why: "AWS cannot parse the expression",
        on: On::Definition(|_, value| {
            expression(value, |inner| inner.contains(')').then(|| inner.replacen(')', "", 1)))
        }),
    },
    Operator {
        name: "an expression that ends in an operator",
        why: "AWS cannot parse the expression",
        on: On::Definition(|_, value| expression(value, |inner| Some(format!("{inner}& ")))),
    },
    Operator {
        name: "an unclosed expression",
        why: "`{%` needs a closing `%}`",
        on: On::Definition(|_, value| {
            let open = value.as_str().and_then(|text| text.strip_suffix("%}"));
            open.filter(|text| text.starts_with("{%")).map(Value::from).into_iter().collect()
        }),
    },
    Operator {
        name: "an unknown JSONata function",
        why: "the expression fails",
        on: On::Definition(|_, value| {
            expression(value, |inner| {
                let name = ["$string(", "$exists(", "$replace(", "$fromMillis("]
                    .into_iter()
                    .find(|name| inner.contains(name))?;
                Some(inner.replacen(name, &format!("${}(", misspelt(&name[1..name.len() - 1])), 1))
            })
        }),
    },
    Operator {
        name: "TimeoutSeconds of 0",
        why: "AWS requires at least 1",
        on: On::State(|state, _| {
            let task = is(state, &["Task"]);
            task.then(|| with(state, "TimeoutSeconds", json!(0))).into_iter().collect()
        }),
    },
    Operator {
        name: "an unknown Mode",
        why: "it must be INLINE or DISTRIBUTED",
        on: On::Definition(|key, value| match value.as_str() {
            Some(mode) if key == "Mode" => vec![json!(misspelt(mode))],
            _ => Vec::new(),
        }),
    },
    Operator {
        name: "negative MaxConcurrency",
        why: "AWS refuses it",
        on: On::State(|state, _| {
            is(state, &["Map"]).then(|| with(state, "MaxConcurrency", json!(-1))).into_iter().collect()
        }),
    },
    Operator {
        name: "ItemReader in an inline Map",
        why: "only distributed Maps read items",
        on: On::State(|state, _| {
            let inline =
                state.get("ItemProcessor").and_then(|p| p.pointer("/ProcessorConfig/Mode")) == Some(&json!("INLINE"));
            inline
                .then(|| with(state, "ItemReader", json!({"Resource": "arn:aws:states:::s3:listObjectsV2"})))
                .into_iter()
                .collect()
        }),
    },
    Operator {
        name: "a state name of 81 characters",
        why: "AWS allows at most 80",
        on: On::Definition(|key, value| match value.as_object() {
            Some(states) if key == "States" => {
                let (name, last) =
                    states.iter().next_back().map(|(name, _)| (name.clone(), "x".repeat(81))).unwrap_or_default();
                // Those that lead to the state lead to the new name, so that this is the only fault.
                let text = value.to_string().replace(&format!("\"{name}\""), &format!("\"{last}\""));
                serde_json::from_str(&text).into_iter().collect()
            }
            _ => Vec::new(),
        }),
    },
    Operator {
        name: "a duplicate key",
        why: "AWS refuses the definition",
        on: On::Text(|text| {
            let line = text.lines().find(|line| line.trim_start().starts_with("\"Resource\":")).map(str::to_owned);
            line.map(|line| text.replacen(&line, &format!("{line}\n{line}"), 1)).into_iter().collect()
        }),
    },
    Operator {
        name: "a missing comma",
        why: "the definition is not valid JSON",
        on: On::Text(|text| vec![text.replacen("\",\n", "\"\n", 1)]),
    },
    Operator {
        name: "a trailing comma",
        why: "the definition is not valid JSON",
        on: On::Text(|text| vec![text.replacen("\"\n", "\",\n", 1)]),
    },
    Operator {
        name: "a missing closing bracket",
        why: "the definition is not valid JSON",
        on: On::Text(|text| text.trim_end().strip_suffix('}').map(str::to_owned).into_iter().collect()),
    },
];
