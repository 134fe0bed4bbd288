//! The rules: a folder a family, a file a rule.

mod api;
pub(crate) mod asl;
mod cfn;
mod ddb;
mod evt;
mod flow;
mod iam;
mod rel;

use super::rule::LintRule;

/// The families, in the order of the page, and what each is about.
pub(super) const FAMILIES: &[(&str, &str)] = &[
    ("ASL", "the language of definitions"),
    ("FLOW", "data flow"),
    ("API", "service calls"),
    ("DDB", "DynamoDB"),
    ("CFN", "resources"),
    ("EVT", "events"),
    ("IAM", "permissions"),
    ("REL", "advice"),
];

/// Every rule, in the order of the families and ids.
pub fn all() -> impl Iterator<Item = &'static LintRule> {
    let families = [asl::RULES, flow::RULES, api::RULES, ddb::RULES, cfn::RULES, evt::RULES, iam::RULES, rel::RULES];
    families.into_iter().flatten().copied()
}

/// The rule of an id, in either case.
pub fn find(id: &str) -> Option<&'static LintRule> {
    all().find(|rule| rule.id.0.eq_ignore_ascii_case(id))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ids_are_unique_and_in_order() {
        let place = |rule: &LintRule| FAMILIES.iter().position(|(family, _)| *family == rule.id.family()).unwrap();
        let ids: Vec<_> = all().map(|rule| (place(rule), rule.id.0)).collect();
        assert!(ids.windows(2).all(|pair| pair[0] < pair[1]), "{ids:?}");
        let mut names: Vec<_> = all().map(|rule| rule.name).collect();
        names.sort_unstable();
        assert!(names.windows(2).all(|pair| pair[0] != pair[1]), "{names:?}");
    }
}
