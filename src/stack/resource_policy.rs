use crate::aws::cloudformation::Pseudo;
use indexmap::IndexMap;
use serde::Serialize;

use super::policy::{Effect, Operator, VERSION};
use super::{Sub, Value};

/// A [resource-based policy](https://docs.aws.amazon.com/IAM/latest/UserGuide/access_policies_identity-vs-resource.html): who may do
/// what with the bucket, queue, topic or key that it is attached to.
///
/// What a role may do is another matter: that is a [`PolicyDocument`](super::PolicyDocument), derived from the role's tasks.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[serde(rename_all = "PascalCase")]
pub struct ResourcePolicy {
    version: String,
    statement: Vec<ResourceStatement>,
}

/// A statement of a resource-based policy.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[serde(rename_all = "PascalCase")]
pub struct ResourceStatement {
    sid: String,
    effect: Effect,
    principal: Principal,
    action: Vec<String>,
    resource: Vec<Value>,
    #[serde(skip_serializing_if = "IndexMap::is_empty")]
    condition: IndexMap<Operator, IndexMap<String, Value>>,
}

/// Who a statement is about.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub enum Principal {
    /// An AWS service: `events.amazonaws.com`.
    Service(Value),
    /// An account or role by its ARN, or `*`: everybody.
    #[serde(rename = "AWS")]
    Aws(Value),
}

impl ResourcePolicy {
    /// A policy of these statements.
    pub fn new(statement: Vec<ResourceStatement>) -> Self {
        Self { version: VERSION.to_owned(), statement }
    }
}

impl ResourceStatement {
    /// Nobody may do anything with these resources over a connection that is not encrypted.
    pub fn tls_only(action: &str, resource: impl IntoIterator<Item = Value>) -> Self {
        let statement = Self {
            sid: "TlsOnly".to_owned(),
            effect: Effect::Deny,
            principal: Principal::Aws("*".into()),
            action: vec![action.to_owned()],
            resource: resource.into_iter().collect(),
            condition: IndexMap::new(),
        };
        statement.when(Operator::Bool, "aws:SecureTransport", "false".into())
    }

    /// The account of the stack may do this, as the policies of its users and roles allow.
    pub fn account<const N: usize>(sid: &str, action: [&str; N]) -> Self {
        let root = Sub::default().text("arn:").pseudo(Pseudo::Partition).text(":iam::");
        let root = root.pseudo(Pseudo::AccountId).text(":root");
        Self { principal: Principal::Aws(root.into()), ..Self::service(sid, "", action, "*".into()) }
    }

    /// An AWS service may do this.
    pub fn service<const N: usize>(sid: &str, service: impl Into<Value>, action: [&str; N], resource: Value) -> Self {
        Self {
            sid: sid.to_owned(),
            effect: Effect::Allow,
            principal: Principal::Service(service.into()),
            action: action.map(str::to_owned).into(),
            resource: vec![resource],
            condition: IndexMap::new(),
        }
    }

    /// The same, on behalf of the resource with this ARN only: no other account's rule or alarm can make the service a
    /// [confused deputy](https://docs.aws.amazon.com/IAM/latest/UserGuide/confused-deputy.html).
    pub fn where_source(self, arn: Value) -> Self {
        self.when(Operator::ArnEquals, "aws:SourceArn", arn)
    }

    /// The same, on a further condition.
    pub fn when(mut self, operator: Operator, key: &str, value: Value) -> Self {
        self.condition.entry(operator).or_default().insert(key.to_owned(), value);
        self
    }
}
