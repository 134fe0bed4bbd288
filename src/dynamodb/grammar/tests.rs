use super::*;

/// What is said of a text: `ok`, or the message and the text that it points at.
fn said(kind: ExpressionKind, text: &str) -> String {
    match parse(kind, text) {
        Ok(_) => "ok".to_owned(),
        Err(error) => format!("{} @ `{}`", error.fault, &text[error.span.start..error.span.end]),
    }
}

#[test]
fn updates_are_read() {
    for text in [
        "SET a = :a",
        "set a=:a,b.c[0].#d = if_not_exists(b.c, :z) + :one remove e, f[3] Add n :n delete s :s",
        "SET #l = list_append(if_not_exists(#l, :empty), :new)",
        "SET a = (b + :c)",
        "SET a = b - :c",
        "REMOVE a[1], a[2]",
        "ADD #c :one",
        "SET a = list_append (:x, a)\n REMOVE b",
        "SET set = :a",
    ] {
        assert_eq!(said(ExpressionKind::Update, text), "ok", "{text}");
    }
}

#[test]
fn what_is_no_update_is_refused_in_its_place() {
    for (text, expected) in [
        ("", "The expression can not be empty; @ ``"),
        ("  ", "The expression can not be empty; @ `  `"),
        ("set a : a", "Syntax error; token: \":\", near: \"a : a\" @ `:`"),
        ("SET a = :a,", "Syntax error; token: <EOF>, near: \",\" @ ``"),
        ("SET a = :a SET b = :b", "The \"SET\" section can only be used once in an update expression; @ `SET`"),
        ("UPDATE a = :a", "Syntax error; token: \"UPDATE\", near: \"UPDATE a\" @ `UPDATE`"),
        ("SET a = :a b = :b", "Syntax error; token: \"b\", near: \":a b =\" @ `b`"),
        ("SET a == :a", "Syntax error; token: \"=\", near: \"== :a\" @ `=`"),
        ("SET a = 'x'", "Syntax error; token: \"'\", near: \"= 'x\" @ `'`"),
        ("SET a = 5", "Syntax error; token: \"5\", near: \"= 5\" @ `5`"),
        ("SET a-b = :a", "Syntax error; token: \"-\", near: \"a-b\" @ `-`"),
        ("SET a = :a + :b + :c", "Syntax error; token: \"+\", near: \":b + :c\" @ `+`"),
        ("ADD a = :a", "Syntax error; token: \"=\", near: \"a = :a\" @ `=`"),
        ("SET a = If_Not_Exists(a, :a)", "Invalid function name; function: If_Not_Exists @ `If_Not_Exists`"),
        ("SET a = size(b)", "The function is not allowed in an update expression; function: size @ `size`"),
        (
            "SET a = if_not_exists(a)",
            "Incorrect number of operands for operator or function; operator or function: if_not_exists, \
             number of operands: 1 @ `if_not_exists(a)`",
        ),
        (
            "SET a = if_not_exists(:a, b)",
            "Operator or function requires a document path; operator or function: if_not_exists @ \
             `if_not_exists(:a, b)`",
        ),
        ("SET a[x] = :a", "Syntax error; token: \"x\", near: \"[x]\" @ `x`"),
        (
            "SET a[99999999999] = :a",
            "List index is not within the allowable range; index: [99999999999] @ `99999999999`",
        ),
    ] {
        assert_eq!(said(ExpressionKind::Update, text), expected, "{text}");
    }
}

#[test]
fn conditions_are_read() {
    for text in [
        "attribute_not_exists(a) OR a < :a",
        "attribute_exists(a.b[1]) and not (contains(#c, :c) or size(d) >= :n)",
        "a BETWEEN :x AND :y AND b in (:p, :q , :r)",
        "begins_with (a, :p)",
        "attribute_type(a, :t)",
        "NOT NOT a = b",
        "(a = :a)",
        "((a = :a) AND (b = :b))",
        "(a = :a) AND ((b = :b) OR (c = :c))",
        "contains(:list, a)",
        ":a = a",
        "a = size(b)",
    ] {
        assert_eq!(said(ExpressionKind::Condition, text), "ok", "{text}");
    }
}

#[test]
fn what_is_no_condition_is_refused_in_its_place() {
    for (text, expected) in [
        ("a", "Syntax error; token: <EOF>, near: \"a\" @ ``"),
        ("a == :a", "Syntax error; token: \"=\", near: \"== :a\" @ `=`"),
        ("a != :a", "Syntax error; token: \"!\", near: \"a !=\" @ `!`"),
        ("a = :a &&", "Syntax error; token: \"&\", near: \":a &&\" @ `&`"),
        ("a = :a AND", "Syntax error; token: <EOF>, near: \"AND\" @ ``"),
        ("((a = :a))", "The expression has redundant parentheses; @ `((a = :a))`"),
        (
            "a = a",
            "The first operand must be distinct from the remaining operands for this operator or function; \
                   operator: =, first operand: [a] @ `a`",
        ),
        ("attribute_exist(a)", "Invalid function name; function: attribute_exist @ `attribute_exist`"),
        (
            "attribute_exists(:a)",
            "Operator or function requires a document path; operator or function: \
                                  attribute_exists @ `:a`",
        ),
        (
            "begins_with(a)",
            "Incorrect number of operands for operator or function; operator or function: \
                            begins_with, number of operands: 1 @ `begins_with(a)`",
        ),
        (
            "if_not_exists(a, :a)",
            "The function is not allowed in a condition expression; function: if_not_exists @ \
                                  `if_not_exists`",
        ),
        ("a BETWEEN :x, :y", "Syntax error; token: \",\", near: \":x, :y\" @ `,`"),
        ("a IN :x", "Syntax error; token: \":x\", near: \"IN :x\" @ `:x`"),
        ("(a = :a", "Syntax error; token: <EOF>, near: \":a\" @ ``"),
        ("a = contains(b, :c)", "The function is not allowed in an operand; function: contains @ `contains`"),
    ] {
        assert_eq!(said(ExpressionKind::Condition, text), expected, "{text}");
    }
}

#[test]
fn key_conditions_are_one_or_two_comparisons() {
    for (text, expected) in [
        ("a = :a", "ok"),
        ("(#a = :a) and (b between :x AND :y)", "ok"),
        ("a = :a AND begins_with(b, :b)", "ok"),
        ("a = :a OR b = :b", "Invalid operator used in KeyConditionExpression: OR @ `a`"),
        ("a <> :a", "Invalid operator used in KeyConditionExpression: <> @ `a`"),
        ("a IN (:a)", "Invalid operator used in KeyConditionExpression: IN @ `a`"),
        ("contains(a, :a)", "Invalid operator used in KeyConditionExpression: contains @ `contains(a, :a)`"),
        ("a.b = :a", "KeyConditionExpressions cannot have conditions on nested attributes @ `a.b`"),
        ("a = :a AND a > :b", "KeyConditionExpressions must only contain one condition per key @ `a`"),
        (
            "a = :a AND b = :b AND c = :c AND d = :d AND e = :e AND f = :f AND g = :g AND h = :h AND i = :i",
            "more conditions than the eight attributes that the key of an index can have @ `i`",
        ),
        ("a = :a AND b = :b AND a = :c", "KeyConditionExpressions must only contain one condition per key @ `a`"),
    ] {
        assert_eq!(said(ExpressionKind::KeyCondition, text), expected, "{text}");
    }
}

#[test]
fn key_conditions_fit_a_key() {
    let resolve = |name: &str| (name == "#h").then(|| "hash".to_owned());
    for (text, expected) in [
        ("hash = :h", ""),
        ("#h = :h AND range > :r", ""),
        ("#unknown = :h", ""),
        ("range = :r", "Query condition missed key schema element: hash"),
        ("hash > :h", "Query key condition not supported: the partition key `hash` can only be compared by ="),
        ("hash = :h AND other = :o", "`other` is not in the key that is queried"),
    ] {
        let Expression::KeyCondition(condition) = parse(ExpressionKind::KeyCondition, text).unwrap() else { panic!() };
        let faults = condition.check(&["hash"], &["range"], resolve);
        let said: Vec<String> = faults.iter().map(|(fault, _)| fault.to_string()).collect();
        assert_eq!(said.join("; "), expected, "{text}");
    }
}

#[test]
fn projections_are_paths() {
    assert_eq!(said(ExpressionKind::Projection, "a, b.c[0], #d"), "ok");
    assert_eq!(said(ExpressionKind::Projection, "a b"), "Syntax error; token: \"b\", near: \"a b\" @ `b`");
    assert_eq!(said(ExpressionKind::Projection, "*"), "Syntax error; token: \"*\", near: \"*\" @ `*`");
    assert_eq!(said(ExpressionKind::Projection, ":a"), "Syntax error; token: \":a\", near: \":a\" @ `:a`");
}

#[test]
fn names_and_values_are_declared_and_used() {
    let update = parse(ExpressionKind::Update, "SET #a = :a, b = :b").unwrap();
    let condition = parse(ExpressionKind::Condition, "#a < :c").unwrap();
    let used = [update.references(), condition.references()];
    let found = declarations(&used, Some(&["#a", "#z"]), Some(&[":a", ":b", ":y"]));
    assert_eq!(found.unused_names, ["#z"]);
    assert_eq!(found.unused_values, [":y"]);
    assert!(found.undeclared_names.is_empty());
    assert_eq!(found.undeclared_values.len(), 1);
    assert_eq!((found.undeclared_values[0].expression, found.undeclared_values[0].reference.span.start), (1, 5));
    assert_eq!(declarations(&used, None, None), Declarations::default());
}

#[test]
fn reserved_words_are_found_anywhere_in_a_path() {
    let projection = parse(ExpressionKind::Projection, "a.Name, size, #size, b[0].c").unwrap();
    let found: Vec<&str> = reserved_words(projection.references()).map(|found| found.name.as_str()).collect();
    assert_eq!(found, ["Name", "size"]);
}

#[test]
fn paths_of_an_update_do_not_overlap() {
    let resolve = |name: &str| (name == "#a").then(|| "a".to_owned());
    for (text, expected) in [
        ("SET a = :a, b = :b", ""),
        ("SET a = :a REMOVE #a", "overlap"),
        ("SET a.b = :a, ab = :b REMOVE a", "overlap"),
        ("SET a[0] = :a, a[1] = :b", ""),
        ("SET a[0] = :a, a.b = :b", "conflict"),
        ("SET #x = :a, #y = :b", ""),
    ] {
        let Expression::Update(update) = parse(ExpressionKind::Update, text).unwrap() else { panic!() };
        let found = overlaps(&update.targets(), resolve);
        let said: Vec<&str> = found.iter().map(|o| if o.conflict { "conflict" } else { "overlap" }).collect();
        assert_eq!(said.join(" "), expected, "{text}");
    }
}

#[test]
fn no_update_changes_a_key() {
    let Expression::Update(update) = parse(ExpressionKind::Update, "SET #k = :a, b = :b ADD k.x :c").unwrap() else {
        panic!()
    };
    let found = key_updates(&update, &["k"], |name| (name == "#k").then(|| "k".to_owned()));
    let paths: Vec<String> = found.iter().map(|(path, name)| format!("{path} {name}")).collect();
    assert_eq!(paths, ["[#k] k", "[k, x] k"]);
}

#[test]
fn operators_take_their_types() {
    let types = |name: &str| ValueType::parse(name.get(1..)?.trim_end_matches(char::is_numeric));
    for (kind, text, expected) in [
        (ExpressionKind::Update, "SET a = b + :N, c = list_append(c, :L), d = :S", ""),
        (ExpressionKind::Update, "SET a = b + :S", "+ S"),
        (ExpressionKind::Update, "SET a = if_not_exists(a, :S) - :N", "- S"),
        (ExpressionKind::Update, "SET a = list_append(a, :S)", "list_append S"),
        (ExpressionKind::Update, "ADD a :N, b :SS", ""),
        (ExpressionKind::Update, "ADD a :S DELETE b :N", "ADD S, DELETE N"),
        (ExpressionKind::Condition, "begins_with(a, :N) OR a < :BOOL OR a = :BOOL", "begins_with N, < BOOL"),
        (ExpressionKind::Condition, "attribute_type(a, :N) AND a IN (:M, :L)", "attribute_type N"),
        (ExpressionKind::Condition, "size(:N) > :N AND a BETWEEN :S AND :unknown", "size N"),
        (ExpressionKind::Condition, "a BETWEEN :N1 AND :N2 AND a BETWEEN :S AND :N", "BETWEEN N"),
        (ExpressionKind::KeyCondition, "a = :M", "= M"),
    ] {
        let found = operand_types(&parse(kind, text).unwrap(), types);
        let said: Vec<String> = found.iter().map(|fault| format!("{} {}", fault.operator, fault.given)).collect();
        assert_eq!(said.join(", "), expected, "{text}");
    }
}

#[test]
fn types_have_two_spellings() {
    for (text, expected) in [
        ("S", Some(ValueType::S)),
        ("SS", Some(ValueType::Ss)),
        ("Ss", Some(ValueType::Ss)),
        ("BOOL", Some(ValueType::Bool)),
        ("Bool", Some(ValueType::Bool)),
        ("NULL", Some(ValueType::Null)),
        ("Nul", Some(ValueType::Null)),
        ("s", None),
        ("sS", None),
        ("", None),
        ("é", None),
    ] {
        assert_eq!(ValueType::parse(text), expected, "{text}");
    }
}

#[test]
fn limits_hold() {
    let long = format!("SET a = :{}", "a".repeat(MAX_BYTES));
    assert!(said(ExpressionKind::Update, &long).starts_with("Expression size has exceeded"));
    let many = vec!["a=:a"; 160].join(" OR ");
    assert!(said(ExpressionKind::Condition, &many).starts_with("The expression contains too many operators"));
    for nested in ["(".repeat(MAX_BYTES), "NOT ".repeat(MAX_BYTES / 4), "size(".repeat(MAX_BYTES / 5)] {
        assert!(said(ExpressionKind::Condition, &nested).starts_with("The expression is nested more than 64 deep"));
    }
    let nested = format!("SET a = {}", "(".repeat(100));
    assert!(said(ExpressionKind::Update, &nested).starts_with("The expression is nested more than 64 deep"));
    let deep = format!("a{}", ".b".repeat(MAX_PATH_DEPTH));
    assert!(said(ExpressionKind::Projection, &deep).starts_with("The document path has too many nesting elements"));
    let wide = format!("a IN ({})", vec![":a"; MAX_IN + 1].join(","));
    assert!(said(ExpressionKind::Condition, &wide).starts_with("Incorrect number of operands"));
}
