//! Faults of the data: AWS takes each definition, and executions fail at that place or write what nobody wants.

use serde_json::{Map, Value, json};

use super::operator::{On, Operator};
use super::stack::{changed, misspelt, renamed, with, without};

/// The value of a path-valued field, edited.
fn path(key: &str, value: &Value, edit: impl Fn(&str) -> Option<String>) -> Vec<Value> {
    let is_path = key.ends_with(".$") || key == "Variable" || key == "InputPath" || key == "ItemsPath";
    let path = value.as_str().filter(|text| is_path && text.starts_with("$."));
    path.and_then(edit).map(Value::from).into_iter().collect()
}

/// The expression of a JSONata text, edited.
fn expression(value: &Value, edit: impl Fn(&str) -> Option<String>) -> Vec<Value> {
    let inner = value.as_str().and_then(|text| text.strip_prefix("{%")?.strip_suffix("%}"));
    inner.and_then(edit).map(|inner| Value::from(format!("{{%{inner}%}}"))).into_iter().collect()
}

/// A text with the word that follows `behind` misspelt.
fn word_behind(text: &str, behind: &str) -> Option<String> {
    let start = text.find(behind)? + behind.len();
    let end = text[start..].find(|c: char| !c.is_ascii_alphanumeric()).map_or(text.len(), |at| start + at);
    let word = text.get(start..end).filter(|word| word.len() > 2)?;
    Some(format!("{}{}{}", &text[..start], misspelt(word), &text[end..]))
}

/// Whether something in the definition reads below a field: then it matters what is there.
fn is_query(state: &Map<String, Value>) -> bool {
    state.get("Resource").and_then(Value::as_str).is_some_and(|resource| resource.ends_with("dynamodb:query"))
}

pub(crate) const OPERATORS: &[Operator] = &[
    Operator {
        name: "misspell the last name in a path",
        why: "the event, or the result, has no such field",
        on: On::Definition(|key, value| {
            path(key, value, |path| {
                let (head, last) = path.rsplit_once('.')?;
                // What stands under an item's attribute is named by its type, which another table may.
                last.chars().all(char::is_alphabetic).then(|| format!("{head}.{}", misspelt(last)))
            })
        }),
    },
    Operator {
        name: "misspell the first name in a path",
        why: "the event has no such field",
        on: On::Definition(|key, value| path(key, value, |path| word_behind(path, "$."))),
    },
    Operator {
        name: "misspell a name in the middle of a path",
        why: "the event has no such field",
        on: On::Definition(|key, value| {
            path(key, value, |path| word_behind(path, "$.detail.").filter(|_| path.matches('.').count() > 2))
        }),
    },
    Operator {
        name: "misspell a path in a function",
        why: "the event has no such field",
        on: On::Definition(|_, value| {
            let call = value.as_str().filter(|text| text.starts_with("States.") && text.contains("$.detail."));
            call.and_then(|call| word_behind(call, "$.detail.")).map(Value::from).into_iter().collect()
        }),
    },
    Operator {
        name: "misspell a field of the context object",
        why: "the context object has no such field",
        on: On::Definition(|_, value| {
            let text = value
                .as_str()
                .filter(|text| text.contains("$$.Execution") || text.contains("$states.context.Execution"));
            text.map(|text| Value::from(text.replacen("Execution", "Excution", 1))).into_iter().collect()
        }),
    },
    Operator {
        name: "drop `.$`",
        why: "the path itself is written, not the value it refers to",
        on: On::Definition(|_, value| {
            let Some(fields) = value.as_object() else { return Vec::new() };
            let path =
                |name: &&String| name.ends_with(".$") && fields[*name].as_str().is_some_and(|text| text.len() > 1);
            fields.keys().filter(path).filter_map(|name| renamed(fields, name, &name[..name.len() - 2])).collect()
        }),
    },
    Operator {
        name: "compare a list instead of its length",
        why: "a list is never greater than a number",
        on: On::Definition(|key, value| match value.as_str() {
            Some(text) if key == "Variable" && text.ends_with(".Count") => {
                vec![json!(text.replace(".Count", ".Items"))]
            }
            _ => Vec::new(),
        }),
    },
    Operator {
        name: "compare a number with a string",
        why: "a number never equals a string",
        on: On::Definition(|_, value| {
            let rule = value.as_object().filter(|rule| rule.contains_key("NumericGreaterThan"));
            let edited = rule.and_then(|rule| {
                let rule = without(rule, "NumericGreaterThan")?;
                Some(with(rule.as_object()?, "StringEquals", json!("0")))
            });
            edited.into_iter().collect()
        }),
    },
    Operator {
        name: "compare a string with a number",
        why: "a string is never greater than a number",
        on: On::Definition(|_, value| {
            let rule = value.as_object().filter(|rule| {
                rule.get("Variable").is_some_and(|path| *path == "$.detail-type" || *path == "$['detail-type']")
            });
            let edited = rule.and_then(|rule| {
                let rule = without(rule, "StringEquals")?;
                Some(with(rule.as_object()?, "NumericEquals", json!(1)))
            });
            edited.into_iter().collect()
        }),
    },
    Operator {
        name: "compare with a value that never occurs",
        why: "S3 sends no event of this type",
        on: On::Definition(|_, value| {
            let text = value.as_object().and_then(|rule| rule.get("StringEquals")?.as_str());
            let kind = text.filter(|text| text.starts_with("Object "));
            let rule = value.as_object();
            kind.and_then(|kind| changed(rule?, "StringEquals", json!(kind.to_lowercase()))).into_iter().collect()
        }),
    },
    Operator {
        name: "drop ResultPath",
        why: "the result replaces the event, which later states read",
        on: On::State(|state, _| without(state, "ResultPath").filter(|_| is_query(state)).into_iter().collect()),
    },
    Operator {
        name: "ResultPath null",
        why: "the result is discarded, but later states read it",
        on: On::State(|state, _| {
            changed(state, "ResultPath", Value::Null).filter(|_| is_query(state)).into_iter().collect()
        }),
    },
    Operator {
        name: "misspell ResultPath's value",
        why: "later states read the result at the right path",
        on: On::State(|state, _| {
            let path = state.get("ResultPath").and_then(Value::as_str).filter(|_| is_query(state));
            path.and_then(|path| word_behind(path, "$."))
                .map(|path| with(state, "ResultPath", json!(path)))
                .into_iter()
                .collect()
        }),
    },
    Operator {
        name: "a Catch without ResultPath",
        why: "the error replaces the event, which later states read",
        on: On::State(|state, _| {
            let Some(catch) = state.get("Catch").and_then(Value::as_array) else { return Vec::new() };
            let edited = catch.iter().enumerate().filter_map(|(at, catcher)| {
                // Behind these the event is read again.
                let next = catcher.get("Next")?.as_str()?;
                if !next.starts_with("Update") && !next.starts_with("SendDeadLetter") {
                    return None;
                }
                let mut catch = catch.clone();
                catch[at] = without(catcher.as_object()?, "ResultPath")?;
                Some(with(state, "Catch", Value::Array(catch)))
            });
            edited.collect()
        }),
    },
    Operator {
        name: "an InputPath to a missing field",
        why: "the event has no `detial`, and the state fails",
        on: On::State(|state, jsonata| {
            let task = !jsonata && state["Type"] == "Task" && !state.contains_key("InputPath");
            task.then(|| with(state, "InputPath", json!("$.detial"))).into_iter().collect()
        }),
    },
    Operator {
        name: "an OutputPath to a missing field",
        why: "neither the event nor the result has a `reuslt`, and the state fails",
        on: On::State(|state, jsonata| {
            let task = !jsonata && state["Type"] == "Task" && state.contains_key("ResultPath");
            task.then(|| with(state, "OutputPath", json!("$.reuslt"))).into_iter().collect()
        }),
    },
    Operator {
        name: "an InputPath that drops data that is used",
        why: "`detail` becomes the whole input, so paths below it do not exist",
        on: On::State(|state, jsonata| {
            let reads = state.get("Parameters").is_some_and(|p| p.to_string().contains("\"$.detail"));
            let task = !jsonata && reads && state["Type"] == "Task";
            task.then(|| with(state, "InputPath", json!("$.detail.object"))).into_iter().collect()
        }),
    },
    Operator {
        name: "read data before it is set",
        why: "the first state reads it before any state sets it",
        on: On::State(|state, jsonata| {
            let query =
                !jsonata && is_query(state) && state.get("ResultPath").is_some_and(|path| *path == "$.dynamoDbResult");
            query.then(|| with(state, "InputPath", json!("$.dynamoDbResult"))).into_iter().collect()
        }),
    },
    Operator {
        name: "a function argument of the wrong type",
        why: "a string or a number has no length",
        on: On::Definition(|key, value| {
            path(key, value, |path| {
                (path.starts_with("$.detail.object.") && key.ends_with(".$"))
                    .then(|| format!("States.ArrayLength({path})"))
            })
        }),
    },
    Operator {
        name: "misspell a path in an expression",
        why: "the event has no such field, so the expression returns nothing and fails",
        on: On::Definition(|_, value| expression(value, |inner| word_behind(inner, "$states.input."))),
    },
    Operator {
        name: "misspell the last name in an expression",
        why: "the event has no such field, so the expression returns nothing and fails",
        on: On::Definition(|key, value| {
            // A Condition that gives nothing fails too, but `$exists` asks for just that.
            expression(value, |inner| {
                word_behind(inner, "detail.object.").filter(|_| key != "Condition" && !inner.contains("$exists"))
            })
        }),
    },
    Operator {
        name: "misspell a field of `$states`",
        why: "`$states` has input, result, errorOutput and context only",
        on: On::Definition(|_, value| {
            expression(value, |inner| {
                inner.contains("$states.input").then(|| inner.replacen("$states.input", "$states.inptu", 1))
            })
        }),
    },
    Operator {
        name: "misspell `$states`",
        why: "the variable does not exist",
        on: On::Definition(|_, value| {
            expression(value, |inner| inner.contains("$states.").then(|| inner.replacen("$states.", "$state.", 1)))
        }),
    },
    Operator {
        name: "drop `{%` and `%}`",
        why: "the string itself is written, not the result of the expression",
        on: On::Definition(|_, value| {
            let inner = value.as_str().and_then(|text| text.strip_prefix("{% ")?.strip_suffix(" %}"));
            inner.filter(|inner| inner.starts_with("$states.")).map(Value::from).into_iter().collect()
        }),
    },
];
