//! Faults of the template: resources, events, permissions.

use serde_json::{Map, Value, json};

use super::operator::{On, Operator};
use super::stack::{misspelt, renamed, with, without};

/// The value of a function of the template: `Ref`, `Fn::GetAtt`.
fn call<'a>(value: &'a Value, name: &str) -> Option<&'a Value> {
    value.as_object().filter(|fields| fields.len() == 1)?.get(name)
}

fn object<'a>(pointer: &str, ending: &str, value: &'a Value) -> Option<&'a Map<String, Value>> {
    value.as_object().filter(|_| pointer.ends_with(ending))
}

fn is_event_pattern(pointer: &str) -> bool {
    pointer.ends_with("/Pattern") || pointer.ends_with("/EventPattern")
}

fn in_event_pattern(pointer: &str) -> bool {
    pointer.contains("/Pattern/") || pointer.contains("/EventPattern/")
}

/// A field within a pattern, misspelt.
fn pattern_field(pointer: &str, value: &Value, name: &str) -> Vec<Value> {
    let fields = value.as_object().filter(|_| is_event_pattern(pointer) || in_event_pattern(pointer));
    fields.and_then(|fields| renamed(fields, name, &misspelt(name))).into_iter().collect()
}

/// A state machine's statements: `/Resources/X/Properties/Policies/0/Statement/0`, or those of a policy.
fn statement<'a>(pointer: &str, value: &'a Value) -> Option<&'a Map<String, Value>> {
    let at = pointer.rsplit_once("/Statement/").filter(|(_, rest)| !rest.contains('/'));
    let machines =
        at.is_some_and(|(head, _)| head.contains("/Policies/") || head.contains("Policy/Properties/PolicyDocument"));
    let fields = value.as_object().filter(|_| machines)?;
    // A queue's or bucket's own policy has a principal.
    (!fields.contains_key("Principal")).then_some(fields)
}

/// The actions of a statement that calls of a workflow need.
fn actions(fields: &Map<String, Value>) -> Option<&Vec<Value>> {
    let actions = fields.get("Action")?.as_array()?;
    let plain = actions
        .iter()
        .all(|action| action.as_str().is_some_and(|a| a.starts_with("dynamodb:") || a.starts_with("sqs:")));
    plain.then_some(actions)
}

pub(crate) const RESOURCES: &[Operator] = &[
    Operator {
        name: "a Ref to an unknown resource",
        why: "CloudFormation refuses the template",
        on: On::Template(|_, value| {
            let id = call(value, "Ref").and_then(Value::as_str).filter(|id| !id.starts_with("AWS::"));
            id.map(|id| json!({"Ref": misspelt(id)})).into_iter().collect()
        }),
    },
    Operator {
        name: "a GetAtt of an unknown resource",
        why: "CloudFormation refuses the template",
        on: On::Template(|_, value| {
            let path = call(value, "Fn::GetAtt").and_then(Value::as_array);
            path.map(|path| json!({"Fn::GetAtt": [misspelt(path[0].as_str().unwrap_or_default()), path[1]]}))
                .into_iter()
                .collect()
        }),
    },
    Operator {
        name: "an unknown attribute in GetAtt",
        why: "CloudFormation refuses the template",
        on: On::Template(|_, value| {
            let path = call(value, "Fn::GetAtt").and_then(Value::as_array);
            path.map(|path| json!({"Fn::GetAtt": [path[0], misspelt(path[1].as_str().unwrap_or_default())]}))
                .into_iter()
                .collect()
        }),
    },
    Operator {
        name: "an unknown name in Sub",
        why: "CloudFormation refuses the template",
        on: On::Template(|_, value| {
            let text = call(value, "Fn::Sub").and_then(Value::as_str);
            text.map(|text| json!({"Fn::Sub": text.replacen("${", "${Nosuch", 1)})).into_iter().collect()
        }),
    },
    Operator {
        name: "misspell DefinitionUri's value",
        why: "the file does not exist",
        on: On::Template(|pointer, value| {
            let uri = value.as_str().filter(|_| pointer.ends_with("/DefinitionUri"));
            uri.map(|uri| json!(uri.replace("definitions/", "definition/"))).into_iter().collect()
        }),
    },
    Operator {
        name: "an undefined substitution",
        why: "nothing replaces `${TableName}`",
        on: On::Template(|pointer, value| {
            object(pointer, "/DefinitionSubstitutions", value)
                .and_then(|given| without(given, "TableName"))
                .into_iter()
                .collect()
        }),
    },
    Operator {
        name: "no substitutions",
        why: "nothing replaces `${TableName}`",
        on: On::Template(|pointer, value| {
            object(pointer, "/Properties", value)
                .and_then(|fields| without(fields, "DefinitionSubstitutions"))
                .into_iter()
                .collect()
        }),
    },
    Operator {
        name: "misspell a substitution",
        why: "the definition uses another",
        on: On::Template(|pointer, value| {
            object(pointer, "/DefinitionSubstitutions", value)
                .and_then(|given| renamed(given, "TableName", "TabelName"))
                .into_iter()
                .collect()
        }),
    },
    Operator {
        name: "an unused substitution",
        why: "it is a leftover, or the definition misspells it",
        on: On::Template(|pointer, value| {
            object(pointer, "/DefinitionSubstitutions", value)
                .map(|given| with(given, "Unused", json!("x")))
                .into_iter()
                .collect()
        }),
    },
    Operator {
        name: "misspell a substitution in the definition",
        why: "nothing replaces it",
        on: On::Text(|text| {
            text.contains("${TableName}").then(|| text.replacen("${TableName}", "${TableNam}", 1)).into_iter().collect()
        }),
    },
    Operator {
        name: "another tool's placeholder",
        why: "nothing replaces it",
        on: On::Text(|text| {
            text.contains("${TableName}")
                .then(|| text.replacen("${TableName}", "<<TABLE_NAME>>", 1))
                .into_iter()
                .collect()
        }),
    },
    Operator {
        name: "another tool's unquoted placeholder",
        why: "the definition is not valid JSON",
        on: On::Text(|text| {
            text.contains("\"${TableName}\"")
                .then(|| text.replacen("\"${TableName}\"", "<<TABLE_NAME>>", 1))
                .into_iter()
                .collect()
        }),
    },
    Operator {
        name: "an undefined key attribute",
        why: "CloudFormation refuses the table",
        on: On::Template(|pointer, value| {
            let items =
                value.as_array().filter(|items| pointer.ends_with("/AttributeDefinitions") && !items.is_empty());
            items.map(|items| json!(items[1..])).into_iter().collect()
        }),
    },
    Operator {
        name: "an attribute that no key uses",
        why: "CloudFormation refuses the table",
        on: On::Template(|pointer, value| {
            let items = value.as_array().filter(|_| pointer.ends_with("/AttributeDefinitions"));
            let more = items.map(|items| {
                let mut items = items.clone();
                items.push(json!({"AttributeName": "etag", "AttributeType": "S"}));
                Value::Array(items)
            });
            more.into_iter().collect()
        }),
    },
    Operator {
        name: "misspell a key attribute",
        why: "no attribute of that name is defined",
        on: On::Template(|pointer, value| {
            let name =
                value.as_str().filter(|_| pointer.contains("/KeySchema/") && pointer.ends_with("/AttributeName"));
            name.map(|name| json!(misspelt(name))).into_iter().collect()
        }),
    },
    Operator {
        name: "a key attribute of an unsupported type",
        why: "key attributes are S, N or B",
        on: On::Template(|pointer, value| {
            let kind = value.as_str().filter(|_| pointer.ends_with("/AttributeType"));
            kind.map(|_| json!("STRING")).into_iter().collect()
        }),
    },
    Operator {
        name: "two partition keys",
        why: "a key has exactly one HASH attribute",
        on: On::Template(|pointer, value| {
            let kind = value.as_str().filter(|kind| pointer.ends_with("/KeyType") && *kind == "RANGE");
            kind.map(|_| json!("HASH")).into_iter().collect()
        }),
    },
    Operator {
        name: "no partition key",
        why: "a key has exactly one HASH attribute",
        on: On::Template(|pointer, value| {
            let kind = value.as_str().filter(|kind| pointer.ends_with("/KeySchema/0/KeyType") && *kind == "HASH");
            kind.map(|_| json!("RANGE")).into_iter().collect()
        }),
    },
];

pub(crate) const EVENTS: &[Operator] = &[
    Operator {
        name: "misspell `source`",
        why: "events have no such field",
        on: On::Template(|pointer, value| pattern_field(pointer, value, "source")),
    },
    Operator {
        name: "misspell `detail-type`",
        why: "events have no such field",
        on: On::Template(|pointer, value| pattern_field(pointer, value, "detail-type")),
    },
    Operator {
        name: "misspell `detail`",
        why: "events have no such field",
        on: On::Template(|pointer, value| pattern_field(pointer, value, "detail")),
    },
    Operator {
        name: "misspell `bucket`",
        why: "S3's events have no such field",
        on: On::Template(|pointer, value| pattern_field(pointer, value, "bucket")),
    },
    Operator {
        name: "misspell `name`",
        why: "S3's events have no such field",
        on: On::Template(
            |pointer, value| {
                if pointer.ends_with("/bucket") { pattern_field(pointer, value, "name") } else { Vec::new() }
            },
        ),
    },
    Operator {
        name: "misspell `deletion-type`",
        why: "S3's events have no such field",
        on: On::Template(|pointer, value| pattern_field(pointer, value, "deletion-type")),
    },
    Operator {
        name: "`detailType` instead of `detail-type`",
        why: "events have no such field",
        on: On::Template(|pointer, value| {
            let fields = value.as_object().filter(|_| is_event_pattern(pointer));
            fields.and_then(|fields| renamed(fields, "detail-type", "detailType")).into_iter().collect()
        }),
    },
    Operator {
        name: "a misspelled source",
        why: "S3's events come from `aws.s3`",
        on: On::Template(|pointer, value| {
            let source = value.as_array().filter(|_| in_event_pattern(pointer) && pointer.ends_with("/source"));
            source.map(|_| json!(["aws.S3"])).into_iter().collect()
        }),
    },
    Operator {
        name: "a source without `aws.`",
        why: "S3's events come from `aws.s3`",
        on: On::Template(|pointer, value| {
            let source = value.as_array().filter(|_| in_event_pattern(pointer) && pointer.ends_with("/source"));
            source.map(|_| json!(["s3"])).into_iter().collect()
        }),
    },
    Operator {
        name: "an unknown event type",
        why: "S3 sends no such event",
        on: On::Template(|pointer, value| {
            let kinds = value.as_array().filter(|_| in_event_pattern(pointer) && pointer.ends_with("/detail-type"));
            kinds.map(|_| json!(["Object created"])).into_iter().collect()
        }),
    },
    Operator {
        name: "a notification's name instead of an event type",
        why: "S3 sends no such event to EventBridge",
        on: On::Template(|pointer, value| {
            let kinds = value.as_array().filter(|_| in_event_pattern(pointer) && pointer.ends_with("/detail-type"));
            kinds.map(|_| json!(["s3:ObjectCreated:*"])).into_iter().collect()
        }),
    },
    Operator {
        name: "an unknown deletion type",
        why: "S3 has only two deletion types",
        on: On::Template(|pointer, value| {
            let kinds = value.as_array().filter(|_| in_event_pattern(pointer) && pointer.ends_with("/deletion-type"));
            kinds.map(|_| json!(["Deleted"])).into_iter().collect()
        }),
    },
    Operator {
        name: "a string instead of a list",
        why: "EventBridge refuses the pattern",
        on: On::Template(|pointer, value| {
            let source = value.as_array().filter(|_| in_event_pattern(pointer) && pointer.ends_with("/source"));
            source.map(|texts| texts[0].clone()).into_iter().collect()
        }),
    },
    Operator {
        name: "an unknown operator",
        why: "EventBridge refuses the pattern",
        on: On::Template(|pointer, value| {
            let detail = value.as_object().filter(|_| in_event_pattern(pointer) && pointer.ends_with("/detail"));
            detail.map(|detail| with(detail, "object", json!({"key": [{"prefx": "photos/"}]}))).into_iter().collect()
        }),
    },
    Operator {
        name: "conditions that exclude each other",
        why: "no size matches both",
        on: On::Template(|pointer, value| {
            let detail = value.as_object().filter(|_| in_event_pattern(pointer) && pointer.ends_with("/detail"));
            detail
                .map(|detail| with(detail, "object", json!({"size": [{"numeric": [">", 5, "<", 2]}]})))
                .into_iter()
                .collect()
        }),
    },
    Operator {
        name: "a bucket that sends no events",
        why: "S3 sends events to EventBridge only if that is enabled",
        on: On::Template(|pointer, value| {
            object(pointer, "/Properties", value)
                .and_then(|fields| without(fields, "NotificationConfiguration"))
                .into_iter()
                .collect()
        }),
    },
    Operator {
        name: "a bucket with EventBridge disabled",
        why: "S3 sends events to EventBridge only if that is enabled",
        on: On::Template(|pointer, value| {
            object(pointer, "/EventBridgeConfiguration", value)
                .map(|_| json!({"EventBridgeEnabled": false}))
                .into_iter()
                .collect()
        }),
    },
    Operator {
        name: "the bucket's ARN instead of its name",
        why: "events contain the name",
        on: On::Template(|pointer, value| {
            let names = call(value, "Ref").filter(|_| in_event_pattern(pointer) && pointer.ends_with("/name/0"));
            names.map(|id| json!({"Fn::GetAtt": [id, "Arn"]})).into_iter().collect()
        }),
    },
    Operator {
        name: "another resource instead of the bucket",
        why: "no bucket has the table's name",
        on: On::Template(|pointer, value| {
            let names = call(value, "Ref").filter(|_| in_event_pattern(pointer) && pointer.ends_with("/name/0"));
            names.map(|_| json!({"Ref": "FilesTable"})).into_iter().collect()
        }),
    },
    Operator {
        name: "a condition one level too high",
        why: "the pattern compares a field that events do not have: `key` is in `object`",
        on: On::Template(|pointer, value| {
            let detail = value.as_object().filter(|_| in_event_pattern(pointer) && pointer.ends_with("/detail"));
            detail.map(|detail| with(detail, "key", json!([{"prefix": "photos/"}]))).into_iter().collect()
        }),
    },
];

pub(crate) const PERMISSIONS: &[Operator] = &[
    Operator {
        name: "drop an action",
        why: "the workflow calls it",
        on: On::Template(|pointer, value| {
            let Some(fields) = statement(pointer, value) else { return Vec::new() };
            let Some(actions) = actions(fields).filter(|actions| actions.len() > 1) else { return Vec::new() };
            let cut = (0..actions.len()).map(|at| {
                let mut actions = actions.clone();
                actions.remove(at);
                with(fields, "Action", Value::Array(actions))
            });
            cut.collect()
        }),
    },
    Operator {
        name: "misspell an action",
        why: "the workflow calls the correct one",
        on: On::Template(|pointer, value| {
            let Some((fields, actions)) = statement(pointer, value).and_then(|fields| Some((fields, actions(fields)?)))
            else {
                return Vec::new();
            };
            let mut actions = actions.clone();
            actions[0] = json!(misspelt(actions[0].as_str().unwrap_or_default()));
            vec![with(fields, "Action", Value::Array(actions))]
        }),
    },
    Operator {
        name: "another action",
        why: "the workflow calls an action that is no longer allowed",
        on: On::Template(|pointer, value| {
            let Some((fields, actions)) = statement(pointer, value).and_then(|fields| Some((fields, actions(fields)?)))
            else {
                return Vec::new();
            };
            let mut actions = actions.clone();
            actions[0] = json!("dynamodb:DescribeTable");
            vec![with(fields, "Action", Value::Array(actions))]
        }),
    },
    Operator {
        name: "no policies",
        why: "the role allows nothing",
        on: On::Template(|pointer, value| {
            object(pointer, "/Properties", value).and_then(|fields| without(fields, "Policies")).into_iter().collect()
        }),
    },
    Operator {
        name: "Deny instead of Allow",
        why: "the role allows nothing",
        on: On::Template(|pointer, value| {
            statement(pointer, value)
                .filter(|fields| actions(fields).is_some())
                .map(|fields| with(fields, "Effect", json!("Deny")))
                .into_iter()
                .collect()
        }),
    },
    Operator {
        name: "another resource",
        why: "the workflow writes to the table",
        on: On::Template(|pointer, value| {
            let fields = statement(pointer, value).filter(|fields| actions(fields).is_some());
            fields
                .map(|fields| with(fields, "Resource", json!({"Fn::GetAtt": ["FilesBucket", "Arn"]})))
                .into_iter()
                .collect()
        }),
    },
    Operator {
        name: "a table with another name",
        why: "the workflow writes to another table",
        on: On::Template(|pointer, value| {
            let fields = statement(pointer, value).filter(|fields| {
                actions(fields).is_some_and(|all| all[0].as_str().is_some_and(|a| a.starts_with("dynamodb:")))
            });
            fields.map(|fields| with(fields, "Resource", json!({"Fn::Sub": "arn:${AWS::Partition}:dynamodb:${AWS::Region}:${AWS::AccountId}:table/Other"}))).into_iter().collect()
        }),
    },
    Operator {
        name: "an index's ARN instead of the table's",
        why: "the workflow reads and writes the table itself",
        on: On::Template(|pointer, value| {
            let fields = statement(pointer, value).filter(|fields| {
                actions(fields).is_some_and(|all| all[0].as_str().is_some_and(|a| a.starts_with("dynamodb:")))
            });
            fields
                .map(|fields| with(fields, "Resource", json!({"Fn::Sub": "${FilesTable.Arn}/index/*"})))
                .into_iter()
                .collect()
        }),
    },
    Operator {
        name: "an action that nothing needs",
        why: "the role allows more than the workflow needs",
        on: On::Template(|pointer, value| {
            let Some((fields, actions)) = statement(pointer, value).and_then(|fields| Some((fields, actions(fields)?)))
            else {
                return Vec::new();
            };
            let mut actions = actions.clone();
            actions.push(json!("dynamodb:DeleteTable"));
            vec![with(fields, "Action", Value::Array(actions))]
        }),
    },
    Operator {
        name: "a policy that nothing needs",
        why: "the role allows more than the workflow needs",
        on: On::Template(|pointer, value| {
            let policies = value.as_array().filter(|_| pointer.ends_with("/Policies"));
            let more = policies.map(|policies| {
                let mut policies = policies.clone();
                policies.push(json!("AmazonSNSFullAccess"));
                Value::Array(policies)
            });
            more.into_iter().collect()
        }),
    },
    Operator {
        name: "every action",
        why: "the role allows more than the workflow needs",
        on: On::Template(|pointer, value| {
            let fields = statement(pointer, value).filter(|fields| actions(fields).is_some());
            fields.map(|fields| with(fields, "Action", json!(["dynamodb:*", "sqs:*"]))).into_iter().collect()
        }),
    },
    Operator {
        name: "every resource",
        why: "the role allows it on other tables too",
        on: On::Template(|pointer, value| {
            let fields = statement(pointer, value).filter(|fields| actions(fields).is_some());
            fields.map(|fields| with(fields, "Resource", json!("*"))).into_iter().collect()
        }),
    },
];
