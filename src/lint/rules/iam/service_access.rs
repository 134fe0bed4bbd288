use crate::aws::needs::Weight;
use crate::diagnostic::Severity;
use crate::lint::Findings;
use crate::lint::rule::rule;
use crate::loaded::LoadedStack;
use crate::permissions::lacks;

rule! {
    /// Policy that blocks a service that needs access
    ///
    /// # What it does
    /// Checks what AWS services do without a role against the resource policies in the same template: EventBridge sends to the
    /// queues and topics that rules name and to their dead-letter queues, CloudWatch publishes to the topics of alarms, S3 writes
    /// access logs, and each of these and CloudWatch Logs use the KMS keys that encrypt the destination. A key policy must also
    /// allow a principal to manage the key. Policies and keys of other templates are assumed to be right.
    ///
    /// # Why is this bad
    /// Undeliverable events, alarm notifications and access logs are lost, and no error shows it. CloudFormation cannot create a
    /// log group if CloudWatch Logs cannot use its key ([encrypt log
    /// data](https://docs.aws.amazon.com/AmazonCloudWatch/latest/logs/encrypt-log-data-kms.html)): that is an error, and so is a
    /// rule that cannot reach its target. The others are warnings.
    ///
    /// # Example
    /// ```yaml
    /// DeadLetterConfig: { Arn: !GetAtt DeadLetters.Arn }   # and no AWS::SQS::QueuePolicy
    /// ```
    ///
    /// # Use instead
    /// ```yaml
    /// DeadLettersPolicy:
    ///   Type: AWS::SQS::QueuePolicy
    ///   Properties:
    ///     Queues: [!Ref DeadLetters]
    ///     PolicyDocument:
    ///       Statement:
    ///         - Effect: Allow
    ///           Principal: { Service: events.amazonaws.com }
    ///           Action: sqs:SendMessage
    ///           Resource: !GetAtt DeadLetters.Arn
    ///           Condition: { ArnEquals: { "aws:SourceArn": !GetAtt Rule.Arn } }
    /// ```
    pub(super) static RULE: "IAM606", "service-access", Warning = Stack(check);
}

fn check(stack: &LoadedStack, findings: &mut Findings<'_>) {
    for lack in lacks(stack) {
        let actions = lack.actions.join("`, `");
        let who = if lack.service.contains('.') { format!("`{}`", lack.service) } else { lack.service.to_owned() };
        let message =
            format!("no policy allows {who} to perform `{actions}` on `{}`: {}", lack.resource, lack.consequence);
        let severity = if lack.weight == Weight::Degrades { Severity::Warning } else { Severity::Error };
        findings.add(lack.place, message).severity(severity).help("add a statement to the policy of the resource");
    }
}
