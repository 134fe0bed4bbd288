use crate::lint::rule::rule;
use crate::lint::{Findings, MachineView};
use crate::permissions::glob;
use crate::permissions::{Granted, Origin};
use crate::permissions::{Need, Needs};

rule! {
    /// Permission on all resources
    ///
    /// # What it does
    /// Reports statements that allow all actions of a service, or an action on all resources, if the template contains the
    /// resources that the workflow uses. Actions that AWS supports only on `*` are not reported.
    ///
    /// Source: [least privilege](https://docs.aws.amazon.com/IAM/latest/UserGuide/best-practices.html#grant-least-privilege).
    ///
    /// # Why is this bad
    /// A mistake in the definition, or anyone who obtains the role's credentials, reaches every table, queue or function of the
    /// account.
    ///
    /// # Example
    /// ```yaml
    /// - { Effect: Allow, Action: "dynamodb:*", Resource: "*" }
    /// ```
    ///
    /// # Use instead
    /// ```yaml
    /// - { Effect: Allow, Action: [dynamodb:PutItem, dynamodb:UpdateItem], Resource: !GetAtt FilesTable.Arn }
    /// ```
    pub(super) static RULE: "IAM603", "wildcard-permission", Warning = Machine(check);
}

fn check(machine: &MachineView<'_>, findings: &mut Findings<'_>) {
    let Some(granted) = Granted::of(machine).filter(|granted| granted.alone) else { return };
    let needs = Needs::of(machine);
    for statement in
        granted.statements.iter().filter(|statement| statement.origin == Origin::Statement && statement.always)
    {
        let used: Vec<&Need> = needs
            .all
            .iter()
            .filter(|need| statement.actions.iter().any(|(action, _)| glob::covers(action, &need.action)))
            .collect();
        for (action, place) in &statement.actions {
            let all = *action == "*" || action.ends_with(":*");
            let names: Vec<&str> =
                used.iter().map(|need| need.action.as_str()).filter(|name| glob::covers(action, name)).collect();
            if all && !needs.open && !names.is_empty() && names.len() <= 8 {
                let mut names = names;
                names.sort_unstable();
                names.dedup();
                let message =
                    format!("the role allows `{action}`, and the workflow needs only {} of it", count(names.len()));
                findings.add(place.clone(), message).help(format!("only `{}`", names.join("`, `")));
            }
        }
        // Where a resource is only known at run time, everything may be meant.
        let known = !used.is_empty() && used.iter().all(|need| need.resource.is_some());
        for (resource, place) in &statement.resources {
            if known && resource.as_deref() == Some("*") {
                let mut arns: Vec<&str> = used.iter().filter_map(|need| need.resource.as_deref()).collect();
                arns.sort_unstable();
                arns.dedup();
                let message = format!(
                    "the role allows this on all resources, and the workflow needs it only on {}",
                    things(arns.len())
                );
                findings
                    .add(place.clone(), message)
                    .help("name the resources that the workflow uses: `!GetAtt Table.Arn`");
            }
        }
    }
}

fn count(actions: usize) -> String {
    if actions == 1 { "one action".to_owned() } else { format!("{actions} actions") }
}

fn things(resources: usize) -> String {
    if resources == 1 {
        "one resource of this template".to_owned()
    } else {
        format!("{resources} resources of this template")
    }
}
