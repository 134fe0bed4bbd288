//! What states do, in a few words.

use serde_json::Value;

use crate::asl::program::{ChoiceCondition, Dynamic, Expression, JsonataTemplate, Map, Mode, Template, Wait};
use crate::asl::query::{Node, Operand, Operator, Relation, Test};
use crate::aws::integration::{Pattern, Resource, function_name};

/// When a rule of a Choice holds: `$.result.Count > 0`.
pub(super) fn condition(condition: &ChoiceCondition) -> String {
    match condition {
        ChoiceCondition::JsonPath(condition) => node(condition.node(), false),
        ChoiceCondition::Jsonata(Dynamic::Literal(true)) => "always".to_owned(),
        ChoiceCondition::Jsonata(Dynamic::Literal(false)) => "never".to_owned(),
        ChoiceCondition::Jsonata(Dynamic::Expression(expression)) => source(expression),
        ChoiceCondition::Jsonata(Dynamic::Path(query)) => query.source().to_owned(),
        ChoiceCondition::Jsonata(Dynamic::Unknown(written)) => written.clone(),
    }
}

/// An expression on one line.
fn source(expression: &Expression) -> String {
    expression.source().split_whitespace().collect::<Vec<_>>().join(" ")
}

/// `inner` is whether it stands in another one, where it may need parentheses.
fn node(condition: &Node, inner: bool) -> String {
    let several = |nodes: &[Node], word: &str| {
        let parts: Vec<String> = nodes.iter().map(|part| node(part, nodes.len() > 1)).collect();
        let text = parts.join(word);
        if inner && nodes.len() > 1 { format!("({text})") } else { text }
    };
    match condition {
        Node::And(nodes) => several(nodes, " and "),
        Node::Or(nodes) => several(nodes, " or "),
        Node::Not(negated) => match &**negated {
            Node::Comparison { variable, operator: Operator::Is(test), with: Operand::Literal(Value::Bool(holds)) } => {
                format!("{variable} {}", is(*test, !holds))
            }
            other => format!("not ({})", node(other, false)),
        },
        Node::Comparison { variable, operator, with } => comparison(&variable.to_string(), *operator, with),
    }
}

fn comparison(variable: &str, operator: Operator, with: &Operand) -> String {
    let operand = match with {
        Operand::Literal(value) => value.to_string(),
        Operand::Pattern(pattern) => Value::String(pattern.source()).to_string(),
        Operand::Path(path) => path.to_string(),
    };
    match operator {
        Operator::Is(test) => format!("{variable} {}", is(test, operand == "true")),
        Operator::StringMatches => format!("{variable} matches {operand}"),
        Operator::Order(_, relation) => {
            let sign = match relation {
                Relation::Equals => "=",
                Relation::LessThan => "<",
                Relation::GreaterThan => ">",
                Relation::LessThanEquals => "≤",
                Relation::GreaterThanEquals => "≥",
            };
            // A short value is not left alone on a line.
            let gap = if operand.len() < 24 { '\u{a0}' } else { ' ' };
            format!("{variable} {sign}{gap}{operand}")
        }
    }
}

fn is(test: Test, holds: bool) -> String {
    let what = match test {
        Test::Present => "present",
        Test::Null => "null",
        Test::Numeric => "a number",
        Test::String => "a string",
        Test::Boolean => "a boolean",
        Test::Timestamp => "a timestamp",
    };
    if holds { format!("is {what}") } else { format!("is not {what}") }
}

/// What a task calls: `DynamoDB: PutItem`.
pub(super) fn resource(resource: &Resource) -> String {
    match resource {
        Resource::Service { call, .. } => {
            let waits = match call.pattern() {
                Pattern::RequestResponse => "",
                Pattern::Sync | Pattern::Sync2 => ", to its end",
                Pattern::WaitForTaskToken => ", until called back",
            };
            format!("{}: {}{waits}", service(call.service()), capital(call.action()))
        }
        Resource::Function { arn } => {
            format!("Lambda: {}", function_name(arn))
        }
        Resource::Activity { arn } => format!("Activity: {}", arn.rsplit(':').next().unwrap_or(arn)),
        Resource::Other { text } => text.clone(),
    }
}

/// What people call a service.
pub(super) fn service(name: &str) -> String {
    let known = match name {
        "apigateway" => "API Gateway",
        "athena" => "Athena",
        "batch" => "Batch",
        "bedrock" => "Bedrock",
        "bedrockruntime" => "Bedrock Runtime",
        "cloudwatch" => "CloudWatch",
        "codebuild" => "CodeBuild",
        "dynamodb" => "DynamoDB",
        "ec2" => "EC2",
        "ecs" => "ECS",
        "eks" => "EKS",
        "elasticmapreduce" => "EMR",
        "events" | "eventbridge" => "EventBridge",
        "glue" => "Glue",
        "http" => "HTTP",
        "iam" => "IAM",
        "kms" => "KMS",
        "lambda" => "Lambda",
        "rds" => "RDS",
        "rekognition" => "Rekognition",
        "s3" => "S3",
        "sagemaker" => "SageMaker",
        "secretsmanager" => "Secrets Manager",
        "sfn" | "states" => "Step Functions",
        "sns" => "SNS",
        "sqs" => "SQS",
        "ssm" => "Systems Manager",
        "sts" => "STS",
        "textract" => "Textract",
        "translate" => "Translate",
        other => return capital(other),
    };
    known.to_owned()
}

fn capital(text: &str) -> String {
    let mut chars = text.chars();
    chars.next().map(|first| first.to_uppercase().chain(chars).collect()).unwrap_or_default()
}

/// How long a Wait waits.
pub(super) fn wait(wait: &Wait) -> String {
    match wait {
        Wait::Seconds(Dynamic::Literal(seconds)) => format!("Wait {}", duration(*seconds)),
        Wait::Seconds(seconds) => format!("Wait {} seconds", dynamic(seconds)),
        Wait::Timestamp(timestamp) => format!("Wait until {}", dynamic(timestamp)),
    }
}

/// Seconds in the largest unit in which they are whole.
fn duration(seconds: f64) -> String {
    let (count, unit) = [(86_400.0, "day"), (3_600.0, "hour"), (60.0, "minute")]
        .into_iter()
        .find(|(unit, _)| seconds >= *unit && seconds % unit == 0.0)
        .map_or((seconds, "second"), |(unit, name)| (seconds / unit, name));
    format!("{count} {unit}{}", if count == 1.0 { "" } else { "s" })
}

/// A value, or where it comes from.
pub(super) fn dynamic<T: ToString>(value: &Dynamic<T>) -> String {
    match value {
        Dynamic::Literal(value) => value.to_string(),
        Dynamic::Path(query) => query.source().to_owned(),
        Dynamic::Expression(expression) => source(expression),
        Dynamic::Unknown(written) => written.clone(),
    }
}

/// What a Map goes through, and how.
pub(super) fn map(map: &Map) -> String {
    let mut parts = vec![match map.mode {
        Mode::Inline => "Map".to_owned(),
        Mode::Distributed(execution_type) => format!("Distributed Map, {execution_type:?} executions"),
    }];
    parts.extend(items(map).map(|items| format!("of {items}")));
    if let Some(most) = &map.max_concurrency {
        let most = dynamic(most);
        if most != "0" {
            parts.push(format!("{most} at once"));
        }
    }
    if let Some(size) = map.item_batcher.as_ref().and_then(|batcher| batcher.max_items_per_batch.as_ref()) {
        parts.push(format!("in batches of {}", dynamic(size)));
    }
    parts.join(", ").replacen(", of ", " of ", 1)
}

/// Where a Map's items come from.
fn items(map: &Map) -> Option<String> {
    if let Some(reader) = &map.item_reader {
        let from = reader.resource.service().map(service).unwrap_or_else(|| reader.resource.arn().to_owned());
        return Some(match (&reader.reader_config.input_type, reader.resource.action()) {
            (Some(kind), _) => format!("{kind} from {from}"),
            (None, Some("listObjectsV2")) => format!("a list of objects from {from}"),
            (None, _) => format!("items from {from}"),
        });
    }
    match (&map.items_path, &map.items) {
        (Some(path), _) => Some(path.to_string()),
        (_, Some(Template::Jsonata(JsonataTemplate::Expression(expression)))) => Some(source(expression)),
        (_, Some(Template::Jsonata(JsonataTemplate::Literal(Value::Array(items))))) => {
            Some(format!("{} given items", items.len()))
        }
        _ => None,
    }
}
