//! The words of IAM's [policy language](https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_grammar.html).

/// The [versions](https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_version.html) of the language.
pub const VERSIONS: [&str; 2] = ["2012-10-17", "2008-10-17"];

/// What an [effect](https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_effect.html) is; the case of the letters counts.
pub const EFFECTS: [&str; 2] = ["Allow", "Deny"];

/// The [elements](https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements.html) of a statement.
pub const ELEMENTS: [&str; 9] =
    ["Sid", "Effect", "Principal", "NotPrincipal", "Action", "NotAction", "Resource", "NotResource", "Condition"];

/// The [operators](https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_condition_operators.html) of conditions.
const OPERATORS: [&str; 27] = [
    "StringEquals",
    "StringNotEquals",
    "StringEqualsIgnoreCase",
    "StringNotEqualsIgnoreCase",
    "StringLike",
    "StringNotLike",
    "NumericEquals",
    "NumericNotEquals",
    "NumericLessThan",
    "NumericLessThanEquals",
    "NumericGreaterThan",
    "NumericGreaterThanEquals",
    "DateEquals",
    "DateNotEquals",
    "DateLessThan",
    "DateLessThanEquals",
    "DateGreaterThan",
    "DateGreaterThanEquals",
    "Bool",
    "BinaryEquals",
    "IpAddress",
    "NotIpAddress",
    "ArnEquals",
    "ArnLike",
    "ArnNotEquals",
    "ArnNotLike",
    "Null",
];

/// Whether a condition operator exists: one of the list, by itself or [for several
/// values](https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_condition-single-vs-multi-valued-context-keys.html). IAM does not look at the case of
/// its letters.
pub fn is_operator(name: &str) -> bool {
    let name = name.split_once(':').map_or(name, |(set, rest)| match set.to_ascii_lowercase().as_str() {
        "forallvalues" | "foranyvalue" => rest,
        _ => name,
    });
    let same = |known: &&str| known.eq_ignore_ascii_case(name);
    let end = name.len().saturating_sub("IfExists".len());
    let optional = name.get(end..).is_some_and(|ending| ending.eq_ignore_ascii_case("IfExists"));
    OPERATORS.iter().any(same)
        || optional && OPERATORS.iter().any(|known| *known != "Null" && known.eq_ignore_ascii_case(&name[..end]))
}

/// The operators without what may stand before and behind them.
pub fn operators() -> impl Iterator<Item = &'static str> {
    OPERATORS.into_iter()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn operators_are_known_with_what_stands_around_them() {
        for (name, known) in [
            ("StringEquals", true),
            ("stringequals", true),
            ("StringLikeIfExists", true),
            ("ForAllValues:StringLike", true),
            ("ForAnyValue:ArnLikeIfExists", true),
            ("Null", true),
            ("NullIfExists", false),
            ("StringEqual", false),
            ("aws:SourceArn", false),
            ("", false),
            ("é", false),
        ] {
            assert_eq!(is_operator(name), known, "{name}");
        }
    }
}
