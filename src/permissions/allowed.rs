//! A statement of a policy: whom it allows what, and on which resources.

use crate::aws::{Arn, ResourceType};
use crate::loaded::{Place, stand_in};

use super::glob;

/// A statement, or a policy that stands for some.
pub(crate) struct Allowed {
    pub(crate) origin: Origin,
    /// The actions, and where they stand.
    pub(crate) actions: Vec<(String, Place)>,
    /// The resources, and where they stand; `None` for one that may be any.
    pub(crate) resources: Vec<(Option<String>, Place)>,
    /// Whether it always holds: there is no condition.
    pub(crate) always: bool,
    /// Whom it is about, where that is said: in the policies of resources, and in those that say who may take on a role.
    pub(crate) principals: Vec<Principal>,
    /// Which ARNs it holds for, by the keys of its conditions that name any; `None` for one that may be any.
    pub(crate) sources: Vec<(String, Vec<Option<String>>)>,
}

/// Whom a statement is about.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Principal {
    /// Everybody, or somebody who is only known when the stack is deployed.
    Anybody,
    /// A service: `events.amazonaws.com`.
    Service(String),
    /// The account of the stack, as far as the policies of its users and roles allow.
    Account,
    /// An account, a user or a role.
    Somebody,
}

/// How a policy was given.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Origin {
    /// As a statement of the template.
    Statement,
    /// As one of SAM's policy templates, of this name.
    Sam(String),
    /// As a policy that AWS manages.
    Managed(&'static str),
}

impl Allowed {
    /// Whether this allows an action on a resource; on any, where none is named.
    pub(crate) fn allows(&self, action: &str, resource: Option<&str>) -> bool {
        self.covers(action) && self.reaches(resource)
    }

    /// Whether this, as a statement that denies, surely does so for an action on a resource: a resource that only a deployment names is
    /// denied where every resource is.
    pub(super) fn denies(&self, action: &str, resource: Option<&str>) -> bool {
        let reaches = |pattern: &str| pattern == "*" || resource.is_some_and(|resource| pattern == resource);
        self.always
            && self.covers(action)
            && self.resources.iter().any(|(pattern, _)| pattern.as_deref().is_some_and(reaches))
    }

    /// Whether it is about a service, or may be.
    pub(super) fn speaks_of(&self, service: &str) -> bool {
        self.principals.iter().any(|principal| match principal {
            Principal::Anybody => true,
            Principal::Service(name) => is_service(name, service),
            Principal::Account | Principal::Somebody => false,
        })
    }

    /// Whether its conditions let it hold for what has this ARN.
    pub(super) fn holds_for(&self, source: &str) -> bool {
        let meets = |arn: &Option<String>| {
            let meets = |arn: &String| {
                let patterns = [arn.clone(), at_home(arn)];
                patterns.iter().any(|arn| glob::meet(arn, source) || glob::meet(arn, &deployed(source)))
            };
            arn.as_ref().is_none_or(meets)
        };
        self.sources.iter().all(|(_, arns)| arns.iter().any(meets))
    }

    pub(super) fn covers(&self, action: &str) -> bool {
        self.actions.iter().any(|(pattern, _)| glob::covers(pattern, action))
    }

    pub(super) fn reaches(&self, resource: Option<&str>) -> bool {
        let Some(resource) = resource else { return true };
        // A function's version or alias is a resource of its own.
        let qualified = format!("{resource}:*");
        let deployed = deployed(resource);
        let reached = |pattern: &str| {
            let here = at_home(pattern);
            [resource, &qualified, &deployed].iter().any(|arn| glob::meet(pattern, arn) || glob::meet(&here, arn))
        };
        self.resources.iter().any(|(pattern, _)| pattern.as_deref().is_none_or(reached))
    }
}

/// Whether a principal is a service: `states.amazonaws.com`, for one Region (`states.us-east-1.amazonaws.com`), or in China, where the
/// [names](https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_principal.html#principal-services) may end in `.cn`.
fn is_service(principal: &str, service: &str) -> bool {
    let first = |name: &'_ str| -> Option<String> {
        let name = name.strip_suffix(".cn").unwrap_or(name).strip_suffix(".amazonaws.com")?;
        name.split('.').next().map(str::to_owned)
    };
    principal == service || first(principal).is_some_and(|name| Some(name) == first(service))
}

/// The ARN as it may be when the stack is deployed, as a pattern: what the template gives no name is called by a rule of CloudFormation's,
/// and the names here are made up.
fn deployed(arn: &str) -> String {
    match ResourceType::of_arn(arn) {
        Some((kind, name, behind)) => {
            let start = arn.len() - name.len() - behind.len();
            let name = kind.generated_name(name).replace('*', &glob::NAME_PART.to_string());
            format!("{}{name}{behind}", &arn[..start])
        }
        None => arn.to_owned(),
    }
}

/// A pattern of ARNs as it is in the account and the Region that a stack is taken to be deployed in. A template that names an account, as the CDK's with an
/// `env` do, may be meant for just that one.
fn at_home(pattern: &str) -> String {
    let Some(Arn { partition, service, region, account, resource }) = Arn::read(pattern) else {
        return pattern.to_owned();
    };
    let is_account = account.len() == 12 && account.bytes().all(|byte| byte.is_ascii_digit());
    let is_region = region.bytes().any(|byte| byte.is_ascii_digit()) && !region.contains(['*', '?', '$']);
    let account = if is_account { stand_in::ACCOUNT } else { account };
    let region = if is_region { stand_in::REGION } else { region };
    let partition = if partition.starts_with("aws-") { "aws" } else { partition };
    format!("arn:{partition}:{service}:{region}:{account}:{resource}")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_service_has_a_name_for_each_region_and_one_in_china() {
        for (principal, same) in [
            ("states.amazonaws.com", true),
            ("states.eu-central-1.amazonaws.com", true),
            ("states.amazonaws.com.cn", true),
            ("states.cn-north-1.amazonaws.com.cn", true),
            ("states.amazonaws.co", false),
            ("state.amazonaws.com", false),
            ("lambda.amazonaws.com", false),
        ] {
            assert_eq!(is_service(principal, "states.amazonaws.com"), same, "{principal}");
        }
    }

    #[test]
    fn what_has_no_name_is_called_by_the_rule_of_its_type() {
        for (arn, expected) in [
            ("arn:aws:dynamodb:us-east-1:1:table/T", "arn:aws:dynamodb:us-east-1:1:table/*-T-*"),
            ("arn:aws:dynamodb:us-east-1:1:table/T/index/I", "arn:aws:dynamodb:us-east-1:1:table/*-T-*/index/I"),
            ("arn:aws:lambda:us-east-1:1:function:F", "arn:aws:lambda:us-east-1:1:function:*-F-*"),
            ("arn:aws:states:us-east-1:1:stateMachine:M", "arn:aws:states:us-east-1:1:stateMachine:M-*"),
            ("arn:aws:sqs:us-east-1:1:Q", "arn:aws:sqs:us-east-1:1:*-Q-*"),
            ("arn:aws:s3:::b/*", "arn:aws:s3:::*-b-*/*"),
        ] {
            assert_eq!(deployed(arn).replace(glob::NAME_PART, "*"), expected);
        }
    }
}
