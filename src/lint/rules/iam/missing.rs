use crate::aws::Arn;
use crate::aws::needs::{self, Weight};
use crate::diagnostic::Severity;
use crate::lint::rule::rule;
use crate::lint::{Findings, MachineView};
use crate::loaded::Place;
use crate::permissions::{MachinePermissions, NeededPermission, Reason, Verdict};

rule! {
    /// Permission missing from the role
    ///
    /// # What it does
    /// Compares what a workflow needs with what the role in the same template allows: SAM policy templates, inline statements,
    /// policies attached to the role, and AWS managed policies. Nothing is reported if a policy is unknown, or if something outside
    /// the template may grant the permission. Apart from its calls, a workflow needs permissions for
    /// [`.sync`](https://docs.aws.amazon.com/step-functions/latest/dg/service-integration-iam-templates.html#connect-iam-sync-async)
    /// (the managed rule, polling the job, stopping it), [Distributed
    /// Maps](https://docs.aws.amazon.com/step-functions/latest/dg/iam-policies-eg-dist-map.html),
    /// [logs](https://docs.aws.amazon.com/step-functions/latest/dg/cw-logs.html#cloudwatch-iam-policy),
    /// [traces](https://docs.aws.amazon.com/step-functions/latest/dg/concepts-xray-tracing.html#xray-iam), and the KMS keys that
    /// encrypt its tables, queues, topics and buckets.
    ///
    /// # Why is this bad
    /// Every execution of the state fails (`is not authorized to perform`), or AWS refuses the state machine: for the managed rule
    /// of `.sync`, and for log delivery. A missing permission that is needed only at times, or whose absence only loses
    /// information, is a warning: stopping a job, redriving a Map, traces.
    ///
    /// # Example
    /// ```yaml
    /// Policies:
    ///   - DynamoDBReadPolicy: { TableName: !Ref FilesTable }   # and the workflow calls dynamodb:putItem
    /// ```
    ///
    /// # Use instead
    /// ```yaml
    /// Policies:
    ///   - Statement:
    ///       - { Effect: Allow, Action: dynamodb:PutItem, Resource: !GetAtt FilesTable.Arn }
    /// ```
    pub(super) static RULE: "IAM601", "missing-permission", Error = Machine(check);
}

fn check(machine: &MachineView<'_>, findings: &mut Findings<'_>) {
    let permissions = MachinePermissions::of(0, machine);
    let id = machine.machine.logical_id.as_deref().unwrap_or_default();
    for missing in together(&permissions.needs) {
        let actions: Vec<&str> = missing.needs.iter().map(|need| need.action.as_str()).collect();
        let message = match missing.elsewhere(&permissions) {
            _ if missing.needs.iter().all(|need| need.denied) => {
                format!("the role of `{id}` denies `{}`: {}", actions.join("`, `"), missing.consequence())
            }
            Some(resource) => format!(
                "the role of `{id}` allows `{}` on other resources only, not on `{resource}`: {}",
                actions.join("`, `"),
                missing.consequence()
            ),
            None => format!("the role of `{id}` does not allow `{}`: {}", actions.join("`, `"), missing.consequence()),
        };
        let action = if actions.len() == 1 { actions[0].to_owned() } else { format!("[{}]", actions.join(", ")) };
        let denied = missing.needs.iter().all(|need| need.denied);
        let help = match machine.stack.is_synthesized() {
            _ if denied => "a Deny wins over every Allow: narrow its statement".to_owned(),
            true => {
                let actions: Vec<String> = actions.iter().map(|action| format!("'{action}'")).collect();
                let actions = actions.join(", ");
                format!(
                    "grant it: `RESOURCE.grant(MACHINE, {actions})`, or `MACHINE.addToRolePolicy(new PolicyStatement({{ actions: [{actions}], resources: [...] }}))`"
                )
            }
            false => {
                format!(
                    "add a statement to its role: `{{Effect: Allow, Action: {action}, Resource: {}}}`",
                    missing.on()
                )
            }
        };
        let severity = if missing.weight == Weight::Degrades { Severity::Warning } else { Severity::Error };
        findings.add(missing.place.clone(), message).severity(severity).help(help);
    }
    let nothing = permissions.role.as_ref().is_some_and(|role| role.statements.is_empty() && !role.more);
    for (state, place) in permissions.unknown.iter().filter(|_| nothing) {
        let message = format!(
            "the role of `{id}` allows nothing, so `{state}` fails each time, unless what it calls is an activity"
        );
        findings.add(place.clone(), message).severity(Severity::Warning);
    }
}

/// Permissions that are missing for one reason in one place.
struct Missing<'a> {
    reason: Reason,
    place: &'a Place,
    /// What happens: the worst of them.
    weight: Weight,
    needs: Vec<&'a NeededPermission>,
}

/// What is missing, with what belongs together in one.
fn together(needs: &[NeededPermission]) -> Vec<Missing<'_>> {
    let mut found: Vec<Missing<'_>> = Vec::new();
    for need in needs {
        let Verdict::Missing(weight) = need.verdict else { continue };
        let same = |other: &&mut Missing<'_>| {
            need.reason != Reason::Call && other.reason == need.reason && *other.place == need.place
        };
        match found.iter_mut().find(same) {
            Some(missing) => {
                missing.weight = missing.weight.max(weight);
                missing.needs.push(need);
            }
            None => found.push(Missing { reason: need.reason, place: &need.place, weight, needs: vec![need] }),
        }
    }
    found
}

impl Missing<'_> {
    /// What it is missing on, if the role allows all of it on something else.
    fn elsewhere(&self, permissions: &MachinePermissions) -> Option<&str> {
        let statements = permissions.role.as_ref().map_or(&[][..], |role| &role.statements);
        let known = |need: &&NeededPermission| statements.iter().any(|statement| statement.covers(&need.action));
        // Region and account are made up: what follows them is what the template says.
        let resource = self.needs.first()?.resource.as_deref().and_then(Arn::read).map(|arn| arn.resource);
        let of_object = resource.is_none() && self.needs.iter().all(|need| needs::is_of_object(&need.action));
        let unknown = if of_object { "BUCKET/*" } else { "*" };
        self.needs.iter().all(known).then_some(resource.unwrap_or(unknown))
    }

    fn on(&self) -> &'static str {
        match self.reason {
            Reason::Logs | Reason::Traces => "\"*\"",
            _ => "...",
        }
    }

    fn consequence(&self) -> &'static str {
        match (self.reason, self.weight) {
            (Reason::Call, _) | (Reason::Key, Weight::Fails | Weight::Refused) => "the state fails each time",
            (Reason::ManagedRule, _) => {
                "Step Functions cannot create the managed rule of `.sync`, and refuses the state machine"
            }
            (Reason::Poll, Weight::Degrades) => "Step Functions may not learn that the job has ended",
            (Reason::Poll, _) => "Step Functions cannot learn that the job has ended",
            (Reason::Stop, _) => "the job continues when the execution is stopped",
            (Reason::WatchChildren, _) => "Step Functions can neither watch nor stop the Map's child executions",
            (Reason::RedriveChildren, _) => "a redrive cannot restart the Map's failed child executions",
            (Reason::Key, Weight::Degrades) => {
                "the workflow may be unable to read or write data encrypted with the key"
            }
            (Reason::MissingObject, _) => {
                "S3 answers 403 instead of 404 for a missing object, which a catcher for `S3.NoSuchKey` does not match"
            }
            (Reason::Logs, Weight::Degrades) => "Step Functions may fail to change or to remove the log delivery",
            (Reason::Logs, _) => "Step Functions may not deliver the logs, and refuses the state machine",
            (Reason::Traces, _) => "X-Ray does not receive the traces",
        }
    }
}
