use std::path::Path;

use serde_json::json;

use crate::loaded::{LoadedStack, load};

const PARENT: &str = "
Parameters: {Stage: {Type: String, Default: dev}}
Conditions: {Never: !Equals [a, b]}
Resources:
  Storage:
    Type: AWS::CloudFormation::Stack
    Properties: {TemplateURL: ./storage/template.yaml, Parameters: {Name: !Sub 'files-${Stage}'}}
  Work:
    Type: AWS::Serverless::Application
    Properties: {Location: work.yaml, Parameters: {Table: !GetAtt Storage.Outputs.Table, Names: 'a,b'}}
  Unused:
    Type: AWS::CloudFormation::Stack
    Condition: Never
    DependsOn: Storage
    Properties: {TemplateURL: storage/template.yaml, Parameters: {Name: other}}
  Remote:
    Type: AWS::CloudFormation::Stack
    Properties: {TemplateURL: https://bucket.s3.amazonaws.com/template.yaml}
";

const STORAGE: &str = "
Parameters: {Name: {Type: String}}
Resources:
  Table:
    Type: AWS::DynamoDB::Table
    Properties:
      TableName: !Sub '${Name}-table'
      AttributeDefinitions: [{AttributeName: id, AttributeType: S}]
      KeySchema: [{AttributeName: id, KeyType: HASH}]
Outputs:
  Table: {Value: !Ref Table}
";

const WORK: &str = "
Parameters: {Table: {Type: String}, Names: {Type: CommaDelimitedList}, Extra: {Type: String, Default: plain}}
Resources:
  Machine:
    Type: AWS::Serverless::StateMachine
    Properties:
      DefinitionUri: m.asl.json
      DefinitionSubstitutions: {Table: !Ref Table, Second: !Select [1, !Ref Names], Extra: !Sub '${Extra}/${Table}'}
";

const DEFINITION: &str = r#"{"StartAt": "A", "States": {"A": {"Type": "Pass", "Result": ["${Table}", "${Second}", "${Extra}"], "End": true}}}"#;

fn write(directory: &Path) {
    std::fs::create_dir(directory.join("storage")).unwrap();
    for (name, text) in
        [("template.yaml", PARENT), ("storage/template.yaml", STORAGE), ("work.yaml", WORK), ("m.asl.json", DEFINITION)]
    {
        std::fs::write(directory.join(name), text).unwrap();
    }
}

fn only(paths: &Path) -> LoadedStack {
    let mut stacks = load(&[paths.to_owned()]).unwrap();
    assert_eq!(stacks.len(), 1);
    stacks.pop().unwrap()
}

#[test]
fn nested_stacks_are_one_with_the_stack_that_they_are_nested_in() {
    let directory = tempfile::tempdir().unwrap();
    write(directory.path());
    for path in [directory.path().join("template.yaml"), directory.path().to_owned()] {
        let stack = only(&path);
        assert_eq!(stack.faults, []);
        assert_eq!(
            stack.machines[0].definition().unwrap()["States"]["A"]["Result"],
            json!(["files-dev-table", "b", "plain/files-dev-table"])
        );
        // The same template twice: each has its own names, and the condition of its stack.
        let tables: Vec<(&str, &str)> =
            stack.tables.iter().map(|table| (table.logical_id.as_str(), table.name.as_str())).collect();
        assert_eq!(tables, [("StorageTable", "files-dev-table"), ("UnusedTable", "other-table")]);
        let template = stack.template.as_ref().unwrap();
        assert_eq!(template.resources["UnusedTable"].condition.as_deref(), Some("Never"));
        assert!(template.resources.contains_key("Remote") && !template.resources.contains_key("Storage"));
    }
}

#[test]
fn places_lead_to_the_template_that_says_it() {
    let directory = tempfile::tempdir().unwrap();
    write(directory.path());
    let stack = only(&directory.path().join("template.yaml"));
    let table = &stack.tables[0];
    let document = &stack.documents[table.place.document];
    assert!(document.path.ends_with("storage/template.yaml"));
    let span = table.key[0].place.span;
    assert_eq!(&document.source.text[span.start..span.end], "id");
    let (name, origin) = stack.origin(&table.place).unwrap();
    assert_eq!((name, origin.written.as_str()), ("StorageTable", "Table"));
    // What one template hands to another stands where it is asked for.
    let machine = stack.machines[0].place.as_ref().unwrap();
    let template = stack.template.as_ref().unwrap();
    let value = template.properties("Machine").and_then(|node| node.get("DefinitionSubstitutions")?.get("Table"));
    let span = value.unwrap().span;
    assert_eq!(&stack.documents[machine.document].source.text[span.start..span.end], "!Ref Table");
}

#[test]
fn templates_that_nest_each_other_end() {
    let directory = tempfile::tempdir().unwrap();
    for (name, other) in [("a.yaml", "b.yaml"), ("b.yaml", "a.yaml")] {
        let text = format!(
            "Resources:\n  N: {{Type: AWS::CloudFormation::Stack, Properties: {{TemplateURL: {other}, Parameters: {{P: !GetAtt N.Outputs.P}}}}}}\n  T: {{Type: AWS::SQS::Queue, Properties: {{QueueName: !GetAtt N.Outputs.P}}}}\nOutputs: {{P: {{Value: !GetAtt N.Outputs.P}}}}\n"
        );
        std::fs::write(directory.path().join(name), text).unwrap();
    }
    let stack = only(directory.path());
    assert_eq!(stack.queues.len(), 2);
}

#[test]
fn values_that_grow_with_each_nested_stack_are_cut_off() {
    let directory = tempfile::tempdir().unwrap();
    for at in 0..20 {
        let parameters = format!("{{P: !Join ['', [{}]]}}", ["!Ref P"; 30].join(", "));
        let text = format!(
            "Parameters: {{P: {{Type: String, Default: x}}}}\nResources:\n  Q: {{Type: AWS::SQS::Queue, Properties: {{QueueName: !Ref P}}}}\n  N: {{Type: AWS::CloudFormation::Stack, Properties: {{TemplateURL: t{}.yaml, Parameters: {parameters}}}}}\n",
            at + 1
        );
        std::fs::write(directory.path().join(format!("t{at}.yaml")), text).unwrap();
    }
    assert!(!load(&[directory.path().join("t0.yaml")]).unwrap()[0].queues.is_empty());
}
