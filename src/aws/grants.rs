//! What the grant methods of the CDK's constructs allow (aws-cdk-lib 2.276.0: `aws-dynamodb/lib/perms.js`, `aws-sqs/lib/sqs-grants.generated.js`,
//! `aws-sns`, `aws-lambda` and `aws-stepfunctions` likewise, read 2026-11-29). Their authors choose a method, and not each action.

/// A method that grants something.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Grant {
    /// Its name: `grantReadData`.
    pub name: &'static str,
    /// The actions that it allows, in the lists that it shares with others.
    parts: &'static [&'static [&'static str]],
}

impl Grant {
    /// The actions that it allows.
    pub fn actions(&self) -> impl Iterator<Item = &'static str> {
        self.parts.iter().copied().flatten().copied()
    }

    /// The actions that are in one statement, wherever those on a stream are.
    pub fn core(&self) -> impl Iterator<Item = &'static str> {
        self.actions().filter(|action| !OF_STREAM.contains(action))
    }

    /// Whether it allows an action.
    pub fn allows(&self, action: &str) -> bool {
        self.actions().any(|own| own.eq_ignore_ascii_case(action))
    }
}

/// What a read grant on a table has of its stream. A table that has a stream, or that was imported, gets these in a statement of their own.
const OF_STREAM: [&str; 2] = ["dynamodb:GetRecords", "dynamodb:GetShardIterator"];

/// Whether a statement is what a read grant on a table says of its stream, and nothing else.
pub fn is_part_for_stream(actions: &[&str]) -> bool {
    !actions.is_empty() && actions.iter().all(|action| OF_STREAM.contains(action))
}

/// The grants of one kind of construct, the widest first.
pub const FAMILIES: [&[Grant]; 2] = [&TABLE, &QUEUE];

/// What reads the items of a table.
const READS: &[&str] = &[
    "dynamodb:BatchGetItem",
    "dynamodb:GetRecords",
    "dynamodb:GetShardIterator",
    "dynamodb:Query",
    "dynamodb:GetItem",
    "dynamodb:Scan",
    "dynamodb:ConditionCheckItem",
];

/// The actions that write items.
const WRITES: &[&str] = &["dynamodb:BatchWriteItem", "dynamodb:PutItem", "dynamodb:UpdateItem", "dynamodb:DeleteItem"];

/// What goes with either.
const DESCRIBES: &[&str] = &["dynamodb:DescribeTable"];

const TABLE: [Grant; 3] = [
    Grant { name: "grantReadWriteData", parts: &[READS, WRITES, DESCRIBES] },
    Grant { name: "grantReadData", parts: &[READS, DESCRIBES] },
    Grant { name: "grantWriteData", parts: &[WRITES, DESCRIBES] },
];

const QUEUE: [Grant; 2] = [
    Grant {
        name: "grantConsumeMessages",
        parts: &[&[
            "sqs:ReceiveMessage",
            "sqs:ChangeMessageVisibility",
            "sqs:GetQueueUrl",
            "sqs:DeleteMessage",
            "sqs:GetQueueAttributes",
        ]],
    },
    Grant { name: "grantSendMessages", parts: &[&["sqs:SendMessage", "sqs:GetQueueAttributes", "sqs:GetQueueUrl"]] },
];
