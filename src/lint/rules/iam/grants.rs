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
        for grant in family.iter().filter(|grant| grant.core().all(&has)) {
            let within = |other: &Written| grant.core().all(|action| other.grant.allows(action));
            if found.iter().any(within) {
                continue;
            }
            let needed: Vec<&str> = grant.actions().filter(|action| needs(action)).collect();
            let smaller = family.iter().filter(|other| other.actions().count() < grant.actions().count());
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

    fn told(actions: &[&str], needed: &[&str]) -> Vec<(&'static str, Option<&'static str>, bool)> {
        let written = written(actions, |action| needed.contains(&action));
        written.iter().map(|one| (one.grant.name, one.enough.map(|grant| grant.name), one.needed)).collect()
    }

    #[test]
    fn the_smallest_grant_that_is_enough_is_named() {
        let all: Vec<&str> = FAMILIES[0][0].actions().collect();
        let reads: Vec<&str> = FAMILIES[0][1].actions().filter(|action| *action != "dynamodb:DescribeTable").collect();
        assert_eq!(told(&all, &["dynamodb:PutItem"]), [("grantReadWriteData", Some("grantWriteData"), true)]);
        assert_eq!(told(&all, &["dynamodb:PutItem", "dynamodb:Query"]), [("grantReadWriteData", None, true)]);
        assert_eq!(told(&all, &[]), [("grantReadWriteData", None, false)]);
        assert_eq!(told(&reads, &["dynamodb:Query"]), []);
        // What is said of a stream is in another statement.
        let table: Vec<&str> = FAMILIES[0][1].core().collect();
        assert_eq!(told(&table, &["dynamodb:Query"]), [("grantReadData", None, true)]);
        let queue = ["sqs:SendMessage", "sqs:GetQueueAttributes", "sqs:GetQueueUrl"];
        assert_eq!(told(&queue, &["sqs:SendMessage"]), [("grantSendMessages", None, true)]);
    }
}
