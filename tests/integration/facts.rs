//! The lists that are written down here are held against the models that AWS publishes.

use std::path::Path;

use bucketbook::aws::integration::{Call, Integration, Style, error_prefix};
use bucketbook::aws::resource_schema;
use bucketbook::aws::s3::{checksum_algorithms, storage_classes};
use bucketbook::aws::service_model::{Kind, Type};
use bucketbook::aws::{Finds, ResourceType, TableOperation};
use bucketbook::eventbridge::s3::CreationReason;
use bucketbook::spec::Spec;

use super::architecture::{code, sources};

/// The reasons of S3's events are calls of its API; only the one for HTML forms has no call of its own.
#[test]
fn objects_are_created_by_calls() {
    for reason in CreationReason::ALL.map(CreationReason::as_str) {
        let action = format!("{}{}", reason[..1].to_ascii_lowercase(), &reason[1..]);
        let known = Call::named(Style::Sdk, "s3", &action).is_some();
        assert_eq!(known, reason != "POST Object", "{reason}");
    }
}

/// A type's name is given by a property that its published schema has.
#[test]
fn names_are_properties() {
    let mut held = 0;
    for known in ResourceType::ALL {
        let (Some(property), Some(schema)) = (known.name_property(), resource_schema::find(known.as_str())) else {
            continue;
        };
        assert!(schema.properties.contains_key(property), "{}: {property}", known.as_str());
        held += 1;
    }
    assert!(held >= 4, "only {held} types have both a schema and a property for the name");
}

/// Code asks `aws::ResourceType` for a type of resource. Only the forms of what is written are named where serde wants them, and each of
/// those is a known type.
#[test]
fn types_of_resources_are_named_once() {
    const WRITTEN: &str = "src/stack/resource/mod.rs";
    let literal = regex::Regex::new(r#""(AWS::[A-Za-z0-9]+::[A-Za-z0-9]+)""#).unwrap();
    let mut named = Vec::new();
    for path in sources(Path::new("src")).into_iter().filter(|path| !path.starts_with("src/aws")) {
        let text = std::fs::read_to_string(&path).unwrap();
        for (at, line) in code(&text).enumerate() {
            for found in literal.captures_iter(line) {
                let known = ResourceType::of(&found[1]).is_some();
                let place = format!("{}:{}: {}", path.display(), at + 1, &found[1]);
                if path == Path::new(WRITTEN) {
                    assert!(known, "{place} is not in aws::ResourceType");
                } else {
                    named.push(place);
                }
            }
        }
    }
    assert!(named.is_empty(), "ask aws::ResourceType instead:\n{}", named.join("\n"));
}

/// Words that stand once, in `aws`, and that code asks for by their constants: what they look like, where they are, and the few places that
/// may write them all the same.
#[test]
fn words_of_aws_are_written_once() {
    let once: [(&str, &str, &[&str]); 4] = [
        (r#""AWS::[A-Z][A-Za-z]+""#, "aws::cloudformation::Pseudo", &["src/graph/architecture/kinds.rs"]),
        (r#""[a-z.]+\.amazonaws\.com""#, "aws::principal", &[]),
        (r"256 \* 1024|262_?144|25_000\b|99_999_999", "aws::quota", &[]),
        (r#""\d{12}""#, "loaded::stand_in", &["src/loaded/stand_in.rs"]),
    ];
    for (look, owner, excused) in once {
        let look = regex::Regex::new(look).unwrap();
        let places = places_of(&look, |path| excused.contains(&path));
        assert!(places.is_empty(), "ask {owner} instead:\n{}", places.join("\n"));
    }
}

/// The lines of code outside `aws` in which something is found.
fn places_of(look: &regex::Regex, excused: impl Fn(&str) -> bool) -> Vec<String> {
    let mut found = Vec::new();
    for path in sources(Path::new("src")) {
        let name = path.display().to_string();
        if name.starts_with("src/aws") || name.ends_with("tests.rs") || name.contains("/tests/") || excused(&name) {
            continue;
        }
        let text = std::fs::read_to_string(&path).unwrap();
        let lines = code(&text).enumerate().filter(|(_, line)| look.is_match(line));
        found.extend(lines.map(|(at, line)| format!("{name}:{}: {}", at + 1, line.trim())));
    }
    found
}

/// An optimized integration and the SDK's spell a service's errors in letters that differ in nothing but their case.
#[test]
fn the_two_styles_name_the_same_service() {
    for service in ["dynamodb", "events", "lambda", "sns", "sqs"] {
        let (optimized, sdk) = (error_prefix(Style::Optimized, service), error_prefix(Style::Sdk, service));
        let (optimized, sdk) = (optimized.unwrap(), sdk.unwrap());
        assert!(optimized.eq_ignore_ascii_case(sdk), "{optimized} {sdk}");
    }
}

/// What a record can hold of an object's checksum is any that S3 can have made.
#[test]
fn every_checksum_is_asked_for() {
    assert!(checksum_algorithms().len() >= 10 && storage_classes().len() >= 13);
    let enrich = serde_json::from_value(serde_json::json!(["checksum"])).unwrap();
    let spec = Spec { enrich, ..Default::default() };
    let files = bucketbook::catalog::stack(&spec).unwrap().files().unwrap();
    let definition = files.iter().find(|file| file.path.ends_with("object_created.asl.json")).unwrap();
    for algorithm in checksum_algorithms() {
        assert!(definition.text.contains(&format!("Checksum{algorithm} ")), "{algorithm}");
    }
}

/// The calls that a generated workflow makes exist, and the permissions for them are certain.
#[test]
fn generated_calls_exist() {
    for call in [
        Integration::optimized("dynamodb", "putItem"),
        Integration::optimized("dynamodb", "updateItem"),
        Integration::optimized("dynamodb", "deleteItem"),
        Integration::sdk("dynamodb", "query"),
        Integration::sdk("s3", "headObject"),
        Integration::sdk("s3", "getObjectTagging"),
        Integration::optimized("s3", "listObjectsV2"),
        Integration::optimized("sqs", "sendMessage"),
    ] {
        assert!(call.call().is_some_and(|known| known.iam_actions().1), "{call}");
    }
}

/// An operation says which items it is about in a field that DynamoDB demands, and needs the permission that its two integrations say.
#[test]
fn operations_on_tables_are_those_of_the_model() {
    for operation in TableOperation::ALL.into_iter().filter(|operation| operation.is_action()) {
        let call = Call::named(Style::Sdk, "dynamodb", operation.action()).unwrap();
        let parameters = call.parameters().unwrap();
        let (answer, name) = (call.answer().unwrap().of, operation.name());
        match operation.finds() {
            Finds::Item(field) | Finds::Parts(field) => assert!(parameters.member(field).unwrap().required, "{name}"),
            Finds::Items => assert!(answer.member("ScannedCount").is_some(), "{name}"),
        }
        assert_eq!(answer.member("Attributes").is_some(), operation.writes_one(), "{name}");
        assert_eq!(parameters.member("TransactItems").is_some(), operation.is_transaction(), "{name}");
        assert_eq!(call.iam_actions().0, operation.permission().into_iter().collect::<Vec<_>>(), "{name}");
        if let Some(optimized) = Call::named(Style::Optimized, "dynamodb", operation.action()) {
            assert_eq!(optimized.iam_actions(), call.iam_actions(), "{name}");
        }
    }
}

/// The parts that a transaction or a batch can have are those of the model.
#[test]
fn parts_are_those_of_the_model() {
    let parts = |operation: TableOperation, field: &str| {
        let parameters = Call::named(Style::Sdk, "dynamodb", operation.action()).unwrap().parameters().unwrap();
        let listed = |of: Type| match of.kind() {
            Kind::List(part) => part,
            other => panic!("{other:?}"),
        };
        let field = parameters.member(field).unwrap().of;
        let part = field.map_value().map_or_else(|| listed(field), listed);
        let (Kind::Structure(members) | Kind::Union(members)) = part.kind() else { panic!("{part:?}") };
        members.into_iter().map(|member| member.native.into_owned()).collect::<Vec<_>>()
    };
    for name in parts(TableOperation::BatchWriteItem, "RequestItems") {
        assert!(TableOperation::in_batch(&name).is_some_and(TableOperation::writes_one), "{name}");
    }
    for name in parts(TableOperation::TransactWriteItems, "TransactItems") {
        let part = TableOperation::in_transaction(&name).unwrap();
        assert!(part.writes() || part == TableOperation::ConditionCheck, "{name}");
    }
    for name in parts(TableOperation::TransactGetItems, "TransactItems") {
        assert_eq!(TableOperation::in_transaction(&name), Some(TableOperation::GetItem), "{name}");
    }
}
