use serde::{Deserialize, Serialize};

use crate::stack::{Effect, Handle, PolicyDocument, Value};

/// [`AWS::IAM::Role`](https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-resource-iam-role.html).
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "PascalCase", deny_unknown_fields)]
pub struct Role {
    assume_role_policy_document: TrustPolicy,
    policies: Vec<Policy>,
}

/// Who may take a role.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "PascalCase", deny_unknown_fields)]
pub struct TrustPolicy {
    version: String,
    statement: Vec<TrustStatement>,
}

/// A statement of a trust policy.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "PascalCase", deny_unknown_fields)]
pub struct TrustStatement {
    effect: Effect,
    principal: Principal,
    action: String,
}

/// An AWS service.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "PascalCase", deny_unknown_fields)]
pub struct Principal {
    service: String,
}

/// A policy that belongs to the role and to nothing else.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "PascalCase", deny_unknown_fields)]
pub struct Policy {
    policy_document: PolicyDocument,
    policy_name: String,
}

impl Role {
    /// A role that API Gateway takes, and what it may do then.
    pub fn of_api_gateway(policy_name: &str, policy_document: PolicyDocument) -> Self {
        let principal = Principal { service: "apigateway.amazonaws.com".to_owned() };
        let statement = TrustStatement { effect: Effect::Allow, principal, action: "sts:AssumeRole".to_owned() };
        Self {
            assume_role_policy_document: TrustPolicy { version: "2012-10-17".to_owned(), statement: vec![statement] },
            policies: vec![Policy { policy_document, policy_name: policy_name.to_owned() }],
        }
    }
}

impl Handle<Role> {
    /// `!GetAtt` of the role's ARN.
    pub fn arn(&self) -> Value {
        self.attribute("Arn")
    }
}
