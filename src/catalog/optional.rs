//! Writes of attributes that may have no value: absent stays absent, with no empty text and no null in its place.
//!
//! A template has a fixed set of fields, and a path that leads nowhere fails the execution. So what depends on whether
//! there is a value is made by a JSONata expression, whatever the language of the state machine is. A condition in JSONata
//! does not hold for a value that is not there, that is null or that is empty, so `value ? ... : ...` is all it takes.

use indexmap::IndexMap;

use super::event_value::EventValue;
use super::expression::{self, is_there};
use crate::asl::{Jsonata, JsonataExpression};
use crate::dynamodb::{AttributeValue, UpdateExpression};

/// The values by name, as one expression: those that are always there, and each of the others where it is.
pub(super) fn values(values: &IndexMap<String, AttributeValue<EventValue>>) -> JsonataExpression {
    let (optional, always): (Vec<_>, Vec<_>) = values.iter().partition(|(_, value)| value.value().is_optional());
    let always = Jsonata::object(always.into_iter().map(field));
    let optional =
        optional.into_iter().map(|named| condition(named.1).then(Jsonata::object([field(named)]), Jsonata::object([])));
    Jsonata::merge(std::iter::once(always).chain(optional)).into()
}

/// An update expression, put together of what there is a value for and what there is none for.
pub(super) fn update(update: &UpdateExpression<EventValue>) -> JsonataExpression {
    let nothing = || Jsonata::text("");
    let another = |clause: &str| Jsonata::text(&format!(", {clause}"));
    let clauses = || update.clauses.iter().map(|clause| (clause, condition(&clause.value)));
    let set = clauses().map(|(clause, there)| there.then(another(&clause.set), nothing()));
    let set = Jsonata::concat(std::iter::once(Jsonata::text(&update.set)).chain(set));
    let absent = clauses().map(|(clause, there)| there.then(nothing(), another(&clause.remove)).grouped());
    let absent = Jsonata::concat(absent);
    let remove = match update.remove.as_str() {
        "" => {
            let found = || Jsonata::variable("absent");
            let listed = found().call("$substring", [Jsonata::number(2)]);
            let remove = Jsonata::concat([Jsonata::text(" REMOVE "), listed]);
            Jsonata::block([("absent", absent)], &found().equals(nothing()).then(nothing(), remove))
        }
        always => Jsonata::concat([Jsonata::text(&format!(" REMOVE {always}")), absent]),
    };
    Jsonata::concat([set, remove]).into()
}

/// `"size": {"N": $string($states.input.detail.object.size)}`.
fn field<'a>((name, value): (&'a String, &AttributeValue<EventValue>)) -> (&'a str, Jsonata) {
    let kind = value.attribute_type().as_str();
    (name, Jsonata::object([(kind, expression::of(value.value()))]))
}

/// What holds where the value is there.
fn condition(value: &AttributeValue<EventValue>) -> Jsonata {
    match value.value() {
        EventValue::Optional(value) => is_there(*value),
        always => expression::of(always),
    }
}

#[cfg(test)]
mod tests {
    use jsonata_core::evaluator::{Context, Evaluator};
    use jsonata_core::{parser, value::JValue};
    use serde_json::{Value, json};

    use super::super::event_value::OptionalValue;
    use super::*;
    use crate::dynamodb::UpdateClause;
    use crate::eventbridge::field;

    fn run(expression: &JsonataExpression, input: Value) -> Value {
        let tree = parser::parse(expression.as_str()).unwrap_or_else(|error| panic!("{expression}: {error:?}"));
        let mut context = Context::new();
        let states = json!({ "input": input }).to_string();
        context.bind("states".to_owned(), JValue::from_json_str(&states).unwrap());
        let answer = Evaluator::with_context(context).evaluate(&tree, &JValue::from_json_str("{}").unwrap());
        let answer = answer.unwrap_or_else(|error| panic!("{expression}: {error:?}"));
        serde_json::from_str(&answer.to_json_string().unwrap()).unwrap()
    }

    fn string(value: OptionalValue) -> AttributeValue<EventValue> {
        AttributeValue::S(EventValue::Optional(value))
    }

    fn item(attributes: Vec<(&str, AttributeValue<EventValue>)>) -> JsonataExpression {
        values(&attributes.into_iter().map(|(name, value)| (name.to_owned(), value)).collect())
    }

    #[test]
    fn what_a_key_tells() {
        let of_key = item(vec![
            ("prefix", string(OptionalValue::Prefix(&field::KEY))),
            ("extension", string(OptionalValue::Extension(&field::KEY))),
        ]);
        for (key, prefix, extension) in [
            ("cat.jpg", None, Some("jpg")),
            ("cat", None, None),
            ("photos/2024/cat.jpg", Some("photos/2024/"), Some("jpg")),
            ("photos/v1.2/cat", Some("photos/v1.2/"), None),
            ("photos/", Some("photos/"), None),
            ("photos//", Some("photos//"), None),
            ("/cat.jpg", Some("/"), Some("jpg")),
            ("/", Some("/"), None),
            ("//a//b.c", Some("//a//"), Some("c")),
            (".profile", None, None),
            ("home/.profile", Some("home/"), None),
            ("home/.config.yaml", Some("home/"), Some("yaml")),
            ("archive.tar.gz", None, Some("gz")),
            ("ends with a dot.", None, None),
            ("..", None, None),
            ("a/..", Some("a/"), None),
            ("日本/ü.テキスト", Some("日本/"), Some("テキスト")),
            ("😀/😀.😀", Some("😀/"), Some("😀")),
            ("it's \\ \"q\".x y", None, Some("x y")),
            ("{} ${TableName}/$.a.{b}", Some("{} ${TableName}/"), Some("{b}")),
            ("a|b/c|.d|", Some("a|b/"), Some("d|")),
        ] {
            let mut expected = json!({});
            if let Some(prefix) = prefix {
                expected["prefix"] = json!({ "S": prefix });
            }
            if let Some(extension) = extension {
                expected["extension"] = json!({ "S": extension });
            }
            assert_eq!(run(&of_key, json!({"detail": {"object": {"key": key}}})), expected, "{key}");
        }
    }

    #[test]
    fn what_s3_answers() {
        let answers = item(vec![
            ("checksum", string(OptionalValue::Checksum(&["head"]))),
            ("metadata", AttributeValue::M(EventValue::Optional(OptionalValue::Texts(&["head", "Metadata"])))),
            ("tags", AttributeValue::M(EventValue::Optional(OptionalValue::Pairs(&["tagging", "TagSet"])))),
        ]);
        for (input, expected) in [
            (json!({}), json!({})),
            (json!({"head": {"Metadata": {}}, "tagging": {"TagSet": []}}), json!({})),
            (json!({"head": {"Metadata": null, "ChecksumSHA1": null}, "tagging": {}}), json!({})),
            (
                json!({"head": {"Metadata": {"it's": "\"", "b": ""}, "ChecksumCRC32": "x="}}),
                json!({"checksum": {"S": "CRC32:x="}, "metadata": {"M": {"it's": {"S": "\""}, "b": {"S": ""}}}}),
            ),
            (
                json!({"head": {"ChecksumSHA256": "y", "Metadata": {"a": "1"}}, "tagging": {"TagSet": [{"Key": "k", "Value": ""}]}}),
                json!({"checksum": {"S": "SHA256:y"}, "metadata": {"M": {"a": {"S": "1"}}}, "tags": {"M": {"k": {"S": ""}}}}),
            ),
            (
                json!({"tagging": {"TagSet": [{"Key": "a b", "Value": "1"}, {"Key": "$x", "Value": "{%"}]}}),
                json!({"tags": {"M": {"a b": {"S": "1"}, "$x": {"S": "{%"}}}}),
            ),
        ] {
            assert_eq!(run(&answers, input.clone()), expected, "{input}");
        }
    }

    #[test]
    fn an_item_has_what_there_is() {
        let item = item(vec![
            ("it's a \"name\" %}", AttributeValue::S(EventValue::Text(&field::KEY))),
            ("size", AttributeValue::N(EventValue::Number(&field::SIZE))),
            ("requester", string(OptionalValue::Text(&field::REQUESTER))),
        ]);
        assert!(!item.as_str().contains("%}"));
        for (requester, expected) in [(json!("1"), Some("1")), (json!(""), None), (Value::Null, None)] {
            let input = json!({"detail": {"object": {"key": "k", "size": 0}, "requester": requester}});
            let mut row = json!({"it's a \"name\" %}": {"S": "k"}, "size": {"N": "0"}});
            if let Some(expected) = expected {
                row["requester"] = json!({ "S": expected });
            }
            assert_eq!(run(&item, input), row);
        }
    }

    #[test]
    fn an_update_sets_what_there_is_and_removes_what_there_is_not() {
        let clause = |name: &str, value| UpdateClause {
            value: string(OptionalValue::Text(value)),
            set: format!("{name} = :{name}"),
            remove: name.to_owned(),
        };
        let clauses = vec![clause("requester", &field::REQUESTER), clause("reason", &field::REASON)];
        for (remove, requester, reason, expected) in [
            ("", "r", "x", "SET a = :a, requester = :requester, reason = :reason"),
            ("", "", "x", "SET a = :a, reason = :reason REMOVE requester"),
            ("", "", "", "SET a = :a REMOVE requester, reason"),
            ("m, n", "r", "x", "SET a = :a, requester = :requester, reason = :reason REMOVE m, n"),
            ("m, n", "r", "", "SET a = :a, requester = :requester REMOVE m, n, reason"),
        ] {
            let expression =
                UpdateExpression { set: "SET a = :a".to_owned(), remove: remove.to_owned(), clauses: clauses.clone() };
            let input = json!({"detail": {"requester": requester, "reason": reason}});
            assert_eq!(run(&update(&expression), input), json!(expected));
        }
    }
}
