//! Which of a statement's actions a grant of the CDK's wrote, and which grant would have been enough.

use crate::aws::grants::{FAMILIES, Grant};

/// A grant among the actions of a statement.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Written {
    pub(super) grant: &'static Grant,
    /// The grant that is enough; `None` where this one is the smallest.
    pub(super) enough: Option<&'static Grant>,
    /// Whether the workflow needs any of it.
    pub(super) needed: bool,
}

/// The grants that wrote actions of a statement. The CDK puts statements about the same resource together, so there may be others.
pub(super) fn written(actions: &[&str], needs: impl Fn(&str) -> bool) -> Vec<Written> {
    let has = |action: &str| actions.iter().any(|own| own.eq_ignore_ascii_case(action));
    let mut found: Vec<Written> = Vec::new();
    for family in FAMILIES {
        for grant in family.iter().filter(|grant| grant.actions.iter().all(|action| has(action))) {
            let within = |other: &Written| grant.actions.iter().all(|action| other.grant.allows(action));
            if found.iter().any(within) {
                continue;
            }
            let needed: Vec<&str> = grant.actions.iter().copied().filter(|action| needs(action)).collect();
            let smaller = family.iter().filter(|other| other.actions.len() < grant.actions.len());
            let enough = smaller.into_iter().find(|other| needed.iter().all(|action| other.allows(action)));
            let needed = !needed.is_empty();
            found.push(Written { grant, enough: enough.filter(|_| needed), needed });
        }
    }
    found
}

#[cfg(test)]
mod tests {
    use super::*;

    const ALL: [&str; 12] = [
        "dynamodb:PutItem",
        "dynamodb:BatchGetItem",
        "dynamodb:GetRecords",
        "dynamodb:GetShardIterator",
        "dynamodb:Query",
        "dynamodb:GetItem",
        "dynamodb:Scan",
        "dynamodb:ConditionCheckItem",
        "dynamodb:BatchWriteItem",
        "dynamodb:UpdateItem",
        "dynamodb:DeleteItem",
        "dynamodb:DescribeTable",
    ];

    fn told(actions: &[&str], needed: &[&str]) -> Vec<(&'static str, Option<&'static str>, bool)> {
        let written = written(actions, |action| needed.contains(&action));
        written.iter().map(|one| (one.grant.name, one.enough.map(|grant| grant.name), one.needed)).collect()
    }

    #[test]
    fn the_smallest_grant_that_is_enough_is_named() {
        assert_eq!(told(&ALL, &["dynamodb:PutItem"]), [("grantReadWriteData", Some("grantWriteData"), true)]);
        assert_eq!(told(&ALL, &["dynamodb:PutItem", "dynamodb:Query"]), [("grantReadWriteData", None, true)]);
        assert_eq!(told(&ALL, &[]), [("grantReadWriteData", None, false)]);
        assert_eq!(told(&ALL[1..8], &["dynamodb:Query"]), []);
        let queue = ["sqs:SendMessage", "sqs:GetQueueAttributes", "sqs:GetQueueUrl"];
        assert_eq!(told(&queue, &["sqs:SendMessage"]), [("grantSendMessages", None, true)]);
    }
}
