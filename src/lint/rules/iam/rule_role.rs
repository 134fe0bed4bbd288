use crate::aws::principal;
use crate::lint::Findings;
use crate::lint::rule::rule;
use crate::loaded::LoadedStack;
use crate::permissions::{Obstacle, obstacle};

rule! {
    /// Rule that is not allowed to start its state machine
    ///
    /// # What it does
    /// Checks the role with which a rule starts a state machine of the template: the target has a role, `events.amazonaws.com` may
    /// assume it, and it allows `states:StartExecution` on that state machine. Roles of other templates are assumed to be right,
    /// and SAM generates the roles for its own events.
    ///
    /// # Why is this bad
    /// EventBridge refuses a target without a role
    /// ([PutTargets](https://docs.aws.amazon.com/eventbridge/latest/APIReference/API_PutTargets.html)). If EventBridge cannot
    /// assume the role, or the role does not allow the call, every delivery fails, and no execution shows it.
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
                    findings.add(place, message).help(format!("`Principal: {{Service: {}}}`", principal::EVENT_BRIDGE))
                }
                Obstacle::NotAllowed(_) => findings.add(target.place.clone(), message).help(format!(
                    "add a statement to its role: `{{Effect: Allow, Action: states:StartExecution, Resource: !Ref {machine}}}`"
                )),
            };
        }
    }
}
