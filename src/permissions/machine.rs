//! Which permissions a workflow needs, which state needs each, and what allows it.

use crate::aws::needs::Weight;
use crate::loaded::{LoadedStack, Place};
use crate::outline::Outline;

use super::allowed::{Allowed, Origin};
use super::elsewhere;
use super::glob;
use super::granted::Granted;
use super::needed::{Need, Needs, Reason};

/// The permissions of a state machine.
#[derive(Debug, Clone, PartialEq)]
pub struct MachinePermissions {
    /// Its place among the machines of the stack.
    pub machine: usize,
    /// What its states need, and what it needs itself.
    pub needs: Vec<NeededPermission>,
    /// Whether they may need more: a task that is only known when the stack is deployed.
    pub more_needed: bool,
    /// The tasks of which only a deployment knows what they call, and where each says so.
    pub unknown: Vec<(String, Place)>,
    /// What its role allows; `None` if the template does not have the role.
    pub role: Option<RolePermissions>,
}

/// A permission that a machine needs.
#[derive(Debug, Clone, PartialEq)]
pub struct NeededPermission {
    /// The IAM action: `dynamodb:PutItem`.
    pub action: String,
    /// The ARN of what it is done to, if that is a resource of the template; with a `*` where only a part is known.
    pub resource: Option<String>,
    /// What it is for.
    pub reason: Reason,
    /// Where it is asked for first.
    pub place: Place,
    /// The states that need it, and where each says so; none where the machine itself does.
    pub states: Vec<(String, Place)>,
    /// The statements of the role that allow it.
    pub allowed_by: Vec<usize>,
    /// Whether another statement denies it all the same.
    pub denied: bool,
    /// Whether it is there.
    pub verdict: Verdict,
}

/// Whether a permission is there.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Verdict {
    /// The role allows it.
    Allowed,
    /// It may be allowed: by what is not in the template, or by another's policy.
    Unknown,
    /// Nothing allows it, and this is what happens.
    Missing(Weight),
}

/// What a role allows.
#[derive(Debug, Clone, PartialEq)]
pub struct RolePermissions {
    /// Its logical id, or that of the role that SAM makes.
    pub logical_id: String,
    /// Whether there may be more: what cannot be read before the stack is deployed.
    pub more: bool,
    /// The statements that the template gives it, and the policies that stand for some.
    pub statements: Vec<AllowedStatement>,
}

/// A statement of a role, or a policy that stands for one.
#[derive(Debug, Clone, PartialEq)]
pub struct AllowedStatement {
    /// The name of the policy, if it is one that is given by its name.
    pub policy: Option<String>,
    /// The actions, with `*` as they are written.
    pub actions: Vec<String>,
    /// The ARNs; `None` for one that may be any.
    pub resources: Vec<Option<String>>,
    /// Where it stands.
    pub place: Option<Place>,
}

/// The permissions of the state machines of a stack whose definitions can be read.
pub fn permissions(stack: &LoadedStack) -> Vec<MachinePermissions> {
    let machines = stack.machines.iter().enumerate();
    machines.filter_map(|(at, machine)| Some(MachinePermissions::of(at, &Outline::new(stack, machine)?))).collect()
}

impl MachinePermissions {
    /// Those of the machine at a place among the machines of its stack.
    pub fn of(machine: usize, outline: &Outline<'_>) -> Self {
        let (needs, granted) = (Needs::of(outline), Granted::of(outline));
        let (more_needed, unknown) = (needs.open, needs.unknown);
        let needs = needs.all.into_iter().map(|need| needed(need, granted.as_ref(), outline)).collect();
        let role = granted.map(|granted| RolePermissions {
            logical_id: outline.machine.role.clone().unwrap_or_default(),
            more: granted.open,
            statements: granted.statements.iter().map(statement).collect(),
        });
        Self { machine, needs, more_needed, unknown, role }
    }
}

fn needed(need: Need, granted: Option<&Granted>, outline: &Outline<'_>) -> NeededPermission {
    let statements = granted.map_or(&[][..], |granted| &granted.statements);
    let allows = |statement: &Allowed| statement.allows(&need.action, need.asked_of());
    let allowed_by = statements.iter().enumerate().filter(|(_, statement)| allows(statement)).map(|(at, _)| at);
    let allowed_by: Vec<usize> = allowed_by.collect();
    let known = need.certain && granted.is_some_and(|granted| !granted.open);
    let template = outline.stack.template.as_ref();
    let elsewhere = || template.is_none_or(|template| elsewhere::may_allow(template, &need));
    let denied = need.certain && granted.is_some_and(|granted| granted.denies(&need.action, need.resource.as_deref()));
    let verdict = match allowed_by.is_empty() {
        _ if denied => Verdict::Missing(need.weight),
        false => Verdict::Allowed,
        true if !known || elsewhere() => Verdict::Unknown,
        true => Verdict::Missing(need.weight),
    };
    let Need { action, resource, reason, place, users, .. } = need;
    NeededPermission { action, resource, reason, place, states: users, allowed_by, denied, verdict }
}

fn statement(allowed: &Allowed) -> AllowedStatement {
    AllowedStatement {
        policy: match &allowed.origin {
            Origin::Statement => None,
            Origin::Sam(name) => Some(name.clone()),
            Origin::Managed(name) => Some((*name).to_owned()),
        },
        actions: allowed.actions.iter().map(|(action, _)| action.clone()).collect(),
        resources: allowed.resources.iter().map(|(resource, _)| resource.clone()).collect(),
        place: allowed.actions.first().map(|(_, place)| place.clone()),
    }
}

impl AllowedStatement {
    /// Whether one of its actions covers an action.
    pub fn covers(&self, action: &str) -> bool {
        self.actions.iter().any(|pattern| glob::covers(pattern, action))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const TEMPLATE: &str = r#"
Resources:
  T: {Type: AWS::DynamoDB::Table, Properties: {KeySchema: []}}
  M:
    Type: AWS::Serverless::StateMachine
    Properties:
      DefinitionSubstitutions: {Table: !Ref T}
      Policies:
        - Statement:
            - {Effect: Allow, Action: [dynamodb:PutItem, dynamodb:Scan], Resource: !GetAtt T.Arn}
      Definition:
        StartAt: A
        States:
          A: {Type: Task, Resource: 'arn:aws:states:::dynamodb:putItem', Parameters: {TableName: '${Table}'}, Next: B}
          B: {Type: Task, Resource: 'arn:aws:states:::dynamodb:putItem', Parameters: {TableName: '${Table}'}, Next: C}
          C: {Type: Task, Resource: 'arn:aws:states:::dynamodb:deleteItem', Parameters: {TableName: '${Table}'}, End: true}
"#;

    #[test]
    fn what_is_denied_is_missing_whatever_allows_it() {
        let verdict = |statement: &str| {
            let denial = format!("        - Statement: [{{{statement}}}]\n      Definition:\n");
            let text = TEMPLATE.replace("      Definition:\n", &denial);
            let found = permissions(&LoadedStack::from_text("t.yaml", text).unwrap());
            (found[0].needs[0].verdict, found[0].needs[0].denied)
        };
        let denied = (Verdict::Missing(Weight::Fails), true);
        let allowed = (Verdict::Allowed, false);
        for (statement, expected) in [
            ("Effect: Deny, Action: 'dynamodb:*', Resource: '*'", denied),
            ("Effect: Deny, Action: dynamodb:PutItem, Resource: !GetAtt T.Arn", denied),
            ("Effect: Deny, Action: dynamodb:PutItem, Resource: !Sub '${T.Arn}/index/x'", allowed),
            ("Effect: Deny, Action: dynamodb:GetItem, Resource: '*'", allowed),
            ("Effect: Deny, Action: '*', Resource: '*', Condition: {Bool: {'aws:SecureTransport': false}}", allowed),
            ("Effect: Deny, NotAction: 'sqs:*', Resource: '*'", allowed),
            ("Effect: Deny, Action: '*', NotResource: '*'", allowed),
        ] {
            assert_eq!(verdict(statement), expected, "{statement}");
        }
    }

    #[test]
    fn every_need_knows_its_states_and_what_allows_it() {
        let stack = LoadedStack::from_text("t.yaml", TEMPLATE).unwrap();
        let found = permissions(&stack);
        let [machine] = found.as_slice() else { panic!("{found:?}") };
        let told: Vec<(&str, Vec<&str>, usize)> = machine
            .needs
            .iter()
            .map(|need| {
                let states = need.states.iter().map(|(state, _)| state.as_str()).collect();
                (need.action.as_str(), states, need.allowed_by.len())
            })
            .collect();
        let expected = [("dynamodb:PutItem", vec!["A", "B"], 1), ("dynamodb:DeleteItem", vec!["C"], 0)];
        assert_eq!(told, expected);
        assert!(machine.needs[0].resource.as_deref().is_some_and(|arn| arn.ends_with(":table/stack-T")));
        let role = machine.role.as_ref().unwrap();
        assert_eq!((role.logical_id.as_str(), role.more), ("MRole", false));
        assert!(role.statements[0].covers("dynamodb:Scan"));
    }
}
