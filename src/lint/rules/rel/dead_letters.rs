use crate::lint::Findings;
use crate::lint::rule::rule;
use crate::loaded::LoadedStack;

rule! {
    /// Rule without a dead-letter queue
    ///
    /// # What it does
    /// Reports rule targets without a `DeadLetterConfig`. Off by default.
    ///
    /// Source: [dead-letter queues](https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-rule-dlq.html).
    ///
    /// # Why is this bad
    /// EventBridge retries for 24 hours by default. After that it drops the events that it could not deliver (the state machine did
    /// not exist, the role was wrong, the account had reached a limit), and no record of them remains.
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
                    format!("EventBridge drops events that `{}` cannot deliver here after a day", rule.logical_id),
                )
                .help("add a `DeadLetterConfig` with the ARN of an SQS queue that lets EventBridge send to it");
        }
    }
}
