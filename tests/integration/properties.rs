//! Laws that hold for every spec.

use bucketbook::asl::program::Program;
use bucketbook::asl::{IntrinsicFunction, ReferencePath, Task};
use bucketbook::catalog;
use bucketbook::dynamodb::grammar::{self, ExpressionKind};
use bucketbook::files::{Allowed, Done, Status};
use bucketbook::loaded::LoadedStack;
use bucketbook::name::{
    AttributeName, BucketName, KeyPrefix, KeyWildcard, LogicalId, RouteName, StackName, StateMachineName, TableName,
};
use bucketbook::source::Source;
use bucketbook::spec::{
    ApiSpec, BackfillSpec, Document, Flow, QueryLanguage, RouteSpec, RouteStateMachineSpec, STARTERS, Spec,
};
use bucketbook::stack::{ResourceKind, ServerlessStateMachine, Stack};
use proptest::prelude::*;
use serde_json::Value;

fn stack(spec: &Spec) -> Stack {
    catalog::stack(spec).unwrap_or_else(|error| panic!("{error}\n{spec:?}"))
}

fn text(stack: &Stack, ending: &str) -> String {
    stack.files().unwrap().into_iter().find(|file| file.path.ends_with(ending)).unwrap().text
}

/// YAML as CloudFormation takes it: a short tag is a function.
fn with_functions(value: &serde_yaml::Value) -> Value {
    use serde_yaml::Value as Yaml;
    match value {
        Yaml::Sequence(items) => items.iter().map(with_functions).collect(),
        Yaml::Mapping(entries) => {
            let entry = |(key, value): (&Yaml, &Yaml)| (key.as_str().unwrap().to_owned(), with_functions(value));
            Value::Object(entries.iter().map(entry).collect())
        }
        Yaml::Tagged(tagged) => {
            let argument = with_functions(&tagged.value);
            let tag = tagged.tag.to_string();
            match (tag.trim_start_matches('!'), argument.as_str()) {
                (name @ ("Ref" | "Condition"), _) => serde_json::json!({ name: argument }),
                ("GetAtt", Some(text)) => {
                    let (resource, attribute) = text.split_once('.').unwrap();
                    serde_json::json!({ "Fn::GetAtt": [resource, attribute] })
                }
                (name, _) => serde_json::json!({ format!("Fn::{name}"): argument }),
            }
        }
        scalar => serde_json::to_value(scalar).unwrap(),
    }
}

/// Whoever reads the files of a stack sees what the model says: the template by another reader of YAML, the definitions by what runs them.
fn reads_back(stack: &Stack) {
    let yaml = text(stack, "template.yaml");
    let template = with_functions(&serde_yaml::from_str(&yaml).unwrap());
    assert_eq!(template, serde_json::to_value(stack.template()).unwrap(), "{yaml}");
    for (path, written) in stack.definitions() {
        let json = text(stack, path);
        let definition: Value = serde_json::from_str(&json).unwrap();
        assert_eq!(definition, serde_json::to_value(written).unwrap(), "{json}");
        let program = Program::read(&definition).unwrap_or_else(|faults| panic!("{faults:?}\n{json}"));
        let mut read: Vec<_> = program.states().map(|(_, state)| state.name.as_str()).collect();
        let mut states: Vec<_> = written.all_states().into_iter().map(|(name, _)| name.as_str()).collect();
        read.sort_unstable();
        states.sort_unstable();
        assert_eq!(read, states, "{json}");
    }
}

/// Every `.$` field below a value.
fn run_time_values(value: &Value) -> Vec<&str> {
    match value {
        Value::Object(fields) => fields
            .iter()
            .flat_map(|(name, value)| match value.as_str() {
                Some(text) if name.ends_with(".$") => vec![text],
                _ => run_time_values(value),
            })
            .collect(),
        Value::Array(items) => items.iter().flat_map(run_time_values).collect(),
        _ => Vec::new(),
    }
}

/// Every object of a value in which a DynamoDB expression stands.
fn requests(value: &Value) -> Vec<&serde_json::Map<String, Value>> {
    match value {
        Value::Object(fields) => {
            let own = fields.keys().any(|key| key.ends_with("Expression")).then_some(fields);
            own.into_iter().chain(fields.values().flat_map(requests)).collect()
        }
        Value::Array(items) => items.iter().flat_map(requests).collect(),
        _ => Vec::new(),
    }
}

/// The keys of a field that holds an object.
fn keys<'v>(request: &'v serde_json::Map<String, Value>, field: &str) -> Vec<&'v str> {
    request
        .get(field)
        .and_then(Value::as_object)
        .map(|fields| fields.keys().map(String::as_str).collect())
        .unwrap_or_default()
}

/// The actions that a task needs. What asks S3 about an object has to be told when there is none: only who may list is.
fn needed(task: &Task) -> Vec<String> {
    let version = if task.data.arguments().get("VersionId").is_some() { "Version" } else { "" };
    let of_object = match task.resource.to_string().rsplit_once(':').unwrap().1 {
        "headObject" => format!("s3:GetObject{version}"),
        "getObjectTagging" => format!("s3:GetObject{version}Tagging"),
        "listObjectVersions" => return vec!["s3:ListBucketVersions".to_owned()],
        _ => return task.resource.iam_actions(),
    };
    vec![of_object, "s3:ListBucket".to_owned()]
}

/// The actions that a state machine's role is allowed: by the policies within it, or by those that name it.
fn granted(stack: &Stack, machine: &ServerlessStateMachine) -> Vec<String> {
    let attached = stack.template().resources().values().filter_map(|resource| match &resource.kind {
        ResourceKind::Policy(policy) if machine.role.is_some() => Some(&policy.policy_document),
        _ => None,
    });
    let statements = machine.policies.iter().chain(attached).flat_map(|policy| policy.statements());
    let mut actions: Vec<String> = statements.flat_map(|statement| statement.actions().to_vec()).collect();
    actions.sort();
    actions
}

/// A route for photos or not, and one for logs with another flow or the same.
fn routes() -> impl Strategy<Value = Vec<RouteSpec>> {
    let route = |name: &str, flow: Option<Flow>| RouteSpec {
        name: RouteName::parse(name).unwrap(),
        prefix: Some(KeyPrefix::parse(format!("{name}/")).unwrap()),
        suffix: None,
        wildcard: None,
        size: None,
        reasons: Vec::new(),
        pattern: None,
        table: None,
        state_machine: RouteStateMachineSpec { flow, ..RouteStateMachineSpec::default() },
    };
    let flow = prop_oneof![Just(None), Just(Some(Flow::Upsert)), Just(Some(Flow::QueryThenWrite))];
    (any::<bool>(), flow.clone(), flow).prop_map(move |(any, first, second)| {
        if any { vec![route("Photos", first), route("Logs", second), route("Rest", None)] } else { Vec::new() }
    })
}

proptest! {
    #![proptest_config(crate::sample::cases(64))]

    #[test]
    fn what_is_written_is_in_step(spec in crate::common::spec(), routes in routes()) {
        let spec = Spec { routes, ..spec };
        // Some specs do not go together with routes, as the catalogue says.
        let Ok(stack) = catalog::stack(&spec) else { return Ok(()) };
        let mut files = stack.files().unwrap();
        for picture in bucketbook::graph::pictures(&files) {
            files.add(picture).unwrap();
        }
        let directory = tempfile::tempdir().unwrap();
        let first = bucketbook::files::update(directory.path(), &files, Allowed::default()).unwrap();
        prop_assert!(first.iter().all(|(_, done)| *done == Done::Created), "{:?}", first);
        let compared = bucketbook::files::compare(directory.path(), &files).unwrap();
        prop_assert!(compared.files.iter().all(|file| file.status == Status::InStep), "{:?}", compared);
        prop_assert_eq!(compared.manifest, Status::InStep);
        let second = bucketbook::files::update(directory.path(), &files, Allowed::default()).unwrap();
        prop_assert!(second.iter().all(|(_, done)| *done == Done::Unchanged), "{:?}", second);
    }
}

proptest! {
    #![proptest_config(crate::sample::cases(512))]

    #[test]
    fn what_is_rendered_reads_back(spec in crate::common::spec()) {
        reads_back(&stack(&spec));
    }

    #[test]
    fn another_yaml_reader_sees_the_same_template(spec in crate::common::spec()) {
        let stack = stack(&spec);
        let yaml: serde_yaml::Value = serde_yaml::from_str(&text(&stack, "template.yaml")).unwrap();
        let name = |path: &[&str]| {
            let found = path.iter().try_fold(&yaml, |node, key| node.get(*key));
            found.and_then(serde_yaml::Value::as_str).map(str::to_owned)
        };
        prop_assert_eq!(name(&["AWSTemplateFormatVersion"]), Some("2010-09-09".to_owned()));
        let bucket = name(&["Resources", "FilesBucket", "Properties", "BucketName"]);
        prop_assert_eq!(bucket, spec.bucket.name.as_ref().and_then(|name| name.known()).map(ToString::to_string));
        let machine = name(&["Resources", "ObjectCreatedStateMachine", "Properties", "Name"]);
        prop_assert_eq!(machine, spec.state_machine.name.as_ref().and_then(|name| name.known()).map(ToString::to_string));
        let keys = &yaml["Resources"]["FilesTable"]["Properties"]["KeySchema"];
        prop_assert_eq!(keys[0]["AttributeName"].as_str(), Some(spec.table.attribute_names.file_name.as_str()));
    }

    #[test]
    fn every_run_time_value_is_a_path_or_a_function_of_paths(spec in crate::common::spec()) {
        let definition: Value = serde_json::from_str(&text(&stack(&spec), "object_created.asl.json")).unwrap();
        let values = run_time_values(&definition);
        // In a JSONPath machine, a write that may have to leave an attribute out is JSONata all the same.
        let jsonata = spec.state_machine.query_language == QueryLanguage::Jsonata;
        prop_assert!(!jsonata || values.is_empty());
        // In a versioned bucket that is the version's id: an event of an object from before has none.
        let may_miss = spec.attributes.is_some() || !spec.enrich.is_empty() || spec.bucket.versioned;
        prop_assert!(jsonata || !values.is_empty() || may_miss);
        for value in values {
            let path = value.parse::<ReferencePath>().is_ok();
            let function = value.parse::<IntrinsicFunction>().is_ok();
            prop_assert!(path || function, "{}", value);
        }
    }

    #[test]
    fn every_expression_is_one_that_dynamodb_reads(spec in crate::common::spec()) {
        let stack = stack(&spec);
        let mut read = 0;
        for (path, _) in stack.definitions() {
            let definition: Value = serde_json::from_str(&text(&stack, path)).unwrap();
            for request in requests(&definition) {
                // Where a value may be missing, JSONata puts the expression together when it runs.
                let is_made = |text: &&str| text.starts_with("{%");
                let written = |kind: ExpressionKind| request.get(kind.parameter())?.as_str();
                let parse = |kind| Some(grammar::parse(kind, written(kind).filter(|text| !is_made(text))?));
                let made = ExpressionKind::ALL.into_iter().filter_map(written).any(|text| is_made(&text));
                let found: Result<Vec<_>, _> = ExpressionKind::ALL.into_iter().filter_map(parse).collect();
                let found = found.map_err(|error| TestCaseError::fail(format!("{error}\n{request:?}")))?;
                let used: Vec<_> = found.iter().map(|expression| expression.references()).collect();
                if !made {
                    let names = keys(request, "ExpressionAttributeNames");
                    let values = keys(request, "ExpressionAttributeValues");
                    prop_assert_eq!(grammar::declarations(&used, Some(&names), Some(&values)), Default::default());
                }
                for references in used {
                    prop_assert_eq!(grammar::reserved_words(references).next(), None);
                }
                read += found.len();
            }
        }
        prop_assert!(read > 0);
    }

    #[test]
    fn a_role_has_what_its_tasks_need_and_nothing_else(spec in crate::common::spec()) {
        let stack = stack(&spec);
        for (_, machine) in stack.template().state_machines() {
            let definition = &stack.definitions()[&machine.definition_uri];
            let mut needed: Vec<String> = definition.tasks().flat_map(|(_, task)| needed(task)).collect();
            needed.extend(definition.item_readers().flat_map(|(_, reader)| reader.resource.iam_actions()));
            if definition.item_readers().next().is_some() {
                needed.extend(["DescribeExecution", "RedriveExecution", "StartExecution", "StopExecution"].map(|action| format!("states:{action}")));
            }
            needed.sort();
            needed.dedup();
            let granted = granted(&stack, machine);
            prop_assert_eq!(&granted, &needed);
        }
    }

    #[test]
    fn the_same_spec_gives_the_same_bytes(spec in crate::common::spec()) {
        prop_assert_eq!(stack(&spec).files().unwrap(), stack(&spec.clone()).files().unwrap());
    }

    #[test]
    fn a_spec_reads_back_from_json_which_is_yaml(spec in crate::common::spec()) {
        let yaml = serde_json::to_string(&spec).unwrap();
        let document = Document::parse(Source::new("bucketbook.yaml", yaml.clone()));
        prop_assert_eq!(document.map_err(|(_, fault)| fault).unwrap().spec, spec, "{}", yaml);
    }

    #[test]
    fn no_bytes_make_the_spec_reader_panic(bytes in prop::collection::vec(any::<u8>(), 0..200)) {
        if let Ok(source) = Source::decode("x".to_owned(), bytes) {
            let _ = Document::parse(source);
        }
    }

    #[test]
    fn no_text_makes_the_template_reader_panic(text in "(Resources|AWSTemplateFormatVersion|[-:!&*#'\"{}\\[\\]|> \\n]|Ref|a|é){0,60}") {
        let _ = LoadedStack::from_rendered([("template.yaml", text.as_str())]);
    }
}

/// The JSON Schema and the parser agree on names: what an editor marks is what `generate` refuses.
mod schema_and_parser_agree {
    use super::*;

    fn accepts<T: schemars::JsonSchema>(text: &str) -> bool {
        let schema = schemars::schema_for!(T).to_value();
        jsonschema::validator_for(&schema).unwrap().is_valid(&Value::from(text))
    }

    proptest! {
        #![proptest_config(crate::sample::cases(256))]

        #[test]
        fn on_bucket_names(text in "(xn--|sthree-)?[a-zA-Z0-9.-]{1,8}(-s3alias|--x-s3|-an)?|[0-9]{1,3}(\\.[0-9]{1,3}){3}") {
            prop_assert_eq!(accepts::<BucketName>(&text), BucketName::parse(text).is_ok());
        }

        #[test]
        fn on_table_names(text in "[a-zA-Z0-9_.: é-]{1,6}") {
            prop_assert_eq!(accepts::<TableName>(&text), TableName::parse(text).is_ok());
        }

        #[test]
        fn on_stack_names(text in "[a-zA-Z0-9_. -]{1,6}") {
            prop_assert_eq!(accepts::<StackName>(&text), StackName::parse(text).is_ok());
        }

        #[test]
        fn on_state_machine_names(text in "[a-zA-Z0-9<>\\[\\]?*\"#%\\\\^|~`$&,;:/ \\t\u{7f}\u{85}é-]{1,3}") {
            prop_assert_eq!(accepts::<StateMachineName>(&text), StateMachineName::parse(text).is_ok());
        }

        #[test]
        fn on_attribute_names(text in "[a$.{%\\n]{1,6}") {
            prop_assert_eq!(accepts::<AttributeName>(&text), AttributeName::parse(text).is_ok());
        }

        #[test]
        fn on_route_names(text in "[a-zA-Z0-9_-]{1,4}") {
            prop_assert_eq!(accepts::<RouteName>(&text), RouteName::parse(text).is_ok());
        }

        #[test]
        fn on_key_wildcards(text in "[a*\\\\\n]{1,5}") {
            prop_assert_eq!(accepts::<KeyWildcard>(&text), KeyWildcard::parse(text).is_ok());
        }

        #[test]
        fn on_logical_ids(text in "[a-zA-Z0-9_-]{1,4}") {
            prop_assert_eq!(accepts::<LogicalId>(&text), LogicalId::parse(text).is_ok());
        }
    }
}

#[test]
fn every_starter_reads_back() {
    for starter in STARTERS {
        let document =
            Document::parse(Source::new("bucketbook.yaml", starter.text)).map_err(|(_, fault)| fault).unwrap();
        reads_back(&stack(&document.spec));
    }
}

/// The model says what kind each resource is; this is here so that a new kind is not forgotten in the laws above.
#[test]
fn the_laws_cover_every_kind_of_resource() {
    let spec = Spec { backfill: Some(BackfillSpec::default()), api: Some(ApiSpec::default()), ..Spec::default() };
    let kinds = stack(&spec)
        .template()
        .resources()
        .values()
        .map(|resource| match &resource.kind {
            ResourceKind::Bucket(_) => "bucket",
            ResourceKind::Table(_) => "table",
            ResourceKind::StateMachine(_) => "state machine",
            ResourceKind::Role(_) => "role",
            ResourceKind::Policy(_) => "policy",
            _ => "chosen",
        })
        .collect::<Vec<_>>();
    assert_eq!(
        kinds,
        ["bucket", "table", "state machine", "role", "state machine", "policy", "role", "chosen", "chosen"]
    );
}
