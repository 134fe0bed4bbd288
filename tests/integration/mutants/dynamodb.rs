//! Faults of requests to DynamoDB, which refuses each of these calls.

use serde_json::{Map, Value, json};

use super::calls::parameters;
use super::operator::{On, Operator};
use super::stack::{misspelt, renamed, with, without};

type Parameters = Map<String, Value>;

/// A state with an expression of its call edited.
fn expression(state: &Parameters, name: &str, edit: impl Fn(&str) -> Option<String>) -> Vec<Value> {
    let edited = parameters(state, |fields, _| Some(with(fields, name, json!(edit(fields.get(name)?.as_str()?)?))));
    edited.into_iter().collect()
}

/// A state with an object among its parameters edited.
fn object(state: &Parameters, name: &str, edit: impl Fn(&Parameters) -> Option<Value>) -> Vec<Value> {
    let edited = parameters(state, |fields, _| Some(with(fields, name, edit(fields.get(name)?.as_object()?)?)));
    edited.into_iter().collect()
}

fn replaced(text: &str, from: &str, to: &str) -> Option<String> {
    text.contains(from).then(|| text.replacen(from, to, 1))
}

/// The first entry of an object, with another value.
fn first(fields: &Parameters, edit: impl Fn(&Value) -> Option<Value>) -> Option<Value> {
    let (name, value) = fields.iter().next()?;
    Some(with(fields, name, edit(value)?))
}

const UPDATE: &str = "UpdateExpression";
const CONDITION: &str = "ConditionExpression";
const QUERY: &str = "KeyConditionExpression";
const VALUES: &str = "ExpressionAttributeValues";
const NAMES: &str = "ExpressionAttributeNames";

pub(crate) const OPERATORS: &[Operator] = &[
    Operator {
        name: "an update without `=`",
        why: "syntax",
        on: On::State(|state, _| expression(state, UPDATE, |text| replaced(text, " = ", " : "))),
    },
    Operator {
        name: "an update without its SET",
        why: "syntax",
        on: On::State(|state, _| expression(state, UPDATE, |text| text.strip_prefix("SET ").map(str::to_owned))),
    },
    Operator {
        name: "misspell SET",
        why: "syntax",
        on: On::State(|state, _| expression(state, UPDATE, |text| replaced(text, "SET ", "STE "))),
    },
    Operator {
        name: "an update with a trailing comma",
        why: "syntax",
        on: On::State(|state, _| expression(state, UPDATE, |text| Some(format!("{text},")))),
    },
    Operator {
        name: "an update without a comma",
        why: "syntax",
        on: On::State(|state, _| expression(state, UPDATE, |text| replaced(text, ", ", " "))),
    },
    Operator {
        name: "two SET clauses",
        why: "a clause occurs once",
        on: On::State(|state, _| expression(state, UPDATE, |text| Some(format!("{text} SET again = :again")))),
    },
    Operator {
        name: "a semicolon instead of a comma",
        why: "syntax",
        on: On::State(|state, _| expression(state, UPDATE, |text| replaced(text, ",", ";"))),
    },
    Operator {
        name: "an empty update",
        why: "an expression cannot be empty",
        on: On::State(|state, _| expression(state, UPDATE, |_| Some(String::new()))),
    },
    Operator {
        name: "`==` instead of `=`",
        why: "syntax",
        on: On::State(|state, _| expression(state, QUERY, |text| replaced(text, "=", "=="))),
    },
    Operator {
        name: "a condition without its closing bracket",
        why: "syntax",
        on: On::State(|state, _| expression(state, CONDITION, |text| replaced(text, ")", ""))),
    },
    Operator {
        name: "misspell a function",
        why: "the function does not exist",
        on: On::State(|state, _| {
            expression(state, CONDITION, |text| replaced(text, "attribute_not_exists", "attribute_not_exist"))
        }),
    },
    Operator {
        name: "a function in upper case",
        why: "functions are case-sensitive",
        on: On::State(|state, _| {
            expression(state, CONDITION, |text| replaced(text, "attribute_not_exists", "ATTRIBUTE_NOT_EXISTS"))
        }),
    },
    Operator {
        name: "a function with two operands",
        why: "attribute_not_exists takes one operand",
        on: On::State(|state, _| {
            expression(state, CONDITION, |text| replaced(text, "attribute_not_exists(", "attribute_not_exists(other, "))
        }),
    },
    Operator {
        name: "`&&` and `||` instead of AND and OR",
        why: "syntax",
        on: On::State(|state, _| {
            expression(state, CONDITION, |text| {
                replaced(text, " OR ", " || ").or_else(|| replaced(text, " AND ", " && "))
            })
        }),
    },
    Operator {
        name: "a condition that ends in OR",
        why: "syntax",
        on: On::State(|state, _| expression(state, CONDITION, |text| Some(format!("{text} OR")))),
    },
    Operator {
        name: "an undefined value",
        why: "the expression uses it",
        on: On::State(|state, _| {
            object(state, VALUES, |values| without(values, values.keys().next()?).filter(|_| values.len() > 1))
        }),
    },
    Operator {
        name: "no values",
        why: "the expressions use some",
        on: On::State(|state, _| parameters(state, |fields, _| without(fields, VALUES)).into_iter().collect()),
    },
    Operator {
        name: "no names",
        why: "the expressions use some",
        on: On::State(|state, _| parameters(state, |fields, _| without(fields, NAMES)).into_iter().collect()),
    },
    Operator {
        name: "an unused value",
        why: "DynamoDB refuses unused entries",
        on: On::State(|state, _| object(state, VALUES, |values| Some(with(values, ":unused", json!({"S": "x"}))))),
    },
    Operator {
        name: "an unused name",
        why: "DynamoDB refuses unused entries",
        on: On::State(|state, _| object(state, NAMES, |names| Some(with(names, "#unused", json!("x"))))),
    },
    Operator {
        name: "misspell the name of a value",
        why: "the expression uses another name",
        on: On::State(|state, _| {
            object(state, VALUES, |values| {
                let name = values.keys().next()?;
                renamed(values, name, &format!(":{}", misspelt(&name[1..])))
            })
        }),
    },
    Operator {
        name: "the name of a value without its colon",
        why: "names of values begin with a colon",
        on: On::State(|state, _| {
            object(state, VALUES, |values| renamed(values, values.keys().next()?, &values.keys().next()?[1..]))
        }),
    },
    Operator {
        name: "an unescaped reserved word",
        why: "`size` is reserved",
        on: On::State(|state, _| {
            let edited = parameters(state, |fields, _| {
                let names = fields.get(NAMES)?.as_object()?;
                let text = fields.get(UPDATE)?.as_str()?;
                let bare = with(fields, UPDATE, json!(replaced(text, "#size", "size")?));
                match names.len() {
                    1 => without(bare.as_object()?, NAMES),
                    _ => Some(with(bare.as_object()?, NAMES, without(names, "#size")?)),
                }
            });
            edited.into_iter().collect()
        }),
    },
    Operator {
        name: "SET of a reserved word",
        why: "`name` is reserved",
        on: On::State(|state, _| {
            expression(state, UPDATE, |text| {
                let (head, rest) = text.strip_prefix("SET ")?.split_once(" = ")?;
                (!head.contains('#')).then(|| format!("SET name = {rest}"))
            })
        }),
    },
    Operator {
        name: "a key without one of its attributes",
        why: "every key attribute is required",
        on: On::State(|state, _| {
            object(state, "Key", |key| without(key, key.keys().next_back()?).filter(|_| key.len() > 1))
        }),
    },
    Operator {
        name: "an empty key",
        why: "every key attribute is required",
        on: On::State(|state, _| object(state, "Key", |_| Some(json!({})))),
    },
    Operator {
        name: "an item without its key",
        why: "every key attribute is required",
        on: On::State(|state, _| object(state, "Item", |item| without(item, "fileName"))),
    },
    Operator {
        name: "misspell a key attribute",
        why: "the table has no such key attribute",
        on: On::State(|state, _| {
            object(state, "Key", |key| renamed(key, key.keys().next()?, &misspelt(key.keys().next()?)))
        }),
    },
    Operator {
        name: "a key attribute in lower case",
        why: "names are case-sensitive",
        on: On::State(|state, _| object(state, "Key", |key| renamed(key, "fileName", "filename"))),
    },
    Operator {
        name: "a key with an extra attribute",
        why: "a key contains only the table's key attributes",
        on: On::State(|state, _| object(state, "Key", |key| Some(with(key, "etag", json!({"S": "x"}))))),
    },
    Operator {
        name: "a key of the wrong type",
        why: "the table's key is a string",
        on: On::State(|state, _| object(state, "Key", |key| first(key, |_| Some(json!({"N": "1"}))))),
    },
    Operator {
        name: "an item whose key has the wrong type",
        why: "the table's key is a string",
        on: On::State(|state, _| object(state, "Item", |item| Some(with(item, "fileName", json!({"N": "1"}))))),
    },
    Operator {
        name: "an update of a key attribute",
        why: "keys cannot be changed",
        on: On::State(|state, _| {
            expression(state, UPDATE, |text| {
                let value = text.split(" = ").nth(1)?.split([',', ' ']).next()?;
                replaced(text, "SET ", &format!("SET fileName = {value}, "))
            })
        }),
    },
    Operator {
        name: "REMOVE of a key attribute",
        why: "keys cannot be changed",
        on: On::State(|state, _| {
            expression(state, UPDATE, |text| (!text.contains("REMOVE")).then(|| format!("{text} REMOVE fileName")))
        }),
    },
    Operator {
        name: "an attribute set twice",
        why: "two paths overlap",
        on: On::State(|state, _| {
            expression(state, UPDATE, |text| {
                let clause = text.strip_prefix("SET ")?.split([',']).next()?;
                clause.matches(' ').count().eq(&2).then(|| replaced(text, "SET ", &format!("SET {clause}, ")))?
            })
        }),
    },
    Operator {
        name: "a JSON number as a DynamoDB number",
        why: "DynamoDB numbers are sent as strings",
        on: On::Definition(|_, value| {
            let typed = value
                .as_object()
                .filter(|fields| fields.len() == 1 && (fields.contains_key("N") || fields.contains_key("N.$")));
            typed.map(|_| json!({"N": 5})).into_iter().collect()
        }),
    },
    Operator {
        name: "a path to a number without conversion",
        why: "DynamoDB numbers are sent as strings, and the event's size is a number",
        on: On::Definition(|_, value| {
            let jsonpath = value.get("N.$").and_then(Value::as_str).filter(|text| text.contains("object.size"));
            let jsonata = value
                .get("N")
                .and_then(Value::as_str)
                .filter(|text| text.contains("$string($states.input.detail.object.size)"));
            let jsonpath = jsonpath.map(|_| json!({"N.$": "$.detail.object.size"}));
            jsonpath
                .or_else(|| jsonata.map(|_| json!({"N": "{% $states.input.detail.object.size %}"})))
                .into_iter()
                .collect()
        }),
    },
    Operator {
        name: "an unknown attribute type",
        why: "attribute values are S, N, B, BOOL, ...",
        on: On::Definition(|_, value| {
            let fields = value.as_object().filter(|fields| fields.len() == 1);
            let edited = fields.and_then(|fields| renamed(fields, "S.$", "T.$").or_else(|| renamed(fields, "S", "T")));
            edited.into_iter().collect()
        }),
    },
    Operator {
        name: "a value without its type",
        why: "SDK integrations require the type, and numbers have no short form",
        on: On::State(|state, _| {
            let sdk =
                state.get("Resource").and_then(Value::as_str).is_some_and(|resource| resource.contains("aws-sdk:"));
            if sdk {
                object(state, VALUES, |values| first(values, |_| Some(json!("x"))))
            } else {
                object(state, VALUES, |values| first(values, |_| Some(json!(5))))
            }
        }),
    },
    Operator {
        name: "a string instead of a set",
        why: "`SS` takes a list",
        on: On::State(|state, _| object(state, VALUES, |values| first(values, |_| Some(json!({"SS": "x"}))))),
    },
    Operator {
        name: "a query with `>`",
        why: "the partition key is compared with `=`",
        on: On::State(|state, _| expression(state, QUERY, |text| replaced(text, "=", ">"))),
    },
    Operator {
        name: "a query by a non-key attribute",
        why: "only key attributes can be queried",
        on: On::State(|state, _| expression(state, QUERY, |text| replaced(text, "fileName", "etag"))),
    },
    Operator {
        name: "a query with OR",
        why: "key conditions support only AND",
        on: On::State(|state, _| expression(state, QUERY, |text| Some(format!("{text} OR fileName = :fileName")))),
    },
    Operator {
        name: "an unsupported function in a key condition",
        why: "key conditions support only begins_with",
        on: On::State(|state, _| expression(state, QUERY, |_| Some("contains(fileName, :fileName)".to_owned()))),
    },
    Operator {
        name: "an unknown index",
        why: "the table has no index of that name",
        on: On::State(|state, _| {
            parameters(state, |fields, _| {
                fields.contains_key(QUERY).then(|| with(fields, "IndexName", json!("ByEtag")))
            })
            .into_iter()
            .collect()
        }),
    },
    Operator {
        name: "ReturnValues of an update in a put",
        why: "a put supports only NONE or ALL_OLD",
        on: On::State(|state, _| {
            parameters(state, |fields, resource| {
                resource.ends_with("putItem").then(|| with(fields, "ReturnValues", json!("UPDATED_NEW")))
            })
            .into_iter()
            .collect()
        }),
    },
];
