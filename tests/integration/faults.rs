//! The eight faults of the published walk-through, one by one: what stops each, and with which message.
//!
//! Where the answer is "a type", the fault does not compile; the `compile_fail` example that shows it stands at that type,
//! beside the form that does compile, and the test here shows the only form there is.

use bucketbook::asl::{
    ChoiceRule, Field, Literal, Number, PayloadTemplate, ReferencePath, State, SubstitutionName, Task, TypedPath,
};
use bucketbook::catalog;
use bucketbook::dynamodb::{AttributeValue, KeyAttribute, KeySchema, UpdateItem, WriteCondition};
use bucketbook::name::{AttributeName, StateName, TableName};
use bucketbook::spec::{EventAttribute, Layout, Spec};
use bucketbook::stack::Stack;

fn attribute(text: &str) -> AttributeName {
    AttributeName::parse(text).unwrap()
}

/// The article's key: file name and time.
fn article_key() -> KeySchema {
    let range = KeyAttribute::string(attribute("lastModified"));
    KeySchema::hash_and_range(KeyAttribute::string(attribute("fileName")), range).unwrap()
}

fn stacks() -> Vec<Stack> {
    let spec = |layout, versioned| {
        let mut spec = Spec::default();
        spec.table.layout = layout;
        spec.bucket.versioned = versioned;
        catalog::stack(&spec).unwrap()
    };
    // Records with attributes that an event may lack: their writes are made another way, and are no less guarded.
    let attributes = Some(vec![EventAttribute::Requester, EventAttribute::Prefix]);
    let optional = Spec { attributes, ..Spec::default() };
    vec![
        catalog::stack(&optional).unwrap(),
        spec(Layout::Latest, false),
        spec(Layout::Latest, true),
        spec(Layout::History, false),
        spec(Layout::History, true),
    ]
}

fn tasks(stack: &Stack) -> impl Iterator<Item = (&StateName, &Task)> {
    stack.definitions().values().flat_map(|definition| definition.tasks())
}

/// 1. `"TableName": <<TABLE_NAME>>` is no JSON, and nothing replaces it. Stopped by a type (a definition is made of values, and
///    a placeholder is a `SubstitutionName`), by the rule for table names, and by the stack, which wants each substitution given.
#[test]
fn fault_1_a_placeholder_that_nothing_replaces() {
    assert_eq!(SubstitutionName::parse("<<TABLE_NAME>>"), None);
    let error = TableName::parse("<<TABLE_NAME>>").unwrap_err().to_string();
    assert!(error.starts_with("`<<TABLE_NAME>>` is not a table name: `<` (character 1) is not allowed\n"), "{error}");
    for stack in stacks() {
        for (_, task) in tasks(&stack) {
            let written = serde_json::to_value(task.data.arguments()).unwrap();
            assert_eq!(written["TableName"], "${TableName}");
        }
        let mut builder = bucketbook::stack::TemplateBuilder::new("no substitution");
        let (id, machine) = stack.template().state_machines().next().unwrap();
        let mut machine = machine.clone();
        machine.definition_substitutions.clear();
        machine.events.clear();
        machine.policies.clear();
        builder.add(id.clone(), machine).unwrap();
        let template = builder.finish().unwrap();
        let error = Stack::new(stack.name().clone(), template, stack.definitions().clone()).unwrap_err();
        assert_eq!(
            error.to_string(),
            "`definitions/object_created.asl.json` uses ${TableName}, and the DefinitionSubstitutions of \
             ObjectCreatedStateMachine do not give it"
        );
    }
}

/// 2. `"S": "$.detail.object.key"` stores that very text. Stopped by the constructor of literals.
#[test]
fn fault_2_a_path_that_is_a_literal() {
    let error = Literal::text("$.detail.object.key").unwrap_err();
    assert_eq!(
        error.to_string(),
        "`$.detail.object.key` as a literal would be stored as that very text; to take the value from the input, make it a \
         ReferencePath"
    );
}

/// 3. `set lastModified : lastModified` is no update expression. Stopped by a type: an update is made of attributes and values
///    (`compile_fail` at `UpdateItem`), and written by one function.
#[test]
fn fault_3_an_update_expression_with_wrong_syntax() {
    let key = KeySchema::hash(KeyAttribute::string(attribute("fileName")));
    let key = key.key([(attribute("fileName"), AttributeValue::S("k"))]).unwrap();
    let set = vec![(attribute("lastModified"), AttributeValue::S("t"))];
    let update = UpdateItem::set(key, set, WriteCondition::AttributeNotExists(attribute("sequencer"))).unwrap();
    let parameters = format!("{:?}", update.parameters());
    assert!(parameters.contains(r#""SET lastModified = :lastModified""#), "{parameters}");
}

/// 4. `updateItem` with half a key. Stopped by the constructor of keys.
#[test]
fn fault_4_half_a_key() {
    let error = article_key().key([(attribute("fileName"), AttributeValue::S("k"))]).unwrap_err();
    assert_eq!(
        error.to_string(),
        "the key attribute `lastModified` is missing: a key has a value for every attribute of the table's key schema"
    );
}

/// 5. An update of a key attribute. Stopped by the constructor of updates.
#[test]
fn fault_5_an_update_of_a_key_attribute() {
    let values = [(attribute("fileName"), AttributeValue::S("k")), (attribute("lastModified"), AttributeValue::S("t"))];
    let key = article_key().key(values).unwrap();
    let set = vec![(attribute("lastModified"), AttributeValue::S("now"))];
    let error = UpdateItem::set(key, set, WriteCondition::AttributeNotExists(attribute("sequencer"))).unwrap_err();
    assert_eq!(
        error.to_string(),
        "`lastModified` is a key attribute, and no update can change one: a new key is a new item"
    );
}

/// 6. A list compared with a number. Stopped by a type (`compile_fail` at `ChoiceRule`): what is compared is a path to a number.
#[test]
fn fault_6_a_list_compared_with_a_number() {
    let count = TypedPath::<Number>::vouched(ReferencePath::input().field("dynamoDbResult").field("Count"));
    let rule = ChoiceRule::numeric_greater_than(count, 0, StateName::parse("UpdateObject").unwrap());
    for stack in stacks() {
        let definition = stack.definitions().values().next().unwrap();
        let choices = definition.states().values().filter_map(|state| match state {
            State::Choice(choice) => Some(&choice.choices),
            _ => None,
        });
        for rules in choices {
            assert_eq!(rules, std::slice::from_ref(&rule));
        }
    }
}

/// 7. `CloudWatchLogsFullAccess` for nothing. Stopped by a type: policies are statements (`compile_fail` at `Statement`), and
///    statements come from tasks. That they are exactly what the tasks need is a property test.
#[test]
fn fault_7_a_managed_policy_for_nothing() {
    for stack in stacks() {
        let files = stack.files().unwrap();
        let template = &files[0].text;
        assert!(
            !template.contains("FullAccess") && !template.contains("logs:") && !template.contains("Policy:"),
            "{template}"
        );
        let actions: Vec<&str> =
            template.lines().map(str::trim).filter(|line| line.starts_with("- dynamodb:")).collect();
        assert_eq!(actions, ["- dynamodb:PutItem", "- dynamodb:Query", "- dynamodb:UpdateItem"]);
    }
}

/// 8. Query, then write: a race without a net. Stopped by types: no write without a condition (`compile_fail` at `PutItem`), no task
///    without a retry (`compile_fail` at `Task`). What the conditions are for is checked here.
#[test]
fn fault_8_a_race_without_a_net() {
    for stack in stacks() {
        for (name, task) in tasks(&stack) {
            assert!(!task.retry.is_empty(), "{name}");
            let retried =
                |error: &str| task.retry.iter().any(|r| r.error_equals.iter().any(|e| e.as_str().ends_with(error)));
            assert!(retried(".ThrottlingException") && retried(".ProvisionedThroughputExceededException"), "{name}");
            assert!(!retried(".ConditionalCheckFailedException"), "a lost race is no fault to be retried");
            let condition = match task.data.arguments().get("ConditionExpression") {
                Some(Field::Template(PayloadTemplate::Literal(literal))) => literal.value().as_str(),
                _ => None,
            };
            let next: Vec<(&str, &str)> =
                task.catch.iter().map(|c| (c.error_equals[0].as_str(), c.next.as_str())).collect();
            match name.as_str() {
                "Query" => assert_eq!((condition, next), (None, vec![])),
                "PutObject" => {
                    assert_eq!(condition, Some("attribute_not_exists(fileName)"));
                    assert_eq!(next, [("DynamoDB.ConditionalCheckFailedException", "UpdateObject")]);
                }
                "UpdateObject" => {
                    assert_eq!(condition, Some("attribute_not_exists(sequencer) OR sequencer < :sequencer"));
                    assert_eq!(next, [("DynamoDB.ConditionalCheckFailedException", "EventIgnored")]);
                }
                other => panic!("a task that this test does not know: {other}"),
            }
        }
    }
}
