use crate::aws::principal;
use crate::lint::rule::rule;
use crate::lint::{Findings, MachineView};
use crate::permissions::trust;

rule! {
    /// Role that Step Functions cannot assume
    ///
    /// # What it does
    /// Checks that the role of a state machine, if it is in the same template, lets `states.amazonaws.com` assume it.
    ///
    /// Source: [roles of state machines](https://docs.aws.amazon.com/step-functions/latest/dg/procedure-create-iam-role.html).
    ///
    /// # Why is this bad
    /// Step Functions refuses to create the state machine: `Neither the global service principal states.amazonaws.com, nor the regional one is
    /// authorized to assume the provided role`.
    ///
    /// # Example
    /// ```yaml
    /// Principal: { Service: lambda.amazonaws.com }
    /// ```
    ///
    /// # Use instead
    /// ```yaml
    /// Principal: { Service: states.amazonaws.com }
    /// ```
    pub(super) static RULE: "IAM604", "role-trust", Error = Machine(check);
}

fn check(machine: &MachineView<'_>, findings: &mut Findings<'_>) {
    let Some(template) = machine.stack.template.as_ref() else { return };
    let Some(id) = machine.machine.role.as_deref() else { return };
    let Some(place) = trust::refuses(template, id, principal::STEP_FUNCTIONS) else { return };
    let machine = machine.machine.logical_id.as_deref().unwrap_or_default();
    findings
        .add(place, format!("Step Functions cannot assume `{id}`, the role of `{machine}`: the deployment fails"))
        .help(format!("`Principal: {{Service: {}}}`", principal::STEP_FUNCTIONS));
}
