use crate::lint::Findings;
use crate::lint::rule::rule;
use crate::loaded::LoadedStack;

rule! {
    /// Rule without a dead-letter queue
    ///
    /// # What it does
    /// Looks for targets of rules without a `DeadLetterConfig`. Off by default.
    ///
    /// Source: [dead-letter queues](https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-rule-dlq.html).
    ///
    /// # Why is this bad
    /// EventBridge tries for a day. What it cannot deliver until then (the machine was gone, the role wrong, the account at its
    /// limit) is dropped, and nothing says what it was.
    ///
    /// # Example
    /// ```yaml
    /// Targets:
    ///   - { Id: Machine, Arn: !Ref Machine, RoleArn: !GetAtt Role.Arn }
    /// ```
    ///
    /// # Use instead
    /// ```yaml
    /// Targets:
    ///   - { Id: Machine, Arn: !Ref Machine, RoleArn: !GetAtt Role.Arn, DeadLetterConfig: { Arn: !GetAtt Undelivered.Arn } }
    /// ```
    pub(super) static RULE: "REL707", "no-dead-letters", Info, off = Stack(check);
}

fn check(stack: &LoadedStack, findings: &mut Findings<'_>) {
    for rule in stack.rules.iter().filter(|rule| rule.enabled) {
        for target in rule.targets.iter().filter(|target| target.dead_letters.is_none()) {
            findings
                .add(
                    target.place.clone(),
                    format!("what `{}` cannot deliver here is dropped after a day", rule.logical_id),
                )
                .help("`DeadLetterConfig` with the ARN of an SQS queue that lets EventBridge send to it");
        }
    }
}
