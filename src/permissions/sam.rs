//! SAM's [policy templates](https://docs.aws.amazon.com/serverless-application-model/latest/developerguide/serverless-policy-template-list.html).

use crate::loaded::{replace, stand_in};

/// The policies, reduced by `scripts/sam_policies.py`.
const POLICIES: &str = include_str!("sam_policies.txt");

/// The longest ARN that parameters may make.
const MAX_ARN: usize = 2048;

/// The actions and the resources of a statement; `None` for a resource that may be any.
pub(crate) type Statement = (Vec<&'static str>, Vec<Option<String>>);

/// The statements of the template of this name, as actions and resources. `parameter` gives the value of a parameter; where it gives
/// none, the resource may be any.
pub(crate) fn expand(name: &str, parameter: impl Fn(&str) -> Option<String>) -> Option<Vec<Statement>> {
    let mut lines = POLICIES.lines().skip_while(|line| line.split(' ').nth(1) != Some(name) || !line.starts_with("P "));
    lines.next()?;
    let statements = lines.take_while(|line| !line.starts_with("P ")).filter_map(|line| {
        let mut fields = line.split(' ').skip(1);
        let actions = fields.next()?.split(',').collect();
        Some((actions, fields.map(|resource| arn(resource, &parameter)).collect()))
    });
    Some(statements.collect())
}

/// The names of all templates.
pub(crate) fn names() -> impl Iterator<Item = &'static str> {
    POLICIES.lines().filter_map(|line| line.strip_prefix("P ")?.split(' ').next())
}

/// The parameters that the template of this name needs; `None` if there is no such template.
pub(crate) fn parameters(name: &str) -> Option<impl Iterator<Item = &'static str> + use<>> {
    let mut templates = POLICIES.lines().filter_map(|line| line.strip_prefix("P "));
    let line = templates.find(|line| line.split(' ').next() == Some(name))?;
    Some(line.split(' ').skip(1))
}

/// A resource with its parameters put in.
fn arn(resource: &str, parameter: impl Fn(&str) -> Option<String>) -> Option<String> {
    let pseudo = replace(resource, MAX_ARN, stand_in::pseudo);
    let mut rest = pseudo.as_str();
    let mut made = String::new();
    while let Some((before, behind)) = rest.split_once('{') {
        let (name, after) = behind.split_once('}')?;
        made.push_str(before.strip_suffix('$').unwrap_or(before));
        made.push_str(&parameter(name)?);
        rest = after;
    }
    made.push_str(rest);
    Some(made)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn templates_become_statements() {
        let found = expand("DynamoDBReadPolicy", |name| (name == "TableName").then(|| "Files".to_owned())).unwrap();
        let (actions, resources) = &found[0];
        assert!(actions.contains(&"dynamodb:Query"));
        assert_eq!(resources[0].as_deref(), Some("arn:aws:dynamodb:us-east-1:123456789012:table/Files"));
        let unknown = expand("DynamoDBReadPolicy", |_| None).unwrap();
        assert_eq!(unknown[0].1[0], None);
        assert!(expand("NoSuchPolicy", |_| None).is_none());
        assert!(expand("TableName", |_| None).is_none());
    }
}
