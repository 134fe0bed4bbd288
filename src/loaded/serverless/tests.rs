use serde_json::json;

use crate::loaded::LoadedStack;

const SERVICE: &str = "
service: files
provider: {name: aws, stage: '${opt:stage, \"test\"}'}
custom: {table: 'files-${self:provider.stage}', attempts: 3}
functions:
  resize: {handler: index.handler}
stepFunctions:
  stateMachines:
    record:
      type: EXPRESS
      events:
        - eventBridge: {event: {source: [aws.s3], detail: {bucket: {name: [!Ref Files]}}}}
        - schedule: rate(1 day)
        - http: {path: x, method: GET}
      definition:
        StartAt: Record
        States:
          Record:
            Type: Task
            Resource: arn:aws:states:::dynamodb:putItem
            Parameters: {TableName: '${self:custom.table}', Item: {Name: {S: '${env:NAME}'}}}
            Retry: [{ErrorEquals: [States.ALL], MaxAttempts: '${self:custom.attempts}'}]
            Next: Resize
          Resize: {Type: Task, Resource: !GetAtt resize.Arn, End: true}
resources:
  Resources:
    Files: {Type: AWS::S3::Bucket}
    Table:
      Type: AWS::DynamoDB::Table
      Properties: {TableName: '${self:custom.table}', KeySchema: [{AttributeName: Name, KeyType: HASH}]}
";

#[test]
fn a_service_is_the_stack_that_it_deploys() {
    let stack = LoadedStack::from_text("serverless.yml", SERVICE).unwrap();
    assert_eq!(stack.tables[0].name, "files-test");
    let states = &stack.machines[0].definition().unwrap()["States"];
    assert_eq!(states["Record"]["Parameters"]["TableName"], "files-test");
    assert_eq!(states["Record"]["Retry"][0]["MaxAttempts"], 3);
    assert_eq!(states["Record"]["Parameters"]["Item"]["Name"], json!({"S": "${envNAME}"}));
    assert_eq!(states["Resize"]["Resource"], "arn:aws:lambda:us-east-1:123456789012:function:resize");
    assert_eq!(stack.rules.len(), 2);
    assert_eq!(stack.rules[0].targets[0].logical_id.as_deref(), Some("record"));
    let definition = stack.machines[0].definition.as_ref().unwrap();
    let place = definition.root.pointer("/States/Record/Type").unwrap().span;
    assert_eq!(&SERVICE[place.start..place.end], "Task");
}

/// Without the plugin, state machines stand among the service's own resources.
#[test]
fn a_service_without_the_plugin_has_its_machines_among_its_resources() {
    let machine = "Type: AWS::StepFunctions::StateMachine, Properties: {RoleArn: !GetAtt Role.Arn, \
                   DefinitionString: '{\"StartAt\": \"A\", \"States\": {\"A\": {\"Type\": \"Task\", \"Resource\": \"${self:custom.task}\", \"End\": true}}}'}";
    for resources in [
        format!("{{Resources: {{Machine: {{{machine}}}}}}}"),
        format!("[{{Resources: {{}}}}, {{Resources: {{Machine: {{{machine}}}}}}}]"),
    ] {
        let text = format!(
            "service: files\nprovider: {{name: aws}}\ncustom: {{task: 'arn:aws:states:::sns:publish'}}\nresources: {resources}\n"
        );
        let stack = LoadedStack::from_text("serverless.yml", &text).unwrap();
        let definition = stack.machines[0].definition().unwrap();
        assert_eq!(definition["States"]["A"]["Resource"], "arn:aws:states:::sns:publish", "{text}");
    }
}

/// `#{Name}` of two plugins is CloudFormation's `${Name}`, within an `Fn::Sub` and outside.
#[test]
fn references_of_plugins_are_cloudformations() {
    let text = "
service: files
provider: {name: aws}
resources:
  Resources:
    Machine:
      Type: AWS::StepFunctions::StateMachine
      Properties:
        RoleArn: 'arn:aws:iam::#{AWS::AccountId}:role/x'
        DefinitionString: !Sub
          - '{\"StartAt\": \"A\", \"States\": {\"A\": {\"Type\": \"Task\", \"Resource\": \"#{Arn}\", \"End\": true}}}'
          - {Arn: 'arn:aws:lambda:#{AWS::Region}:#{AWS::AccountId}:function:a'}
";
    let stack = LoadedStack::from_text("serverless.yml", text).unwrap();
    let definition = stack.machines[0].definition().unwrap();
    assert_eq!(definition["States"]["A"]["Resource"], "arn:aws:lambda:us-east-1:123456789012:function:a");
}

#[test]
fn what_is_no_service_is_none() {
    for text in [
        "service: x\nprovider: {name: aws}\nresources: {Resources: {Files: {Type: AWS::S3::Bucket}}}\n",
        "service: x\nprovider: {name: aws}\n",
        "stepFunctions: {stateMachines: {}}\n",
    ] {
        assert!(LoadedStack::from_text("serverless.yml", text).is_err(), "{text}");
    }
}

#[test]
fn variables_that_grow_are_cut_off() {
    let many = ["'${self:custom}'"; 40].join(", ");
    let text = format!(
        "service: x\ncustom: [{many}]\nstepFunctions: {{stateMachines: {{m: {{definition: '${{self:custom}}'}}}}}}\n"
    );
    assert_eq!(LoadedStack::from_text("serverless.yml", text).unwrap().machines.len(), 1);
}

#[test]
fn variables_that_lead_to_each_other_end() {
    let text = "service: x\ncustom: {a: '${self:custom.b}', b: 'x${self:custom.a}${self:custom.a}'}\nstepFunctions: {stateMachines: {m: {name: '${self:custom.a}', definition: '${self:}'}}}\n";
    assert_eq!(LoadedStack::from_text("serverless.yml", text).unwrap().machines.len(), 1);
}

/// Writes a service and its files, and reads it.
fn read(files: &[(&str, &str)]) -> (tempfile::TempDir, LoadedStack) {
    let folder = tempfile::tempdir().unwrap();
    for (name, text) in files {
        let path = folder.path().join(name);
        std::fs::create_dir_all(path.parent().unwrap()).unwrap();
        std::fs::write(path, text).unwrap();
    }
    let stack = crate::loaded::load(&[folder.path().join("serverless.yml")]).unwrap().remove(0);
    (folder, stack)
}

#[test]
fn variables_lead_into_files_and_their_faults_are_told_there() {
    let service = "
service: files
provider: {name: aws, stage: prod}
params: {prod: {attempts: 7}, default: {attempts: 3}}
custom: ${file(config/${self:provider.stage}.yml)}
functions: {resize-it: {handler: index.handler}}
stepFunctions:
  stateMachines: ${file(machines.yml):stateMachines}
resources:
  - ${file(resources.yml)}
";
    let machines = "
stateMachines:
  record:
    name: record-${sls:stage}
    definition: ${file(record.yml)}
  again:
    definition:
      StartAt: Again
      States:
        Again:
          Type: Task
          Resource: arn:aws:states:::states:startExecution
          Parameters: {StateMachineArn: !Ref RecordDashprod}
          Retry: [{ErrorEquals: [States.ALL], MaxAttempts: '${param:attempts}'}]
          End: true
";
    let record = "
StartAt: Put
States:
  Put: {Type: Task, Resource: !GetAtt ResizeDashitLambdaFunction.Arn, Comment: '${self:custom.table} in ${AWS::Region}', End: true}
";
    let resources = "
Resources:
  Table: {Type: AWS::DynamoDB::Table, Properties: {TableName: '${self:custom.table}', KeySchema: [{AttributeName: id, KeyType: HASH}]}}
";
    let (_folder, stack) = read(&[
        ("serverless.yml", service),
        ("machines.yml", machines),
        ("record.yml", record),
        ("resources.yml", resources),
        ("config/prod.yml", "table: 'files-${self:provider.stage}'\n"),
    ]);
    assert!(stack.faults.is_empty(), "{:?}", stack.faults);
    assert_eq!(stack.tables[0].name, "files-prod");
    let put = &stack.machines[0].definition().unwrap()["States"]["Put"];
    assert_eq!(put["Resource"], "arn:aws:lambda:us-east-1:123456789012:function:resize-it");
    assert!(put["Comment"].as_str().unwrap().starts_with("files-prod in "), "{put}");
    let again = &stack.machines[1].definition().unwrap()["States"]["Again"];
    assert_eq!(again["Retry"][0]["MaxAttempts"], 7);
    assert_eq!(again["Parameters"]["StateMachineArn"], stack.machines[0].arn.as_str());
    let definition = stack.machines[1].definition.as_ref().unwrap();
    let document = &stack.documents[definition.document];
    assert!(document.path.ends_with("machines.yml"));
    let place = definition.root.pointer("/States/Again/Type").unwrap().span;
    assert_eq!(&machines[place.start..place.end], "Task");
}

#[test]
fn a_fallback_counts_where_nothing_else_is_known() {
    let service = "
service: files
custom: {of: \"${file(gone.yml):x, 'a, b'}\", js: '${file(x.js):y}', region: '${aws:region}', number: '${opt:n, 5}'}
stepFunctions:
  stateMachines:
    m: {definition: {StartAt: A, States: {A: {Type: Pass, Result: ['${self:custom.of}', '${self:custom.js}', '${self:custom.region}', '${self:custom.number}'], End: true}}}}
";
    let (_folder, stack) = read(&[("serverless.yml", service)]);
    let result = &stack.machines[0].definition().unwrap()["States"]["A"]["Result"];
    assert_eq!(*result, json!(["a, b", "${filexjsy}", "${awsregion}", "5"]));
}
