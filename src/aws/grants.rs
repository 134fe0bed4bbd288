//! What the grant methods of the CDK's constructs allow (aws-cdk-lib 2.276.0: `aws-dynamodb/lib/perms.js`, `aws-sqs/lib/sqs-grants.generated.js`,
//! `aws-sns`, `aws-lambda` and `aws-stepfunctions` likewise, read 2026-11-29). Their authors choose a method, and not each action.

/// A method that grants something.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Grant {
    /// Its name: `grantReadData`.
    pub name: &'static str,
    /// The actions that it allows.
    pub actions: &'static [&'static str],
}

impl Grant {
    /// Whether it allows an action.
    pub fn allows(&self, action: &str) -> bool {
        self.actions.iter().any(|own| own.eq_ignore_ascii_case(action))
    }
}

/// The grants of one kind of construct, the widest first.
pub const FAMILIES: [&[Grant]; 2] = [&TABLE, &QUEUE];

const TABLE: [Grant; 3] = [
    Grant {
        name: "grantReadWriteData",
        actions: &[
            "dynamodb:BatchGetItem",
            "dynamodb:GetRecords",
            "dynamodb:GetShardIterator",
            "dynamodb:Query",
            "dynamodb:GetItem",
            "dynamodb:Scan",
            "dynamodb:ConditionCheckItem",
            "dynamodb:BatchWriteItem",
            "dynamodb:PutItem",
            "dynamodb:UpdateItem",
            "dynamodb:DeleteItem",
            "dynamodb:DescribeTable",
        ],
    },
    Grant {
        name: "grantReadData",
        actions: &[
            "dynamodb:BatchGetItem",
            "dynamodb:GetRecords",
            "dynamodb:GetShardIterator",
            "dynamodb:Query",
            "dynamodb:GetItem",
            "dynamodb:Scan",
            "dynamodb:ConditionCheckItem",
            "dynamodb:DescribeTable",
        ],
    },
    Grant {
        name: "grantWriteData",
        actions: &[
            "dynamodb:BatchWriteItem",
            "dynamodb:PutItem",
            "dynamodb:UpdateItem",
            "dynamodb:DeleteItem",
            "dynamodb:DescribeTable",
        ],
    },
];

const QUEUE: [Grant; 2] = [
    Grant {
        name: "grantConsumeMessages",
        actions: &[
            "sqs:ReceiveMessage",
            "sqs:ChangeMessageVisibility",
            "sqs:GetQueueUrl",
            "sqs:DeleteMessage",
            "sqs:GetQueueAttributes",
        ],
    },
    Grant { name: "grantSendMessages", actions: &["sqs:SendMessage", "sqs:GetQueueAttributes", "sqs:GetQueueUrl"] },
];
