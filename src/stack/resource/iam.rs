use crate::aws::cloudformation::Pseudo;
use crate::aws::principal;
use indexmap::IndexMap;
use serde::Serialize;

use super::Tag;
use crate::stack::policy::VERSION;
use crate::stack::{Effect, Handle, Operator, PolicyDocument, Value};

/// [`AWS::IAM::Role`](https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-resource-iam-role.html): one
/// that a service takes on.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[serde(rename_all = "PascalCase")]
pub struct Role {
    assume_role_policy_document: TrustPolicy,
    #[serde(skip_serializing_if = "Option::is_none")]
    permissions_boundary: Option<Value>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    policies: Vec<InlinePolicy>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    tags: Vec<Tag>,
}

/// A policy that belongs to the role and to nothing else.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[serde(rename_all = "PascalCase")]
pub struct InlinePolicy {
    policy_document: PolicyDocument,
    policy_name: String,
}

/// Who may take on a role.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[serde(rename_all = "PascalCase")]
struct TrustPolicy {
    version: String,
    statement: Vec<TrustStatement>,
}

#[derive(Debug, Clone, PartialEq, Serialize)]
#[serde(rename_all = "PascalCase")]
struct TrustStatement {
    effect: Effect,
    action: String,
    principal: Principal,
    #[serde(skip_serializing_if = "IndexMap::is_empty")]
    condition: IndexMap<Operator, IndexMap<String, Value>>,
}

#[derive(Debug, Clone, PartialEq, Serialize)]
#[serde(rename_all = "PascalCase")]
struct Principal {
    service: String,
}

impl Role {
    /// A role for state machines. What it may do is said by a [`Policy`].
    pub fn for_state_machines() -> Self {
        Self::taken_by(principal::STEP_FUNCTIONS, Vec::new())
    }

    /// A role that API Gateway takes, and what it may do then.
    ///
    /// Its trust policy has no condition. No page of AWS says that API Gateway sets `aws:SourceAccount` when it takes on the role of an
    /// integration (its [own example](https://docs.aws.amazon.com/apigateway/latest/developerguide/integrating-api-with-aws-services-s3.html)
    /// trusts the service alone; looked up in November 2026), and a condition on a key that is not there refuses every call.
    pub fn of_api_gateway(policy_name: &str, policy_document: PolicyDocument) -> Self {
        let policy = InlinePolicy { policy_document, policy_name: policy_name.to_owned() };
        let mut role = Self::taken_by(principal::API_GATEWAY, vec![policy]);
        for statement in &mut role.assume_role_policy_document.statement {
            statement.condition.clear();
        }
        role
    }

    /// A role that a function takes, and what it may do then.
    pub fn of_function(policy_name: &str, policy_document: PolicyDocument) -> Self {
        let policy = InlinePolicy { policy_document, policy_name: policy_name.to_owned() };
        Self::taken_by(principal::LAMBDA, vec![policy])
    }

    /// The same, which may do no more than this
    /// [policy](https://docs.aws.amazon.com/IAM/latest/UserGuide/access_policies_boundaries.html) says, whatever its own allow.
    pub fn bounded_by(self, permissions_boundary: Option<Value>) -> Self {
        Self { permissions_boundary, ..self }
    }

    /// The same, with these tags.
    pub fn tagged(self, tags: Vec<Tag>) -> Self {
        Self { tags, ..self }
    }

    fn taken_by(service: &str, policies: Vec<InlinePolicy>) -> Self {
        let statement = TrustStatement {
            effect: Effect::Allow,
            action: "sts:AssumeRole".to_owned(),
            principal: Principal { service: service.to_owned() },
            // The service takes it on for this account only, whoever asks: it cannot be made a confused deputy.
            condition: IndexMap::from([(
                Operator::StringEquals,
                IndexMap::from([("aws:SourceAccount".to_owned(), Pseudo::AccountId.into())]),
            )]),
        };
        let assume_role_policy_document = TrustPolicy { version: VERSION.to_owned(), statement: vec![statement] };
        Self { assume_role_policy_document, permissions_boundary: None, policies, tags: Vec::new() }
    }
}

/// [`AWS::IAM::Policy`](https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-resource-iam-policy.html): what
/// roles may do, in a resource of its own. It can speak of what its roles are needed for, which a policy within the role
/// cannot: that would be a circle.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[serde(rename_all = "PascalCase")]
pub struct Policy {
    /// What they may do.
    pub policy_document: PolicyDocument,
    /// Its name within the roles.
    pub policy_name: String,
    /// The names of the roles.
    pub roles: Vec<Value>,
}

impl Handle<Role> {
    /// `!GetAtt` of the role's ARN.
    pub fn arn(&self) -> Value {
        self.attribute("Arn")
    }
}
