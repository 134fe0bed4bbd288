use crate::aws::needs::Weight;
use crate::diagnostic::Severity;
use crate::lint::Findings;
use crate::lint::rule::rule;
use crate::loaded::LoadedStack;
use crate::permissions::{Lacked, role_lacks};

rule! {
    /// Role that does not fit its API, function, schedule or pipe
    ///
    /// # What it does
    /// Checks the roles in the template that API Gateway assumes to call DynamoDB, Step Functions and other services, and the
    /// execution roles of functions: who may assume them, the action of each integration on the table or index that its request
    /// names, the table's KMS key, and a function's permissions for its log group and traces. Also checks that EventBridge Scheduler
    /// and Pipes may assume the roles of their schedules and pipes, and that these allow to read the source and to call the target. The
    /// code of a function is not analyzed.
    ///
    /// Sources: roles of [schedules](https://docs.aws.amazon.com/scheduler/latest/UserGuide/setting-up.html) and of
    /// [pipes](https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-pipes-permissions.html).
    ///
    /// # Why is this bad
    /// The API answers every request with an error, and Lambda refuses to create a function with a role that it cannot assume
    /// ([execution role](https://docs.aws.amazon.com/lambda/latest/dg/lambda-intro-execution-role.html)). A function without
    /// permissions for its logs and traces works, but leaves no trace of what it does: that is a warning.
    ///
    /// # Example
    /// ```yaml
    /// uri: !Sub "arn:aws:apigateway:${AWS::Region}:dynamodb:action/Query"
    /// credentials: !GetAtt ApiRole.Arn   # which allows dynamodb:GetItem
    /// ```
    ///
    /// # Use instead
    /// ```yaml
    /// Policies:
    ///   - PolicyName: ReadTable
    ///     PolicyDocument:
    ///       Statement:
    ///         - { Effect: Allow, Action: dynamodb:Query, Resource: !GetAtt Table.Arn }
    /// ```
    pub(super) static RULE: "IAM607", "api-role", Error = Stack(check);
}

fn check(stack: &LoadedStack, findings: &mut Findings<'_>) {
    for lack in role_lacks(stack) {
        let (role, taker) = (&lack.role, &lack.taker);
        match lack.what {
            Lacked::Trust(service) => findings
                .add(lack.place, format!("`{service}` cannot assume `{role}`, the role of `{taker}`"))
                .help(format!("`Principal: {{Service: {service}}}`")),
            Lacked::Actions(actions, consequence, weight) => {
                let message =
                    format!("the role `{role}` of `{taker}` does not allow `{}`: {consequence}", actions.join("`, `"));
                let severity = if weight == Weight::Degrades { Severity::Warning } else { Severity::Error };
                findings.add(lack.place, message).severity(severity).help("add a statement to the role")
            }
        };
    }
}
