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
    /// Looks at what AWS's services do without a role, and holds it against the policies in the same template: EventBridge sends to the
    /// queues and topics that rules name, and to their dead-letter queues, CloudWatch tells the topics of alarms, S3 writes access logs, and each of these and CloudWatch Logs use the
    /// keys that encrypt where they write. A key also needs somebody who may manage it. Policies and keys of other templates are taken to be
    /// right.
    ///
    /// # Why is this bad
    /// Events that could not be delivered, alarms and access logs are lost, and nothing says so. A log group is not created at all if CloudWatch
    /// Logs cannot use its key ([encrypt log data](https://docs.aws.amazon.com/AmazonCloudWatch/latest/logs/encrypt-log-data-kms.html)): that is
    /// an error, and so is a rule that cannot reach its target. The others are warnings.
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
        let message = format!("nothing lets {who} do `{actions}` with `{}`: {}", lack.resource, lack.consequence);
        let severity = if lack.weight == Weight::Degrades { Severity::Warning } else { Severity::Error };
        findings.add(lack.place, message).severity(severity).help("a statement for it in the policy of the resource");
    }
}
