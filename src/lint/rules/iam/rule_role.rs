use crate::lint::Findings;
use crate::lint::rule::rule;
use crate::loaded::LoadedStack;
use crate::permissions::{Obstacle, obstacle};

rule! {
    /// Rule that is not allowed to start its state machine
    ///
    /// # What it does
    /// Checks the role with which a rule starts a state machine of the template: that the target has one, that `events.amazonaws.com` may take
    /// it on, and that it allows `states:StartExecution` on that state machine. Roles of other templates are taken to be right, and SAM makes
    /// those of its events.
    ///
    /// # Why is this bad
    /// EventBridge refuses a target without a role
    /// ([PutTargets](https://docs.aws.amazon.com/eventbridge/latest/APIReference/API_PutTargets.html)). With a role that it cannot take on or that does not allow it, each
    /// delivery fails, and no execution says so.
    ///
    /// # Example
    /// ```yaml
    /// Targets:
    ///   - { Id: Workflow, Arn: !Ref Workflow }
    /// ```
    ///
    /// # Use instead
    /// ```yaml
    /// Targets:
    ///   - { Id: Workflow, Arn: !Ref Workflow, RoleArn: !GetAtt RuleRole.Arn }
    /// ```
    pub(super) static RULE: "IAM605", "rule-role", Error = Stack(check);
}

fn check(stack: &LoadedStack, findings: &mut Findings<'_>) {
    for rule in &stack.rules {
        for target in &rule.targets {
            let Some(found) = obstacle(stack, rule, target) else { continue };
            let machine = target.logical_id.as_deref().unwrap_or_default();
            let message = found.message(machine);
            match found {
                Obstacle::NoRole => findings.add(target.place.clone(), message).help("`RoleArn: !GetAtt RuleRole.Arn`"),
                Obstacle::NotTrusted(_, place) => {
                    findings.add(place, message).help("`Principal: {Service: events.amazonaws.com}`")
                }
                Obstacle::NotAllowed(_) => findings.add(target.place.clone(), message).help(format!(
                    "a statement for its role: `{{Effect: Allow, Action: states:StartExecution, Resource: !Ref {machine}}}`"
                )),
            };
        }
    }
}
