use crate::lint::rule::rule;
use crate::lint::{Findings, MachineView};
use crate::loaded::{Call, Resolver, below};
use crate::source::{Kind, Node};

rule! {
    /// A role that Step Functions cannot take on
    ///
    /// # What it does
    /// Checks that the role of a state machine, if the same template declares it, lets `states.amazonaws.com` assume it.
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
    if template.resources.get(id).is_none_or(|role| role.resource_type != "AWS::IAM::Role") {
        return;
    }
    let document = template.properties(id).and_then(|properties| properties.get("AssumeRolePolicyDocument"));
    let Some(document) = document.filter(|document| Call::of(document).is_none()) else { return };
    let Some(statements) = document.get("Statement").filter(|node| Call::of(node).is_none()) else { return };
    let resolver = Resolver::new(template);
    let list = std::slice::from_ref(statements);
    let list = if let Kind::Sequence(items) = &statements.kind { items } else { list };
    if list.iter().any(|statement| trusts(statement, &resolver)) {
        return;
    }
    let place = template.place(id, &below("/AssumeRolePolicyDocument", "Statement"), statements);
    let machine = machine.machine.logical_id.as_deref().unwrap_or_default();
    findings
        .add(place, format!("Step Functions may not take on `{id}`, the role of `{machine}`: the deployment fails"))
        .help("`Principal: {Service: states.amazonaws.com}`");
}

/// Whether a statement lets Step Functions take the role on, or may do so.
fn trusts(statement: &Node, resolver: &Resolver<'_>) -> bool {
    if Call::of(statement).is_some() {
        return true;
    }
    let Some(principal) = statement.get("Principal") else { return true };
    let services = match &principal.kind {
        _ if Call::of(principal).is_some() => return true,
        Kind::String(text) => return text == "*",
        _ => principal.get("Service"),
    };
    let Some(services) = services else { return false };
    let one = |node: &Node| {
        let name = resolver.text(node);
        let known = Call::of(node).is_none_or(|call| call.name == "Sub");
        !known || name == "*" || (name.starts_with("states.") && name.contains("amazonaws.com"))
    };
    match &services.kind {
        Kind::Sequence(items) if Call::of(services).is_none() => items.iter().any(one),
        _ => one(services),
    }
}
