//! Any text as each kind of DynamoDB expression: faults stand within the text, and every check of what is read comes to an end.
#![no_main]

use bucketbook::dynamodb::grammar::{self, Expression, ExpressionKind, ValueType};
use libfuzzer_sys::fuzz_target;

fuzz_target!(|text: &str| {
    let resolve = |name: &str| name.strip_prefix('#').map(str::to_owned);
    for kind in ExpressionKind::ALL {
        let expression = match grammar::parse(kind, text) {
            Ok(expression) => expression,
            Err(error) => {
                assert!(text.get(error.span.start..error.span.end).is_some(), "{error:?}");
                continue;
            }
        };
        let references = expression.references();
        for reference in references.names.iter().chain(&references.values).chain(&references.attributes) {
            assert_eq!(&text[reference.span.start..reference.span.end], reference.name);
        }
        assert!(grammar::declarations(&[references], Some(&[]), Some(&[])).unused_names.is_empty());
        grammar::operand_types(&expression, |name| ValueType::ALL.get(name.len() % 10).copied());
        match &expression {
            Expression::Update(update) => {
                grammar::overlaps(&update.targets(), resolve);
                grammar::key_updates(update, &["a"], resolve);
            }
            Expression::KeyCondition(condition) => drop(condition.check(&["a"], &["b"], resolve)),
            _ => {}
        }
    }
});
