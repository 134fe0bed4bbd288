//! The words of JSONata's reference implementation for errors that the evaluator words otherwise
//! ([jsonata 2, its table of errors and signatures](https://github.com/jsonata-js/jsonata/blob/master/src/jsonata.js), November 2026).

use std::borrow::Cow;
use std::collections::BTreeSet;

use jsonata_core::ast::AstNode;

use crate::asl::program::children;

/// Messages in which nothing depends on the values.
const FIXED: [(&str, &str); 21] = [
    ("T2003", "The left side of the range operator (..) must evaluate to an integer"),
    ("T2004", "The right side of the range operator (..) must evaluate to an integer"),
    ("D3001", "Attempting to invoke string function on Infinity or NaN"),
    ("D3010", "Second argument of replace function cannot be an empty string"),
    ("D3020", "Third argument of split function must evaluate to a positive number"),
    ("D3080", "The picture string must only contain a maximum of two sub-pictures"),
    ("D3081", "The sub-picture must not contain more than one instance of the 'decimal-separator' character"),
    ("D3082", "The sub-picture must not contain more than one instance of the 'percent' character"),
    ("D3083", "The sub-picture must not contain more than one instance of the 'per-mille' character"),
    ("D3084", "The sub-picture must not contain both a 'percent' and a 'per-mille' character"),
    (
        "D3085",
        "The mantissa part of a sub-picture must contain at least one character that is either an 'optional digit character' or a member of \
         the 'decimal digit family'",
    ),
    (
        "D3086",
        "The sub-picture must not contain a passive character that is preceded by an active character and that is followed by another active \
         character",
    ),
    (
        "D3087",
        "The sub-picture must not contain a 'grouping-separator' character that appears adjacent to a 'decimal-separator' character",
    ),
    ("D3088", "The sub-picture must not contain a 'grouping-separator' at the end of the integer part"),
    ("D3089", "The sub-picture must not contain two adjacent instances of the 'grouping-separator' character"),
    (
        "D3090",
        "The integer part of the sub-picture must not contain a member of the 'decimal digit family' that is followed by an instance of the \
         'optional digit character'",
    ),
    (
        "D3091",
        "The fractional part of the sub-picture must not contain an instance of the 'optional digit character' that is followed by a member \
         of the 'decimal digit family'",
    ),
    (
        "D3092",
        "A sub-picture that contains a 'percent' or 'per-mille' character must not contain a character treated as an 'exponent-separator'",
    ),
    (
        "D3093",
        "The exponent part of the sub-picture must comprise only of one or more characters that are members of the 'decimal digit family'",
    ),
    ("D3138", "The $single() function expected exactly 1 matching result.  Instead it matched more."),
    ("D3139", "The $single() function expected exactly 1 matching result.  Instead it matched 0."),
];

/// The types of the parameters of each function, as its signature has them. Of `random`, AWS takes a seed.
const PARAMETERS: [(&str, &[&str]); 56] = [
    ("abs", &["n"]),
    ("append", &["x", "x"]),
    ("assert", &["b", "s"]),
    ("average", &["a<n>"]),
    ("base64decode", &["s"]),
    ("base64encode", &["s"]),
    ("boolean", &["x"]),
    ("ceil", &["n"]),
    ("clone", &["(oa)"]),
    ("contains", &["s", "(sf)"]),
    ("count", &["a"]),
    ("distinct", &["x"]),
    ("each", &["o", "f"]),
    ("error", &["s"]),
    ("exists", &["x"]),
    ("filter", &["a", "f"]),
    ("floor", &["n"]),
    ("formatBase", &["n", "n"]),
    ("formatInteger", &["n", "s"]),
    ("formatNumber", &["n", "s", "o"]),
    ("fromMillis", &["n", "s", "s"]),
    ("join", &["a<s>", "s"]),
    ("keys", &["x"]),
    ("length", &["s"]),
    ("lookup", &["x", "s"]),
    ("lowercase", &["s"]),
    ("map", &["a", "f"]),
    ("match", &["s", "f<s:o>", "n"]),
    ("max", &["a<n>"]),
    ("merge", &["a<o>"]),
    ("min", &["a<n>"]),
    ("not", &["x"]),
    ("number", &["(nsb)"]),
    ("pad", &["s", "n", "s"]),
    ("parseInteger", &["s", "s"]),
    ("power", &["n", "n"]),
    ("reduce", &["a", "f", "j"]),
    ("replace", &["s", "(sf)", "(sf)", "n"]),
    ("reverse", &["a"]),
    ("round", &["n", "n"]),
    ("shuffle", &["a"]),
    ("sift", &["o", "f"]),
    ("single", &["a", "f"]),
    ("sort", &["a", "f"]),
    ("split", &["s", "(sf)", "n"]),
    ("spread", &["x"]),
    ("sqrt", &["n"]),
    ("string", &["x", "b"]),
    ("substring", &["s", "n", "n"]),
    ("substringAfter", &["s", "s"]),
    ("substringBefore", &["s", "s"]),
    ("sum", &["a<n>"]),
    ("toMillis", &["s", "s"]),
    ("trim", &["s"]),
    ("type", &["x"]),
    ("uppercase", &["s"]),
];

/// A message in the reference implementation's words, where they are known. `tree` is the expression that failed.
pub(super) fn reworded<'a>(message: &'a str, tree: &AstNode) -> Cow<'a, str> {
    let Some((code, text)) = message.split_once(": ") else { return message.into() };
    if let Some((_, fixed)) = FIXED.iter().find(|(known, _)| *known == code) {
        return format!("{code}: {fixed}").into();
    }
    let reworded = match code {
        "T0410" => argument(text, tree),
        "T0412" => list_argument(text, tree),
        "T2001" | "T2002" => operator(text),
        "D3030" => between(text, "convert '", "' to number")
            .map(|value| format!("Unable to cast value to a number: {}", serde_json::Value::from(value))),
        "D3100" => text.strip_prefix("Radix must be between 2 and 36, got ").map(|radix| {
            format!("The radix of the formatBase function must be between 2 and 36.  It was given {radix}")
        }),
        _ => None,
    };
    reworded.map_or(message.into(), |text| format!("{code}: {text}").into())
}

/// `The left side of the + operator …`: the operator stands in quotes.
fn operator(text: &str) -> Option<String> {
    let operator = between(text, "side of the ", " operator must").filter(|operator| !operator.starts_with('"'))?;
    Some(text.replacen(&format!(" {operator} "), &format!(" \"{operator}\" "), 1))
}

/// An argument of another type, or one too many, or one that is missing.
fn argument(text: &str, tree: &AstNode) -> Option<String> {
    let (name, index) = if let Some(index) = between(text, "Argument ", " must be ") {
        let index: usize = index.parse().ok()?;
        let wanted = symbol(text.split_once(" must be ")?.1);
        let takes = |parameters: &[&str]| parameters.get(index - 1).is_some_and(|parameter| *parameter == wanted);
        (called(tree, &|_, parameters| takes(parameters))?, index)
    } else {
        let given: usize = text.split_once(", got ").filter(|_| text.starts_with("Argument count"))?.1.parse().ok()?;
        let name = called(tree, &|arguments, _| arguments == given)?;
        let most = PARAMETERS.iter().find(|(known, _)| *known == name)?.1.len();
        (name, given.min(most) + 1)
    };
    Some(format!("Argument {index} of function \"{name}\" does not match function signature"))
}

/// A list of something else.
fn list_argument(text: &str, tree: &AstNode) -> Option<String> {
    let index: usize = between(text, "Argument ", " must be ")?.parse().ok()?;
    let kind = symbol(text.split_once("an array of ")?.1);
    let wanted = format!("a<{kind}>");
    let takes = |parameters: &[&str]| parameters.get(index - 1).is_some_and(|parameter| *parameter == wanted);
    let name = called(tree, &|_, parameters| takes(parameters))?;
    let kind = match kind.as_str() {
        "n" => "number",
        "s" => "string",
        "o" => "object",
        _ => return None,
    };
    Some(format!("Argument {index} of function \"{name}\" must be an array of \"{kind}\""))
}

/// A type as the evaluator calls it, in the letters of signatures.
fn symbol(kind: &str) -> String {
    let letter = |kind: &str| match kind {
        "String" => "s",
        "Number" => "n",
        "Boolean" => "b",
        "Object" => "o",
        "Array" => "a",
        "Function" => "f",
        _ => "?",
    };
    match kind.strip_prefix('(').and_then(|kinds| kinds.strip_suffix(')')) {
        Some(kinds) => format!("({})", kinds.split(" or ").map(letter).collect::<String>()),
        None if kind.starts_with("Function<") => kind.replacen("Function", "f", 1),
        None => letter(kind).to_owned(),
    }
}

/// The one function that an expression calls with so many arguments and these parameters.
fn called(tree: &AstNode, fits: &dyn Fn(usize, &[&str]) -> bool) -> Option<String> {
    let mut found = BTreeSet::new();
    let mut rest = vec![tree];
    while let Some(node) = rest.pop() {
        if let AstNode::Function { name, args, .. } = node
            && let Some((_, parameters)) = PARAMETERS.iter().find(|(known, _)| known == name)
            && fits(args.len(), parameters)
        {
            found.insert(name.clone());
        }
        rest.extend(children(node));
    }
    let only = found.pop_first()?;
    found.is_empty().then_some(only)
}

fn between<'a>(text: &'a str, before: &str, after: &str) -> Option<&'a str> {
    let from = text.find(before)? + before.len();
    text[from..].find(after).map(|to| &text[from..from + to])
}

#[cfg(test)]
mod tests {
    use jsonata_core::evaluator::Evaluator;
    use jsonata_core::value::JValue;

    use super::*;

    fn said(expression: &str) -> String {
        let tree = jsonata_core::parser::parse(expression).unwrap();
        let error = Evaluator::new().evaluate(&tree, &JValue::Undefined).unwrap_err();
        reworded(error.message(), &tree).into_owned()
    }

    #[test]
    fn errors_have_the_words_of_the_reference() {
        for (expression, expected) in [
            ("$uppercase(1)", "T0410: Argument 1 of function \"uppercase\" does not match function signature"),
            ("$uppercase('a', 'b')", "T0410: Argument 2 of function \"uppercase\" does not match function signature"),
            ("$append(1)", "T0410: Argument 2 of function \"append\" does not match function signature"),
            ("$count(1, 2)", "T0410: Argument 2 of function \"count\" does not match function signature"),
            ("$contains('a', 1)", "T0410: Argument 2 of function \"contains\" does not match function signature"),
            ("$match('a', 'a')", "T0410: Argument 2 of function \"match\" does not match function signature"),
            ("$number({})", "T0410: Argument 1 of function \"number\" does not match function signature"),
            ("$map(1, 2)", "T0410: Argument 2 of function \"map\" does not match function signature"),
            ("$sum('a')", "T0412: Argument 1 of function \"sum\" must be an array of \"number\""),
            ("$join([1, 2])", "T0412: Argument 1 of function \"join\" must be an array of \"string\""),
            ("$merge(1)", "T0412: Argument 1 of function \"merge\" must be an array of \"object\""),
            ("1 + 'a'", "T2002: The right side of the \"+\" operator must evaluate to a number"),
            ("'a' * 1", "T2001: The left side of the \"*\" operator must evaluate to a number"),
            ("[1..'a']", "T2004: The right side of the range operator (..) must evaluate to an integer"),
            ("$number('x')", "D3030: Unable to cast value to a number: \"x\""),
            ("$replace('a', '', 'b')", "D3010: Second argument of replace function cannot be an empty string"),
            (
                "$formatBase(1, 99)",
                "D3100: The radix of the formatBase function must be between 2 and 36.  It was given 99",
            ),
            (
                "$single([1, 2])",
                "D3138: The $single() function expected exactly 1 matching result.  Instead it matched more.",
            ),
            ("$sqrt(-1)", "D3060: The sqrt function cannot be applied to a negative number: -1"),
        ] {
            assert_eq!(said(expression), expected, "{expression}");
        }
    }

    #[test]
    fn a_function_is_named_where_it_is_the_only_one_that_fits() {
        assert_eq!(said("$uppercase(1) & $length('a')"), "T0410: Argument 1 must be String");
        let expected = "T0410: Argument 1 of function \"abs\" does not match function signature";
        assert_eq!(said("$uppercase('a') & $abs('x')"), expected);
    }
}
