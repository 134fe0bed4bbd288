//! Laws of event patterns: nothing makes reading or matching panic, what the typed model writes is accepted, and an index of
//! many rules answers as the rules do one by one.

use bucketbook::eventbridge::{Comparison, CompiledPattern, EventPattern, PatternNode, RuleIndex};
use proptest::prelude::*;

/// A scalar, out of few, so that patterns and events meet.
fn scalar() -> impl Strategy<Value = String> {
    prop::sample::select(vec![
        "\"a\"",
        "\"ab\"",
        "\"AB\"",
        "\"b\"",
        "\"\"",
        "\"10.0.0.1\"",
        "\"::1\"",
        "\"ß\"",
        "1",
        "1.0",
        "2",
        "-3e0",
        "1e400",
        "9007199254740993",
        "true",
        "null",
    ])
    .prop_map(str::to_owned)
}

fn operator() -> impl Strategy<Value = String> {
    prop::sample::select(vec![
        r#"{"prefix":"a"}"#,
        r#"{"prefix":""}"#,
        r#"{"suffix":"b"}"#,
        r#"{"prefix":{"equals-ignore-case":"A"}}"#,
        r#"{"suffix":{"equals-ignore-case":"B"}}"#,
        r#"{"equals-ignore-case":"aB"}"#,
        r#"{"equals-ignore-case":"ss"}"#,
        r#"{"wildcard":"*b"}"#,
        r#"{"wildcard":"a*"}"#,
        r#"{"wildcard":"*"}"#,
        r#"{"anything-but":"a"}"#,
        r#"{"anything-but":[1,2]}"#,
        r#"{"anything-but":{"prefix":["a"]}}"#,
        r#"{"numeric":["<",2]}"#,
        r#"{"numeric":[">=",-3,"<",1]}"#,
        r#"{"numeric":["=",1]}"#,
        r#"{"cidr":"10.0.0.0/24"}"#,
        r#"{"cidr":"::/0"}"#,
        r#"{"exists":true}"#,
        r#"{"exists":false}"#,
    ])
    .prop_map(str::to_owned)
}

fn key() -> impl Strategy<Value = &'static str> {
    prop::sample::select(vec!["a", "b", "c", "a.b", "", "c."])
}

fn object(value: impl Strategy<Value = String>, count: std::ops::Range<usize>) -> impl Strategy<Value = String> {
    prop::collection::vec((key(), value), count).prop_map(|fields| {
        let fields: Vec<_> = fields.into_iter().map(|(key, value)| format!("\"{key}\":{value}")).collect();
        format!("{{{}}}", fields.join(","))
    })
}

fn list(item: impl Strategy<Value = String>, count: std::ops::Range<usize>) -> impl Strategy<Value = String> {
    prop::collection::vec(item, count).prop_map(|items| format!("[{}]", items.join(",")))
}

/// The text of a pattern, nearly always a valid one.
fn pattern() -> impl Strategy<Value = String> {
    let values = list(prop_oneof![scalar(), operator()], 1..3).boxed();
    let nested = values.prop_recursive(2, 8, 3, |inner| object(inner, 1..3));
    let plain = object(nested, 1..4).boxed();
    let choice = list(plain.clone(), 2..4)
        .prop_map(|alternatives| format!("{{\"$or\":{alternatives},\"b\":[{{\"exists\":true}}]}}"));
    prop_oneof![3 => plain, 1 => choice]
}

/// The text of an event, with arrays, repeated keys and keys that hold periods.
fn event() -> impl Strategy<Value = String> {
    let value = scalar().prop_recursive(3, 16, 4, |inner| prop_oneof![object(inner.clone(), 0..4), list(inner, 0..4)]);
    object(value, 0..5)
}

/// A condition, by every constructor that there is.
fn condition() -> impl Strategy<Value = Comparison<String>> {
    let text = "[a*\\\\\"é]{0,3}";
    let texts = || prop::collection::vec("[aé\"]{0,2}", 0..3);
    prop_oneof![
        text.prop_map(Comparison::<String>::equals),
        text.prop_map(Comparison::<String>::prefix),
        text.prop_map(Comparison::<String>::suffix),
        text.prop_map(Comparison::<String>::prefix_ignoring_case),
        text.prop_map(Comparison::<String>::suffix_ignoring_case),
        text.prop_map(Comparison::<String>::equals_ignoring_case),
        any::<bool>().prop_map(Comparison::boolean),
        any::<bool>().prop_map(Comparison::exists),
        Just(Comparison::null()),
        any::<f64>().prop_filter_map("finite", |number| Comparison::number(number).ok()),
        any::<(f64, f64)>().prop_filter_map("not empty", |(low, high)| Comparison::numeric(low..high).ok()),
        any::<f64>().prop_filter_map("not empty", |low| Comparison::numeric(low..).ok()),
        any::<f64>().prop_filter_map("not empty", |high| Comparison::numeric(..=high).ok()),
        any::<f64>().prop_filter_map("finite", |number| Comparison::numeric(number..=number).ok()),
        Just(Comparison::numeric(..).unwrap()),
        text.prop_filter_map("a wildcard", |text| Comparison::wildcard(text).ok()),
        "(10\\.0\\.0\\.0|::1)/[0-9]{1,3}".prop_filter_map("a block", |block| Comparison::cidr(block).ok()),
        texts().prop_filter_map("some", |texts| Comparison::anything_but(texts).ok()),
        texts().prop_filter_map("some", |texts| Comparison::anything_but_prefix(texts).ok()),
        texts().prop_filter_map("some", |texts| Comparison::anything_but_suffix(texts).ok()),
        texts().prop_filter_map("some", |texts| Comparison::anything_but_ignoring_case(texts).ok()),
        texts().prop_filter_map("some", |texts| Comparison::anything_but_wildcard(texts).ok()),
        prop::collection::vec(-5.0..5.0, 0..3).prop_filter_map("some", |n| Comparison::anything_but_numbers(n).ok()),
    ]
}

fn typed_pattern() -> impl Strategy<Value = EventPattern<String>> {
    let leaf = prop::collection::vec(condition(), 1..4).prop_map(|conditions| PatternNode::one_of(conditions).unwrap());
    let node = leaf.prop_recursive(3, 16, 4, |inner| {
        let object = || (key(), inner.clone()).prop_map(|(name, node)| PatternNode::field(name, node));
        let choice = prop::collection::vec(object(), 2..4).prop_map(|all| PatternNode::any_of(all).unwrap());
        let beside = (object(), inner.clone()).prop_filter_map("apart", |(object, node)| object.and("z", node).ok());
        prop_oneof![object(), choice, beside]
    });
    node.prop_filter_map("an object", |node| EventPattern::try_from(node).ok())
}

proptest! {
    #![proptest_config(crate::sample::cases(400))]

    #[test]
    fn no_bytes_make_it_panic(bytes in prop::collection::vec(any::<u8>(), 0..80), event in event()) {
        let text = String::from_utf8_lossy(&bytes);
        let _ = CompiledPattern::parse(&text).map(|pattern| pattern.matches(&event));
        let _ = CompiledPattern::parse(r#"{"a":["x"]}"#).unwrap().matches(&text);
    }

    #[test]
    fn no_damage_to_a_pattern_makes_it_panic(pattern in pattern(), event in event(), at in any::<prop::sample::Index>(), with in "[\\[\\]{}\",:0-9e.a$\\\\]{0,3}") {
        let mut chars: Vec<char> = pattern.chars().collect();
        chars.splice(at.index(chars.len())..=at.index(chars.len()), with.chars());
        let _ = CompiledPattern::parse(&chars.into_iter().collect::<String>()).map(|pattern| pattern.matches(&event));
    }

    #[test]
    fn what_the_model_writes_is_accepted_and_read_back(pattern in typed_pattern()) {
        let json = serde_json::to_string(&pattern).unwrap();
        prop_assert!(CompiledPattern::parse(&json).is_ok(), "{}: {:?}", json, CompiledPattern::parse(&json));
        let again: EventPattern<String> = serde_json::from_str(&json).unwrap();
        prop_assert_eq!(serde_json::to_string(&again).unwrap(), json);
    }

    #[test]
    fn an_index_answers_as_its_rules_do(patterns in prop::collection::vec(pattern(), 0..60), events in prop::collection::vec(event(), 1..6)) {
        let patterns: Vec<_> = patterns.iter().filter_map(|text| CompiledPattern::parse(text).ok()).collect();
        let index: RuleIndex<usize> = patterns.iter().cloned().zip(0..).collect();
        for event in events {
            let each: Vec<_> = (0..patterns.len()).filter(|at| patterns[*at].matches(&event).unwrap()).collect();
            let found: Vec<_> = index.matching(&event).unwrap().into_iter().copied().collect();
            prop_assert_eq!(found, each, "{}", event);
            // An event that was read already is the same as its text, but for the keys that it had twice.
            if let Ok(value) = serde_json::from_str::<serde_json::Value>(&event) {
                prop_assert_eq!(index.matching_value(&value), index.matching(&value.to_string()), "{}", event);
            }
        }
    }
}

/// Inputs made to be slow. Each of these takes longer than anybody waits, where time grows with more than the size.
mod nothing_takes_forever {
    use super::*;

    fn matches(pattern: &str, event: &str) -> bool {
        CompiledPattern::parse(pattern).unwrap().matches(event).unwrap()
    }

    #[test]
    fn wildcards() {
        let event = format!(r#"{{"a":"{}b"}}"#, "a".repeat(100_000));
        assert!(!matches(&format!(r#"{{"a":[{{"wildcard":"{}c"}}]}}"#, "*a".repeat(200)), &event));
    }

    #[test]
    fn arrays_of_many_elements() {
        let elements = r#"{"x":1,"y":1},"#.repeat(10_000) + r#"{"x":1,"y":2}"#;
        let event = format!(r#"{{"a":[{elements}],"b":[{elements}],"c":[{elements}]}}"#);
        let field = r#"{"x":[1],"y":[2],"z":[{"exists":false}]}"#;
        assert!(matches(&format!(r#"{{"a":{field},"b":{field},"c":{field}}}"#), &event));
    }

    #[test]
    fn keys_that_are_repeated() {
        let all: String = (0..12).map(|at| format!(r#""f{at}":1,"#)).collect();
        let arrays = format!(r#""a":[{}],"#, vec![format!("{{{}}}", all.trim_end_matches(',')); 6].join(",")).repeat(8);
        let pattern: String = (0..12).map(|at| format!(r#""f{at}":[1],"#)).collect();
        let _ =
            matches(&format!(r#"{{"a":{{{}}}}}"#, pattern.trim_end_matches(',')), &format!(r#"{{{}"z":1}}"#, arrays));
    }

    #[test]
    fn nesting() {
        let deep = format!(r#"{{"a":{}1{}}}"#, "[".repeat(100_000), "]".repeat(100_000));
        assert!(CompiledPattern::parse(r#"{"a":[1]}"#).unwrap().matches(&deep).is_err());
        assert!(CompiledPattern::parse(&r#"{"a":"#.repeat(100_000)).is_err());
    }

    #[test]
    fn choices_of_choices() {
        let choices: Vec<_> = (0..30).map(|at| format!(r#""f{at}":{{"$or":[{{"a":[1]}},{{"b":[1]}}]}}"#)).collect();
        assert!(CompiledPattern::parse(&format!("{{{}}}", choices.join(","))).is_err());
    }

    /// Wildcards that share all pieces but one are told apart by that one, however short it is.
    #[test]
    fn wildcards_of_one_shape() {
        let pattern = |at| format!(r#"{{"key":[{{"wildcard":"documents/*/{at}/*.jpg"}}]}}"#);
        let rules = (0..20_000).map(|at| (CompiledPattern::parse(&pattern(at)).unwrap(), at));
        let index: RuleIndex<usize> = rules.collect();
        for at in 0..20_000 {
            let event = format!(r#"{{"key":"documents/x/{at}/y.jpg"}}"#);
            assert_eq!(index.matching(&event).unwrap(), [&at]);
        }
    }

    #[test]
    fn nested_values() {
        let deep = (0..300).fold(serde_json::json!(1), |inner, _| serde_json::json!([inner]));
        let index: RuleIndex<u8> = [(CompiledPattern::parse(r#"{"a":[1]}"#).unwrap(), 1)].into_iter().collect();
        assert!(index.matching_value(&serde_json::json!({ "a": deep })).is_err());
        assert!(index.matching_value(&serde_json::json!([])).is_err());
    }

    #[test]
    fn one_rule_many_times_over() {
        let fields: Vec<_> = (0..20).map(|at| format!(r#""f{at}":["a","b","c","d"]"#)).collect();
        let pattern = CompiledPattern::parse(&format!("{{{}}}", fields.join(","))).unwrap();
        let index: RuleIndex<usize> = std::iter::repeat_n(pattern, 200).zip(0..).collect();
        let event: Vec<_> = (0..20).map(|at| format!(r#""f{at}":["a","b"]"#)).collect();
        assert_eq!(index.matching(&format!("{{{}}}", event.join(","))).unwrap().len(), 200);
    }
}
