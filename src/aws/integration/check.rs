use serde_json::{Map, Value};
use thiserror::Error;

use super::Call;
use super::limit::{needed, numbers};
use crate::aws::service_model::{Bounds, Kind, Member, Type, closest};
use crate::source::Pointer;

/// How deep parameters are looked at: deeper than any that a service takes.
const MAX_DEPTH: usize = 48;

/// Something wrong with a parameter.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ParameterFault {
    /// Where, below the parameters: a JSON Pointer. Of a missing parameter, what it is missing from.
    pub pointer: Pointer,
    /// What.
    pub problem: ParameterProblem,
}

/// What can be wrong with a parameter.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
pub enum ParameterProblem {
    /// It is needed, and not there.
    #[error("the parameter `{0}` is missing")]
    Missing(String),
    /// There is none of this name.
    #[error("unknown parameter `{name}`")]
    Unknown {
        /// The name, without `.$`.
        name: String,
        /// The one that was meant.
        meant: Option<String>,
    },
    /// It is of another type.
    #[error("`{name}` must be {expected}, not {given}")]
    Type {
        /// The parameter.
        name: String,
        /// What it takes.
        expected: &'static str,
        /// What it is given.
        given: &'static str,
    },
    /// It is none of the values that there are.
    #[error("`{name}` must be {}, not `{given}`", list(allowed))]
    Value {
        /// The parameter.
        name: String,
        /// The values.
        allowed: Vec<&'static str>,
        /// What it is given.
        given: String,
    },
    /// It is shorter or longer, smaller or larger than the service takes.
    #[error("`{name}` must {} {bound}, not {given}", limited(*is_size, *is_least))]
    Bound {
        /// The parameter.
        name: String,
        /// Whether its length is limited, and not its value.
        is_size: bool,
        /// Whether the bound is the least, and not the most.
        is_least: bool,
        /// The bound.
        bound: String,
        /// What it is given.
        given: String,
    },
}

fn limited(is_size: bool, is_least: bool) -> &'static str {
    match (is_size, is_least) {
        (false, true) => "be at least",
        (false, false) => "be at most",
        (true, true) => "have a length of at least",
        (true, false) => "have a length of at most",
    }
}

fn list(words: &[&str]) -> String {
    match words {
        [] => "nothing".to_owned(),
        [only] => format!("only `{only}`"),
        _ if words.len() > 12 => format!("one of {} values, such as `{}`", words.len(), words[0]),
        [others @ .., last] => format!("`{}` or `{last}`", others.join("`, `")),
    }
}

/// Holds the parameters of a call against what it takes. Values that are only known at run time, which are those of keys in `.$` and
/// JSONata, are taken for right; so is a text with a `${Substitution}`.
pub fn check(call: &Call, parameters: &Value) -> Vec<ParameterFault> {
    let plain_texts = call.service() == "dynamodb" && !call.is_sdk();
    let (service, action) = (call.service(), call.action());
    let texts_from_json = call.is_sdk();
    let mut check = Check { service, action, any: call.any_json(), plain_texts, texts_from_json, faults: Vec::new() };
    check.required(call.required(), parameters);
    if call.is("http", "invoke") {
        check.connection(parameters);
    }
    if let Some(custom) = call.custom() {
        check.custom(custom.required, custom.optional, parameters);
    } else if let Some(of) = call.parameters() {
        check.value("Parameters", of, parameters, &Place::default());
    }
    check.faults
}

struct Check<'a> {
    service: &'a str,
    action: &'a str,
    any: &'static [&'static str],
    plain_texts: bool,
    /// An `aws-sdk:` call turns an object or a list that is given for a text into its JSON text.
    texts_from_json: bool,
    faults: Vec<ParameterFault>,
}

/// Where a value stands.
#[derive(Default, Clone)]
struct Place {
    pointer: Pointer,
    /// The names of the members that lead to it, without the numbers of elements.
    members: Vec<String>,
    depth: usize,
}

impl Place {
    fn below(&self, key: &str, member: Option<&str>) -> Self {
        let pointer = self.pointer.child(key);
        let mut members = self.members.clone();
        members.extend(member.map(str::to_owned));
        Self { pointer, members, depth: self.depth + 1 }
    }
}

/// The name that a key gives a value to, and whether the value is only known at run time.
fn name_of(key: &str) -> (&str, bool) {
    key.strip_suffix(".$").map_or((key, false), |name| (name, true))
}

/// Whether a text stands for something that is only known later.
fn is_open(text: &str) -> bool {
    text.contains("${") || text.trim_start().starts_with("{%")
}

impl Check<'_> {
    fn push(&mut self, place: &Place, problem: ParameterProblem) {
        self.faults.push(ParameterFault { pointer: place.pointer.clone(), problem });
    }

    fn custom(&mut self, required: &[&str], optional: &[&str], parameters: &Value) {
        let Value::Object(entries) = parameters else { return };
        let place = Place::default();
        for key in entries.keys() {
            let (name, _) = name_of(key);
            if !required.contains(&name) && !optional.contains(&name) {
                let meant = closest(name, required.iter().chain(optional).copied()).map(str::to_owned);
                self.push(&place.below(key, None), ParameterProblem::Unknown { name: name.to_owned(), meant });
            }
        }
        self.required(required, parameters);
    }

    /// An HTTP Task says which [connection](https://docs.aws.amazon.com/step-functions/latest/dg/call-https-apis.html) it uses.
    fn connection(&mut self, parameters: &Value) {
        let Value::Object(entries) = parameters else { return };
        let known = ["ApiEndpoint", "Authentication", "InvocationConfig"];
        let given = |name: &&str| entries.keys().any(|key| name_of(key).0 == *name);
        if given(&known[0]) && !known[1..].iter().any(given) {
            self.push(&Place::default(), ParameterProblem::Missing("Authentication".to_owned()));
        }
    }

    fn required(&mut self, required: &[&str], parameters: &Value) {
        let Value::Object(entries) = parameters else { return };
        for name in required {
            if !entries.keys().any(|key| name_of(key).0 == *name) {
                self.push(&Place::default(), ParameterProblem::Missing((*name).to_owned()));
            }
        }
    }

    fn value(&mut self, name: &str, of: Type, value: &Value, place: &Place) {
        let open = matches!(value, Value::String(text) if is_open(text));
        if open || value.is_null() || place.depth > MAX_DEPTH || (!self.any.is_empty() && place.members == self.any) {
            return;
        }
        // The optimized DynamoDB integration takes a text for `{"S": text}`.
        self.bounds(name, of, value, place);
        let shorthand = self.plain_texts && value.is_string() && of.member("BOOL").is_some();
        if shorthand {
            return;
        }
        let expected = match (of.kind(), value) {
            (Kind::Structure(members) | Kind::Union(members), Value::Object(entries)) => {
                return self.members(&members, entries, place);
            }
            (Kind::Map(of), Value::Object(entries)) => {
                for (key, value) in entries {
                    let (name, dynamic) = name_of(key);
                    if !dynamic {
                        self.value(name, of, value, &place.below(key, None));
                    }
                }
                return;
            }
            (Kind::List(of), Value::Array(items)) => {
                for (at, item) in items.iter().enumerate() {
                    self.value(name, of, item, &place.below(&at.to_string(), None));
                }
                return;
            }
            (Kind::Enum(allowed), Value::String(text)) => {
                if !allowed.contains(&text.as_str()) {
                    let problem = ParameterProblem::Value { name: name.to_owned(), allowed, given: text.clone() };
                    self.push(place, problem);
                }
                return;
            }
            (Kind::Text, Value::Object(_) | Value::Array(_)) if self.texts_from_json => return,
            (kind, value) => match mismatch(&kind, value) {
                Some(expected) => expected,
                None => return,
            },
        };
        self.push(place, ParameterProblem::Type { name: name.to_owned(), expected, given: describe(value) });
    }

    /// The limits of a number, or of the length of a text, a list or a map.
    fn bounds(&mut self, name: &str, of: Type, value: &Value, place: &Place) {
        let Bounds { mut least, mut most } = of.bounds();
        let (is_size, given) = match (of.kind(), value) {
            (Kind::Integer | Kind::Number, Value::Number(number)) => {
                if let Some((from, to)) = numbers(self.service, name) {
                    (least, most) = (Some(from), Some(to));
                }
                (false, number.as_f64())
            }
            (Kind::Text, Value::String(text)) => (true, Some(text.chars().count() as f64)),
            (Kind::List(_), Value::Array(items)) => (true, Some(items.len() as f64)),
            _ => return,
        };
        let Some(given) = given else { return };
        let broken = [(true, least.filter(|least| given < *least)), (false, most.filter(|most| given > *most))];
        for (is_least, bound) in broken {
            let Some(bound) = bound else { continue };
            let (name, bound, given) = (name.to_owned(), bound.to_string(), given.to_string());
            self.push(place, ParameterProblem::Bound { name, is_size, is_least, bound, given });
        }
    }

    fn members(&mut self, members: &[Member], entries: &Map<String, Value>, place: &Place) {
        for (key, value) in entries {
            let (name, dynamic) = name_of(key);
            let Some(member) = members.iter().find(|member| member.name == name || member.native == name) else {
                let meant = closest(name, members.iter().map(|member| &*member.name)).map(str::to_owned);
                self.push(&place.below(key, None), ParameterProblem::Unknown { name: name.to_owned(), meant });
                continue;
            };
            if !dynamic {
                self.value(name, member.of, value, &place.below(key, Some(&member.name)));
            }
        }
        let needed = needed(self.service, self.action, &place.members);
        for member in members.iter().filter(|member| member.required || needed.contains(&&*member.name)) {
            let given = entries.keys().map(|key| name_of(key).0).any(|key| key == member.name || key == member.native);
            // A name that was misspelt is said to be unknown, and need not be said to be missing as well.
            let misspelt = |key: &String| closest(name_of(key).0, [&*member.name]).is_some();
            if !given && !entries.keys().any(misspelt) {
                self.push(place, ParameterProblem::Missing(member.name.to_string()));
            }
        }
    }
}

/// What a value of this kind is, if a literal cannot be one. Where Step Functions might take one for the other (`"5"` for 5) nothing is said.
fn mismatch(kind: &Kind, value: &Value) -> Option<&'static str> {
    let number = |text: &str| text.trim().parse::<f64>().is_ok();
    match (kind, value) {
        (Kind::Document | Kind::Bytes, _) | (Kind::Text | Kind::Enum(_), Value::String(_)) => None,
        (Kind::Text | Kind::Enum(_), _) => Some("a string"),
        (Kind::Integer | Kind::Number, Value::Number(_)) => None,
        (Kind::Integer | Kind::Number, Value::String(text)) if number(text) => None,
        (Kind::Integer | Kind::Number, _) => Some("a number"),
        (Kind::Boolean, Value::Bool(_)) => None,
        (Kind::Boolean, Value::String(text)) if text == "true" || text == "false" => None,
        (Kind::Boolean, _) => Some("true or false"),
        (Kind::Time, Value::String(_) | Value::Number(_)) => None,
        (Kind::Time, _) => Some("a time"),
        (Kind::List(_), _) => Some("a list"),
        (Kind::Map(_) | Kind::Structure(_) | Kind::Union(_), _) => Some("an object"),
    }
}

fn describe(value: &Value) -> &'static str {
    match value {
        Value::Null => "null",
        Value::Bool(_) => "a boolean",
        Value::Number(_) => "a number",
        Value::String(_) => "a string",
        Value::Array(_) => "a list",
        Value::Object(_) => "an object",
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn said(resource: &str, parameters: Value) -> Vec<String> {
        let call = Call::find(&format!("arn:aws:states:::{resource}")).unwrap().unwrap();
        check(&call, &parameters).iter().map(|fault| format!("{}: {}", fault.pointer, fault.problem)).collect()
    }

    #[test]
    fn right_parameters_are_not_spoken_of() {
        for (resource, parameters) in [
            (
                "dynamodb:putItem",
                json!({"TableName": "t", "Item": {"a": {"S.$": "$.x"}, "b": {"NULL": true}, "c.$": "$.c"}}),
            ),
            ("dynamodb:putItem", json!({"TableName.$": "$.t", "Item.$": "$.i"})),
            ("dynamodb:putItem", json!({"TableName": "t", "Item": {"a": "short for S"}})),
            (
                "aws-sdk:dynamodb:putItem",
                json!({"TableName": "t", "Item": {"a": {"Bool": true}, "b": {"BOOL": false}}}),
            ),
            ("lambda:invoke", json!({"FunctionName": "f", "Payload": {"any": ["thing"]}})),
            ("sqs:sendMessage", json!({"QueueUrl": "q", "MessageBody": {"any.$": "$.thing"}})),
            ("sns:publish", json!({"TopicArn": "t", "Message": {"any": 1}})),
            (
                "events:putEvents",
                json!({"Entries": [{"Detail": {"a": 1}, "DetailType": "d", "Source": "s", "EventBusName": "b"}]}),
            ),
            ("states:startExecution", json!({"StateMachineArn": "m", "Input": {"a": 1}})),
            ("aws-sdk:s3:putObject", json!({"Bucket": "b", "Key": "k", "Body": {"a": 1}, "ACL": "private"})),
            ("aws-sdk:s3:putObject", json!({"Bucket": "b", "Key": "k", "SsekmsKeyId": "k", "Acl": "private"})),
            ("aws-sdk:dynamodb:query", json!({"TableName": "t", "Limit": "5", "Select": "${Select}"})),
            ("aws-sdk:dynamodb:query", json!("{% $states.input %}")),
            ("elasticmapreduce:addStep.sync", json!({"ClusterId": "c", "Step": {}})),
            // An object or a list for a text becomes JSON text.
            (
                "aws-sdk:eventbridge:putEvents",
                json!({"Entries": [{"Source": "s", "DetailType": "d", "Detail": {"key.$": "$.key"}, "Resources": ["r"]}]}),
            ),
            ("aws-sdk:sfn:startExecution", json!({"StateMachineArn": "m", "Input": [1, 2]})),
            // The SDK makes up a token that is not given.
            (
                "emr-serverless:startJobRun.sync",
                json!({"ApplicationId": "a", "ExecutionRoleArn": "arn:aws:iam::123456789012:role/r", "JobDriver": {"SparkSubmit": {"EntryPoint": "e"}}}),
            ),
            ("batch:submitJob.sync", json!({"JobName": "j", "JobQueue": "q", "JobDefinition": "d"})),
        ] {
            assert_eq!(said(resource, parameters), Vec::<String>::new(), "{resource}");
        }
    }

    #[test]
    fn wrong_parameters_are_said_in_their_place() {
        for (resource, parameters, expected) in [
            ("dynamodb:putItem", json!({"TableName": "t"}), ": the parameter `Item` is missing"),
            ("dynamodb:putItem", json!({"tableName": "t", "Item": {}}), "/tableName: unknown parameter `tableName`"),
            (
                "dynamodb:putItem",
                json!({"TableName": "t", "Item": {"a": {"N": 5}}}),
                "/Item/a/N: `N` must be a string, not a number",
            ),
            (
                "dynamodb:putItem",
                json!({"TableName": "t", "Item": {"a": 5}}),
                "/Item/a: `a` must be an object, not a number",
            ),
            (
                "dynamodb:putItem",
                json!({"TableName": "t", "Item": {"a": {"X": "b"}}}),
                "/Item/a/X: unknown parameter `X`",
            ),
            (
                "dynamodb:putItem",
                json!({"TableName": "t", "Item": {}, "ReturnValues": "ALL"}),
                "/ReturnValues: `ReturnValues` must be `NONE`, `ALL_OLD`, `UPDATED_OLD`, `ALL_NEW` or `UPDATED_NEW`, not `ALL`",
            ),
            (
                "sqs:sendMessage",
                json!({"QueueURL": "q", "MessageBody": "m"}),
                "/QueueURL: unknown parameter `QueueURL`",
            ),
            (
                "aws-sdk:dynamodb:query",
                json!({"TableName": "t", "Limit": true}),
                "/Limit: `Limit` must be a number, not a boolean",
            ),
            (
                "aws-sdk:sfn:startExecution",
                json!({"StateMachineArn": "m", "Input": 5}),
                "/Input: `Input` must be a string, not a number",
            ),
            (
                "sqs:sendMessage",
                json!({"QueueUrl": "q", "MessageBody": "m", "DelaySeconds": 901}),
                "/DelaySeconds: `DelaySeconds` must be at most 900, not 901",
            ),
            (
                "aws-sdk:dynamodb:query",
                json!({"TableName": "t", "Limit": 0}),
                "/Limit: `Limit` must be at least 1, not 0",
            ),
            (
                "aws-sdk:sfn:startExecution",
                json!({"StateMachineArn": "m", "Name": ""}),
                "/Name: `Name` must have a length of at least 1, not 0",
            ),
            (
                "events:putEvents",
                json!({"Entries": [{"Detail": {}, "Source": "s"}]}),
                "/Entries/0: the parameter `DetailType` is missing",
            ),
            ("http:invoke", json!({"Method": "GET"}), ": the parameter `ApiEndpoint` is missing"),
            ("lambda:invoke", json!({"Payload.$": "$"}), ": the parameter `FunctionName` is missing"),
        ] {
            assert_eq!(said(resource, parameters), [expected], "{resource}");
        }
    }
}
